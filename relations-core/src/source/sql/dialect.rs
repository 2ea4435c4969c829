//! Dialects: how a database writes what differs, and how it takes a list of keys.

use sea_query::{MysqlQueryBuilder, PostgresQueryBuilder, SelectStatement, SqlWriterValues, SqliteQueryBuilder, Value};

use super::template::VALUE;

/// How a database writes statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Dialect {
    pub(super) syntax: Syntax,
    pub(super) keys: KeyList,
}

/// Whose SQL it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Syntax {
    Sqlite,
    Postgres,
    MySql,
}

/// How a list of keys comes into a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum KeyList {
    /// One value, which holds the parts of all keys one after another; SQLite reads it as a table.
    Table,
    /// An array for each part.
    Arrays,
    /// A value for each part of each key. The list is padded, so that there are few texts.
    Values,
}

impl Dialect {
    /// SQLite that has the `rarray` function.
    pub const SQLITE_RARRAY: Self = Self { syntax: Syntax::Sqlite, keys: KeyList::Table };
    /// SQLite.
    pub const SQLITE: Self = Self { syntax: Syntax::Sqlite, keys: KeyList::Values };
    /// PostgreSQL.
    pub const POSTGRES: Self = Self { syntax: Syntax::Postgres, keys: KeyList::Arrays };
    /// MySQL and MariaDB.
    pub const MYSQL: Self = Self { syntax: Syntax::MySql, keys: KeyList::Values };

    /// The number of keys that a list of so many is padded to, where texts depend on it: the next power of two.
    pub(super) fn padded(self, keys: usize, most: usize) -> usize {
        match self.keys {
            KeyList::Table | KeyList::Arrays => 0,
            KeyList::Values => keys.next_power_of_two().min(most).max(keys),
        }
    }

    /// The statement as text, with a mark where each of its values stands.
    pub(super) fn write(self, select: &SelectStatement) -> (String, Vec<Value>) {
        let mut writer = SqlWriterValues::new(VALUE, false);
        let sql = match self.syntax {
            Syntax::Sqlite => select.build_collect(SqliteQueryBuilder, &mut writer),
            Syntax::Postgres => select.build_collect(PostgresQueryBuilder, &mut writer),
            Syntax::MySql => select.build_collect(MysqlQueryBuilder, &mut writer),
        };
        (sql, writer.into_parts().1.0)
    }

    /// A name in quotes.
    pub(super) fn quoted(self, name: &str) -> String {
        let quote = if self.syntax == Syntax::MySql { "`" } else { "\"" };
        format!("{quote}{}{quote}", name.replace(quote, &quote.repeat(2)))
    }

    /// The mark of the value at this position, counted from 0.
    pub(super) fn placeholder(self, at: usize) -> String {
        match self.syntax {
            Syntax::Sqlite => format!("?{}", at + 1),
            Syntax::Postgres => format!("${}", at + 1),
            Syntax::MySql => "?".to_owned(),
        }
    }

    /// Whether a value that stands in several places is sent once.
    pub(super) fn numbers_values(self) -> bool {
        self.syntax != Syntax::MySql
    }

    /// Whether texts that differ in case may be taken for equal, if nothing else is said.
    pub(super) fn folds_case(self) -> bool {
        self.syntax == Syntax::MySql
    }

    /// Whether null is the smallest value, and so the first of an ascending order.
    pub(super) fn null_is_smallest(self) -> bool {
        self.syntax != Syntax::Postgres
    }
}
