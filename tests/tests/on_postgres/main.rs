//! The behaviours that hold on every source, on PostgreSQL by its own driver.

#![cfg_attr(on_postgres, allow(unused_imports, dead_code, reason = "some tests are of what only SQLite has"))]

/// Tests of what only SQLite has.
#[cfg(on_postgres)]
macro_rules! on_sqlite {
    ($($test:item)*) => {};
}

#[cfg(on_postgres)]
#[path = "../behaviour/everywhere.rs"]
mod everywhere;
#[cfg(on_postgres)]
mod own_sql;
#[cfg(on_postgres)]
#[path = "../queries/everywhere.rs"]
mod queries;

#[cfg(on_postgres)]
relations_tests::on_source!(relations_core::Postgres);

#[cfg(not(on_postgres))]
#[test]
#[ignore = "skipped: set RELATIONS_TEST_POSTGRES_URL to test on PostgreSQL"]
fn behaviours_on_postgres() {}
