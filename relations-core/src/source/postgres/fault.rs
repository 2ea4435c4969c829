//! What PostgreSQL and the way to it report, as the sorts of failure that users tell apart.

use std::error::Error as _;
use std::io;

use deadpool_postgres::PoolError;

use crate::error::{Error, ErrorKind, Fault};
use crate::source::sql::{Failure, sqlstate};

/// The sort of failure.
pub(super) fn fault(error: &tokio_postgres::Error) -> Fault {
    match error.code() {
        Some(code) => sqlstate::fault(code.code()),
        None if error.is_closed() || error.source().is_some_and(|source| source.is::<io::Error>()) => {
            Fault::Disconnected
        }
        None => Fault::Other,
    }
}

/// What the server says, or else the driver.
pub(super) fn reason(error: &tokio_postgres::Error) -> String {
    let Some(said) = error.as_db_error() else {
        let source = error.source().map(|source| format!(": {source}"));
        return format!("{error}{}", source.unwrap_or_default());
    };
    let more = [said.detail(), said.hint()].into_iter().flatten();
    more.fold(said.message().to_owned(), |message, more| format!("{message}; {more}"))
}

/// A failure outside of any statement of ours.
pub(super) fn connection(action: impl Into<String>, error: &tokio_postgres::Error) -> Error {
    ErrorKind::Connection { action: action.into(), fault: fault(error), reason: reason(error) }.into()
}

/// A connection cannot be had.
pub(super) fn pool(action: impl Into<String>, error: &PoolError) -> Error {
    let PoolError::Backend(error) = error else {
        let (fault, reason) = (Fault::Disconnected, error.to_string());
        return ErrorKind::Connection { action: action.into(), fault, reason }.into();
    };
    connection(action, error)
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Refused { fault: fault(&error), reason: reason(&error) }
    }
}
