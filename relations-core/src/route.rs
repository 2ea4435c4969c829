//! Routes: the ways from owners to their targets. Each splits a load into what is asked of the owners, what a session
//! finds, and how that fills the owners' fields; so lazy, batched and eager loading take the same road.

use std::fmt;
use std::sync::Arc;

use crate::cache::Cache;
use crate::error::Result;
use crate::field::RelationField;
use crate::filter::{Filter, Order};
use crate::group::Group;
use crate::handle::WeakRef;
use crate::model::Model;
use crate::related::SortedBy;
use crate::relation::{Relation, Target};
use crate::share::Owners;
use crate::source::{Limit, Reader, Step};
use crate::value::Columns;

pub mod by_key;
pub mod morph;
pub mod nowhere;
pub mod pivot;
pub mod through;

/// What a relation's field hands out.
pub(crate) type Handle<R> = <<R as Relation>::Field as RelationField>::Handle;
/// What a relation's slot holds.
pub(crate) type StoredOf<R> = <<R as Relation>::Field as RelationField>::Stored;
/// The rows that a relation leads to, to load on from.
pub(crate) type RowsOf<R> = <Target<R> as Reached>::Rows;
/// What a relation's field keeps of the rows of its join table.
pub(crate) type PivotOf<R> = <<R as Relation>::Field as RelationField>::Pivot;
/// Where a row lives, if it lives in a group.
pub type InGroup<'a, T> = Option<(&'a Arc<Group<T>>, u32)>;
/// What narrows a load of a relation.
pub(crate) type NarrowingOf<R> = Narrowing<Target<R>, PivotOf<R>>;

/// How the targets of a relation are reached from its owners.
pub trait Route<R: Relation>: Send + Sync + 'static {
    /// What a session has to know of the owners. It is made from rows that may be borrowed, and outlives them.
    type Ask: Send + 'static;
    /// What a session finds; nothing by default, as for a null key.
    type Found: Default + Send + 'static;

    /// Whether a stored value may be handed out: what it points to is there, and belongs to the key that the owner has
    /// now.
    fn fits(stored: &StoredOf<R>, owner: &R::Owner) -> bool;
    /// What to ask for the owners whose fields are open.
    fn ask(owners: &impl Owners<R::Owner>, partial: bool) -> Self::Ask;
    /// What to ask for owners that are not there yet, and their key, if these columns of theirs tell it.
    fn ask_early(known: &dyn Columns) -> Option<(R::Key, Self::Ask)> {
        let _ = known;
        None
    }
    /// Fills the open fields of the owners.
    fn fill(owners: &impl Owners<R::Owner>, found: &Self::Found, partial: bool);
    /// Invalidates what is cached for one key.
    fn forget(cache: &Cache, key: &R::Key);
    /// Invalidates what is cached for all keys.
    fn forget_all(cache: &Cache) {
        cache.clear_relation::<R>();
    }
    /// The rows to load on from: those found, and, if the load is whole, those that the owners held before.
    fn reached(owners: &impl Owners<R::Owner>, found: &Self::Found, partial: bool) -> RowsOf<R>;
}

/// A route that can be taken in a session `S`.
#[diagnostic::on_unimplemented(
    message = "this relation cannot be loaded in a session of type `{S}`",
    label = "a model on the way is not in this source"
)]
pub trait Travel<S, R: Relation>: Route<R> {
    /// Finds what was asked for.
    fn find(
        reader: Reader<'_, S>,
        ask: Self::Ask,
        narrowing: &NarrowingOf<R>,
    ) -> impl Future<Output = Result<Self::Found>> + Send;
}

/// A route that one statement can follow from the targets to an owner's key.
#[diagnostic::on_unimplemented(
    message = "the targets of this relation cannot be counted or added up without loading them",
    label = "not a relation by a key or over a join table",
    note = "name a relation by a key or over a join table; load others, and count what is loaded"
)]
pub trait Related<R: Relation>: Route<R> {
    /// The relation's target.
    type Target: Model;
    /// The target's columns at the end of the route.
    const COLUMNS: &'static [usize];
    /// The steps from there to the key.
    const PATH: &'static [Step];
    /// How a query on the targets is bound to the key: by columns of theirs, or by this relation.
    type Way;
}

/// A route to one row of one model, by whose values owners can be ordered.
#[diagnostic::on_unimplemented(
    message = "rows cannot be ordered by what this relation leads to",
    label = "not a relation to one row of one model",
    note = "name a relation to one row; of many rows, order by the one that a `has_one` chooses"
)]
pub trait Sorted<R: Relation>: Route<R> {
    /// The value of the row among those that the narrowing leaves, if it meets the condition.
    #[doc(hidden)]
    fn by(narrowing: &NarrowingOf<R>, condition: Option<Filter<Target<R>>>, value: SortedBy) -> SortedBy;
}

/// A route along which a condition on an owner asks for its targets.
#[diagnostic::on_unimplemented(
    message = "a condition cannot ask for the targets of this relation",
    label = "leads to several models",
    note = "ask for those of one model: `Comment::COMMENTABLE.any_of(Post::TITLE.like(\"A%\"))`"
)]
pub trait Searched<R: Relation>: Route<R> {
    /// The condition that there is such a target among those that the narrowing leaves.
    #[doc(hidden)]
    fn any(narrowing: &NarrowingOf<R>, condition: Option<Filter<Target<R>>>) -> Filter<R::Owner>;
}

/// A route by which a target's field can be pointed back to the owner `T` that it was loaded for.
pub trait WayBack<I: Relation, T: Model>: Route<I> {
    /// Whether it can at all.
    const FILLS: bool;
    /// What the field then holds: the owner, without keeping it alive.
    fn stored(owner: &WeakRef<T>) -> Option<StoredOf<I>>;
}

/// What a relation may reach, and what trees grow on: the rows of a model, or of the variants of a polymorphic enum.
pub trait Reached: 'static {
    /// The rows of one level of a tree.
    type Rows: Default + Send + Sync;
}

/// The rows have relations that the model `P` declares: they are rows of `P`, of a model that extends it, or of an
/// enum with a variant for it.
#[diagnostic::on_unimplemented(
    message = "these relations cannot be loaded for `{Self}`",
    label = "relations of `{P}`, not of `{Self}`",
    note = "name relations of `{Self}`, such as `{Self}::POSTS`; of a polymorphic enum those of its variants' models"
)]
pub trait HasRelationsOf<P: Model>: Reached {
    /// Visits each row as a `P`, with its place if it lives in a group of them.
    #[doc(hidden)]
    fn each(rows: &Self::Rows, visit: impl FnMut(&P, Option<(&Arc<Group<P>>, u32)>));
    /// Whether they are all rows that `P`'s table has.
    #[doc(hidden)]
    fn are_all(rows: &Self::Rows) -> bool {
        let _ = rows;
        false
    }
}

/// What leaves out some of a relation's targets, or orders them.
pub struct Narrowing<T, P> {
    pub(crate) filter: Option<Filter<T>>,
    pub(crate) order: Vec<Order<T>>,
    pub(crate) limit: Limit,
    pub(crate) pivot_filter: Option<Filter<P>>,
    pub(crate) pivot_order: Vec<Order<P>>,
    pub(crate) distinct: bool,
}

impl<T, P> Narrowing<T, P> {
    /// The whole relation.
    pub(crate) const WHOLE: Self = Self {
        filter: None,
        order: Vec::new(),
        limit: Limit::None,
        pivot_filter: None,
        pivot_order: Vec::new(),
        distinct: false,
    };

    /// Whether it leaves out targets, so that what it loads is not the whole relation.
    pub(crate) fn is_partial(&self) -> bool {
        self.filter.is_some() || self.limit != Limit::None || self.pivot_filter.is_some() || self.distinct
    }

    /// Whether it asks for anything but the whole relation as it is declared.
    pub(crate) fn is_narrowed(&self) -> bool {
        self.is_partial() || !self.order.is_empty() || !self.pivot_order.is_empty()
    }
}

impl<T, P> Clone for Narrowing<T, P> {
    fn clone(&self) -> Self {
        Self {
            filter: self.filter.clone(),
            order: self.order.clone(),
            limit: self.limit,
            pivot_filter: self.pivot_filter.clone(),
            pivot_order: self.pivot_order.clone(),
            distinct: self.distinct,
        }
    }
}

impl<T: Model, P> fmt::Debug for Narrowing<T, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Narrowing")
            .field("filter", &self.filter)
            .field("order", &self.order)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}
