//! Sources of one's own: `Fetch`, the small trait that says what rows can be fetched, and `CustomSource`, which does the
//! rest. What can only be done by reading more than was asked for is an error.

mod by;
mod load;

use std::fmt;
use std::sync::Arc;

pub use by::By;

use crate::descriptor::RelationDescriptor;
use crate::error::Result;
use crate::filter::{Filter, Order};
use crate::log::{Recorders, StatementLog};
use crate::model::Model;
use crate::settings::positive;
use crate::source::{Limit, Plan, Reader, Settings, Source};

/// Fetches rows of `T` by keys `K`: the one thing that a source of one's own has to do, once for each model and type of
/// key. `Fetch<User>` is about all users, without a key.
///
/// `K` is a key as one would write it: `i64`, or a tuple for a key of several columns. [`CustomSource`] makes a source of
/// what implements it; relations, trees, `find`, `load` and the cache work as with any other.
///
/// What a source says no more about is done in memory on the rows that were fetched by keys: filters, orders, limits for
/// each parent. All rows (`Fetch<User>`) are fetched for `User::all`, and for nothing less: a filter or a limit is passed on
/// if the source has it, and is an error if it has not.
///
/// ```
/// use relations_core::source::{By, Fetched, Lookup};
/// use relations_core::{CustomSource, Fetch, HasMany, Relations, block_on};
///
/// #[derive(Debug, Clone, Relations)]
/// pub struct Author { id: i64, #[has_many(order_by(id desc))] books: HasMany<Book> }
/// #[derive(Debug, Clone, Relations)]
/// pub struct Book { id: i64, author_id: i64 }
///
/// /// A service with an address for the authors of some ids, and one for the books of some authors.
/// struct Library;
///
/// impl Fetch<Author, i64> for Library {
///     type Error = std::io::Error;
///     const BY: &'static [By<Author, i64>] = &[By::column(Author::ID)];
///
///     async fn fetch(&self, lookup: Lookup<Author, i64>) -> Result<Fetched<Author, i64>, Self::Error> {
///         let known = lookup.keys.into_iter().filter(|id| *id < 100);
///         Ok(known.map(|id| Author { id, books: HasMany::default() }).collect())
///     }
/// }
///
/// impl Fetch<Book, i64> for Library {
///     type Error = std::io::Error;
///     const BY: &'static [By<Book, i64>] = &[By::column(Book::AUTHOR_ID)];
///
///     async fn fetch(&self, lookup: Lookup<Book, i64>) -> Result<Fetched<Book, i64>, Self::Error> {
///         Ok(lookup.keys.iter().flat_map(|id| [1, 2].map(|book| Book { id: 10 * id + book, author_id: *id })).collect())
///     }
/// }
///
/// let library = CustomSource::new(Library);
/// block_on(async {
///     let author = Author::find(&library, 7).await?.unwrap();
///     assert_eq!(author.books(&library).await?[0].id, 72);
///     assert!(Author::find(&library, 700).await?.is_none());
///     let error = Book::find(&library, 72).await.unwrap_err();
///     assert!(error.to_string().starts_with("`Book`: the source cannot fetch rows by `id`"));
///     Ok::<(), relations_core::Error>(())
/// })?;
/// # Ok::<(), relations_core::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot fetch rows of `{T}` by `{K}`",
    label = "does not fetch `{T}` by `{K}`",
    note = "implement `Fetch<{T}, {K}>` for `{Self}`; `()` stands for all rows, without a key"
)]
pub trait Fetch<T: Model, K: 'static = ()>: Send + Sync {
    /// Why it fails.
    type Error: Into<Box<dyn std::error::Error + Send + Sync>>;

    /// The columns that rows can be fetched by. Asking by others is an error; for all rows there are none.
    const BY: &'static [By<T, K>] = &[];

    /// Fetches the rows whose columns hold one of the keys, in any order unless one is asked for.
    ///
    /// # Errors
    /// When nothing can be fetched. What fails one key only is told by [`Fetched::fail`].
    fn fetch(&self, lookup: Lookup<T, K>) -> impl Future<Output = Result<Fetched<T, K>, Self::Error>> + Send;

    /// Whether it can apply this filter itself. If so, [`Lookup::filter`] has it.
    fn filters(&self, filter: &Filter<T>) -> bool {
        let _ = filter;
        false
    }

    /// Whether it can give rows in this order itself. If so, [`Lookup::order`] has it.
    fn orders(&self, order: &[Order<T>]) -> bool {
        let _ = order;
        false
    }

    /// Whether it can limit rows itself: those of each key, or all if there is no key. If so, [`Lookup::limit`] has it,
    /// unless a filter or an order is left to be done after.
    fn limits(&self) -> bool {
        false
    }

    /// Whether it can start after a key, as `windows(..)` does. If so, [`Lookup::after`] has it, beside the order.
    fn seeks(&self) -> bool {
        false
    }
}

/// What to fetch.
#[non_exhaustive]
pub struct Lookup<T: Model, K> {
    /// The columns that hold the keys: one of [`Fetch::BY`]. Nothing for all rows.
    pub by: Option<By<T, K>>,
    /// The keys, without duplicates.
    pub keys: Vec<K>,
    /// The relation that the rows are fetched for, if any.
    pub relation: Option<&'static RelationDescriptor>,
    /// Only rows that meet this; only what [`Fetch::filters`] was said to.
    pub filter: Option<Filter<T>>,
    /// In this order; only what [`Fetch::orders`] was said to.
    pub order: Vec<Order<T>>,
    /// So many of each key, or of all rows if there is no key; only if it [`limits`](Fetch::limits).
    pub limit: Limit,
    /// Only rows that come after the one with this key, in the `order`, which is that of the key, up or down; only if it
    /// [`seeks`](Fetch::seeks) and orders.
    pub after: Option<T::Key>,
}

impl<T: Model, K> Lookup<T, K> {
    /// Whether the keys are in these columns: `lookup.is_by(By::column(Book::AUTHOR_ID))`.
    pub fn is_by(&self, by: By<T, K>) -> bool {
        self.by == Some(by)
    }
}

impl<T: Model, K: fmt::Debug> fmt::Debug for Lookup<T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lookup")
            .field("model", &T::NAME)
            .field("by", &self.by)
            .field("keys", &self.keys)
            .field("relation", &self.relation)
            .field("filter", &self.filter)
            .field("order", &self.order)
            .field("limit", &self.limit)
            .field("after", &self.after)
            .finish()
    }
}

/// What was fetched: rows, and keys that failed. It is made from a list of rows, or collected.
#[derive(Debug)]
pub struct Fetched<T, K> {
    rows: Vec<T>,
    failures: Vec<(K, Box<dyn std::error::Error + Send + Sync>)>,
}

impl<T, K> Fetched<T, K> {
    /// Adds a row.
    pub fn push(&mut self, row: T) {
        self.rows.push(row);
    }

    /// Says that one key failed: the readers of that key get the error, those of the others get their rows.
    pub fn fail(&mut self, key: K, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) {
        self.failures.push((key, error.into()));
    }
}

impl<T, K> Default for Fetched<T, K> {
    fn default() -> Self {
        Vec::new().into()
    }
}

impl<T, K> From<Vec<T>> for Fetched<T, K> {
    fn from(rows: Vec<T>) -> Self {
        Self { rows, failures: Vec::new() }
    }
}

impl<T, K> FromIterator<T> for Fetched<T, K> {
    fn from_iter<I: IntoIterator<Item = T>>(rows: I) -> Self {
        Vec::from_iter(rows).into()
    }
}

/// A source of one's own, made of what fetches its rows: see [`Fetch`]. Cheap to clone.
pub struct CustomSource<F> {
    shared: Arc<Shared<F>>,
    settings: Settings,
    keys_per_fetch: usize,
}

struct Shared<F> {
    fetch: F,
    recorders: Recorders,
}

impl<F> CustomSource<F> {
    /// A source of what this fetches.
    pub fn new(fetch: F) -> Self {
        let shared = Arc::new(Shared { fetch, recorders: Recorders::default() });
        Self { shared, settings: Settings::default(), keys_per_fetch: usize::MAX }
    }

    /// The number of owners, around the one that is read, for which a lazy read loads at once; 1,000 if not set.
    ///
    /// # Errors
    /// When it is 0.
    pub fn batch_limit(mut self, owners: u32) -> Result<Self> {
        positive("batch_limit", owners as usize)?;
        self.settings.batch_limit = owners;
        Ok(self)
    }

    /// The most keys for one call of [`Fetch::fetch`]; no limit if not set. More keys go in several calls, one after the
    /// other.
    ///
    /// # Errors
    /// When it is 0.
    pub fn keys_per_fetch(mut self, keys: usize) -> Result<Self> {
        positive("keys_per_fetch", keys)?;
        self.keys_per_fetch = keys;
        Ok(self)
    }

    /// What fetches the rows.
    pub fn fetcher(&self) -> &F {
        &self.shared.fetch
    }

    /// Starts a log of what is fetched, as in `books by author_id`. The log ends when it is dropped.
    pub fn record(&self) -> StatementLog {
        self.shared.recorders.record()
    }
}

impl<F> Clone for CustomSource<F> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), settings: self.settings.clone(), keys_per_fetch: self.keys_per_fetch }
    }
}

impl<F> fmt::Debug for CustomSource<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CustomSource<{}>", std::any::type_name::<F>())
    }
}

impl<F: Send + Sync> Source for CustomSource<F> {
    type Session = Self;

    fn run<P: Plan<Self>>(&self, plan: P) -> impl Future<Output = Result<P::Output>> + Send {
        plan.run(Reader::new(self))
    }

    fn settings(&self) -> &Settings {
        &self.settings
    }
}
