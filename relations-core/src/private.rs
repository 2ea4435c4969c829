//! What generated code refers to. Not for users: anything here may change in any release.

pub use crate::backend::{Backend, Decode, FromRow, Undecoded, decode};
pub use crate::check;
pub use crate::column::{Column, ColumnAt};
pub use crate::descriptor::{ColumnDescriptor, ModelDescriptor, OrderDescriptor, RelationDescriptor, RelationKind};
pub use crate::error::Result;
pub use crate::field::{BelongsTo, HasMany, HasOne, RelationField};
pub use crate::handle::{Many, Ref};
pub use crate::inherit::{self, Ancestor, Embedding, Inherits};
pub use crate::key::KeyPart;
pub use crate::model::{Model, RelationLeaf, describe, leaf};
pub use crate::origin::Origins;
pub use crate::query::{Query, related};
pub use crate::read::read;
pub use crate::relation::{Direct, NoInverse, Relation, RelationAt, RelationQuery, describe_relation};
pub use crate::route::by_key::ByKey;
pub use crate::source::Loads;
pub use core::clone::Clone;
pub use core::default::Default;
pub use core::future::Future;
pub use core::marker::{Copy, PhantomData, Send, Sync};
pub use core::option::Option;
pub use core::{concat, module_path};
pub use std::sync::Arc;
