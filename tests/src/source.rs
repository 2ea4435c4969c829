//! The sources that the behaviours are tested on: each makes an empty database of its own for a test.

pub mod newtype;
mod postgres;
mod sqlx;
mod words;

use std::sync::LazyLock;

use relations_core::source::{Source, Transactional};
use relations_core::{Sqlite, StatementLog};
use tokio::runtime::{Builder, Runtime};

/// A source to test behaviours on.
pub trait TestSource: Source + Transactional + Clone + Send + 'static {
    /// One in so many of the random cases is run, as databases on servers are slower to make.
    const ONE_CASE_IN: u32;

    /// Whether a list of keys is one value, so that a relation has one text for all lists; else it is padded, and there is
    /// a text for each power of two.
    const ONE_TEXT: bool = true;

    /// An empty database of its own.
    fn open(limits: Limits) -> impl Future<Output = Self>;

    /// Runs SQL that changes the database, in the words of SQLite.
    fn run_sql(&self, sql: &str) -> impl Future<Output = ()>;

    /// Starts a log.
    fn log(&self) -> StatementLog;
}

/// How much is loaded at once.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Owners.
    pub batch: Option<u32>,
    /// Keys in a statement.
    pub keys: Option<usize>,
}

impl Limits {
    /// As the source has it.
    pub const NONE: Self = Self { batch: None, keys: None };

    /// So many owners at once.
    pub fn batch(owners: u32) -> Self {
        Self { batch: Some(owners), ..Self::NONE }
    }

    /// So many keys in a statement.
    pub fn keys(keys: usize) -> Self {
        Self { keys: Some(keys), ..Self::NONE }
    }
}

/// A database with this schema and these rows.
pub fn database_on<D: TestSource>(limits: Limits, schema: &str, rows: &str) -> D {
    let db = wait(D::open(limits));
    execute(&db, schema);
    execute(&db, rows);
    db
}

/// Runs SQL that changes the database.
pub fn execute<D: TestSource>(db: &D, sql: &str) {
    wait(db.run_sql(sql));
}

/// Waits for a future on this thread, with a runtime at hand for those sources that need one.
pub fn block_on<F: Future>(future: F) -> F::Output {
    wait(future)
}

fn wait<F: Future>(future: F) -> F::Output {
    static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
        Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime for the tests")
    });
    let _within = RUNTIME.enter();
    relations_core::block_on(future)
}

impl TestSource for Sqlite {
    const ONE_CASE_IN: u32 = 1;

    async fn open(limits: Limits) -> Self {
        let mut builder = Self::builder(":memory:").connections(1).inline();
        if let Some(owners) = limits.batch {
            builder = builder.batch_limit(owners);
        }
        if let Some(keys) = limits.keys {
            builder = builder.keys_per_statement(keys);
        }
        builder.open().expect("a database in memory")
    }

    async fn run_sql(&self, sql: &str) {
        let sql = sql.to_owned();
        self.connection(move |c| c.execute_batch(&sql)).await.expect("the test's own SQL");
    }

    fn log(&self) -> StatementLog {
        self.record()
    }
}
