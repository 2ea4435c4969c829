//! `Model`, what the derive implements, and `Relations`, what a user calls on a model.

use std::future::Future;
use std::sync::Arc;

use crate::backend::{self, DriverRow, FromRow};
use crate::column::Operand;
use crate::descriptor::{ColumnDescriptor, ModelDescriptor, RelationDescriptor, RelationKind};
use crate::error::Result;
use crate::field::{ToMany, ToOne};
use crate::handle::{Many, Ref};
use crate::inherit::{Ancestor, Embedding};
use crate::key::Key;
use crate::linked::Linked;
use crate::origin::Origins;
use crate::query::Query;
use crate::recursive::{self, ToItself};
use crate::relation::RelationQuery;
use crate::route::Reached;
use crate::select_list::SelectList;
use crate::source::{Follows, Holds, LoadsByKey, Source};
use crate::tree::{Rows, Tree};
use crate::value::{self, Access, ColumnValue, Columns, IntoValue};

/// A struct that is read from a table. Implemented by `#[derive(Relations)]`; users call [`Relations`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a model",
    label = "this is not a model",
    note = "put `#[derive(Relations)]` on the struct"
)]
pub trait Model: Sized + Send + Sync + Reached<Rows = Rows<Self>> + 'static {
    /// The key as a user writes it: the field's type, or a tuple for a composite key.
    type Id;
    /// The key as a tuple.
    type Key: Key;

    /// The struct's name.
    const NAME: &'static str;
    /// The struct's full path.
    const PATH: &'static str;
    /// The table.
    const TABLE: &'static str;
    /// The columns in reading order.
    const COLUMNS: &'static [ColumnDescriptor];
    /// The key, as positions in `COLUMNS`.
    const KEY: &'static [usize];
    /// What other models may check about this model's relations.
    const RELATIONS: &'static [RelationLeaf];
    /// False when the derive has reported an error: checks against this model stay silent.
    const DERIVED: bool = true;

    /// The model that this one extends.
    const EXTENDS: Option<&'static Ancestor> = None;
    /// How to copy a row, if the struct is `Clone`: rows that cannot be copied are not cached.
    const COPY: Option<fn(&Self) -> Self> = None;
    /// How a row's own columns are looked at, in their order.
    const ACCESS: &'static [Access<Self>] = &[];
    /// How a row of a plain join table is made of what another one of it holds; none for other models.
    #[doc(hidden)]
    const JOINED: Option<fn(&dyn Columns) -> Option<Self>> = None;
    /// The static metadata.
    const DESCRIPTOR: &'static ModelDescriptor;

    /// The static metadata.
    fn model_descriptor() -> &'static ModelDescriptor {
        Self::DESCRIPTOR
    }
    /// A user's key as a tuple.
    fn key_of(id: Self::Id) -> Self::Key;
    /// This row's key.
    fn key(&self) -> Self::Key;
    /// What the row holds in the column at this position; nothing if there is no such column.
    fn column(&self, at: usize) -> Option<ColumnValue<'_>> {
        value::column(self, at)
    }
    /// How what the column at this position holds becomes a value that can be compared.
    fn into_value(at: usize) -> Option<IntoValue> {
        value::into_value::<Self>(at)
    }
    /// Tells each relation field the rows it was loaded with.
    fn attach(&mut self, origins: &Origins);
    /// Tells the inherited relations where the rows are.
    #[doc(hidden)]
    fn embed(_: &Origins, _: Arc<dyn Embedding<Self>>) {}
    /// Forgets what each relation field holds.
    fn clear(&self);
    /// The bytes on the heap that the row's columns own, as far as it is known.
    fn heap_size(&self) -> usize {
        0
    }
}

/// What one model may know of another's relation without following it: names only.
#[derive(Debug, Clone, Copy)]
pub struct RelationLeaf {
    /// The relation's name.
    pub name: &'static str,
    /// The kind.
    pub kind: RelationKind,
    /// The path of the target; empty for a polymorphic relation, which has several.
    pub target: &'static str,
    /// The fields of the foreign key, as declared or inferred, on whichever side they are.
    pub foreign_key: &'static [&'static str],
    /// The inverse declared here.
    pub inverse: Option<&'static str>,
    /// The path of the model of its join table, or the name of a plain one.
    pub pivot: Option<&'static str>,
    /// Whether it is less visible than its model, or leads over a relation that is: not for others to lead over.
    pub hidden: bool,
}

impl RelationLeaf {
    /// The same over a join table.
    pub const fn over(self, pivot: &'static str) -> Self {
        Self { pivot: Some(pivot), ..self }
    }

    /// The same, of a relation that is not for others to lead over.
    #[must_use]
    pub const fn hidden(self) -> Self {
        Self { hidden: true, ..self }
    }
}

/// What other models may know of a relation to `T`.
pub const fn leaf<T: Model>(
    name: &'static str,
    kind: RelationKind,
    foreign_key: &'static [&'static str],
    inverse: Option<&'static str>,
) -> RelationLeaf {
    RelationLeaf { name, kind, target: T::PATH, foreign_key, inverse, pivot: None, hidden: false }
}

/// What other models may know of a polymorphic relation. Its foreign key is its type, then its id.
pub const fn morph_leaf(name: &'static str, foreign_key: &'static [&'static str]) -> RelationLeaf {
    RelationLeaf {
        name,
        kind: RelationKind::MorphTo,
        target: "",
        foreign_key,
        inverse: None,
        pivot: None,
        hidden: false,
    }
}

/// The table of a model that extends none, from its leaves and its relations.
pub const fn describe<M: Model>(relations: &'static [RelationDescriptor]) -> ModelDescriptor {
    let (name, path, table, columns, key) = (M::NAME, M::PATH, M::TABLE, M::COLUMNS, M::KEY);
    ModelDescriptor { name, path, table, columns, key, relations, own_relations: relations, extends: None }
}

/// What a model can do: read its rows, start a query, describe itself.
///
/// Importing `relations_core::Relations` brings both this trait and the derive into scope. A model's own inherent
/// methods of these names keep precedence.
pub trait Relations: Model {
    /// The row with this key, if there is one.
    ///
    /// # Errors
    /// When the database cannot be read, or the row does not decode.
    fn find<S>(source: &S, id: impl Operand<Self::Id>) -> impl Future<Output = Result<Option<Ref<Self>>>> + Send
    where
        S: LoadsByKey<Self>,
    {
        let query = Self::by_key(id);
        async move { Ok(query.all(source).await?.get_ref(0)) }
    }

    /// A query on the row with this key, to load it with its relations: `User::by_key(7).with(User::POSTS).one(&db)`.
    fn by_key(id: impl Operand<Self::Id>) -> Query<Self, (), Self::Key> {
        Query::by_keys(Self::KEY, Some(vec![Self::key_of(id.into_operand())]))
    }

    /// All rows of the table.
    ///
    /// # Errors
    /// When the database cannot be read, or a row does not decode.
    fn all<S: Holds<Self>>(source: &S) -> impl Future<Output = Result<Many<Self>>> + Send {
        Self::query().all(source)
    }

    /// A query on this model, to be narrowed and run.
    fn query() -> Query<Self> {
        Query::new()
    }

    /// A row of this model, read from one that you fetched by SQL of your own, from its first column on. Columns are read
    /// by position, and each has to have its name: select [`select_list`](Self::select_list).
    ///
    /// Put the rows together with [`Many::from_rows`], or collect them: then their relations load for all at once.
    ///
    /// ```
    /// # use relations_core::{HasMany, Many, Relations, Sqlite, block_on};
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
    /// let users: Many<User> = db.connection(|c| {
    ///     let sql = format!("SELECT {} FROM users u ORDER BY length(u.name), u.name", User::select_list().of("u"));
    ///     c.prepare(&sql)?.query_map((), |row| User::from_row(row))?.collect()
    /// }).await?;
    /// for user in &users {
    ///     user.posts(&db).await?;                     // the first call loads the posts of all users
    /// }
    /// # assert_eq!(users[0].posts(&db).await?.len(), 1);
    /// # Ok::<(), relations_core::Error>(())
    /// # })?;
    /// # Ok::<(), relations_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// When a column is missing, is another one, or does not decode: as the driver's error, with an [`Error`] that names
    /// model and column as its source.
    ///
    /// [`Error`]: crate::Error
    fn from_row<'r, R>(row: &R) -> Result<Self, R::Error>
    where
        R: DriverRow<'r>,
        Self: FromRow<R::Backend>,
    {
        backend::fetched(row, 0)
    }

    /// The same from the column at position `at` on: where one row holds several models.
    ///
    /// ```
    /// # use relations_core::{Relations, Sqlite, block_on};
    /// # #[derive(Debug, Relations)]
    /// # pub struct User { id: i64, name: String }
    /// # #[derive(Debug, Relations)]
    /// # pub struct Post { id: i64, user_id: i64 }
    /// # block_on(async {
    /// # let db = Sqlite::memory()?;
    /// # db.connection(|c| c.execute_batch(
    /// #     "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    /// #      CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL);
    /// #      INSERT INTO users VALUES (1, 'Ann');
    /// #      INSERT INTO posts VALUES (7, 1);"
    /// # )).await?;
    /// let (user, post) = db.connection(|c| {
    ///     let (users, posts) = (User::select_list(), Post::select_list());
    ///     let sql = format!("SELECT {users}, {posts} FROM users JOIN posts ON posts.user_id = users.id");
    ///     c.query_row(&sql, (), |row| Ok((User::from_row(row)?, Post::from_row_at(row, users.len())?)))
    /// }).await?;
    /// assert_eq!((user.id, post.id), (1, 7));
    /// # Ok::<(), relations_core::Error>(())
    /// # })?;
    /// # Ok::<(), relations_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`from_row`](Self::from_row).
    fn from_row_at<'r, R>(row: &R, at: usize) -> Result<Self, R::Error>
    where
        R: DriverRow<'r>,
        Self: FromRow<R::Backend>,
    {
        backend::fetched(row, at)
    }

    /// This model's columns as text for SQL of your own, in the order in which [`from_row`](Self::from_row) reads them.
    fn select_list() -> SelectList {
        SelectList::new(Self::model_descriptor())
    }

    /// The static metadata of this model.
    fn descriptor() -> &'static ModelDescriptor {
        Self::model_descriptor()
    }

    /// All rows below this one, level by level, each once: `node.descendants(Node::CHILDREN, &db)`. They are loaded for
    /// this row, not for its peers, and fill the fields on the way, which are used where they are loaded already.
    ///
    /// # Errors
    /// When the source cannot be read, or a row on the way does not decode.
    fn descendants<R, N, S>(
        &self,
        relation: RelationQuery<R, N>,
        source: &S,
    ) -> impl Future<Output = Result<Linked<Self>>> + Send
    where
        R: ToItself<Owner = Self, Field: ToMany>,
        S: Source<Session: Follows<R>>,
        N: Tree<S::Session, Self> + Clone,
    {
        recursive::beyond(self, relation, source)
    }

    /// All rows above this one, the nearest first, each once: `node.ancestors(Node::PARENT, &db)`. They are loaded as
    /// [`descendants`](Self::descendants) are.
    ///
    /// # Errors
    /// When the source cannot be read, or a row on the way does not decode or is missing.
    fn ancestors<R, N, S>(
        &self,
        relation: RelationQuery<R, N>,
        source: &S,
    ) -> impl Future<Output = Result<Linked<Self>>> + Send
    where
        R: ToItself<Owner = Self, Field: ToOne>,
        S: Source<Session: Follows<R>>,
        N: Tree<S::Session, Self> + Clone,
    {
        recursive::beyond(self, relation, source)
    }

    /// Forgets what the relation fields of this row hold; the next access reads again.
    fn clear_relations(&self) {
        self.clear();
    }
}

impl<M: Model> Relations for M {}
