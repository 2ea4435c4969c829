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
use crate::key::Key;
use crate::model::Model;
use crate::origin::Peers;
use crate::relation::{Direct, Inverse, Relation, Target};
use crate::route::{Route, StoredOf};
use crate::slot::State;
use crate::source::Loaded;
use crate::stored::{Stored, fingerprint};
use crate::value::Columns;

/// The rows that a relation is loaded for.
pub trait Owners<T> {
    /// Visits each row, with its place in a group if it has one.
    fn each(&self, visit: impl FnMut(&T, Option<(&Arc<Group<T>>, u32)>));

    /// Whether these are all rows that `T`'s table has.
    fn are_all(&self) -> bool {
        false
    }
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
        for (at, row) in (range.start..).zip(group.part(range.clone())) {
            visit(row, Some((group, at)));
        }
    }
}

impl<T: Model> Owners<T> for Peers<T> {
    fn each(&self, mut visit: impl FnMut(&T, Option<(&Arc<Group<T>>, u32)>)) {
        match self {
            Self::Rows(part) => part.each(visit),
            Self::Embedded(rows, range) => rows.each(range.clone(), &mut |row| visit(row, None)),
        }
    }
}

/// Whether a load has to fill this owner. A load of a part is always done; a whole one only where nothing is held, or
/// something that belongs to another key than the owner has now.
pub(crate) fn is_open<R: Relation>(owner: &R::Owner, partial: bool) -> bool {
    match R::field(owner).slot().state() {
        State::Empty | State::Partial(_) => true,
        State::Whole(held) => partial || !R::Route::fits(held, owner),
        State::Failed(_, key) => partial || key != fingerprint(&R::owner_key(owner)),
    }
}

/// The keys that a load is asked for.
#[derive(Debug, Clone)]
pub struct Asked<K> {
    pub(crate) keys: Vec<K>,
    /// Whether these are the keys of all rows that the owners' table has.
    pub(crate) all: bool,
    /// Whether an owner was cleared: what is cached for these keys is not what it wants.
    pub(crate) fresh: bool,
}

/// The distinct keys of the owners that have to be filled, in their order. Null keys are not among them.
pub(crate) fn keys<R: Relation>(owners: &impl Owners<R::Owner>, partial: bool) -> Asked<R::Key> {
    /// So few keys are compared faster than hashed.
    const FEW: usize = 8;
    let mut seen = FxHashSet::default();
    let (mut keys, mut fresh): (Vec<R::Key>, _) = (Vec::new(), false);
    let mut all = owners.are_all();
    owners.each(|owner, _| {
        if !is_open::<R>(owner, partial) {
            all = false;
        } else if let Some(key) = R::owner_key(owner) {
            fresh |= R::field(owner).slot().is_cleared();
            if keys.len() == FEW && seen.is_empty() {
                seen.extend(keys.iter().cloned());
            }
            let is_new = if keys.len() < FEW { !keys.contains(&key) } else { seen.insert(key.clone()) };
            if is_new {
                keys.push(key);
            }
        }
    });
    Asked { keys, all, fresh }
}

/// The key of owners that are not there yet, if it is known.
pub(crate) fn early_key<R: Relation>(known: &dyn Columns) -> Option<(R::Key, Asked<R::Key>)> {
    let key = R::Key::held(known, R::DESCRIPTOR.owner_columns)?;
    Some((key.clone(), Asked { keys: vec![key], all: false, fresh: false }))
}

/// The targets of many keys: one group, and each key's share of it.
pub struct Shared<T, K> {
    pub(crate) group: Arc<Group<T>>,
    shares: Shares<K>,
    failures: FxHashMap<K, Error>,
}

impl<T: Model, K> Default for Shared<T, K> {
    fn default() -> Self {
        Self { group: Batch::new().into_group(), shares: Shares::default(), failures: FxHashMap::default() }
    }
}

/// Finds each key's share of what was loaded.
pub(crate) fn shares<R: Direct>(loaded: Loaded<Target<R>, R::Key>, partial: bool) -> Shared<Target<R>, R::Key> {
    let Loaded { mut rows, failures } = loaded;
    let shares = if is_many::<R>() { runs::<R>(&mut rows) } else { firsts::<R>(&rows) };
    let rows = match &shares {
        Shares::One(..) if !is_many::<R>() => rows.lone(true),
        _ => rows,
    };
    let group = if partial { rows.into_part() } else { rows.into_group() };
    Shared { group, shares, failures: failures.into_iter().collect() }
}

/// Whether the relation keeps several targets of one owner.
fn is_many<R: Direct>() -> bool {
    <StoredOf<R> as Stored<Target<R>>>::MANY
}

/// Fills the open fields of the owners with their shares.
pub(crate) fn fill<R: Direct>(owners: &impl Owners<R::Owner>, found: &Shared<Target<R>, R::Key>, partial: bool) {
    let Shared { group, shares, failures } = found;
    settle::<R>(owners, failures, partial, |key, place| {
        let share = key.as_ref().and_then(|key| shares.get(key));
        if R::Inverse::FILLS
            && let (Some(share), Some((owners, at))) = (&share, place)
        {
            let owner = WeakRef { group: Arc::downgrade(owners), at };
            for target in &group.rows()[share.start as usize..share.end as usize] {
                R::Inverse::fill(target, &owner);
            }
        }
        StoredOf::<R>::from_share(group, share, Some(key))
    });
}

/// Fills the open fields of the owners: with what is stored for their key, or with the failure of it.
pub(crate) fn settle<R: Relation>(
    owners: &impl Owners<R::Owner>,
    failures: &FxHashMap<R::Key, Error>,
    partial: bool,
    stored: impl Fn(&Option<R::Key>, Option<(&Arc<Group<R::Owner>>, u32)>) -> StoredOf<R>,
) {
    owners.each(|owner, place| {
        if !is_open::<R>(owner, partial) {
            return;
        }
        let slot = R::field(owner).slot();
        if !partial && matches!(slot.state(), State::Whole(_)) {
            slot.clear();
        }
        let key = R::owner_key(owner);
        match key.as_ref().filter(|_| !failures.is_empty()).and_then(|key| failures.get(key)) {
            Some(error) => slot.set_failed(error.clone(), fingerprint(&key)),
            None => slot.set(stored(&key, place)),
        }
    });
}

/// Where each key's rows stand in the batch, as one range each.
enum Shares<K> {
    /// Of one key, which is not worth a table.
    One(K, Range<u32>),
    Many(FxHashMap<K, Range<u32>>),
}

impl<K: Key> Shares<K> {
    fn get(&self, key: &K) -> Option<Range<u32>> {
        match self {
            Self::One(one, share) => (one == key).then(|| share.clone()),
            Self::Many(shares) => shares.get(key).cloned(),
        }
    }
}

impl<K> Default for Shares<K> {
    fn default() -> Self {
        Self::Many(FxHashMap::default())
    }
}

/// The one row of each key. If there are several, the first in the declared order; without one, that with the
/// smallest key of its own.
fn firsts<R: Direct>(rows: &Batch<Target<R>>) -> Shares<R::Key> {
    if let [row] = rows.rows() {
        return R::target_key(row).map_or_else(Shares::default, |key| Shares::One(key, 0..1));
    }
    let mut shares: FxHashMap<R::Key, Range<u32>> = FxHashMap::default();
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
    Shares::Many(shares)
}

/// The rows of each key, as runs. Databases mostly return rows key by key; if not, the rows are brought together.
fn runs<R: Direct>(rows: &mut Batch<Target<R>>) -> Shares<R::Key> {
    let mut shares: FxHashMap<R::Key, Range<u32>> = FxHashMap::default();
    let mut run: Option<(R::Key, Range<u32>)> = None;
    for (at, row) in (0..).zip(rows.rows()) {
        match (&mut run, R::target_key(row)) {
            (Some((current, range)), Some(key)) if *current == key => range.end = at + 1,
            (_, key) => {
                let ended = std::mem::replace(&mut run, key.map(|key| (key, at..at + 1)));
                if ended.is_some_and(|(key, range)| shares.insert(key, range).is_some()) {
                    return gather::<R>(rows);
                }
            }
        }
    }
    let Some((key, range)) = run else { return Shares::Many(shares) };
    if shares.is_empty() {
        return Shares::One(key, range);
    }
    if shares.insert(key, range).is_some() { gather::<R>(rows) } else { Shares::Many(shares) }
}

/// Brings the rows of each key together, in place and in their order: a counting sort, then the cycles of its
/// permutation.
fn gather<R: Direct>(rows: &mut Batch<Target<R>>) -> Shares<R::Key> {
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
    let share = |number: u32| starts[number as usize]..ends[number as usize];
    Shares::Many(numbers.into_iter().map(|(key, number)| (key, share(number))).collect())
}
