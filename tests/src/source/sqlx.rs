//! The pools of sqlx: each test has a schema, a database or a file of its own.

use std::env;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use relations_core::{Sqlx, SqlxDatabase, StatementLog};
use sqlx::pool::PoolOptions;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection, Executor, MySql, MySqlConnection, Pool, Postgres, Sqlite};

use super::postgres::NEXT_KEYS;
use super::words;
use crate::{Limits, TestSource};

/// A name that no other test has.
fn name() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    format!("relations_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed))
}

fn with_limits<DB: SqlxDatabase>(pool: Pool<DB>, limits: Limits) -> Sqlx<DB> {
    let mut builder = Sqlx::builder(pool);
    if let Some(owners) = limits.batch {
        builder = builder.batch_limit(owners);
    }
    if let Some(keys) = limits.keys {
        builder = builder.keys_per_statement(keys);
    }
    builder.build().expect("limits above 0")
}

fn pool<DB: SqlxDatabase>() -> PoolOptions<DB> {
    PoolOptions::new().max_connections(4).acquire_timeout(Duration::from_secs(20))
}

impl TestSource for Sqlx<Postgres> {
    const ONE_CASE_IN: u32 = 8;

    async fn open(limits: Limits) -> Self {
        let url = env::var("RELATIONS_TEST_POSTGRES_URL").expect("RELATIONS_TEST_POSTGRES_URL");
        let schema = name();
        let options: PgConnectOptions = url.parse().expect("a URL of PostgreSQL in RELATIONS_TEST_POSTGRES_URL");
        let options = options.options([("search_path", schema.as_str()), ("client_min_messages", "warning")]);
        let pool = pool().connect_with(options).await.expect("a connection to PostgreSQL");
        let sql = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
        pool.execute(AssertSqlSafe(sql)).await.expect("a schema");
        with_limits(pool, limits)
    }

    async fn run_sql(&self, sql: &str) {
        self.pool().execute(AssertSqlSafe(words::postgres(sql))).await.expect("the test's own SQL");
        self.pool().execute(NEXT_KEYS).await.expect("keys that come after those that were given");
    }

    fn log(&self) -> StatementLog {
        self.record()
    }
}

impl TestSource for Sqlx<MySql> {
    const ONE_CASE_IN: u32 = 8;
    const ONE_TEXT: bool = false;

    async fn open(limits: Limits) -> Self {
        let url = env::var("RELATIONS_TEST_MYSQL_URL").expect("RELATIONS_TEST_MYSQL_URL");
        let database = name();
        let mut server = MySqlConnection::connect(&url).await.expect("a connection to MySQL");
        let sql = format!("DROP DATABASE IF EXISTS {database}; CREATE DATABASE {database}");
        server.execute(AssertSqlSafe(sql)).await.expect("a database");
        let options = url.parse::<sqlx::mysql::MySqlConnectOptions>().expect("a URL of MySQL");
        let pool = pool().connect_with(options.database(&database)).await.expect("a connection to MySQL");
        with_limits(pool, limits)
    }

    async fn run_sql(&self, sql: &str) {
        // MariaDB recurses a thousand times if nothing else is said.
        let sql = format!("/*M! SET SESSION max_recursive_iterations = 10000000 */; {}", words::mysql(sql));
        self.pool().execute(AssertSqlSafe(sql)).await.expect("the test's own SQL");
    }

    fn log(&self) -> StatementLog {
        self.record()
    }
}

impl TestSource for Sqlx<Sqlite> {
    const ONE_CASE_IN: u32 = 4;
    const ONE_TEXT: bool = false;

    async fn open(limits: Limits) -> Self {
        // A database in memory is that of one connection.
        let pool = PoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
        let options: SqliteConnectOptions = "sqlite::memory:".parse().expect("a database in memory");
        let pool = pool.connect_with(options.foreign_keys(false)).await;
        with_limits(pool.expect("a database in memory"), limits)
    }

    async fn run_sql(&self, sql: &str) {
        if !sql.trim().is_empty() {
            self.pool().execute(AssertSqlSafe(sql.to_owned())).await.expect("the test's own SQL");
        }
    }

    fn log(&self) -> StatementLog {
        self.record()
    }
}
