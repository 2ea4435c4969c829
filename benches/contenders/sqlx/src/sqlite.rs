//! SQLite, where a list of keys is one parameter as JSON.

use std::path::Path;

use bench_kit::Result;
use bench_kit::worker::Serve;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::types::Json;
use sqlx::{Sqlite, query_scalar};

use crate::{locked, runtime};

type Db = Sqlite;

macro_rules! among {
    () => {
        "IN (SELECT value FROM json_each($1))"
    };
}

#[path = "workloads.rs"]
mod workloads;

use workloads::Side;

const LATEST_BY_USER: &str = "
    SELECT posts.* FROM users CROSS JOIN posts ON posts.id IN (
        SELECT id FROM posts WHERE user_id = users.id ORDER BY id DESC LIMIT ?2
    ) WHERE users.id <= ?1";

fn keys(keys: Vec<i64>) -> Json<Vec<i64>> {
    Json(keys)
}

fn open(path: &Path, threads: usize) -> Result<Side> {
    let runtime = runtime(threads)?;
    let options = SqlitePoolOptions::new().max_connections(2).test_before_acquire(false);
    let pool = runtime.block_on(options.connect_with(SqliteConnectOptions::new().filename(path)))?;
    Ok(Side { runtime, pool })
}

/// Answers the runner from a file.
pub fn contend(path: &Path, users: i64, serve: Serve) -> Result<()> {
    let (one, two) = (open(path, 1)?, open(path, 2)?);
    let mut variants = workloads::variants(&one, &two, users);
    variants.push(one.load("W8", "subquery", async |db| workloads::latest_by(db, LATEST_BY_USER).await));
    let version: String = one.runtime.block_on(query_scalar("SELECT sqlite_version()").fetch_one(&one.pool))?;
    serve.variants(&format!("sqlx {}, SQLite {version}", locked("sqlx")), variants)
}
