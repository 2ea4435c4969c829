//! `Postgres`: the source for PostgreSQL, by tokio-postgres. A plan runs in the task that asks for it, on one connection of
//! a pool.

use std::fmt;
use std::sync::Arc;

use deadpool_postgres::{Client, Pool};

use crate::error::Result;
use crate::log::{Recorders, StatementLog};
use crate::source::{Plan, Reader, Settings, Source, runtime};

mod builder;
mod fault;
mod lease;
mod session;
mod transaction;
mod value;

pub use builder::PostgresBuilder;
use lease::Lease;
pub use session::{Connection, Session};
pub use transaction::PostgresTransaction;
pub use value::TokioPostgres;

/// A PostgreSQL database. Cheap to clone; the clones share its pool of connections.
///
/// A statement is prepared once on each connection, and what does not depend on another's result is sent without waiting
/// for it: the siblings of a tree's level, the models that a polymorphic relation leads to, and, where a query says which
/// key its rows have, the relations by that key. So `User::by_key(7).with(User::POSTS)` waits for one answer, not two; the
/// posts are asked for even if there is no such user. Keys are one array, however many there are.
///
/// ```no_run
/// use relations_core::{HasMany, Postgres, Relations};
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
/// # async fn example() -> relations_core::Result<()> {
/// let db = Postgres::connect("postgres://postgres@localhost/blog").await?;
/// for user in &User::all(&db).await? {
///     println!("{}: {} posts", user.id, user.posts(&db).await?.len());   // one statement, for all users
/// }
/// # Ok(()) }
/// ```
///
/// A field may be of any type that implements [`FromSql`](tokio_postgres::types::FromSql), a key of any that implements
/// [`ToSql`](tokio_postgres::types::ToSql), too. Both check that the column is of the type: an `i64` is a `bigint`, an
/// `i32` an `integer`. The values of filters adapt to their column.
///
/// It needs a tokio runtime. A future that is dropped leaves what the server was asked to be done to its end; the connection
/// is used again after that.
#[derive(Clone)]
pub struct Postgres {
    pool: Pool,
    recorders: Arc<Recorders>,
    settings: Settings,
    keys_per_statement: usize,
    snapshot: bool,
    name: Arc<str>,
}

impl Postgres {
    /// Connects to the database at a URL such as `postgres://user:password@host/database`, without TLS. With TLS, see
    /// [`PostgresBuilder::build_with_tls`].
    ///
    /// # Errors
    /// When the URL cannot be read, or no connection can be made.
    pub async fn connect(url: &str) -> Result<Self> {
        let db = Self::builder(url).build()?;
        drop(db.client().await?);
        Ok(db)
    }

    /// The database at a URL, with other settings than the ordinary ones.
    ///
    /// ```
    /// use relations_core::{Postgres, PostgresBuilder};
    ///
    /// let db = Postgres::builder("postgres://postgres@localhost/blog").connections(8).snapshot(true).build()?;
    ///
    /// let mut config = tokio_postgres::Config::new();
    /// config.host("localhost").user("postgres").dbname("blog");
    /// let db = PostgresBuilder::from(config).build()?;
    /// # Ok::<(), relations_core::Error>(())
    /// ```
    pub fn builder(url: &str) -> PostgresBuilder {
        PostgresBuilder::of_url(url)
    }

    fn new(pool: Pool, settings: Settings, (keys_per_statement, snapshot): (usize, bool), name: Arc<str>) -> Self {
        Self { pool, recorders: Arc::default(), settings, keys_per_statement, snapshot, name }
    }

    /// Starts a log of all statements that are sent by this handle or its clones. The log ends when it is dropped.
    pub fn record(&self) -> StatementLog {
        self.recorders.record()
    }

    /// A connection of the pool for SQL of your own: schema, writes, anything. It goes back when it is dropped; a
    /// transaction is ended before that, by its guard or by hand.
    ///
    /// ```no_run
    /// # use relations_core::{Many, Relations};
    /// # #[derive(Relations)]
    /// # pub struct User { id: i64, name: String }
    /// # async fn example(db: relations_core::Postgres) -> Result<(), Box<dyn std::error::Error>> {
    /// let client = db.client().await?;
    /// client.execute("INSERT INTO users (name) VALUES ($1)", &[&"Ann"]).await?;
    ///
    /// let rows = client.query(&format!("SELECT {} FROM users", User::select_list()), &[]).await?;
    /// let users: Many<User> = rows.iter().map(|row| User::from_row(row)).collect::<relations_core::Result<_>>()?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn client(&self) -> Result<Client> {
        runtime::check(|| format!("connecting to {}", self.name))?;
        self.pool.get().await.map_err(|error| fault::pool(format!("connecting to {}", self.name), &error))
    }

    async fn session(&self) -> Result<Session> {
        let connection = Connection(Lease::new(self.client().await?));
        Ok(Session::new(connection, Arc::clone(&self.recorders), self.keys_per_statement))
    }
}

impl From<Pool> for Postgres {
    /// The database that a pool of your own leads to, with the ordinary settings. For others, see [`PostgresBuilder`].
    fn from(pool: Pool) -> Self {
        let name = "a pool of connections to PostgreSQL";
        Self::new(pool, Settings::default(), (usize::MAX, false), name.into())
    }
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Postgres").field("name", &self.name).field("snapshot", &self.snapshot).finish_non_exhaustive()
    }
}

impl Source for Postgres {
    type Session = Session;

    async fn run<P: Plan<Session>>(&self, plan: P) -> Result<P::Output> {
        let session = self.session().await?;
        if self.snapshot && plan.needs_snapshot() {
            return session::in_snapshot(&session, plan, || format!("beginning a read on {}", self.name)).await;
        }
        // Boxed: what it takes to talk to a server makes the futures of deep trees too deep for the compiler.
        Box::pin(plan.run(Reader::new(&session).pipelined())).await
    }

    fn settings(&self) -> &Settings {
        &self.settings
    }
}
