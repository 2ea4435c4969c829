//! The behaviours that hold on every source, on SQLite by a pool of sqlx.

#![allow(unused_imports, dead_code, reason = "some tests are of what only the embedded SQLite has")]

/// Tests of what only the embedded SQLite has.
macro_rules! on_sqlite {
    ($($test:item)*) => {};
}

#[path = "../behaviour/everywhere.rs"]
mod everywhere;

relations_tests::on_source!(relations_core::Sqlx<sqlx::Sqlite>);
