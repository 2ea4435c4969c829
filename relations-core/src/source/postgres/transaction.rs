//! `PostgresTransaction`: one connection that keeps its transaction.

use std::fmt;
use std::panic::resume_unwind;

use deadpool_postgres::ClientWrapper;
use tokio_postgres::error::SqlState;

use super::lease::Lease;
use super::{Postgres, Session, fault};
use crate::error::{ErrorKind, Fault, Result};
use crate::source::{Plan, Reader, Settings, Source, Transaction, Transactional, runtime};

/// A transaction on a [`Postgres`] database: a source whose reads see its writes. Dropping it rolls back.
///
/// All of its reads go to its own connection, in the order in which they are asked for; those of one level of a tree are
/// sent without waiting for one another, and the server answers them one by one. A statement that fails leaves the
/// transaction [aborted](Fault::Aborted), as PostgreSQL does: it can only be rolled back.
///
/// See [`Postgres::begin`].
#[must_use = "a transaction that is dropped is rolled back"]
pub struct PostgresTransaction {
    db: Postgres,
    session: Session,
}

impl Postgres {
    /// Begins a transaction, which keeps one connection until it ends.
    ///
    /// ```no_run
    /// # use relations_core::{Postgres, Relations};
    /// # #[derive(Relations)]
    /// # struct User { id: i64, name: String }
    /// # async fn example(db: Postgres) -> Result<(), Box<dyn std::error::Error>> {
    /// let transaction = db.begin().await?;
    /// transaction.client()?.execute("INSERT INTO users (name) VALUES ($1)", &[&"Ann"]).await?;
    /// let users = User::all(&transaction).await?;     // and Ann
    /// transaction.commit().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn begin(&self) -> Result<PostgresTransaction> {
        let session = self.session().await?;
        session.driver.0.begin("BEGIN", || format!("beginning a transaction on {}", self.name)).await?;
        Ok(PostgresTransaction { db: self.clone(), session })
    }
}

impl PostgresTransaction {
    /// The transaction's connection, for SQL of your own. It must not end the transaction: the commit then fails.
    ///
    /// # Errors
    /// When the transaction has ended.
    pub fn client(&self) -> Result<&ClientWrapper> {
        self.lease().client()
    }

    /// Makes the writes last, and gives the connection back.
    ///
    /// # Errors
    /// When the database refuses, or an earlier statement has failed: the transaction is rolled back then. When the
    /// connection is lost, it is not known which.
    pub async fn commit(self) -> Result<()> {
        self.commit_then(|| ()).await
    }

    async fn commit_then(self, then: impl FnOnce() + Send + 'static) -> Result<()> {
        runtime::check(|| "committing a transaction, which is rolled back".to_owned())?;
        // A task of its own goes on if this future is dropped.
        let committing = tokio::spawn(self.committing(then));
        committing.await.unwrap_or_else(|error| match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            Err(_) => Err(ErrorKind::Closed.into()),
        })
    }

    async fn committing(self, then: impl FnOnce() + Send + 'static) -> Result<()> {
        let client = self.client()?;
        let mut then = Then(Some(then));
        // A `COMMIT` alone succeeds where there is no transaction, and rolls an aborted one back without an error.
        let Err(error) = client.batch_execute("SAVEPOINT relations_commit; COMMIT").await else {
            self.lease().ended();
            return Ok(());
        };
        self.lease().note(&error);
        if error.code() == Some(&SqlState::NO_ACTIVE_SQL_TRANSACTION) {
            then.forget();
            self.lease().ended();
            return Err(ErrorKind::TransactionEnded.into());
        }
        let outcome = if fault::fault(&error) == Fault::Disconnected {
            "which may have succeeded"
        } else {
            then.forget();
            "which has been rolled back"
        };
        Err(fault::connection(format!("committing a transaction on {}, {outcome}", self.db.name), &error))
    }

    /// Undoes the writes, and gives the connection back.
    ///
    /// # Errors
    /// When the connection is lost, after which the server rolls back by itself.
    pub async fn rollback(self) -> Result<()> {
        let outcome = self.client()?.batch_execute("ROLLBACK").await;
        outcome.map_err(|error| {
            self.lease().note(&error);
            fault::connection(format!("rolling back a transaction on {}", self.db.name), &error)
        })?;
        self.lease().ended();
        Ok(())
    }

    fn lease(&self) -> &Lease {
        &self.session.driver.0
    }
}

/// What follows a commit: done also if nobody learns whether it succeeded.
struct Then<F: FnOnce()>(Option<F>);

impl<F: FnOnce()> Then<F> {
    fn forget(&mut self) {
        self.0 = None;
    }
}

impl<F: FnOnce()> Drop for Then<F> {
    fn drop(&mut self) {
        if let Some(then) = self.0.take() {
            then();
        }
    }
}

impl fmt::Debug for PostgresTransaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresTransaction").field("db", &self.db).finish_non_exhaustive()
    }
}

impl Source for PostgresTransaction {
    type Session = Session;

    async fn run<P: Plan<Session>>(&self, plan: P) -> Result<P::Output> {
        Box::pin(plan.run(Reader::new(&self.session).pipelined())).await
    }

    fn settings(&self) -> &Settings {
        self.db.settings()
    }
}

impl Transactional for Postgres {
    type Transaction = PostgresTransaction;

    async fn begin(&self) -> Result<PostgresTransaction> {
        Self::begin(self).await
    }
}

impl Transaction for PostgresTransaction {
    async fn commit(self, then: impl FnOnce() + Send + 'static) -> Result<()> {
        self.commit_then(then).await
    }

    async fn rollback(self) -> Result<()> {
        Self::rollback(self).await
    }
}
