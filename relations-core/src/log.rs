//! The statement log: what was sent, for whom, and how long it took.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

/// One statement that was sent.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Statement {
    /// The text.
    pub sql: Arc<str>,
    /// The number of rows it gave.
    pub rows: usize,
    /// The model whose rows were read.
    pub model: &'static str,
    /// `Model.relation`, if the rows were read for a relation.
    pub relation: Option<String>,
    /// The number of keys it was sent with.
    pub keys: usize,
    /// From sending it to its last row.
    pub duration: Duration,
}

impl Statement {
    /// What it was sent for: `Model.relation`, or the model.
    pub fn name(&self) -> &str {
        self.relation.as_deref().unwrap_or(self.model)
    }
}

/// The statements that were sent since [`record`](crate::Db::record) was called. Dropping it ends the recording.
#[derive(Debug, Clone, Default)]
pub struct StatementLog(Arc<Mutex<Vec<Statement>>>);

impl StatementLog {
    /// The statements so far.
    pub fn statements(&self) -> Vec<Statement> {
        lock(&self.0).clone()
    }

    /// Forgets the statements so far.
    pub fn clear(&self) {
        lock(&self.0).clear();
    }
}

/// The logs that a source writes to. Costs one atomic read where nobody records.
#[derive(Debug, Default)]
pub(crate) struct Recorders {
    active: AtomicUsize,
    logs: Mutex<Vec<Weak<Mutex<Vec<Statement>>>>>,
    /// Those of a `Db`, if these are of one of its transactions.
    wider: Option<Arc<Self>>,
}

impl Recorders {
    /// Logs of a part of what these are of.
    pub(crate) fn narrower(self: &Arc<Self>) -> Self {
        Self { wider: Some(Arc::clone(self)), ..Self::default() }
    }

    pub(crate) fn record(&self) -> StatementLog {
        let log = StatementLog::default();
        let mut logs = lock(&self.logs);
        logs.push(Arc::downgrade(&log.0));
        self.active.store(logs.len(), Ordering::Release);
        log
    }

    pub(crate) fn is_active(&self) -> bool {
        self.active.load(Ordering::Acquire) > 0 || self.wider.as_ref().is_some_and(|wider| wider.is_active())
    }

    pub(crate) fn write(&self, statement: &Statement) {
        if let Some(wider) = &self.wider {
            wider.write(statement);
        }
        let mut logs = lock(&self.logs);
        logs.retain(|log| match log.upgrade() {
            Some(log) => {
                lock(&log).push(statement.clone());
                true
            }
            None => false,
        });
        self.active.store(logs.len(), Ordering::Release);
    }
}

/// The logs of a `Db`, and of the one around it, while one of their plans runs.
#[derive(Clone, Copy)]
pub(crate) struct Listeners<'a> {
    pub(crate) recorders: &'a Arc<Recorders>,
    pub(crate) beneath: Option<&'a Self>,
}

/// Who is told of what a session sends for one request. Mostly nobody.
#[derive(Debug, Clone, Default)]
pub(crate) struct Report(Option<Arc<Told>>);

#[derive(Debug)]
struct Told {
    recorders: Vec<Arc<Recorders>>,
    /// Of the request.
    keys: usize,
    statements: AtomicUsize,
    /// Whether a span tells of the load.
    traced: bool,
    /// Those whom the request was for before it went to this source.
    outer: Report,
}

impl Report {
    /// Tells those who record, and whom the request was for before; if a span tells of the load, counts.
    pub(crate) fn new(listeners: Option<&Listeners<'_>>, traced: bool, keys: usize, outer: Self) -> Self {
        let all = std::iter::successors(listeners, |listeners| listeners.beneath);
        let recording = all.map(|listeners| listeners.recorders).filter(|recorders| recorders.is_active());
        let recorders: Vec<_> = recording.cloned().collect();
        if !traced && recorders.is_empty() {
            return outer;
        }
        Self(Some(Arc::new(Told { recorders, keys, statements: AtomicUsize::new(0), traced, outer })))
    }

    /// Whether a span tells of the load.
    pub(crate) fn is_traced(&self) -> bool {
        self.0.as_ref().is_some_and(|told| told.traced || told.outer.is_traced())
    }

    pub(crate) fn is_active(&self) -> bool {
        self.0.is_some()
    }

    /// The number of the request's keys.
    pub(crate) fn keys(&self) -> usize {
        self.0.as_ref().map_or(0, |told| told.keys)
    }

    pub(crate) fn write(&self, statement: &Statement) {
        if let Some(told) = &self.0 {
            told.statements.fetch_add(1, Ordering::Relaxed);
            told.recorders.iter().for_each(|recorders| recorders.write(statement));
            told.outer.write(statement);
        }
    }

    /// How many statements were sent.
    pub(crate) fn statements(&self) -> usize {
        self.0.as_ref().map_or(0, |told| told.statements.load(Ordering::Relaxed))
    }
}

/// Locks a mutex whose data is whole whatever its holders did.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
