//! The route of `belongs_to`, `has_one` and `has_many`: one step, by a key.

use std::sync::Arc;

use crate::cache::{self, Cache, Part, SpaceRows, Use};
use crate::descriptor::RelationKind;
use crate::error::Result;
use crate::field::ToOne;
use crate::filter::{Filter, Order};
use crate::handle::WeakRef;
use crate::model::Model;
use crate::related::{self, SortedBy};
use crate::relation::{Direct, Target};
use crate::route::{Narrowing, NarrowingOf, Related, Route, RowsOf, Searched, Sorted, StoredOf, Travel, WayBack};
use crate::share::{self, Asked, Owners, Shared};
use crate::source::{Limit, Loaded, Reader, RelationLoader, Request, Step};
use crate::stored::Stored;
use crate::tree;
use crate::value::Columns;

/// One step, by the relation's key.
#[derive(Debug, Clone, Copy)]
pub struct ByKey;

impl<R: Direct> Route<R> for ByKey {
    type Ask = Asked<R::Key>;
    type Found = Shared<Target<R>, R::Key>;

    #[inline]
    fn fits(stored: &StoredOf<R>, owner: &R::Owner) -> bool {
        stored.fits(&R::owner_key(owner), R::target_key)
    }

    fn ask(owners: &impl Owners<R::Owner>, partial: bool) -> Self::Ask {
        share::keys::<R>(owners, partial)
    }

    fn ask_early(known: &dyn Columns) -> Option<(R::Key, Self::Ask)> {
        share::early_key::<R>(known)
    }

    fn fill(owners: &impl Owners<R::Owner>, found: &Self::Found, partial: bool) {
        share::fill::<R>(owners, found, partial);
    }

    fn forget(cache: &Cache, key: &R::Key) {
        if let Some(space) = cache.opened::<R, Target<R>, R::Key>(Part::of::<Target<R>>()) {
            space.forget(key);
        }
    }

    fn reached(owners: &impl Owners<R::Owner>, found: &Self::Found, partial: bool) -> RowsOf<R> {
        let all = owners.are_all() && !partial && is_of_every_target::<R>();
        tree::reached::<R>(owners, Arc::clone(&found.group), partial).all(all)
    }
}

impl<S, R> Travel<S, R> for ByKey
where
    R: Direct,
    S: RelationLoader<Target<R>, R::Key>,
{
    async fn find(reader: Reader<'_, S>, ask: Self::Ask, narrowing: &NarrowingOf<R>) -> Result<Self::Found> {
        let Asked { keys, all, fresh } = ask;
        let request = |keys| request::<R>(keys, all, narrowing);
        let loaded = if keys.is_empty() {
            Loaded::default()
        } else if narrowing.is_narrowed() {
            reader.load(request(keys)).await?
        } else {
            let space = reader.space::<R, _, _>(
                Part::of::<Target<R>>(),
                target_keys::<R>,
                SpaceRows {
                    columns: &[R::DESCRIPTOR.target_columns],
                    owner_key: cache::owner_key::<R>,
                    ordered_by: None,
                },
            );
            reader.load_whole(space, request(keys), Use::Both, fresh).await?.loaded
        };
        Ok(share::shares::<R>(loaded, narrowing.is_partial()))
    }
}

/// The key by which a target is found.
fn target_keys<R: Direct>(target: &Target<R>, visit: &mut dyn FnMut(R::Key)) {
    R::target_key(target).into_iter().for_each(visit);
}

/// Whether every target has an owner: all owners then have all targets.
fn is_of_every_target<R: Direct>() -> bool {
    let relation = R::DESCRIPTOR;
    let is_chosen = !<StoredOf<R> as Stored<Target<R>>>::MANY && !relation.order.is_empty();
    let refers = !matches!(relation.kind, RelationKind::BelongsTo) && relation.morph.is_none() && !is_chosen;
    refers && cannot_be_null::<Target<R>>(relation.target_columns)
}

/// Whether each of these columns of a model always has a value.
pub(super) fn cannot_be_null<T: Model>(columns: &[usize]) -> bool {
    columns.iter().all(|&at| T::COLUMNS.get(at).is_some_and(|column| !column.nullable))
}

/// The request for the targets of these keys, which may be those of all owners.
fn request<R: Direct>(keys: Vec<R::Key>, all: bool, narrowing: &NarrowingOf<R>) -> Request<Target<R>, R::Key> {
    let Narrowing { filter, order, limit, .. } = narrowing;
    let order = if order.is_empty() { Order::declared(R::DESCRIPTOR.order) } else { order.clone() };
    let limit = match limit {
        Limit::None => whole_limit::<R>(),
        limit => *limit,
    };
    Request {
        relation: Some(R::descriptor()),
        filter: filter.clone(),
        order: Order::settled(order, limit),
        limit,
        all_keys: all && is_of_every_target::<R>(),
        morph: R::DESCRIPTOR.morph,
        ..Request::new(R::DESCRIPTOR.target_columns, Some(keys))
    }
}

/// A to-one relation with a declared order is the first row of that order: no other is read.
fn whole_limit<R: Direct>() -> Limit {
    let many = <StoredOf<R> as Stored<Target<R>>>::MANY;
    if many || R::DESCRIPTOR.order.is_empty() { Limit::None } else { Limit::default().with_limit(1) }
}

impl<R: Direct> Related<R> for ByKey {
    type Target = Target<R>;
    const COLUMNS: &'static [usize] = R::DESCRIPTOR.target_columns;
    const PATH: &'static [Step] = &[];
    type Way = ();
}

#[diagnostic::do_not_recommend]
impl<R: Direct<Field: ToOne>> Sorted<R> for ByKey {
    fn by(narrowing: &NarrowingOf<R>, condition: Option<Filter<Target<R>>>, value: SortedBy) -> SortedBy {
        related::value::<R, Self>(narrowing, condition, value)
    }
}

impl<R: Direct> Searched<R> for ByKey {
    fn any(narrowing: &NarrowingOf<R>, condition: Option<Filter<Target<R>>>) -> Filter<R::Owner> {
        related::any::<R, Self>(narrowing, condition)
    }
}

impl<I: Direct> WayBack<I, Target<I>> for ByKey {
    // A row has one owner; but an owner has perhaps more rows than the one that it was reached from.
    const FILLS: bool = matches!(I::DESCRIPTOR.kind, RelationKind::BelongsTo);

    fn stored(owner: &WeakRef<Target<I>>) -> Option<StoredOf<I>> {
        StoredOf::<I>::from_owner(owner)
    }
}
