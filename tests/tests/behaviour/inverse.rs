//! Inverses: the way back is filled while the way there is loaded, without a statement and without a cycle.

use crate::block_on;
use crate::blog::{self, Comment, Post, Profile, User};
use crate::sent;
use relations_core::{BelongsTo, HasOne, Relations};

#[test]
fn loading_children_fills_their_parent_with_the_same_row() {
    block_on(async {
        let db = blog::db();
        let users = User::query().with(User::POSTS).all(&db).await.unwrap();
        let log = db.record();
        for at in 0..users.len() {
            let user = users.get_ref(at).unwrap();
            for post in user.posts.get().unwrap() {
                assert!(post.user.is_loaded());
                assert!(post.user(&db).await.unwrap().unwrap().ptr_eq(&user));
                assert_eq!(post.user.get().unwrap().unwrap().to_ref().id, user.id);
            }
        }
        assert_eq!(sent(&log), 0);
    });
}

#[test]
fn an_inverse_declared_on_the_other_side_only_fills_too() {
    block_on(async {
        let db = blog::db();
        let post = Post::query().with(Post::COMMENTS).one(&db).await.unwrap().unwrap();
        let log = db.record();
        for comment in post.comments.get().unwrap() {
            assert!(comment.post(&db).await.unwrap().ptr_eq(&post));
        }
        assert_eq!(sent(&log), 0);
    });
}

#[test]
fn the_row_of_a_one_to_one_relation_that_has_the_foreign_key_knows_its_owner() {
    block_on(async {
        let db = blog::db();
        let users = User::query().with(User::PROFILE).all(&db).await.unwrap();
        let profiles = Profile::query().with(Profile::USER).all(&db).await.unwrap();
        let log = db.record();
        let profile = users[0].profile(&db).await.unwrap().unwrap();
        assert!(profile.user(&db).await.unwrap().ptr_eq(&users.get_ref(0).unwrap()));
        assert_eq!(sent(&log), 0);
        let user = profiles[1].user(&db).await.unwrap();
        assert!(!user.profile.is_loaded(), "there may be another profile");
        assert_eq!(user.profile(&db).await.unwrap().unwrap().id, profiles[1].id);
        assert_eq!(sent(&log), 1);
    });
}

#[test]
fn a_parent_does_not_take_one_child_for_all_its_children() {
    block_on(async {
        let db = blog::db();
        let post = Post::find(&db, 1).await.unwrap().unwrap();
        let user = post.user(&db).await.unwrap().unwrap();
        assert!(!user.posts.is_loaded());
        assert_eq!(user.posts(&db).await.unwrap().len(), 2);
    });
}

#[test]
fn a_relation_without_a_declared_inverse_fills_nothing() {
    block_on(async {
        let db = blog::db();
        let posts = Post::query().with(Post::USER).all(&db).await.unwrap();
        let user = posts[0].user.get().unwrap().unwrap().to_ref();
        assert!(!user.reviews.is_loaded() && !user.posts.is_loaded());
        let users = User::query().with(User::REVIEWS).all(&db).await.unwrap();
        let review = &users[1].reviews.get().unwrap()[0];
        assert!(review.reviewer.is_loaded());
        assert!(!review.user.is_loaded(), "only the relation named as inverse is filled");
    });
}

#[test]
fn a_way_back_that_is_gone_is_read_again() {
    block_on(async {
        let db = blog::db();
        let posts = {
            let user = User::find(&db, 1).await.unwrap().unwrap();
            user.posts(&db).await.unwrap()
        };
        assert!(!posts[0].user.is_loaded(), "the user was dropped, and its posts do not keep it alive");
        assert_eq!(posts[0].user.get().unwrap_err().relation(), Some("user"));
        let log = db.record();
        assert_eq!(posts[0].user(&db).await.unwrap().unwrap().name, "Ann");
        assert_eq!(posts[1].user(&db).await.unwrap().unwrap().name, "Ann");
        assert_eq!(posts[1].user.get().unwrap().unwrap().name, "Ann");
        assert_eq!(sent(&log), 1);
    });
}

#[test]
fn descriptors_name_the_inverse_on_both_sides() {
    let inverse = |model: &relations_core::ModelDescriptor, name| model.relation(name).unwrap().inverse;
    assert_eq!(inverse(User::descriptor(), "posts"), Some("user"));
    assert_eq!(inverse(Post::descriptor(), "user"), Some("posts"));
    assert_eq!(inverse(Post::descriptor(), "reviewer"), Some("reviews"));
    assert_eq!(inverse(Post::descriptor(), "comments"), Some("post"));
    assert_eq!(inverse(Comment::descriptor(), "post"), Some("comments"));
}

/// A user with the best of the posts.
#[derive(Debug, Relations)]
#[relations(table = "users")]
struct Author {
    #[relations(key)]
    id: i64,
    #[has_one(foreign_key = user_id, order_by(score desc), inverse = author)]
    best: HasOne<Option<Work>>,
}

#[derive(Debug, Relations)]
#[relations(table = "posts")]
struct Work {
    #[relations(key)]
    id: i64,
    user_id: Option<i64>,
    score: i64,
    #[belongs_to(foreign_key = user_id)]
    author: BelongsTo<Option<Author>>,
}

#[test]
fn a_target_that_is_chosen_by_an_order_is_not_guessed_from_the_way_back() {
    block_on(async {
        let db = blog::db();
        let work = Work::find(&db, 1).await.unwrap().unwrap();
        let author = work.author(&db).await.unwrap().unwrap();
        assert!(!author.best.is_loaded());
        let best = author.best(&db).await.unwrap().unwrap();
        assert_eq!((best.id, best.score), (2, 20));
        let log = db.record();
        assert_eq!(best.author(&db).await.unwrap().unwrap().id, author.id);
        assert_eq!(sent(&log), 0, "there is one way back from the chosen one");
    });
}

#[test]
fn a_changed_foreign_key_wins_over_the_way_back() {
    block_on(async {
        let db = blog::db();
        let users = User::query().with(User::POSTS).all(&db).await.unwrap();
        let mut post = users[0].posts.get().unwrap()[0].clone();
        assert_eq!(post.user(&db).await.unwrap().unwrap().name, "Ann");
        post.user_id = Some(2);
        assert_eq!(post.user(&db).await.unwrap().unwrap().name, "Bob");
        post.user_id = None;
        assert!(post.user(&db).await.unwrap().is_none());
    });
}
