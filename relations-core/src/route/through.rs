//! The route of relations through others: over the first relation, then over the rest, and what stands at the end.
//! The rows on the way are filled as if they had been read one relation after the other; so what is there is used.

use std::collections::hash_map::Entry;
use std::ops::Range;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::cache::Cache;
use crate::error::{Error, Result};
use crate::field::RelationField;
use crate::filter::Order;
use crate::group::Group;
use crate::key;
use crate::linked::{Linked, Links};
use crate::model::Model;
use crate::relation::{Relation, RelationQuery, Target};
use crate::route::{Narrowing, NarrowingOf, Route, RowsOf, StoredOf, Travel};
use crate::share::{self, Owners};
use crate::slot::{Held, State};
use crate::source::{Follows, Limit, Reader, RelationLoader, Request};
use crate::stored::{Leads, fingerprint};
use crate::tree::{Rows, Tree};
use crate::value::Columns;

mod searched;

/// A relation to rows of a model: what a way may lead over.
#[diagnostic::on_unimplemented(
    message = "a way cannot lead over this relation",
    label = "this relation does not lead to rows of one model"
)]
pub trait Hop: Relation<Field: RelationField<Target: Model, Stored: Leads<Target<Self>>>> {}

impl<R: Relation<Field: RelationField<Target: Model, Stored: Leads<Target<R>>>>> Hop for R {}

/// Over relation `A`, then over `B`: a relation, or such a way itself.
pub struct Over<A, B>(std::marker::PhantomData<fn() -> (A, B)>);

/// A way from rows of one model to rows of another, over one relation or several.
pub trait Way: Send + Sync + 'static {
    /// Where it starts.
    type Start: Model;
    /// Where it ends.
    type End: Model;
    /// The relations on it, as a tree.
    type Tree: Default + Send + Sync + 'static;

    /// Visits what it leads to from this row, in order.
    fn walk(start: &Self::Start, visit: &mut impl FnMut(Place<'_, Self::End>)) -> Walked;

    /// Invalidates what is cached of the relations on it.
    fn forget(cache: &Cache);
}

/// A row at the end of a way, its place, and whether a step to it was a way back.
pub struct Place<'a, T> {
    pub(crate) group: &'a Arc<Group<T>>,
    pub(crate) at: u32,
    back: bool,
}

/// How a walk went.
pub type Walked = std::result::Result<(), Stop>;

/// Why a walk did not come to its end.
pub enum Stop {
    /// A relation on the way is not loaded, as it was cleared meanwhile.
    Open,
    /// A relation on the way failed.
    Failed(Error),
}

impl<R: Hop> Way for R {
    type Start = R::Owner;
    type End = Target<R>;
    type Tree = RelationQuery<R>;

    fn walk(start: &R::Owner, visit: &mut impl FnMut(Place<'_, Target<R>>)) -> Walked {
        let stored = match R::field(start).slot().state() {
            State::Whole(stored) if R::Route::fits(stored, start) => stored,
            State::Failed(error, key) if key == fingerprint(&R::owner_key(start)) => {
                return Err(Stop::Failed(error.clone()));
            }
            _ => return Err(Stop::Open),
        };
        let (mut found, back) = (false, stored.is_back());
        stored.each(|group, range| {
            found |= !range.is_empty();
            range.for_each(|at| visit(Place { group, at, back }));
        });
        if !found && <R::Field as RelationField>::REQUIRED {
            let key = R::owner_key(start);
            return Err(Stop::Failed(Error::not_found(R::descriptor(), key.as_ref().map(key::display))));
        }
        Ok(())
    }

    fn forget(cache: &Cache) {
        R::Route::forget_all(cache);
    }
}

impl<A: Hop, B: Way<Start = Target<A>>> Way for Over<A, B> {
    type Start = A::Owner;
    type End = B::End;
    type Tree = RelationQuery<A, B::Tree>;

    fn walk(start: &A::Owner, visit: &mut impl FnMut(Place<'_, B::End>)) -> Walked {
        let mut walked = Ok(());
        A::walk(start, &mut |Place { group, at, back }| {
            if walked.is_ok()
                && let Some(row) = group.rows().get(at as usize)
            {
                walked = B::walk(row, &mut |end| visit(Place { back: back || end.back, ..end }));
            }
        })?;
        walked
    }

    fn forget(cache: &Cache) {
        A::Route::forget_all(cache);
        B::forget(cache);
    }
}

/// What a session has to know: what the first relation asks, and the rows it has led to before.
pub struct Ask<A: Hop> {
    first: <A::Route as Route<A>>::Ask,
    present: Rows<Target<A>>,
}

/// What a session has found: over the first relation, all rows that it leads to, and what is kept of those at the end.
pub struct Found<A: Hop, T: Model> {
    first: <A::Route as Route<A>>::Found,
    rows: Rows<Target<A>>,
    kept: Kept<T>,
}

impl<A: Hop, T: Model> Default for Found<A, T> {
    fn default() -> Self {
        Self { first: Default::default(), rows: Rows::default(), kept: Kept::default() }
    }
}

/// What a narrowed load keeps of each owner's targets.
struct Kept<T: Model> {
    /// The rank of each target that is kept; `None` for all of them.
    ranks: Option<FxHashMap<T::Key, usize>>,
    /// Whether the ranks are an order.
    ordered: bool,
    limit: Limit,
}

impl<T: Model> Default for Kept<T> {
    fn default() -> Self {
        Self { ranks: None, ordered: false, limit: Limit::None }
    }
}

impl<T: Model> Kept<T> {
    /// Drops what is not kept of one owner's targets.
    fn apply(&self, targets: &mut Vec<((u32, u32), T::Key)>) {
        if let Some(ranks) = &self.ranks {
            targets.retain(|(_, key)| ranks.contains_key(key));
            if self.ordered {
                targets.sort_by_key(|(_, key)| ranks.get(key));
            }
        }
        let len = |rows: u64| usize::try_from(rows).unwrap_or(usize::MAX);
        targets.drain(..len(self.limit.offset()).min(targets.len()));
        targets.truncate(self.limit.limit().map_or(usize::MAX, len));
    }
}

/// Nobody: for the rows of a load without its owners.
pub(crate) struct Nobody;

impl<T> Owners<T> for Nobody {
    fn each(&self, _: impl FnMut(&T, Option<(&Arc<Group<T>>, u32)>)) {}
}

/// The owners that meet a condition.
struct Only<'a, O, F>(&'a O, F);

impl<T, O: Owners<T>, F: Fn(&T) -> bool> Owners<T> for Only<'_, O, F> {
    fn each(&self, mut visit: impl FnMut(&T, Option<(&Arc<Group<T>>, u32)>)) {
        self.0.each(|owner, place| {
            if (self.1)(owner) {
                visit(owner, place);
            }
        });
    }
}

impl<R, A, B> Route<R> for Over<A, B>
where
    R: Relation<Owner = A::Owner, Key = A::Key, Field: RelationField<Target = B::End, Stored = Linked<B::End>>>,
    A: Hop,
    B: Way<Start = Target<A>>,
{
    type Ask = Ask<A>;
    type Found = Found<A, B::End>;

    fn fits(stored: &StoredOf<R>, owner: &R::Owner) -> bool {
        stored.is_by(fingerprint(&R::owner_key(owner)).get()) && !stored.is_gone()
    }

    fn ask(owners: &impl Owners<R::Owner>, partial: bool) -> Self::Ask {
        let open = Only(owners, |owner: &R::Owner| share::is_open::<R>(owner, partial));
        Ask { first: A::Route::ask(&open, false), present: A::Route::reached(&open, &Default::default(), false) }
    }

    fn ask_early(known: &dyn Columns) -> Option<(R::Key, Self::Ask)> {
        let (key, first) = A::Route::ask_early(known)?;
        Some((key, Ask { first, present: Rows::default() }))
    }

    fn fill(owners: &impl Owners<R::Owner>, found: &Self::Found, partial: bool) {
        let open = Only(owners, |owner: &R::Owner| share::is_open::<R>(owner, partial));
        A::Route::fill(&open, &found.first, false);
        let Lists { links, ranges, failures } = gather::<R, Self>(&open, &found.kept, partial);
        let settled = Only(&open, |owner: &R::Owner| {
            R::owner_key(owner).is_none_or(|key| ranges.contains_key(&key) || failures.contains_key(&key))
        });
        share::settle::<R>(&settled, &failures, partial, |key, _| {
            let range = key.as_ref().and_then(|key| ranges.get(key).cloned()).unwrap_or_default();
            Linked::new(links.clone(), range, fingerprint(key).get())
        });
    }

    fn forget(cache: &Cache, key: &R::Key) {
        A::Route::forget(cache, key);
        B::forget(cache);
    }

    fn forget_all(cache: &Cache) {
        A::Route::forget_all(cache);
        B::forget(cache);
    }

    fn reached(owners: &impl Owners<R::Owner>, found: &Self::Found, partial: bool) -> RowsOf<R> {
        let (mut rows, mut seen) = (Rows::default(), FxHashSet::default());
        let mut add = |group: &Arc<Group<B::End>>, at: u32| {
            if seen.insert((Arc::as_ptr(group).addr(), at)) {
                rows.add(group, at..at + 1);
            }
        };
        if !partial {
            found.rows.each(|row, _| {
                // Where it stops, what comes before is reached all the same.
                let _ = B::walk(row, &mut |end| add(end.group, end.at));
            });
        }
        owners.each(|owner, _| {
            let slot = R::field(owner).slot();
            let stored = match slot.state() {
                _ if partial => slot.newest(),
                State::Whole(stored) if <Self as Route<R>>::fits(stored, owner) => Some(stored),
                _ => None,
            };
            if let Some(stored) = stored {
                stored.each(|group, range| range.for_each(|at| add(group, at)));
            }
        });
        rows
    }
}

/// The lists of all owners: where each key's is, or why there is none.
struct Lists<T, K> {
    links: Arc<Links<T, ()>>,
    ranges: FxHashMap<K, Range<u32>>,
    failures: FxHashMap<K, Error>,
}

/// Walks from each owner to the end and keeps the distinct targets, in the order in which they are met.
fn gather<R, W>(owners: &impl Owners<R::Owner>, kept: &Kept<W::End>, partial: bool) -> Lists<W::End, R::Key>
where
    R: Relation,
    W: Way<Start = R::Owner>,
{
    let mut groups = Groups::default();
    let (mut targets, mut met): (Vec<(u32, u32)>, FxHashMap<_, u32>) = (Vec::new(), FxHashMap::default());
    let (mut ranges, mut failures) = (FxHashMap::default(), FxHashMap::default());
    let (mut number, mut home, mut back): (u32, Option<usize>, bool) = (0, None, false);
    owners.each(|owner, place| {
        let Some(key) = R::owner_key(owner) else { return };
        let Entry::Vacant(range) = ranges.entry(key) else { return };
        number += 1;
        let mut list = Vec::new();
        let walked = W::walk(owner, &mut |end: Place<'_, W::End>| {
            let Some(target) = end.group.rows().get(end.at as usize) else { return };
            back |= end.back;
            if met.insert(target.key(), number) != Some(number) {
                list.push(((groups.number(end.group), end.at), target.key()));
            }
        });
        // Owners of several groups share the lists, so none of them may keep these alive.
        let group = place.map(|(group, _)| Arc::as_ptr(group).addr());
        back |= home.is_some() && home != group;
        home = home.or(group);
        match walked {
            Ok(()) => {
                kept.apply(&mut list);
                let start = len(&targets);
                targets.extend(list.into_iter().map(|(place, _)| place));
                range.insert(start..len(&targets));
            }
            Err(Stop::Failed(error)) => {
                failures.insert(range.into_key(), error);
            }
            Err(Stop::Open) => {}
        }
    });
    let links = Links::new(groups.list, targets, partial);
    Lists { links: Arc::new(if back { links.unheld() } else { links }), ranges, failures }
}

/// A group is numbered once it is met.
pub(crate) struct Groups<T> {
    pub(crate) list: Vec<Arc<Group<T>>>,
    numbers: FxHashMap<usize, u32>,
}

impl<T> Default for Groups<T> {
    fn default() -> Self {
        Self { list: Vec::new(), numbers: FxHashMap::default() }
    }
}

impl<T> Groups<T> {
    pub(crate) fn number(&mut self, group: &Arc<Group<T>>) -> u32 {
        *self.numbers.entry(Arc::as_ptr(group).addr()).or_insert_with(|| {
            self.list.push(Arc::clone(group));
            len(&self.list) - 1
        })
    }
}

fn len<T>(list: &[T]) -> u32 {
    u32::try_from(list.len()).unwrap_or(u32::MAX)
}

impl<S, R, A, B> Travel<S, R> for Over<A, B>
where
    Self: Route<R, Ask = Ask<A>, Found = Found<A, B::End>>,
    R: Relation<Field: RelationField<Target = B::End>>,
    A: Hop,
    B: Way<Start = Target<A>, Tree: Tree<S, Target<A>>>,
    S: Follows<A> + RelationLoader<B::End, <B::End as Model>::Key>,
{
    async fn find(reader: Reader<'_, S>, ask: Ask<A>, narrowing: &NarrowingOf<R>) -> Result<Self::Found> {
        let first = reader.follow::<A>(ask.first, &Narrowing::WHOLE).await?;
        let mut rows = ask.present;
        rows.extend(A::Route::reached(&Nobody, &first, false));
        B::Tree::default().load(reader, &rows).await?;
        let kept = keep::<S, B, _>(reader, &rows, narrowing).await?;
        Ok(Found { first, rows, kept })
    }
}

/// What a narrowing keeps of the targets. One more statement filters and orders them, by their own keys.
async fn keep<S, W, P>(
    reader: Reader<'_, S>,
    rows: &Rows<W::Start>,
    narrowing: &Narrowing<W::End, P>,
) -> Result<Kept<W::End>>
where
    S: RelationLoader<W::End, <W::End as Model>::Key>,
    W: Way,
    P: 'static,
{
    let Narrowing { filter, order, limit, .. } = narrowing;
    let ordered = !order.is_empty();
    if filter.is_none() && !ordered {
        return Ok(Kept { ranks: None, ordered, limit: *limit });
    }
    let keys = {
        let (mut keys, mut seen) = (Vec::new(), FxHashSet::default());
        rows.each(|row, _| {
            // A walk that stops fails its owners later.
            let _ = W::walk(row, &mut |end: Place<'_, W::End>| {
                if let Some(target) = end.group.rows().get(end.at as usize)
                    && seen.insert(target.key())
                {
                    keys.push(target.key());
                }
            });
        });
        keys
    };
    let mut ranks = FxHashMap::default();
    if !keys.is_empty() {
        let request = Request {
            filter: filter.clone(),
            order: Order::settled(order.clone(), Limit::None),
            at_once: true,
            ..Request::new(W::End::KEY, Some(keys))
        };
        let loaded = reader.load(request).await?;
        ranks.extend(loaded.rows.rows().iter().zip(0..).map(|(row, rank)| (row.key(), rank)));
    }
    Ok(Kept { ranks: Some(ranks), ordered, limit: *limit })
}
