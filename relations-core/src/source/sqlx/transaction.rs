//! `SqlxTransaction`: a transaction of sqlx that owns its connection, so that it is a source by `&`.

use std::fmt;
use std::ops::DerefMut;

use super::connection::{Held, SqlxConnection};
use super::{Reading, Session, SqlxDatabase, fault};
use crate::error::{ErrorKind, Fault, Result};
use crate::source::{Plan, Settings, Source, Transaction, runtime};

/// A transaction of sqlx: a source whose reads see its writes. Dropping it rolls back.
///
/// It has one connection, so what is asked of it at the same time is done one after the other. A future that is dropped
/// leaves it usable. After a statement that failed PostgreSQL refuses all others until the transaction ends, MySQL and
/// SQLite go on.
///
/// It comes from [`Sqlx::begin`](super::Sqlx::begin), from a transaction that sqlx began (`SqlxTransaction::from`), or
/// through a [`Db`](crate::Db).
///
/// ```no_run
/// # #[cfg(feature = "sqlx-postgres")]
/// # async fn run(pool: sqlx::PgPool) -> Result<(), Box<dyn std::error::Error>> {
/// # use relations_core::{Relations, SqlxTransaction};
/// # #[derive(Relations)]
/// # struct User { #[relations(key)] id: i64 }
/// let transaction = SqlxTransaction::from(pool.begin().await?);
/// sqlx::query("INSERT INTO users VALUES (7)").execute(&mut *transaction.connection().await).await?;
/// let users = User::all(&transaction).await?;
/// transaction.commit().await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "a transaction that is dropped is rolled back"]
pub struct SqlxTransaction<'c, DB: SqlxDatabase>(SqlxConnection<'c, DB>);

impl<'c, DB: SqlxDatabase> SqlxTransaction<'c, DB> {
    pub(super) fn new(transaction: sqlx::Transaction<'c, DB>, reading: &Reading) -> Self {
        Self(SqlxConnection::new(Held::Transaction(transaction), reading))
    }

    /// The transaction's connection, for SQL of your own: `query.execute(&mut *transaction.connection().await)`. Reads
    /// wait until it is dropped. The SQL must not end the transaction.
    pub async fn connection(&self) -> impl DerefMut<Target = DB::Connection> + Send {
        self.0.connection().await
    }

    /// Makes the writes last, and gives the connection back.
    ///
    /// # Errors
    /// When the database refuses, or a statement had failed after which it keeps nothing; the transaction is rolled back
    /// then. When the connection is lost meanwhile, nobody knows whether it was committed.
    pub async fn commit(self) -> Result<()> {
        if let Some(sql) = DB::COMMITTABLE {
            let asked = DB::execute(&mut *self.connection().await, sql).await;
            asked.map_err(|error| fault::connection::<DB>(COMMITTING, &error))?;
        }
        let committed = self.0.session.driver.commit().await;
        committed.map_err(|error| fault::connection::<DB>(COMMITTING, &error))
    }

    /// Undoes the writes, and gives the connection back.
    ///
    /// # Errors
    /// When the connection is lost, which has rolled it back.
    pub async fn rollback(self) -> Result<()> {
        let ended = self.0.session.driver.rollback().await;
        ended.map_err(|error| fault::connection::<DB>("rolling back a transaction", &error))
    }
}

const COMMITTING: &str = "committing a transaction";

impl<'c, DB: SqlxDatabase> From<sqlx::Transaction<'c, DB>> for SqlxTransaction<'c, DB> {
    fn from(transaction: sqlx::Transaction<'c, DB>) -> Self {
        Self::new(transaction, &Reading::of::<DB>())
    }
}

impl<'c, DB: SqlxDatabase> Source for SqlxTransaction<'c, DB> {
    type Session = Session<'c, DB>;

    fn run<P: Plan<Self::Session>>(&self, plan: P) -> impl Future<Output = Result<P::Output>> + Send {
        self.0.run(plan)
    }

    fn settings(&self) -> &Settings {
        &self.0.settings
    }
}

impl<DB: SqlxDatabase> Transaction for SqlxTransaction<'static, DB> {
    async fn commit(self, then: impl FnOnce() + Send + 'static) -> Result<()> {
        runtime::check(|| COMMITTING.to_owned())?;
        // A task of its own: once the database was asked, the answer is waited for, whoever drops this future.
        let committing = tokio::spawn(async move {
            let committed = Self::commit(self).await;
            // Without an answer it may have been committed.
            if committed.as_ref().err().is_none_or(|error| is_unanswered(error.kind())) {
                then();
            }
            committed
        });
        committing.await.unwrap_or_else(|_| Err(ErrorKind::Closed.into()))
    }

    async fn rollback(self) -> Result<()> {
        Self::rollback(self).await
    }
}

fn is_unanswered(error: &ErrorKind) -> bool {
    matches!(error, ErrorKind::Connection { fault: Fault::Disconnected, .. })
}

impl<DB: SqlxDatabase> fmt::Debug for SqlxTransaction<'_, DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqlxTransaction").field("database", &DB::NAME).finish_non_exhaustive()
    }
}
