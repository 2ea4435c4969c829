//! Where a row came from: what a relation field knows of its relation and of the rows it was loaded with.

use std::any::Any;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use once_cell::sync::OnceCell;
use tokio::sync::{Mutex, MutexGuard};

use crate::descriptor::RelationDescriptor;
use crate::error::Error;
use crate::group::Group;
use crate::model::Model;

/// One relation of one group of rows. Every row of the group shares it through its field; it holds the group weakly,
/// so rows never keep themselves alive.
pub(crate) struct Origin {
    relation: &'static RelationDescriptor,
    group: OnceCell<Weak<dyn Any + Send + Sync>>,
    gate: Gate,
}

impl Origin {
    pub(crate) fn relation(&self) -> &'static RelationDescriptor {
        self.relation
    }

    pub(crate) fn gate(&self) -> &Gate {
        &self.gate
    }

    /// The group in which `row` lives and its position, unless the row was copied or moved out of it.
    pub(crate) fn peers<T: Model>(&self, row: &T) -> Option<(Arc<Group<T>>, u32)> {
        let group = self.group.get()?.upgrade()?.downcast::<Group<T>>().ok()?;
        let at = group.position(row)?;
        Some((group, at))
    }
}

/// The origins of all relations of one group, in the order of the model's relations.
pub struct Origins(Vec<Arc<Origin>>);

impl Origins {
    pub(crate) fn of<T: Model>() -> Self {
        let relations = T::model_descriptor().relations;
        Self(
            relations
                .iter()
                .map(|relation| Arc::new(Origin { relation, group: OnceCell::new(), gate: Gate::default() }))
                .collect(),
        )
    }

    pub(crate) fn get(&self, relation: usize) -> Option<&Arc<Origin>> {
        self.0.get(relation)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Tells every row of the group where its peers are.
    pub(crate) fn settle<T: Model>(&self, group: &Arc<Group<T>>) {
        for origin in &self.0 {
            let group: Weak<dyn Any + Send + Sync> = Arc::downgrade(group) as _;
            // Set once, right after the group was made.
            let _ = origin.group.set(group);
        }
    }
}

/// Lets one reader at a time load a relation of a group. Whoever waits is handed the gate in turn: a leader that is
/// dropped half-way passes it on, and one that fails passes its error on to those it was loading for.
#[derive(Default)]
pub(crate) struct Gate {
    failures: AtomicU64,
    last: Mutex<Option<Failure>>,
}

struct Failure {
    window: Range<u32>,
    error: Error,
}

pub(crate) struct Passage<'a> {
    gate: &'a Gate,
    last: MutexGuard<'a, Option<Failure>>,
    failures_before: u64,
}

impl Gate {
    pub(crate) async fn enter(&self) -> Passage<'_> {
        let failures_before = self.failures.load(Ordering::Acquire);
        let last = self.last.lock().await;
        Passage { gate: self, last, failures_before }
    }
}

impl Passage<'_> {
    /// The error of a load that failed for this row while we were waiting.
    pub(crate) fn failed_meanwhile(&self, row: u32) -> Option<Error> {
        if self.gate.failures.load(Ordering::Acquire) == self.failures_before {
            return None;
        }
        self.last.as_ref().filter(|failure| failure.window.contains(&row)).map(|failure| failure.error.clone())
    }

    pub(crate) fn fail(&mut self, window: Range<u32>, error: &Error) {
        *self.last = Some(Failure { window, error: error.clone() });
        self.gate.failures.fetch_add(1, Ordering::Release);
    }
}
