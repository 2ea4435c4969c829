//! Pools, connections and transactions of sqlx as sources.

use relations_core::source::{Transaction, Transactional};
use relations_core::{CacheConfig, Db, ErrorKind, Fault, Relations, Sqlx, SqlxConnection, SqlxTransaction};
use relations_tests::TestSource;
use relations_tests::blog::{self, Comment, Post, User};
use relations_tests::tags::{self, Article};
use sqlx::{Connection, Executor};

use crate::on_each;

on_each! {
    async fn a_bare_pool_reads_lazily_eagerly_and_onto_rows(db) {
        db.run_sql(blog::SCHEMA).await;
        db.run_sql(blog::ROWS).await;
        let pool = db.pool();
        let users = User::query().order_by(User::ID.asc()).all(pool).await.unwrap();
        let mut posts = Vec::new();
        for user in &users {
            posts.push(user.posts(pool).await.unwrap().len());
        }
        assert_eq!(posts, [2, 1, 0]);
        users.load(User::PROFILE, pool).await.unwrap();
        assert!(users[0].profile.get().unwrap().is_some() && users[2].profile.get().unwrap().is_none());
        assert_eq!(users.counts(User::COMMENTS, pool).await.unwrap(), [1, 1, 1]);
        let tree = User::query().with(User::POSTS.with(Post::COMMENTS.with(Comment::USER))).all(pool).await.unwrap();
        assert_eq!(tree.len(), 3);
    }

    async fn a_bare_pool_reads_over_join_tables(db) {
        db.run_sql(tags::SCHEMA).await;
        db.run_sql(tags::ROWS).await;
        let articles = Article::query().order_by(Article::ID.asc()).all(db.pool()).await.unwrap();
        let tags = articles[0].tags(db.pool()).await.unwrap();
        let weights: Vec<_> = tags.pivots().map(|(tag, pivot)| (tag.name.clone(), pivot.weight)).collect();
        assert_eq!(weights, [("rust".to_owned(), 5), ("sql".to_owned(), 3)]);
        assert_eq!(articles[1].readers(db.pool()).await.unwrap().len(), 1);
    }

    async fn a_cache_stands_before_a_pool(db) {
        db.run_sql(blog::SCHEMA).await;
        db.run_sql(blog::ROWS).await;
        let cached = Db::builder(db.clone()).cache(CacheConfig::default()).build().unwrap();
        let log = db.record();
        for _ in 0..2 {
            let users = User::all(&cached).await.unwrap();
            assert_eq!(users[0].posts(&cached).await.unwrap().len(), 2);
        }
        let for_posts = log.statements().iter().filter(|statement| statement.relation.is_some()).count();
        assert_eq!(for_posts, 1);
    }

    async fn a_plan_takes_one_connection_and_gives_it_back(db) {
        db.run_sql(blog::SCHEMA).await;
        db.run_sql(blog::ROWS).await;
        let options = sqlx::pool::PoolOptions::<Database>::new();
        let one = options.max_connections(1).acquire_timeout(std::time::Duration::from_secs(5));
        // A database in memory is that of one connection.
        let one = if db.pool().options().get_max_connections() == 1 {
            db.pool().clone()
        } else {
            one.connect_with((*db.pool().connect_options()).clone()).await.unwrap()
        };
        for _ in 0..3 {
            let tree = User::query().with(User::POSTS.with(Post::COMMENTS)).with(User::REVIEWS).all(&one).await.unwrap();
            assert_eq!(tree.len(), 3);
        }
        assert_eq!(one.size(), 1);
    }

    async fn a_transaction_sees_its_own_writes_and_others_only_after_the_commit(db) {
        db.run_sql(blog::SCHEMA).await;
        db.run_sql(blog::ROWS).await;
        let transaction = db.begin().await.unwrap();
        transaction.connection().await.execute("INSERT INTO users VALUES (4, 'Dan')").await.unwrap();
        transaction.connection().await.execute("UPDATE posts SET user_id = 4 WHERE id = 4").await.unwrap();
        let users = User::query().order_by(User::ID.asc()).all(&transaction).await.unwrap();
        assert_eq!(users.len(), 4);
        assert_eq!(users[3].posts(&transaction).await.unwrap().len(), 1);
        if db.pool().options().get_max_connections() > 1 {
            assert_eq!(User::all(&db).await.unwrap().len(), 3);
        }
        transaction.commit().await.unwrap();
        assert_eq!(User::all(&db).await.unwrap().len(), 4);
    }

    async fn a_transaction_that_is_dropped_or_rolled_back_leaves_nothing(db) {
        db.run_sql(blog::SCHEMA).await;
        db.run_sql(blog::ROWS).await;
        for rolls_back in [false, true] {
            let transaction = db.begin().await.unwrap();
            transaction.connection().await.execute("DELETE FROM users").await.unwrap();
            assert_eq!(User::all(&transaction).await.unwrap().len(), 0);
            if rolls_back {
                transaction.rollback().await.unwrap();
            } else {
                drop(transaction);
            }
            assert_eq!(User::all(&db).await.unwrap().len(), 3);
        }
    }

    async fn a_transaction_of_sqlx_is_taken_over_or_borrowed(db) {
        db.run_sql(blog::SCHEMA).await;
        db.run_sql(blog::ROWS).await;
        let mut begun = db.pool().begin().await.unwrap();
        begun.execute("DELETE FROM posts WHERE id = 3").await.unwrap();
        {
            let source = SqlxConnection::from(&mut begun);
            let users = User::query().order_by(User::ID.asc()).all(&source).await.unwrap();
            assert_eq!(users[1].posts(&source).await.unwrap().len(), 0);
        }
        let source = SqlxTransaction::from(begun);
        assert_eq!(Post::all(&source).await.unwrap().len(), 4);
        source.commit().await.unwrap();
        assert_eq!(Post::all(&db).await.unwrap().len(), 4);
    }

    async fn a_connection_is_a_source_owned_or_borrowed(db) {
        db.run_sql(blog::SCHEMA).await;
        db.run_sql(blog::ROWS).await;
        let mut pooled = db.pool().acquire().await.unwrap();
        assert_eq!(User::all(&SqlxConnection::from(&mut pooled)).await.unwrap().len(), 3);
        let connection = &mut *pooled;
        let source = SqlxConnection::from(connection);
        let users = User::query().order_by(User::ID.asc()).all(&source).await.unwrap();
        assert_eq!(users[0].posts(&source).await.unwrap().len(), 2);
        drop(source);
        let source = SqlxConnection::from(pooled);
        source.connection().await.ping().await.unwrap();
        assert_eq!(User::all(&source).await.unwrap().len(), 3);
        let options = db.pool().connect_options();
        let own = <<Database as sqlx::Database>::Connection as Connection>::connect_with(&options);
        let own = SqlxConnection::from(own.await.unwrap());
        own.connection().await.ping().await.unwrap();
    }

    async fn what_is_asked_of_a_transaction_at_once_is_done_in_turn(db) {
        db.run_sql(blog::SCHEMA).await;
        db.run_sql(blog::ROWS).await;
        let transaction = db.begin().await.unwrap();
        let users = User::query().order_by(User::ID.asc()).all(&transaction).await.unwrap();
        let (posts, comments, all) = futures::join!(
            users[0].posts(&transaction),
            users[0].comments(&transaction),
            Post::query().with(Post::COMMENTS).all(&transaction),
        );
        assert_eq!((posts.unwrap().len(), comments.unwrap().len(), all.unwrap().len()), (2, 1, 5));
        transaction.rollback().await.unwrap();
    }

    async fn the_cache_is_told_after_the_commit_even_if_its_future_is_dropped(db) {
        db.run_sql(blog::SCHEMA).await;
        db.run_sql(blog::ROWS).await;
        for polls in 0..4 {
            let (sender, receiver) = std::sync::mpsc::channel();
            let transaction = Transactional::begin(&db).await.unwrap();
            let add = format!("INSERT INTO users VALUES ({}, 'Dan')", 10 + polls);
            transaction.connection().await.execute(sqlx::AssertSqlSafe(add)).await.unwrap();
            let before = User::all(&transaction).await.unwrap().len();
            let mut commit = Box::pin(Transaction::commit(transaction, move || sender.send(()).unwrap_or_default()));
            let mut done = false;
            for _ in 0..polls {
                done = done || futures::poll!(&mut commit).is_ready();
                tokio::time::sleep(std::time::Duration::from_millis(2)).await;
            }
            drop(commit);
            let told = receiver.recv_timeout(std::time::Duration::from_secs(5)).is_ok();
            assert_eq!(told, polls > 0);
            assert_eq!(User::all(&db).await.unwrap().len(), if told { before } else { before - 1 });
        }
    }

    async fn a_failed_statement_is_an_error_that_names_the_model_and_what_the_database_says(db) {
        db.run_sql(blog::SCHEMA).await;
        db.run_sql(blog::ROWS).await;
        db.run_sql("DROP TABLE comments; ALTER TABLE profiles RENAME COLUMN bio TO text").await;
        let users = User::all(&db).await.unwrap();
        let error = users[0].comments(&db).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Statement { fault: Fault::MissingTable, .. }), "{error}");
        let error = users[0].profile(&db).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Statement { fault: Fault::MissingColumn, .. }), "{error}");
        assert!(error.to_string().starts_with("User.profile (`Profile`): a column does not exist: "), "{error}");
        let transaction = db.begin().await.unwrap();
        transaction.connection().await.execute("INSERT INTO users VALUES (4, 'Dan')").await.unwrap();
        Comment::all(&transaction).await.unwrap_err();
        if db.pool().connect_options().is_postgres() {
            let error = User::all(&transaction).await.unwrap_err();
            assert!(error.to_string().contains("current transaction is aborted"), "{error}");
            let error = transaction.commit().await.unwrap_err();
            assert!(error.to_string().contains("committing a transaction"), "{error}");
            assert_eq!(User::all(&db).await.unwrap().len(), 3);
        } else {
            transaction.commit().await.unwrap();
            assert_eq!(User::all(&db).await.unwrap().len(), 4);
        }
    }

    async fn a_snapshot_is_one_for_the_tree_and_ends_with_it(db) {
        db.run_sql(blog::SCHEMA).await;
        db.run_sql(blog::ROWS).await;
        let source = Sqlx::builder(db.pool().clone()).snapshot(true).build().unwrap();
        for _ in 0..3 {
            let users = User::query().with(User::POSTS.with(Post::COMMENTS)).all(&source).await.unwrap();
            assert_eq!(users.len(), 3);
        }
        db.run_sql("INSERT INTO users VALUES (4, 'Dan')").await;
        assert_eq!(User::query().with(User::POSTS).all(&source).await.unwrap().len(), 4);
    }

    async fn settings_of_nothing_are_refused(db) {
        let error = Sqlx::builder(db.pool().clone()).batch_limit(0).build().unwrap_err();
        assert_eq!(error.to_string(), "batch_limit = 0: give at least 1");
        let error = Sqlx::builder(db.pool().clone()).keys_per_statement(0).build().unwrap_err();
        assert_eq!(error.to_string(), "keys_per_statement = 0: give at least 1");
    }
}

#[test]
fn outside_of_a_runtime_there_is_an_error_and_no_panic() {
    relations_tests::block_on(async {
        let pool = sqlx::SqlitePool::connect("sqlite::memory:").await.unwrap();
        let outside = pool.clone();
        let errors = std::thread::spawn(move || {
            let read = relations_core::block_on(User::all(&outside)).unwrap_err();
            let begun = relations_core::block_on(Sqlx::new(outside).begin()).unwrap_err();
            [read, begun].map(|error| error.to_string())
        });
        for error in errors.join().unwrap() {
            assert!(error.ends_with("there is no tokio runtime here; read within one"), "{error}");
        }
        pool.close().await;
    });
}

/// Which database the options are of.
trait IsPostgres {
    fn is_postgres(&self) -> bool;
}

impl IsPostgres for sqlx::postgres::PgConnectOptions {
    fn is_postgres(&self) -> bool {
        true
    }
}

impl IsPostgres for sqlx::mysql::MySqlConnectOptions {
    fn is_postgres(&self) -> bool {
        false
    }
}

impl IsPostgres for sqlx::sqlite::SqliteConnectOptions {
    fn is_postgres(&self) -> bool {
        false
    }
}
