//! Pools, connections and transactions of sqlx as sources: `User::all(&pool)`. What sqlx decodes and encodes can be in a
//! column or a key; nothing is mapped here.
//!
//! | feature | sources | database |
//! |---|---|---|
//! | `sqlx-postgres` | `PgPool` | PostgreSQL |
//! | `sqlx-mysql` | `MySqlPool` | MySQL 8, MariaDB |
//! | `sqlx-sqlite` | `SqlitePool` | SQLite |
//!
//! A pool is a source as it is: each plan, one load or a whole tree, takes one connection for as long as it runs. [`Sqlx`]
//! wraps a pool to say more: a snapshot for each tree, other limits, a log of the statements. [`SqlxTransaction`] and
//! [`SqlxConnection`] make sources of what there is one of. They run on tokio, as sqlx itself is built here.
//!
//! What the databases do differently stays theirs:
//!
//! - MySQL and MariaDB compare texts by a collation, mostly without regard to case. Keys are compared exactly here, so a row
//!   that only the database takes for an owner's is the error [`OtherKey`](crate::ErrorKind::OtherKey).
//! - `like` regards case in PostgreSQL, goes by the collation in MySQL, and disregards it for ASCII in SQLite. `\` escapes
//!   `%` and `_` in PostgreSQL and MySQL, not in SQLite.
//! - In PostgreSQL a filter's label of an enum is sent as a `Value::Enum`; sqlx sends a text as a text.
//! - A list of keys is one array in PostgreSQL. In MySQL and SQLite it is as many values, 4,096 keys a statement. A list
//!   that has to go at once, as for a symmetric relation or one ordered over another table, is an error if it is longer than
//!   a statement takes: 65,535 values in MySQL, 32,766 in SQLite.
//! - A sum of integers that no `i64` holds is an error. MySQL 5.7 knows no window functions, and so refuses a limit for
//!   each of many owners.
//!
//! ```no_run
//! # #[cfg(feature = "sqlx-postgres")]
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use relations_core::{HasMany, Relations};
//!
//! #[derive(Relations)]
//! struct User {
//!     #[relations(key)]
//!     id: i64,
//!     #[has_many]
//!     posts: HasMany<Post>,
//! }
//!
//! #[derive(Relations)]
//! struct Post {
//!     #[relations(key)]
//!     id: i64,
//!     user_id: i64,
//! }
//!
//! let pool = sqlx::PgPool::connect("postgres://localhost/blog").await?;
//! for user in &User::all(&pool).await? {
//!     println!("{} posts", user.posts(&pool).await?.len());
//! }
//! # Ok(())
//! # }
//! ```

use std::fmt;
use std::sync::{Arc, LazyLock};

use sqlx::Pool;

use crate::error::{Error, ErrorKind, Result};
use crate::log::{Recorders, StatementLog};
use crate::source::sql::SqlSession;
use crate::source::{Plan, Reader, Settings, Source, Transactional, runtime};

mod connection;
mod database;
mod fault;
mod transaction;
mod value;

pub use connection::{Connection, SqlxConnection};
pub use database::SqlxDatabase;
pub use transaction::SqlxTransaction;

use connection::Held;

/// One connection of sqlx, as plans see it.
pub type Session<'c, DB> = SqlSession<Connection<'c, DB>>;

/// A pool of sqlx with settings of its own. Cheap to clone; the clones share the pool and the log.
///
/// A bare pool is a source, too; it has the settings that `Sqlx::new` has.
///
/// ```no_run
/// # #[cfg(feature = "sqlx-postgres")]
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// use relations_core::Sqlx;
///
/// let pool = sqlx::PgPool::connect("postgres://localhost/blog").await?;
/// let db = Sqlx::builder(pool).snapshot(true).build()?;
/// let log = db.record();
/// # Ok(())
/// # }
/// ```
pub struct Sqlx<DB: SqlxDatabase> {
    pool: Pool<DB>,
    reading: Arc<Reading>,
}

/// How plans read from a pool.
#[derive(Debug, Clone)]
struct Reading {
    settings: Settings,
    keys_per_statement: usize,
    snapshot: bool,
    recorders: Arc<Recorders>,
}

impl Reading {
    fn of<DB: SqlxDatabase>() -> Self {
        Self {
            settings: Settings::default(),
            keys_per_statement: DB::KEYS_PER_STATEMENT,
            snapshot: false,
            recorders: Arc::clone(&NOBODY),
        }
    }

    fn session<'c, DB: SqlxDatabase>(&self, held: Held<'c, DB>) -> Session<'c, DB> {
        SqlSession::new(Connection::new(held), Arc::clone(&self.recorders), self.keys_per_statement)
    }

    /// Runs a plan on a connection of the pool.
    async fn run<DB: SqlxDatabase, P: Plan<Session<'static, DB>>>(
        &self,
        pool: &Pool<DB>,
        plan: P,
    ) -> Result<P::Output> {
        if !self.snapshot || !plan.needs_snapshot() {
            runtime::check(|| ACQUIRING.to_owned())?;
            let connection = pool.acquire().await;
            let connection = connection.map_err(|error| fault::connection::<DB>(ACQUIRING, &error))?;
            let session = self.session(Held::Connection(Box::new(connection)));
            return plan.run(Reader::new(&session)).await;
        }
        let transaction = begin(pool, DB::SNAPSHOT, "beginning a snapshot").await?;
        let session = self.session(Held::Transaction(transaction));
        let output = plan.run(Reader::new(&session)).await?;
        // It has only read, so there is nothing to keep.
        let ended = session.driver.rollback().await;
        ended.map_err(|error| fault::connection::<DB>("ending a snapshot", &error))?;
        Ok(output)
    }

    async fn begin<DB: SqlxDatabase>(&self, pool: &Pool<DB>) -> Result<SqlxTransaction<'static, DB>> {
        Ok(SqlxTransaction::new(begin(pool, DB::BEGIN, "beginning a transaction").await?, self))
    }
}

/// Begins a transaction, as a task of its own: one that is dropped on the way would go back to the pool unended.
async fn begin<DB: SqlxDatabase>(
    pool: &Pool<DB>,
    sql: &'static str,
    action: &str,
) -> Result<sqlx::Transaction<'static, DB>> {
    runtime::check(|| action.to_owned())?;
    let pool = pool.clone();
    let begun = tokio::spawn(async move { pool.begin_with(sql).await }).await;
    let begun = begun.map_err(|_| Error::from(ErrorKind::Closed))?;
    begun.map_err(|error| fault::connection::<DB>(action, &error))
}

const ACQUIRING: &str = "taking a connection of the pool";

/// The logs of those who can have none.
static NOBODY: LazyLock<Arc<Recorders>> = LazyLock::new(Arc::default);

/// The settings of a bare pool.
static SETTINGS: LazyLock<Settings> = LazyLock::new(Settings::default);

impl<DB: SqlxDatabase> Sqlx<DB> {
    /// The pool with the ordinary settings, and a log to record to.
    pub fn new(pool: Pool<DB>) -> Self {
        let reading = Reading { recorders: Arc::default(), ..Reading::of::<DB>() };
        Self { pool, reading: Arc::new(reading) }
    }

    /// The pool with other settings than the ordinary ones.
    pub fn builder(pool: Pool<DB>) -> SqlxBuilder<DB> {
        SqlxBuilder { pool, reading: Reading { recorders: Arc::default(), ..Reading::of::<DB>() } }
    }

    /// The pool: for SQL of your own.
    pub fn pool(&self) -> &Pool<DB> {
        &self.pool
    }

    /// Starts a log of all statements that are sent through this handle, its clones, and their transactions. The log ends
    /// when it is dropped.
    pub fn record(&self) -> StatementLog {
        self.reading.recorders.record()
    }

    /// Begins a transaction, which keeps one connection of the pool until it ends. See [`SqlxTransaction`].
    ///
    /// # Errors
    /// When no connection can be had, or the database refuses.
    pub async fn begin(&self) -> Result<SqlxTransaction<'static, DB>> {
        self.reading.begin(&self.pool).await
    }
}

impl<DB: SqlxDatabase> Clone for Sqlx<DB> {
    fn clone(&self) -> Self {
        Self { pool: self.pool.clone(), reading: Arc::clone(&self.reading) }
    }
}

impl<DB: SqlxDatabase> fmt::Debug for Sqlx<DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sqlx").field("pool", &self.pool).field("settings", &self.reading).finish()
    }
}

impl<DB: SqlxDatabase> Source for Sqlx<DB> {
    type Session = Session<'static, DB>;

    fn run<P: Plan<Self::Session>>(&self, plan: P) -> impl Future<Output = Result<P::Output>> + Send {
        self.reading.run(&self.pool, plan)
    }

    fn settings(&self) -> &Settings {
        &self.reading.settings
    }
}

impl<DB: SqlxDatabase> Transactional for Sqlx<DB> {
    type Transaction = SqlxTransaction<'static, DB>;

    async fn begin(&self) -> Result<Self::Transaction> {
        Self::begin(self).await
    }
}

impl<DB: SqlxDatabase> Source for Pool<DB> {
    type Session = Session<'static, DB>;

    async fn run<P: Plan<Self::Session>>(&self, plan: P) -> Result<P::Output> {
        Reading::of::<DB>().run(self, plan).await
    }

    fn settings(&self) -> &Settings {
        &SETTINGS
    }
}

impl<DB: SqlxDatabase> Transactional for Pool<DB> {
    type Transaction = SqlxTransaction<'static, DB>;

    async fn begin(&self) -> Result<Self::Transaction> {
        Reading::of::<DB>().begin(self).await
    }
}

/// Settings of a [`Sqlx`] that is about to be built.
#[derive(Debug)]
#[must_use = "a builder makes nothing before `build`"]
pub struct SqlxBuilder<DB: SqlxDatabase> {
    pool: Pool<DB>,
    reading: Reading,
}

impl<DB: SqlxDatabase> SqlxBuilder<DB> {
    /// Whether plans of several statements, such as trees, see one snapshot of the database. They are then run in a
    /// transaction that only reads, which costs two round trips. Without it each statement sees what is committed by then.
    pub fn snapshot(mut self, snapshot: bool) -> Self {
        self.reading.snapshot = snapshot;
        self
    }

    /// The number of owners, around the one that is read, for which a lazy read loads at once; 1,000 if not set.
    pub fn batch_limit(mut self, owners: u32) -> Self {
        self.reading.settings.batch_limit = owners;
        self
    }

    /// The most keys in one statement. More keys go in several statements.
    ///
    /// Where a list of keys is as many values as keys, on MySQL, MariaDB and SQLite, it is never longer than a statement
    /// of the database may have values.
    pub fn keys_per_statement(mut self, keys: usize) -> Self {
        self.reading.keys_per_statement = keys;
        self
    }

    /// Builds the source.
    ///
    /// # Errors
    /// When a setting is 0.
    pub fn build(self) -> Result<Sqlx<DB>> {
        let numbers = [
            ("batch_limit", self.reading.settings.batch_limit as usize),
            ("keys_per_statement", self.reading.keys_per_statement),
        ];
        for (setting, value) in numbers {
            if value == 0 {
                return Err(ErrorKind::Setting { setting, value: value.to_string(), reason: "give at least 1" }.into());
            }
        }
        Ok(Sqlx { pool: self.pool, reading: Arc::new(self.reading) })
    }
}
