//! The models and the databases that the behaviour tests share. The behaviours are in `tests/`.

pub mod blog;
pub mod media;
pub mod school;
pub mod shop;
pub mod source;
pub mod staff;
pub mod tags;
pub mod world;

pub use source::{Limits, TestSource, block_on, database_on, execute};

use relations_core::{Sqlite, StatementLog};

/// A database in memory with this schema and these rows, run inline.
pub fn database(schema: &'static str, rows: &str) -> Sqlite {
    database_on(Limits::NONE, schema, rows)
}

/// How many statements the log holds.
pub fn sent(log: &StatementLog) -> usize {
    log.statements().len()
}

/// The relations that the log's statements were sent for, with the number of their keys.
pub fn relations(log: &StatementLog) -> Vec<(String, usize)> {
    log.statements().iter().map(|statement| (statement.name().to_owned(), statement.keys)).collect()
}

/// Makes a source the one that the tests of a crate run on: its type as `Db`, and the fixtures on it.
#[macro_export]
macro_rules! on_source {
    ($source:ty) => {
        /// The source that the tests run on.
        pub type Db = $source;

        pub use $crate::{Limits, TestSource, block_on, execute, relations, sent};

        /// A database with this schema and these rows.
        pub fn database(schema: &str, rows: &str) -> Db {
            $crate::database_on($crate::Limits::NONE, schema, rows)
        }

        /// The same that loads for so many owners at once, by so many keys in a statement.
        pub fn database_with(limits: Limits, schema: &str, rows: &str) -> Db {
            $crate::database_on(limits, schema, rows)
        }

        /// So many of the random cases are run.
        pub fn cases(most: u32) -> u32 {
            most.div_ceil(<Db as TestSource>::ONE_CASE_IN)
        }

        $crate::on_source!(blog: db empty);
        $crate::on_source!(media: db);
        $crate::on_source!(school: db);
        $crate::on_source!(shop: empty);
        $crate::on_source!(staff: db);
        $crate::on_source!(tags: db empty);
        $crate::on_source!(world:);
    };
    ($fixture:ident: $($with_rows:ident $($without:ident)?)?) => {
        #[allow(unused_imports, reason = "not every suite uses every fixture")]
        pub mod $fixture {
            pub use $crate::$fixture::*;
            $($crate::on_source!(@ $with_rows); $($crate::on_source!(@ $without);)?)?
        }
    };
    (@ db) => {
        /// The fixture.
        pub fn db() -> super::Db {
            super::database(SCHEMA, ROWS)
        }
    };
    (@ empty) => {
        /// The tables without rows.
        pub fn empty() -> super::Db {
            super::database(SCHEMA, "")
        }
    };
}
