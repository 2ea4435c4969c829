//! Relations as types: one unit type per relation field, and `RelationQuery`, what its constant starts.

use std::fmt;
use std::marker::PhantomData;

use crate::descriptor::{OrderDescriptor, RelationDescriptor, RelationKind};
use crate::field::{RelationField, ToMany};
use crate::filter::{Filter, Order};
use crate::handle::WeakRef;
use crate::key::Key;
use crate::model::Model;
use crate::source::Limit;
use crate::stored::Stored;

/// One relation of one model. The derive writes a unit type for each relation field, so two relations between the
/// same models are two types.
pub trait Relation: Copy + Send + Sync + 'static {
    /// The model that declares the relation.
    type Owner: Model;
    /// The model it leads to.
    type Target: Model;
    /// The key that joins the two.
    type Key: Key;
    /// The field's type.
    type Field: RelationField<Target = Self::Target>;
    /// The relation that leads back, or [`NoInverse`].
    type Inverse: Inverse<Self>;
    /// The static metadata.
    const DESCRIPTOR: RelationDescriptor;
    /// Its position in the owner's relations.
    const INDEX: usize;

    /// The field.
    fn field(owner: &Self::Owner) -> &Self::Field;
    /// The owner's side of the key; `None` if a part is null.
    fn owner_key(owner: &Self::Owner) -> Option<Self::Key>;
    /// The target's side of the key; `None` if a part is null.
    fn target_key(target: &Self::Target) -> Option<Self::Key>;

    /// The static metadata, where it lives.
    fn descriptor() -> &'static RelationDescriptor {
        &Self::Owner::model_descriptor().relations[Self::INDEX]
    }
}

/// The relation to `T` at position `N` of a model: how other models reach it.
#[diagnostic::on_unimplemented(message = "`{Self}` has no relation {N}", label = "not a relation of `{Self}`")]
pub trait RelationAt<const N: usize, T>: Model {
    /// The relation.
    type Relation;
}

/// The table of a relation, from its leaf, its types, and what the checks have found.
pub const fn describe_relation<R: Relation>(
    owner_columns: &'static [usize],
    target_columns: &'static [usize],
    inverse: usize,
    order: &'static [OrderDescriptor],
) -> RelationDescriptor {
    let leaf = &<R::Owner as Model>::RELATIONS[R::INDEX];
    RelationDescriptor {
        name: leaf.name,
        owner: <R::Owner as Model>::model_descriptor,
        kind: leaf.kind,
        target: <R::Target as Model>::model_descriptor,
        required: <R::Field as RelationField>::REQUIRED,
        owner_columns,
        target_columns,
        inverse: crate::check::relation_name::<R::Target>(inverse),
        order,
    }
}

/// What fills the other direction of a relation while this one is loaded.
pub trait Inverse<R: Relation> {
    /// Whether there is anything to fill.
    const FILLS: bool;
    /// Points `target` back to `owner`.
    fn fill(target: &R::Target, owner: &WeakRef<R::Owner>);
}

/// No relation leads back.
#[derive(Debug, Clone, Copy)]
pub struct NoInverse;

impl<R: Relation> Inverse<R> for NoInverse {
    const FILLS: bool = false;

    fn fill(_: &R::Target, _: &WeakRef<R::Owner>) {}
}

impl<R, I> Inverse<R> for I
where
    R: Relation,
    I: Relation<Owner = R::Target, Target = R::Owner>,
{
    // A row has one owner; but an owner has perhaps more rows than the one that it was reached from.
    const FILLS: bool = matches!(I::DESCRIPTOR.kind, RelationKind::BelongsTo);

    fn fill(target: &R::Target, owner: &WeakRef<R::Owner>) {
        if let Some(stored) = <I::Field as RelationField>::Stored::from_owner(owner) {
            I::field(target).slot().set(stored);
        }
    }
}

/// A relation to be loaded, with what narrows it and what is loaded beyond it: `User::POSTS`, or
/// `User::POSTS.filter(Post::VIEWS.gt(10)).limit(3).with(Post::COMMENTS)`.
///
/// A load that is narrowed leaves the field *partial*: read it with `get_partial()`.
pub struct RelationQuery<R: Relation, N = ()> {
    pub(crate) filter: Option<Filter<R::Target>>,
    pub(crate) order: Vec<Order<R::Target>>,
    pub(crate) limit: Limit,
    pub(crate) nested: N,
    relation: PhantomData<fn(R)>,
}

impl<R: Relation> RelationQuery<R> {
    /// The whole relation. The derive writes one constant for each.
    #[doc(hidden)]
    pub const fn new() -> Self {
        Self { filter: None, order: Vec::new(), limit: Limit::None, nested: (), relation: PhantomData }
    }
}

impl<R: Relation, N: Clone> Clone for RelationQuery<R, N> {
    fn clone(&self) -> Self {
        Self {
            filter: self.filter.clone(),
            order: self.order.clone(),
            limit: self.limit,
            nested: self.nested.clone(),
            relation: PhantomData,
        }
    }
}

impl<R: Relation, N> fmt::Debug for RelationQuery<R, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RelationQuery")
            .field("relation", &R::descriptor())
            .field("filter", &self.filter)
            .field("order", &self.order)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

impl<R: Relation, N> RelationQuery<R, N> {
    /// Only the targets that meet the condition; with several calls, all conditions.
    pub fn filter(mut self, condition: Filter<R::Target>) -> Self {
        self.filter = Some(match self.filter.take() {
            Some(filter) => filter.and(condition),
            None => condition,
        });
        self
    }

    /// Orders the targets of each owner; with several calls, by each in turn. Replaces the declared order.
    pub fn order_by(mut self, order: Order<R::Target>) -> Self
    where
        R::Field: ToMany,
    {
        self.order.push(order);
        self
    }

    /// At most so many targets for each owner.
    pub fn limit(mut self, targets: u32) -> Self
    where
        R::Field: ToMany,
    {
        self.limit = self.limit.with_limit(targets.into());
        self
    }

    /// Leaves out so many targets of each owner.
    pub fn offset(mut self, targets: u32) -> Self
    where
        R::Field: ToMany,
    {
        self.limit = self.limit.with_offset(targets.into());
        self
    }

    /// Loads a relation of the targets too; with several calls, each beside the others.
    pub fn with<T>(self, relations: T) -> RelationQuery<R, (N, T)> {
        RelationQuery {
            filter: self.filter,
            order: self.order,
            limit: self.limit,
            nested: (self.nested, relations),
            relation: PhantomData,
        }
    }

    /// Whether it leaves out targets, so that what it loads is not the whole relation.
    pub(crate) fn is_partial(&self) -> bool {
        self.filter.is_some() || self.limit != Limit::None
    }
}
