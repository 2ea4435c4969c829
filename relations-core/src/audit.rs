//! The audit of single loads: whoever loads one relation row by row from one place is told of it, once.

use std::fmt;
use std::panic::Location;
use std::sync::Mutex;

use rustc_hash::FxHashMap;

use crate::descriptor::RelationDescriptor;
use crate::error::RelationName;
use crate::log::lock;

/// One relation was loaded row by row from one place in the program. It prints as one line.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct NPlusOne {
    /// The model that declares the relation.
    pub model: &'static str,
    /// `Model.relation`.
    pub relation: RelationName,
    /// The call that loads.
    pub location: &'static Location<'static>,
    /// How many rows it has loaded the relation for, one after the other.
    pub loads: u32,
}

impl fmt::Display for NPlusOne {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { relation, location, loads, .. } = self;
        write!(
            f,
            "{relation} was loaded for {loads} rows one by one at {location}; \
             load it for all of them with `.with({constant})`, or read it in `LoadMode::Batch`",
            constant = relation.constant()
        )
    }
}

/// What is told of it.
pub(crate) type Hook = Box<dyn Fn(&NPlusOne) + Send + Sync>;

/// Counts the single loads of each relation from each place.
pub(crate) struct Audit {
    /// Reports it at so many.
    after: u32,
    hook: Option<Hook>,
    /// A place is known by its name: one call may have several addresses.
    counts: Mutex<FxHashMap<(Location<'static>, RelationId), u32>>,
}

/// A relation, as it is told from others: where its descriptor lives.
type RelationId = usize;

impl Audit {
    /// At so many if not said otherwise.
    pub(crate) const AFTER: u32 = 10;

    pub(crate) fn new(after: u32, hook: Option<Hook>) -> Self {
        Self { after, hook, counts: Mutex::default() }
    }

    /// Counts one load more, and reports that it is the one too many.
    #[cold]
    pub(crate) fn count(&self, relation: &'static RelationDescriptor, location: &'static Location<'static>) {
        let loads = {
            let mut counts = lock(&self.counts);
            let loads = counts.entry((*location, std::ptr::from_ref(relation).addr())).or_default();
            *loads = loads.saturating_add(1);
            *loads
        };
        if loads != self.after {
            return;
        }
        let found = NPlusOne { model: (relation.owner)().name, relation: RelationName(relation), location, loads };
        crate::trace::n_plus_one(&found);
        if let Some(hook) = &self.hook {
            hook(&found);
        }
    }
}

impl fmt::Debug for Audit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Audit").field("after", &self.after).finish_non_exhaustive()
    }
}
