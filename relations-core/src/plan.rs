//! Plans: what a source runs in one session. One relation by keys, a tree onto rows, a query with its tree.

use std::marker::PhantomData;
use std::sync::Arc;

use crate::cache::{Cache, Sightings, Stamp, Visit};
use crate::early::Known;
use crate::error::Result;
use crate::group::{Batch, Group};
use crate::join::both;
use crate::key::Key;
use crate::log::Recorders;
use crate::model::Model;
use crate::query::Binding;
use crate::relation::Relation;
use crate::route::{Narrowing, Route};
use crate::source::{Follows, Listeners, Loaded, Plan, Reader, RelationLoader, Request, Source, Subject};
use crate::tree::{Rows, Tree, check_level};

/// Loads one relation.
pub(crate) struct LoadRelation<R: Relation>(pub(crate) <R::Route as Route<R>>::Ask);

/// Does the same after a look into the cache.
pub(crate) struct LoadMissed<R: Relation> {
    pub(crate) ask: <R::Route as Route<R>>::Ask,
    pub(crate) cache: Cache,
    pub(crate) since: Stamp,
    pub(crate) sightings: Arc<Sightings>,
}

impl<R, S> Plan<S> for LoadMissed<R>
where
    R: Relation,
    S: Follows<R>,
{
    type Output = <R::Route as Route<R>>::Found;

    fn needs_snapshot(&self) -> bool {
        R::DESCRIPTOR.kind.is_indirect()
    }

    fn subject(&self) -> Subject {
        Subject::of_relation(R::descriptor())
    }

    async fn run(self, reader: Reader<'_, S>) -> Result<Self::Output> {
        let visit = Visit::new(&self.cache, self.since, Some(&self.sightings));
        reader.after(visit).follow::<R>(self.ask, &Narrowing::WHOLE).await
    }
}

/// Runs a plan with what a `Db` puts between it and its session: a cache, and logs of what is sent.
pub(crate) struct Through<P> {
    pub(crate) plan: P,
    /// With a stamp from before the session's snapshot begins.
    pub(crate) cache: Option<(Cache, Stamp)>,
    pub(crate) recorders: Arc<Recorders>,
}

impl<P: Plan<S>, S: Sync> Plan<S> for Through<P> {
    type Output = P::Output;

    fn needs_snapshot(&self) -> bool {
        self.plan.needs_snapshot()
    }

    fn subject(&self) -> Subject {
        self.plan.subject()
    }

    async fn run(self, reader: Reader<'_, S>) -> Result<Self::Output> {
        let listeners = Listeners { recorders: &self.recorders, beneath: reader.listeners() };
        let reader = reader.heard(&listeners);
        match &self.cache {
            Some((cache, since)) => self.plan.run(reader.after(Visit::new(cache, *since, None))).await,
            None => self.plan.run(reader).await,
        }
    }
}

impl<R, S> Plan<S> for LoadRelation<R>
where
    R: Relation,
    S: Follows<R>,
{
    type Output = <R::Route as Route<R>>::Found;

    fn needs_snapshot(&self) -> bool {
        R::DESCRIPTOR.kind.is_indirect()
    }

    fn subject(&self) -> Subject {
        Subject::of_relation(R::descriptor())
    }

    async fn run(self, reader: Reader<'_, S>) -> Result<Self::Output> {
        reader.follow::<R>(self.0, &Narrowing::WHOLE).await
    }
}

/// Loads a tree of relations onto rows that are there.
struct LoadTree<T, N> {
    rows: Rows<T>,
    tree: N,
}

impl<S, T, N> Plan<S> for LoadTree<T, N>
where
    S: Send + Sync,
    T: Model,
    N: Tree<S, T>,
{
    type Output = ();

    fn needs_snapshot(&self) -> bool {
        true
    }

    fn subject(&self) -> Subject {
        // Of several relations none is the one.
        let (mut relations, mut only) = (0, None);
        self.tree.edges(&mut |relation, _| {
            relations += 1;
            only = Some(relation);
        });
        only.filter(|_| relations == 1).map_or(Subject::of_model::<T>(None), Subject::of_relation)
    }

    async fn run(self, reader: Reader<'_, S>) -> Result<()> {
        self.tree.load(reader, &self.rows).await
    }
}

pub(crate) async fn load<S, T, N>(rows: Rows<T>, tree: N, source: &S) -> Result<()>
where
    S: Source,
    T: Model,
    N: Tree<S::Session, T>,
{
    check_level(&tree)?;
    source.run(LoadTree { rows, tree }).await
}

/// Runs a query, then loads its tree onto the rows.
pub(crate) struct Select<T: Model, K: Key, N, W> {
    pub(crate) request: Request<T, K>,
    pub(crate) tree: N,
    pub(crate) way: PhantomData<fn() -> W>,
}

impl<T: Model, K: Key, N, W> Select<T, K, N, W> {
    /// The rows, and what the tree finds beside them, where the session takes several requests at once.
    async fn read<S>(request: Request<T, K>, tree: &N, reader: Reader<'_, S>) -> Result<(Batch<T>, N::Early)>
    where
        S: Send + Sync,
        N: Tree<S, T>,
        W: Binding<S, T, K>,
    {
        if !reader.pipelines() || tree.is_empty() {
            return Ok((W::select(reader, request).await?, N::Early::default()));
        }
        let known = Known::of(&request);
        let early = tree.find_early(reader, &known);
        both(W::select(reader, request), early).await
    }
}

impl<S, T, K, N, W> Plan<S> for Select<T, K, N, W>
where
    S: Send + Sync,
    T: Model,
    K: Key,
    N: Tree<S, T>,
    W: Binding<S, T, K>,
{
    type Output = Arc<Group<T>>;

    fn needs_snapshot(&self) -> bool {
        W::in_steps() || !self.tree.is_empty()
    }

    fn subject(&self) -> Subject {
        Subject::of_model::<T>(self.request.relation)
    }

    async fn run(self, reader: Reader<'_, S>) -> Result<Arc<Group<T>>> {
        let (lone, all) = (self.request.is_for_one(), self.request.is_for_all());
        let (rows, early) = Self::read(self.request, &self.tree, reader).await?;
        grow(reader, (rows.lone(lone), all), self.tree, early).await
    }
}

/// Runs a query for one row more than a window holds, then loads its tree onto the window: the rows, and whether
/// there are more.
pub(crate) struct Window<T: Model, K: Key, N, W> {
    pub(crate) select: Select<T, K, N, W>,
    pub(crate) rows: u64,
}

impl<S, T, K, N, W> Plan<S> for Window<T, K, N, W>
where
    S: Send + Sync,
    T: Model,
    K: Key,
    N: Tree<S, T>,
    W: Binding<S, T, K>,
{
    type Output = (Arc<Group<T>>, bool);

    fn needs_snapshot(&self) -> bool {
        Plan::<S>::needs_snapshot(&self.select)
    }

    fn subject(&self) -> Subject {
        Plan::<S>::subject(&self.select)
    }

    async fn run(self, reader: Reader<'_, S>) -> Result<Self::Output> {
        let (mut rows, early) = Select::<T, K, N, W>::read(self.select.request, &self.select.tree, reader).await?;
        let more = rows.rows().len() as u64 > self.rows;
        if more {
            rows.pop();
        }
        Ok((grow(reader, (rows, false), self.select.tree, early).await?, more))
    }
}

/// Loads a tree onto new rows, which may be all that their table has.
async fn grow<S, T, N>(
    reader: Reader<'_, S>,
    (rows, all): (Batch<T>, bool),
    tree: N,
    early: N::Early,
) -> Result<Arc<Group<T>>>
where
    T: Model,
    N: Tree<S, T>,
{
    let group = rows.into_group();
    if !tree.is_empty() && !group.rows().is_empty() {
        tree.load_after(reader, &Rows::group(Arc::clone(&group)).all(all), early).await?;
    }
    Ok(group)
}

/// Counts the rows of a query.
pub(crate) struct Count<T: Model, K: Key, W>(pub(crate) Request<T, K>, pub(crate) PhantomData<fn() -> W>);

impl<S, T, K, W> Plan<S> for Count<T, K, W>
where
    S: Send + Sync,
    T: Model,
    K: Key,
    W: Binding<S, T, K>,
{
    type Output = u64;

    fn needs_snapshot(&self) -> bool {
        W::in_steps()
    }

    fn subject(&self) -> Subject {
        Subject::of_model::<T>(self.0.relation)
    }

    async fn run(self, reader: Reader<'_, S>) -> Result<u64> {
        W::count(reader, self.0).await
    }
}

/// Loads the rows of one request.
pub(crate) struct Load<T: Model, K: Key>(pub(crate) Request<T, K>);

impl<S, T, K> Plan<S> for Load<T, K>
where
    S: RelationLoader<T, K>,
    T: Model,
    K: Key,
{
    type Output = Loaded<T, K>;

    fn needs_snapshot(&self) -> bool {
        false
    }

    fn subject(&self) -> Subject {
        Subject::of_model::<T>(self.0.relation)
    }

    async fn run(self, reader: Reader<'_, S>) -> Result<Loaded<T, K>> {
        reader.load(self.0).await
    }
}
