//! A space: the entries of one relation, by one sort of key. A read looks all its keys up, loads those that it misses
//! in one request, and keeps what comes.

use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use rustc_hash::FxHashMap;

use super::CacheConfig;
use super::clock::{Clock, nanoseconds};
use super::fence::Stamp;
use super::flight::{Boarding, Flight, Flights, Lead};
use super::statistics::{CacheStats, Counters};
use super::store::{CacheEntry, CacheKey, CacheStore, RelationCache};
use super::visit::Visit;
use crate::descriptor::ModelDescriptor;
use crate::error::{ErrorKind, Result};
use crate::key::Key;
use crate::model::Model;
use crate::origin::Origins;
use crate::source::{Loaded, Reader, RelationLoader, Request};

mod entry;

use entry::{Entry, Rows, entry};

/// Visits the keys by which a row is found.
pub(crate) type KeysOf<T, K> = fn(&T, &mut dyn FnMut(K));

/// What a space holds, and of what.
pub(super) struct Subject<T, K> {
    /// `Model.relation`, with the join table if it is about its rows.
    pub(super) name: String,
    pub(super) keys_of: KeysOf<T, K>,
    /// The key of an owner of the relation, if the row is one.
    pub(super) owner_key: fn(&dyn Any) -> Option<K>,
    /// The columns that hold the key; each of these lists does by itself.
    pub(super) columns: Vec<&'static [usize]>,
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

/// What a look for some keys has found so far.
struct Looked<T, K: Key> {
    keys: Vec<K>,
    /// In the order of the keys.
    entries: Vec<Option<Arc<Entry<T>>>>,
    missing: usize,
    counted: bool,
    /// How many loads had ended before it.
    ended: u64,
    /// This reader is the one to load what is missing.
    lead: Option<Lead<K>>,
}

impl<T, K: Key> Looked<T, K> {
    fn is_whole(&self) -> bool {
        self.missing == 0
    }

    fn missing(&self) -> Vec<K> {
        let all = self.keys.iter().zip(&self.entries);
        all.filter(|(_, entry)| entry.is_none()).map(|(key, _)| key.clone()).collect()
    }

    /// Lets go of what was found if something is missing and the rows of all keys are in one order.
    fn settle(&mut self, at_once: bool) {
        if at_once && !self.is_whole() {
            self.entries.fill_with(|| None);
            self.missing = self.keys.len();
        }
    }

    fn found(&mut self, at: usize, entry: Arc<Entry<T>>) {
        if let Some(place @ None) = self.entries.get_mut(at) {
            *place = Some(entry);
            self.missing -= 1;
        }
    }
}

/// Rows that were loaded, some of them perhaps copied from entries.
pub(crate) struct Gathered<T, K> {
    pub(crate) loaded: Loaded<T, K>,
    /// Where rows of several keys were copied that may belong to more than one: the number of the key that each row is
    /// here for.
    pub(crate) of: Option<Vec<u32>>,
}

impl<T, K> Gathered<T, K> {
    /// Rows of a load alone.
    pub(crate) fn all(loaded: Loaded<T, K>) -> Self {
        Self { loaded, of: None }
    }
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
        fresh: bool,
    ) -> Result<Gathered<T, K>>
    where
        S: RelationLoader<T, K>,
    {
        let keys = request.keys.take().unwrap_or_default();
        let mut looked = match visit.seen::<Looked<T, K>>(|looked| looked.keys == keys) {
            Some(looked) => looked,
            None => {
                if fresh {
                    keys.iter().for_each(|key| self.forget(key));
                }
                self.look(keys, request.at_once).await
            }
        };
        if reader.is_ahead() {
            self.board(&mut looked, request.at_once).await?;
            if !looked.is_whole() {
                visit.saw(looked);
                visit.miss();
                return Err(ErrorKind::Closed.into());
            }
        }
        let loaded = self.fetch(reader, visit.since(), request, &mut looked).await?;
        let gathered = self.gather(&looked, loaded);
        if reader.is_ahead() {
            visit.saw_whole(looked);
        }
        Ok(gathered)
    }

    /// Looks the keys up.
    async fn look(&self, keys: Vec<K>, at_once: bool) -> Looked<T, K> {
        let ended = self.flights.ended();
        let entries = match keys.as_slice() {
            [key] => self.kept(&[key]).await,
            keys => self.kept(&keys.iter().map(|key| key as &dyn CacheKey).collect::<Vec<_>>()).await,
        };
        let missing = entries.iter().filter(|entry| entry.is_none()).count();
        let mut looked = Looked { keys, entries, missing, counted: false, ended, lead: None };
        looked.settle(at_once);
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
    async fn kept(&self, keys: &[&dyn CacheKey]) -> Vec<Option<Arc<Entry<T>>>> {
        let now = nanoseconds(self.clock.now());
        let entries = self.store.get(keys).get().await;
        let young = |(entry, key): (Option<CacheEntry>, &&dyn CacheKey)| {
            let entry = entry?.rows.downcast::<Entry<T>>().ok()?;
            if self.is_old(&entry, now) {
                self.store.remove(*key);
                self.counters.expired.add(1);
                return None;
            }
            entry.used.store(now, Ordering::Relaxed);
            Some(entry)
        };
        entries.into_iter().zip(keys).map(young).collect()
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
                    let Some(entries) = flight.outcome().await else { continue };
                    let entries = entries?;
                    for at in 0..looked.keys.len() {
                        let number = flight.numbers.get(&looked.keys[at]);
                        let entry = number.and_then(|&number| entries.get(number as usize).cloned().flatten());
                        if let Some(Ok(entry)) = entry.map(|entry| entry.rows.downcast()) {
                            looked.found(at, entry);
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Loads what is missing, and keeps it.
    async fn fetch<S>(
        &self,
        reader: Reader<'_, S>,
        since: Stamp,
        request: Request<T, K>,
        looked: &mut Looked<T, K>,
    ) -> Result<Loaded<T, K>>
    where
        S: RelationLoader<T, K>,
    {
        if !std::mem::replace(&mut looked.counted, true) {
            self.counters.hits.add(looked.keys.len() - looked.missing);
            self.counters.misses.add(looked.missing);
        }
        if looked.is_whole() {
            return Ok(Loaded::default());
        }
        let missing = looked.missing();
        let lead = match looked.lead.take() {
            Some(lead) => lead,
            // In a session nobody waits for anybody, as they might wait for the connection that it holds.
            None => match self.flights.board(&missing, since, self.flights.ended(), |_, _| false) {
                Boarding::Lead(lead) => lead,
                Boarding::Wait(_) | Boarding::Look => {
                    return reader.load(Request { keys: Some(missing), ..request }).await;
                }
            },
        };
        self.counters.loads.add(1);
        let loaded = match reader.load(Request { keys: Some(missing), ..request }).await {
            Ok(loaded) => loaded,
            Err(error) => {
                lead.land(|| Err(error.clone()));
                return Err(error);
            }
        };
        self.keep(&loaded, lead).await;
        Ok(loaded)
    }

    /// Keeps what was loaded, and hands it to those who wait for it.
    async fn keep(&self, loaded: &Loaded<T, K>, lead: Lead<K>) {
        let numbers = &lead.flight.numbers;
        let rows = self.copies(loaded.rows.rows(), numbers);
        let filled = nanoseconds(self.clock.now());
        let mut entries: Vec<_> =
            rows.into_iter().map(|rows| Some(entry::<T, K>(rows, filled, lead.flight.since))).collect();
        for (key, _) in &loaded.failures {
            // Errors are never kept.
            if let Some(entry) = numbers.get(key).and_then(|&number| entries.get_mut(number as usize)) {
                *entry = None;
            }
        }
        let put = numbers.iter().filter_map(|(key, &number)| {
            let entry = entries.get(number as usize).cloned().flatten()?;
            Some((key.boxed(), entry))
        });
        let fenced = self.store.put(put.collect()).get().await;
        self.counters.fenced.add(usize::try_from(fenced).unwrap_or(usize::MAX));
        lead.land(|| Ok(entries));
    }

    /// Copies of the rows for each key, by its number.
    fn copies(&self, rows: &[T], numbers: &FxHashMap<K, u32>) -> Vec<Rows<T>> {
        let mut counts = vec![0; numbers.len()];
        let mut shares: Vec<(&T, u32)> = Vec::with_capacity(rows.len());
        // Databases mostly return rows key by key.
        let mut last: Option<(K, Option<u32>)> = None;
        for row in rows {
            (self.subject.keys_of)(row, &mut |key| {
                let number = match &last {
                    Some((last, number)) if *last == key => *number,
                    _ => {
                        let number = numbers.get(&key).copied();
                        last = Some((key, number));
                        number
                    }
                };
                if let Some(number) = number {
                    counts[number as usize] += 1;
                    shares.push((row, number));
                }
            });
        }
        let mut copies: Vec<Rows<T>> = counts.into_iter().map(Rows::with_capacity).collect();
        for (row, number) in shares {
            copies[number as usize].push(self.copy_to_keep(row));
        }
        copies
    }

    /// A copy that knows nothing of the rows it was loaded with.
    fn copy_to_keep(&self, row: &T) -> T {
        let mut copy = (self.subject.copy)(row);
        copy.attach(Origins::none());
        copy
    }

    /// Copies the rows of the entries into those that were loaded: fresh rows, one another's peers.
    fn gather(&self, looked: &Looked<T, K>, mut loaded: Loaded<T, K>) -> Gathered<T, K> {
        let hits = || (0..).zip(&looked.entries).filter_map(|(at, entry)| Some((at, entry.as_ref()?)));
        let is_shared = self.subject.columns.len() > 1;
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
        let of = (is_shared && hits().next().is_some()).then_some(of);
        Gathered { loaded, of }
    }

    /// Invalidates all keys.
    pub(crate) fn forget_all(&self) {
        self.store.clear();
    }

    /// Invalidates a key.
    pub(crate) fn forget(&self, key: &K) {
        self.counters.invalidated.add(1);
        self.store.remove(key);
    }
}

/// A space of rows of any model by any key.
pub(super) trait AnySpace: Any + Send + Sync {
    fn name(&self) -> &str;
    fn model(&self) -> &'static ModelDescriptor;
    fn stats(&self) -> CacheStats;
    /// Invalidates all keys.
    fn clear(&self);
    /// Invalidates the keys by which this row is found; false if it is not a row of this space's model.
    fn forget_row(&self, row: &dyn Any) -> bool;
    /// Invalidates the key by which this row, an owner of the relation, finds its targets.
    fn forget_owner(&self, row: &dyn Any);
    /// Invalidates the entry of this value of these columns; false if it holds none by such a key.
    fn forget_key(&self, columns: &[&str], key: &dyn Any) -> bool;
    fn as_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync>;
}

impl<T: Model, K: Key> AnySpace for Space<T, K> {
    fn name(&self) -> &str {
        &self.subject.name
    }

    fn model(&self) -> &'static ModelDescriptor {
        T::model_descriptor()
    }

    fn stats(&self) -> CacheStats {
        CacheStats::new(&self.counters, self.store.usage())
    }

    fn clear(&self) {
        self.forget_all();
    }

    fn forget_row(&self, row: &dyn Any) -> bool {
        match row.downcast_ref::<T>() {
            Some(row) => {
                (self.subject.keys_of)(row, &mut |key| self.forget(&key));
                true
            }
            None => false,
        }
    }

    fn forget_owner(&self, row: &dyn Any) {
        if let Some(key) = (self.subject.owner_key)(row) {
            self.forget(&key);
        }
    }

    fn forget_key(&self, columns: &[&str], key: &dyn Any) -> bool {
        let is_by = |own: &&&[usize]| {
            let names = own.iter().filter_map(|&at| Some(T::COLUMNS.get(at)?.column));
            names.eq(columns.iter().copied())
        };
        match key.downcast_ref::<K>() {
            Some(key) if self.subject.columns.iter().any(|own| is_by(&own)) => {
                self.forget(key);
                true
            }
            _ => false,
        }
    }

    fn as_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}
