//! `Db`: a source with what is shared by all who read through it.

mod transaction;

use std::any::TypeId;
use std::fmt;
use std::sync::Arc;

use rustc_hash::FxHashMap;

pub use transaction::DbTransaction;

use crate::cache::{Cache, CacheConfig, CacheSettings, Clock, MokaCache, RelationCache, SystemClock};
use crate::error::Result;
use crate::plan::Cached;
use crate::relation::{Relation, RelationQuery};
use crate::source::{Plan, Settings, Source};

/// A source with a shared cache. Cheap to clone; the clones share it.
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
}

struct Shared<S> {
    source: S,
    cache: Cache,
    is_cached: bool,
}

impl<S> Db<S> {
    /// Starts with a source. Without more said, nothing is cached.
    pub fn builder(source: S) -> DbBuilder<S> {
        DbBuilder {
            source,
            config: None,
            settings: FxHashMap::default(),
            store: Arc::new(MokaCache::new()),
            clock: Arc::new(SystemClock::new()),
        }
    }

    /// The source by itself: what is read from it goes past the cache.
    pub fn source(&self) -> &S {
        &self.shared.source
    }

    /// The shared cache: what it has done, and what makes it stale.
    pub fn cache(&self) -> &Cache {
        &self.shared.cache
    }
}

#[cfg(feature = "sqlite")]
impl Db<crate::Sqlite> {
    /// Starts a log of all statements that are sent to the database. What the cache answers sends none.
    pub fn record(&self) -> crate::StatementLog {
        self.source().record()
    }
}

impl<S> Clone for Db<S> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<S: fmt::Debug> fmt::Debug for Db<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Db").field("source", &self.shared.source).field("cache", &self.shared.cache).finish()
    }
}

impl<S: Source + Send> Source for Db<S> {
    type Session = S::Session;

    async fn run<P: Plan<S::Session>>(&self, plan: P) -> Result<P::Output> {
        if !self.shared.is_cached {
            return self.shared.source.run(plan).await;
        }
        let cache = self.shared.cache.clone();
        let since = cache.now();
        self.shared.source.run(Cached { plan, cache, since }).await
    }

    fn settings(&self) -> &Settings {
        self.shared.source.settings()
    }

    fn cache(&self) -> Option<&Cache> {
        self.shared.is_cached.then_some(&self.shared.cache)
    }
}

/// Settings of a [`Db`] that is about to be built.
#[must_use = "a builder makes nothing before `build`"]
pub struct DbBuilder<S> {
    source: S,
    config: Option<CacheConfig>,
    settings: FxHashMap<TypeId, CacheSettings>,
    store: Arc<dyn RelationCache>,
    clock: Arc<dyn Clock>,
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
        self.settings.insert(TypeId::of::<R>(), settings);
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

    /// Builds the `Db`.
    ///
    /// # Errors
    /// When a setting of the cache is 0, far too long, or contradicts another.
    pub fn build(self) -> Result<Db<S>> {
        let is_cached = self.config.is_some();
        let config = self.config.unwrap_or_default();
        config.check()?;
        self.settings.values().try_for_each(CacheSettings::check)?;
        let cache = Cache::new(config, self.settings, self.store, self.clock);
        Ok(Db { shared: Arc::new(Shared { source: self.source, cache, is_cached }) })
    }
}

impl<S: fmt::Debug> fmt::Debug for DbBuilder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DbBuilder").field("source", &self.source).field("cache", &self.config).finish_non_exhaustive()
    }
}
