//! `DbTransaction`: a transaction of a `Db`. It reads past the shared cache, and tells it of its writes at the commit.

use std::fmt;
use std::sync::{Arc, Mutex};

use super::Db;
use crate::cache::Cache;
use crate::error::Result;
use crate::log::{Recorders, StatementLog, lock};
use crate::plan::Through;
use crate::source::{Plan, Settings, Source, Transaction, Transactional};

/// What is told to the cache at the commit.
type Tell = Box<dyn FnOnce(&Cache) + Send>;

/// A transaction of a [`Db`]: a source whose reads see its writes. It reads past the shared cache and publishes nothing
/// there. Its lazy reads do as those of the `Db` that began it. Dropping it rolls back. See [`Db::begin`].
#[must_use = "a transaction that is dropped is rolled back"]
pub struct DbTransaction<T> {
    transaction: T,
    cache: Cache,
    told: Mutex<Vec<Tell>>,
    settings: Settings,
    recorders: Arc<Recorders>,
}

impl<S: Transactional> Db<S> {
    /// Begins a transaction.
    ///
    /// ```
    /// use relations_core::{CacheConfig, Db, HasMany, Relations, Sqlite, block_on};
    ///
    /// #[derive(Clone, Relations)]
    /// struct User {
    ///     #[relations(key)]
    ///     id: i64,
    ///     #[has_many]
    ///     posts: HasMany<Post>,
    /// }
    ///
    /// #[derive(Clone, Relations)]
    /// struct Post {
    ///     #[relations(key)]
    ///     id: i64,
    ///     user_id: i64,
    /// }
    ///
    /// let sqlite = Sqlite::memory()?;
    /// block_on(async {
    ///     let schema = "CREATE TABLE users (id INTEGER PRIMARY KEY);
    ///                   CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL);
    ///                   INSERT INTO users VALUES (1), (2);
    ///                   INSERT INTO posts VALUES (7, 1);";
    ///     sqlite.connection(move |c| c.execute_batch(schema)).await?;
    ///     let db = Db::builder(sqlite).cache(CacheConfig::default()).build()?;
    ///     assert_eq!(User::all(&db).await?[0].posts(&db).await?.len(), 1);
    ///
    ///     let transaction = db.begin().await?;
    ///     let before = Post::find(&transaction, 7).await?;
    ///     transaction.source().connection(|c| c.execute("UPDATE posts SET user_id = 2 WHERE id = 7", [])).await?;
    ///     let after = Post::find(&transaction, 7).await?;
    ///     transaction.on_commit(move |cache| {
    ///         if let (Some(before), Some(after)) = (before, after) {
    ///             cache.moved(&before, &after);
    ///         }
    ///     });
    ///     transaction.commit().await?;
    ///
    ///     assert_eq!(User::all(&db).await?[0].posts(&db).await?.len(), 0);
    ///     Ok::<(), relations_core::Error>(())
    /// })?;
    /// # Ok::<(), relations_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// When the source cannot begin one.
    pub async fn begin(&self) -> Result<DbTransaction<S::Transaction>> {
        let transaction = self.source().begin().await?;
        Ok(DbTransaction {
            transaction,
            cache: self.cache().clone(),
            told: Mutex::default(),
            settings: self.settings.clone(),
            recorders: Arc::new(self.shared.recorders.narrower()),
        })
    }
}

impl<T> DbTransaction<T> {
    /// The source's own transaction: to write by SQL of your own, or to read lazily whatever the [`Db`]'s mode.
    pub fn source(&self) -> &T {
        &self.transaction
    }

    /// Starts a log of all that is sent by reading through this transaction: see [`Db::record`].
    pub fn record(&self) -> StatementLog {
        self.recorders.record()
    }

    /// Tells the cache something right after the commit: what was written. If the transaction is rolled back, it is told
    /// nothing.
    pub fn on_commit(&self, tell: impl FnOnce(&Cache) + Send + 'static) {
        lock(&self.told).push(Box::new(tell));
    }
}

impl<T: Transaction> DbTransaction<T> {
    /// Makes the writes last, and tells the cache of them, even if this future is dropped meanwhile.
    ///
    /// # Errors
    /// When the database refuses; the transaction is rolled back then, and the cache told nothing.
    pub async fn commit(self) -> Result<()> {
        let Self { transaction, cache, told, .. } = self;
        let told = std::mem::take(&mut *lock(&told));
        transaction.commit(move || told.into_iter().for_each(|tell| tell(&cache))).await
    }

    /// Undoes the writes.
    ///
    /// # Errors
    /// When the transaction has ended already.
    pub async fn rollback(self) -> Result<()> {
        self.transaction.rollback().await
    }
}

impl<T: Source> Source for DbTransaction<T> {
    type Session = T::Session;

    fn run<P: Plan<T::Session>>(&self, plan: P) -> impl Future<Output = Result<P::Output>> + Send {
        let plan = Through { plan, cache: None, recorders: Arc::clone(&self.recorders) };
        super::run(&self.transaction, plan, self.settings.timeout)
    }

    fn settings(&self) -> &Settings {
        &self.settings
    }
}

impl<T: fmt::Debug> fmt::Debug for DbTransaction<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DbTransaction").field("transaction", &self.transaction).finish_non_exhaustive()
    }
}
