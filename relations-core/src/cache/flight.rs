//! Flights: loads that are under way. Whoever misses a key that another load is fetching waits for that one.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use once_cell::sync::OnceCell;
use rustc_hash::FxHashMap;
use tokio::sync::Semaphore;

use super::fence::Stamp;
use super::store::CacheEntry;
use crate::error::Result;
use crate::key::Key;
use crate::log::lock;

/// One load of some keys.
pub(super) struct Flight<K> {
    /// Taken before the load's snapshot begins.
    pub(super) since: Stamp,
    /// The keys, and the number of each.
    pub(super) numbers: FxHashMap<K, u32>,
    /// Whether anyone waits for it.
    awaited: AtomicBool,
    outcome: OnceCell<Result<Vec<Result<CacheEntry>>>>,
    /// Closed when the load has ended, whatever came of it.
    ended: Semaphore,
}

impl<K: Key> Flight<K> {
    /// Waits for its end: an entry for each key's number, or the key's failure. Nothing if the load was dropped.
    pub(super) async fn outcome(&self) -> Option<Result<&[Result<CacheEntry>]>> {
        // It has no permits: this waits until it is closed.
        let _ = self.ended.acquire().await;
        self.outcome.get().map(|outcome| match outcome {
            Ok(entries) => Ok(entries.as_slice()),
            Err(error) => Err(error.clone()),
        })
    }
}

/// The loads of one relation that are under way.
pub(super) struct Flights<K> {
    flights: Mutex<Vec<Arc<Flight<K>>>>,
    /// How many have ended.
    ended: AtomicU64,
}

impl<K> Default for Flights<K> {
    fn default() -> Self {
        Self { flights: Mutex::default(), ended: AtomicU64::new(0) }
    }
}

/// What came of asking for some keys.
pub(super) enum Boarding<K: Key> {
    /// They are this caller's to load.
    Lead(Lead<K>),
    /// A load of one of them is under way.
    Wait(Arc<Flight<K>>),
    /// A load has ended meanwhile; the keys may be there.
    Look,
}

impl<K: Key> Flights<K> {
    /// How many have ended: taken before a look into the store.
    pub(super) fn ended(&self) -> u64 {
        self.ended.load(Ordering::Acquire)
    }

    /// Begins a load of these keys, unless one of them is being loaded and `joins` that load, or a load has ended since.
    pub(super) fn board(
        self: &Arc<Self>,
        keys: &[K],
        since: Stamp,
        ended: u64,
        joins: impl Fn(&K, &Flight<K>) -> bool,
    ) -> Boarding<K> {
        let mut flights = lock(&self.flights);
        for flight in &*flights {
            if keys.iter().any(|key| flight.numbers.contains_key(key) && joins(key, flight)) {
                flight.awaited.store(true, Ordering::Release);
                return Boarding::Wait(Arc::clone(flight));
            }
        }
        if self.ended() != ended {
            return Boarding::Look;
        }
        Boarding::Lead(self.begin(&mut flights, keys, since))
    }

    /// Begins a load of these keys, whoever else is loading them.
    pub(super) fn lead(self: &Arc<Self>, keys: &[K], since: Stamp) -> Lead<K> {
        self.begin(&mut lock(&self.flights), keys, since)
    }

    fn begin(self: &Arc<Self>, flights: &mut Vec<Arc<Flight<K>>>, keys: &[K], since: Stamp) -> Lead<K> {
        let flight = Arc::new(Flight {
            since,
            numbers: keys.iter().cloned().zip(0..).collect(),
            awaited: AtomicBool::new(false),
            outcome: OnceCell::new(),
            ended: Semaphore::new(0),
        });
        flights.push(Arc::clone(&flight));
        Lead { flights: Arc::clone(self), flight }
    }
}

/// The one who loads. Dropped without an outcome, it lets another take over.
pub(super) struct Lead<K: Key> {
    flights: Arc<Flights<K>>,
    pub(super) flight: Arc<Flight<K>>,
}

impl<K: Key> Lead<K> {
    /// Ends the load. Those who wait get what it found, or its error.
    pub(super) fn land(self, outcome: impl FnOnce() -> Result<Vec<Result<CacheEntry>>>) {
        self.leave();
        if self.flight.awaited.load(Ordering::Acquire) {
            let _ = self.flight.outcome.set(outcome());
        }
    }

    /// From now on nobody joins it.
    fn leave(&self) {
        let mut flights = lock(&self.flights.flights);
        let before = flights.len();
        flights.retain(|flight| !Arc::ptr_eq(flight, &self.flight));
        if flights.len() < before {
            self.flights.ended.fetch_add(1, Ordering::AcqRel);
        }
    }
}

impl<K: Key> Drop for Lead<K> {
    fn drop(&mut self) {
        self.leave();
        self.flight.ended.close();
    }
}
