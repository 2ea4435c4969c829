//! Several sources as one: an application struct says which of its fields holds which models. Each request goes to the
//! source that holds its rows, as a plan of its own.

use std::fmt;
use std::marker::PhantomData;

use super::{AggregateRequest, Loaded, Plan, Reader, RelationAggregator, RelationLoader, Request, Settings, Source};
use crate::aggregate::Compute;
use crate::descriptor::{ModelDescriptor, RelationDescriptor};
use crate::error::Result;
use crate::join_table::{JoinRow, OverTable};
use crate::key::Key;
use crate::model::Model;
use crate::plan::{Count, Load};
use crate::relation::Target;

mod place;
mod reach;
mod unread;

pub use place::{First, Next, Place, Sooner};
pub use unread::Unread;

/// A struct of sources, each of which holds some models: what `#[derive(Sources)]` implements. With it, the struct is a
/// source itself.
///
/// ```
/// use relations_core::{HasMany, Relations, Sources, Sqlite, block_on};
///
/// #[derive(Relations)]
/// struct User {
///     id: i64,
///     #[has_many]
///     events: HasMany<Event>,
/// }
///
/// #[derive(Relations)]
/// struct Event {
///     id: i64,
///     user_id: i64,
/// }
///
/// #[derive(Sources)]
/// struct App {
///     #[holds(User)]
///     main: Sqlite,
///     #[holds(Event)]
///     log: Sqlite,
/// }
///
/// let app = App { main: Sqlite::memory()?, log: Sqlite::memory()? };
/// block_on(async {
///     app.main.connection(|c| c.execute_batch(
///         "CREATE TABLE users (id INTEGER PRIMARY KEY);
///          INSERT INTO users VALUES (1), (2);"
///     )).await?;
///     app.log.connection(|c| c.execute_batch(
///         "CREATE TABLE events (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL);
///          INSERT INTO events VALUES (1, 1), (2, 1);"
///     )).await?;
///
///     let users = User::query().with(User::EVENTS).all(&app).await?;
///     assert_eq!(users[0].events.get()?.len(), 2);
///     Ok::<(), Box<dyn std::error::Error>>(())
/// })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A plain join table (`many_to_many(table = "..")`) is in the source that holds the models that it joins; if these are
/// in two, in the one whose field comes first. One that is elsewhere needs a model of its own.
///
/// A load over several sources goes in steps, one source at a time. Each statement sees its own database as it is then:
/// there is no snapshot of several databases. A condition or an aggregate that asks one statement for rows of two
/// sources is an error that says so.
///
/// Lazy reads load at once for as many owners as the smallest of the sources' batch limits says. A cache that one of the
/// sources has is not looked into; put one before all of them: `Db::builder(app)`.
pub trait Sources: Sized + Send + Sync + 'static {
    /// The struct's name.
    const NAME: &'static str;
    /// The sources, in the order of their fields.
    const MEMBERS: &'static [Member];

    /// The same sources, for the session of a plan.
    fn share(&self) -> Self;
}

/// One source of a struct of sources.
#[derive(Debug, Clone, Copy)]
pub struct Member {
    /// The field.
    pub field: &'static str,
    /// The models that it holds.
    pub models: &'static [fn() -> &'static ModelDescriptor],
}

/// Models that a source of `A` holds.
#[diagnostic::on_unimplemented(
    message = "no source of `{A}` holds `{Self}`",
    label = "held by no source of `{A}`",
    note = "name the model at the field of the source that holds it: `#[holds({Self})]`"
)]
pub trait HeldBy<A>: Model {
    /// Which one.
    type Place: Place;
}

/// The source at a place among those of a struct.
pub trait MemberAt<P: Place>: Sources {
    /// Its type.
    type Source: Source + Clone;

    /// The source.
    fn source(&self) -> &Self::Source;
}

/// The same source again.
pub fn share<A: MemberAt<P>, P: Place>(sources: &A) -> A::Source {
    sources.source().clone()
}

/// How relations are loaded from the source.
pub fn settings<A: MemberAt<P>, P: Place>(sources: &A) -> &Settings {
    sources.source().settings()
}

/// How relations are loaded from both: in the smaller batches.
pub fn smaller<'a>(one: &'a Settings, other: &'a Settings) -> &'a Settings {
    if other.batch_limit < one.batch_limit { other } else { one }
}

/// The table of a model that a source holds.
pub const fn held<A, M: HeldBy<A>>() -> fn() -> &'static ModelDescriptor {
    M::model_descriptor
}

/// The source of `A` that holds `T`.
type SourceOf<A, T> = <A as MemberAt<<T as HeldBy<A>>::Place>>::Source;
/// A session of it.
type SessionOf<A, T> = <SourceOf<A, T> as Source>::Session;

/// A plain join table is where the models are that it joins, seen from either.
#[diagnostic::do_not_recommend]
impl<A, R> HeldBy<A> for JoinRow<R>
where
    R: OverTable<Owner: HeldBy<A, Place: Sooner<<Target<R> as HeldBy<A>>::Place>>>,
    Target<R>: HeldBy<A>,
{
    type Place = <<R::Owner as HeldBy<A>>::Place as Sooner<<Target<R> as HeldBy<A>>::Place>>::Place;
}

/// A session of a struct of sources. What a source does is boxed: rustc would look through that for the layout of what
/// waits for it, and end at the recursion limit where one source stands in another.
pub struct Routed<A>(A);

impl<A: Sources> Routed<A> {
    /// Runs a plan in a session of the sources.
    #[doc(hidden)]
    pub async fn run<P: Plan<Self>>(sources: &A, plan: P) -> Result<P::Output> {
        let session = Self(sources.share());
        plan.run(Reader::new(&session)).await
    }
}

impl<A, T, K> RelationLoader<T, K> for Routed<A>
where
    A: MemberAt<T::Place>,
    T: HeldBy<A>,
    K: Key,
    SessionOf<A, T>: RelationLoader<T, K>,
{
    async fn load(&self, request: Request<T, K>) -> Result<Loaded<T, K>> {
        reach::check::<A, T>(reach::of_request(&request))?;
        Box::pin(self.0.source().run(Load(request))).await
    }

    async fn count(&self, request: Request<T, K>) -> Result<u64> {
        reach::check::<A, T>(reach::of_request(&request))?;
        Box::pin(self.0.source().run(Count::<T, K, ()>(request, PhantomData))).await
    }

    fn joins(relation: &'static RelationDescriptor) -> bool {
        let is_here = reach::join_table::<A>(relation).is_none_or(|(_, member)| member == Some(T::Place::INDEX));
        is_here && SessionOf::<A, T>::joins(relation)
    }
}

impl<A, T, K, V> RelationAggregator<T, K, V> for Routed<A>
where
    A: MemberAt<T::Place>,
    T: HeldBy<A>,
    K: Key,
    V: Send + 'static,
    SessionOf<A, T>: RelationAggregator<T, K, V>,
{
    async fn aggregate(&self, request: AggregateRequest<K>) -> Result<Vec<(K, V)>> {
        reach::check::<A, T>(reach::of_aggregate(&request))?;
        Box::pin(self.0.source().run(Compute::<T, K, V>(request, PhantomData))).await
    }
}

impl<A: Sources> fmt::Debug for Routed<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Routed").field(&A::NAME).finish()
    }
}
