//! PostgreSQL by the blocking client.

#![allow(missing_docs)]

use bench_kit::reach::{Nested, Paired};
use bench_kit::{LATEST, Reached, Result, SOME, Visitor};
use drizzle::core::expr::{eq, lte};
use drizzle::core::{SQLColumn, desc};
use drizzle::postgres::prelude::*;
use drizzle::postgres::sync::Drizzle;

/// A connection.
pub type Db = Drizzle<Schema>;

crate::schema!(PostgresTable, PostgresSchema);
crate::relational!(conn_mut);
crate::by_hand!();

/// Connects.
///
/// # Errors
/// Where the server cannot be reached.
pub fn open(url: &str) -> Result<Db> {
    Ok(Drizzle::new(::postgres::Client::connect(url, ::postgres::NoTls)?).0)
}

crate::variants!();
