//! `Sqlite`: the embedded source, by rusqlite. A plan crosses to a connection's thread once, or runs inline.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::Result;
use crate::log::StatementLog;
use crate::settings::positive;
use crate::source::{Plan, Settings, Source};
use crate::trace::Context;

mod fault;
mod pool;
mod session;
mod transaction;
mod value;

use pool::{Hold, Lease, Pool};
pub use session::Session;
pub use transaction::SqliteTransaction;
pub use value::Rusqlite;

/// A SQLite database. Cheap to clone; the clones share its connections.
///
/// ```
/// use relations_core::{Sqlite, block_on};
///
/// let db = Sqlite::memory()?;
/// block_on(db.connection(|c| c.execute_batch("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)")))?;
/// # Ok::<(), relations_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Sqlite {
    pool: Arc<Pool>,
    settings: Settings,
    name: Arc<str>,
    inline: bool,
}

impl Sqlite {
    /// Opens a database file, or creates it.
    ///
    /// # Errors
    /// When the file cannot be opened or is not a database.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        Self::builder(path).open()
    }

    /// A new database in memory. It has one connection and lives as long as its last handle.
    ///
    /// # Errors
    /// When SQLite cannot make one.
    pub fn memory() -> Result<Self> {
        SqliteBuilder::new(None).open()
    }

    /// Opens a database file with other settings than the ordinary ones.
    pub fn builder(path: impl AsRef<Path>) -> SqliteBuilder {
        SqliteBuilder::new(Some(path.as_ref().to_owned()))
    }

    /// The same database, with everything run on the calling thread.
    ///
    /// Crossing to a connection's thread costs tens of microseconds, several times what a small load takes. A load
    /// that runs inline keeps its thread busy for as long as SQLite works.
    pub fn inline(&self) -> Self {
        Self { inline: true, ..self.clone() }
    }

    /// Starts a log of all statements that are sent to this database, by any handle. The log ends when it is dropped.
    pub fn record(&self) -> StatementLog {
        self.pool.recorders.record()
    }

    /// Lends a connection for SQL of your own: schema, writes, anything.
    ///
    /// The closure runs on the connection's thread, or on this one if the handle is [`inline`](Self::inline). A
    /// transaction that it leaves open is rolled back, and that is an error: see [`begin`](Self::begin).
    ///
    /// # Errors
    /// What the closure returns, and when no connection can be had.
    pub async fn connection<T, F>(&self, work: F) -> Result<T>
    where
        F: FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let lease = self.pool.lease().await?;
        let lend = move |lease: &mut Lease| {
            let outcome = lease.lend(work)?;
            lease.refuse_open_transaction()?;
            Ok(outcome)
        };
        let outcome = self.work(lease, lend).await?;
        outcome.map_err(|error| fault::connection(format!("SQL of your own on {}", self.name), &error))
    }

    /// Does the work with what holds a connection: on the connection's thread, or on this one.
    async fn work<H: Hold, T: Send + 'static>(
        &self,
        mut held: H,
        work: impl FnOnce(&mut H) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        if self.inline { work(&mut held) } else { pool::on_thread(held, work).await }
    }

    /// Runs a plan in the session of what holds a connection.
    async fn plan<H: Hold, P: Plan<Session>>(&self, held: H, plan: P) -> Result<P::Output> {
        if self.inline {
            return held.session()?.run(plan).await;
        }
        // Within a session nothing waits but SQLite itself, so the thread's only work is the plan.
        let context = Context::current();
        let run = move |held: &mut H| context.within(|| pollster::block_on(held.session()?.run(plan)));
        pool::on_thread(held, run).await
    }
}

impl fmt::Debug for Sqlite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sqlite").field("name", &self.name).field("inline", &self.inline).finish_non_exhaustive()
    }
}

impl Source for Sqlite {
    type Session = Session;

    async fn run<P: Plan<Session>>(&self, plan: P) -> Result<P::Output> {
        self.plan(self.pool.lease().await?, plan).await
    }

    fn settings(&self) -> &Settings {
        &self.settings
    }
}

/// Settings of a [`Sqlite`] that is about to be opened.
#[derive(Debug, Clone)]
#[must_use = "a builder opens nothing before `open`"]
pub struct SqliteBuilder {
    path: Option<PathBuf>,
    connections: Option<usize>,
    read_only: bool,
    inline: bool,
    busy_timeout: Duration,
    batch_limit: u32,
    keys_per_statement: usize,
}

impl SqliteBuilder {
    fn new(path: Option<PathBuf>) -> Self {
        Self {
            path,
            connections: None,
            read_only: false,
            inline: false,
            busy_timeout: Duration::from_secs(5),
            batch_limit: Settings::BATCH_LIMIT,
            keys_per_statement: usize::MAX,
        }
    }

    /// The most connections at a time; one for each core if not set. A database in memory has one.
    pub fn connections(mut self, connections: usize) -> Self {
        self.connections = Some(connections);
        self
    }

    /// Opens the file for reading only, and does not create it.
    pub fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    /// Runs everything on the calling thread: see [`Sqlite::inline`].
    pub fn inline(mut self) -> Self {
        self.inline = true;
        self
    }

    /// How long to wait for a lock that another connection holds; 5 seconds if not set.
    pub fn busy_timeout(mut self, timeout: Duration) -> Self {
        self.busy_timeout = timeout;
        self
    }

    /// The number of owners, around the one that is read, for which a lazy read loads at once; 1,000 if not set.
    pub fn batch_limit(mut self, owners: u32) -> Self {
        self.batch_limit = owners;
        self
    }

    /// The most keys in one statement; no limit if not set. More keys go in several statements.
    pub fn keys_per_statement(mut self, keys: usize) -> Self {
        self.keys_per_statement = keys;
        self
    }

    /// Opens the database.
    ///
    /// # Errors
    /// When the file cannot be opened or is not a database, or a setting is 0.
    pub fn open(self) -> Result<Sqlite> {
        positive("connections", self.connections.unwrap_or(1))?;
        positive("batch_limit", self.batch_limit as usize)?;
        positive("keys_per_statement", self.keys_per_statement)?;
        let name: Arc<str> = match &self.path {
            Some(path) => path.display().to_string().into(),
            None => "a database in memory".into(),
        };
        let connections = match (&self.path, self.connections) {
            (None, _) => 1,
            (Some(_), Some(connections)) => connections,
            (Some(_), None) => available_parallelism().map_or(1, usize::from),
        };
        let settings = Settings { batch_limit: self.batch_limit, ..Settings::default() };
        let (inline, keys) = (self.inline, self.keys_per_statement);
        let opened = Arc::clone(&name);
        let open = move || connect(&self).map_err(|error| fault::connection(format!("opening {opened}"), &error));
        let pool = Pool::new(Box::new(open), connections, keys)?;
        Ok(Sqlite { pool, settings, name, inline })
    }
}

fn connect(builder: &SqliteBuilder) -> rusqlite::Result<Connection> {
    let access = if builder.read_only {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    } else {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
    };
    // A connection is used by one thread at a time.
    let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = match &builder.path {
        Some(path) => Connection::open_with_flags(path, flags)?,
        None => Connection::open_in_memory_with_flags(flags)?,
    };
    connection.busy_timeout(builder.busy_timeout)?;
    connection.set_prepared_statement_cache_capacity(256);
    // A plan must not depend on bound values: a statement with a bound limit would be prepared anew at each use.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    rusqlite::vtab::array::load_module(&connection)?;
    // Reads the file: what is no database is noticed here.
    let _: i64 = connection.pragma_query_value(None, "schema_version", |row| row.get(0))?;
    if builder.path.is_some() && !builder.read_only && !connection.is_readonly("main")? {
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
    }
    Ok(connection)
}
