//! What is particular to pools of sqlx: connections, transactions, types, limits of statements, and what servers do. The
//! behaviours that hold everywhere are in the targets `on_sqlx_..`.

#![cfg_attr(
    not(all(on_postgres, on_mysql)),
    allow(unused_imports, unused_macros, dead_code, reason = "some are of the tests on servers, which are left out")
)]

mod keys;
mod plans;
mod recovery;
mod snapshot;
mod sources;
mod types;

/// Writes each test once, for a database of its own on each of the three: `$db` is a `Sqlx` of it.
#[macro_export]
macro_rules! on_each {
    ($(async fn $name:ident($db:ident) $body:block)+) => {
        $crate::on_each!(@ postgres Postgres [cfg(on_postgres)] $($name($db) $body)+);
        $crate::on_each!(@ mysql MySql [cfg(on_mysql)] $($name($db) $body)+);
        $crate::on_each!(@ sqlite Sqlite [cfg(all())] $($name($db) $body)+);
    };
    (@ $module:ident $database:ident [$when:meta] $($name:ident($db:ident) $body:block)+) => {
        #[$when]
        mod $module {
            #[allow(unused_imports, reason = "some tests are written without")]
            use super::*;

            #[allow(dead_code, reason = "some tests ask")]
            type Database = sqlx::$database;

            $(#[test]
            fn $name() {
                relations_tests::block_on(async {
                    let $db = <relations_core::Sqlx<Database> as relations_tests::TestSource>::open(
                        relations_tests::Limits::NONE,
                    )
                    .await;
                    $body
                });
            })+
        }
    };
}

#[cfg(not(all(on_postgres, on_mysql)))]
#[test]
#[ignore = "skipped in part: set RELATIONS_TEST_POSTGRES_URL and RELATIONS_TEST_MYSQL_URL"]
fn pools_on_servers() {}
