//! The seam for other stores: what keeps the entries of a relation, and how a cache opens one for each.

use std::any::Any;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::pin::Pin;
use std::sync::Arc;

use super::CacheConfig;
use super::fence::Stamp;
use crate::key::Key;

/// A key of an entry: its relation's key, such as `(7,)`. It compares and hashes as that, and prints as it by `Debug`.
pub trait CacheKey: Any + fmt::Debug + Send + Sync {
    /// Feeds it to a hasher.
    #[doc(hidden)]
    fn feed(&self, hasher: &mut dyn Hasher);
    /// Whether both are the same key.
    #[doc(hidden)]
    fn is(&self, other: &dyn Any) -> bool;
    /// A copy to keep.
    fn boxed(&self) -> Box<dyn CacheKey>;
}

impl<K: Key> CacheKey for K {
    fn feed(&self, mut hasher: &mut dyn Hasher) {
        self.hash(&mut hasher);
    }

    fn is(&self, other: &dyn Any) -> bool {
        other.downcast_ref() == Some(self)
    }

    fn boxed(&self) -> Box<dyn CacheKey> {
        Box::new(self.clone())
    }
}

impl Hash for dyn CacheKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.feed(state);
    }
}

impl PartialEq for dyn CacheKey {
    fn eq(&self, other: &Self) -> bool {
        self.is(other)
    }
}

impl Eq for dyn CacheKey {}

/// What a store keeps under a key: the rows of one relation by that key, perhaps none. Cheap to clone.
#[derive(Clone)]
pub struct CacheEntry {
    pub(crate) rows: Arc<dyn Any + Send + Sync>,
    pub(crate) weight: u32,
    pub(crate) since: Stamp,
}

impl CacheEntry {
    /// The bytes that it and its key take.
    pub fn weight(&self) -> u32 {
        self.weight
    }

    /// Taken before the snapshot began that the rows come from.
    pub fn since(&self) -> Stamp {
        self.since
    }
}

impl fmt::Debug for CacheEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CacheEntry").field("weight", &self.weight).field("since", &self.since).finish_non_exhaustive()
    }
}

/// What a store answers: at once, or later. Only a store beyond this process has to keep its caller waiting.
pub enum Answer<'a, T> {
    /// At once.
    Now(T),
    /// Later.
    Later(Pin<Box<dyn Future<Output = T> + Send + 'a>>),
}

impl<T> Answer<'_, T> {
    /// Waits for it.
    pub async fn get(self) -> T {
        match self {
            Self::Now(answer) => answer,
            Self::Later(answer) => answer.await,
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for Answer<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Now(answer) => f.debug_tuple("Now").field(answer).finish(),
            Self::Later(_) => f.write_str("Later(..)"),
        }
    }
}

/// What a shared cache is made of: it opens a [`CacheStore`] for each relation. [`MokaCache`](super::MokaCache) is what
/// a `Db` has by default; [`DbBuilder::cache_store`](crate::DbBuilder::cache_store) takes another.
pub trait RelationCache: Send + Sync + 'static {
    /// Now, in the count of invalidations that all its stores share: see [`Count`](super::Count).
    fn now(&self) -> Stamp;

    /// Counts one invalidation, of keys for which no store is open: whatever was loaded before now is turned away by a
    /// store that is opened later.
    fn advance(&self);

    /// Opens the store for the entries of one relation. `name` tells it from all others: `User.posts`, or
    /// `Post.tags over PostTag`.
    fn open(&self, name: &str, config: &CacheConfig) -> Box<dyn CacheStore>;
}

/// Keeps the entries of one relation.
///
/// A store that fails finds nothing and keeps nothing; reads are then answered by the database. It has to turn away what
/// is stale: an entry is kept only if its key was not removed after the entry's stamp was taken. [`Fence`](super::Fence)
/// does that for a store in memory. One beyond this process would keep the count of removals where it keeps the entries;
/// `get` and `put` may answer later for its sake. Entries are values of this process, though: as bytes they cannot be had
/// yet.
///
/// The example `cache_store` is a small one. Its `get` hands out what [`Fence::admits`](super::Fence::admits), its `put`
/// goes through [`Fence::publish`](super::Fence::publish), and it removes within
/// [`Fence::invalidate`](super::Fence::invalidate).
pub trait CacheStore: Send + Sync {
    /// What it keeps under these keys, in their order.
    fn get(&self, keys: &[&dyn CacheKey]) -> Answer<'_, Vec<Option<CacheEntry>>>;

    /// Keeps these entries, save those whose key was removed since [`CacheEntry::since`]. The number of those.
    fn put(&self, entries: Vec<(Box<dyn CacheKey>, CacheEntry)>) -> Answer<'_, u64>;

    /// Removes what is kept under a key. Once it returns, no [`get`](Self::get) gives what was loaded before the call.
    fn remove(&self, key: &dyn CacheKey);

    /// Removes everything, in the same sense.
    fn clear(&self);

    /// Whether nothing was removed under this key since. A reader that finds another one loading the key waits for it
    /// only if this holds of when that load began.
    fn is_current(&self, key: &dyn CacheKey, since: Stamp) -> bool;

    /// What it holds, and what it let go by itself.
    fn usage(&self) -> Usage;
}

/// What a store holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Usage {
    /// The number of entries.
    pub entries: u64,
    /// Their weight, in bytes.
    pub weight: u64,
    /// How many it let go because of their age.
    pub expired: u64,
    /// How many it let go to make room.
    pub evicted: u64,
}

impl Usage {
    /// So many entries of this weight, none let go.
    pub const fn new(entries: u64, weight: u64) -> Self {
        Self { entries, weight, expired: 0, evicted: 0 }
    }
}
