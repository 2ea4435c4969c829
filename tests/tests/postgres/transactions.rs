//! Transactions and snapshots.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use postgres_types::{FromSql, Type};
use relations_core::source::{Transaction, Transactional};
use relations_core::{Db, ErrorKind, Fault, HasMany, Postgres, PostgresTransaction, Relations};
use relations_tests::blog::{self, Post, User};
use tokio::sync::{Mutex, Notify};

use super::{Polls, builder, database, execute};

async fn with_dan(db: &Postgres) -> PostgresTransaction {
    let transaction = db.begin().await.unwrap();
    transaction.client().unwrap().batch_execute("INSERT INTO users VALUES (4, 'Dan')").await.unwrap();
    transaction
}

async fn users(db: &Postgres) -> usize {
    User::all(db).await.unwrap().len()
}

#[tokio::test]
async fn reads_in_a_transaction_see_its_writes_and_others_see_them_when_it_is_committed() {
    let Some(db) = database("transactions_commit", &[blog::SCHEMA, blog::ROWS]).await else { return };
    let transaction = with_dan(&db).await;
    assert_eq!((User::all(&transaction).await.unwrap().len(), users(&db).await), (4, 3));
    transaction.commit().await.unwrap();
    assert_eq!(users(&db).await, 4);
}

#[tokio::test]
async fn nothing_is_left_of_a_transaction_that_is_rolled_back_or_dropped() {
    let Some(db) = builder("transactions_rollback", &[blog::SCHEMA, blog::ROWS]).await else { return };
    let db = db.connections(1).build().unwrap();
    with_dan(&db).await.rollback().await.unwrap();
    assert_eq!(users(&db).await, 3);
    drop(with_dan(&db).await);
    assert_eq!(users(&db).await, 3);
}

#[tokio::test]
async fn a_failed_statement_leaves_a_transaction_that_can_only_be_rolled_back() {
    let Some(db) = builder("transactions_aborted", &[blog::SCHEMA, blog::ROWS]).await else { return };
    let db = db.connections(1).build().unwrap();
    let transaction = with_dan(&db).await;
    transaction.client().unwrap().batch_execute("SELECT 1 / 0").await.unwrap_err();
    let error = User::all(&transaction).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Statement { fault: Fault::Aborted, .. }));
    assert!(error.to_string().starts_with("`User`: an earlier statement of this transaction failed: "), "{error}");
    assert!(error.to_string().ends_with("; roll back, and begin another transaction"), "{error}");
    let error = transaction.commit().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Connection { fault: Fault::Aborted, .. }));
    assert!(error.to_string().contains(", which has been rolled back: "), "{error}");
    assert_eq!(users(&db).await, 3);
}

#[tokio::test]
async fn sql_that_ends_the_transaction_makes_its_commit_fail() {
    let Some(db) = database("transactions_ended", &[blog::SCHEMA, blog::ROWS]).await else { return };
    let transaction = with_dan(&db).await;
    transaction.client().unwrap().batch_execute("ROLLBACK").await.unwrap();
    let error = transaction.commit().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TransactionEnded));
    assert_eq!(users(&db).await, 3);
}

#[tokio::test]
async fn what_follows_a_commit_is_done_if_its_future_is_dropped_and_not_if_the_commit_fails() {
    let Some(db) = database("transactions_then", &[blog::SCHEMA, blog::ROWS]).await else { return };
    execute(&db, "ALTER TABLE profiles ADD FOREIGN KEY (user_id) REFERENCES users DEFERRABLE INITIALLY DEFERRED").await;
    let done = Arc::new(AtomicUsize::new(0));
    for polls in 1..4 {
        let transaction = Transactional::begin(&db).await.unwrap();
        let write = "UPDATE users SET name = name || '!' WHERE id = 1";
        transaction.client().unwrap().batch_execute(write).await.unwrap();
        let count = Arc::clone(&done);
        let then = move || count.store(polls, Ordering::SeqCst);
        Polls::new(polls, Transaction::commit(transaction, then)).await;
        // The next writer waits for the commit.
        execute(&db, "UPDATE users SET name = name WHERE id = 1").await;
        while done.load(Ordering::SeqCst) < polls {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let name = User::find(&db, 1).await.unwrap().unwrap().name.clone();
        assert_eq!(name.len(), 3 + polls);
    }
    let transaction = Transactional::begin(&db).await.unwrap();
    transaction.client().unwrap().batch_execute("DELETE FROM users WHERE id = 1").await.unwrap();
    let error = Transaction::commit(transaction, || panic!("it did not succeed")).await.unwrap_err();
    assert!(error.to_string().contains("violates foreign key constraint"), "{error}");
    assert_eq!(users(&db).await, 3);
}

#[tokio::test]
async fn a_transaction_of_a_db_tells_the_cache_at_the_commit() {
    let Some(db) = database("transactions_db", &[blog::SCHEMA, blog::ROWS]).await else { return };
    let db = Db::builder(db).build().unwrap();
    let transaction = db.begin().await.unwrap();
    let told = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&told);
    transaction.on_commit(move |_| count.store(1, Ordering::SeqCst));
    assert_eq!(User::all(&transaction).await.unwrap().len(), 3);
    transaction.commit().await.unwrap();
    assert_eq!(told.load(Ordering::SeqCst), 1);
}

/// Where the reading of a name lets a writer in.
static WRITER: Mutex<Option<Arc<Notify>>> = Mutex::const_new(None);

/// A name whose reading waits until the writer has written.
#[derive(Debug)]
struct Name;

impl<'a> FromSql<'a> for Name {
    fn from_sql(_: &Type, _: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        let waiting = WRITER.try_lock().ok().and_then(|mut writer| writer.take());
        if let Some(written) = waiting {
            tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(written.notified()));
        }
        Ok(Self)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

#[derive(Debug, Relations)]
#[relations(table = "users")]
struct Author {
    #[relations(key)]
    id: i64,
    name: Name,
    #[has_many(foreign_key = user_id)]
    posts: HasMany<Post>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tree_in_a_snapshot_shows_one_state_and_without_one_each_statement_its_own() {
    let Some(builder) = builder("snapshot", &[blog::SCHEMA, blog::ROWS]).await else { return };
    for (snapshot, expected) in [(true, 2), (false, 4)] {
        let db = builder.clone().connections(2).snapshot(snapshot).build().unwrap();
        let written = Arc::new(Notify::new());
        *WRITER.lock().await = Some(Arc::clone(&written));
        let writer = db.clone();
        let write = tokio::spawn(async move {
            while WRITER.lock().await.is_some() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            let id = 100 + i32::from(snapshot);
            execute(&writer, &format!("INSERT INTO posts VALUES ({id}, 1, NULL, 'meanwhile', 0)")).await;
            written.notify_one();
        });
        let authors = Author::query().with(Author::POSTS).all(&db).await.unwrap();
        write.await.unwrap();
        let ann = authors.iter().find(|author| author.id == 1).unwrap();
        assert_eq!(ann.posts.get().unwrap().len(), expected, "snapshot: {snapshot}");
        // The snapshot has ended.
        assert!(users(&db).await == 3 && matches!(ann.name, Name));
    }
}

#[tokio::test]
async fn a_snapshot_only_reads() {
    let Some(builder) = builder("snapshot_read_only", &[blog::SCHEMA, blog::ROWS]).await else { return };
    let db = builder.connections(1).snapshot(true).build().unwrap();
    execute(
        &db,
        "CREATE FUNCTION written() RETURNS bigint LANGUAGE plpgsql AS
            $$ BEGIN INSERT INTO users VALUES (9, 'x'); RETURN 1; END $$;
         CREATE VIEW writing AS SELECT written() AS id;",
    )
    .await;
    #[derive(Debug, Relations)]
    #[relations(table = "writing")]
    struct Writing {
        id: i64,
        #[has_many(foreign_key = user_id)]
        posts: HasMany<Post>,
    }
    let error = Writing::query().with(Writing::POSTS).all(&db).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Statement { fault: Fault::ReadOnly, .. }), "{error}");
    assert_eq!(users(&db).await, 3);
}
