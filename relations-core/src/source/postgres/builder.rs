//! What a `Postgres` is built of: where the server is, or a pool that is there, and settings.

use std::fmt;

use deadpool_postgres::{Manager, Pool, QueueMode};

use tokio_postgres::config::Host;
use tokio_postgres::tls::{MakeTlsConnect, NoTls, TlsConnect};
use tokio_postgres::{Config, Socket};

use super::{Postgres, fault};
use crate::error::{Error, ErrorKind, Fault, Result};
use crate::settings::{Settings, positive};

/// Settings of a [`Postgres`] that is about to be built: from a URL by [`Postgres::builder`], from a
/// [`tokio_postgres::Config`], or from a pool that is there.
#[derive(Debug, Clone)]
#[must_use = "a builder builds nothing before `build`"]
pub struct PostgresBuilder {
    target: Target,
    connections: Option<usize>,
    batch_limit: u32,
    keys_per_statement: usize,
    snapshot: bool,
}

#[derive(Clone)]
enum Target {
    Server(Result<Box<Config>>),
    Pool(Pool),
}

impl fmt::Debug for Target {
    /// Without the password that a configuration may hold.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server(Ok(config)) => f.write_str(&name(config)),
            Self::Server(Err(error)) => fmt::Display::fmt(error, f),
            Self::Pool(_) => f.write_str("a pool"),
        }
    }
}

impl PostgresBuilder {
    fn new(target: Target) -> Self {
        Self {
            target,
            connections: None,
            batch_limit: Settings::BATCH_LIMIT,
            keys_per_statement: usize::MAX,
            snapshot: false,
        }
    }

    pub(super) fn of_url(url: &str) -> Self {
        let config = url
            .parse::<Config>()
            .map(Box::new)
            .map_err(|error| fault::connection("reading the URL of a PostgreSQL server", &error));
        Self::new(Target::Server(config))
    }

    /// The most connections at a time; if not set, four for each core, or as many as the pool has.
    pub fn connections(mut self, connections: usize) -> Self {
        self.connections = Some(connections);
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

    /// Whether what may send several statements, such as a query with a tree, runs in one read-only snapshot: `BEGIN
    /// ISOLATION LEVEL REPEATABLE READ READ ONLY` before them and `COMMIT` after them. Neither is waited for. Without it,
    /// which is the ordinary way, each statement sees what was committed before it.
    pub fn snapshot(mut self, snapshot: bool) -> Self {
        self.snapshot = snapshot;
        self
    }

    /// Builds the source, without TLS. Connections are made when they are first needed.
    ///
    /// # Errors
    /// When the URL cannot be read, or a setting is 0.
    pub fn build(self) -> Result<Postgres> {
        self.build_with_tls(NoTls)
    }

    /// Builds the source, with this way to encrypt connections. A pool that is there keeps its own.
    ///
    /// # Errors
    /// When the URL cannot be read, or a setting is 0.
    pub fn build_with_tls<T>(self, tls: T) -> Result<Postgres>
    where
        T: MakeTlsConnect<Socket, Stream: Send + Sync, TlsConnect: Send + Sync> + Clone + Send + Sync + 'static,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        positive("connections", self.connections.unwrap_or(1))?;
        positive("batch_limit", self.batch_limit as usize)?;
        positive("keys_per_statement", self.keys_per_statement)?;
        let (pool, name) = match self.target {
            Target::Server(config) => {
                let config = config?;
                let name = name(&config);
                // The last to come back goes out first: what it has read is still in the caches of the processor.
                let pool = Pool::builder(Manager::new(*config, tls)).queue_mode(QueueMode::Lifo).build();
                (pool.map_err(|error| unbuilt(&name, &error))?, name)
            }
            Target::Pool(pool) => (pool, "a pool of connections to PostgreSQL".to_owned()),
        };
        if let Some(connections) = self.connections {
            pool.resize(connections);
        }
        let settings = Settings { batch_limit: self.batch_limit, ..Settings::default() };
        Ok(Postgres::new(pool, settings, (self.keys_per_statement, self.snapshot), name.into()))
    }
}

impl From<Config> for PostgresBuilder {
    fn from(config: Config) -> Self {
        Self::new(Target::Server(Ok(Box::new(config))))
    }
}

impl From<Pool> for PostgresBuilder {
    /// The pool keeps its size, its time-outs and its way to encrypt.
    fn from(pool: Pool) -> Self {
        Self::new(Target::Pool(pool))
    }
}

fn unbuilt(name: &str, error: &dyn fmt::Display) -> Error {
    let action = format!("making a pool of connections to {name}");
    ErrorKind::Connection { action, fault: Fault::Other, reason: error.to_string() }.into()
}

/// What errors call the database.
fn name(config: &Config) -> String {
    let hosts = config.get_hosts().iter().map(|host| match host {
        Host::Tcp(host) => host.clone(),
        #[cfg(unix)]
        Host::Unix(path) => path.display().to_string(),
    });
    let hosts = hosts.collect::<Vec<_>>().join(", ");
    match config.get_dbname().or(config.get_user()) {
        Some(database) => format!("the database `{database}` at {hosts}"),
        None => format!("the server at {hosts}"),
    }
}
