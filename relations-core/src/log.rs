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

/// Locks a mutex whose data is whole whatever its holders did.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
