//! `Memory`: a source whose tables are lists of rows, for tests. It answers whatever SQLite does, with the same rows in
//! the same order.

mod aggregate;
mod tables;

use std::borrow::Borrow;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;

use rustc_hash::FxHashSet;

use self::tables::Stored;
use crate::descriptor::RelationDescriptor;
use crate::error::Result;
use crate::join_table::{JoinRow, JoinTable};
use crate::key::Key;
use crate::log::{Recorders, Statement, StatementLog};
use crate::model::Model;
use crate::relation::RelationQuery;
use crate::settings::positive;
use crate::source::narrow::{About, Look, RowOf};
use crate::source::{Loaded, Plan, Reader, RelationLoader, Request, Settings, Source};

/// A source in memory, for tests: a list of rows for each model. Cheap to clone; the clones share the rows.
///
/// All that works on a database works here: relations of all kinds, filters, orders, limits, windows, aggregates, with
/// the same results as on [`Sqlite`](crate::Sqlite). A load looks at every row of a table, so it is made for tables of
/// tests, not of applications. To filter or order by a type of your own, implement `From` it for
/// [`Value`](crate::Value).
///
/// ```
/// use relations_core::{HasMany, Memory, Relations, block_on};
///
/// #[derive(Debug, Clone, Relations)]
/// pub struct User { id: i64, name: String, #[has_many(order_by(id desc))] posts: HasMany<Post> }
/// #[derive(Debug, Clone, Relations)]
/// pub struct Post { id: i64, user_id: i64 }
///
/// let user = |id, name: &str| User { id, name: name.to_owned(), posts: HasMany::default() };
/// let db = Memory::new()
///     .with([user(1, "Ann"), user(2, "Bob")])
///     .with([Post { id: 1, user_id: 1 }, Post { id: 2, user_id: 1 }]);
/// let log = db.record();
/// block_on(async {
///     let users = User::query().filter(User::NAME.like("a%")).all(&db).await?;
///     assert_eq!(users[0].posts(&db).await?[0].id, 2);
///     assert_eq!(log.statements().len(), 2);
///     assert_eq!(&*log.statements()[1].sql, "posts by user_id, order id desc");
///     Ok::<(), relations_core::Error>(())
/// })?;
/// # Ok::<(), relations_core::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Memory {
    shared: Arc<Shared>,
    settings: Settings,
}

#[derive(Default)]
struct Shared {
    /// Changed as a whole, so that a plan sees what was there when it began.
    stored: RwLock<Arc<Stored>>,
    recorders: Arc<Recorders>,
}

impl Memory {
    /// A source without tables. Reading a model that it was given no rows of is an error.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds rows of a model, in their order; an empty list makes an empty table. What their relation fields hold is
    /// forgotten.
    pub fn with<T: Model + Clone>(self, rows: impl IntoIterator<Item = T>) -> Self {
        self.change(|stored| stored.extend(rows));
        self
    }

    /// Adds rows of a plain join table, each as the keys of an owner and of a target: `joined(Post::TAGS, [(1, 10)])`.
    /// They stand for all relations over the table.
    pub fn joined<R, N, F>(self, relation: RelationQuery<R>, rows: impl IntoIterator<Item = (N, F)>) -> Self
    where
        R: JoinTable<N, F>,
    {
        let _ = relation;
        self.with(rows.into_iter().map(|(owner, target)| JoinRow::<R>::new(owner, target)))
    }

    /// Changes the rows of a model. Plans that have begun do not see it. Reading this source inside the closure would wait
    /// for itself.
    pub fn change<T: Model + Clone, O>(&self, change: impl FnOnce(&mut Vec<T>) -> O) -> O {
        let mut stored = self.shared.stored.write().unwrap_or_else(PoisonError::into_inner);
        let mut changed = Stored::clone(&stored);
        let outcome = changed.change(change);
        *stored = Arc::new(changed);
        outcome
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

    /// Starts a log of what is read, a statement for each that a database would be sent, in words: `posts by user_id`.
    /// The log ends when it is dropped.
    pub fn record(&self) -> StatementLog {
        self.shared.recorders.record()
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").finish_non_exhaustive()
    }
}

impl Source for Memory {
    type Session = MemorySession;

    async fn run<P: Plan<MemorySession>>(&self, plan: P) -> Result<P::Output> {
        let stored = Arc::clone(&self.shared.stored.read().unwrap_or_else(PoisonError::into_inner));
        let session = MemorySession { stored, recorders: Arc::clone(&self.shared.recorders) };
        plan.run(Reader::new(&session)).await
    }

    fn settings(&self) -> &Settings {
        &self.settings
    }
}

/// The tables of a [`Memory`], as one plan sees them.
pub struct MemorySession {
    stored: Arc<Stored>,
    recorders: Arc<Recorders>,
}

/// A row that a table holds, or that was made for one relation of a row that stands for several.
enum Held<'a, T> {
    Kept(&'a T),
    Made(T),
}

impl<T> Borrow<T> for Held<'_, T> {
    fn borrow(&self) -> &T {
        match self {
            Self::Kept(row) => row,
            Self::Made(row) => row,
        }
    }
}

impl MemorySession {
    /// The rows of a request.
    fn select<T: Model, K: Key>(&self, request: &Request<T, K>) -> Result<Vec<Held<'_, T>>> {
        let about = About::of(request);
        let look = Look { about, tables: &*self.stored };
        let asked: FxHashSet<&K> = request.keys.iter().flatten().collect();
        // The keys among those asked for that the row belongs to.
        let keys_of = |row: &T| {
            let mut keys: Vec<K> = Vec::new();
            for columns in [Some(request.columns), request.either].into_iter().flatten() {
                look.follow(RowOf::new(row), columns, request.path, None, &mut |end, columns| {
                    let key = K::held(&end, columns).filter(|key| asked.contains(key) && !keys.contains(key));
                    keys.extend(key);
                    Ok(())
                })?;
            }
            Ok(keys)
        };
        let mut rows = Vec::new();
        for row in self.stored.all::<T>(about)? {
            if request.keys.is_none() || !keys_of(row.borrow())?.is_empty() {
                rows.push(row);
            }
        }
        look.narrow(rows, request, keys_of)
    }

    /// When to begin the time of a statement, if anybody records it.
    fn started(&self) -> Option<Instant> {
        self.recorders.is_active().then(Instant::now)
    }

    fn record<T: Model, K: Key>(&self, request: &Request<T, K>, started: Option<Instant>, of: &str, rows: usize) {
        if let Some(started) = started {
            self.recorders.write(&Statement {
                sql: format!("{of}{}", request.describe()).into(),
                rows,
                model: T::NAME,
                relation: request.relation.map(|relation| relation.path()),
                keys: request.keys.as_ref().map_or(0, Vec::len),
                duration: started.elapsed(),
            });
        }
    }
}

impl<T: Model, K: Key> RelationLoader<T, K> for MemorySession {
    async fn load(&self, request: Request<T, K>) -> Result<Loaded<T, K>> {
        let started = self.started();
        let rows = self.select(&request)?;
        self.record(&request, started, "", rows.len());
        let copy = |row| match row {
            // All rows that are stored can be copied.
            Held::Kept(row) => T::COPY.map(|copy| copy(row)),
            Held::Made(row) => Some(row),
        };
        Ok(Loaded { rows: rows.into_iter().filter_map(copy).collect(), failures: Vec::new() })
    }

    async fn count(&self, request: Request<T, K>) -> Result<u64> {
        let started = self.started();
        let count = self.select(&request)?.len() as u64;
        self.record(&request, started, "count of ", 1);
        Ok(count)
    }

    fn joins(_: &'static RelationDescriptor) -> bool {
        true
    }
}
