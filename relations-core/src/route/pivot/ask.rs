//! What is asked of the database for a relation over a join table: its pivots, then its targets.

use super::{FarKey, Pivoted, Way, morph};
use crate::cache::{self, Gathered, Part, SpaceRows, Use};
use crate::error::Result;
use crate::field::KeptAs;
use crate::filter::{Filter, Order};
use crate::model::Model;
use crate::reference::Reference;
use crate::relation::Target;
use crate::route::NarrowingOf;
use crate::route::by_key::cannot_be_null;
use crate::source::{Limit, Loaded, Reader, RelationLoader, Request};

/// The requests of one load, and what is left to do with what they give.
pub(super) struct Ask<R: Pivoted> {
    filter: Option<Filter<Target<R>>>,
    pivot_filter: Option<Filter<R::Pivot>>,
    order: Vec<Order<Target<R>>>,
    pivot_order: Vec<Order<R::Pivot>>,
    /// Whether a pivot leads from either end to the other.
    both_ways: bool,
    /// Of each owner's targets, each once.
    pub(super) distinct: bool,
    /// Which of each owner's targets.
    pub(super) limit: Limit,
    /// The first pivots of each owner, where these alone decide which targets are its first.
    pub(super) window: Limit,
    pub(super) is_partial: bool,
    /// Whether it asks for the relation as it is declared.
    is_whole: bool,
    /// Whether what is cached is not what it wants.
    fresh: bool,
}

/// Where a pivot leads both ways, an order chooses which of several between the same two stands for them.
const CHOOSES: Limit = Limit::Rows { limit: None, offset: 0 };

impl<R: Pivoted> Ask<R> {
    pub(super) fn new(narrowing: &NarrowingOf<R>, both_ways: bool, fresh: bool) -> Self {
        let declared = R::DESCRIPTOR.pivot;
        let (mut order, mut pivot_order) = (narrowing.order.clone(), R::Pivot::order(&narrowing.pivot_order));
        if order.is_empty() && pivot_order.is_empty() {
            order = Order::declared(R::DESCRIPTOR.order);
            pivot_order = Order::declared(declared.map_or(&[], |pivot| pivot.order));
        }
        let limit = narrowing.limit;
        let distinct = both_ways || narrowing.distinct || declared.is_some_and(|pivot| pivot.distinct);
        let window = match limit.limit() {
            Some(rows) if narrowing.filter.is_none() && order.is_empty() && !distinct => {
                Limit::default().with_limit(limit.offset().saturating_add(rows))
            }
            _ => Limit::None,
        };
        Self {
            filter: narrowing.filter.clone(),
            pivot_filter: R::Pivot::filter(narrowing.pivot_filter.as_ref()),
            order: Order::settled(order, Limit::None),
            pivot_order: Order::settled(pivot_order, if both_ways { CHOOSES } else { limit }),
            both_ways,
            distinct,
            limit,
            window,
            is_partial: narrowing.is_partial(),
            is_whole: !narrowing.is_narrowed(),
            fresh,
        }
    }

    /// Whether the targets are ordered, so that each one's place among them is its rank.
    pub(super) fn is_ranked(&self) -> bool {
        !self.order.is_empty()
    }

    /// Loads the pivots of these owners, which may be all that there are.
    pub(super) async fn load_pivots<S, W>(
        &self,
        reader: Reader<'_, S>,
        keys: Vec<R::Key>,
        all: bool,
    ) -> Result<Gathered<R::Pivot, R::Key>>
    where
        S: RelationLoader<R::Pivot, R::Key>,
        W: Way<R>,
    {
        let is_of_every_pivot = !W::BOTH && morph::<R>().is_none() && cannot_be_null::<R::Pivot>(R::Near::FROM);
        let request = Request { all_keys: all && is_of_every_pivot, ..self.pivots(keys, self.window) };
        if !self.is_whole {
            return reader.load(request).await.map(Gathered::all);
        }
        let columns = if W::BOTH { &[R::Near::FROM, R::Far::FROM][..] } else { &[R::Near::FROM] };
        let ordered_by = self.is_ranked().then_some(<Target<R> as Model>::model_descriptor as fn() -> _);
        let rows = SpaceRows { columns, owner_key: cache::owner_key::<R>, ordered_by };
        let space = reader.space::<R, _, _>(Part::Pivots, |pivot, visit| W::ends(pivot, |near, _| visit(near)), rows);
        // Their order is that of their targets, which are not known yet.
        let by = if self.is_ranked() { Use::InOrder } else { Use::Both };
        reader.load_whole(space, request, by, self.fresh).await
    }

    /// Loads the targets of these keys.
    pub(super) async fn load_targets<S>(
        &self,
        reader: Reader<'_, S>,
        keys: Vec<FarKey<R>>,
        is_ranked: bool,
    ) -> Result<Loaded<Target<R>, FarKey<R>>>
    where
        S: RelationLoader<Target<R>, FarKey<R>>,
    {
        let request = self.targets(keys, is_ranked);
        if !self.is_whole {
            return reader.load(request).await;
        }
        let rows = SpaceRows { columns: &[R::Far::TO], owner_key: cache::no_owner_key, ordered_by: None };
        let keys_of = |target: &Target<R>, visit: &mut dyn FnMut(_)| R::Far::to(target).into_iter().for_each(visit);
        let space = reader.space::<R, _, _>(Part::of::<Target<R>>(), keys_of, rows);
        // Only the database ranks them, and only all together.
        let by = if is_ranked { Use::Keep } else { Use::Both };
        reader.load_whole(space, request, by, self.fresh).await.map(|gathered| gathered.loaded)
    }

    /// The request for the pivots of these owners.
    pub(super) fn pivots(&self, keys: Vec<R::Key>, limit: Limit) -> Request<R::Pivot, R::Key> {
        Request {
            relation: Some(R::descriptor()),
            either: self.both_ways.then_some(R::Far::FROM),
            at_once: self.both_ways,
            filter: self.pivot_filter.clone(),
            order: self.pivot_order.clone(),
            limit,
            morph: morph::<R>(),
            ..Request::new(R::Near::FROM, Some(keys))
        }
    }

    /// The request for the targets of these keys.
    fn targets(&self, keys: Vec<FarKey<R>>, is_ranked: bool) -> Request<Target<R>, FarKey<R>> {
        Request {
            relation: Some(R::descriptor()),
            filter: self.filter.clone(),
            order: if is_ranked { self.order.clone() } else { Vec::new() },
            at_once: is_ranked,
            ..Request::new(R::Far::TO, Some(keys))
        }
    }
}
