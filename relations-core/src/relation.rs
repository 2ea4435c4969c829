//! Relations as types: one unit type per relation field, and `RelationQuery`, what its constant starts.

use std::fmt;

use crate::cache::CacheSettings;
use crate::descriptor::{MorphDescriptor, OrderDescriptor, RelationDescriptor};
use crate::field::{DirectField, JoinedField, PivotField, RelationField, ToMany};
use crate::filter::{Filter, Order};
use crate::handle::WeakRef;
use crate::inherit::HasColumnsOf;
use crate::key::Key;
use crate::model::Model;
use crate::morph::Morph;
use crate::route::by_key::ByKey;
use crate::route::{Narrowing, NarrowingOf, Route, WayBack};

/// One relation of one model. The derive writes a unit type for each relation field, so two relations between the
/// same models are two types.
pub trait Relation: Copy + Send + Sync + 'static {
    /// The model that declares the relation.
    type Owner: Model;
    /// The field's type.
    type Field: RelationField;
    /// The key by which the owner's targets are looked for.
    type Key: Key;
    /// How the targets are reached.
    type Route: Route<Self>;
    /// The static metadata.
    const DESCRIPTOR: RelationDescriptor;
    /// Its position in the owner's relations.
    const INDEX: usize;

    /// The field.
    fn field(owner: &Self::Owner) -> &Self::Field;
    /// The owner's key; `None` if a part is null.
    fn owner_key(owner: &Self::Owner) -> Option<Self::Key>;

    /// The static metadata, where it lives.
    fn descriptor() -> &'static RelationDescriptor {
        &Self::Owner::model_descriptor().own_relations[Self::INDEX]
    }
}

/// What a relation leads to: a model, or the enum of a polymorphic relation.
pub type Target<R> = <<R as Relation>::Field as RelationField>::Target;

/// A relation whose targets are found by its key in one step: `belongs_to`, `has_one`, `has_many`.
pub trait Direct: Relation<Route = ByKey, Field: DirectField> {
    /// The relation that leads back, or [`NoInverse`].
    type Inverse: Inverse<Self>;

    /// The target's side of the key; `None` if a part is null.
    fn target_key(target: &Target<Self>) -> Option<Self::Key>;
}

/// The relation to `T` at position `N` of a model: how other models reach it.
#[diagnostic::on_unimplemented(message = "`{Self}` has no relation {N}", label = "not a relation of `{Self}`")]
pub trait RelationAt<const N: usize, T>: Model {
    /// The relation.
    type Relation;
}

/// The relation at position `N` of a model, where it is as visible as the model: what ways of other models lead over.
pub trait HopAt<const N: usize> {
    /// The relation.
    type Relation;
}

#[diagnostic::do_not_recommend]
impl<const N: usize, T, M: Model + HopAt<N>> RelationAt<N, T> for M {
    type Relation = M::Relation;
}

/// The table of any relation, from its leaf: what only some kinds have is not there.
pub(crate) const fn described<R: Relation>() -> RelationDescriptor {
    let leaf = &<R::Owner as Model>::RELATIONS[R::INDEX];
    RelationDescriptor {
        name: leaf.name,
        owner: <R::Owner as Model>::model_descriptor,
        kind: leaf.kind,
        target: None,
        variants: &[],
        morph: None,
        required: <R::Field as RelationField>::REQUIRED,
        owner_columns: &[],
        target_columns: &[],
        inverse: None,
        order: &[],
        pivot: None,
        through: &[],
        overrides: None,
        cache: CacheSettings::INHERITED,
    }
}

/// The table of a relation, from its leaf, its types, and what the checks have found.
pub const fn describe_relation<R: Direct>(
    owner_columns: &'static [usize],
    target_columns: &'static [usize],
    inverse: usize,
    order: &'static [OrderDescriptor],
) -> RelationDescriptor {
    let inverse = crate::check::relation_name::<Target<R>>(inverse);
    let target = Some(<Target<R> as Model>::model_descriptor as fn() -> _);
    RelationDescriptor { target, owner_columns, target_columns, inverse, order, ..described::<R>() }
}

/// The table of a relation through others.
pub const fn describe_through<R>(through: &'static [&'static str]) -> RelationDescriptor
where
    R: Relation<Field: RelationField<Target: Model>>,
{
    RelationDescriptor { target: Some(<Target<R> as Model>::model_descriptor), through, ..described::<R>() }
}

/// The table of a polymorphic relation. Its key is its type, then its id.
pub const fn describe_morph<R>(owner_columns: &'static [usize]) -> RelationDescriptor
where
    R: Relation<Field: RelationField<Target: Morph>>,
{
    RelationDescriptor { variants: <Target<R> as Morph>::VARIANTS, owner_columns, ..described::<R>() }
}

impl RelationDescriptor {
    /// The relation to the targets that have this text in this column.
    #[doc(hidden)]
    pub const fn by_morph(self, column: usize, tag: &'static str) -> Self {
        Self { morph: Some(MorphDescriptor { column, tag }), ..self }
    }

    /// The relation, cached as it says.
    #[doc(hidden)]
    pub const fn cached(self, cache: CacheSettings) -> Self {
        Self { cache, ..self }
    }
}

/// What fills the other direction of a relation while this one is loaded.
pub trait Inverse<R: Direct> {
    /// Whether there is anything to fill.
    const FILLS: bool;
    /// Points `target` back to `owner`.
    fn fill(target: &Target<R>, owner: &WeakRef<R::Owner>);
}

/// No relation leads back.
#[derive(Debug, Clone, Copy)]
pub struct NoInverse;

impl<R: Direct> Inverse<R> for NoInverse {
    const FILLS: bool = false;

    fn fill(_: &Target<R>, _: &WeakRef<R::Owner>) {}
}

impl<R, I> Inverse<R> for I
where
    R: Direct,
    I: Relation<Owner = Target<R>, Route: WayBack<I, R::Owner>>,
{
    const FILLS: bool = <I::Route as WayBack<I, R::Owner>>::FILLS;

    fn fill(target: &Target<R>, owner: &WeakRef<R::Owner>) {
        if let Some(stored) = <I::Route as WayBack<I, R::Owner>>::stored(owner) {
            I::field(target).slot().set(stored);
        }
    }
}

/// A relation to be loaded, with what narrows it and what is loaded beyond it: `User::POSTS`, or
/// `User::POSTS.filter(Post::VIEWS.gt(10)).limit(3).with(Post::COMMENTS)`.
///
/// A load that is narrowed leaves the field *partial*: read it with `get_partial()`.
pub struct RelationQuery<R: Relation, N = ()> {
    pub(crate) narrowing: NarrowingOf<R>,
    pub(crate) nested: N,
}

impl<R: Relation> RelationQuery<R> {
    /// The whole relation. The derive writes one constant for each.
    #[doc(hidden)]
    pub const fn new() -> Self {
        Self { narrowing: Narrowing::WHOLE, nested: () }
    }
}

impl<R: Relation, N: Default> Default for RelationQuery<R, N> {
    fn default() -> Self {
        Self { narrowing: Narrowing::WHOLE, nested: N::default() }
    }
}

impl<R: Relation, N: Clone> Clone for RelationQuery<R, N> {
    fn clone(&self) -> Self {
        Self { narrowing: self.narrowing.clone(), nested: self.nested.clone() }
    }
}

impl<R: Relation, N> fmt::Debug for RelationQuery<R, N>
where
    NarrowingOf<R>: fmt::Debug,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RelationQuery")
            .field("relation", R::descriptor())
            .field("narrowing", &self.narrowing)
            .finish_non_exhaustive()
    }
}

impl<R: Relation, N> RelationQuery<R, N> {
    /// Only the targets that meet the condition; with several calls, all conditions.
    pub fn filter<P: Model>(mut self, condition: Filter<P>) -> Self
    where
        Target<R>: HasColumnsOf<P>,
    {
        self.narrowing.filter = Some(match self.narrowing.filter.take() {
            Some(filter) => filter.and(condition),
            None => condition.inherited(),
        });
        self
    }

    /// Orders the targets of each owner; with several calls, by each in turn. Replaces the declared order.
    pub fn order_by<P: Model>(mut self, order: Order<P>) -> Self
    where
        R::Field: ToMany,
        Target<R>: HasColumnsOf<P>,
    {
        self.narrowing.order.push(order.inherited());
        self
    }

    /// At most so many targets for each owner.
    pub fn limit(mut self, targets: u32) -> Self
    where
        R::Field: ToMany,
    {
        self.narrowing.limit = self.narrowing.limit.with_limit(targets.into());
        self
    }

    /// Leaves out so many targets of each owner.
    pub fn offset(mut self, targets: u32) -> Self
    where
        R::Field: ToMany,
    {
        self.narrowing.limit = self.narrowing.limit.with_offset(targets.into());
        self
    }

    /// Only targets whose row of the join table meets the condition; with several calls, all conditions.
    pub fn filter_pivot<P: Model>(mut self, condition: Filter<P>) -> Self
    where
        R::Field: PivotField<P>,
    {
        self.narrowing.pivot_filter = Some(match self.narrowing.pivot_filter.take() {
            Some(filter) => filter.and(condition),
            None => condition.inherited(),
        });
        self
    }

    /// Orders the targets of each owner by the join table; with several calls, by each in turn. Replaces the declared
    /// order, and comes after an order by the targets' own columns.
    pub fn order_by_pivot<P: Model>(mut self, order: Order<P>) -> Self
    where
        R::Field: PivotField<P>,
    {
        self.narrowing.pivot_order.push(order.inherited());
        self
    }

    /// Each target of an owner once, however many rows of the join table lead to it: the first in order.
    pub fn distinct(mut self) -> Self
    where
        R::Field: JoinedField,
    {
        self.narrowing.distinct = true;
        self
    }

    /// Loads a relation of the targets too; with several calls, each beside the others.
    pub fn with<T>(self, relations: T) -> RelationQuery<R, (N, T)> {
        RelationQuery { narrowing: self.narrowing, nested: (self.nested, relations) }
    }
}
