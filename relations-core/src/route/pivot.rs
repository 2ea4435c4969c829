//! The route of `many_to_many`: over the rows of a join table, the pivots. One statement reads the pivots of the
//! owners, one each target that they lead to, once; what comes of it is one list for all owners.

use std::marker::PhantomData;
use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::cache::{Cache, Gathered, Part};
use crate::descriptor::{MorphDescriptor, OrderDescriptor, PivotDescriptor, RelationDescriptor};
use crate::error::{Error, Result};
use crate::field::{JoinedField, KeptAs};
use crate::filter::Filter;
use crate::linked::{Linked, Links};
use crate::model::Model;
use crate::reference::Reference;
use crate::related;
use crate::relation::{Relation, Target, described};
use crate::route::{NarrowingOf, PivotOf, Related, Route, RowsOf, Searched, StoredOf, Travel};
use crate::share::{self, Asked, Owners};
use crate::source::{Batch, Limit, Reader, RelationLoader, Step};
use crate::stored::fingerprint;
use crate::tree;
use crate::value::Columns;

mod ask;
mod pairs;
mod query;

use ask::Ask;
use pairs::Pairs;

/// A relation over the rows of a join table, each of which refers to an owner and to a target.
pub trait Pivoted: Relation<Field: JoinedField> {
    /// The model of the join table's rows.
    type Pivot: KeptAs<PivotOf<Self>>;
    /// How they refer to the owner.
    type Near: Reference<Self::Pivot, Self::Owner, Key = Self::Key>;
    /// How they refer to the target.
    type Far: Reference<Self::Pivot, Target<Self>>;
}

/// The key of a relation's targets.
pub(crate) type FarKey<R> = <<R as Pivoted>::Far as Reference<<R as Pivoted>::Pivot, Target<R>>>::Key;
/// The key of a relation's owners.
pub type NearKey<R> = <<R as Pivoted>::Near as Reference<<R as Pivoted>::Pivot, <R as Relation>::Owner>>::Key;

/// The owner's key, as the rows of the join table refer to it.
pub fn near_key<R: Pivoted>(owner: &R::Owner) -> Option<R::Key> {
    R::Near::to(owner)
}

/// The type of the pivots, where one of their ends is polymorphic.
const fn morph<R: Pivoted>() -> Option<MorphDescriptor> {
    match R::Near::MORPH {
        None => R::Far::MORPH,
        near => near,
    }
}

/// Over a join table, whose rows lead one way or both.
#[derive(Debug, Clone, Copy)]
pub struct OverPivot<W = OneWay>(PhantomData<fn() -> W>);

/// From the owner to the target.
#[derive(Debug, Clone, Copy)]
pub struct OneWay;

/// From either end to the other: each row of the join table joins its two ends, whichever column they stand in.
#[derive(Debug, Clone, Copy)]
pub struct BothWays;

/// Which ways a pivot leads.
pub trait Way<R: Pivoted>: Send + Sync + 'static {
    /// Whether it leads from either end to the other.
    const BOTH: bool;

    /// Visits the owner and the target that it leads to.
    fn ends(pivot: &R::Pivot, visit: impl FnMut(R::Key, FarKey<R>));
}

impl<R: Pivoted> Way<R> for OneWay {
    const BOTH: bool = false;

    fn ends(pivot: &R::Pivot, mut visit: impl FnMut(R::Key, FarKey<R>)) {
        if let (Some(near), Some(far)) = (R::Near::of(pivot), R::Far::of(pivot)) {
            visit(near, far);
        }
    }
}

impl<R> Way<R> for BothWays
where
    R: Pivoted<Far: Reference<R::Pivot, Target<R>, Key = R::Key>>,
{
    const BOTH: bool = true;

    fn ends(pivot: &R::Pivot, mut visit: impl FnMut(R::Key, FarKey<R>)) {
        if let (Some(near), Some(far)) = (R::Near::of(pivot), R::Far::of(pivot)) {
            if near != far {
                visit(far.clone(), near.clone());
            }
            visit(near, far);
        }
    }
}

/// The table of a relation over a join table, once what its rows refer to is known to be alike where they lead both
/// ways. It is made from its leaf, its ends, and what the checks have found.
#[track_caller]
pub const fn describe_pivoted<R: Pivoted<Route = OverPivot<W>>, W: Way<R>>(
    inverse: usize,
    order: &'static [OrderDescriptor],
    pivot_order: &'static [OrderDescriptor],
    distinct: bool,
) -> RelationDescriptor
where
    OverPivot<W>: Route<R>,
{
    if W::BOTH {
        crate::check::same_columns::<R::Owner>(R::Near::TO, R::Far::TO);
    }
    RelationDescriptor {
        target: Some(<Target<R> as Model>::model_descriptor),
        owner_columns: R::Near::TO,
        target_columns: R::Far::TO,
        inverse: crate::check::relation_name::<Target<R>>(inverse),
        order,
        pivot: Some(PivotDescriptor {
            model: <R::Pivot as Model>::model_descriptor,
            near: R::Near::FROM,
            far: R::Far::FROM,
            order: pivot_order,
            distinct,
            symmetric: W::BOTH,
            morph: morph::<R>(),
        }),
        ..described::<R>()
    }
}

/// The targets of many keys: one list, and each key's range of it.
pub struct Found<R: Pivoted> {
    links: Arc<Links<Target<R>, PivotOf<R>>>,
    /// The number of each owner's key, by which its range stands in `ranges`.
    numbers: FxHashMap<R::Key, u32>,
    ranges: Vec<Range<u32>>,
    failures: FxHashMap<R::Key, Error>,
}

impl<R: Pivoted> Default for Found<R> {
    fn default() -> Self {
        let links = Arc::new(Links::new(vec![], vec![], false));
        Self { links, numbers: FxHashMap::default(), ranges: Vec::new(), failures: FxHashMap::default() }
    }
}

impl<R: Pivoted, W: Way<R>> Route<R> for OverPivot<W> {
    type Ask = Asked<R::Key>;
    type Found = Found<R>;

    #[inline]
    fn fits(stored: &StoredOf<R>, owner: &R::Owner) -> bool {
        stored.is_by(fingerprint(&R::owner_key(owner)).get())
    }

    fn ask(owners: &impl Owners<R::Owner>, partial: bool) -> Self::Ask {
        share::keys::<R>(owners, partial)
    }

    fn ask_early(known: &dyn Columns) -> Option<(R::Key, Self::Ask)> {
        share::early_key::<R>(known)
    }

    fn fill(owners: &impl Owners<R::Owner>, found: &Self::Found, partial: bool) {
        share::settle::<R>(owners, &found.failures, partial, |key, _| {
            let number = key.as_ref().and_then(|key| found.numbers.get(key));
            let range = number.and_then(|&number| found.ranges.get(number as usize).cloned());
            Linked::new(Arc::clone(&found.links), range.unwrap_or_default(), fingerprint(key).get())
        });
    }

    fn forget(cache: &Cache, key: &R::Key) {
        let pivots = cache.opened::<R, R::Pivot, R::Key>(Part::Pivots);
        let targets = cache.opened::<R, Target<R>, FarKey<R>>(Part::of::<Target<R>>());
        if let Some(pivots) = pivots {
            pivots.forget(key);
        }
        // Which targets the key leads to is not known here.
        if let Some(targets) = targets {
            targets.forget_all();
        }
    }

    fn reached(owners: &impl Owners<R::Owner>, found: &Self::Found, partial: bool) -> RowsOf<R> {
        if partial {
            // A limit may have left out targets of the group.
            return found.links.rows();
        }
        let group = found.links.groups().first().map_or_else(|| Batch::new().into_group(), Arc::clone);
        tree::reached::<R>(owners, group, partial)
    }
}

impl<S, R, W> Travel<S, R> for OverPivot<W>
where
    R: Pivoted,
    W: Way<R>,
    S: RelationLoader<R::Pivot, R::Key> + RelationLoader<Target<R>, FarKey<R>>,
{
    async fn find(reader: Reader<'_, S>, asked: Asked<R::Key>, narrowing: &NarrowingOf<R>) -> Result<Found<R>> {
        let Asked { keys, all, fresh } = asked;
        if keys.is_empty() {
            return Ok(Found::default());
        }
        let ask = Ask::<R>::new(narrowing, W::BOTH, fresh);
        let pivots = ask.load_pivots::<S, W>(reader, keys.clone(), all).await?;
        let mut pairs = Pairs::<R>::find::<S, W>(reader, &ask, keys, pivots).await?;
        let short = pairs.cut_short(&ask);
        if !short.is_empty() {
            // Some of these owners' first pivots lead nowhere: others take their place.
            let more = reader.load(ask.pivots(short, Limit::None)).await?;
            let (keys, pivots) = pairs.replaced(more);
            pairs = Pairs::find::<S, W>(reader, &ask, keys, Gathered::all(pivots)).await?;
        }
        let (found, keeping) = pairs.link(&ask);
        if let Some(keeping) = keeping {
            keeping.put().await;
        }
        Ok(found)
    }
}

impl<R: Pivoted, W: Way<R>> Related<R> for OverPivot<W> {
    type Target = Target<R>;
    const COLUMNS: &'static [usize] = R::Far::TO;
    const PATH: &'static [Step] = &[Step {
        model: <R::Pivot as Model>::model_descriptor,
        rows: R::Far::FROM,
        key: R::Near::FROM,
        both_ways: W::BOTH,
        morph: morph::<R>(),
    }];
    type Way = R;
}

impl<R: Pivoted, W: Way<R>> Searched<R> for OverPivot<W> {
    fn any(narrowing: &NarrowingOf<R>, condition: Option<Filter<Target<R>>>) -> Filter<R::Owner> {
        related::any::<R, Self>(narrowing, condition)
    }
}
