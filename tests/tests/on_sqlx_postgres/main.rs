//! The behaviours that hold on every source, on PostgreSQL by a pool of sqlx.

#![cfg_attr(
    on_postgres,
    allow(unused_imports, dead_code, reason = "some tests are of what only the embedded SQLite has")
)]

/// Tests of what only the embedded SQLite has.
#[cfg(on_postgres)]
macro_rules! on_sqlite {
    ($($test:item)*) => {};
}

#[cfg(on_postgres)]
#[path = "../behaviour/everywhere.rs"]
mod everywhere;

#[cfg(on_postgres)]
relations_tests::on_source!(relations_core::Sqlx<sqlx::Postgres>);

#[cfg(not(on_postgres))]
#[test]
#[ignore = "skipped: set RELATIONS_TEST_POSTGRES_URL to test on PostgreSQL"]
fn behaviours_on_sqlx_postgres() {}
