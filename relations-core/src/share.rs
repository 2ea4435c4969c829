//! Shares out what was loaded: finds each owner's targets, makes one group of all of them, and fills the owners'
//! slots, and the inverses, with handles into it. No clone and no allocation per owner.

use std::collections::hash_map::Entry;
use std::ops::Range;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::error::Error;
use crate::field::RelationField;
use crate::group::{Batch, Group};
use crate::handle::WeakRef;
use crate::model::Model;
use crate::relation::{Inverse, Relation};
use crate::slot::State;
use crate::source::Loaded;
use crate::stored::{Stored, fingerprint};

/// The rows that a relation is loaded for.
pub(crate) trait Owners<T> {
    /// Visits each row, with its place in a group if it has one.
    fn each(&self, visit: impl FnMut(&T, Option<(&Arc<Group<T>>, u32)>));
}

/// A row by itself.
pub(crate) struct Alone<'a, T>(pub &'a T);

impl<T: Model> Owners<T> for Alone<'_, T> {
    fn each(&self, mut visit: impl FnMut(&T, Option<(&Arc<Group<T>>, u32)>)) {
        visit(self.0, None);
    }
}

/// Some rows of a group.
pub(crate) type Part<T> = (Arc<Group<T>>, Range<u32>);

impl<T: Model> Owners<T> for Part<T> {
    fn each(&self, mut visit: impl FnMut(&T, Option<(&Arc<Group<T>>, u32)>)) {
        let (group, range) = self;
        let rows = group.rows().get(range.start as usize..range.end as usize).unwrap_or_default();
        for (at, row) in (range.start..).zip(rows) {
            visit(row, Some((group, at)));
        }
    }
}

/// Whether a load has to fill this owner. A load of a part is always done; a whole one only where nothing is held, or
/// something that belongs to another key than the owner has now.
fn is_open<R: Relation>(owner: &R::Owner, partial: bool) -> bool {
    match R::field(owner).slot().state() {
        State::Empty | State::Partial(_) => true,
        State::Whole(held) => partial || !R::Field::fits::<R>(held, owner),
        State::Failed(_, key) => partial || key != fingerprint(&R::owner_key(owner)),
    }
}

/// The distinct keys of the owners that have to be filled, in their order. Null keys are not among them.
pub(crate) fn keys<R: Relation>(owners: &impl Owners<R::Owner>, partial: bool) -> Vec<R::Key> {
    /// So few keys are compared faster than hashed.
    const FEW: usize = 8;
    let mut seen = FxHashSet::default();
    let mut keys: Vec<R::Key> = Vec::new();
    owners.each(|owner, _| {
        if is_open::<R>(owner, partial)
            && let Some(key) = R::owner_key(owner)
        {
            if keys.len() == FEW && seen.is_empty() {
                seen.extend(keys.iter().cloned());
            }
            let is_new = if keys.len() < FEW { !keys.contains(&key) } else { seen.insert(key.clone()) };
            if is_new {
                keys.push(key);
            }
        }
    });
    keys
}

/// Fills the owners with their shares of what was loaded, and returns the group of the targets.
pub(crate) fn share_out<R: Relation>(
    owners: &impl Owners<R::Owner>,
    loaded: Loaded<R::Target, R::Key>,
    partial: bool,
) -> Arc<Group<R::Target>> {
    type StoredOf<R> = <<R as Relation>::Field as RelationField>::Stored;

    let Loaded { mut rows, failures } = loaded;
    let shares = if StoredOf::<R>::MANY { runs::<R>(&mut rows) } else { firsts::<R>(&rows) };
    let failures: FxHashMap<R::Key, Error> = failures.into_iter().collect();
    let group = if partial { rows.into_part() } else { rows.into_group() };
    owners.each(|owner, place| {
        if !is_open::<R>(owner, partial) {
            return;
        }
        let slot = R::field(owner).slot();
        if !partial && matches!(slot.state(), State::Whole(_)) {
            slot.clear();
        }
        let key = R::owner_key(owner);
        if let Some(error) = key.as_ref().and_then(|key| failures.get(key)) {
            return slot.set_failed(error.clone(), fingerprint(&key));
        }
        let share = key.as_ref().and_then(|key| shares.get(key).cloned());
        if R::Inverse::FILLS
            && let (Some(share), Some((owners, at))) = (&share, place)
        {
            let owner = WeakRef { group: Arc::downgrade(owners), at };
            for target in &group.rows()[share.start as usize..share.end as usize] {
                R::Inverse::fill(target, &owner);
            }
        }
        slot.set(StoredOf::<R>::from_share(&group, share, Some(&key)));
    });
    group
}

/// Where each key's rows stand in the batch, as one range each.
type Shares<K> = FxHashMap<K, Range<u32>>;

/// The one row of each key. If there are several, the first in the declared order; without one, that with the
/// smallest key of its own.
fn firsts<R: Relation>(rows: &Batch<R::Target>) -> Shares<R::Key> {
    let mut shares: Shares<R::Key> = FxHashMap::default();
    shares.reserve(rows.rows().len());
    for (at, row) in (0..).zip(rows.rows()) {
        let Some(key) = R::target_key(row) else { continue };
        match shares.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert(at..at + 1);
            }
            Entry::Occupied(mut entry) if R::DESCRIPTOR.order.is_empty() => {
                let before = &rows.rows()[entry.get().start as usize];
                if row.key() < before.key() {
                    entry.insert(at..at + 1);
                }
            }
            Entry::Occupied(_) => {}
        }
    }
    shares
}

/// The rows of each key, as runs. Databases mostly return rows key by key; if not, the rows are brought together.
fn runs<R: Relation>(rows: &mut Batch<R::Target>) -> Shares<R::Key> {
    let mut shares: Shares<R::Key> = FxHashMap::default();
    let mut run: Option<(R::Key, Range<u32>)> = None;
    let mut scattered = false;
    let mut close = |run: Option<(R::Key, Range<u32>)>| {
        if let Some((key, range)) = run {
            scattered |= shares.insert(key, range).is_some();
        }
    };
    for (at, row) in (0..).zip(rows.rows()) {
        match (&mut run, R::target_key(row)) {
            (Some((current, range)), Some(key)) if *current == key => range.end = at + 1,
            (_, key) => close(std::mem::replace(&mut run, key.map(|key| (key, at..at + 1)))),
        }
    }
    close(run);
    if scattered { gather::<R>(rows) } else { shares }
}

/// Brings the rows of each key together, in place and in their order: a counting sort, then the cycles of its
/// permutation.
fn gather<R: Relation>(rows: &mut Batch<R::Target>) -> Shares<R::Key> {
    let mut numbers: FxHashMap<R::Key, u32> = FxHashMap::default();
    let mut counts: Vec<u32> = Vec::new();
    let mut number_of_row: Vec<u32> = Vec::with_capacity(rows.rows().len());
    for row in rows.rows() {
        let number = match R::target_key(row) {
            Some(key) => {
                let next = u32::try_from(counts.len()).unwrap_or(u32::MAX);
                let number = *numbers.entry(key).or_insert(next);
                if number == next {
                    counts.push(0);
                }
                counts[number as usize] += 1;
                number
            }
            // Rows without a key belong to nobody; they go last.
            None => u32::MAX,
        };
        number_of_row.push(number);
    }
    let mut next = 0;
    let starts: Vec<u32> = counts
        .iter()
        .map(|count| {
            let start = next;
            next += count;
            start
        })
        .collect();
    let mut ends = starts.clone();
    let mut stray = next;
    let mut place: Vec<u32> = number_of_row
        .into_iter()
        .map(|number| {
            let slot = ends.get_mut(number as usize).unwrap_or(&mut stray);
            *slot += 1;
            *slot - 1
        })
        .collect();
    let rows = rows.rows_mut();
    for at in 0..rows.len() {
        while place[at] as usize != at {
            let to = place[at] as usize;
            rows.swap(at, to);
            place.swap(at, to);
        }
    }
    numbers.into_iter().map(|(key, number)| (key, starts[number as usize]..ends[number as usize])).collect()
}
