//! A space: the entries of one relation, by one sort of key. A read looks all its keys up, loads those that it misses
//! in one request, and keeps what comes.

use std::any::{Any, TypeId};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::CacheConfig;
use super::clock::{Clock, nanoseconds};
use super::events;
use super::fence::Stamp;
use super::flight::{Boarding, Flight, Flights, Lead};
use super::statistics::{CacheStats, Counters};
use super::store::{CacheEntry, CacheKey, CacheStore, RelationCache};
use super::visit::{Sighting, Visit};
use crate::descriptor::ModelDescriptor;
use crate::error::{Error, ErrorKind, Result};
use crate::key::Key;
use crate::model::Model;
use crate::origin::Origins;
use crate::source::{Loaded, Reader, RelationLoader, Request};

/// Visits the keys by which a row is found.
pub(crate) type KeysOf<T, K> = fn(&T, &mut dyn FnMut(K));

/// What a space holds, and of what.
pub(super) struct Subject<T, K> {
    /// `Model.relation`, with the join table if it is about its rows.
    pub(super) name: String,
    pub(super) keys_of: KeysOf<T, K>,
    /// The key of an owner of the relation, if the row is one.
    pub(super) owner_key: fn(&dyn Any) -> Option<K>,
    /// The model of these owners, and its table, if it is by a key of their own that they find their rows.
    pub(super) owner: Option<(TypeId, &'static str)>,
    /// The columns that hold the key; each of these lists does by itself.
    pub(super) columns: Vec<&'static [usize]>,
    /// The model by whose rows those of a key are ordered, if that is another one.
    pub(super) ordered_by: Option<fn() -> &'static ModelDescriptor>,
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

/// The rows of a key, as they were loaded.
struct Entry<T> {
    rows: Rows<T>,
    filled: u64,
    used: AtomicU64,
    /// Somebody has found it old.
    expired: AtomicBool,
}

#[derive(Default)]
enum Rows<T> {
    #[default]
    None,
    One(T),
    Many(Vec<T>),
}

impl<T> Rows<T> {
    fn push(&mut self, row: T) {
        *self = match std::mem::take(self) {
            Self::None => Self::One(row),
            Self::One(first) => Self::Many(vec![first, row]),
            Self::Many(mut rows) => {
                rows.push(row);
                Self::Many(rows)
            }
        };
    }

    fn as_slice(&self) -> &[T] {
        match self {
            Self::None => &[],
            Self::One(row) => std::slice::from_ref(row),
            Self::Many(rows) => rows,
        }
    }
}

/// What a look for some keys has found so far.
struct Looked<T, K: Key> {
    /// The loads of the space that was looked into: another one may hold rows of the same model by the same keys.
    flights: Arc<Flights<K>>,
    keys: Vec<K>,
    /// In the order of the keys; for a key that failed for another reader, its error.
    entries: Vec<Option<Result<Arc<Entry<T>>>>>,
    missing: usize,
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

    /// Forgets what was found: the rows of all keys are in one order.
    fn reset(&mut self) {
        self.entries.fill_with(|| None);
        self.missing = self.keys.len();
    }

    fn found(&mut self, at: usize, entry: Result<Arc<Entry<T>>>) {
        if let Some(place @ None) = self.entries.get_mut(at) {
            *place = Some(entry);
            self.missing -= 1;
        }
    }
}

impl<T: Model, K: Key> Sighting for Looked<T, K> {
    fn fail(&mut self, error: &Error) {
        if let Some(lead) = self.lead.take() {
            lead.land(|| Err(error.clone()));
        }
    }
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

/// Rows that are loaded, and not kept yet.
pub(crate) struct Unkept<T: Model, K: Key> {
    space: Arc<Space<T, K>>,
    lead: Lead<K>,
    failed: Vec<(K, Error)>,
}

/// Entries on their way into the store.
pub(crate) struct Keeping<T: Model, K: Key> {
    space: Arc<Space<T, K>>,
    lead: Lead<K>,
    entries: Vec<Result<CacheEntry>>,
}

impl<T: Model, K: Key> Unkept<T, K> {
    /// Makes entries of the rows. Each comes with the number of the key whose entry it goes to the end of.
    pub(crate) fn keep<'a>(self, rows: impl Iterator<Item = (u32, &'a T)>) -> Keeping<T, K> {
        let Self { space, lead, failed } = self;
        let mut sorted: Vec<Rows<T>> = Vec::new();
        sorted.resize_with(lead.flight.numbers.len(), Rows::default);
        for (number, row) in rows {
            if let Some(rows) = sorted.get_mut(number as usize) {
                rows.push(space.copy_to_keep(row));
            }
        }
        let entries = space.entries(sorted, &failed, &lead);
        Keeping { space, lead, entries }
    }
}

impl<T: Model, K: Key> Keeping<T, K> {
    /// Puts them there, and hands them to those who wait for them.
    pub(crate) async fn put(self) {
        let Self { space, lead, entries } = self;
        space.put(entries, lead).await;
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
        by: Use,
        fresh: bool,
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
        if reader.is_ahead() {
            self.board(&mut looked, at_once).await?;
            if !looked.is_whole() {
                visit.saw(looked);
                visit.miss();
                return Err(ErrorKind::Closed.into());
            }
        }
        let (loaded, lead) = self.fetch(reader, visit.since(), request, &mut looked).await?;
        let failed = loaded.failures.clone();
        let unkept = lead.map(|lead| Unkept { space: Arc::clone(&self), lead, failed });
        let unkept = match unkept {
            Some(unkept) if by != Use::InOrder => {
                let numbered = self.numbered(loaded.rows.rows(), &unkept.lead);
                unkept.keep(numbered.into_iter()).put().await;
                None
            }
            unkept => unkept,
        };
        let is_copy = looked.is_whole();
        let gathered = Gathered { unkept, is_copy, ..self.gather(&looked, loaded) };
        if reader.is_ahead() {
            visit.saw(looked);
        }
        Ok(gathered)
    }

    /// Looks the keys up.
    async fn look(&self, keys: Vec<K>, at_once: bool, by: Use) -> Looked<T, K> {
        let missing = keys.len();
        let (flights, entries) = (Arc::clone(&self.flights), keys.iter().map(|_| None).collect());
        let mut looked = Looked { flights, keys, entries, missing, ended: 0, lead: None };
        if by == Use::Keep {
            looked.ended = self.flights.ended();
        } else {
            self.look_again(&mut looked, at_once).await;
        }
        self.counters.hits.add(looked.keys.len() - looked.missing);
        self.counters.misses.add(looked.missing);
        events::read(&self.subject.name, looked.keys.len() - looked.missing, looked.missing);
        looked
    }

    /// Looks up what is missing.
    async fn look_again(&self, looked: &mut Looked<T, K>, at_once: bool) {
        looked.ended = self.flights.ended();
        let missing: Vec<usize> = (0..looked.keys.len()).filter(|&at| looked.entries[at].is_none()).collect();
        let keys: Vec<&dyn CacheKey> = missing.iter().map(|&at| &looked.keys[at] as &dyn CacheKey).collect();
        let now = nanoseconds(self.clock.now());
        let entries = self.store.get(&keys).get().await;
        for (at, entry) in missing.into_iter().zip(entries) {
            let Some(entry) = entry.and_then(|entry| entry.rows.downcast::<Entry<T>>().ok()) else { continue };
            if self.is_old(&entry, now) {
                // It stays until what is loaded now takes its place: to remove it here might remove that.
                let is_known = entry.expired.swap(true, Ordering::Relaxed);
                self.counters.expired.add(usize::from(!is_known));
                continue;
            }
            entry.used.store(now, Ordering::Relaxed);
            looked.found(at, Ok(entry));
        }
        if at_once && !looked.is_whole() {
            looked.reset();
        }
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
                    if at_once && !looked.is_whole() {
                        looked.reset();
                    }
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
    ) -> Result<(Loaded<T, K>, Option<Lead<K>>)>
    where
        S: RelationLoader<T, K>,
    {
        if looked.is_whole() {
            return Ok((Loaded::default(), None));
        }
        self.counters.loads.add(1);
        let missing = looked.missing();
        // In a session nobody waits for anybody, as they might wait for the connection that it holds.
        let lead = looked.lead.take().unwrap_or_else(|| self.flights.lead(&missing, since));
        let loaded = match reader.load(Request { keys: Some(missing), ..request }).await {
            Ok(loaded) => loaded,
            Err(error) => {
                lead.land(|| Err(error.clone()));
                return Err(error);
            }
        };
        Ok((loaded, Some(lead)))
    }

    /// The rows with the number of their key; those of several keys several times.
    fn numbered<'a>(&self, rows: &'a [T], lead: &Lead<K>) -> Vec<(u32, &'a T)> {
        let mut numbered = Vec::with_capacity(rows.len());
        // Databases mostly return rows key by key.
        let mut last: Option<(K, Option<u32>)> = None;
        for row in rows {
            (self.subject.keys_of)(row, &mut |key| {
                let number = match &last {
                    Some((last, number)) if *last == key => *number,
                    _ => {
                        let number = lead.flight.numbers.get(&key).copied();
                        last = Some((key, number));
                        number
                    }
                };
                numbered.extend(number.map(|number| (number, row)));
            });
        }
        numbered
    }

    /// An entry for each key, by its number, or its failure.
    fn entries(&self, rows: Vec<Rows<T>>, failed: &[(K, Error)], lead: &Lead<K>) -> Vec<Result<CacheEntry>> {
        let filled = nanoseconds(self.clock.now());
        let mut entries: Vec<_> =
            rows.into_iter().map(|rows| Ok(self.entry(rows, filled, lead.flight.since))).collect();
        for (key, error) in failed {
            // For those who wait: errors are never kept.
            if let Some(entry) = lead.flight.numbers.get(key).and_then(|&number| entries.get_mut(number as usize)) {
                *entry = Err(error.clone());
            }
        }
        entries
    }

    /// Puts entries into the store, and hands them to those who wait for them.
    async fn put(&self, entries: Vec<Result<CacheEntry>>, lead: Lead<K>) {
        let put = lead.flight.numbers.iter().filter_map(|(key, &number)| {
            let entry = entries.get(number as usize)?.as_ref().ok()?;
            Some((key.boxed(), entry.clone()))
        });
        let put: Vec<_> = put.collect();
        let kept = put.len();
        let fenced = self.store.put(put).get().await;
        events::kept(&self.subject.name, kept, fenced);
        self.counters.fenced.add(usize::try_from(fenced).unwrap_or(usize::MAX));
        lead.land(|| Ok(entries));
    }

    /// A copy that knows nothing of the rows it was loaded with.
    fn copy_to_keep(&self, row: &T) -> T {
        let mut copy = (self.subject.copy)(row);
        copy.attach(Origins::none());
        copy
    }

    fn entry(&self, rows: Rows<T>, filled: u64, since: Stamp) -> CacheEntry {
        /// What moka takes for each entry, measured.
        const OVERHEAD: usize = 0;
        let own: usize = rows.as_slice().iter().map(Model::heap_size).sum();
        let list = if let Rows::Many(rows) = &rows { rows.capacity() * size_of::<T>() } else { 0 };
        let weight = OVERHEAD + size_of::<Entry<T>>() + size_of::<K>() + list + own;
        CacheEntry {
            rows: Arc::new(Entry { rows, filled, used: AtomicU64::new(filled), expired: AtomicBool::new(false) }),
            weight: u32::try_from(weight).unwrap_or(u32::MAX),
            since,
        }
    }

    /// Copies the rows of the entries into those that were loaded: fresh rows, one another's peers.
    fn gather(&self, looked: &Looked<T, K>, mut loaded: Loaded<T, K>) -> Gathered<T, K> {
        let hits = || (0..).zip(&looked.entries).filter_map(|(at, entry)| Some((at, entry.as_ref()?.as_ref().ok()?)));
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
        let failures = looked.keys.iter().zip(&looked.entries).filter_map(|(key, entry)| {
            let error = entry.as_ref()?.as_ref().err()?;
            Some((key.clone(), error.clone()))
        });
        loaded.failures.extend(failures);
        let of = (is_shared && hits().next().is_some()).then_some(of);
        Gathered { loaded, of, is_copy: false, unkept: None }
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

/// A space of rows of any model by any key.
pub(super) trait AnySpace: Any + Send + Sync {
    fn name(&self) -> &str;
    fn model(&self) -> &'static ModelDescriptor;
    /// The model by whose rows those of a key are ordered, if that is another one.
    fn ordered_by(&self) -> Option<&'static ModelDescriptor>;
    fn stats(&self) -> CacheStats;
    /// Invalidates all keys.
    fn clear(&self);
    /// Invalidates the keys by which this row is found; false if it is not a row of this space's model.
    fn forget_row(&self, row: &dyn Any) -> bool;
    /// Invalidates the key of its own by which this row of a table, an owner of the relation, finds its targets.
    fn forget_owner(&self, row: &dyn Any, table: &str);
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

    fn ordered_by(&self) -> Option<&'static ModelDescriptor> {
        self.subject.ordered_by.map(|model| model())
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

    fn forget_owner(&self, row: &dyn Any, table: &str) {
        match self.subject.owner {
            Some((owner, _)) if owner == row.type_id() => {
                (self.subject.owner_key)(row).iter().for_each(|key| self.forget(key));
            }
            // Another model reads the table: the key that the row has there is not known.
            Some((_, owners)) if owners == table => self.forget_all(),
            _ => {}
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
