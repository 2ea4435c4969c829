//! What a plan reads by: the session it runs in, and the shared cache before it if there is one.

use std::fmt;
use std::sync::Arc;

use crate::cache::{Gathered, KeysOf, Part, Space, SpaceRows, Use, Visit};
use crate::error::{Error, ErrorKind, Result};
use crate::key::Key;
use crate::model::Model;
use crate::relation::Relation;
use crate::route::{NarrowingOf, Route};
use crate::source::{
    AggregateRequest, Follows, Listeners, Loaded, RelationAggregator, RelationLoader, Report, Request,
};
use crate::trace;

/// What a plan reads by. A source makes one of its session and hands it to the plan: `plan.run(Reader::new(&session))`.
pub struct Reader<'a, S> {
    /// None for a look ahead into the cache, before there is a session.
    session: Option<&'a S>,
    visit: Option<Visit<'a>>,
    listeners: Option<&'a Listeners<'a>>,
    pipelines: bool,
}

impl<'a, S> Reader<'a, S> {
    /// Reads in this session.
    pub const fn new(session: &'a S) -> Self {
        Self { session: Some(session), visit: None, listeners: None, pipelines: false }
    }

    /// The same in a session that sends without waiting for the answers before: what is known beforehand is asked at once.
    #[cfg(feature = "postgres")]
    pub(crate) const fn pipelined(self) -> Self {
        Self { pipelines: true, ..self }
    }

    pub(crate) const fn pipelines(&self) -> bool {
        self.pipelines
    }

    /// Reads what is cached; whatever is not, is noted as missed.
    pub(crate) const fn ahead(visit: Visit<'a>) -> Self {
        Self { session: None, visit: Some(visit), listeners: None, pipelines: false }
    }

    /// The same with a cache before the session.
    pub(crate) fn after<'b>(self, visit: Visit<'b>) -> Reader<'b, S>
    where
        'a: 'b,
    {
        Reader { visit: Some(visit), ..self }
    }

    /// The same with what is sent written to the logs of one `Db` more.
    pub(crate) fn heard<'b>(self, listeners: &'b Listeners<'b>) -> Reader<'b, S>
    where
        'a: 'b,
    {
        Reader { listeners: Some(listeners), ..self }
    }

    /// Those who listen already.
    pub(crate) fn listeners(&self) -> Option<&'a Listeners<'a>> {
        self.listeners
    }

    /// Whether there is no session yet.
    pub(crate) fn is_ahead(&self) -> bool {
        self.session.is_none()
    }

    fn session(&self) -> Result<&'a S> {
        self.session.ok_or_else(|| {
            if let Some(visit) = self.visit {
                visit.miss();
            }
            // Nobody sees it: whoever looks ahead sees that something was missed.
            ErrorKind::Closed.into()
        })
    }

    /// Finds the targets of a relation.
    pub(crate) async fn follow<R: Relation>(
        self,
        ask: <R::Route as Route<R>>::Ask,
        narrowing: &NarrowingOf<R>,
    ) -> Result<<R::Route as Route<R>>::Found>
    where
        S: Follows<R>,
    {
        S::follow(self, ask, narrowing).await
    }

    /// Loads the rows of a request: as many as a group can number.
    pub(crate) async fn load<T, K>(self, request: Request<T, K>) -> Result<Loaded<T, K>>
    where
        S: RelationLoader<T, K>,
        T: Model,
        K: Key,
    {
        let session = self.session()?;
        let told = told(&request);
        let loaded = told.around(self.send(session, request, &told)).await?;
        told.found(loaded.rows.rows().len());
        Ok(loaded)
    }

    /// Loads what a look into the cache has left of a request.
    pub(crate) async fn load_rest<T, K>(self, request: Request<T, K>, told: &trace::Load) -> Result<Loaded<T, K>>
    where
        S: RelationLoader<T, K>,
        T: Model,
        K: Key,
    {
        self.send(self.session()?, request, told).await
    }

    async fn send<T, K>(self, session: &S, mut request: Request<T, K>, told: &trace::Load) -> Result<Loaded<T, K>>
    where
        S: RelationLoader<T, K>,
        T: Model,
        K: Key,
    {
        keeps_limits(&request)?;
        let report = Report::new(self.listeners, told.is_heard(), keys(&request), request.report);
        request.report = report.clone();
        let loaded = session.load(request).await;
        told.sent(report.statements());
        let loaded = loaded?;
        let rows = loaded.rows.rows().len();
        if u32::try_from(rows).is_err() {
            return Err(ErrorKind::TooManyRows { model: T::NAME, rows }.into());
        }
        Ok(loaded)
    }

    /// Where the cache keeps the rows that a relation is loaded from; nothing if it does not.
    pub(crate) fn space<R, T, K>(
        self,
        part: Part,
        keys_of: KeysOf<T, K>,
        rows: SpaceRows<K>,
    ) -> Option<Arc<Space<T, K>>>
    where
        R: Relation,
        T: Model,
        K: Key,
    {
        self.visit?.cache().space::<R, T, K>(part, keys_of, rows)
    }

    /// Loads the whole of a relation for some keys: what is cached in this space is copied from there, unless it has to
    /// be fresh.
    pub(crate) async fn load_whole<T, K>(
        self,
        space: Option<Arc<Space<T, K>>>,
        request: Request<T, K>,
        by: Use,
        fresh: bool,
    ) -> Result<Gathered<T, K>>
    where
        S: RelationLoader<T, K>,
        T: Model,
        K: Key,
    {
        match (space, self.visit) {
            // Boxed: a tree is one future, of which each edge would hold the whole of this.
            (Some(space), Some(visit)) if self.is_ahead() => {
                let (relation, keys) = (request.relation, keys(&request));
                let gathered = Box::pin(space.load(self, visit, request, by, fresh, &trace::Load::untold())).await?;
                // A look that misses something is told of by the load that follows.
                let told = trace::Load::new(T::NAME, relation, keys);
                told.looked(keys, 0);
                told.sent(0);
                told.found(gathered.loaded.rows.rows().len());
                Ok(gathered)
            }
            (Some(space), Some(visit)) => {
                let told = told(&request);
                let gathered = told.around(Box::pin(space.load(self, visit, request, by, fresh, &told))).await?;
                told.found(gathered.loaded.rows.rows().len());
                Ok(gathered)
            }
            _ => self.load(request).await.map(Gathered::all),
        }
    }

    /// Counts the rows of a request.
    pub(crate) async fn count<T, K>(self, request: Request<T, K>) -> Result<u64>
    where
        S: RelationLoader<T, K>,
        T: Model,
        K: Key,
    {
        keeps_limits(&request)?;
        let session = self.session()?;
        let told = told(&request);
        let report = Report::new(self.listeners, told.is_heard(), keys(&request), request.report);
        let request = Request { report: report.clone(), ..request };
        let counted = told.around(session.count(request)).await;
        told.sent(report.statements());
        counted
    }

    /// Computes an aggregate of what a relation leads to.
    pub(crate) async fn aggregate<T, K, V>(self, mut request: AggregateRequest<K>) -> Result<Vec<(K, V)>>
    where
        S: RelationAggregator<T, K, V>,
        T: Model,
        K: Key,
    {
        let session = self.session()?;
        let told = match request.report.is_traced() {
            true => trace::Load::untold(),
            false => trace::Load::new(T::NAME, Some(request.rows.relation), request.keys.len()),
        };
        request.report = Report::new(self.listeners, told.is_heard(), request.keys.len(), request.report);
        let report = request.report.clone();
        let computed = told.around(session.aggregate(request)).await;
        told.sent(report.statements());
        computed
    }
}

/// Tells of the load of a request; not if it is a part of one that is told of.
fn told<T: Model, K: Key>(request: &Request<T, K>) -> trace::Load {
    match request.report.is_traced() {
        true => trace::Load::untold(),
        false => trace::Load::new(T::NAME, request.relation, keys(request)),
    }
}

/// The number of a request's keys.
fn keys<T: Model, K: Key>(request: &Request<T, K>) -> usize {
    request.keys.as_ref().map_or(0, Vec::len)
}

/// Refuses a condition on a relation, or an order by one, whose limit it cannot keep.
fn keeps_limits<T: Model, K: Key>(request: &Request<T, K>) -> Result<()> {
    let filter = request.filter.as_ref().and_then(|filter| filter.condition().unlimited());
    match filter.or_else(|| request.order.iter().find_map(|order| order.term().by.unlimited())) {
        Some(relation) => Err(Error::limited(relation)),
        None => Ok(()),
    }
}

impl<S> Clone for Reader<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Reader<'_, S> {}

impl<S> fmt::Debug for Reader<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("cached", &self.visit.is_some()).finish_non_exhaustive()
    }
}
