//! The pairs of owners and targets that a join table makes, and how they become one list: a counting sort by owner,
//! without an allocation for any one of them.

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::ask::Ask;
use super::{FarKey, Found, Pivoted, Way};
use crate::cache::{Gathered, Keeping, Unkept};
use crate::error::{Error, ErrorKind, Result};
use crate::field::KeptAs;
use crate::linked::Links;
use crate::model::Model;
use crate::reference::Reference;
use crate::relation::{Relation, Target};
use crate::source::{Batch, Limit, Loaded, Reader, RelationLoader};

/// Pivots, and the owners that they failed.
type Pivots<R> = Loaded<<R as Pivoted>::Pivot, <R as Relation>::Key>;

/// Pivots on their way into the cache.
type Kept<R> = Keeping<<R as Pivoted>::Pivot, <R as Relation>::Key>;

/// The pivots of some owners, the targets that they lead to, and which owner each leads from.
pub(super) struct Pairs<R: Pivoted> {
    /// The owners' keys; an owner's number is its position.
    keys: Vec<R::Key>,
    numbers: FxHashMap<R::Key, u32>,
    pivots: Pivots<R>,
    targets: Batch<Target<R>>,
    pairs: Vec<Pair>,
    /// Whether the targets' places are the ranks by which those of an owner are ordered.
    is_ranked: bool,
    /// What is left to do for the cache, once the pivots are in order.
    unkept: Option<Unkept<R::Pivot, R::Key>>,
    /// The outcome for each key of a target, in the order in which the pivots name them.
    outcomes: Vec<Outcome>,
}

/// An owner, and a target by the number of its key.
struct Pair {
    owner: u32,
    far: u32,
    pivot: u32,
}

/// What the key of a target leads to.
#[derive(Clone)]
enum Outcome {
    Missing,
    Row(u32),
    Failed(Error),
}

impl<R: Pivoted> Pairs<R> {
    /// Pairs the owners of these keys with the targets that the pivots lead to, after loading these.
    pub(super) async fn find<S, W>(
        reader: Reader<'_, S>,
        ask: &Ask<R>,
        keys: Vec<R::Key>,
        pivots: Gathered<R::Pivot, R::Key>,
    ) -> Result<Self>
    where
        S: RelationLoader<Target<R>, FarKey<R>>,
        W: Way<R>,
    {
        let Gathered { loaded: pivots, of, is_copy, unkept } = pivots;
        // What was copied was kept in order.
        let is_ranked = ask.is_ranked() && !is_copy;
        let numbers: FxHashMap<R::Key, u32> = keys.iter().cloned().zip(0..).collect();
        let (mut pairs, mut far_keys) = (Vec::new(), Vec::new());
        let mut far_numbers: FxHashMap<FarKey<R>, u32> = FxHashMap::default();
        // Databases mostly return pivots owner by owner.
        let mut last: Option<(R::Key, Option<u32>)> = None;
        for (pivot, row) in (0..).zip(pivots.rows.rows()) {
            W::ends(row, |near, far| {
                let owner = match &last {
                    Some((key, owner)) if *key == near => *owner,
                    _ => {
                        let owner = numbers.get(&near).copied();
                        last = Some((near, owner));
                        owner
                    }
                };
                let Some(owner) = owner else { return };
                let only = of.as_ref().and_then(|of| of.get(pivot as usize));
                if only.is_some_and(|only| *only != owner) {
                    return;
                }
                let far = *far_numbers.entry(far).or_insert_with_key(|key| {
                    far_keys.push(key.clone());
                    number(far_keys.len() - 1)
                });
                pairs.push(Pair { owner, far, pivot });
            });
        }
        if u32::try_from(pairs.len()).is_err() {
            return Err(ErrorKind::TooManyRows { model: R::Pivot::NAME, rows: pairs.len() }.into());
        }
        let mut outcomes = vec![Outcome::Missing; far_keys.len()];
        let loaded =
            if far_keys.is_empty() { Loaded::default() } else { ask.load_targets(reader, far_keys, is_ranked).await? };
        let mut learn = |key: &FarKey<R>, outcome| {
            let far = far_numbers.get(key).and_then(|&far| outcomes.get_mut(far as usize));
            if let Some(known @ Outcome::Missing) = far {
                *known = outcome;
            }
        };
        for (at, target) in (0..).zip(loaded.rows.rows()) {
            if let Some(key) = R::Far::to(target) {
                learn(&key, Outcome::Row(at));
            }
        }
        for (key, error) in loaded.failures {
            learn(&key, Outcome::Failed(error));
        }
        Ok(Self { keys, numbers, pivots, targets: loaded.rows, pairs, is_ranked, unkept, outcomes })
    }

    fn outcome(&self, pair: &Pair) -> &Outcome {
        self.outcomes.get(pair.far as usize).unwrap_or(&Outcome::Missing)
    }

    /// The owners that have fewer targets than they might: all the pivots that the window lets through were read, and
    /// some of these lead nowhere.
    pub(super) fn cut_short(&self, ask: &Ask<R>) -> Vec<R::Key> {
        let Some(window) = ask.window.limit() else { return Vec::new() };
        let mut counts = vec![(0_u64, 0_u64); self.keys.len()];
        for pivot in self.pivots.rows.rows() {
            let owner = R::Near::of(pivot).and_then(|key| self.numbers.get(&key));
            if let Some((read, _)) = owner.and_then(|&owner| counts.get_mut(owner as usize)) {
                *read += 1;
            }
        }
        for pair in self.pairs.iter().filter(|pair| !matches!(self.outcome(pair), Outcome::Missing)) {
            if let Some((_, found)) = counts.get_mut(pair.owner as usize) {
                *found += 1;
            }
        }
        let short = self.keys.iter().zip(counts).filter(|(_, (read, found))| *read >= window && found < read);
        short.map(|(key, _)| key.clone()).collect()
    }

    /// The pivots, with these in the place of those of the same owners.
    pub(super) fn replaced(self, more: Pivots<R>) -> (Vec<R::Key>, Pivots<R>) {
        let mut again = vec![false; self.keys.len()];
        let owner = |pivot: &R::Pivot| R::Near::of(pivot).and_then(|key| self.numbers.get(&key).copied());
        for pivot in more.rows.rows() {
            if let Some(again) = owner(pivot).and_then(|owner| again.get_mut(owner as usize)) {
                *again = true;
            }
        }
        let Loaded { rows, mut failures } = self.pivots;
        let is_kept =
            |pivot: &R::Pivot| owner(pivot).is_some_and(|owner| !again.get(owner as usize).is_some_and(|it| *it));
        let rows = rows.into_rows().into_iter().filter(is_kept).chain(more.rows.into_rows()).collect();
        failures.extend(more.failures);
        (self.keys, Loaded { rows, failures })
    }

    /// One list of all targets, and each owner's range of it.
    pub(super) fn link(mut self, ask: &Ask<R>) -> (Found<R>, Option<Kept<R>>) {
        let failures = self.failures();
        let (mut sorted, owners) = self.by_owner();
        // The last owner that has each target.
        let mut owner_of = vec![u32::MAX; self.targets.rows().len()];
        let (mut places, mut pivots) = (Vec::with_capacity(sorted.len()), Vec::with_capacity(sorted.len()));
        let mut ranges = Vec::with_capacity(owners.len());
        for (owner, range) in (0..).zip(owners) {
            let start = number(places.len());
            let of_owner = sorted.get_mut(range).unwrap_or_default();
            if self.is_ranked {
                of_owner.sort_unstable();
            }
            let is_first = |&(row, _): &(u32, u32)| {
                !ask.distinct
                    || owner_of.get_mut(row as usize).map(|before| std::mem::replace(before, owner)) != Some(owner)
            };
            for (row, pivot) in within(ask.limit, of_owner.iter().copied().filter(is_first)) {
                places.push((0, row));
                pivots.push(pivot);
            }
            ranges.push(start..number(places.len()));
        }
        let unkept = self.unkept.take();
        let keeping = unkept.map(|unkept| {
            let rows = &self.pivots.rows;
            let of_owner = |(owner, range): (u32, &Range<u32>)| {
                let pivots = pivots.get(range.start as usize..range.end as usize).unwrap_or_default();
                pivots.iter().filter_map(move |&pivot| Some((owner, rows.rows().get(pivot as usize)?)))
            };
            unkept.keep(&(0..).zip(&ranges).flat_map(of_owner).collect::<Vec<_>>())
        });
        let targets = if ask.is_partial { self.targets.into_part() } else { self.targets.into_group() };
        let links = Links::new(vec![targets], places, ask.is_partial);
        let links = match R::Pivot::keep(self.pivots.rows, pivots) {
            Some((group, pivots)) => links.with_pivots(group, pivots),
            None => links,
        };
        (Found { links: Arc::new(links), numbers: self.numbers, ranges, failures }, keeping)
    }

    /// The owners that a pivot or a target fails.
    fn failures(&self) -> FxHashMap<R::Key, Error> {
        let mut failures: FxHashMap<R::Key, Error> = self.pivots.failures.iter().cloned().collect();
        for pair in &self.pairs {
            if let (Outcome::Failed(error), Some(key)) = (self.outcome(pair), self.keys.get(pair.owner as usize)) {
                failures.entry(key.clone()).or_insert_with(|| error.clone());
            }
        }
        failures
    }

    /// The targets' rows with their pivots, owner by owner, and each owner's range.
    fn by_owner(&self) -> (Vec<(u32, u32)>, Vec<Range<usize>>) {
        let found = || {
            self.pairs.iter().filter_map(|pair| match self.outcome(pair) {
                Outcome::Row(row) => Some((pair.owner as usize, (*row, pair.pivot))),
                Outcome::Missing | Outcome::Failed(_) => None,
            })
        };
        let mut ranges = vec![0..0; self.keys.len()];
        found().for_each(|(owner, _)| ranges[owner].end += 1);
        let mut next = 0;
        for range in &mut ranges {
            let len = range.end;
            *range = next..next;
            next += len;
        }
        let mut sorted = vec![(0, 0); next];
        for (owner, place) in found() {
            let end = &mut ranges[owner].end;
            sorted[*end] = place;
            *end += 1;
        }
        (sorted, ranges)
    }
}

/// Those that a limit lets through.
pub(super) fn within<I: Iterator>(limit: Limit, all: I) -> impl Iterator<Item = I::Item> {
    let size = |rows: u64| usize::try_from(rows).unwrap_or(usize::MAX);
    all.skip(size(limit.offset())).take(limit.limit().map_or(usize::MAX, size))
}

/// Plans refuse loads of more rows than that.
fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
