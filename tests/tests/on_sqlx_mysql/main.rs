//! The behaviours that hold on every source, on MySQL or MariaDB by a pool of sqlx.

#![cfg_attr(on_mysql, allow(unused_imports, dead_code, reason = "some tests are of what only the embedded SQLite has"))]

/// Tests of what only the embedded SQLite has.
#[cfg(on_mysql)]
macro_rules! on_sqlite {
    ($($test:item)*) => {};
}

#[cfg(on_mysql)]
#[path = "../behaviour/everywhere.rs"]
mod everywhere;

#[cfg(on_mysql)]
relations_tests::on_source!(relations_core::Sqlx<sqlx::MySql>);

#[cfg(not(on_mysql))]
#[test]
#[ignore = "skipped: set RELATIONS_TEST_MYSQL_URL to test on MySQL or MariaDB"]
fn behaviours_on_sqlx_mysql() {}
