//! relations-core, through its public surface only: its own SQLite and PostgreSQL sources, and a pool of sqlx.

#![forbid(unsafe_code)]

use bench_kit::worker::Serve;
use bench_kit::{Database, Result, Setup, locked};
use relations_core::block_on;

pub mod cached;
pub mod model;
pub mod postgres;
pub mod reads;
pub mod results;
pub mod sqlite;
pub mod workloads;

const LOCK: &str = include_str!("../../../Cargo.lock");

/// Answers the runner.
///
/// # Errors
/// When the database cannot be opened, or the runner not be answered.
pub fn contend(setup: &Setup, serve: Serve) -> Result<()> {
    let core = locked(LOCK, "relations-core")?;
    match &setup.database {
        Database::Sqlite(path) => {
            let side = sqlite::Side::open(path, setup.users)?;
            let version = "SELECT sqlite_version()";
            let sqlite: String =
                block_on(side.db.connection(move |connection| connection.query_row(version, (), |row| row.get(0))))?;
            serve.variants(&format!("{core}, {}, SQLite {sqlite}", locked(LOCK, "rusqlite")?), side.variants())
        }
        Database::Postgres(url) => {
            let side = postgres::Side::open(url, setup.users)?;
            let (native, sqlx) = (locked(LOCK, "tokio-postgres")?, locked(LOCK, "sqlx")?);
            serve.variants(&format!("{core}, {native}, {sqlx}"), side.variants())
        }
    }
}
