//! Orders by what relations to one row lead to, as a user writes them: `Post::AUTHOR.by(User::NAME).asc()`.

use std::fmt;
use std::marker::PhantomData;

use crate::column::Column;
use crate::filter::{By, Order};
use crate::inherit::HasColumnsOf;
use crate::model::Model;
use crate::relation::{Relation, RelationQuery, Target};
use crate::route::Sorted;

/// What rows of `M` can be ordered by: a column of theirs, or one of the row that a relation to one row leads to.
#[diagnostic::on_unimplemented(
    message = "rows of `{M}` cannot be ordered by this",
    label = "not a column of `{M}`, nor of a row that it leads to",
    note = "name a column of `{M}`, or go on by a relation of `{M}` to one row"
)]
pub trait Sortable<M> {
    #[doc(hidden)]
    fn into_by(self) -> SortedBy;
}

/// What a [`Sortable`] stands for.
pub struct SortedBy(pub(super) By);

impl<M: HasColumnsOf<P>, P: Model, T> Sortable<M> for Column<P, T> {
    fn into_by(self) -> SortedBy {
        SortedBy(By::Column(self.position()))
    }
}

impl<M: HasColumnsOf<P>, P: Model> Sortable<M> for RelatedColumn<P> {
    fn into_by(self) -> SortedBy {
        SortedBy(self.by)
    }
}

/// A column of the row that a relation leads to, to order the rows of `M` by: what [`RelationQuery::by`] gives.
#[must_use = "a column is no order before it has a direction: `.asc()` or `.desc()`"]
pub struct RelatedColumn<M> {
    by: By,
    of: PhantomData<fn(M)>,
}

impl<M> RelatedColumn<M> {
    /// Smallest first; rows that lead nowhere, or to null, last.
    pub fn asc(self) -> Order<M> {
        Order::new(self.by, false)
    }

    /// Largest first; rows that lead nowhere, or to null, last.
    pub fn desc(self) -> Order<M> {
        Order::new(self.by, true)
    }
}

impl<M> Clone for RelatedColumn<M> {
    fn clone(&self) -> Self {
        Self { by: self.by.clone(), of: PhantomData }
    }
}

impl<M: Model> fmt::Debug for RelatedColumn<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", M::NAME, self.by.describe(M::COLUMNS))
    }
}

impl<R: Relation> RelationQuery<R> {
    /// A column of the row that this relation leads to, to order its owners by. It may lead on, over further relations to
    /// one row: `Comment::POST.by(Post::AUTHOR.by(User::NAME)).asc()`.
    ///
    /// Owners that lead nowhere come last. What narrows the relation is kept: an owner whose target does not meet a
    /// `filter` leads nowhere.
    ///
    /// ```
    /// # use relations_core::{BelongsTo, HasMany, Relations, Sqlite, block_on};
    /// # #[derive(Debug, Relations)]
    /// # pub struct User { id: i64, name: String, #[has_many] posts: HasMany<Post> }
    /// # #[derive(Debug, Relations)]
    /// # pub struct Post { id: i64, user_id: Option<i64>, #[belongs_to] user: BelongsTo<Option<User>> }
    /// # block_on(async {
    /// # let db = Sqlite::memory()?;
    /// # db.connection(|c| c.execute_batch(
    /// #     "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    /// #      CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER);
    /// #      INSERT INTO users VALUES (1, 'Bob'), (2, 'Ann');
    /// #      INSERT INTO posts VALUES (1, NULL), (2, 1), (3, 2);"
    /// # )).await?;
    /// let posts = Post::query().order_by(Post::USER.by(User::NAME).asc()).all(&db).await?;
    /// assert_eq!(posts.iter().map(|post| post.id).collect::<Vec<_>>(), [3, 2, 1]);
    /// # Ok::<(), relations_core::Error>(())
    /// # })?;
    /// # Ok::<(), relations_core::Error>(())
    /// ```
    pub fn by(self, value: impl Sortable<Target<R>>) -> RelatedColumn<R::Owner>
    where
        R::Route: Sorted<R>,
    {
        let SortedBy(by) = R::Route::by(&self.narrowing, None, value.into_by());
        RelatedColumn { by, of: PhantomData }
    }
}
