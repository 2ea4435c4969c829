//! What sqlx reports, as the sorts of failure that users tell apart.

use super::SqlxDatabase;
use crate::error::{Error, ErrorKind, Fault};
use crate::source::sql::Failure;

/// The sort of failure.
pub(super) fn fault<DB: SqlxDatabase>(error: &sqlx::Error) -> Fault {
    match error {
        sqlx::Error::Database(error) => DB::fault(&**error),
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => Fault::Disconnected,
        _ => Fault::Other,
    }
}

/// What the database says, or sqlx where it is about the connection.
pub(super) fn reason(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(error) => error.message().to_owned(),
        sqlx::Error::Io(error) => format!("the connection was lost: {error}"),
        sqlx::Error::PoolTimedOut => "none of the pool's connections came free in time; look for a transaction that \
                                      stays open, or raise `max_connections` or `acquire_timeout`"
            .to_owned(),
        sqlx::Error::PoolClosed => "the pool is closed".to_owned(),
        error => error.to_string(),
    }
}

/// A failure outside of any statement of ours.
#[cold]
pub(super) fn connection<DB: SqlxDatabase>(action: &str, error: &sqlx::Error) -> Error {
    ErrorKind::Connection { action: action.to_owned(), fault: fault::<DB>(error), reason: reason(error) }.into()
}

/// A statement that was not read to its end.
#[cold]
pub(super) fn failure<DB: SqlxDatabase>(error: &sqlx::Error) -> Failure {
    Failure::Refused { fault: fault::<DB>(error), reason: reason(error) }
}

/// More values than one statement may have.
#[cold]
pub(super) fn too_many(values: usize, most: usize) -> Failure {
    let reason = format!(
        "its list of keys has to go in one statement, which would have {values} values; {most} are the most: load for \
         fewer rows at once, as in `windows(..)`"
    );
    Failure::Refused { fault: Fault::Other, reason }
}
