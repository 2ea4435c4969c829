//! Parts: loads under a filter or a limit, beside one another and beside the whole.

use crate::block_on;
use crate::blog::{self, Post, User};
use crate::sent;
use relations_core::{Many, Relations};

fn ids(posts: &[Post]) -> Vec<i64> {
    posts.iter().map(|post| post.id).collect()
}

#[test]
fn filters_given_one_after_the_other_all_apply() {
    block_on(async {
        let db = blog::db();
        let posts = Post::query().filter(Post::SCORE.gt(10)).filter(Post::SCORE.lt(40)).all(&db).await.unwrap();
        assert_eq!(ids(&posts), [2, 3]);
        let narrow = User::POSTS.filter(Post::SCORE.gt(10)).filter(Post::SCORE.lt(30));
        let users = User::query().with(narrow).all(&db).await.unwrap();
        let posts: Vec<_> = users.iter().map(|user| ids(user.posts.get_partial().unwrap())).collect();
        assert_eq!(posts, [vec![2], vec![], vec![]]);
    });
}

#[test]
fn queries_under_different_filters_do_not_disturb_one_another() {
    block_on(async {
        let db = blog::db();
        let of_ann = async |score: i64| {
            let user = User::query().with(User::POSTS.filter(Post::SCORE.gt(score))).one(&db).await.unwrap().unwrap();
            ids(user.posts.get_partial().unwrap())
        };
        assert_eq!(of_ann(0).await, [1, 2]);
        assert_eq!(of_ann(10).await, [2]);
        assert!(of_ann(99).await.is_empty());
        let whole = User::query().with(User::POSTS).one(&db).await.unwrap().unwrap();
        assert_eq!(ids(whole.posts.get().unwrap()), [1, 2]);
        assert_eq!(of_ann(0).await, [1, 2]);
    });
}

#[test]
fn of_two_parts_the_later_one_is_looked_at() {
    block_on(async {
        let db = blog::db();
        let users = User::all(&db).await.unwrap();
        let log = db.record();
        for (score, expected) in [(10, vec![2]), (0, vec![1, 2]), (99, vec![])] {
            users.load(User::POSTS.filter(Post::SCORE.gt(score)), &db).await.unwrap();
            assert_eq!(ids(users[0].posts.get_partial().unwrap()), expected);
            assert!(users[0].posts.get().unwrap_err().is_partial());
        }
        assert_eq!(sent(&log), 3);
    });
}

#[test]
fn the_whole_and_a_part_stand_side_by_side_at_a_statement_each() {
    block_on(async {
        let db = blog::db();
        let log = db.record();
        let users = User::query().with(User::POSTS).all(&db).await.unwrap();
        users.load(User::POSTS.filter(Post::SCORE.gt(10)), &db).await.unwrap();
        assert_eq!(sent(&log), 3);
        for (user, (whole, part)) in users.iter().zip([(vec![1, 2], vec![2]), (vec![3], vec![3]), (vec![], vec![])]) {
            assert_eq!(ids(user.posts.get().unwrap()), whole);
            assert_eq!(ids(user.posts.get_partial().unwrap()), part);
            assert_eq!(ids(&user.posts(&db).await.unwrap()), whole);
        }
        assert_eq!(sent(&log), 3);
    });
}

#[test]
fn rows_of_a_part_know_the_way_back() {
    block_on(async {
        let db = blog::db();
        let users = User::query().with(User::POSTS.limit(1)).all(&db).await.unwrap();
        let log = db.record();
        for user in users.refs() {
            for post in user.posts.get_partial().unwrap() {
                assert!(post.user(&db).await.unwrap().unwrap().ptr_eq(&user));
            }
        }
        assert_eq!(sent(&log), 0);
    });
}

#[test]
fn loading_onto_an_empty_list_sends_nothing() {
    block_on(async {
        let db = blog::db();
        let log = db.record();
        let none = Many::<User>::default();
        none.load((User::POSTS.with(Post::COMMENTS), User::PROFILE), &db).await.unwrap();
        none.load(User::POSTS.filter(Post::SCORE.gt(10)).limit(2), &db).await.unwrap();
        assert_eq!(sent(&log), 0);
    });
}

#[test]
fn a_filter_leaves_the_relations_beside_it_whole() {
    block_on(async {
        let db = blog::db();
        let narrowed = User::POSTS.filter(Post::SCORE.gt(10));
        let users = User::query().with(User::PROFILE).with(narrowed).with(User::REVIEWS).all(&db).await.unwrap();
        let log = db.record();
        assert_eq!(users[0].profile.get().unwrap().unwrap().bio, "writes");
        assert_eq!(ids(users[0].posts.get_partial().unwrap()), [2]);
        assert!(users.iter().all(|user| user.posts.get().unwrap_err().is_partial()));
        assert_eq!(ids(users[0].reviews.get().unwrap()), [3]);
        assert_eq!(ids(users[1].reviews.get().unwrap()), [1]);
        assert_eq!(sent(&log), 0);
    });
}
