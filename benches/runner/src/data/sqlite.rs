//! The data in an SQLite file in WAL mode.

use std::path::Path;

use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, ToSql, params_from_iter};

use super::{Cell, Data, INDEXES, SCHEMA, TABLES, rng};
use crate::Result;

impl ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Int(value) => value.to_sql(),
            Self::Text(value) => value.to_sql(),
            Self::Null => rusqlite::types::Null.to_sql(),
        }
    }
}

/// Makes the file. No `ANALYZE`: with its statistics SQLite prepares some statements again for every value that is
/// bound.
///
/// # Errors
/// When SQLite cannot write the file.
pub fn seed(path: &Path, data: &Data) -> Result<()> {
    let mut connection = Connection::open(path)?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.execute_batch(SCHEMA)?;
    let transaction = connection.transaction()?;
    let mut rng = rng();
    for table in TABLES {
        for id in 1..=data.rows(table) {
            let row = data.row(table, id, &mut rng);
            let marks = vec!["?"; row.len()].join(", ");
            let mut insert = transaction.prepare_cached(&format!("INSERT INTO {} VALUES ({marks})", table.name()))?;
            insert.execute(params_from_iter(&row))?;
        }
    }
    transaction.commit()?;
    connection.execute_batch(INDEXES)?;
    connection.pragma_update_and_check(None, "wal_checkpoint", "TRUNCATE", |_| Ok(()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Layout;

    #[test]
    fn a_file_has_as_many_rows_as_asked_for() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("bench.db");
        seed(&path, &Data { users: 10, layout: Layout::Scattered, only_posts: false }).unwrap();
        let connection = Connection::open(&path).unwrap();
        let count = |table: &str| -> i64 {
            connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
        };
        assert_eq!((count("users"), count("posts"), count("comments")), (10, 100, 500));
        assert_eq!((count("post_tags"), count("nodes")), (300, 100));
    }
}
