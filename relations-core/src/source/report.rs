//! Reports: what a session tells of the statements that it sends for a request, and to whom.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use super::{AggregateRequest, Request};
use crate::descriptor::RelationDescriptor;
use crate::key::Key;
use crate::log::{Recorders, Statement};
use crate::model::Model;

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

    /// Tells of something that was sent for all keys of the request.
    fn tell(
        &self,
        text: impl Into<Arc<str>>,
        rows: usize,
        started: Instant,
        (model, relation): (&'static str, Option<&'static RelationDescriptor>),
    ) {
        if let Some(told) = &self.0 {
            let (relation, keys) = (relation.map(|relation| relation.path()), told.keys);
            self.write(&Statement { sql: text.into(), rows, model, relation, keys, duration: started.elapsed() });
        }
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

impl<T: Model, K: Key> Request<T, K> {
    /// Tells the logs of a [`Db`](crate::Db) what a source of your own has sent for this request, when, and how many rows
    /// it gave. One request may send several statements, or what else the source calls them. Costs nothing while nobody
    /// listens.
    ///
    /// ```
    /// use std::time::Instant;
    ///
    /// use relations_core::source::{Loaded, Request};
    /// use relations_core::{Relations, Result};
    ///
    /// #[derive(Relations)]
    /// struct User {
    ///     #[relations(key)]
    ///     id: i64,
    /// }
    ///
    /// fn load(request: &Request<User, (i64,)>) -> Result<Loaded<User, (i64,)>> {
    ///     let started = Instant::now();
    ///     let loaded = Loaded::default(); // what a server answers
    ///     request.sent("GET /users?ids=1,2", loaded.rows.rows().len(), started);
    ///     Ok(loaded)
    /// }
    /// ```
    pub fn sent(&self, text: impl Into<Arc<str>>, rows: usize, started: Instant) {
        self.report.tell(text, rows, started, (T::NAME, self.relation));
    }
}

impl<K: Key> AggregateRequest<K> {
    /// Tells the logs of a [`Db`](crate::Db) what was sent for this request: see [`Request::sent`].
    pub fn sent(&self, text: impl Into<Arc<str>>, rows: usize, started: Instant) {
        self.report.tell(text, rows, started, (self.rows.model.name, Some(self.rows.relation)));
    }
}
