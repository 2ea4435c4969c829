//! A source whose plans wait for permission, so that a test says who reads when.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};

use relations_core::source::{Plan, Settings, Source};
use relations_core::{CacheConfig, Db, DbBuilder, Result, Sqlite};
use tokio::sync::Semaphore;

/// Its plans wait for a permit each, before they have a connection.
#[derive(Debug)]
pub struct Held {
    pub source: Sqlite,
    pub permits: Semaphore,
    started: AtomicUsize,
    /// No plan gets a connection.
    pub refuses: AtomicBool,
}

impl Held {
    /// How many plans were begun.
    pub fn started(&self) -> usize {
        self.started.load(Ordering::SeqCst)
    }
}

impl Source for Held {
    type Session = <Sqlite as Source>::Session;

    async fn run<P: Plan<Self::Session>>(&self, plan: P) -> Result<P::Output> {
        self.started.fetch_add(1, Ordering::SeqCst);
        if let Ok(permit) = self.permits.acquire().await {
            permit.forget();
        }
        if self.refuses.load(Ordering::SeqCst) {
            return Sqlite::open("no/such/folder/file.db")?.run(plan).await;
        }
        self.source.run(plan).await
    }

    fn settings(&self) -> &Settings {
        self.source.settings()
    }
}

/// The database, whose plans wait, with a shared cache of everything.
pub fn hold(source: Sqlite) -> DbBuilder<Held> {
    let (started, refuses) = (AtomicUsize::new(0), AtomicBool::new(false));
    let held = Held { source, permits: Semaphore::new(0), started, refuses };
    Db::builder(held).cache(CacheConfig::default())
}

/// The same, built.
pub fn held(source: Sqlite) -> Db<Held> {
    hold(source).build().expect("the ordinary settings")
}

/// Polls a future once.
pub fn poll<F: Future + ?Sized>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}
