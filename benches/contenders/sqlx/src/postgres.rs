//! PostgreSQL, where a list of keys is one parameter.

use bench_kit::Result;
use bench_kit::worker::Serve;
use sqlx::Postgres;
use sqlx::postgres::PgPoolOptions;

use crate::{locked, runtime};

type Db = Postgres;

macro_rules! among {
    () => {
        "= ANY($1)"
    };
}

#[expect(clippy::duplicate_mod, reason = "written once, compiled for each database")]
#[path = "workloads.rs"]
mod workloads;

use workloads::Side;

const LATEST_BY_USER: &str = "
    SELECT latest.* FROM users CROSS JOIN LATERAL (
        SELECT * FROM posts WHERE user_id = users.id ORDER BY id DESC LIMIT $2
    ) AS latest WHERE users.id <= $1";

fn keys(keys: Vec<i64>) -> Vec<i64> {
    keys
}

fn open(url: &str, threads: usize) -> Result<Side> {
    let runtime = runtime(threads)?;
    let options = PgPoolOptions::new().max_connections(2).test_before_acquire(false);
    let pool = runtime.block_on(options.connect(url))?;
    Ok(Side { runtime, pool })
}

/// Answers the runner from a server.
pub fn contend(url: &str, users: i64, serve: Serve) -> Result<()> {
    let (one, two) = (open(url, 1)?, open(url, 2)?);
    let mut variants = workloads::variants(&one, &two, users);
    variants.push(one.load("W8", "lateral", async |db| workloads::latest_by(db, LATEST_BY_USER).await));
    serve.variants(&format!("sqlx {}, its own PostgreSQL client", locked("sqlx")), variants)
}
