//! The slot of a relation field: what has been loaded into it, readable without a lock.
//!
//! A slot is an append-only log whose first entry, the ordinary load, is stored in place. Everything rare (a second
//! load, a failure, whatever comes after `clear`) goes into a list behind it. Nothing is removed before the row itself
//! goes, so a reference to a loaded value stays valid while other threads clear and reload.

use std::num::NonZeroU64;

use once_cell::race::OnceBox;
use once_cell::sync::OnceCell;

use crate::descriptor::RelationDescriptor;
use crate::error::Error;
use crate::origin::Origins;

pub struct Slot<V> {
    relation: Option<&'static RelationDescriptor>,
    first: OnceCell<V>,
    later: OnceBox<boxcar::Vec<Event<V>>>,
}

enum Event<V> {
    /// The row is a copy of one that was found by itself.
    Alone,
    Cleared,
    Loaded(V),
    /// With the fingerprint of the key that failed.
    Failed(Error, NonZeroU64),
}

/// What a slot can hold.
pub trait Held: Clone {
    /// Whether it no longer leads to a row: an inverse whose owner was dropped.
    fn is_gone(&self) -> bool;
    /// Whether a filter or limit may have left out some of the relation.
    fn is_partial(&self) -> bool;
}

/// What a slot holds now.
pub(crate) enum State<'a, V> {
    Empty,
    Whole(&'a V),
    Partial(&'a V),
    Failed(&'a Error, NonZeroU64),
}

impl<V: Held> Slot<V> {
    pub(crate) const fn new() -> Self {
        Self { relation: None, first: OnceCell::new(), later: OnceBox::new() }
    }

    /// The relation, if the row was loaded.
    pub(crate) fn relation(&self) -> Option<&'static RelationDescriptor> {
        self.relation
    }

    #[inline]
    pub(crate) fn attach(&mut self, relation: Option<&'static RelationDescriptor>) {
        self.relation = relation;
    }

    #[inline]
    pub(crate) fn state(&self) -> State<'_, V> {
        match (self.later.get(), self.first.get()) {
            (None, Some(value)) => State::loaded(value),
            (None, None) => State::Empty,
            (Some(later), first) => Self::latest(first, later),
        }
    }

    /// Reads the log from its end: a whole load counts before anything else since the last `clear`.
    #[cold]
    fn latest<'a>(first: Option<&'a V>, later: &'a boxcar::Vec<Event<V>>) -> State<'a, V> {
        let mut latest = State::Empty;
        let first = first.map(State::loaded);
        let events = newest_first(later).filter_map(|event| match event {
            Event::Alone => None,
            Event::Cleared => Some(State::Empty),
            Event::Loaded(value) => Some(State::loaded(value)),
            Event::Failed(error, key) => Some(State::Failed(error, *key)),
        });
        for state in events.chain(first) {
            match (&state, &latest) {
                (State::Empty, _) => break,
                (State::Whole(_), _) => return state,
                (State::Partial(_) | State::Failed(..), State::Empty) => latest = state,
                _ => {}
            }
        }
        latest
    }

    /// Whether it was cleared, and nothing has been loaded into it since.
    pub(crate) fn is_cleared(&self) -> bool {
        let latest = self.later.get().and_then(|later| newest_first(later).next());
        matches!(latest, Some(Event::Cleared))
    }

    /// The newest load since the last `clear`, be it of a part.
    pub(crate) fn newest(&self) -> Option<&V> {
        for event in self.later.get().into_iter().flat_map(newest_first) {
            match event {
                Event::Cleared => return None,
                Event::Loaded(value) => return Some(value),
                Event::Failed(..) | Event::Alone => {}
            }
        }
        self.first.get()
    }

    /// Stores a load. A second whole one is dropped, unless what the first pointed to is gone: both read the same.
    pub(crate) fn set(&self, value: V) {
        let value = match self.later.get() {
            None => match self.first.set(value) {
                Ok(()) => return,
                Err(value) => value,
            },
            Some(_) => value,
        };
        if value.is_partial() || !matches!(self.state(), State::Whole(held) if !held.is_gone()) {
            self.append(Event::Loaded(value));
        }
    }

    pub(crate) fn set_failed(&self, error: Error, key: NonZeroU64) {
        self.append(Event::Failed(error, key));
    }

    pub(crate) fn clear(&self) {
        if !matches!(self.state(), State::Empty) {
            self.append(Event::Cleared);
        }
    }

    /// Whether the row is a copy of one that was found by itself.
    pub(crate) fn is_alone(&self) -> bool {
        self.later.get().is_some_and(|later| later.iter().any(|(_, event)| matches!(event, Event::Alone)))
    }

    fn append(&self, event: Event<V>) {
        self.later.get_or_init(Box::default).push(event);
    }
}

impl<'a, V: Held> State<'a, V> {
    #[inline]
    fn loaded(value: &'a V) -> Self {
        if value.is_partial() { Self::Partial(value) } else { Self::Whole(value) }
    }
}

fn newest_first<V>(events: &boxcar::Vec<Event<V>>) -> impl Iterator<Item = &Event<V>> {
    (0..events.count()).rev().filter_map(|at| events.get(at))
}

impl<V: Held> Clone for Slot<V> {
    /// Copies what is loaded now, without its history. A copied row has left its group, but still knows the relation's
    /// name, and whether the row was found by itself.
    fn clone(&self) -> Self {
        let copy = Self { relation: self.relation, first: OnceCell::new(), later: OnceBox::new() };
        // What was not loaded from a source, or is kept in a cache, lives in no group.
        if self.relation.is_some() && (self.is_alone() || Origins::at(self).is_some_and(|origins| origins.is_lone())) {
            copy.append(Event::Alone);
        }
        match self.state() {
            State::Empty => {}
            State::Whole(value) | State::Partial(value) => copy.set(value.clone()),
            State::Failed(error, key) => copy.set_failed(error.clone(), key),
        }
        copy
    }
}
