//! Where a row came from: what a relation field knows of its relation and of the rows it was loaded with.

use std::any::Any;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use once_cell::sync::OnceCell;
use tokio::sync::{Mutex, MutexGuard};

use crate::descriptor::{ModelDescriptor, RelationDescriptor};
use crate::error::Error;
use crate::group::Group;
use crate::inherit::Embedding;
use crate::model::Model;
use crate::share::Part;

/// One relation of one group of rows. Every row of the group shares it through its field; it holds the group weakly,
/// so rows never keep themselves alive.
pub(crate) struct Origin {
    relation: &'static RelationDescriptor,
    place: OnceCell<Place>,
    /// Whether there could be no other row but one.
    lone: AtomicBool,
    gate: Gate,
}

/// Where the rows with a relation are: in a group of theirs, or embedded in rows of a model that extends theirs.
enum Place {
    Group(Weak<dyn Any + Send + Sync>),
    /// An `Arc<dyn Embedding<_>>`.
    Embedded(Box<dyn Any + Send + Sync>),
}

/// Some rows that were loaded together.
pub(crate) enum Peers<T> {
    Rows(Part<T>),
    Embedded(Arc<dyn Embedding<T>>, Range<u32>),
}

impl Origin {
    pub(crate) fn relation(&self) -> &'static RelationDescriptor {
        self.relation
    }

    pub(crate) fn gate(&self) -> &Gate {
        &self.gate
    }

    /// Whether the row was found by itself, and not in a list.
    pub(crate) fn is_lone(&self) -> bool {
        self.lone.load(Ordering::Relaxed)
    }

    /// The position of `row` among its peers, and all of them; nothing if it was copied or moved out of its group.
    pub(crate) fn peers<T: Model>(&self, row: &T) -> Option<(u32, Peers<T>)> {
        let address = std::ptr::from_ref(row).addr();
        match self.place.get()? {
            Place::Group(group) => {
                let group = group.upgrade()?.downcast::<Group<T>>().ok()?;
                let len = group.len();
                Some((group.position(address)?, Peers::Rows((group, 0..len))))
            }
            Place::Embedded(rows) => {
                let rows = rows.downcast_ref::<Arc<dyn Embedding<T>>>()?;
                let (at, len) = rows.position(address)?;
                Some((at, Peers::Embedded(Arc::clone(rows), 0..len)))
            }
        }
    }
}

impl<T> Peers<T> {
    /// The rows as positions.
    pub(crate) fn range(&mut self) -> &mut Range<u32> {
        match self {
            Self::Rows((_, range)) | Self::Embedded(_, range) => range,
        }
    }
}

/// The origins of all relations of one group, in the order of the model's relations.
pub struct Origins {
    own: Vec<Arc<Origin>>,
    inherited: Option<Box<Self>>,
}

impl Origins {
    pub(crate) fn of<T: Model>() -> Self {
        Self::described(T::model_descriptor())
    }

    fn described(model: &ModelDescriptor) -> Self {
        let origin = |relation| {
            Arc::new(Origin { relation, place: OnceCell::new(), lone: AtomicBool::new(false), gate: Gate::default() })
        };
        Self {
            own: model.own_relations.iter().map(origin).collect(),
            inherited: model.extends.map(|extends| Box::new(Self::described(extends()))),
        }
    }

    pub(crate) fn get(&self, relation: usize) -> Option<&Arc<Origin>> {
        self.own.get(relation)
    }

    /// Those of rows that were loaded with none.
    pub(crate) const fn none() -> &'static Self {
        const NONE: &Origins = &Origins { own: Vec::new(), inherited: None };
        NONE
    }

    /// Those of the model that this one extends.
    pub fn inherited(&self) -> &Self {
        self.inherited.as_deref().unwrap_or(Self::none())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.own.is_empty() && self.inherited.as_ref().is_none_or(|inherited| inherited.is_empty())
    }

    /// Tells the one row that it was found by itself.
    pub(crate) fn set_lone(&self) {
        self.own.iter().for_each(|origin| origin.lone.store(true, Ordering::Relaxed));
        if let Some(inherited) = &self.inherited {
            inherited.set_lone();
        }
    }

    /// Tells every row of the group where its peers are.
    pub(crate) fn settle<T: Model>(&self, group: &Arc<Group<T>>) {
        for origin in &self.own {
            let group: Weak<dyn Any + Send + Sync> = Arc::downgrade(group) as _;
            // Set once, right after the group was made.
            let _ = origin.place.set(Place::Group(group));
        }
        if !self.inherited().is_empty() {
            T::embed(self, Arc::new(Arc::downgrade(group)));
        }
    }

    /// Tells the rows of `T` that are embedded in other rows where their peers are.
    pub(crate) fn embed<T: Model>(&self, rows: Arc<dyn Embedding<T>>) {
        for origin in &self.own {
            let _ = origin.place.set(Place::Embedded(Box::new(Arc::clone(&rows))));
        }
        T::embed(self, rows);
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
