//! Eager loading: how many statements. One for the rows, one for each edge of the tree.

use crate::blog::{self, Comment, Post, Profile, User};
use crate::{Db, Limits, TestSource, block_on, database_with, execute, relations, sent};
use relations_core::Relations;

#[test]
fn one_statement_for_each_edge_and_none_on_access() {
    block_on(async {
        let db = blog::db();
        let log = db.record();
        let count = |n: usize| {
            assert_eq!(sent(&log), n);
            log.clear();
        };
        User::query().with(User::POSTS).all(&db).await.unwrap();
        count(2);
        Post::query().with(Post::USER).all(&db).await.unwrap();
        count(2);
        User::query().with(User::POSTS).with(User::PROFILE).all(&db).await.unwrap();
        count(3);
        Profile::query().with(Profile::USER.with(User::POSTS)).all(&db).await.unwrap();
        count(3);
        let users = User::query().with(User::POSTS.with(Post::COMMENTS.with(Comment::USER))).all(&db).await.unwrap();
        for user in &users {
            for post in user.posts(&db).await.unwrap().iter() {
                for comment in post.comments(&db).await.unwrap().iter() {
                    comment.user(&db).await.unwrap();
                    assert_eq!(comment.post(&db).await.unwrap().id, post.id);
                }
                assert_eq!(post.user(&db).await.unwrap().unwrap().id, user.id);
            }
        }
        count(4);
    });
}

#[test]
fn counting_and_looking_into_a_loaded_list_sends_nothing() {
    block_on(async {
        let db = blog::db();
        let users = User::query().with(User::POSTS).all(&db).await.unwrap();
        let log = db.record();
        let posts = users[0].posts.get().unwrap();
        assert_eq!(posts.len(), 2);
        assert!(!posts.is_empty());
        assert!(posts.iter().any(|post| post.title == "two"));
        assert_eq!(sent(&log), 0);
        assert_eq!(users[0].posts_query().count(&db).await.unwrap(), 2);
        assert_eq!(sent(&log), 1, "a query asks the database each time");
    });
}

#[test]
fn two_branches_over_two_relations_to_one_target_are_separate_edges() {
    block_on(async {
        let db = blog::db();
        let log = db.record();
        User::query()
            .with(User::POSTS.with(Post::COMMENTS))
            .with(User::REVIEWS.with(Post::COMMENTS))
            .all(&db)
            .await
            .unwrap();
        assert_eq!(sent(&log), 5);
    });
}

#[test]
fn siblings_transfer_no_cross_product() {
    block_on(async {
        let db = blog::empty();
        execute(
            &db,
            "INSERT INTO users VALUES (1, 'Ann');
             INSERT INTO posts
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i, 1, NULL, 'p', 0 FROM n;
             INSERT INTO comments
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i, 1, 1, 'c' FROM n;",
        );
        let log = db.record();
        User::query().with(User::POSTS).with(User::COMMENTS).all(&db).await.unwrap();
        let rows: usize = log.statements()[1..].iter().map(|statement| statement.rows).sum();
        assert_eq!(rows, 20);
    });
}

#[test]
fn more_keys_than_one_statement_may_take_go_in_several() {
    block_on(async {
        let db = database_with(Limits::keys(47), blog::SCHEMA, "");
        execute(
            &db,
            "INSERT INTO users
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) SELECT i, 'u' FROM n;
             INSERT INTO posts (user_id, headline) SELECT id, 'p' || id FROM users;",
        );
        let log = db.record();
        let users = User::query().order_by(User::ID.desc()).with(User::POSTS).all(&db).await.unwrap();
        let keys: Vec<_> = log.statements().iter().map(|statement| statement.keys).collect();
        assert_eq!(keys, [0, 47, 47, 6]);
        assert!(users.iter().all(|user| user.posts.get().unwrap()[0].title == format!("p{}", user.id)));
        assert_eq!(users[0].id, 100);
    });
}

#[test]
fn one_owner_alone_loads_by_a_plain_comparison() {
    block_on(async {
        let db = blog::db();
        let user = User::find(&db, 1).await.unwrap().unwrap();
        let log = db.record();
        user.posts(&db).await.unwrap();
        assert_eq!(relations(&log), [("User.posts".to_owned(), 1)]);
        let sql = log.statements()[0].sql.replace(['"', '`'], "");
        let (_, condition) = sql.split_once(" WHERE ").unwrap();
        assert!(["?1", "$1", "?"].iter().any(|value| condition == format!("posts.user_id = ({value})")), "{sql}");
    });
}

#[test]
fn the_text_of_a_statement_does_not_depend_on_the_number_of_keys() {
    block_on(async {
        let db = blog::empty();
        execute(
            &db,
            "INSERT INTO users
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) SELECT i, 'u' FROM n",
        );
        let log = db.record();
        for rows in 2..300 {
            User::query().limit(rows).with(User::POSTS).with(User::PROFILE).all(&db).await.unwrap();
        }
        let texts: std::collections::HashSet<_> = log.statements().into_iter().map(|s| s.sql).collect();
        // Of the users, and of lists of their keys: padded, lists of 2 to 299 are of 2, 4 .. 512 keys.
        let lists = if <Db as TestSource>::ONE_TEXT { 1 } else { 9 };
        assert_eq!(texts.len(), 1 + 2 * lists);
    });
}

#[test]
fn orders_and_limits_hold_when_the_keys_go_in_several_statements() {
    block_on(async {
        let db = database_with(Limits::keys(2), blog::SCHEMA, "");
        execute(
            &db,
            "INSERT INTO users VALUES (1, 'e'), (2, 'd'), (3, 'c'), (4, 'b'), (5, 'a');
             INSERT INTO posts
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30) SELECT i, 1 + i % 5, NULL, 'p', i * 7 % 30 FROM n;",
        );
        let by_score = || User::POSTS.order_by(Post::SCORE.desc());
        let log = db.record();
        let users = User::query().order_by(User::NAME.asc()).with(by_score()).all(&db).await.unwrap();
        assert_eq!(sent(&log), 1 + 3);
        assert_eq!(users.iter().map(|user| user.id).collect::<Vec<_>>(), [5, 4, 3, 2, 1]);
        let ids = |posts: &[Post]| posts.iter().map(|post| post.id).collect::<Vec<_>>();
        for user in users.refs() {
            let mut expected: Vec<i64> = (1..=30).filter(|id| 1 + id % 5 == user.id).collect();
            expected.sort_by_key(|id| -(id * 7 % 30));
            assert_eq!(ids(user.posts.get().unwrap()), expected);
            user.posts.clear();
            user.load(by_score(), &db).await.unwrap();
            assert_eq!(ids(user.posts.get().unwrap()), expected);
        }
        users.load(by_score().offset(1).limit(2), &db).await.unwrap();
        for user in &users {
            assert_eq!(user.posts.get_partial().unwrap()[..], user.posts.get().unwrap()[1..3]);
        }
    });
}
