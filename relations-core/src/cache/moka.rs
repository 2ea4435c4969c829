//! The store by default: moka, in memory, one of its caches for each relation, behind a fence.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ::moka::notification::RemovalCause;
use ::moka::policy::EvictionPolicy;
use ::moka::sync::Cache;
use rustc_hash::FxBuildHasher;

use super::CacheConfig;
use super::fence::{Count, Fence, Stamp};
use super::store::{Answer, CacheEntry, CacheKey, CacheStore, RelationCache, Usage};

/// Keeps entries in memory, by [moka](::moka). The least recently used go first.
#[derive(Debug, Clone, Default)]
pub struct MokaCache {
    count: Count,
}

impl MokaCache {
    /// Nothing kept yet.
    pub fn new() -> Self {
        Self::default()
    }
}

impl RelationCache for MokaCache {
    fn now(&self) -> Stamp {
        self.count.now()
    }

    fn advance(&self) {
        self.count.next();
    }

    fn open(&self, name: &str, config: &CacheConfig) -> Box<dyn CacheStore> {
        let held = Arc::new(Held::default());
        let counted = Arc::clone(&held);
        let mut builder = Cache::builder()
            .name(name)
            .eviction_policy(EvictionPolicy::lru())
            .eviction_listener(move |_, entry: CacheEntry, cause| counted.removed(&entry, cause));
        match (config.max_weight, config.max_entries) {
            (Some(weight), _) => {
                builder = builder.weigher(|_, entry: &CacheEntry| entry.weight).max_capacity(weight);
            }
            (None, Some(entries)) => builder = builder.max_capacity(entries),
            (None, None) => {}
        }
        // Whether an entry is too old to be handed out is seen when it is read; this frees what nobody reads.
        if let Some(ttl) = config.ttl {
            builder = builder.time_to_live(ttl);
        }
        if let Some(tti) = config.tti {
            builder = builder.time_to_idle(tti);
        }
        let fence = Fence::new(&self.count);
        Box::new(Store { entries: builder.build_with_hasher(FxBuildHasher), fence, held })
    }
}

struct Store {
    entries: Cache<Box<dyn CacheKey>, CacheEntry, FxBuildHasher>,
    fence: Fence,
    held: Arc<Held>,
}

/// What a store holds now, and what it has let go by itself.
#[derive(Default)]
struct Held {
    entries: AtomicU64,
    weight: AtomicU64,
    expired: AtomicU64,
    evicted: AtomicU64,
}

impl Held {
    fn added(&self, entry: &CacheEntry) {
        self.entries.fetch_add(1, Ordering::Relaxed);
        self.weight.fetch_add(entry.weight.into(), Ordering::Relaxed);
    }

    fn removed(&self, entry: &CacheEntry, cause: RemovalCause) {
        self.entries.fetch_sub(1, Ordering::Relaxed);
        self.weight.fetch_sub(entry.weight.into(), Ordering::Relaxed);
        match cause {
            RemovalCause::Expired => self.expired.fetch_add(1, Ordering::Relaxed),
            RemovalCause::Size => self.evicted.fetch_add(1, Ordering::Relaxed),
            RemovalCause::Explicit | RemovalCause::Replaced => 0,
        };
    }
}

impl Store {
    /// Lets go of all that is not handed out any more: moka does so in steps.
    fn tidy(&self) {
        loop {
            let before = self.held.entries.load(Ordering::Relaxed);
            self.entries.run_pending_tasks();
            if self.held.entries.load(Ordering::Relaxed) >= before {
                break;
            }
        }
    }
}

impl CacheStore for Store {
    fn get(&self, keys: &[&dyn CacheKey]) -> Answer<'_, Vec<Option<CacheEntry>>> {
        let held = |key: &&dyn CacheKey| self.entries.get(*key).filter(|entry| self.fence.admits(entry.since));
        Answer::Now(keys.iter().map(held).collect())
    }

    fn put(&self, entries: Vec<(Box<dyn CacheKey>, CacheEntry)>) -> Answer<'_, u64> {
        let mut fenced = 0;
        for (key, entry) in entries {
            let published = self.fence.publish(self.fence.place(&*key), entry.since, || {
                self.held.added(&entry);
                self.entries.insert(key, entry);
            });
            fenced += u64::from(!published);
        }
        // Next to what these were loaded by it costs nothing, and only so moka sees what was used in its order.
        self.entries.run_pending_tasks();
        Answer::Now(fenced)
    }

    fn remove(&self, key: &dyn CacheKey) {
        self.fence.invalidate(self.fence.place(key), || self.entries.invalidate(key));
    }

    fn clear(&self) {
        self.fence.invalidate_all();
        // moka lets go of them by and by; the fence hands none of them out from now on.
        self.entries.invalidate_all();
    }

    fn is_current(&self, key: &dyn CacheKey, since: Stamp) -> bool {
        self.fence.is_current(self.fence.place(key), since)
    }

    fn usage(&self) -> Usage {
        self.tidy();
        let Held { entries, weight, expired, evicted } = &*self.held;
        Usage {
            entries: entries.load(Ordering::Relaxed),
            weight: weight.load(Ordering::Relaxed),
            expired: expired.load(Ordering::Relaxed),
            evicted: evicted.load(Ordering::Relaxed),
        }
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("usage", &self.usage()).finish_non_exhaustive()
    }
}
