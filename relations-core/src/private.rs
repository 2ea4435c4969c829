//! What generated code refers to. Not for users: anything here may change in any release.

pub use crate::backend::{Backend, Decode, FromRow, Undecoded, decode};
pub use crate::check;
pub use crate::column::{Column, HasColumn};
pub use crate::descriptor::{ColumnDescriptor, ModelDescriptor, OrderDescriptor, RelationDescriptor, RelationKind};
pub use crate::error::Result;
pub use crate::field::{BelongsTo, HasMany, HasOne, RelationField};
pub use crate::handle::{Many, Ref};
pub use crate::key::KeyPart;
pub use crate::model::{Model, RelationLeaf};
pub use crate::origin::Origins;
pub use crate::query::{Query, related};
pub use crate::read::read;
pub use crate::relation::{HasRelation, NoInverse, Relation, RelationQuery};
pub use crate::source::Loads;
pub use core::clone::Clone;
pub use core::default::Default;
pub use core::future::Future;
pub use core::marker::{Copy, PhantomData, Send, Sync};
pub use core::option::Option;
pub use core::{concat, module_path};

/// The column at position `N` of a model: how other models reach a field of type `T`, public or not.
#[diagnostic::on_unimplemented(message = "`{Self}` has no column {N}", label = "not a column of `{Self}`")]
pub trait ColumnAt<const N: usize, T>: Model {
    /// The field.
    fn get(&self) -> &T;
}

/// The relation to `T` at position `N` of a model: how other models reach it.
#[diagnostic::on_unimplemented(message = "`{Self}` has no relation {N}", label = "not a relation of `{Self}`")]
pub trait RelationAt<const N: usize, T>: Model {
    /// The relation.
    type Relation;
}

/// What other models may know of a relation to `T`.
pub const fn leaf<T: Model>(
    name: &'static str,
    kind: RelationKind,
    foreign_key: &'static [&'static str],
    inverse: Option<&'static str>,
) -> RelationLeaf {
    RelationLeaf { name, kind, target: T::PATH, foreign_key, inverse }
}

/// The table of a model, from its leaves and its relations.
pub const fn describe<M: Model>(relations: &'static [RelationDescriptor]) -> ModelDescriptor {
    let (name, path, table, columns, key) = (M::NAME, M::PATH, M::TABLE, M::COLUMNS, M::KEY);
    ModelDescriptor { name, path, table, columns, key, relations }
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
        inverse: check::relation_name::<R::Target>(inverse),
        order,
    }
}
