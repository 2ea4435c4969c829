//! Sharing rows out to the rows that they belong to: rows are counted before they are moved, so nothing grows.

use bench_kit::reach::{Keyed, Nested};
use rustc_hash::{FxHashMap, FxHashSet};

/// No place.
const NOWHERE: u32 = u32::MAX;

/// The place of each of these rows, by key.
pub fn places<T: Keyed>(rows: &[T]) -> FxHashMap<i64, u32> {
    let mut places = FxHashMap::default();
    places.reserve(rows.len());
    places.extend(rows.iter().zip(0..).map(|(row, place)| (row.key(), place)));
    places
}

/// The places of the owners with these keys. Where a key is that of the row before, nothing is looked up.
pub fn places_of(owners: &FxHashMap<i64, u32>, keys: impl Iterator<Item = i64>) -> Vec<u32> {
    let mut before = None;
    keys.map(|key| match before {
        Some((same, place)) if same == key => place,
        _ => {
            let place = owners.get(&key).copied().unwrap_or(NOWHERE);
            before = Some((key, place));
            place
        }
    })
    .collect()
}

/// Each different key once.
pub fn distinct(keys: impl Iterator<Item = i64>) -> impl Iterator<Item = i64> {
    keys.collect::<FxHashSet<i64>>().into_iter()
}

fn counts(owners: usize, owner_of: &[u32]) -> Vec<u32> {
    let mut counts = vec![0; owners];
    for &owner in owner_of {
        if let Some(count) = counts.get_mut(owner as usize) {
            *count += 1;
        }
    }
    counts
}

/// Moves each row into a vector of its owner, which has the right size.
pub fn each<C>(owners: usize, owner_of: &[u32], rows: Vec<C>) -> Vec<Vec<C>> {
    let counts = counts(owners, owner_of);
    let mut lists: Vec<Vec<C>> = counts.into_iter().map(|count| Vec::with_capacity(count as usize)).collect();
    for (row, &owner) in rows.into_iter().zip(owner_of) {
        if let Some(list) = lists.get_mut(owner as usize) {
            list.push(row);
        }
    }
    lists
}

/// The places of each owner's rows.
pub trait Lists {
    /// Shares out the places in this order; each has an owner.
    fn share(owners: usize, owner_of: &[u32], places: Vec<u32>) -> Self;

    /// The places of one owner's rows.
    fn of(&self, owner: usize) -> &[u32];
}

impl Lists for Vec<Vec<u32>> {
    fn share(owners: usize, owner_of: &[u32], places: Vec<u32>) -> Self {
        each(owners, owner_of, places)
    }

    #[inline]
    fn of(&self, owner: usize) -> &[u32] {
        &self[owner]
    }
}

/// All places in one vector, of which each owner has a range.
#[derive(Debug)]
pub struct Ranges {
    places: Vec<u32>,
    ends: Vec<u32>,
}

impl Lists for Ranges {
    fn share(owners: usize, owner_of: &[u32], places: Vec<u32>) -> Self {
        let mut ends = counts(owners, owner_of);
        let mut all = 0;
        for end in &mut ends {
            all += std::mem::replace(end, all);
        }
        // So far they are starts; each moves to its end while its owner's places come.
        let mut shared = vec![0; all as usize];
        for (&owner, place) in owner_of.iter().zip(places) {
            if let Some(end) = ends.get_mut(owner as usize) {
                shared[*end as usize] = place;
                *end += 1;
            }
        }
        Self { places: shared, ends }
    }

    #[inline]
    fn of(&self, owner: usize) -> &[u32] {
        let start = if owner == 0 { 0 } else { self.ends[owner - 1] };
        &self.places[start as usize..self.ends[owner] as usize]
    }
}

/// Owners with a vector of their own rows each.
pub fn nest<O: Keyed, C>(owners: Vec<O>, rows: Vec<C>, owner: impl Fn(&C) -> i64) -> Nested<O, C> {
    let owner_of = places_of(&places(&owners), rows.iter().map(owner));
    let lists = each(owners.len(), &owner_of, rows);
    Nested(owners.into_iter().zip(lists).collect())
}
