//! Stores of the tests' own: they answer later, and some leave out a part of what a store has to do.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use relations_core::RelationCache;
use relations_core::cache::{Answer, CacheConfig, CacheEntry, CacheKey, CacheStore, Count, Fence, Stamp, Usage};

use super::database::World;

/// Entries in a map, behind a fence unless it is left out.
pub(super) struct Mapped {
    pub(super) count: Count,
    pub(super) world: Arc<World>,
    /// Whether it turns away what is stale.
    pub(super) turns_away: bool,
    /// Whether it says which loads are stale.
    pub(super) tells_stale: bool,
}

impl RelationCache for Mapped {
    fn now(&self) -> Stamp {
        self.count.now()
    }

    fn advance(&self) {
        self.count.next();
    }

    fn open(&self, _: &str, _: &CacheConfig) -> Box<dyn CacheStore> {
        let (fence, world) = (Fence::new(&self.count), Arc::clone(&self.world));
        let Self { turns_away, tells_stale, .. } = *self;
        Box::new(Store { entries: Mutex::default(), fence, world, turns_away, tells_stale })
    }
}

struct Store {
    entries: Mutex<HashMap<Box<dyn CacheKey>, CacheEntry>>,
    fence: Fence,
    world: Arc<World>,
    turns_away: bool,
    tells_stale: bool,
}

impl CacheStore for Store {
    fn get(&self, keys: &[&dyn CacheKey]) -> Answer<'_, Vec<Option<CacheEntry>>> {
        let keys: Vec<_> = keys.iter().map(|key| key.boxed()).collect();
        Answer::Later(Box::pin(async move {
            self.world.pause().await;
            let admits = |entry: &CacheEntry| !self.turns_away || self.fence.admits(entry.since());
            let found: Vec<_> = {
                let entries = self.entries.lock().unwrap();
                keys.iter().map(|key| entries.get(key).filter(|entry| admits(entry)).cloned()).collect()
            };
            self.world.pause().await;
            found
        }))
    }

    fn put(&self, entries: Vec<(Box<dyn CacheKey>, CacheEntry)>) -> Answer<'_, u64> {
        Answer::Later(Box::pin(async move {
            let mut turned_away = 0;
            for (key, entry) in entries {
                self.world.pause().await;
                let (place, since) = (self.fence.place(&*key), entry.since());
                let keep = || drop(self.entries.lock().unwrap().insert(key, entry));
                if !self.turns_away {
                    keep();
                } else if !self.fence.publish(place, since, keep) {
                    turned_away += 1;
                }
            }
            self.world.pause().await;
            turned_away
        }))
    }

    fn remove(&self, key: &dyn CacheKey) {
        let remove = || drop(self.entries.lock().unwrap().remove(&key.boxed()));
        self.fence.invalidate(self.fence.place(key), remove);
    }

    fn clear(&self) {
        self.fence.invalidate_all();
        self.entries.lock().unwrap().clear();
    }

    fn is_current(&self, key: &dyn CacheKey, since: Stamp) -> bool {
        !self.tells_stale || self.fence.is_current(self.fence.place(key), since)
    }

    fn usage(&self) -> Usage {
        Usage::new(self.entries.lock().unwrap().len() as u64, 0)
    }
}
