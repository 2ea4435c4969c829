//! What a server reports, as the sorts of failure that users tell apart. The codes are SQLSTATE, those of PostgreSQL and
//! of MySQL and MariaDB.

use crate::error::Fault;

/// The sort of failure of a code.
#[cfg_attr(
    not(any(feature = "postgres", feature = "sqlx-postgres", feature = "sqlx-mysql")),
    expect(dead_code, reason = "SQLite has codes of its own")
)]
pub(in crate::source) fn fault(code: &str) -> Fault {
    match code {
        "42P01" | "42S02" => Fault::MissingTable,
        "42703" | "42S22" => Fault::MissingColumn,
        // A lock that is not had in time, a deadlock, a transaction that would not fit among the others.
        "55P03" | "40P01" | "40001" => Fault::Busy,
        "25006" => Fault::ReadOnly,
        "57014" | "70100" => Fault::Interrupted,
        // The server is shutting down, or not up yet.
        "57P01" | "57P02" | "57P03" => Fault::Disconnected,
        // A time-out has ended the connection, its database was dropped, or there are too many.
        "25P03" | "57P04" | "57P05" | "53300" => Fault::Disconnected,
        "25P02" => Fault::Aborted,
        code if code.starts_with("08") => Fault::Disconnected,
        _ => Fault::Other,
    }
}
