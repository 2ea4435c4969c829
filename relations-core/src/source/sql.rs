//! What all SQL databases share: statement texts, sessions that send them, what is bound and how rows are read. A driver
//! says what is its own: its dialect, and how a statement is sent.

use std::sync::Arc;

use sea_query::Value;

use crate::backend::{Backend, SqlKey};
use crate::error::{Error, Fault, Result};

mod about;
mod aggregate;
mod dialect;
mod session;
#[cfg(any(feature = "sqlite", feature = "sqlx-sqlite"))]
pub(in crate::source) mod sqlite_code;
pub(in crate::source) mod sqlstate;
mod statement;
mod template;

pub use dialect::Dialect;
pub use session::SqlSession;

/// A driver of an SQL database: what is bound to statements besides keys.
pub trait SqlBackend: Backend {
    /// Adds the value of a filter or a limit.
    ///
    /// # Errors
    /// When the database has no such value.
    fn add_value(arguments: &mut Self::Arguments, value: &Value) -> Result<(), String>;

    /// Reads the number that a count gives, from the first column.
    ///
    /// # Errors
    /// What the driver says.
    fn count(row: &Self::Row<'_>) -> Result<u64, String>;

    /// Adds a list of keys as one value, which holds their parts one after another. Only databases whose dialect wants
    /// such a list have one.
    ///
    /// # Errors
    /// The position of the key that cannot be sent, and why.
    fn add_keys<'k, K: SqlKey<Self>>(
        arguments: &mut Self::Arguments,
        keys: impl ExactSizeIterator<Item = &'k K>,
    ) -> Result<(), (usize, String)> {
        let mut keys = keys.enumerate();
        keys.try_for_each(|(at, key)| key.bind(arguments).map_err(|reason| (at, reason)))
    }
}

/// A connection to an SQL database, as a session sees it.
pub trait Driver: Send + Sync {
    /// How values are bound and rows decoded.
    type Backend: SqlBackend;

    /// How statements are written.
    const DIALECT: Dialect;

    /// As many values as a statement may have.
    const MOST_VALUES: usize = usize::MAX;

    /// Sends a statement and visits its rows.
    ///
    /// # Errors
    /// When the database refuses, or `visit` fails.
    fn send(
        &self,
        sql: &Arc<str>,
        arguments: <Self::Backend as Backend>::Arguments,
        visit: impl FnMut(&<Self::Backend as Backend>::Row<'_>) -> Result<()> + Send,
    ) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// Why a statement was not read to its end.
#[derive(Debug)]
pub enum Failure {
    /// The database refused it.
    Refused {
        /// The sort of refusal.
        fault: Fault,
        /// What the database says.
        reason: String,
    },
    /// A row could not be read.
    Row(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Row(error)
    }
}
