//! Where a row came from: what it knows of the rows it was loaded with, and who loads for them.

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

pub(crate) mod addresses;

/// What the rows of one group share: where they are, and a gate for each relation. Rows find it by their address
/// (`origin/addresses.rs`), so none of them has to point to it. It holds the group weakly.
pub struct Origins {
    relations: &'static [RelationDescriptor],
    gates: OnceCell<Box<[Gate]>>,
    place: OnceCell<Place>,
    /// Whether there could be no other row but one.
    lone: AtomicBool,
    /// The same of the model that this one extends.
    inherited: Option<Box<Self>>,
}

/// Where the rows with these relations are: in a group of theirs, or embedded in rows of a model that extends theirs.
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

impl<T> Peers<T> {
    /// The rows as positions.
    pub(crate) fn range(&mut self) -> &mut Range<u32> {
        match self {
            Self::Rows((_, range)) | Self::Embedded(_, range) => range,
        }
    }
}

impl Origins {
    pub(crate) fn of<T: Model>() -> Self {
        Self::described(T::model_descriptor())
    }

    fn described(model: &'static ModelDescriptor) -> Self {
        Self {
            relations: model.own_relations,
            inherited: model.extends.map(|extends| Box::new(Self::described(extends()))),
            ..Self::NONE
        }
    }

    #[expect(clippy::declare_interior_mutable_const, reason = "what each is made from")]
    const NONE: Self = Self {
        relations: &[],
        gates: OnceCell::new(),
        place: OnceCell::new(),
        lone: AtomicBool::new(false),
        inherited: None,
    };

    /// Those of the group that this row lives in; nothing if it was copied or moved out of it.
    pub(crate) fn around<T: Model>(row: &T) -> Option<Arc<Self>> {
        Self::at(row)
    }

    /// Those of the group that this part of a row lives in.
    pub(crate) fn at<T>(part: &T) -> Option<Arc<Self>> {
        addresses::find(std::ptr::from_ref(part).addr())
    }

    /// Those of the relations that `T` declares, where the rows are of a model that extends it.
    pub(crate) fn level<T: Model>(&self) -> Option<&Self> {
        let relations = T::model_descriptor().own_relations;
        let mut level = Some(self);
        while let Some(origins) = level.filter(|origins| !std::ptr::eq(origins.relations, relations)) {
            level = origins.inherited.as_deref();
        }
        level
    }

    pub(crate) fn relation(&self, at: usize) -> Option<&'static RelationDescriptor> {
        self.relations.get(at)
    }

    /// The gate of this relation, which is one of these.
    pub(crate) fn gate(&self, relation: &RelationDescriptor) -> Option<&Gate> {
        let gates = self.gates.get_or_init(|| self.relations.iter().map(|_| Gate::default()).collect());
        let at = self.relations.iter().position(|own| own.name == relation.name)?;
        gates.get(at)
    }

    /// Whether the row was found by itself, and not in a list.
    pub(crate) fn is_lone(&self) -> bool {
        self.lone.load(Ordering::Relaxed)
    }

    /// The position of `row` among its peers, and all of them.
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

    /// Those of rows that were loaded with none.
    pub(crate) fn none() -> &'static Self {
        static NONE: Origins = Origins::NONE;
        &NONE
    }

    /// Those of the model that this one extends.
    pub fn inherited(&self) -> &Self {
        self.inherited.as_deref().unwrap_or(Self::none())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.relations.is_empty() && self.inherited.as_ref().is_none_or(|inherited| inherited.is_empty())
    }

    /// Tells the one row that it was found by itself.
    pub(crate) fn set_lone(&self) {
        self.lone.store(true, Ordering::Relaxed);
        if let Some(inherited) = &self.inherited {
            inherited.set_lone();
        }
    }

    /// Lets every row of the group find its peers.
    pub(crate) fn settle<T: Model>(self, group: &Arc<Group<T>>) {
        // Set once, right after the group was made.
        let _ = self.place.set(Place::Group(Arc::downgrade(group) as _));
        if !self.inherited().is_empty() {
            T::embed(&self, Arc::new(Arc::downgrade(group)));
        }
        addresses::enter(group.addresses(), &Arc::new(self));
    }

    /// Lets the rows of `T` that are embedded in other rows find their peers.
    pub(crate) fn embed<T: Model>(&self, rows: Arc<dyn Embedding<T>>) {
        let _ = self.place.set(Place::Embedded(Box::new(Arc::clone(&rows))));
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
