//! The databases of sqlx that relations are loaded from, and what is particular to each.

use std::sync::Arc;

use futures_util::TryStreamExt;
use sqlx::error::DatabaseError;
use sqlx::{AssertSqlSafe, Executor};

use super::fault;
use crate::backend::Backend;
use crate::error::{Fault, Result};
use crate::source::sql::{Dialect, Failure, SqlBackend};

mod sealed {
    pub trait Sealed {}
}

/// A database of sqlx that relations are loaded from: `Postgres`, `MySql`, `Sqlite`.
#[diagnostic::on_unimplemented(
    message = "relations are not loaded from sqlx's `{Self}`",
    note = "switch on the feature `sqlx-postgres`, `sqlx-mysql` or `sqlx-sqlite` of `relations-core`"
)]
pub trait SqlxDatabase: sqlx::Database<Connection: Send> + SqlBackend + sealed::Sealed {
    /// How statements are written.
    #[doc(hidden)]
    const DIALECT: Dialect;
    /// As many values as a statement may have.
    #[doc(hidden)]
    const MOST_VALUES: usize;
    /// As many keys as go in one statement if nothing else is said.
    #[doc(hidden)]
    const KEYS_PER_STATEMENT: usize;
    /// Begins a transaction that may write.
    #[doc(hidden)]
    const BEGIN: &'static str;
    /// Begins a transaction that reads one snapshot.
    #[doc(hidden)]
    const SNAPSHOT: &'static str;
    /// Fails where a commit would only say that it had rolled back.
    #[doc(hidden)]
    const COMMITTABLE: Option<&'static str> = None;

    /// The sort of failure.
    #[doc(hidden)]
    fn fault(error: &dyn DatabaseError) -> Fault;

    /// Sends a statement and visits its rows.
    #[doc(hidden)]
    fn send(
        connection: &mut Self::Connection,
        sql: &Arc<str>,
        arguments: <Self as Backend>::Arguments,
        visit: impl FnMut(&<Self as Backend>::Row<'_>) -> Result<()> + Send,
    ) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Sends a statement that gives nothing.
    #[doc(hidden)]
    fn execute(connection: &mut Self::Connection, sql: &'static str) -> impl Future<Output = sqlx::Result<()>> + Send;
}

/// The two ways to send, which each database has to spell out: only then does the compiler see that they are `Send`.
macro_rules! sending {
    ($database:ty) => {
        async fn send(
            connection: &mut Self::Connection,
            sql: &Arc<str>,
            arguments: <Self as Backend>::Arguments,
            mut visit: impl FnMut(&<Self as Backend>::Row<'_>) -> Result<()> + Send,
        ) -> Result<(), Failure> {
            let values = sqlx::Arguments::len(&arguments);
            if values > Self::MOST_VALUES {
                return Err(fault::too_many(values, Self::MOST_VALUES));
            }
            let sql = AssertSqlSafe(Arc::clone(sql));
            let mut rows = connection.fetch(sqlx::query_with(sql, arguments));
            while let Some(row) = rows.try_next().await.map_err(|error| fault::failure::<$database>(&error))? {
                visit(&row)?;
            }
            Ok(())
        }

        async fn execute(connection: &mut Self::Connection, sql: &'static str) -> sqlx::Result<()> {
            connection.execute(sql).await.map(|_| ())
        }
    };
}

#[cfg(feature = "sqlx-postgres")]
impl sealed::Sealed for sqlx::Postgres {}

#[cfg(feature = "sqlx-postgres")]
impl SqlxDatabase for sqlx::Postgres {
    const DIALECT: Dialect = Dialect::POSTGRES;
    // Keys are one value for each part, however many they are.
    const MOST_VALUES: usize = 65_535;
    const KEYS_PER_STATEMENT: usize = usize::MAX;
    const BEGIN: &'static str = "BEGIN";
    const SNAPSHOT: &'static str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    // PostgreSQL answers a commit after a failed statement by rolling back, and calls that no error.
    const COMMITTABLE: Option<&'static str> = Some("SELECT 1");

    fn fault(error: &dyn DatabaseError) -> Fault {
        error.code().map_or(Fault::Other, |code| crate::source::sql::sqlstate::fault(&code))
    }

    sending!(sqlx::Postgres);
}

#[cfg(feature = "sqlx-mysql")]
impl sealed::Sealed for sqlx::MySql {}

#[cfg(feature = "sqlx-mysql")]
impl SqlxDatabase for sqlx::MySql {
    const DIALECT: Dialect = Dialect::MYSQL;
    const MOST_VALUES: usize = 65_535;
    const KEYS_PER_STATEMENT: usize = 4_096;
    const BEGIN: &'static str = "START TRANSACTION";
    // Only at this level is there a snapshot; the server's default may be another.
    const SNAPSHOT: &'static str =
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";

    fn fault(error: &dyn DatabaseError) -> Fault {
        let number = error.try_downcast_ref().map(sqlx::mysql::MySqlDatabaseError::number);
        match number {
            // A lock that is not had in time has no code of its own.
            Some(1205) => Fault::Busy,
            // The connection was killed, which has the code of a statement that was.
            Some(1927) => Fault::Disconnected,
            _ => error.code().map_or(Fault::Other, |code| crate::source::sql::sqlstate::fault(&code)),
        }
    }

    sending!(sqlx::MySql);
}

#[cfg(feature = "sqlx-sqlite")]
impl sealed::Sealed for sqlx::Sqlite {}

#[cfg(feature = "sqlx-sqlite")]
impl SqlxDatabase for sqlx::Sqlite {
    const DIALECT: Dialect = Dialect::SQLITE;
    const MOST_VALUES: usize = 32_766;
    const KEYS_PER_STATEMENT: usize = 4_096;
    // A transaction that has read cannot always write: it takes its turn at once.
    const BEGIN: &'static str = "BEGIN IMMEDIATE";
    const SNAPSHOT: &'static str = "BEGIN";

    fn fault(error: &dyn DatabaseError) -> Fault {
        let code = error.code().and_then(|code| code.parse().ok()).unwrap_or(1);
        crate::source::sql::sqlite_code::fault(code, error.message())
    }

    sending!(sqlx::Sqlite);
}
