//! The models and the database that the behaviour tests share. The behaviours are in `tests/`.

pub mod blog;
pub mod media;
pub mod school;
pub mod shop;
pub mod staff;
pub mod tags;
pub mod world;

use relations_core::{Sqlite, StatementLog, block_on};

/// A database in memory with this schema and these rows, run inline.
pub fn database(schema: &'static str, rows: &str) -> Sqlite {
    let db = Sqlite::memory().expect("a database in memory").inline();
    execute(&db, schema);
    execute(&db, rows);
    db
}

/// Runs SQL that changes the database.
pub fn execute(db: &Sqlite, sql: &str) {
    let sql = sql.to_owned();
    block_on(db.connection(move |c| c.execute_batch(&sql))).expect("the test's own SQL");
}

/// How many statements the log holds.
pub fn sent(log: &StatementLog) -> usize {
    log.statements().len()
}

/// The relations that the log's statements were sent for, with the number of their keys.
pub fn relations(log: &StatementLog) -> Vec<(String, usize)> {
    log.statements().iter().map(|statement| (statement.name().to_owned(), statement.keys)).collect()
}
