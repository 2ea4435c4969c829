//! PostgreSQL: the native source, and a pool of sqlx.

use bench_kit::{Result, Variant};
use relations_core::Postgres;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use tokio::runtime::{Builder, Runtime};

use crate::workloads::{Wait, variants};

/// A runtime, and what was opened on it.
struct On {
    runtime: Runtime,
    native: Postgres,
    pool: PgPool,
}

impl On {
    fn open(url: &str, workers: usize) -> Result<Self> {
        let runtime = Builder::new_multi_thread().worker_threads(workers).enable_all().build()?;
        let native = Postgres::builder(url).connections(2).build()?;
        let pool = runtime.block_on(PgPoolOptions::new().max_connections(2).connect(url))?;
        Ok(Self { runtime, native, pool })
    }
}

/// The database, open for one task at a time, and for two.
pub struct Side {
    one: On,
    two: On,
    users: i64,
}

impl Side {
    /// Connects.
    ///
    /// # Errors
    /// What the server says.
    pub fn open(url: &str, users: i64) -> Result<Self> {
        Ok(Self { one: On::open(url, 1)?, two: On::open(url, 2)?, users })
    }

    /// All variants.
    pub fn variants(&self) -> Vec<Variant<'_>> {
        let Self { one, two, users } = self;
        let wait = Wait::Runtime(&one.runtime, &two.runtime);
        let mut all = variants(&one.native, &two.native, "Postgres", wait, *users);
        all.extend(variants(&one.pool, &two.pool, "PgPool of sqlx", wait, *users));
        all
    }
}
