//! What SQLite reports, as the sorts of failure that users tell apart: its result code, and the message where the code is
//! the same for all mistakes in a statement.

use crate::error::Fault;

/// The sort of failure of a result code, which may be an extended one.
pub(in crate::source) fn fault(code: i32, message: &str) -> Fault {
    match code & 0xff {
        3 | 14 => Fault::CannotOpen,
        5 | 6 => Fault::Busy,
        8 => Fault::ReadOnly,
        9 => Fault::Interrupted,
        11 | 26 => Fault::Corrupt,
        _ if message.starts_with("no such table") => Fault::MissingTable,
        _ if message.starts_with("no such column") => Fault::MissingColumn,
        _ => Fault::Other,
    }
}
