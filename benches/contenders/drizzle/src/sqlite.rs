//! SQLite by rusqlite.

#![allow(missing_docs)]

use std::path::Path;

use bench_kit::reach::{Nested, Paired};
use bench_kit::{LATEST, Reached, Result, SOME, Visitor};
use drizzle::core::expr::{eq, lte};
use drizzle::core::{SQLColumn, desc};
use drizzle::sqlite::prelude::*;
use drizzle::sqlite::rusqlite::Drizzle;

/// A connection.
pub type Db = Drizzle<Schema>;

crate::schema!(SQLiteTable, SQLiteSchema);
crate::relational!(conn);
crate::by_hand!();

/// Opens the file, which is in WAL mode.
///
/// # Errors
/// Where it is not there.
pub fn open(path: &Path) -> Result<Db> {
    Ok(Drizzle::new(rusqlite::Connection::open(path)?).0)
}

crate::variants!();
