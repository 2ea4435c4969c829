//! The workloads by drizzle-rs, on SQLite by rusqlite and on PostgreSQL by the blocking client. It has no lazy
//! accessor, so W5 is a select by key. Its manifest asks for Rust 1.98, though 1.95 compiles it:
//! `cargo build --ignore-rust-version`.

#![forbid(unsafe_code)]

pub mod by_hand;
pub mod postgres;
pub mod relational;
pub mod schema;
pub mod sqlite;
pub mod variants;

use std::cell::RefCell;

use bench_kit::worker::Serve;
use bench_kit::{Database, Result, Setup};

/// What it is built on, as in the manifest and the lock file.
const BUILT: &str = "drizzle 0.4.3";

/// Connects and answers the runner.
///
/// # Errors
/// Where the database cannot be reached, or the runner be answered.
pub fn contend(setup: &Setup, serve: Serve) -> Result<()> {
    match &setup.database {
        Database::Sqlite(path) => {
            let one = RefCell::new(sqlite::open(path)?);
            let two = RefCell::new([sqlite::open(path)?, sqlite::open(path)?]);
            let built = format!("{BUILT}, rusqlite 0.39, SQLite {}", rusqlite::version());
            serve.variants(&built, sqlite::variants(&one, &two, setup.users))
        }
        Database::Postgres(url) => {
            let one = RefCell::new(postgres::open(url)?);
            let two = RefCell::new([postgres::open(url)?, postgres::open(url)?]);
            serve.variants(&format!("{BUILT}, postgres 0.19"), postgres::variants(&one, &two, setup.users))
        }
    }
}
