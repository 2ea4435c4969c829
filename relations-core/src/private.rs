//! What generated code refers to. Not for users: anything here may change in any release.

pub use crate::backend::{Backend, Bind, Decode, FromRow, Undecoded, decode};
pub use crate::cache::CacheSettings;
pub use crate::check;
pub use crate::column::{Column, ColumnAt};
pub use crate::descriptor::{
    ColumnDescriptor, ModelDescriptor, MorphVariantDescriptor, OrderDescriptor, RelationDescriptor, RelationKind,
};
pub use crate::error::Result;
pub use crate::field::{BelongsTo, HasMany, HasOne, ManyToMany, MorphTo, Place, RelationField};
pub use crate::handle::{Many, Ref, WeakRef};
pub use crate::inherit::{self, Ancestor, Embedding, Inherits, extended};
pub use crate::join_table::{Far, JoinRow, Near, OverTable};
pub use crate::key::KeyPart;
pub use crate::linked::Linked;
pub use crate::model::{Model, RelationLeaf, describe, leaf, morph_leaf};
pub use crate::morph::{
    ByMorph, Morph, MorphAt, MorphBack, MorphId, MorphVariant, each_variant, key_at, morph_variant, point_back, tag,
};
pub use crate::origin::Origins;
pub use crate::probe::{Otherwise, Probe};
pub use crate::query::{Query, related};
pub use crate::read::read;
pub use crate::reference::{ByRelation, EndAt, Reference};
pub use crate::relation::{
    Direct, HopAt, NoInverse, Relation, RelationAt, RelationQuery, Target, describe_morph, describe_relation,
    describe_through,
};
pub use crate::route::by_key::ByKey;
pub use crate::route::morph::Morphic;
pub use crate::route::nowhere::Nowhere;
pub use crate::route::pivot::{BothWays, NearKey, OneWay, OverPivot, Pivoted, describe_pivoted, near_key};
pub use crate::route::through::Over;
pub use crate::route::{HasRelationsOf, InGroup, Reached};
pub use crate::source::routed::{held, settings, share, smaller};
pub use crate::source::{
    First, HeldBy, Loads, Member, MemberAt, Next, Plan, Routed, Settings, Source, Sources, Unread,
};
pub use crate::tree::Rows;
pub use crate::value::Access;
pub use core::clone::Clone;
pub use core::default::Default;
pub use core::future::Future;
pub use core::marker::{Copy, PhantomData, Send, Sync};
pub use core::ops::FnMut;
pub use core::option::Option;
pub use core::time::Duration;
pub use core::{concat, module_path};
pub use std::borrow::Cow;
pub use std::sync::Arc;
