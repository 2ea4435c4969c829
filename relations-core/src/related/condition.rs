//! Conditions on owners, as a user writes them: `any`, `none`, `exists`, `count`, `any_of`.

use std::marker::PhantomData;

use super::{Amount, RelatedCondition, RelatedRows, Unlimited};
use crate::field::{MorphTarget, MorphTo};
use crate::filter::{Comparison, Condition, Filter, Predicate};
use crate::inherit::HasColumnsOf;
use crate::model::Model;
use crate::morph::MorphVariant;
use crate::relation::{Relation, RelationQuery, Target};
use crate::route::{NarrowingOf, Related, Searched};
use crate::source::Limit;

impl<R: Relation> RelationQuery<R> {
    /// Owners with a target that meets the condition: `User::POSTS.any(Post::VIEWS.gt(1_000))`.
    ///
    /// What narrows the relation is kept: `User::POSTS.filter(a).any(b)` asks for a post that meets both. Of a relation
    /// to one of many, `filter` chooses the row, and the condition is asked of the chosen one.
    ///
    /// ```
    /// # use relations_core::{BelongsTo, HasMany, Relations, Sqlite, block_on};
    /// # #[derive(Debug, Relations)]
    /// # pub struct User { id: i64, name: String, #[has_many] posts: HasMany<Post> }
    /// # #[derive(Debug, Relations)]
    /// # pub struct Post { id: i64, user_id: i64, views: i64, #[belongs_to] user: BelongsTo<User> }
    /// # block_on(async {
    /// # let db = Sqlite::memory()?;
    /// # db.connection(|c| c.execute_batch(
    /// #     "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    /// #      CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, views INTEGER NOT NULL);
    /// #      INSERT INTO users VALUES (1, 'Ann'), (2, 'Bob'), (3, 'Cid');
    /// #      INSERT INTO posts VALUES (1, 1, 5000), (2, 1, 10), (3, 2, 20);"
    /// # )).await?;
    /// let read = User::query().filter(User::POSTS.any(Post::VIEWS.gt(1_000))).all(&db).await?;
    /// assert_eq!(read[0].name, "Ann");
    ///
    /// let by_ann = Post::query().filter(Post::USER.any(User::NAME.eq("Ann"))).count(&db).await?;
    /// assert_eq!(by_ann, 2);
    /// # Ok::<(), relations_core::Error>(())
    /// # })?;
    /// # Ok::<(), relations_core::Error>(())
    /// ```
    pub fn any<P: Model>(self, condition: Filter<P>) -> Filter<R::Owner>
    where
        Target<R>: HasColumnsOf<P>,
        R::Route: Searched<R>,
    {
        R::Route::any(&self.narrowing, Some(condition.inherited()))
    }

    /// Owners without any target that meets the condition, be it that they have no target at all.
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
    /// #      INSERT INTO posts VALUES (1, 1, 5000), (2, 1, 10), (3, 2, 20);"
    /// # )).await?;
    /// let unread = User::query().filter(User::POSTS.none(Post::VIEWS.gt(1_000))).all(&db).await?;
    /// assert_eq!((&*unread[0].name, &*unread[1].name), ("Bob", "Cid"));
    /// # Ok::<(), relations_core::Error>(())
    /// # })?;
    /// # Ok::<(), relations_core::Error>(())
    /// ```
    pub fn none<P: Model>(self, condition: Filter<P>) -> Filter<R::Owner>
    where
        Target<R>: HasColumnsOf<P>,
        R::Route: Searched<R>,
    {
        self.any(condition).not()
    }

    /// Owners with any target at all; `!User::POSTS.exists()` are those without.
    ///
    /// ```
    /// # use relations_core::{HasMany, Relations, Sqlite, block_on};
    /// # #[derive(Debug, Relations)]
    /// # pub struct User { id: i64, name: String, #[has_many] posts: HasMany<Post> }
    /// # #[derive(Debug, Relations)]
    /// # pub struct Post { id: i64, user_id: i64 }
    /// # block_on(async {
    /// # let db = Sqlite::memory()?;
    /// # db.connection(|c| c.execute_batch(
    /// #     "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    /// #      CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL);
    /// #      INSERT INTO users VALUES (1, 'Ann'), (2, 'Bob');
    /// #      INSERT INTO posts VALUES (1, 1);"
    /// # )).await?;
    /// let silent = User::query().filter(!User::POSTS.exists()).all(&db).await?;
    /// assert_eq!(silent[0].name, "Bob");
    /// # Ok::<(), relations_core::Error>(())
    /// # })?;
    /// # Ok::<(), relations_core::Error>(())
    /// ```
    pub fn exists(self) -> Filter<R::Owner>
    where
        R::Route: Searched<R>,
    {
        R::Route::any(&self.narrowing, None)
    }

    /// The number of an owner's targets that meet the condition, to be compared: `User::POSTS.count(a).ge(3)`.
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
    /// let busy = User::query().filter(User::POSTS.count(Post::VIEWS.gt(10)).ge(2)).all(&db).await?;
    /// assert_eq!(busy[0].name, "Ann");
    /// assert_eq!(User::query().filter(User::POSTS.count_all().lt(2)).count(&db).await?, 2);
    /// # Ok::<(), relations_core::Error>(())
    /// # })?;
    /// # Ok::<(), relations_core::Error>(())
    /// ```
    pub fn count<P: Model>(self, condition: Filter<P>) -> RelatedCount<R::Owner>
    where
        Target<R>: HasColumnsOf<P>,
        R::Route: Related<R>,
    {
        RelatedCount::new::<R>(&self.narrowing, Some(condition.into_condition()))
    }

    /// The number of all of an owner's targets, to be compared: `User::POSTS.count_all().eq(0)`.
    pub fn count_all(self) -> RelatedCount<R::Owner>
    where
        R::Route: Related<R>,
    {
        RelatedCount::new::<R>(&self.narrowing, None)
    }

    /// Owners whose polymorphic relation leads to a target of one model that meets the condition:
    /// `Comment::COMMENTABLE.any_of(Post::TITLE.like("A%"))`.
    ///
    /// ```
    /// # use relations_core::{Morph, MorphTo, Ref, Relations, Sqlite, block_on};
    /// # #[derive(Debug, Relations)]
    /// # pub struct Post { id: i64, title: String }
    /// # #[derive(Debug, Relations)]
    /// # pub struct Video { id: i64, title: String }
    /// # #[derive(Debug, Morph)]
    /// # pub enum Commentable { #[morph("post")] Post(Ref<Post>), #[morph("video")] Video(Ref<Video>) }
    /// # #[derive(Debug, Relations)]
    /// # pub struct Comment { id: i64, commentable_type: String, commentable_id: i64,
    /// #     #[morph_to] commentable: MorphTo<Commentable> }
    /// # block_on(async {
    /// # let db = Sqlite::memory()?;
    /// # db.connection(|c| c.execute_batch(
    /// #     "CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT NOT NULL);
    /// #      CREATE TABLE videos (id INTEGER PRIMARY KEY, title TEXT NOT NULL);
    /// #      CREATE TABLE comments (id INTEGER PRIMARY KEY, commentable_type TEXT NOT NULL,
    /// #                             commentable_id INTEGER NOT NULL);
    /// #      INSERT INTO posts VALUES (1, 'Ants');
    /// #      INSERT INTO videos VALUES (1, 'Birds');
    /// #      INSERT INTO comments VALUES (1, 'post', 1), (2, 'video', 1);"
    /// # )).await?;
    /// let on_ants = Comment::COMMENTABLE.any_of(Post::TITLE.like("A%"));
    /// let on_ants = on_ants.or(Comment::COMMENTABLE.any_of(Video::TITLE.like("A%")));
    /// assert_eq!(Comment::query().filter(on_ants).all(&db).await?[0].id, 1);
    /// # Ok::<(), relations_core::Error>(())
    /// # })?;
    /// # Ok::<(), relations_core::Error>(())
    /// ```
    pub fn any_of<V: Model, T>(self, condition: Filter<V>) -> Filter<R::Owner>
    where
        R: Relation<Field = MorphTo<T>>,
        T: MorphTarget<Morph: MorphVariant<V>>,
    {
        let (kind, id) = R::DESCRIPTOR.owner_columns.split_first().map_or((0, &[][..]), |(&kind, id)| (kind, id));
        let rows = RelatedRows {
            relation: R::descriptor(),
            model: V::model_descriptor(),
            owner_columns: id,
            columns: V::KEY,
            path: &[],
            distinct: false,
            morph: None,
            condition: None,
            path_condition: None,
            order: Vec::new(),
            limit: Limit::None,
        };
        let is = |predicate| Filter::<R::Owner>::new(Condition::Column(kind, predicate));
        let tag = <T::Morph as MorphVariant<V>>::TAG;
        // Never null, so that the opposite is true of rows without a type.
        is(Predicate::NotNull)
            .and(is(Predicate::compare(Comparison::Eq, tag.into())))
            .and(Filter::<R::Owner>::new(RelatedCondition::any(Ok(rows), Some(condition.into_condition()))))
    }
}

/// The number of the targets of each row of `M`, to be compared: what [`RelationQuery::count`] gives.
#[must_use = "a number is no condition before it is compared"]
#[derive(Debug)]
pub struct RelatedCount<M> {
    rows: Result<RelatedRows, Unlimited>,
    condition: Option<Condition>,
    of: PhantomData<fn(M)>,
}

impl<M> RelatedCount<M> {
    fn new<R>(narrowing: &NarrowingOf<R>, condition: Option<Condition>) -> Self
    where
        R: Relation<Owner = M, Route: Related<R>>,
    {
        Self { rows: RelatedRows::of::<R, R::Route>(narrowing), condition, of: PhantomData }
    }

    fn compare(self, comparison: Comparison, count: u64) -> Filter<M> {
        Filter::new(RelatedCondition::asked(self.rows, self.condition, Amount::Count(comparison, count)))
    }

    /// Equal to the number.
    pub fn eq(self, count: u64) -> Filter<M> {
        self.compare(Comparison::Eq, count)
    }

    /// Not equal to the number.
    pub fn ne(self, count: u64) -> Filter<M> {
        self.compare(Comparison::Ne, count)
    }

    /// Less than the number.
    pub fn lt(self, count: u64) -> Filter<M> {
        self.compare(Comparison::Lt, count)
    }

    /// Less than the number or equal to it.
    pub fn le(self, count: u64) -> Filter<M> {
        self.compare(Comparison::Le, count)
    }

    /// Greater than the number.
    pub fn gt(self, count: u64) -> Filter<M> {
        self.compare(Comparison::Gt, count)
    }

    /// Greater than the number or equal to it.
    pub fn ge(self, count: u64) -> Filter<M> {
        self.compare(Comparison::Ge, count)
    }
}
