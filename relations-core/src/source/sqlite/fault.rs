//! What SQLite reports, as the sorts of failure that users tell apart.

use rusqlite::ErrorCode;

use crate::error::{Error, ErrorKind, Fault};

/// The sort of failure.
pub(super) fn fault(error: &rusqlite::Error) -> Fault {
    let rusqlite::Error::SqliteFailure(failure, message) = error else {
        return match error {
            rusqlite::Error::SqlInputError { msg, .. } => missing(msg),
            _ => Fault::Other,
        };
    };
    match failure.code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Fault::Busy,
        ErrorCode::ReadOnly => Fault::ReadOnly,
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Fault::Corrupt,
        ErrorCode::CannotOpen | ErrorCode::PermissionDenied => Fault::CannotOpen,
        ErrorCode::OperationInterrupted => Fault::Interrupted,
        _ => message.as_deref().map_or(Fault::Other, missing),
    }
}

/// SQLite has one code for all mistakes in a statement; the message tells.
fn missing(message: &str) -> Fault {
    if message.starts_with("no such table") {
        Fault::MissingTable
    } else if message.starts_with("no such column") {
        Fault::MissingColumn
    } else {
        Fault::Other
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
