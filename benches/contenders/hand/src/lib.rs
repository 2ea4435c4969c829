//! Hand-written code: what someone writes who knows the database and spares no trouble. SQLite by rusqlite, PostgreSQL by
//! tokio-postgres; rows are plain structs, shared out by hash maps of keys.

#![forbid(unsafe_code)]

use bench_kit::worker::Serve;
use bench_kit::{Database, Result, Setup};

pub mod postgres;
pub mod results;
pub mod rows;
pub mod share;
pub mod sqlite;

const LOCK: &str = include_str!("../../../Cargo.lock");

/// Which rows are asked for, where all are wanted.
#[derive(Debug, Clone, Copy)]
pub enum By {
    /// Those with the keys of the rows before, as it has to be when these are only some.
    Keys,
    /// All of the table. Only right when all are asked for.
    Scan,
}

/// Answers the runner.
///
/// # Errors
/// When the database cannot be opened, or the runner not be answered.
pub fn contend(setup: &Setup, serve: Serve) -> Result<()> {
    match &setup.database {
        Database::Sqlite(path) => {
            let side = sqlite::Side::open(path, setup.users)?;
            let built = format!("{}, SQLite {}", bench_kit::locked(LOCK, "rusqlite")?, rusqlite::version());
            serve.variants(&built, side.variants()?)
        }
        Database::Postgres(url) => {
            let side = postgres::Side::open(url, setup.users)?;
            serve.variants(&bench_kit::locked(LOCK, "tokio-postgres")?, side.variants()?)
        }
    }
}
