//! A connection of sqlx: the driver of a session, and `SqlxConnection`, the source of a single one.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use sqlx::pool::PoolConnection;
use tokio::sync::Mutex;

use super::{Reading, Session, SqlxDatabase};
use crate::backend::Backend;
use crate::error::Result;
use crate::source::sql::{Dialect, Driver, Failure};
use crate::source::{Plan, Reader, Settings, Source};

/// A connection of sqlx, of a pool or by itself. What is asked of it at the same time is done one after the other.
pub struct Connection<'c, DB: SqlxDatabase>(Mutex<Held<'c, DB>>);

/// What leads to the connection.
pub(super) enum Held<'c, DB: SqlxDatabase> {
    Connection(Box<dyn DerefMut<Target = DB::Connection> + Send + 'c>),
    Transaction(sqlx::Transaction<'c, DB>),
}

impl<DB: SqlxDatabase> Deref for Held<'_, DB> {
    type Target = DB::Connection;

    fn deref(&self) -> &DB::Connection {
        match self {
            Self::Connection(connection) => connection,
            Self::Transaction(transaction) => transaction,
        }
    }
}

impl<DB: SqlxDatabase> DerefMut for Held<'_, DB> {
    fn deref_mut(&mut self) -> &mut DB::Connection {
        match self {
            Self::Connection(connection) => connection,
            Self::Transaction(transaction) => transaction,
        }
    }
}

impl<'c, DB: SqlxDatabase> Connection<'c, DB> {
    pub(super) fn new(held: Held<'c, DB>) -> Self {
        Self(Mutex::new(held))
    }

    /// Waits until the work before is done.
    pub(super) async fn lock(&self) -> impl DerefMut<Target = DB::Connection> + Send {
        tokio::sync::MutexGuard::map(self.0.lock().await, DerefMut::deref_mut)
    }

    /// Makes the writes of a transaction last.
    pub(super) async fn commit(self) -> sqlx::Result<()> {
        match self.0.into_inner() {
            Held::Connection(_) => Ok(()),
            Held::Transaction(transaction) => transaction.commit().await,
        }
    }

    /// Undoes the writes of a transaction.
    pub(super) async fn rollback(self) -> sqlx::Result<()> {
        match self.0.into_inner() {
            Held::Connection(_) => Ok(()),
            Held::Transaction(transaction) => transaction.rollback().await,
        }
    }
}

impl<DB: SqlxDatabase> Driver for Connection<'_, DB> {
    type Backend = DB;

    const DIALECT: Dialect = DB::DIALECT;
    const MOST_VALUES: usize = DB::MOST_VALUES;

    async fn send(
        &self,
        sql: &Arc<str>,
        arguments: <DB as Backend>::Arguments,
        visit: impl FnMut(&<DB as Backend>::Row<'_>) -> Result<()> + Send,
    ) -> Result<(), Failure> {
        let mut held = self.0.lock().await;
        DB::send(&mut held, sql, arguments, visit).await
    }
}

/// A single connection of sqlx as a source, owned or borrowed: `SqlxConnection::from(&mut connection)`. Of a transaction
/// that somebody else ends, `SqlxConnection::from(&mut transaction)`.
///
/// ```no_run
/// # #[cfg(feature = "sqlx-postgres")]
/// # async fn run(pool: sqlx::PgPool) -> Result<(), Box<dyn std::error::Error>> {
/// # use relations_core::{Relations, SqlxConnection};
/// # #[derive(Relations)]
/// # struct User { #[relations(key)] id: i64 }
/// let mut transaction = pool.begin().await?;
/// sqlx::query("INSERT INTO users VALUES (7)").execute(&mut *transaction).await?;
/// let ann = User::find(&SqlxConnection::from(&mut transaction), 7).await?;
/// transaction.commit().await?;
/// # Ok(())
/// # }
/// ```
pub struct SqlxConnection<'c, DB: SqlxDatabase> {
    pub(super) session: Session<'c, DB>,
    pub(super) settings: Settings,
}

impl<'c, DB: SqlxDatabase> SqlxConnection<'c, DB> {
    pub(super) fn new(held: Held<'c, DB>, reading: &Reading) -> Self {
        Self { session: reading.session(held), settings: reading.settings.clone() }
    }

    pub(super) fn of(connection: impl DerefMut<Target = DB::Connection> + Send + 'c) -> Self {
        Self::new(Held::Connection(Box::new(connection)), &Reading::of::<DB>())
    }

    /// The connection, for SQL of your own: `query.execute(&mut *source.connection().await)`. Reads wait until it is
    /// dropped.
    pub async fn connection(&self) -> impl DerefMut<Target = DB::Connection> + Send {
        self.session.driver.lock().await
    }
}

impl<DB: SqlxDatabase> From<PoolConnection<DB>> for SqlxConnection<'static, DB> {
    fn from(connection: PoolConnection<DB>) -> Self {
        Self::of(connection)
    }
}

impl<'c, DB: SqlxDatabase> From<&'c mut PoolConnection<DB>> for SqlxConnection<'c, DB> {
    fn from(connection: &'c mut PoolConnection<DB>) -> Self {
        Self::of(&mut **connection)
    }
}

impl<'c, DB: SqlxDatabase> From<&'c mut sqlx::Transaction<'_, DB>> for SqlxConnection<'c, DB> {
    fn from(transaction: &'c mut sqlx::Transaction<'_, DB>) -> Self {
        Self::of(&mut **transaction)
    }
}

macro_rules! from_connections {
    ($feature:literal: $connection:ty, $database:ty) => {
        #[cfg(feature = $feature)]
        impl From<$connection> for SqlxConnection<'static, $database> {
            fn from(connection: $connection) -> Self {
                Self::of(Box::new(connection))
            }
        }

        #[cfg(feature = $feature)]
        impl<'c> From<&'c mut $connection> for SqlxConnection<'c, $database> {
            fn from(connection: &'c mut $connection) -> Self {
                Self::of(connection)
            }
        }
    };
}

from_connections!("sqlx-postgres": sqlx::PgConnection, sqlx::Postgres);
from_connections!("sqlx-mysql": sqlx::MySqlConnection, sqlx::MySql);
from_connections!("sqlx-sqlite": sqlx::SqliteConnection, sqlx::Sqlite);

impl<'c, DB: SqlxDatabase> Source for SqlxConnection<'c, DB> {
    type Session = Session<'c, DB>;

    fn run<P: Plan<Self::Session>>(&self, plan: P) -> impl Future<Output = Result<P::Output>> + Send {
        plan.run(Reader::new(&self.session))
    }

    fn settings(&self) -> &Settings {
        &self.settings
    }
}

impl<DB: SqlxDatabase> fmt::Debug for SqlxConnection<'_, DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqlxConnection").field("database", &DB::NAME).finish_non_exhaustive()
    }
}
