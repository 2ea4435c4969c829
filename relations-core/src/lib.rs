#![cfg_attr(all(feature = "sqlite", feature = "derive"), doc = include_str!("../../README.md"))]
#![cfg_attr(
    not(all(feature = "sqlite", feature = "derive")),
    doc = "Relations between Rust structs, on your database."
)]
#![cfg_attr(
    not(any(feature = "sqlite", feature = "postgres")),
    allow(dead_code, reason = "without a source of ours nothing sends statements")
)]

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

mod aggregate;
mod audit;
mod backend;
pub mod cache;
#[doc(hidden)]
pub mod check;
mod column;
mod db;
mod descriptor;
pub mod diagram;
mod early;
mod error;
mod field;
mod filter;
mod group;
mod handle;
#[doc(hidden)]
pub mod inherit;
mod join;
mod join_table;
mod key;
mod linked;
mod log;
mod model;
mod morph;
mod origin;
mod plan;
mod probe;
mod query;
mod read;
mod recursive;
mod reference;
mod related;
mod relation;
mod route;
mod select_list;
#[cfg(feature = "serde")]
mod serialize;
mod settings;
mod share;
mod slot;
pub mod source;
mod stored;
mod timer;
mod trace;
mod tree;
mod value;

pub use aggregate::{Holding, Summed};
pub use audit::NPlusOne;
pub use backend::DriverRow;
pub use cache::{Cache, CacheConfig, CacheSettings, HeapSize, RelationCache};
pub use column::{Column, Operand};
pub use db::{Db, DbBuilder, DbTransaction};
pub use descriptor::{
    ColumnDescriptor, ModelDescriptor, MorphDescriptor, MorphVariantDescriptor, OrderDescriptor, PivotDescriptor,
    RelationDescriptor, RelationKind,
};
pub use error::{Error, ErrorKind, Fault, NotLoaded, RelationName, Result};
pub use field::{BelongsTo, HasMany, HasManyThrough, HasOne, HasOneThrough, ManyToMany, MorphTarget, MorphTo};
pub use filter::{Filter, Order};
pub use handle::{Many, Ref, Row};
pub use inherit::{HasColumnsOf, Inherits};
pub use linked::Linked;
pub use log::{Statement, StatementLog};
pub use model::{Model, Relations};
pub use morph::{Morph, MorphVariant};
/// Waits for a future on this thread: all that a program without an async runtime needs.
///
/// With [`Sqlite::inline`] everything runs on the calling thread, and no other is ever started.
pub use pollster::block_on;
pub use query::{Binding, Query, Windows};
pub use recursive::Recursive;
pub use related::{RelatedColumn, RelatedCount, Sortable, SumOf};
pub use relation::{Direct, Relation, RelationQuery};
/// What a filter takes: implement `From<YourType> for Value` to filter by a column of your own type, and `Nullable` to
/// filter by an `Option` of it.
pub use sea_query::{Value, value::Nullable};
pub use select_list::SelectList;
pub use settings::LoadMode;
pub use source::Sources;
#[cfg(feature = "postgres")]
pub use source::postgres::{Postgres, PostgresBuilder, PostgresTransaction};
#[cfg(feature = "sqlite")]
pub use source::sqlite::{Sqlite, SqliteBuilder, SqliteTransaction};
#[cfg(feature = "sqlx")]
pub use source::sqlx::{Sqlx, SqlxBuilder, SqlxConnection, SqlxDatabase, SqlxTransaction};
pub use source::{CustomSource, Fetch, Memory};
pub use tree::Tree;

#[cfg(feature = "derive")]
pub use relations_derive::{Morph, Relations, Sources};
