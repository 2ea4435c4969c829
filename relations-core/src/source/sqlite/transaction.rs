//! `SqliteTransaction`: one connection that keeps its transaction from turn to turn. Each turn is one plan or closure.

use std::fmt;
use std::sync::Arc;
use std::thread;

use rusqlite::Connection;
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::pool::{Hold, Lease};
use super::{Session, Sqlite, fault};
use crate::error::{Error, ErrorKind, Result};
use crate::source::{Plan, Settings, Source, Transaction, Transactional};

/// A transaction on a [`Sqlite`] database: a source whose reads see its writes. Dropping it rolls back.
///
/// What is asked of it at the same time is done one after the other. A future that is dropped leaves it usable; work that
/// has begun is finished first. A statement that fails undoes itself and leaves the transaction open, as SQLite does.
///
/// See [`Sqlite::begin`].
#[must_use = "a transaction that is dropped is rolled back"]
pub struct SqliteTransaction {
    db: Sqlite,
    lease: Arc<Mutex<Option<Lease>>>,
}

/// The use of a transaction's connection for one piece of work. It holds no lease once the transaction has ended.
struct Turn(OwnedMutexGuard<Option<Lease>>);

impl Turn {
    /// Fails if the transaction has ended, and then gives the connection back.
    fn check(&mut self) -> Result<()> {
        if self.session().is_ok_and(Session::in_transaction) {
            return Ok(());
        }
        self.0.take();
        Err(ended())
    }
}

impl Hold for Turn {
    fn lease(&mut self) -> Result<&mut Lease> {
        self.0.as_mut().ok_or_else(ended)
    }

    fn session(&self) -> Result<&Session> {
        self.0.as_ref().ok_or_else(ended)?.session()
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        // A panic in the user's code may have left its writes half done: they are rolled back.
        if thread::panicking() {
            self.0.take();
        }
    }
}

impl Sqlite {
    /// Begins a transaction, which keeps one connection until it ends.
    ///
    /// It may write (`BEGIN IMMEDIATE`). SQLite has one writer at a time: a second transaction on this handle or its clones
    /// waits until the first has ended; other writers wait, and are waited for, as long as the
    /// [`busy_timeout`](super::SqliteBuilder::busy_timeout). Readers outside see the state before it. But a database in
    /// memory has one connection, so there they wait, too. A task that has a transaction open therefore reads through
    /// it; if it waits for the database itself or for a second transaction, it may wait for itself.
    ///
    /// ```
    /// use relations_core::{HasMany, Relations, Sqlite, block_on};
    ///
    /// #[derive(Relations)]
    /// struct User {
    ///     #[relations(key)]
    ///     id: i64,
    ///     #[has_many]
    ///     posts: HasMany<Post>,
    /// }
    ///
    /// #[derive(Relations)]
    /// struct Post {
    ///     #[relations(key)]
    ///     id: i64,
    ///     user_id: i64,
    /// }
    ///
    /// let db = Sqlite::memory()?;
    /// block_on(async {
    ///     let schema = "CREATE TABLE users (id INTEGER PRIMARY KEY);
    ///                   CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL);
    ///                   INSERT INTO users VALUES (1);";
    ///     db.connection(move |c| c.execute_batch(schema)).await?;
    ///
    ///     let transaction = db.begin().await?;
    ///     transaction.connection(|c| c.execute("INSERT INTO posts (user_id) VALUES (?1)", [1])).await?;
    ///     let users = User::all(&transaction).await?;
    ///     assert_eq!(users[0].posts(&transaction).await?.len(), 1);
    ///     transaction.commit().await?;
    ///
    ///     assert_eq!(Post::all(&db).await?.len(), 1);
    ///     Ok::<(), relations_core::Error>(())
    /// })?;
    /// # Ok::<(), relations_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// When no connection can be had, or another writer holds the lock for too long.
    pub async fn begin(&self) -> Result<SqliteTransaction> {
        let lease = self.pool.lease_to_write().await?;
        let transaction = SqliteTransaction { db: self.clone(), lease: Arc::new(Mutex::new(Some(lease))) };
        let action = format!("beginning a transaction on {}", self.name);
        let begin = move |turn: &mut Turn| turn.session()?.execute("BEGIN IMMEDIATE", &action);
        self.work(transaction.wait().await?, begin).await?;
        Ok(transaction)
    }
}

impl SqliteTransaction {
    /// Lends the transaction's connection for SQL of your own, as [`Sqlite::connection`] does.
    ///
    /// The closure must not end the transaction: that is an error, then and at whatever follows.
    ///
    /// # Errors
    /// What the closure returns, and when the transaction has ended.
    pub async fn connection<T, F>(&self, work: F) -> Result<T>
    where
        F: FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let name = Arc::clone(&self.db.name);
        let lend = move |turn: &mut Turn| {
            let outcome = turn.lease()?.lend(work)?;
            let open = turn.check();
            let output = outcome.map_err(|error| {
                let ended = if open.is_ok() { "" } else { ", which ended the transaction" };
                fault::connection(format!("SQL of your own on {name}{ended}"), &error)
            })?;
            open.map(|()| output)
        };
        self.db.work(self.turn().await?, lend).await
    }

    /// Makes the writes last, and gives the connection back.
    ///
    /// # Errors
    /// When the database refuses; the transaction is rolled back then.
    pub async fn commit(self) -> Result<()> {
        self.commit_then(|| ()).await
    }

    async fn commit_then(&self, then: impl FnOnce() + Send + 'static) -> Result<()> {
        let action = format!("committing a transaction on {}, which has been rolled back", self.db.name);
        self.end("COMMIT", action, then).await
    }

    /// Undoes the writes, and gives the connection back.
    ///
    /// # Errors
    /// When the transaction has ended already.
    pub async fn rollback(self) -> Result<()> {
        self.end("ROLLBACK", format!("rolling back a transaction on {}", self.db.name), || ()).await
    }

    async fn end(&self, sql: &'static str, action: String, then: impl FnOnce() + Send + 'static) -> Result<()> {
        let lease = self.turn().await?.0.take().ok_or_else(ended)?;
        // A lease that ends within a transaction rolls it back.
        let end = move |lease: &mut Lease| {
            lease.session()?.execute(sql, &action)?;
            then();
            Ok(())
        };
        self.db.work(lease, end).await
    }

    /// Waits until the work before is done, and sees that the transaction is open.
    async fn turn(&self) -> Result<Turn> {
        let mut turn = self.wait().await?;
        turn.check().map(|()| turn)
    }

    async fn wait(&self) -> Result<Turn> {
        match Arc::clone(&self.lease).try_lock_owned() {
            Ok(guard) => Ok(Turn(guard)),
            Err(_) if self.db.pool.is_lent_here() => Err(ErrorKind::Reentrant.into()),
            Err(_) => Ok(Turn(Arc::clone(&self.lease).lock_owned().await)),
        }
    }
}

impl fmt::Debug for SqliteTransaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteTransaction").field("db", &self.db).finish_non_exhaustive()
    }
}

impl Source for SqliteTransaction {
    type Session = Session;

    async fn run<P: Plan<Session>>(&self, plan: P) -> Result<P::Output> {
        self.db.plan(self.turn().await?, plan).await
    }

    fn settings(&self) -> &Settings {
        self.db.settings()
    }
}

impl Transactional for Sqlite {
    type Transaction = SqliteTransaction;

    async fn begin(&self) -> Result<SqliteTransaction> {
        Self::begin(self).await
    }
}

impl Transaction for SqliteTransaction {
    async fn commit(self, then: impl FnOnce() + Send + 'static) -> Result<()> {
        self.commit_then(then).await
    }

    async fn rollback(self) -> Result<()> {
        Self::rollback(self).await
    }
}

fn ended() -> Error {
    ErrorKind::TransactionEnded.into()
}
