//! Transactions: they read past the cache, and what they write is told to it at their commit.

use std::pin::pin;
use std::task::{Context, Waker};

use relations_core::{CacheConfig, Db, Relations, Sqlite, block_on};
use relations_tests::blog::{self, Post, User};
use relations_tests::sent;
use tempfile::TempDir;

/// The blog in a file, with a cache of everything: readers do not wait for the writer.
fn file() -> (Db<Sqlite>, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = Sqlite::open(folder.path().join("blog.db")).unwrap();
    block_on(sqlite.connection(|c| c.execute_batch(blog::SCHEMA))).unwrap();
    block_on(sqlite.connection(|c| c.execute_batch(blog::ROWS))).unwrap();
    (Db::builder(sqlite).cache(CacheConfig::default()).build().unwrap(), folder)
}

/// How many posts Ann and Cid have, as a new request reads it.
async fn counts(db: &Db<Sqlite>) -> (usize, usize) {
    let ann = User::find(db, 1).await.unwrap().unwrap();
    let cid = User::find(db, 3).await.unwrap().unwrap();
    (ann.posts(db).await.unwrap().len(), cid.posts(db).await.unwrap().len())
}

const MOVE: &str = "UPDATE posts SET user_id = 3 WHERE id = 1";

#[test]
fn a_child_moved_in_a_transaction_changes_both_lists_at_the_commit_and_not_before() {
    let (db, _folder) = file();
    block_on(async {
        assert_eq!(counts(&db).await, (2, 0));
        let transaction = db.begin().await.unwrap();
        let before = Post::find(&transaction, 1).await.unwrap().unwrap();
        transaction.source().connection(|c| c.execute(MOVE, [])).await.unwrap();
        let after = Post::find(&transaction, 1).await.unwrap().unwrap();
        transaction.on_commit(move |cache| cache.moved(&before, &after));
        assert_eq!(counts(&db).await, (2, 0));
        transaction.commit().await.unwrap();
        assert_eq!(counts(&db).await, (1, 1));
    });
}

#[test]
fn a_transaction_that_is_rolled_back_changes_nothing_in_the_cache() {
    let (db, _folder) = file();
    block_on(async {
        counts(&db).await;
        let transaction = db.begin().await.unwrap();
        transaction.source().connection(|c| c.execute(MOVE, [])).await.unwrap();
        transaction.on_commit(|cache| cache.clear());
        transaction.rollback().await.unwrap();
        drop(db.begin().await.unwrap());
        let log = db.source().record();
        assert_eq!(counts(&db).await, (2, 0));
        assert_eq!(sent(&log), 2, "the users alone");
        assert_eq!(db.cache().stats(User::POSTS).invalidated, 0);
    });
}

#[test]
fn a_transaction_reads_past_the_cache_and_publishes_nothing_there() {
    let (db, _folder) = file();
    block_on(async {
        let transaction = db.begin().await.unwrap();
        transaction.source().connection(|c| c.execute(MOVE, [])).await.unwrap();
        let ann = User::find(&transaction, 1).await.unwrap().unwrap();
        assert_eq!(ann.posts(&transaction).await.unwrap().len(), 1);
        assert_eq!(db.cache().report().total.misses, 0);
        assert_eq!(counts(&db).await, (2, 0));
        let ann = User::find(&transaction, 1).await.unwrap().unwrap();
        assert_eq!(ann.posts(&transaction).await.unwrap().len(), 1);
        transaction.rollback().await.unwrap();
    });
}

#[test]
fn a_commit_whose_future_is_dropped_tells_the_cache_if_it_commits() {
    for polls in 0..3 {
        let (db, _folder) = file();
        block_on(async {
            counts(&db).await;
            let transaction = db.begin().await.unwrap();
            transaction.source().connection(|c| c.execute(MOVE, [])).await.unwrap();
            transaction.on_commit(|cache| cache.invalidate_model::<Post>());
            {
                let mut commit = pin!(transaction.commit());
                for _ in 0..polls {
                    if commit.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready() {
                        break;
                    }
                }
            }
            // Waits until the transaction has ended, either way.
            let posts = {
                let next = db.begin().await.unwrap();
                let ann = User::find(&next, 1).await.unwrap().unwrap();
                ann.posts(&next).await.unwrap().len()
            };
            assert_eq!(counts(&db).await, (posts, 2 - posts));
        });
    }
}

#[test]
fn a_commit_that_fails_tells_the_cache_nothing() {
    let (db, _folder) = file();
    block_on(async {
        counts(&db).await;
        let transaction = db.begin().await.unwrap();
        transaction.on_commit(|cache| cache.clear());
        let ended = transaction.source().connection(|c| c.execute_batch("ROLLBACK")).await;
        assert!(ended.is_err());
        assert!(transaction.commit().await.is_err());
        let log = db.source().record();
        assert_eq!(counts(&db).await, (2, 0));
        assert_eq!(sent(&log), 2);
    });
}
