//! Queries on a model: narrowed step by step, then run.

use std::fmt;
use std::marker::PhantomData;
use std::num::NonZeroU32;

use crate::descriptor::OrderDescriptor;
use crate::error::Result;
use crate::filter::{Filter, Order};
use crate::handle::{Many, Ref};
use crate::inherit::HasColumnsOf;
use crate::key::Key;
use crate::model::Model;
use crate::plan::{Count, Select};
use crate::relation::Relation;
use crate::route::Related;
use crate::source::{Limit, Request, Source};
use crate::tree::{Tree, check_level};

mod binding;

pub use binding::Binding;

/// A query on the rows of `M`. `N` is the tree of relations to load with them; `K` the key it is bound to, if it was
/// started from a row (`user.posts_query()`) or a key (`User::by_key(7)`), and `W` the relation over a join table that
/// leads from it to the rows, if there is one.
#[must_use = "a query does nothing until it is run"]
pub struct Query<M: Model, N = (), K: Key = (), W = ()> {
    request: Request<M, K>,
    /// The order where none is asked for: that of the relation the query was started from.
    declared: &'static [OrderDescriptor],
    tree: N,
    way: PhantomData<fn() -> W>,
}

impl<M: Model> Query<M> {
    pub(crate) fn new() -> Self {
        Self::by_keys(&[], None)
    }
}

impl<M: Model, K: Key, W> Query<M, (), K, W> {
    /// The rows whose `columns` hold one of the keys; none at all for no keys.
    pub(crate) fn by_keys(columns: &'static [usize], keys: Option<Vec<K>>) -> Self {
        Self { request: Request::new(columns, keys), declared: &[], tree: (), way: PhantomData }
    }
}

/// A query on the targets of `R`.
type TargetsOf<R, W = <R as Relation>::Route> =
    Query<<W as Related<R>>::Target, (), <R as Relation>::Key, <W as Related<R>>::Way>;

/// The targets of one row as a query. A null key gives a query without rows.
pub fn related<R>(owner: &R::Owner) -> TargetsOf<R>
where
    R: Relation<Route: Related<R>>,
{
    let keys = R::owner_key(owner).into_iter().collect();
    let mut query = Query::by_keys(R::Route::COLUMNS, Some(keys));
    query.request.relation = Some(R::descriptor());
    query.request.path = R::Route::PATH;
    query.request.morph = R::DESCRIPTOR.morph;
    query.declared = R::DESCRIPTOR.order;
    query
}

impl<M: Model, N: fmt::Debug, K: Key, W> fmt::Debug for Query<M, N, K, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Query").field("request", &self.request).field("with", &self.tree).finish()
    }
}

impl<M: Model, N, K: Key, W> Query<M, N, K, W> {
    /// The order to read in: the one asked for, else the declared one. Rows of a relation under a limit are ordered as
    /// a tree would order them.
    fn order(&self) -> Vec<Order<M>> {
        let order =
            if self.request.order.is_empty() { Order::declared(self.declared) } else { self.request.order.clone() };
        let limit = if self.request.relation.is_some() { self.request.limit } else { Limit::None };
        Order::settled(order, limit)
    }

    /// Only rows that meet the condition; with several calls, all conditions.
    pub fn filter<P: Model>(mut self, condition: Filter<P>) -> Self
    where
        M: HasColumnsOf<P>,
    {
        self.request.filter = Some(match self.request.filter.take() {
            Some(filter) => filter.and(condition),
            None => condition.inherited(),
        });
        self
    }

    /// Orders the rows; with several calls, by each in turn. Replaces the order that a relation declares.
    pub fn order_by<P: Model>(mut self, order: Order<P>) -> Self
    where
        M: HasColumnsOf<P>,
    {
        self.request.order.push(order.inherited());
        self
    }

    /// At most so many rows.
    pub fn limit(mut self, rows: u64) -> Self {
        self.request.limit = self.request.limit.with_limit(rows);
        self
    }

    /// At most one row, and none if none was asked for.
    fn first(self) -> Self {
        let rows = self.request.limit.limit().map_or(1, |rows| rows.min(1));
        self.limit(rows)
    }

    /// Leaves out the first so many rows.
    pub fn offset(mut self, rows: u64) -> Self {
        self.request.limit = self.request.limit.with_offset(rows);
        self
    }

    /// Loads relations with the rows: one statement for each edge of the tree. With several calls, each beside the
    /// others.
    pub fn with<T>(self, relations: T) -> Query<M, (N, T), K, W> {
        Query { request: self.request, declared: self.declared, tree: (self.tree, relations), way: PhantomData }
    }

    /// All rows, with their relations.
    ///
    /// # Errors
    /// When the source cannot be read, a row of this model does not decode, or the tree asks for a relation twice
    /// and differently.
    pub async fn all<S>(self, source: &S) -> Result<Many<M>>
    where
        S: Source,
        N: Tree<S::Session, M>,
        W: Binding<S::Session, M, K>,
    {
        check_level(&self.tree)?;
        let order = self.order();
        let request = Request { order, ..self.request };
        // Boxed, so that the compiler need not look through all of the tree for the layout of what waits for it.
        let group = Box::pin(source.run(Select { request, tree: self.tree, way: self.way })).await?;
        Ok(Many::whole(group))
    }

    /// The first row, with its relations.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    pub async fn one<S>(self, source: &S) -> Result<Option<Ref<M>>>
    where
        S: Source,
        N: Tree<S::Session, M>,
        W: Binding<S::Session, M, K>,
    {
        let rows = self.first().all(source).await?;
        Ok(rows.get_ref(0))
    }

    /// The number of rows.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub async fn count<S>(self, source: &S) -> Result<u64>
    where
        S: Source,
        W: Binding<S::Session, M, K>,
    {
        Box::pin(source.run(Count(self.request, self.way))).await
    }

    /// Whether there is any row.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub async fn exists<S>(self, source: &S) -> Result<bool>
    where
        S: Source,
        W: Binding<S::Session, M, K>,
    {
        Ok(self.first().count(source).await? > 0)
    }
}

impl<M: Model, N, K: Key, W> Query<M, N, K, W> {
    /// The rows in windows of `rows`, read one after the other. Each window is its own set of peers, so lazy reads
    /// load a window's relations at once. Windows follow the model's key after the order that was asked for.
    ///
    /// In the order of the key, up or down, a window starts after the last key of the one before, so rows that come and
    /// go do not shift the rest; that is so without an order, too. In any other order it starts at an offset. A limit of
    /// the query is a limit of all windows together.
    pub fn windows<'a, S>(self, rows: u32, source: &'a S) -> Windows<'a, S, M, N, K, W> {
        let rows = NonZeroU32::new(rows).unwrap_or(NonZeroU32::MIN);
        let left = self.request.limit.limit();
        let offset = self.request.limit.offset();
        Windows { query: self, source, rows, offset, left, after: None, done: false }
    }
}

/// The windows of a query: call [`next`](Self::next) until there are none. Nothing is read ahead.
///
/// As a stream, with the `futures` crate: `try_unfold(windows, |mut windows| async move { Ok(windows.next().await?.map(|rows|
/// (rows, windows))) })`.
pub struct Windows<'a, S, M: Model, N, K: Key, W = ()> {
    query: Query<M, N, K, W>,
    source: &'a S,
    rows: NonZeroU32,
    offset: u64,
    left: Option<u64>,
    after: Option<M::Key>,
    done: bool,
}

impl<S, M, N, K, W> Windows<'_, S, M, N, K, W>
where
    S: Source,
    M: Model,
    N: Tree<S::Session, M> + Clone,
    K: Key,
    W: Binding<S::Session, M, K>,
{
    /// The next window; `None` after the last.
    ///
    /// # Errors
    /// As [`Query::all`]. The same window is read again by the next call.
    pub async fn next(&mut self) -> Result<Option<Many<M>>> {
        if self.done || self.left == Some(0) {
            return Ok(None);
        }
        check_level(&self.query.tree)?;
        let rows = self.left.map_or(u64::from(self.rows.get()), |left| left.min(self.rows.get().into()));
        // One row more than the window tells whether there is another.
        let limit = Limit::Rows { limit: Some(rows + 1), offset: self.offset };
        let order = Order::settled(self.query.order(), limit);
        let by_key = Order::is_by_key(&order);
        let request = Request {
            relation: self.query.request.relation,
            path: self.query.request.path,
            filter: self.query.request.filter.clone(),
            order,
            limit,
            after: self.after.clone(),
            morph: self.query.request.morph,
            ..Request::new(self.query.request.columns, self.query.request.keys.clone())
        };
        let plan = crate::plan::Window {
            select: Select { request, tree: self.query.tree.clone(), way: self.query.way },
            rows,
        };
        let (group, more) = Box::pin(self.source.run(plan)).await?;
        self.done = !more;
        self.left = self.left.map(|left| left - rows);
        match group.rows().last() {
            Some(last) if by_key => {
                self.after = Some(last.key());
                self.offset = 0;
            }
            Some(_) => self.offset += rows,
            None => return Ok(None),
        }
        Ok(Some(Many::whole(group)))
    }
}
