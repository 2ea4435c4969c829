//! A space: the entries of one relation, by one sort of key. A read looks all its keys up, loads those that it misses
//! in one request, and keeps what comes.

use std::any::TypeId;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::clock::{Clock, nanoseconds};
use super::events;
use super::fence::Stamp;
use super::flight::{Boarding, Flight, Flights, Lead};
use super::statistics::Counters;
use super::store::{CacheEntry, CacheKey, CacheStore, RelationCache};
use super::visit::Visit;
use super::{CacheConfig, SpaceRows};
use crate::error::{ErrorKind, Result};
use crate::key::Key;
use crate::model::Model;
use crate::source::{Loaded, Reader, RelationLoader, Request};
use crate::trace;

mod entry;
mod erased;
mod keep;
mod looked;

use entry::Entry;
pub(super) use erased::AnySpace;
pub(crate) use keep::{Keeping, Unkept};
use looked::Looked;

/// Visits the keys by which a row is found.
pub(crate) type KeysOf<T, K> = fn(&T, &mut dyn FnMut(K));

/// What a space holds, and of what.
pub(super) struct Subject<T, K> {
    /// `Model.relation`, with the join table if it is about its rows.
    pub(super) name: String,
    pub(super) keys_of: KeysOf<T, K>,
    pub(super) rows: SpaceRows<K>,
    /// The model of the owners, and its table, if it is by a key of their own that they find their rows.
    pub(super) owner: Option<(TypeId, &'static str)>,
    pub(super) copy: fn(&T) -> T,
}

/// The entries of one relation by one sort of key: what is loaded by one request.
pub(crate) struct Space<T: Model, K: Key> {
    pub(super) subject: Subject<T, K>,
    pub(super) config: CacheConfig,
    pub(super) store: Box<dyn CacheStore>,
    pub(super) counters: Counters,
    cache: Arc<dyn RelationCache>,
    clock: Arc<dyn Clock>,
    flights: Arc<Flights<K>>,
}

/// Rows that were loaded, some of them perhaps copied from entries.
pub(crate) struct Gathered<T: Model, K: Key> {
    pub(crate) loaded: Loaded<T, K>,
    /// Where rows of several keys were copied that may belong to more than one: the number of the key that each row is
    /// here for.
    pub(crate) of: Option<Vec<u32>>,
    /// Whether all of them were copied.
    pub(crate) is_copy: bool,
    /// What is left to do where the rows are kept in an order that is not known yet.
    pub(crate) unkept: Option<Unkept<T, K>>,
}

impl<T: Model, K: Key> Gathered<T, K> {
    /// Rows of a load alone.
    pub(crate) fn all(loaded: Loaded<T, K>) -> Self {
        Self { loaded, of: None, is_copy: false, unkept: None }
    }
}

/// How a load uses what is cached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// It takes what is there, and keeps what it has to load.
    Both,
    /// It takes nothing, and keeps what it loads.
    Keep,
    /// It takes all or nothing, and leaves it to its caller to keep the rows in their order.
    InOrder,
}

impl<T: Model, K: Key> Space<T, K> {
    pub(super) fn new(
        subject: Subject<T, K>,
        config: CacheConfig,
        cache: Arc<dyn RelationCache>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let store = cache.open(&subject.name, &config);
        Self { subject, config, store, counters: Counters::default(), cache, clock, flights: Arc::default() }
    }

    /// Loads what a request asks for: the whole of the relation for each of its keys.
    pub(crate) async fn load<S>(
        self: Arc<Self>,
        reader: Reader<'_, S>,
        visit: Visit<'_>,
        mut request: Request<T, K>,
        by: Use,
        fresh: bool,
        told: &trace::Load,
    ) -> Result<Gathered<T, K>>
    where
        S: RelationLoader<T, K>,
    {
        let keys = request.keys.take().unwrap_or_default();
        let at_once = request.at_once || by == Use::InOrder;
        let is_it = |looked: &Looked<T, K>| Arc::ptr_eq(&looked.flights, &self.flights) && looked.keys == keys;
        let mut looked = match visit.seen(is_it) {
            Some(looked) => looked,
            None => {
                if fresh {
                    keys.iter().for_each(|key| self.forget(key));
                }
                self.look(keys, at_once, by).await
            }
        };
        told.looked(looked.keys.len() - looked.missing, looked.missing);
        if reader.is_ahead() {
            self.board(&mut looked, at_once).await?;
            if !looked.is_whole() {
                visit.saw(looked);
                visit.miss();
                return Err(ErrorKind::Closed.into());
            }
        }
        let (loaded, lead) = self.fetch(reader, visit.since(), request, &mut looked, told).await?;
        let failed = loaded.failures.clone();
        let unkept = lead.map(|lead| Unkept { space: Arc::clone(&self), lead, failed });
        let unkept = match unkept {
            Some(unkept) if by != Use::InOrder => {
                let numbered = self.numbered(loaded.rows.rows(), &unkept.lead);
                let keeping = unkept.keep(&numbered);
                keeping.put().await;
                None
            }
            unkept => unkept,
        };
        let is_copy = looked.is_whole();
        let (loaded, of) = self.gather(&looked, loaded);
        if reader.is_ahead() {
            visit.saw_whole(looked);
        }
        Ok(Gathered { loaded, of, is_copy, unkept })
    }

    /// Looks the keys up.
    async fn look(&self, keys: Vec<K>, at_once: bool, by: Use) -> Looked<T, K> {
        let ended = self.flights.ended();
        let entries: Vec<_> = match keys.as_slice() {
            keys if by == Use::Keep => keys.iter().map(|_| None).collect(),
            [key] => self.kept(&[key]).await,
            keys => self.kept(&keys.iter().map(|key| key as &dyn CacheKey).collect::<Vec<_>>()).await,
        };
        let missing = entries.iter().filter(|entry| entry.is_none()).count();
        let mut looked = Looked { flights: Arc::clone(&self.flights), keys, entries, missing, ended, lead: None };
        looked.settle(at_once);
        let hits = looked.keys.len() - looked.missing;
        self.counters.hits.add(hits);
        self.counters.misses.add(looked.missing);
        events::read(&self.subject.name, hits, looked.missing);
        looked
    }

    /// Looks up what is missing.
    async fn look_again(&self, looked: &mut Looked<T, K>, at_once: bool) {
        looked.ended = self.flights.ended();
        let missing: Vec<usize> = (0..looked.keys.len()).filter(|&at| looked.entries[at].is_none()).collect();
        let keys: Vec<&dyn CacheKey> = missing.iter().map(|&at| &looked.keys[at] as &dyn CacheKey).collect();
        let entries = self.kept(&keys).await;
        for (at, entry) in missing.into_iter().zip(entries) {
            if let Some(entry) = entry {
                looked.found(at, entry);
            }
        }
        looked.settle(at_once);
    }

    /// What the store keeps under these keys that is not too old, in their order.
    async fn kept(&self, keys: &[&dyn CacheKey]) -> Vec<Option<Result<Arc<Entry<T>>>>> {
        let now = nanoseconds(self.clock.now());
        let young = |entry: Option<CacheEntry>| {
            let entry = entry?.rows.downcast::<Entry<T>>().ok()?;
            if self.is_old(&entry, now) {
                // It stays until what is loaded now takes its place: to remove it here might remove that.
                let is_known = entry.expired.swap(true, Ordering::Relaxed);
                self.counters.expired.add(usize::from(!is_known));
                return None;
            }
            entry.used.store(now, Ordering::Relaxed);
            Some(Ok(entry))
        };
        let mut entries: Vec<_> = self.store.get(keys).get().await.into_iter().map(young).collect();
        // A store that fails may answer nothing at all.
        entries.resize_with(keys.len(), || None);
        entries
    }

    fn is_old(&self, entry: &Entry<T>, now: u64) -> bool {
        let older = |than: Option<_>, since| than.is_some_and(|than| now.saturating_sub(since) >= nanoseconds(than));
        older(self.config.ttl, entry.filled) || older(self.config.tti, entry.used.load(Ordering::Relaxed))
    }

    /// Takes it upon this reader to load what is missing, or waits while others do.
    async fn board(&self, looked: &mut Looked<T, K>, at_once: bool) -> Result<()> {
        while !looked.is_whole() {
            let missing = looked.missing();
            let since = self.cache.now();
            let joins = |key: &K, flight: &Flight<K>| self.store.is_current(key, flight.since);
            match self.flights.board(&missing, since, looked.ended, joins) {
                // What has ended meanwhile is in the store.
                Boarding::Look => self.look_again(looked, at_once).await,
                Boarding::Lead(lead) => {
                    looked.lead = Some(lead);
                    break;
                }
                Boarding::Wait(flight) => {
                    self.counters.waits.add(1);
                    events::wait(&self.subject.name);
                    // It may load others of these keys too, which were invalidated since it began.
                    let joined: Vec<(usize, u32)> = (0..)
                        .zip(&looked.keys)
                        .filter_map(|(at, key)| Some((at, *flight.numbers.get(key).filter(|_| joins(key, &flight))?)))
                        .collect();
                    let Some(entries) = flight.outcome().await else { continue };
                    let entries = entries?;
                    for (at, number) in joined {
                        match entries.get(number as usize).cloned() {
                            Some(Ok(entry)) => {
                                let rows = entry.rows.downcast();
                                rows.into_iter().for_each(|rows| looked.found(at, Ok(rows)));
                            }
                            Some(Err(error)) => looked.found(at, Err(error)),
                            None => {}
                        }
                    }
                    looked.settle(at_once);
                }
            }
        }
        Ok(())
    }

    /// Loads what is missing. Whoever leads the load has to keep it.
    async fn fetch<S>(
        &self,
        reader: Reader<'_, S>,
        since: Stamp,
        request: Request<T, K>,
        looked: &mut Looked<T, K>,
        told: &trace::Load,
    ) -> Result<(Loaded<T, K>, Option<Lead<K>>)>
    where
        S: RelationLoader<T, K>,
    {
        if looked.is_whole() {
            told.sent(0);
            return Ok((Loaded::default(), None));
        }
        self.counters.loads.add(1);
        let missing = looked.missing();
        // In a session nobody waits for anybody, as they might wait for the connection that it holds.
        let lead = looked.lead.take().unwrap_or_else(|| self.flights.lead(&missing, since));
        let loaded = match reader.load_rest(Request { keys: Some(missing), all_keys: false, ..request }, told).await {
            Ok(loaded) => loaded,
            Err(error) => {
                lead.land(|| Err(error.clone()));
                return Err(error);
            }
        };
        Ok((loaded, Some(lead)))
    }

    /// Copies the rows of the entries into those that were loaded: fresh rows, one another's peers. Where rows may belong
    /// to several keys, with the number of the key that each copy is here for.
    fn gather(&self, looked: &Looked<T, K>, mut loaded: Loaded<T, K>) -> (Loaded<T, K>, Option<Vec<u32>>) {
        let hits = || (0..).zip(&looked.entries).filter_map(|(at, entry)| Some((at, entry.as_ref()?.as_ref().ok()?)));
        let is_shared = self.subject.rows.columns.len() > 1;
        let mut of = Vec::new();
        loaded.rows.reserve(hits().map(|(_, entry)| entry.rows.as_slice().len()).sum());
        for (at, entry) in hits() {
            for row in entry.rows.as_slice() {
                loaded.rows.push((self.subject.copy)(row));
                if is_shared {
                    of.push(at);
                }
            }
        }
        let failures = looked.keys.iter().zip(&looked.entries).filter_map(|(key, entry)| {
            let error = entry.as_ref()?.as_ref().err()?;
            Some((key.clone(), error.clone()))
        });
        loaded.failures.extend(failures);
        let of = (is_shared && hits().next().is_some()).then_some(of);
        (loaded, of)
    }

    /// Invalidates all keys.
    pub(crate) fn forget_all(&self) {
        events::invalidated(&self.subject.name, None);
        self.store.clear();
    }

    /// Invalidates a key.
    pub(crate) fn forget(&self, key: &K) {
        self.counters.invalidated.add(1);
        events::invalidated(&self.subject.name, Some(key));
        self.store.remove(key);
    }
}
