//! A session on SQLite: one connection with its prepared statements.

use std::rc::Rc;
use std::sync::{Arc, Mutex};

use rusqlite::Connection as Sqlite3;

use super::fault;
use super::value::{Argument, Rusqlite};
use crate::error::Result;
use crate::log::lock;
use crate::source::sql::{Dialect, Driver, Failure, SqlSession};
use crate::source::{Plan, Reader};

/// One connection to a SQLite database, as plans see it.
pub type Session = SqlSession<Connection>;

/// A connection by rusqlite.
pub struct Connection(Mutex<Sqlite3>);

impl Connection {
    pub(super) fn new(connection: Sqlite3) -> Self {
        Self(Mutex::new(connection))
    }
}

impl Driver for Connection {
    type Backend = Rusqlite;

    const DIALECT: Dialect = Dialect::SQLITE_RARRAY;

    async fn send(
        &self,
        sql: &Arc<str>,
        arguments: Vec<Argument>,
        mut visit: impl FnMut(&rusqlite::Row<'_>) -> Result<()> + Send,
    ) -> Result<(), Failure> {
        let connection = lock(&self.0);
        let mut statement = connection.prepare_cached(sql)?;
        for (at, argument) in (1..).zip(arguments) {
            match argument {
                Argument::One(value) => statement.raw_bind_parameter(at, value)?,
                Argument::List(values) => statement.raw_bind_parameter(at, Rc::new(values))?,
            }
        }
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            visit(row)?;
        }
        Ok(())
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Refused { fault: fault::fault(&error), reason: fault::reason(&error) }
    }
}

impl Session {
    pub(super) fn connection(&self) -> &Mutex<Sqlite3> {
        &self.driver.0
    }

    pub(super) fn in_transaction(&self) -> bool {
        !lock(self.connection()).is_autocommit()
    }

    /// Runs a plan; if it may send several statements, they see one snapshot. A transaction that is open is one.
    pub(super) async fn run<P: Plan<Self>>(&self, plan: P) -> Result<P::Output> {
        if !plan.needs_snapshot() || self.in_transaction() {
            return plan.run(Reader::new(self)).await;
        }
        self.execute("BEGIN", "beginning a read")?;
        let result = plan.run(Reader::new(self)).await;
        // Ending a transaction that has only read cannot lose anything.
        let ended = self.execute(if result.is_ok() { "COMMIT" } else { "ROLLBACK" }, "ending a read");
        let output = result?;
        ended?;
        Ok(output)
    }

    /// Sends a statement that begins or ends a transaction.
    pub(super) fn execute(&self, sql: &'static str, action: &str) -> Result<()> {
        let connection = lock(self.connection());
        let result = connection.prepare_cached(sql).and_then(|mut statement| statement.execute(()));
        result.map(|_| ()).map_err(|error| fault::connection(action, &error))
    }
}
