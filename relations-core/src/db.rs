//! `Db`: a source with what is shared by all who read through it, and how they read.

mod transaction;

use std::any::TypeId;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use rustc_hash::FxHashMap;

pub use transaction::DbTransaction;

use crate::audit::{Audit, Hook, NPlusOne};
use crate::cache::{Cache, CacheConfig, CacheSettings, Clock, MokaCache, RelationCache, SystemClock};
use crate::error::{ErrorKind, Result};
use crate::log::{Recorders, StatementLog};
use crate::plan::Through;
use crate::relation::{Relation, RelationQuery};
use crate::settings::{LoadMode, positive};
use crate::source::{Plan, Settings, Source};
use crate::timer;

/// A source with a shared cache, logs, and a say in how lazy reads load. Cheap to clone; the clones share it.
///
/// ```
/// use relations_core::{CacheConfig, Db, Sqlite};
///
/// let db = Db::builder(Sqlite::memory()?).cache(CacheConfig::default()).build()?;
/// assert_eq!(db.cache().report().total.entries, 0);
/// # Ok::<(), relations_core::Error>(())
/// ```
pub struct Db<S> {
    shared: Arc<Shared<S>>,
    settings: Settings,
}

struct Shared<S> {
    source: S,
    cache: Cache,
    is_cached: bool,
    recorders: Arc<Recorders>,
}

impl<S> Db<S> {
    /// Starts with a source. Without more said, nothing is cached.
    pub fn builder(source: S) -> DbBuilder<S> {
        DbBuilder {
            source,
            config: None,
            relations: FxHashMap::default(),
            store: Arc::new(MokaCache::new()),
            clock: Arc::new(SystemClock::new()),
            batch_limit: None,
            load_mode: None,
            timeout: None,
            n_plus_one_after: None,
            on_n_plus_one: None,
        }
    }

    /// The same `Db`, whose lazy reads do something else: for one call, `post.author(&db.with_mode(LoadMode::Raise))`, or
    /// for a part of the program, which may keep it. They share everything else.
    ///
    /// ```
    /// # use relations_core::{Db, HasMany, LoadMode, Relations, Sqlite, block_on};
    /// # #[derive(Debug, Relations)]
    /// # pub struct User { id: i64, #[has_many] posts: HasMany<Post> }
    /// # #[derive(Debug, Relations)]
    /// # pub struct Post { id: i64, user_id: i64 }
    /// # block_on(async {
    /// # let sqlite = Sqlite::memory()?;
    /// # sqlite.connection(|c| c.execute_batch(
    /// #     "CREATE TABLE users (id INTEGER PRIMARY KEY);
    /// #      CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL);
    /// #      INSERT INTO users VALUES (1), (2);"
    /// # )).await?;
    /// let db = Db::builder(sqlite).load_mode(LoadMode::Raise).build()?;
    /// let users = User::all(&db).await?;
    /// assert!(users[0].posts(&db).await.is_err());
    /// assert!(users[0].posts(&db.with_mode(LoadMode::Batch)).await?.is_empty());
    /// # Ok::<(), relations_core::Error>(())
    /// # })?;
    /// # Ok::<(), relations_core::Error>(())
    /// ```
    pub fn with_mode(&self, mode: LoadMode) -> Self {
        Self { settings: Settings { load_mode: mode, ..self.settings.clone() }, ..self.clone() }
    }

    /// Starts a log of all that is sent by reading through this `Db`, its clones and its transactions. It ends when it is
    /// dropped. What the cache answers sends nothing; nor is SQL of your own in it.
    ///
    /// A source of your own has to tell what it sends: [`Request::sent`](crate::source::Request::sent).
    pub fn record(&self) -> StatementLog {
        self.shared.recorders.record()
    }

    /// The source by itself: what is read from it goes past the cache, and lazy reads load in batches.
    pub fn source(&self) -> &S {
        &self.shared.source
    }

    /// The shared cache: what it has done, and what makes it stale.
    pub fn cache(&self) -> &Cache {
        &self.shared.cache
    }
}

impl<S> Clone for Db<S> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), settings: self.settings.clone() }
    }
}

impl<S: fmt::Debug> fmt::Debug for Db<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Db")
            .field("source", &self.shared.source)
            .field("cache", &self.shared.cache)
            .field("settings", &self.settings)
            .finish()
    }
}

impl<S: Source + Send> Source for Db<S> {
    type Session = S::Session;

    async fn run<P: Plan<S::Session>>(&self, plan: P) -> Result<P::Output> {
        let Shared { source, cache, is_cached, recorders } = &*self.shared;
        let cache = is_cached.then(|| (cache.clone(), cache.now()));
        let plan = Through { plan, cache, recorders: Arc::clone(recorders) };
        run(source, plan, self.settings.timeout).await
    }

    fn settings(&self) -> &Settings {
        &self.settings
    }

    fn cache(&self) -> Option<&Cache> {
        self.shared.is_cached.then_some(&self.shared.cache)
    }
}

/// Runs a plan, for no longer than it may take.
async fn run<S: Source, P: Plan<S::Session>>(source: &S, plan: P, limit: Option<Duration>) -> Result<P::Output> {
    let subject = plan.subject();
    // The future of a tree is large, and would be a part of that of everyone who awaits it.
    timer::limited(limit, subject, Box::pin(source.run(plan))).await
}

/// Settings of a [`Db`] that is about to be built.
#[must_use = "a builder makes nothing before `build`"]
pub struct DbBuilder<S> {
    source: S,
    config: Option<CacheConfig>,
    relations: FxHashMap<TypeId, CacheSettings>,
    store: Arc<dyn RelationCache>,
    clock: Arc<dyn Clock>,
    batch_limit: Option<u32>,
    load_mode: Option<LoadMode>,
    timeout: Option<Duration>,
    n_plus_one_after: Option<u32>,
    on_n_plus_one: Option<Hook>,
}

impl<S> DbBuilder<S> {
    /// Switches the shared cache on, and says how it keeps the relations that do not say it themselves.
    ///
    /// A relation's own `cache` attribute goes before this, and [`cache_relation`](Self::cache_relation) before both.
    pub fn cache(self, config: CacheConfig) -> Self {
        Self { config: Some(config), ..self }
    }

    /// Says how one relation is cached, whatever its attribute says. It takes effect where [`cache`](Self::cache) has
    /// switched the cache on.
    pub fn cache_relation<R: Relation>(mut self, relation: RelationQuery<R>, settings: CacheSettings) -> Self {
        let _ = relation;
        self.relations.insert(TypeId::of::<R>(), settings);
        self
    }

    /// Where the entries are kept; in memory, by [`MokaCache`], if not set.
    pub fn cache_store(self, store: impl RelationCache) -> Self {
        Self { store: Arc::new(store), ..self }
    }

    /// The clock by which entries age; the system's if not set.
    pub fn clock(self, clock: impl Clock) -> Self {
        Self { clock: Arc::new(clock), ..self }
    }

    /// The number of owners, around the one that is read, for which a lazy read loads at once; that of the source if not
    /// set.
    pub fn batch_limit(self, owners: u32) -> Self {
        Self { batch_limit: Some(owners), ..self }
    }

    /// What a lazy read does when its relation is not loaded; it loads for all peers at once if not set.
    /// [`Db::with_mode`] says it for one call.
    pub fn load_mode(self, mode: LoadMode) -> Self {
        Self { load_mode: Some(mode), ..self }
    }

    /// How long a load may take, with what it waits for: [`ErrorKind::Timeout`] then. No limit if not set.
    ///
    /// The load is given up as if its future had been dropped: rows, connections and those who wait for the same load stay
    /// usable. What a connection's thread of a [`Sqlite`](crate::Sqlite) has begun is finished there, and what runs inline
    /// is finished first. The time of a runtime is not needed, nor used.
    pub fn timeout(self, limit: Duration) -> Self {
        Self { timeout: Some(limit), ..self }
    }

    /// Calls this when a relation is loaded row by row from one place in the program ([`LoadMode::Single`]): once for each
    /// relation and place, as long as the `Db` lives. With the feature `tracing` that is a warning, too.
    ///
    /// Loads for rows of lists count, not those for a row that was found by itself.
    ///
    /// ```
    /// # use relations_core::{Db, HasMany, LoadMode, Relations, Sqlite, block_on};
    /// # #[derive(Debug, Relations)]
    /// # pub struct User { id: i64, #[has_many] posts: HasMany<Post> }
    /// # #[derive(Debug, Relations)]
    /// # pub struct Post { id: i64, user_id: i64 }
    /// # block_on(async {
    /// # let sqlite = Sqlite::memory()?;
    /// # sqlite.connection(|c| c.execute_batch(
    /// #     "CREATE TABLE users (id INTEGER PRIMARY KEY);
    /// #      CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL);
    /// #      INSERT INTO users VALUES (1), (2), (3);"
    /// # )).await?;
    /// let (sender, found) = std::sync::mpsc::channel();
    /// let db = Db::builder(sqlite)
    ///     .load_mode(LoadMode::Single)
    ///     .n_plus_one_after(2)
    ///     .on_n_plus_one(move |found| drop(sender.send(found.clone())))
    ///     .build()?;
    /// for user in &User::all(&db).await? {
    ///     user.posts(&db).await?;
    /// }
    /// let found = found.try_recv().unwrap();
    /// assert_eq!((found.relation.to_string().as_str(), found.loads), ("User.posts", 2));
    /// assert_eq!(found.location.line(), line!() - 4);
    /// # Ok::<(), relations_core::Error>(())
    /// # })?;
    /// # Ok::<(), relations_core::Error>(())
    /// ```
    pub fn on_n_plus_one(self, call: impl Fn(&NPlusOne) + Send + Sync + 'static) -> Self {
        Self { on_n_plus_one: Some(Box::new(call)), ..self }
    }

    /// After how many loads of one relation from one place that is; 10 if not set.
    pub fn n_plus_one_after(self, loads: u32) -> Self {
        Self { n_plus_one_after: Some(loads), ..self }
    }
}

impl<S: Source> DbBuilder<S> {
    /// Builds the `Db`.
    ///
    /// # Errors
    /// When a limit is 0, or a setting of the cache is 0, far too long, or contradicts another.
    pub fn build(mut self) -> Result<Db<S>> {
        let settings = self.settings()?;
        let is_cached = self.config.is_some();
        let config = self.config.unwrap_or_default();
        config.check()?;
        self.relations.values().try_for_each(CacheSettings::check)?;
        let cache = Cache::new(config, self.relations, self.store, self.clock);
        let shared = Shared { source: self.source, cache, is_cached, recorders: Arc::default() };
        Ok(Db { shared: Arc::new(shared), settings })
    }

    /// The settings of the source, except for what was said.
    fn settings(&mut self) -> Result<Settings> {
        let settings = self.source.settings().clone();
        positive("batch_limit", self.batch_limit.map_or(1, |owners| owners as usize))?;
        positive("n_plus_one_after", self.n_plus_one_after.map_or(1, |loads| loads as usize))?;
        if self.timeout.is_some_and(|limit| limit.is_zero()) {
            let reason = "nothing could be loaded; give at least a few milliseconds";
            return Err(ErrorKind::Setting { setting: "timeout", value: "0".to_owned(), reason }.into());
        }
        let audit = match (self.n_plus_one_after, self.on_n_plus_one.take()) {
            (None, None) if settings.audit.is_some() => settings.audit,
            (after, hook) => Some(Arc::new(Audit::new(after.unwrap_or(Audit::AFTER), hook))),
        };
        Ok(Settings {
            batch_limit: self.batch_limit.unwrap_or(settings.batch_limit),
            load_mode: self.load_mode.unwrap_or(settings.load_mode),
            timeout: self.timeout.or(settings.timeout),
            audit,
        })
    }
}

impl<S: fmt::Debug> fmt::Debug for DbBuilder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DbBuilder").field("source", &self.source).field("cache", &self.config).finish_non_exhaustive()
    }
}
