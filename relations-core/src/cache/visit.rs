//! A visit: what one plan, and the look into the cache before it, share.

use std::any::Any;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Cache;
use super::fence::Stamp;
use crate::log::lock;

/// What was seen in the cache before there was a session, for the plan that then has one.
pub(crate) struct Sightings {
    missed: AtomicBool,
    /// Whether what is found in one step may have to be looked up again, as another step misses something.
    in_steps: bool,
    seen: Mutex<Vec<Box<dyn Any + Send>>>,
}

impl Sightings {
    /// Nothing seen yet of a relation that is looked up in one step or several.
    pub(crate) fn new(in_steps: bool) -> Self {
        Self { missed: AtomicBool::new(false), in_steps, seen: Mutex::default() }
    }

    /// Whether something was not there.
    pub(crate) fn missed(&self) -> bool {
        self.missed.load(Ordering::Acquire)
    }
}

/// A cache as one plan sees it.
#[derive(Clone, Copy)]
pub(crate) struct Visit<'a> {
    cache: &'a Cache,
    /// Taken before the plan's snapshot began.
    since: Stamp,
    sightings: Option<&'a Sightings>,
}

impl<'a> Visit<'a> {
    pub(crate) fn new(cache: &'a Cache, since: Stamp, sightings: Option<&'a Sightings>) -> Self {
        Self { cache, since, sightings }
    }

    pub(crate) fn cache(&self) -> &'a Cache {
        self.cache
    }

    pub(crate) fn since(&self) -> Stamp {
        self.since
    }

    /// Notes that something was not there.
    pub(crate) fn miss(&self) {
        if let Some(sightings) = self.sightings {
            sightings.missed.store(true, Ordering::Release);
        }
    }

    /// Notes what was seen.
    pub(super) fn saw<L: Any + Send>(&self, looked: L) {
        if let Some(sightings) = self.sightings {
            lock(&sightings.seen).push(Box::new(looked));
        }
    }

    /// Notes what was found whole; only a step that is not the last is gone through again.
    pub(super) fn saw_whole<L: Any + Send>(&self, looked: L) {
        if self.sightings.is_some_and(|sightings| sightings.in_steps) {
            self.saw(looked);
        }
    }

    /// What was seen before of this sort.
    pub(super) fn seen<L: Any + Send>(&self, is_it: impl Fn(&L) -> bool) -> Option<L> {
        let mut seen = lock(&self.sightings?.seen);
        let at = seen.iter().position(|looked| looked.downcast_ref().is_some_and(&is_it))?;
        seen.swap_remove(at).downcast().ok().map(|looked| *looked)
    }
}
