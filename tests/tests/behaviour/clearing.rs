//! What a field holds, and forgetting it.

use crate::blog::{self, Post, User};
use crate::{block_on, execute, sent};
use relations_core::{Many, Relations};

#[test]
fn an_unloaded_field_says_its_model_its_relation_and_what_to_call() {
    block_on(async {
        let db = blog::db();
        let user = User::find(&db, 1).await.unwrap().unwrap();
        let not_loaded = user.posts.get().unwrap_err();
        assert_eq!(not_loaded.model(), Some("User"));
        assert_eq!(not_loaded.relation(), Some("posts"));
        assert_eq!(
            not_loaded.to_string(),
            "User.posts is not loaded; call `.posts(&db).await`, or load it with `.with(User::POSTS)`"
        );
        let post = Post::find(&db, 1).await.unwrap().unwrap();
        assert!(post.user.get().unwrap_err().to_string().starts_with("Post.user is not loaded"));
        assert_eq!(user.clone().posts.get().unwrap_err().relation(), Some("posts"), "a copy knows it too");
    });
}

#[test]
fn a_field_of_a_row_that_no_source_has_read_says_so() {
    let user = User {
        id: 7,
        name: "new".to_owned(),
        profile: Default::default(),
        posts: Default::default(),
        reviews: Default::default(),
        comments: Default::default(),
    };
    let not_loaded = user.posts.get().unwrap_err();
    assert_eq!(not_loaded.to_string(), "the relation is not loaded, and its row was not read from a source");
}

#[test]
fn a_row_that_no_source_has_read_reads_its_relations() {
    block_on(async {
        let db = blog::db();
        let user = User {
            id: 1,
            name: "made by hand".to_owned(),
            profile: Default::default(),
            posts: Default::default(),
            reviews: Default::default(),
            comments: Default::default(),
        };
        assert_eq!(user.posts(&db).await.unwrap().len(), 2);
    });
}

#[test]
fn a_second_read_sends_nothing_and_sees_nothing_new_until_cleared() {
    block_on(async {
        let db = blog::db();
        let user = User::find(&db, 1).await.unwrap().unwrap();
        let log = db.record();
        for _ in 0..5 {
            assert_eq!(user.posts(&db).await.unwrap().len(), 2);
        }
        execute(&db, "INSERT INTO posts (id, user_id, headline) VALUES (10, 1, 'new')");
        assert_eq!(user.posts(&db).await.unwrap().len(), 2);
        assert_eq!(sent(&log), 1);
        let before = user.posts.get().unwrap();
        user.posts.clear();
        assert!(!user.posts.is_loaded());
        assert!(user.posts.get().is_err());
        assert_eq!(user.posts(&db).await.unwrap().len(), 3);
        assert_eq!(sent(&log), 2);
        assert_eq!(before.len(), 2, "what was handed out stays as it was");
    });
}

#[test]
fn clearing_one_relation_leaves_the_others_and_the_other_rows() {
    block_on(async {
        let db = blog::db();
        let users = User::query().with(User::POSTS).with(User::PROFILE).all(&db).await.unwrap();
        users[0].posts.clear();
        assert!(users[0].profile.is_loaded());
        assert!(users[1].posts.is_loaded());
        users[1].clear_relations();
        assert!(!users[1].posts.is_loaded() && !users[1].profile.is_loaded());
        assert!(users[0].profile.is_loaded());
        let log = db.record();
        assert_eq!(users[0].posts(&db).await.unwrap().len(), 2);
        assert_eq!(log.statements()[0].keys, 2, "both cleared rows in one statement, the third is still loaded");
    });
}

#[test]
fn clearing_a_fresh_row_does_nothing() {
    block_on(async {
        let db = blog::db();
        let user = User::find(&db, 1).await.unwrap().unwrap();
        user.posts.clear();
        user.clear_relations();
        assert_eq!(user.posts(&db).await.unwrap().len(), 2);
    });
}

#[test]
fn a_field_cleared_100_000_times_still_reads_and_drops() {
    block_on(async {
        let db = blog::db();
        let user = User::find(&db, 3).await.unwrap().unwrap();
        for _ in 0..100_000 {
            assert!(user.posts(&db).await.unwrap().is_empty());
            user.posts.clear();
        }
        assert!(user.posts(&db).await.unwrap().is_empty());
    });
}

#[test]
fn a_copy_keeps_what_is_loaded_and_is_cleared_by_itself() {
    block_on(async {
        let db = blog::db();
        let user = User::query().with(User::POSTS).one(&db).await.unwrap().unwrap();
        let copy = (*user).clone();
        assert_eq!(copy.posts.get().unwrap().len(), 2);
        copy.clear_relations();
        assert!(user.posts.is_loaded() && !copy.posts.is_loaded());
    });
}

#[test]
#[expect(clippy::mutable_key_type, reason = "hashing leaves relation fields out")]
fn relation_fields_are_neutral_in_comparison_and_hashing() {
    use std::collections::HashSet;
    block_on(async {
        let db = blog::db();
        let loaded = User::query().with(User::POSTS).one(&db).await.unwrap().unwrap();
        let plain = User::find(&db, 1).await.unwrap().unwrap();
        assert_eq!(loaded, plain);
        let set: HashSet<User> = [(*loaded).clone(), (*plain).clone()].into();
        assert_eq!(set.len(), 1);
    });
}

#[test]
fn fields_print_their_state() {
    block_on(async {
        let db = blog::db();
        let user = User::query().with(User::POSTS).with(User::PROFILE).one(&db).await.unwrap().unwrap();
        let text = format!("{user:?}");
        assert!(text.contains("posts: HasMany(2 rows)"), "{text}");
        assert!(text.contains("profile: HasOne(loaded)"), "{text}");
        assert!(text.contains("reviews: HasMany(not loaded)"), "{text}");
    });
}

#[test]
fn nothing_leaks_from_one_query_to_another() {
    block_on(async {
        let db = blog::db();
        let first = User::query().with(User::POSTS).all(&db).await.unwrap();
        let second = User::all(&db).await.unwrap();
        assert!(first[0].posts.is_loaded() && !second[0].posts.is_loaded());
        drop(first);
        let third = User::all(&db).await.unwrap();
        assert!(third.iter().all(|user| !user.posts.is_loaded()), "memory that is used again starts empty");
    });
}

#[test]
fn a_changed_foreign_key_reads_the_new_target() {
    block_on(async {
        let db = blog::db();
        let posts = Post::query().with(Post::USER).all(&db).await.unwrap();
        let name = async |post: &Post| post.user(&db).await.unwrap().map(|user| user.name.clone());
        let mut post = posts[0].clone();
        assert_eq!(name(&post).await.as_deref(), Some("Ann"));
        for (key, expected) in
            [(Some(2), Some("Bob")), (None, None), (Some(3), Some("Cid")), (Some(77), None), (Some(1), Some("Ann"))]
        {
            post.user_id = key;
            assert_eq!(name(&post).await.as_deref(), expected, "{key:?}");
            let log = db.record();
            assert_eq!(name(&post).await.as_deref(), expected, "{key:?}");
            assert_eq!(sent(&log), 0);
        }
        assert_eq!(name(&posts[0]).await.as_deref(), Some("Ann"), "the row it was copied from is as it was");
    });
}

#[test]
fn a_changed_key_reads_the_new_lists() {
    block_on(async {
        let db = blog::db();
        let mut user = User::query().with(User::POSTS).one(&db).await.unwrap().map(|user| (*user).clone()).unwrap();
        user.id = 2;
        assert_eq!(user.posts(&db).await.unwrap()[0].id, 3);
    });
}

#[test]
fn cleared_and_loaded_again_the_rows_are_new_and_lead_nowhere_yet() {
    block_on(async {
        let db = blog::db();
        let users = User::query().with(User::POSTS.with(Post::COMMENTS)).all(&db).await.unwrap();
        execute(&db, "UPDATE posts SET headline = 'changed'");
        let log = db.record();
        users.load(User::POSTS, &db).await.unwrap();
        assert_eq!((users[0].posts.get().unwrap()[0].title.as_str(), sent(&log)), ("one", 0));
        users.iter().for_each(User::clear_relations);
        users.load(User::POSTS, &db).await.unwrap();
        let post = &users[0].posts.get().unwrap()[0];
        assert_eq!((post.title.as_str(), sent(&log)), ("changed", 1));
        assert!(!post.comments.is_loaded());
    });
}

#[test]
fn a_new_query_sees_the_new_state_and_older_rows_keep_theirs() {
    block_on(async {
        let db = blog::db();
        let query = async || User::query().with(User::POSTS).all(&db).await.unwrap();
        let titles = |users: &Many<User>| {
            let posts = users.iter().flat_map(|user| user.posts.get().unwrap().iter());
            posts.map(|post| post.title.clone()).collect::<Vec<_>>()
        };
        let (first, second) = (query().await, query().await);
        assert_eq!(titles(&first), ["one", "two", "three"]);
        execute(
            &db,
            "INSERT INTO posts (user_id, headline) VALUES (3, 'new'); UPDATE posts SET headline = 'II' WHERE id = 2",
        );
        assert_eq!(titles(&query().await), ["one", "II", "three", "new"]);
        for older in [&first, &second] {
            assert_eq!(titles(older), ["one", "two", "three"]);
            assert!(older[2].posts(&db).await.unwrap().is_empty());
        }
    });
}
