//! Null keys, dangling keys, empty sets: the outcome is the same by every way of reading.

use relations_core::{ErrorKind, Relations, block_on};
use relations_tests::blog::{self, Comment, Post, Profile, User};
use relations_tests::{execute, relations, sent};

#[test]
fn null_foreign_keys_give_none_without_a_statement() {
    block_on(async {
        let db = blog::empty();
        execute(&db, "INSERT INTO posts (id, headline) VALUES (1, 'a'), (2, 'b')");
        let posts = Post::query().with(Post::USER).all(&db).await.unwrap();
        let log = db.record();
        for post in &posts {
            assert!(post.user.get().unwrap().is_none());
            assert!(post.user(&db).await.unwrap().is_none());
            assert!(post.reviewer(&db).await.unwrap().is_none());
        }
        posts.load(Post::REVIEWER, &db).await.unwrap();
        assert_eq!(sent(&log), 0);
    });
}

#[test]
fn null_keys_are_never_sent_and_duplicates_go_once() {
    block_on(async {
        let db = blog::db();
        let posts = Post::all(&db).await.unwrap();
        let log = db.record();
        posts[0].user(&db).await.unwrap();
        assert_eq!(relations(&log), [("Post.user".to_owned(), 3)], "1, 2 and 99: Ann has two posts");
        assert!(posts[3].user.is_loaded(), "the null key is settled by the same load");
    });
}

#[test]
fn a_dangling_key_is_none_by_lazy_single_lazy_batched_and_eager_reading() {
    block_on(async {
        let db = blog::db();
        let alone = Post::find(&db, 5).await.unwrap().unwrap();
        assert!(alone.user(&db).await.unwrap().is_none());
        let posts = Post::all(&db).await.unwrap();
        assert!(posts[4].user(&db).await.unwrap().is_none());
        let posts = Post::query().with(Post::USER).all(&db).await.unwrap();
        assert!(posts[4].user.get().unwrap().is_none());
        assert!(posts[4].user(&db).await.unwrap().is_none());
    });
}

#[test]
fn a_dangling_key_of_a_required_relation_is_not_found_for_that_row_only() {
    block_on(async {
        let db = blog::db();
        execute(&db, "INSERT INTO profiles VALUES (3, 77, 'lost')");
        let check = |error: &relations_core::Error| {
            let ErrorKind::NotFound { relation, target, key, .. } = error.kind() else {
                panic!("{error}");
            };
            assert_eq!((relation.as_str(), *target, key.as_str()), ("Profile.user", "User", "77"));
            assert_eq!(
                error.to_string(),
                "Profile.user: there is no `User` with id = 77; make the target an `Option` if it may be missing"
            );
        };
        let alone = Profile::find(&db, 3).await.unwrap().unwrap();
        check(&alone.user(&db).await.unwrap_err());
        let profiles = Profile::all(&db).await.unwrap();
        assert_eq!(profiles[0].user(&db).await.unwrap().name, "Ann");
        check(&profiles[2].user(&db).await.unwrap_err());
        let log = db.record();
        check(&profiles[2].user(&db).await.unwrap_err());
        assert_eq!(sent(&log), 0, "a row known to be missing is not looked for again");
        let profiles = Profile::query().with(Profile::USER).all(&db).await.unwrap();
        assert_eq!(profiles[1].user.get().unwrap().name, "Bob");
        check(&profiles[2].user(&db).await.unwrap_err());
        let not_loaded = profiles[2].user.get().unwrap_err();
        assert!(not_loaded.to_string().contains("there is no `User`"), "{not_loaded}");
    });
}

#[test]
fn an_absent_has_one_and_an_empty_has_many_are_remembered() {
    block_on(async {
        let db = blog::db();
        let users = User::query().with(User::PROFILE).with(User::POSTS).all(&db).await.unwrap();
        let log = db.record();
        assert!(users[2].profile(&db).await.unwrap().is_none());
        assert!(users[2].profile.get().unwrap().is_none());
        assert_eq!(users[2].posts(&db).await.unwrap().len(), 0);
        assert_eq!(users[2].posts.get().unwrap().len(), 0);
        assert_eq!(sent(&log), 0);
    });
}

#[test]
fn a_has_one_with_two_rows_is_the_one_with_the_smaller_key() {
    block_on(async {
        let db = blog::db();
        execute(&db, "INSERT INTO profiles VALUES (0, 1, 'earlier'), (9, 1, 'later')");
        let alone = User::find(&db, 1).await.unwrap().unwrap();
        let user = &User::all(&db).await.unwrap()[0];
        let eager = &User::query().with(User::PROFILE).all(&db).await.unwrap()[0];
        assert_eq!(alone.profile(&db).await.unwrap().unwrap().bio, "earlier");
        assert_eq!(user.profile(&db).await.unwrap().unwrap().bio, "earlier");
        assert_eq!(eager.profile.get().unwrap().unwrap().bio, "earlier");
    });
}

#[test]
fn no_rows_load_no_relations() {
    block_on(async {
        let db = blog::empty();
        let log = db.record();
        let users = User::query().with(User::POSTS.with(Post::COMMENTS)).all(&db).await.unwrap();
        assert!(users.is_empty());
        assert_eq!(sent(&log), 1);
        assert!(User::query().with(User::POSTS).one(&db).await.unwrap().is_none());
        assert_eq!(sent(&log), 2);
    });
}

#[test]
fn a_relation_query_of_a_null_key_has_no_rows() {
    block_on(async {
        let db = blog::db();
        let post = Post::find(&db, 4).await.unwrap().unwrap();
        let log = db.record();
        assert!(post.user_query().all(&db).await.unwrap().is_empty());
        assert!(post.user_query().one(&db).await.unwrap().is_none());
        assert_eq!(post.user_query().count(&db).await.unwrap(), 0);
        assert!(!post.user_query().exists(&db).await.unwrap());
        assert_eq!(sent(&log), 0);
    });
}

#[test]
fn null_and_dangling_keys_in_one_batch_are_both_none() {
    block_on(async {
        let db = blog::db();
        let comments = Comment::all(&db).await.unwrap();
        let log = db.record();
        let mut names = Vec::new();
        for comment in &comments {
            names.push(comment.user(&db).await.unwrap().map(|user| user.name.clone()));
        }
        let name = |name: &str| Some(name.to_owned());
        assert_eq!(names, [name("Bob"), name("Cid"), name("Ann"), None, None]);
        assert_eq!(sent(&log), 1);
    });
}
