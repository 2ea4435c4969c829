//! What a data source is: something that runs plans in sessions, and sessions that load rows by keys.

use std::fmt;

use crate::cache::Cache;
use crate::descriptor::{ModelDescriptor, MorphDescriptor, RelationDescriptor};
use crate::error::{Error, RelationName, Result};
pub use crate::filter::{Comparison, FilterTerm};
use crate::filter::{Filter, Order};
pub use crate::group::Batch;
use crate::key::Key;
use crate::model::Model;
use crate::related::{Aggregate, RelatedRows};
use crate::relation::Relation;
use crate::route::{NarrowingOf, Route, Travel};

mod custom;
mod memory;
mod narrow;
#[cfg(feature = "postgres")]
pub mod postgres;
mod reader;
mod report;
pub(crate) mod routed;
#[cfg(any(feature = "postgres", feature = "sqlx"))]
mod runtime;
#[cfg(feature = "sql")]
pub mod sql;
#[cfg(feature = "sqlite")]
pub mod sqlite;
#[cfg(feature = "sqlx")]
pub mod sqlx;

pub use crate::join_table::{JoinRow, JoinTable, OverTable};
pub use crate::settings::Settings;
pub use custom::{By, CustomSource, Fetch, Fetched, Lookup};
pub use memory::{Memory, MemorySession};
pub use reader::Reader;
pub(crate) use report::{Listeners, Report};
pub use routed::{First, HeldBy, Member, MemberAt, Next, Place, Routed, Sooner, Sources, Unread};

/// Work for one session: one load, or a whole tree of loads.
pub trait Plan<S>: Send + 'static {
    /// What it gives.
    type Output: Send + 'static;

    /// Whether it may send more than one statement, which then have to see one snapshot.
    fn needs_snapshot(&self) -> bool;

    /// What it is about, for errors.
    fn subject(&self) -> Subject;

    /// Does the work.
    fn run(self, reader: Reader<'_, S>) -> impl Future<Output = Result<Self::Output>> + Send;
}

/// What a plan is about: rows of a model, or a relation.
#[derive(Debug, Clone, Copy)]
pub struct Subject {
    /// The model whose rows are read; of a polymorphic relation, the one that declares it.
    pub model: &'static str,
    /// The relation, if the plan is for one.
    pub relation: Option<RelationName>,
}

impl Subject {
    pub(crate) fn of_model<T: Model>(relation: Option<&'static RelationDescriptor>) -> Self {
        Self { model: T::NAME, relation: relation.map(RelationName) }
    }

    pub(crate) fn of_relation(relation: &'static RelationDescriptor) -> Self {
        let model = relation.target().unwrap_or_else(relation.owner);
        Self { model: model.name, relation: Some(RelationName(relation)) }
    }
}

/// A place where rows live. It runs a plan in one session: one connection, one snapshot.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a data source",
    label = "not a data source",
    note = "pass a reference to a source such as `Sqlite`"
)]
pub trait Source: Sync {
    /// What a plan talks to.
    type Session: Send + Sync;

    /// Runs a plan.
    fn run<P: Plan<Self::Session>>(&self, plan: P) -> impl Future<Output = Result<P::Output>> + Send;

    /// How relations are loaded from here.
    fn settings(&self) -> &Settings;

    /// The shared cache that lazy reads look into before they ask for a session. A [`Db`](crate::Db) has one.
    fn cache(&self) -> Option<&Cache> {
        None
    }
}

impl<S: Source> Source for &S {
    type Session = S::Session;

    fn run<P: Plan<Self::Session>>(&self, plan: P) -> impl Future<Output = Result<P::Output>> + Send {
        (**self).run(plan)
    }

    fn settings(&self) -> &Settings {
        (**self).settings()
    }

    fn cache(&self) -> Option<&Cache> {
        (**self).cache()
    }
}

/// Sources that have transactions.
#[diagnostic::on_unimplemented(message = "`{Self}` has no transactions", label = "not a source with transactions")]
pub trait Transactional: Source {
    /// A source whose reads and writes are one transaction.
    type Transaction: Transaction<Session = Self::Session>;

    /// Begins a transaction.
    fn begin(&self) -> impl Future<Output = Result<Self::Transaction>> + Send;
}

/// A source whose reads and writes are one transaction. Dropping it rolls back.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a transaction", label = "not a transaction")]
pub trait Transaction: Source + Send + Sized {
    /// Makes the writes last, then calls `then`, even if the future is dropped meanwhile. If that fails, the transaction
    /// is rolled back, and `then` is not called.
    fn commit(self, then: impl FnOnce() + Send + 'static) -> impl Future<Output = Result<()>> + Send;

    /// Undoes the writes.
    fn rollback(self) -> impl Future<Output = Result<()>> + Send;
}

impl<S: Transactional> Transactional for &S {
    type Transaction = S::Transaction;

    fn begin(&self) -> impl Future<Output = Result<Self::Transaction>> + Send {
        (**self).begin()
    }
}

/// A session that loads rows of `T` by keys `K`: all a relation to `T` by `K` needs. `()` stands for "no key".
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot load rows of `{T}` by `{K}`",
    label = "cannot load `{T}`",
    note = "every field of `{T}` must be a type that this source can decode, and every key one that it can bind"
)]
pub trait RelationLoader<T: Model, K: Key>: Send + Sync {
    /// Loads the rows that the request asks for. A row that does not decode fails its own key, not the others.
    fn load(&self, request: Request<T, K>) -> impl Future<Output = Result<Loaded<T, K>>> + Send;

    /// Counts the rows that the request asks for.
    fn count(&self, request: Request<T, K>) -> impl Future<Output = Result<u64>> + Send;

    /// Whether one request can follow a `path` over the join table of this relation to `T`. If not, none is sent: a query
    /// on the relation's targets goes in steps, first to the rows of the join table.
    fn joins(relation: &'static RelationDescriptor) -> bool {
        let _ = relation;
        false
    }
}

/// A session that computes an aggregate of type `V` over rows of `T`, for each of many keys `K`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot compute a `{V}` of rows of `{T}` by `{K}`",
    label = "cannot compute a `{V}`",
    note = "the source must be one of `{T}`, and be able to decode a `{V}`"
)]
pub trait RelationAggregator<T: Model, K: Key, V>: Send + Sync {
    /// Computes it, in any order of the keys. A key that leads to no row may be left out.
    fn aggregate(&self, request: AggregateRequest<K>) -> impl Future<Output = Result<Vec<(K, V)>>> + Send;
}

/// Sessions that can load the relation `R`, whatever its kind.
pub trait Follows<R: Relation>: Send + Sync + Sized {
    /// Finds the targets that were asked for.
    #[doc(hidden)]
    fn follow(
        reader: Reader<'_, Self>,
        ask: <R::Route as Route<R>>::Ask,
        narrowing: &NarrowingOf<R>,
    ) -> impl Future<Output = Result<<R::Route as Route<R>>::Found>> + Send;
}

impl<S, R> Follows<R> for S
where
    S: Send + Sync,
    R: Relation<Route: Travel<S, R>>,
{
    fn follow(
        reader: Reader<'_, Self>,
        ask: <R::Route as Route<R>>::Ask,
        narrowing: &NarrowingOf<R>,
    ) -> impl Future<Output = Result<<R::Route as Route<R>>::Found>> + Send {
        <R::Route as Travel<S, R>>::find(reader, ask, narrowing)
    }
}

/// Sources that can load the relation `R`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot load this relation",
    label = "not a source of this relation's target"
)]
pub trait Loads<R: Relation>: Source<Session: Follows<R>> {}

impl<R: Relation, S: Source<Session: Follows<R>>> Loads<R> for S {}

/// Sources that hold the rows of `M`.
#[diagnostic::on_unimplemented(message = "`{Self}` does not hold `{M}`", label = "not a source of `{M}`")]
pub trait Holds<M: Model>: Source<Session: RelationLoader<M, ()>> {}

impl<M: Model, S: Source<Session: RelationLoader<M, ()>>> Holds<M> for S {}

/// Sources that find the rows of `M` by key.
#[diagnostic::on_unimplemented(message = "`{Self}` cannot find `{M}` by key", label = "not a source of `{M}`")]
pub trait LoadsByKey<M: Model>: Source<Session: RelationLoader<M, M::Key>> {}

impl<M: Model, S: Source<Session: RelationLoader<M, M::Key>>> LoadsByKey<M> for S {}

/// Which rows of `T` to load.
#[non_exhaustive]
pub struct Request<T: Model, K: Key> {
    /// The relation that the rows are loaded for, if any.
    pub relation: Option<&'static RelationDescriptor>,
    /// The columns of `T` that hold the key, as positions in `T::COLUMNS`; with a `path`, those that it starts from.
    pub columns: &'static [usize],
    /// Other columns of `T` that may hold the key instead.
    pub either: Option<&'static [usize]>,
    /// The steps over other tables from `columns` to the key.
    pub path: &'static [Step],
    /// The keys, without duplicates; `None` for all rows.
    pub keys: Option<Vec<K>>,
    /// Whether every row of the table has one of these keys, as they are those of all owners that there are. A source
    /// may then read the table without looking for the keys, and so give rows of owners that came meanwhile, too.
    pub all_keys: bool,
    /// A condition besides.
    pub filter: Option<Filter<T>>,
    /// The order: of all rows, or of the rows of each key.
    pub order: Vec<Order<T>>,
    /// Whether all keys have to go in one statement: the order is that of all rows together, or a row may belong to
    /// several keys.
    pub at_once: bool,
    /// How many.
    pub limit: Limit,
    /// Only rows that come after the one with this key. The order is that of the key, up or down.
    pub after: Option<T::Key>,
    /// Only rows of this type.
    pub morph: Option<MorphDescriptor>,
    /// Who is told of what is sent.
    pub(crate) report: Report,
}

impl<T: Model, K: Key> fmt::Debug for Request<T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("model", &T::NAME)
            .field("relation", &self.relation)
            .field("path", &self.path)
            .field("keys", &self.keys)
            .field("filter", &self.filter)
            .field("order", &self.order)
            .field("limit", &self.limit)
            .field("after", &self.after)
            .field("morph", &self.morph)
            .finish_non_exhaustive()
    }
}

impl<T: Model, K: Key> Request<T, K> {
    pub(crate) fn new(columns: &'static [usize], keys: Option<Vec<K>>) -> Self {
        Self {
            relation: None,
            columns,
            either: None,
            path: &[],
            keys,
            all_keys: false,
            filter: None,
            order: Vec::new(),
            at_once: false,
            limit: Limit::None,
            after: None,
            morph: None,
            report: Report::default(),
        }
    }

    /// Whether it asks for all rows of the table.
    pub(crate) fn is_for_all(&self) -> bool {
        let is_limited = self.limit != Limit::None || self.after.is_some();
        self.keys.is_none() && self.filter.is_none() && self.morph.is_none() && !is_limited
    }

    /// Whether a query for all of these rows is for one at most, and so not for a list.
    pub(crate) fn is_for_one(&self) -> bool {
        let by_key = self.columns == T::KEY && self.path.is_empty();
        self.limit.limit() == Some(1) || by_key && self.keys.as_ref().is_some_and(|keys| keys.len() == 1)
    }
}

/// What to compute of the rows that a relation leads to from each key.
#[derive(Debug)]
#[non_exhaustive]
pub struct AggregateRequest<K: Key> {
    /// The keys, without duplicates.
    pub keys: Vec<K>,
    /// The rows that the relation leads to from a key.
    pub(crate) rows: RelatedRows,
    /// What is computed of them.
    pub(crate) aggregate: Aggregate,
    /// Who is told of what is sent.
    pub(crate) report: Report,
}

/// A step over another table, from the rows that are asked for towards the key: the rows' columns are among the values
/// of this table's `rows` columns, wherever its `key` columns hold the key or lead on.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// The model of the table.
    pub model: fn() -> &'static ModelDescriptor,
    /// The columns that hold what the rows before hold, as positions.
    pub rows: &'static [usize],
    /// The columns that hold the key, or what the next step's `rows` hold.
    pub key: &'static [usize],
    /// Whether the two may change places.
    pub both_ways: bool,
    /// Only rows of this type.
    pub morph: Option<MorphDescriptor>,
}

/// How many rows a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Limit {
    /// All.
    #[default]
    None,
    /// At most `limit` rows after leaving out `offset`: of each key in a load for a relation, else of all rows.
    Rows {
        /// At most so many; `None` for no end.
        limit: Option<u64>,
        /// Leaving out so many.
        offset: u64,
    },
}

impl Limit {
    pub(crate) fn with_limit(self, rows: u64) -> Self {
        Self::Rows { limit: Some(rows), offset: self.offset() }
    }

    pub(crate) fn with_offset(self, rows: u64) -> Self {
        Self::Rows { limit: self.limit(), offset: rows }
    }

    /// At most so many.
    pub fn limit(self) -> Option<u64> {
        match self {
            Self::None => None,
            Self::Rows { limit, .. } => limit,
        }
    }

    /// Leaving out so many.
    pub fn offset(self) -> u64 {
        match self {
            Self::None => 0,
            Self::Rows { offset, .. } => offset,
        }
    }
}

/// The rows that were loaded, and the keys that failed.
pub struct Loaded<T, K> {
    /// The rows: in the order asked for, else in any.
    pub rows: Batch<T>,
    /// Keys of rows that did not decode.
    pub failures: Vec<(K, Error)>,
}

impl<T: Model, K> Default for Loaded<T, K> {
    fn default() -> Self {
        Self { rows: Batch::new(), failures: Vec::new() }
    }
}
