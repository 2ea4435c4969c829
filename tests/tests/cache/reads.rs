//! The shared cache: what is read again sends nothing, and what is written is read anew.

use relations_core::{Relations, block_on};
use relations_tests::blog::{self, Post, User};
use relations_tests::{execute, sent};

use crate::cached;

#[test]
fn what_another_row_has_read_is_not_read_again() {
    block_on(async {
        let db = cached(blog::db());
        let log = db.source().record();
        let ann = User::find(&db, 1).await.unwrap().unwrap();
        assert_eq!(ann.posts(&db).await.unwrap().len(), 2);
        assert_eq!(sent(&log), 2);
        let ann = User::find(&db, 1).await.unwrap().unwrap();
        assert_eq!(ann.posts(&db).await.unwrap()[1].title, "two");
        assert_eq!(sent(&log), 3);
    });
}

#[test]
fn a_batch_loads_only_the_keys_that_are_not_cached() {
    block_on(async {
        let db = cached(blog::db());
        let log = db.source().record();
        let ann = User::find(&db, 1).await.unwrap().unwrap();
        ann.posts(&db).await.unwrap();
        let users = User::all(&db).await.unwrap();
        log.clear();
        let counts = [2, 1, 0];
        for (user, count) in users.iter().zip(counts) {
            assert_eq!(user.posts(&db).await.unwrap().len(), count);
        }
        assert_eq!(log.statements().iter().map(|statement| statement.keys).collect::<Vec<_>>(), [2]);
    });
}

#[test]
fn a_moved_row_is_read_anew_from_both_lists() {
    block_on(async {
        let db = cached(blog::db());
        let users = User::all(&db).await.unwrap();
        users[0].posts(&db).await.unwrap();
        let before = Post::find(&db, 1).await.unwrap().unwrap();
        execute(db.source(), "UPDATE posts SET user_id = 3 WHERE id = 1");
        let after = Post::find(&db, 1).await.unwrap().unwrap();
        db.cache().moved(&before, &after);
        let users = User::all(&db).await.unwrap();
        let mut counts = Vec::new();
        for user in &users {
            counts.push(user.posts(&db).await.unwrap().len());
        }
        assert_eq!(counts, [1, 1, 1]);
    });
}

#[test]
fn clearing_a_field_reads_from_the_database_again() {
    block_on(async {
        let db = cached(blog::db());
        let ann = User::find(&db, 1).await.unwrap().unwrap();
        ann.posts(&db).await.unwrap();
        execute(db.source(), "INSERT INTO posts (user_id, headline) VALUES (1, 'six')");
        let again = User::find(&db, 1).await.unwrap().unwrap();
        assert_eq!(again.posts(&db).await.unwrap().len(), 2);
        again.posts.clear();
        assert_eq!(again.posts(&db).await.unwrap().len(), 3);
        let again = User::find(&db, 1).await.unwrap().unwrap();
        assert_eq!(again.posts(&db).await.unwrap().len(), 3);
    });
}
