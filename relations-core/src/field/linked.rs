//! The fields of relations that lead over other rows: `ManyToMany`, `HasManyThrough`, `HasOneThrough`.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::error::NotLoaded;
use crate::field::{OneTarget, RelationField, ToMany, ToOne, missing, not_whole, rows, whole};
use crate::filter::{Filter, Order};
use crate::group::{Batch, Group};
use crate::handle::Row;
use crate::inherit::HasColumnsOf;
use crate::linked::Linked;
use crate::model::Model;
use crate::slot::{Held, Slot, State};

/// What a join table's rows are kept as: a model, or `()` where they are not kept.
pub trait Pivot: Send + Sync + 'static {}

impl<P: Model> Pivot for P {}

impl Pivot for () {}

/// A model of a join table's rows that a field keeps as `K`: as they are, or as `()`, not at all.
#[diagnostic::on_unimplemented(
    message = "the rows of this join table are `{Self}`, and the field keeps them as `{K}`",
    label = "another model than the one that the field keeps",
    note = "name one model, as in `#[many_to_many(through = PostTag)] tags: ManyToMany<Tag, PostTag>`"
)]
pub trait KeptAs<K>: Model {
    /// The rows to keep, and the one on the way to each target.
    #[doc(hidden)]
    fn keep(rows: Batch<Self>, pivots: Vec<u32>) -> Option<(Arc<Group<K>>, Vec<u32>)>;
    /// A condition on what is kept, as one on the rows.
    #[doc(hidden)]
    fn filter(filter: Option<&Filter<K>>) -> Option<Filter<Self>>;
    /// An order of what is kept, as one of the rows.
    #[doc(hidden)]
    fn order(order: &[Order<K>]) -> Vec<Order<Self>>;
}

impl<P: Model> KeptAs<P> for P {
    fn keep(rows: Batch<P>, pivots: Vec<u32>) -> Option<(Arc<Group<P>>, Vec<u32>)> {
        Some((rows.into_group(), pivots))
    }

    fn filter(filter: Option<&Filter<P>>) -> Option<Filter<P>> {
        filter.cloned()
    }

    fn order(order: &[Order<P>]) -> Vec<Order<P>> {
        order.to_vec()
    }
}

impl<P: Model> KeptAs<()> for P {
    fn keep(_: Batch<P>, _: Vec<u32>) -> Option<(Arc<Group<()>>, Vec<u32>)> {
        None
    }

    fn filter(_: Option<&Filter<()>>) -> Option<Filter<P>> {
        None
    }

    fn order(_: &[Order<()>]) -> Vec<Order<P>> {
        Vec::new()
    }
}

/// A field that leads over the rows of a join table.
#[diagnostic::on_unimplemented(
    message = "only a many-to-many relation has a join table",
    label = "this relation has none"
)]
pub trait JoinedField:
    RelationField<Target: Model, Stored = Linked<<Self as RelationField>::Target, <Self as RelationField>::Pivot>>
{
}

/// A field that leads over the rows of a join table and keeps them, with columns of `C`.
#[diagnostic::on_unimplemented(
    message = "only a many-to-many relation with a model for its join table has columns there",
    label = "this relation keeps no rows of a join table that have such columns",
    note = "write `#[many_to_many(through = PostTag)] tags: ManyToMany<Tag, PostTag>`"
)]
pub trait PivotField<C: Model>: JoinedField + RelationField<Pivot: HasColumnsOf<C>> {}

/// The relation to many rows over the rows of a join table: `ManyToMany<Tag, PostTag>` where these are a model, or
/// `ManyToMany<Tag>` for a plain join table.
pub struct ManyToMany<T: Model, P: Pivot = ()> {
    slot: Slot<Linked<T, P>>,
}

field!(ManyToMany<T: Model, P: Pivot>, Linked<T, P>, |value| rows(value.len()));
lists!(ManyToMany<T: Model, P: Pivot>, Linked<T, P>);

impl<T: Model, P: Pivot> RelationField for ManyToMany<T, P> {
    type Target = T;
    type Pivot = P;
    type Handle = Linked<T, P>;
    type Stored = Linked<T, P>;
    const REQUIRED: bool = false;

    fn slot(&self) -> &Slot<Linked<T, P>> {
        &self.slot
    }

    fn handle(stored: &Linked<T, P>) -> Option<Option<Linked<T, P>>> {
        Some(Some(stored.clone()))
    }
}

impl<T: Model, P: Pivot> ToMany for ManyToMany<T, P> {}

impl<T: Model, P: Pivot> JoinedField for ManyToMany<T, P> {}

#[diagnostic::do_not_recommend]
impl<T: Model, P: HasColumnsOf<C>, C: Model> PivotField<C> for ManyToMany<T, P> {}

/// The relation to many rows over other relations: `HasManyThrough<User>` for the commenters of a post.
pub struct HasManyThrough<T: Model> {
    slot: Slot<Linked<T>>,
}

field!(HasManyThrough<T: Model>, Linked<T>, |value| rows(value.len()));

impl<T: Model> RelationField for HasManyThrough<T> {
    type Target = T;
    type Pivot = ();
    type Handle = Linked<T>;
    type Stored = Linked<T>;
    const REQUIRED: bool = false;

    fn slot(&self) -> &Slot<Linked<T>> {
        &self.slot
    }

    fn handle(stored: &Linked<T>) -> Option<Option<Linked<T>>> {
        stored.held().map(Some)
    }
}

impl<T: Model> ToMany for HasManyThrough<T> {}

/// The relation to one row over other relations: `HasOneThrough<Option<Country>>`, or `HasOneThrough<Country>` where
/// there must be one.
pub struct HasOneThrough<T: OneTarget> {
    slot: Slot<Linked<T::Model>>,
}

field!(HasOneThrough<T: OneTarget>, Linked<T::Model>, |value| {
    if value.is_empty() { "none".to_owned() } else { "loaded".to_owned() }
});

impl<T: OneTarget> RelationField for HasOneThrough<T> {
    type Target = T::Model;
    type Pivot = ();
    type Handle = T::Handle;
    type Stored = Linked<T::Model>;
    const REQUIRED: bool = T::REQUIRED;

    fn slot(&self) -> &Slot<Linked<T::Model>> {
        &self.slot
    }

    fn handle(stored: &Linked<T::Model>) -> Option<Option<T::Handle>> {
        Some(T::handle(stored.held()?.get_ref(0)))
    }
}

impl<T: OneTarget> ToOne for HasOneThrough<T> {}

impl<T: Model> HasManyThrough<T> {
    /// The targets, without loading them.
    ///
    /// # Errors
    /// [`NotLoaded`] if they were not loaded, were loaded under a filter or limit only, or failed to load.
    pub fn get(&self) -> Result<Linked<T>, NotLoaded> {
        whole(&self.slot)?.held().ok_or_else(|| not_whole(&self.slot))
    }

    /// The targets as they were last loaded, be it under a filter or limit.
    ///
    /// # Errors
    /// [`NotLoaded`] if none were loaded, or they failed to load.
    pub fn get_partial(&self) -> Result<Linked<T>, NotLoaded> {
        match self.slot.newest().and_then(Linked::held) {
            Some(held) => Ok(held),
            None => self.get(),
        }
    }
}

impl<T: OneTarget> HasOneThrough<T> {
    /// The target, without loading it.
    ///
    /// # Errors
    /// [`NotLoaded`] if it was not loaded, was loaded under a filter only, failed to load, or is missing although the
    /// relation promises it.
    pub fn get(&self) -> Result<T::Peek<'_>, NotLoaded> {
        self.peek(whole(&self.slot)?)
    }

    /// The target as it was last loaded, be it under a filter.
    ///
    /// # Errors
    /// [`NotLoaded`] as for [`get`](Self::get), save that a load under a filter is handed out.
    pub fn get_partial(&self) -> Result<T::Peek<'_>, NotLoaded> {
        match self.slot.newest() {
            Some(stored) => self.peek(stored),
            None => self.get(),
        }
    }

    fn peek(&self, stored: &Linked<T::Model>) -> Result<T::Peek<'_>, NotLoaded> {
        let held = stored.held().ok_or_else(|| not_whole(&self.slot))?;
        T::peek(held.get_ref(0).map(Row::owned)).ok_or_else(|| missing(&self.slot))
    }
}
