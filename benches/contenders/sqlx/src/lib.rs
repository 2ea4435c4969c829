//! The workloads by hand with sqlx: `query_as`, and hash maps to bring rows together. `workloads.rs` is written once and
//! compiled for each database, as users do who have one database; what only one of them can do is in `sqlite.rs` and
//! `postgres.rs`.

mod postgres;
mod rows;
mod sqlite;

use bench_kit::worker::Serve;
use bench_kit::{Database, Result, Setup};
use tokio::runtime::{Builder, Runtime};

/// Opens the database and answers the runner.
///
/// # Errors
/// Where the database cannot be opened, or the runner cannot be answered.
pub fn contend(setup: &Setup, serve: Serve) -> Result<()> {
    match &setup.database {
        Database::Sqlite(path) => sqlite::contend(path, setup.users, serve),
        Database::Postgres(url) => postgres::contend(url, setup.users, serve),
    }
}

/// A runtime with so many threads.
fn runtime(threads: usize) -> Result<Runtime> {
    Ok(Builder::new_multi_thread().worker_threads(threads).enable_all().build()?)
}

/// The version of a package, by the lock file that this was built with.
fn locked(package: &str) -> &'static str {
    let of = |entry: &'static str| {
        let mut values = entry.lines().filter_map(|line| Some(line.split_once(" = ")?.1.trim_matches('"')));
        (values.next()? == package).then(|| values.next())?
    };
    include_str!("../Cargo.lock").split("[[package]]").find_map(of).unwrap_or("?")
}
