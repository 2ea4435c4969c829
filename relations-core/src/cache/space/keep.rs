//! Keeping what was loaded: copies of the rows, as entries of their keys, put into the store.

use std::sync::Arc;

use super::Space;
use super::entry::{Rows, entry};
use crate::cache::clock::nanoseconds;
use crate::cache::events;
use crate::cache::flight::Lead;
use crate::cache::store::{CacheEntry, CacheKey};
use crate::error::{Error, Result};
use crate::key::Key;
use crate::model::Model;
use crate::origin::Origins;

/// Rows that are loaded, and not kept yet.
pub(crate) struct Unkept<T: Model, K: Key> {
    pub(super) space: Arc<Space<T, K>>,
    pub(super) lead: Lead<K>,
    pub(super) failed: Vec<(K, Error)>,
}

/// Entries on their way into the store.
pub(crate) struct Keeping<T: Model, K: Key> {
    pub(super) space: Arc<Space<T, K>>,
    pub(super) lead: Lead<K>,
    pub(super) entries: Vec<Result<CacheEntry>>,
}

impl<T: Model, K: Key> Unkept<T, K> {
    /// Makes entries of the rows. Each comes with the number of the key whose entry it goes to the end of.
    pub(crate) fn keep(self, rows: &[(u32, &T)]) -> Keeping<T, K> {
        let Self { space, lead, failed } = self;
        let mut counts = vec![0; lead.flight.numbers.len()];
        for (number, _) in rows {
            if let Some(count) = counts.get_mut(*number as usize) {
                *count += 1;
            }
        }
        let mut copies: Vec<Rows<T>> = counts.into_iter().map(Rows::with_capacity).collect();
        for (number, row) in rows {
            if let Some(copies) = copies.get_mut(*number as usize) {
                copies.push(space.copy_to_keep(row));
            }
        }
        let entries = space.entries(copies, &failed, &lead);
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
    /// The rows with the number of their key; those of several keys several times.
    pub(super) fn numbered<'a>(&self, rows: &'a [T], lead: &Lead<K>) -> Vec<(u32, &'a T)> {
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
            rows.into_iter().map(|rows| Ok(entry::<T, K>(rows, filled, lead.flight.since))).collect();
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
}
