//! What SQLite reports, as the sorts of failure that users tell apart.

use crate::error::{Error, ErrorKind, Fault};
use crate::source::sql::sqlite_code;

/// The sort of failure.
pub(super) fn fault(error: &rusqlite::Error) -> Fault {
    match error {
        rusqlite::Error::SqliteFailure(failure, message) => {
            sqlite_code::fault(failure.extended_code, message.as_deref().unwrap_or_default())
        }
        rusqlite::Error::SqlInputError { error, msg, .. } => sqlite_code::fault(error.extended_code, msg),
        _ => Fault::Other,
    }
}

/// What SQLite says, without the statement that rusqlite may add.
pub(super) fn reason(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        error => error.to_string(),
    }
}

/// A failure outside of any statement of ours.
pub(super) fn connection(action: impl Into<String>, error: &rusqlite::Error) -> Error {
    // A row that was no row of its model, in a closure of the user's: it says more than the driver does of it.
    if let rusqlite::Error::FromSqlConversionFailure(_, _, source) = error
        && let Some(error) = source.downcast_ref::<Error>()
    {
        return error.clone();
    }
    ErrorKind::Connection { action: action.into(), fault: fault(error), reason: reason(error) }.into()
}
