//! Handles: what a load hands out. Each points into a group, derefs to rows, and is cheap to clone.

use std::fmt;
use std::num::NonZeroU64;
use std::ops::{Deref, Range};
use std::sync::{Arc, Weak};

use crate::error::Result;
use crate::group::{Batch, Group};
use crate::model::Model;
use crate::source::Source;
use crate::tree::{Rows, Tree};

/// One row. Derefs to it; cloning it copies a pointer, not the row.
pub struct Ref<T> {
    pub(crate) group: Arc<Group<T>>,
    pub(crate) at: u32,
}

impl<T> Clone for Ref<T> {
    fn clone(&self) -> Self {
        Self { group: Arc::clone(&self.group), at: self.at }
    }
}

impl<T: Model> Deref for Ref<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.group.rows()[self.at as usize]
    }
}

impl<T: Model> Ref<T> {
    /// A handle of one row that you fetched by SQL of your own, or made. It has no peers; see [`Many::from_rows`] for
    /// several.
    pub fn new(row: T) -> Self {
        Self { group: Batch::from(vec![row]).lone(true).into_group(), at: 0 }
    }

    /// Whether both are the same row in memory.
    pub fn ptr_eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.group, &other.group) && self.at == other.at
    }

    /// Loads relations of this row: `user.load(User::POSTS, &db)`. What is loaded already is left as it is.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub fn load<S, N>(&self, relations: N, source: &S) -> impl Future<Output = Result<()>> + Send
    where
        S: Source,
        N: Tree<S::Session, T>,
    {
        crate::plan::load(Rows::part((Arc::clone(&self.group), self.at..self.at + 1)), relations, source)
    }
}

impl<T: Model> From<T> for Ref<T> {
    /// As [`new`](Ref::new).
    fn from(row: T) -> Self {
        Self::new(row)
    }
}

impl<T: Model + fmt::Debug> fmt::Debug for Ref<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: Model + PartialEq> PartialEq for Ref<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: Model + Eq> Eq for Ref<T> {}

/// A row that is not kept alive.
pub struct WeakRef<T> {
    pub(crate) group: Weak<Group<T>>,
    pub(crate) at: u32,
}

/// A loaded to-one target, looked at in place. Derefs to the row.
pub struct Row<'a, T>(Look<'a, T>);

enum Look<'a, T> {
    Borrowed(&'a T, &'a Arc<Group<T>>, u32),
    Owned(Ref<T>),
}

impl<'a, T: Model> Row<'a, T> {
    #[inline(always)]
    pub(crate) fn borrowed(group: &'a Arc<Group<T>>, at: u32) -> Option<Self> {
        Some(Self(Look::Borrowed(group.rows().get(at as usize)?, group, at)))
    }

    pub(crate) fn owned(row: Ref<T>) -> Self {
        Self(Look::Owned(row))
    }

    /// A handle of the row, to keep.
    pub fn to_ref(&self) -> Ref<T> {
        match &self.0 {
            Look::Borrowed(_, group, at) => Ref { group: Arc::clone(group), at: *at },
            Look::Owned(row) => row.clone(),
        }
    }
}

impl<T: Model> Deref for Row<'_, T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        match &self.0 {
            Look::Borrowed(row, ..) => row,
            Look::Owned(row) => through(row),
        }
    }
}

/// Seldom, and kept out of the caller, where it would slow down the look at a row in place.
#[cold]
#[inline(never)]
fn through<T: Model>(row: &Ref<T>) -> &T {
    row
}

impl<T: Model + fmt::Debug> fmt::Debug for Row<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// A list of rows that were loaded together. Derefs to a slice; cloning it copies a pointer, not the rows.
pub struct Many<T> {
    group: Arc<Group<T>>,
    start: u32,
    end: u32,
}

impl<T> Clone for Many<T> {
    fn clone(&self) -> Self {
        Self { group: Arc::clone(&self.group), start: self.start, end: self.end }
    }
}

impl<T: Model> Deref for Many<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        // A list without rows may stand anywhere.
        self.group.rows().get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

impl<T: Model> Many<T> {
    /// A list of rows that you fetched by SQL of your own, or made. They become one another's peers: reading a relation
    /// of one loads it for all of them, and all else that lists of rows do works on them.
    ///
    /// What a row had loaded it keeps; the peers that it was cloned from it leaves. A row may come twice, as from a
    /// join. A list numbers at most `u32::MAX` rows, and leaves out the rest.
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
    /// let rows = db.connection(|c| {
    ///     let mut statement = c.prepare("INSERT INTO users (name) VALUES ('Cid'), ('Dan') RETURNING id, name")?;
    ///     statement.query_map((), |row| User::from_row(row))?.collect::<Result<Vec<_>, _>>()
    /// }).await?;
    /// let users = Many::from_rows(rows);
    /// users.load(User::POSTS, &db).await?;
    /// assert_eq!(users.counts(User::POSTS, &db).await?, [0, 0]);
    /// # Ok::<(), relations_core::Error>(())
    /// # })?;
    /// # Ok::<(), relations_core::Error>(())
    /// ```
    pub fn from_rows(rows: Vec<T>) -> Self {
        Self::whole(Batch::from(rows).into_group())
    }

    /// A list without rows. It has no place in its group, so it keeps there what key it was loaded by.
    pub(crate) fn empty(group: Arc<Group<T>>, key: Option<NonZeroU64>) -> Self {
        let place = key.map_or(0, fold);
        Self { group, start: place, end: place }
    }

    /// Whether a list without rows was loaded by this key, as far as it is known.
    pub(crate) fn is_empty_by(&self, key: NonZeroU64) -> bool {
        self.start == self.end && (self.start == 0 || self.start == fold(key))
    }

    pub(crate) fn new(group: Arc<Group<T>>, range: Range<u32>) -> Self {
        Self { group, start: range.start, end: range.end }
    }

    pub(crate) fn whole(group: Arc<Group<T>>) -> Self {
        let end = group.len();
        Self { group, start: 0, end }
    }

    pub(crate) fn group(&self) -> &Group<T> {
        &self.group
    }

    pub(crate) fn rows(&self) -> Rows<T> {
        Rows::part((Arc::clone(&self.group), self.start..self.end))
    }

    pub(crate) fn place(&self) -> (&Arc<Group<T>>, Range<u32>) {
        (&self.group, self.start..self.end)
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// A handle of the row at this position.
    pub fn get_ref(&self, index: usize) -> Option<Ref<T>> {
        let at = self.start.checked_add(u32::try_from(index).ok()?)?;
        (at < self.end).then(|| Ref { group: Arc::clone(&self.group), at })
    }

    /// A handle of each row.
    pub fn refs(&self) -> impl Iterator<Item = Ref<T>> + '_ {
        (self.start..self.end).map(|at| Ref { group: Arc::clone(&self.group), at })
    }

    /// Loads relations of all these rows: `users.load(User::PROFILE, &db)`. What is loaded already is left as it is.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub fn load<S, N>(&self, relations: N, source: &S) -> impl Future<Output = Result<()>> + Send
    where
        S: Source,
        N: Tree<S::Session, T>,
    {
        crate::plan::load(self.rows(), relations, source)
    }
}

/// Half of a fingerprint.
fn fold(key: NonZeroU64) -> u32 {
    // The upper half is the better mixed one.
    u32::try_from(key.get() >> 32).unwrap_or_default()
}

impl<T: Model> Default for Many<T> {
    fn default() -> Self {
        Self::from_iter([])
    }
}

impl<T: Model> FromIterator<T> for Many<T> {
    /// As [`from_rows`](Many::from_rows): the rows become one another's peers.
    fn from_iter<I: IntoIterator<Item = T>>(rows: I) -> Self {
        Self::whole(Batch::from_iter(rows).into_group())
    }
}

impl<T: Model> From<Vec<T>> for Many<T> {
    /// As [`from_rows`](Many::from_rows).
    fn from(rows: Vec<T>) -> Self {
        Self::from_rows(rows)
    }
}

impl<'a, T: Model> IntoIterator for &'a Many<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: Model + fmt::Debug> fmt::Debug for Many<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: Model + PartialEq> PartialEq for Many<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: Model + Eq> Eq for Many<T> {}
