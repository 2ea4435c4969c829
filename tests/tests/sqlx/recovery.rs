//! What becomes of pools when connections are lost, none is free, or futures are dropped on the way.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use relations_core::{ErrorKind, Fault, Relations, Sqlx};
use relations_tests::TestSource;
use relations_tests::blog::{self, Comment, Post, User};
use sqlx::pool::PoolOptions;
use sqlx::{Connection, Executor};

use crate::on_each;

/// Polls so often, with a pause after each, then drops the future. Whether it was done by then.
async fn drop_after(polls: usize, future: impl Future) -> bool {
    let mut future = pin!(future);
    for _ in 0..polls {
        if futures::poll!(&mut future).is_ready() {
            return true;
        }
        tokio::time::sleep(Duration::from_micros(50)).await;
    }
    false
}

on_each! {
    async fn futures_dropped_at_any_point_leave_pool_gates_and_peers_usable(db) {
        // A pool closes a connection that it was about to hand out to nobody; a database in memory needs another then.
        let options = db.pool().connect_options();
        let _keeps = <<Database as sqlx::Database>::Connection as Connection>::connect_with(&options).await.unwrap();
        db.run_sql(blog::SCHEMA).await;
        db.run_sql(blog::ROWS).await;
        let mut polls = 0;
        loop {
            let users = User::query().order_by(User::ID.asc()).all(&db).await.unwrap();
            let lazy = drop_after(polls, users[0].posts(&db)).await;
            assert_eq!(users[1].posts(&db).await.unwrap().len(), 1);
            assert_eq!(users[0].posts(&db).await.unwrap().len(), 2);
            let tree = || User::query().with(User::POSTS.with(Post::COMMENTS.with(Comment::USER))).all(&db);
            let eager = drop_after(polls, tree()).await;
            assert_eq!(tree().await.unwrap().len(), 3);
            if lazy && eager && polls > 20 {
                break;
            }
            polls += 1;
            assert!(polls < 500);
        }
    }

    async fn futures_dropped_at_any_point_leave_a_transaction_usable(db) {
        db.run_sql(blog::SCHEMA).await;
        db.run_sql(blog::ROWS).await;
        let transaction = db.begin().await.unwrap();
        transaction.connection().await.execute("INSERT INTO users VALUES (4, 'Dan')").await.unwrap();
        let mut polls = 0;
        loop {
            let tree = || User::query().with(User::POSTS.with(Post::COMMENTS)).all(&transaction);
            let done = drop_after(polls, tree()).await;
            assert_eq!(tree().await.unwrap().len(), 4);
            if done {
                break;
            }
            polls += 1;
            assert!(polls < 500);
        }
        transaction.commit().await.unwrap();
        assert_eq!(User::all(&db).await.unwrap().len(), 4);
    }

    async fn snapshots_that_are_dropped_are_ended(db) {
        db.run_sql(blog::SCHEMA).await;
        db.run_sql(blog::ROWS).await;
        let source = Sqlx::builder(db.pool().clone()).snapshot(true).build().unwrap();
        let mut polls = 0;
        while !drop_after(polls, User::query().with(User::POSTS.with(Post::COMMENTS)).all(&source)).await {
            db.run_sql(&format!("INSERT INTO users VALUES ({}, 'Dan')", 10 + polls)).await;
            let seen = User::query().with(User::POSTS).all(&source).await.unwrap().len();
            assert_eq!(seen, 4 + polls);
            polls += 1;
            assert!(polls < 500);
        }
    }

    async fn a_pool_without_a_free_connection_says_so(db) {
        db.run_sql(blog::SCHEMA).await;
        let options = PoolOptions::<Database>::new().max_connections(1).acquire_timeout(Duration::from_millis(100));
        let pool = options.connect_with((*db.pool().connect_options()).clone()).await.unwrap();
        let held = pool.acquire().await.unwrap();
        let error = User::all(&pool).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Connection { fault: Fault::Disconnected, .. }), "{error}");
        let says = "taking a connection of the pool: there is no connection to the database: none of the pool's";
        assert!(error.to_string().starts_with(says), "{error}");
        drop(held);
        pool.close().await;
        let error = User::all(&pool).await.unwrap_err();
        assert!(error.to_string().ends_with("the pool is closed"), "{error}");
    }
}

/// A pool whose connections are not tried before they are handed out, so that a lost one is met by a load.
#[cfg(any(on_postgres, on_mysql))]
async fn untried<DB: relations_core::SqlxDatabase>(db: &Sqlx<DB>) -> sqlx::Pool<DB>
where
    <<DB as sqlx::Database>::Connection as sqlx::Connection>::Options: Clone,
{
    let options = PoolOptions::new().max_connections(1).test_before_acquire(false);
    options.connect_with((*db.pool().connect_options()).clone()).await.unwrap()
}

#[cfg(on_mysql)]
#[test]
fn a_killed_connection_of_mariadb_is_an_error_and_the_next_load_works() {
    relations_tests::block_on(async {
        let db = Sqlx::<sqlx::MySql>::open(relations_tests::Limits::NONE).await;
        db.run_sql(blog::SCHEMA).await;
        db.run_sql(blog::ROWS).await;
        let pool = untried(&db).await;
        let id: u64 = sqlx::query_scalar("SELECT CONNECTION_ID()").fetch_one(&pool).await.unwrap();
        db.run_sql(&format!("KILL {id}")).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        let error = User::all(&pool).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Statement { fault: Fault::Disconnected, .. }), "{error}");
        let users = User::all(&pool).await.unwrap();
        assert_eq!(users[0].posts(&pool).await.unwrap().len(), 2);
        // Within a transaction the writes are gone with the connection.
        let transaction = Sqlx::new(pool.clone()).begin().await.unwrap();
        transaction.connection().await.execute("INSERT INTO users VALUES (4, 'Dan')").await.unwrap();
        let id: u64 =
            sqlx::query_scalar("SELECT CONNECTION_ID()").fetch_one(&mut *transaction.connection().await).await.unwrap();
        db.run_sql(&format!("KILL {id}")).await;
        let error = User::all(&transaction).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Statement { fault: Fault::Disconnected, .. }), "{error}");
        let error = transaction.commit().await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Connection { fault: Fault::Disconnected, .. }), "{error}");
        assert_eq!(User::all(&pool).await.unwrap().len(), 3);
    });
}

#[cfg(on_postgres)]
#[test]
fn a_killed_connection_of_postgres_is_an_error_and_the_next_load_works() {
    relations_tests::block_on(async {
        let db = Sqlx::<sqlx::Postgres>::open(relations_tests::Limits::NONE).await;
        db.run_sql(blog::SCHEMA).await;
        db.run_sql(blog::ROWS).await;
        let pool = untried(&db).await;
        let id: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&pool).await.unwrap();
        db.run_sql(&format!("SELECT pg_terminate_backend({id})")).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        let error = User::all(&pool).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Statement { fault: Fault::Disconnected, .. }), "{error}");
        let users = User::all(&pool).await.unwrap();
        assert_eq!(users[0].posts(&pool).await.unwrap().len(), 2);
    });
}

#[cfg(on_mysql)]
#[test]
fn a_lock_that_is_not_had_in_time_is_busy_and_an_interrupted_read_is_interrupted() {
    relations_tests::block_on(async {
        let db = Sqlx::<sqlx::MySql>::open(relations_tests::Limits::NONE).await;
        db.run_sql(blog::SCHEMA).await;
        db.run_sql(blog::ROWS).await;
        let writer = db.begin().await.unwrap();
        writer.connection().await.execute("UPDATE users SET name = 'Zoe'").await.unwrap();
        let reader = db.begin().await.unwrap();
        reader.connection().await.execute("SET innodb_lock_wait_timeout = 1").await.unwrap();
        reader.connection().await.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE").await.unwrap_err();
        reader.rollback().await.unwrap();
        let mut strict = db.pool().acquire().await.unwrap();
        strict.execute("SET SESSION innodb_lock_wait_timeout = 1").await.unwrap();
        strict.execute("SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE; SET autocommit = 0").await.unwrap();
        let error = User::all(&relations_core::SqlxConnection::from(&mut strict)).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Statement { fault: Fault::Busy, .. }), "{error}");
        strict.close().await.unwrap();
        writer.rollback().await.unwrap();
    });
}
