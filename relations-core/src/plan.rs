//! Plans: what a source runs in one session. One relation by keys, a tree onto rows, a query with its tree.

use std::sync::Arc;

use crate::error::{ErrorKind, Result};
use crate::group::{Batch, Group};
use crate::key::Key;
use crate::model::Model;
use crate::relation::Relation;
use crate::route::{Narrowing, Route};
use crate::source::{Follows, Loaded, Plan, RelationLoader, Request, Source};
use crate::tree::{Rows, Tree, check_level};

/// Loads one relation.
pub(crate) struct LoadRelation<R: Relation>(pub(crate) <R::Route as Route<R>>::Ask);

impl<R, S> Plan<S> for LoadRelation<R>
where
    R: Relation,
    S: Follows<R>,
{
    type Output = <R::Route as Route<R>>::Found;

    fn needs_snapshot(&self) -> bool {
        R::DESCRIPTOR.kind.is_indirect()
    }

    async fn run(self, session: &S) -> Result<Self::Output> {
        session.follow(self.0, &Narrowing::WHOLE).await
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

    async fn run(self, session: &S) -> Result<()> {
        self.tree.load(session, &self.rows).await
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
pub(crate) struct Select<T: Model, K: Key, N> {
    pub(crate) request: Request<T, K>,
    pub(crate) tree: N,
}

impl<S, T, K, N> Plan<S> for Select<T, K, N>
where
    S: RelationLoader<T, K>,
    T: Model,
    K: Key,
    N: Tree<S, T>,
{
    type Output = Arc<Group<T>>;

    fn needs_snapshot(&self) -> bool {
        !self.tree.is_empty()
    }

    async fn run(self, session: &S) -> Result<Arc<Group<T>>> {
        let rows = select(session, self.request).await?;
        grow(session, rows, self.tree).await
    }
}

/// Runs a query for one row more than a window holds, then loads its tree onto the window: the rows, and whether
/// there are more.
pub(crate) struct Window<T: Model, K: Key, N> {
    pub(crate) select: Select<T, K, N>,
    pub(crate) rows: u64,
}

impl<S, T, K, N> Plan<S> for Window<T, K, N>
where
    S: RelationLoader<T, K>,
    T: Model,
    K: Key,
    N: Tree<S, T>,
{
    type Output = (Arc<Group<T>>, bool);

    fn needs_snapshot(&self) -> bool {
        Plan::<S>::needs_snapshot(&self.select)
    }

    async fn run(self, session: &S) -> Result<Self::Output> {
        let mut rows = select(session, self.select.request).await?;
        let more = rows.rows().len() as u64 > self.rows;
        if more {
            rows.pop();
        }
        Ok((grow(session, rows, self.select.tree).await?, more))
    }
}

/// Loads the rows of a request: as many as a group can number.
pub(crate) async fn fetch<S, T, K>(session: &S, request: Request<T, K>) -> Result<Loaded<T, K>>
where
    S: RelationLoader<T, K>,
    T: Model,
    K: Key,
{
    let loaded = session.load(request).await?;
    let rows = loaded.rows.rows().len();
    if u32::try_from(rows).is_err() {
        return Err(ErrorKind::TooManyRows { model: T::NAME, rows }.into());
    }
    Ok(loaded)
}

/// The rows of a query: all of them decode, or none is handed out.
async fn select<S, T, K>(session: &S, request: Request<T, K>) -> Result<Batch<T>>
where
    S: RelationLoader<T, K>,
    T: Model,
    K: Key,
{
    let Loaded { rows, failures } = fetch(session, request).await?;
    match failures.into_iter().next() {
        Some((_, error)) => Err(error),
        None => Ok(rows),
    }
}

/// Loads a tree onto new rows.
async fn grow<S, T: Model, N: Tree<S, T>>(session: &S, rows: Batch<T>, tree: N) -> Result<Arc<Group<T>>> {
    let group = rows.into_group();
    if !tree.is_empty() && !group.rows().is_empty() {
        tree.load(session, &Rows::group(Arc::clone(&group))).await?;
    }
    Ok(group)
}

/// Counts the rows of a query.
pub(crate) struct Count<T: Model, K: Key>(pub(crate) Request<T, K>);

impl<S, T, K> Plan<S> for Count<T, K>
where
    S: RelationLoader<T, K>,
    T: Model,
    K: Key,
{
    type Output = u64;

    fn needs_snapshot(&self) -> bool {
        false
    }

    async fn run(self, session: &S) -> Result<u64> {
        session.count(self.0).await
    }
}
