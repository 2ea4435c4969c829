//! Aggregates over what a relation leads to, aligned with rows: `users.counts(User::POSTS, &db)`. One statement computes
//! them for all rows, by their distinct keys; nothing is loaded.

use std::marker::PhantomData;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::column::Column;
use crate::error::{Error, Result};
use crate::handle::Many;
use crate::inherit::HasColumnsOf;
use crate::key::Key;
use crate::linked::Linked;
use crate::model::Model;
use crate::related::{Aggregate, RelatedRows, SumOf, Unlimited};
use crate::relation::{Relation, RelationQuery, Target};
use crate::route::{HasRelationsOf, NarrowingOf, Related};
use crate::source::{AggregateRequest, Plan, Reader, RelationAggregator, Report, Source, Subject};
use crate::tree::Rows;

/// Columns of numbers, nullable or not: those that can be added up.
///
/// Implement it for a number type of your own, and for `Option` of it nothing more is needed.
#[diagnostic::on_unimplemented(
    message = "a column of `{Self}` cannot be added up",
    label = "not a number",
    note = "name a column of numbers, or implement `Summed` for a number type of your own"
)]
pub trait Summed {
    /// What the sum of many is; its default is the sum of none.
    type Sum: Default + Clone + Send + Sync + 'static;

    /// What sort of numbers they are.
    const OF: SumOf = SumOf::Others;
}

impl<T: Summed> Summed for Option<T> {
    type Sum = T::Sum;
    const OF: SumOf = T::OF;
}

macro_rules! summed {
    ($sum:ty, $of:ident: $($number:ty),+) => {
        $(
            impl Summed for $number {
                type Sum = $sum;
                const OF: SumOf = SumOf::$of;
            }
        )+
    };
}

summed!(i64, Integers: i8, i16, i32, i64, u8, u16, u32, u64);
summed!(f64, Floats: f32, f64);

/// Columns whose values are `V`, or null.
#[diagnostic::on_unimplemented(
    message = "there is no smallest or largest `{Self}`",
    label = "not a value that can be null",
    note = "implement `Nullable` for a type of your own"
)]
pub trait Holding<V> {}

#[diagnostic::do_not_recommend]
impl<V: sea_query::value::Nullable> Holding<V> for V {}

#[diagnostic::do_not_recommend]
impl<V: sea_query::value::Nullable> Holding<V> for Option<V> {}

/// What is asked of the rows that a relation leads to from each of some rows.
struct Asked<R: Relation> {
    /// The key of each row.
    of_rows: Vec<Option<R::Key>>,
    narrowing: NarrowingOf<R>,
}

/// Asks it.
fn ask<T, R>(rows: &Rows<T>, relation: RelationQuery<R>) -> Asked<R>
where
    T: Model + HasRelationsOf<R::Owner>,
    R: Relation,
{
    let mut of_rows = Vec::new();
    T::each(rows, |row, _| of_rows.push(R::owner_key(row)));
    Asked { of_rows, narrowing: relation.narrowing }
}

impl<R: Relation<Route: Related<R>>> Asked<R> {
    /// One value for each row: what is computed for its key, else `nothing`.
    async fn compute<S, V>(self, aggregate: Aggregate, nothing: V, source: &S) -> Result<Vec<V>>
    where
        S: Source<Session: RelationAggregator<Target<R>, R::Key, V>>,
        Target<R>: Model,
        V: Clone + Send + Sync + 'static,
    {
        let rows = RelatedRows::of::<R, R::Route>(&self.narrowing).map_err(|Unlimited(of)| Error::limited(of))?;
        if let Some(relation) = rows.unlimited() {
            return Err(Error::limited(relation));
        }
        let mut seen = FxHashSet::default();
        let keys: Vec<_> = self.of_rows.iter().flatten().filter(|&key| seen.insert(key)).cloned().collect();
        let mut values = FxHashMap::default();
        if !keys.is_empty() {
            let request = AggregateRequest { keys, rows, aggregate, report: Report::default() };
            values.extend(source.run(Compute::<Target<R>, _, V>(request, PhantomData)).await?);
        }
        let of_row = |key: Option<R::Key>| values.get(&key?).cloned();
        Ok(self.of_rows.into_iter().map(|key| of_row(key).unwrap_or_else(|| nothing.clone())).collect())
    }
}

/// Computes an aggregate.
pub(crate) struct Compute<T, K: Key, V>(pub(crate) AggregateRequest<K>, pub(crate) PhantomData<fn() -> (T, V)>);

impl<S, T, K, V> Plan<S> for Compute<T, K, V>
where
    S: RelationAggregator<T, K, V>,
    T: Model,
    K: Key,
    V: Send + 'static,
{
    type Output = Vec<(K, V)>;

    fn needs_snapshot(&self) -> bool {
        false
    }

    fn subject(&self) -> Subject {
        Subject::of_relation(self.0.rows.relation)
    }

    async fn run(self, reader: Reader<'_, S>) -> Result<Self::Output> {
        reader.aggregate(self.0).await
    }
}

/// What lists of rows compute of the rows that a relation leads to.
macro_rules! aggregates {
    (impl[$($parameter:tt)+] $list:ty) => {
        impl<$($parameter)+> $list {
            /// The number of targets of each row, in the order of the rows.
            ///
            /// One statement computes it for all rows, by their distinct keys, and loads nothing. What narrows the relation is
            /// kept. A row without targets, or with a null key, has 0.
            ///
            /// ```
            /// # use relations_core::{HasMany, Relations, Sqlite, block_on};
            /// # #[derive(Debug, Relations)]
            /// # pub struct User { id: i64, name: String, #[has_many] posts: HasMany<Post> }
            /// # #[derive(Debug, Relations)]
            /// # pub struct Post { id: i64, user_id: i64, views: i64 }
            /// # block_on(async {
            /// # let db = Sqlite::memory()?;
            /// # db.connection(|c| c.execute_batch(
            /// #     "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
            /// #      CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, views INTEGER NOT NULL);
            /// #      INSERT INTO users VALUES (1, 'Ann'), (2, 'Bob'), (3, 'Cid');
            /// #      INSERT INTO posts VALUES (1, 1, 50), (2, 1, 20), (3, 2, 30);"
            /// # )).await?;
            /// let users = User::all(&db).await?;
            /// assert_eq!(users.counts(User::POSTS, &db).await?, [2, 1, 0]);
            /// assert_eq!(users.counts(User::POSTS.filter(Post::VIEWS.gt(20)), &db).await?, [1, 1, 0]);
            /// assert_eq!(users.exists(User::POSTS, &db).await?, [true, true, false]);
            /// assert_eq!(users.sum(User::POSTS, Post::VIEWS, &db).await?, [70, 30, 0]);
            /// assert_eq!(users.avg(User::POSTS, Post::VIEWS, &db).await?, [Some(35.0), Some(30.0), None]);
            /// assert_eq!(users.min(User::POSTS, Post::VIEWS, &db).await?, [Some(20), Some(30), None]);
            /// assert_eq!(users.max(User::POSTS, Post::VIEWS, &db).await?, [Some(50), Some(30), None]);
            /// # Ok::<(), relations_core::Error>(())
            /// # })?;
            /// # Ok::<(), relations_core::Error>(())
            /// ```
            ///
            /// # Errors
            /// When the source cannot be read, or a relation over a join table has a limit.
            pub fn counts<R, S>(
                &self,
                relation: RelationQuery<R>,
                source: &S,
            ) -> impl Future<Output = Result<Vec<u64>>> + Send
            where
                T: HasRelationsOf<R::Owner>,
                R: Relation<Route: Related<R>>,
                Target<R>: Model,
                S: Source<Session: RelationAggregator<Target<R>, R::Key, i64>>,
            {
                let asked = ask(&self.rows(), relation);
                async move {
                    let counts = asked.compute(Aggregate::Count, 0_i64, source).await?;
                    Ok(counts.into_iter().map(i64::unsigned_abs).collect())
                }
            }

            /// Whether each row has a target, in the order of the rows; in one statement, as [`counts`](Self::counts).
            ///
            /// # Errors
            /// When the source cannot be read, or a relation over a join table has a limit.
            pub fn exists<R, S>(
                &self,
                relation: RelationQuery<R>,
                source: &S,
            ) -> impl Future<Output = Result<Vec<bool>>> + Send
            where
                T: HasRelationsOf<R::Owner>,
                R: Relation<Route: Related<R>>,
                Target<R>: Model,
                S: Source<Session: RelationAggregator<Target<R>, R::Key, bool>>,
            {
                let asked = ask(&self.rows(), relation);
                asked.compute(Aggregate::Exists, false, source)
            }

            /// The sum of a column over the targets of each row, in the order of the rows; in one statement, as
            /// [`counts`](Self::counts). A row without targets has 0, and null adds nothing. Whole numbers make an `i64`, others
            /// an `f64`.
            ///
            /// # Errors
            /// As [`avg`](Self::avg); and when the sum of whole numbers is too large for an `i64`.
            pub fn sum<R, P, C, S>(
                &self,
                relation: RelationQuery<R>,
                column: Column<P, C>,
                source: &S,
            ) -> impl Future<Output = Result<Vec<C::Sum>>> + Send
            where
                T: HasRelationsOf<R::Owner>,
                R: Relation<Route: Related<R>>,
                P: Model,
                Target<R>: HasColumnsOf<P>,
                C: Summed,
                S: Source<Session: RelationAggregator<Target<R>, R::Key, C::Sum>>,
            {
                let asked = ask(&self.rows(), relation);
                asked.compute(Aggregate::Sum(column.position(), C::OF), C::Sum::default(), source)
            }

            /// The mean of a column over the targets of each row, in the order of the rows; in one statement, as
            /// [`counts`](Self::counts). A row has `None` if none of its targets has a value.
            ///
            /// # Errors
            /// When the source cannot be read, a value does not decode, or a relation over a join table has a limit.
            pub fn avg<R, P, C, S>(
                &self,
                relation: RelationQuery<R>,
                column: Column<P, C>,
                source: &S,
            ) -> impl Future<Output = Result<Vec<Option<f64>>>> + Send
            where
                T: HasRelationsOf<R::Owner>,
                R: Relation<Route: Related<R>>,
                P: Model,
                Target<R>: HasColumnsOf<P>,
                C: Summed,
                S: Source<Session: RelationAggregator<Target<R>, R::Key, Option<f64>>>,
            {
                let asked = ask(&self.rows(), relation);
                asked.compute(Aggregate::Average(column.position()), None, source)
            }

            /// The smallest value of a column over the targets of each row, in the order of the rows; in one statement, as
            /// [`counts`](Self::counts). A row has `None` if none of its targets has a value.
            ///
            /// # Errors
            /// When the source cannot be read, a value does not decode, or a relation over a join table has a limit.
            pub fn min<R, P, C, V, S>(
                &self,
                relation: RelationQuery<R>,
                column: Column<P, C>,
                source: &S,
            ) -> impl Future<Output = Result<Vec<Option<V>>>> + Send
            where
                T: HasRelationsOf<R::Owner>,
                R: Relation<Route: Related<R>>,
                P: Model,
                Target<R>: HasColumnsOf<P>,
                C: Holding<V>,
                V: Clone + Send + Sync + 'static,
                S: Source<Session: RelationAggregator<Target<R>, R::Key, Option<V>>>,
            {
                let asked = ask(&self.rows(), relation);
                asked.compute(Aggregate::Min(column.position()), None, source)
            }

            /// The largest value of a column over the targets of each row, in the order of the rows; in one statement, as
            /// [`counts`](Self::counts). A row has `None` if none of its targets has a value.
            ///
            /// # Errors
            /// When the source cannot be read, a value does not decode, or a relation over a join table has a limit.
            pub fn max<R, P, C, V, S>(
                &self,
                relation: RelationQuery<R>,
                column: Column<P, C>,
                source: &S,
            ) -> impl Future<Output = Result<Vec<Option<V>>>> + Send
            where
                T: HasRelationsOf<R::Owner>,
                R: Relation<Route: Related<R>>,
                P: Model,
                Target<R>: HasColumnsOf<P>,
                C: Holding<V>,
                V: Clone + Send + Sync + 'static,
                S: Source<Session: RelationAggregator<Target<R>, R::Key, Option<V>>>,
            {
                let asked = ask(&self.rows(), relation);
                asked.compute(Aggregate::Max(column.position()), None, source)
            }
        }
    };
}

aggregates!(impl[T: Model] Many<T>);
aggregates!(impl[T: Model, J] Linked<T, J>);
