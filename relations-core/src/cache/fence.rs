//! The fence: it lets a load publish only what nothing has made stale since before its snapshot began. It holds no
//! values; whoever holds them publishes and removes behind it.

use std::hash::{BuildHasher, Hash};

use rustc_hash::FxBuildHasher;

use super::sync::{Arc, AtomicU64, Mutex, Ordering, lock};

/// A point in a cache's count of invalidations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp(u64);

/// Counts the invalidations of a cache. All fences of one cache share it, so that a [`Stamp`] which is taken before it
/// is known what a plan will load holds for any of them.
#[derive(Debug, Clone, Default)]
pub struct Count(Arc<AtomicU64>);

impl Count {
    /// No invalidation yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Now. Whatever is committed before an invalidation that was counted up to now, a snapshot that begins after this
    /// call sees.
    pub fn now(&self) -> Stamp {
        Stamp(self.0.load(Ordering::Acquire))
    }

    /// Counts one more invalidation.
    pub fn next(&self) -> Stamp {
        Stamp(self.0.fetch_add(1, Ordering::AcqRel) + 1)
    }
}

/// Where a fence keeps the mark of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place(usize);

/// Keeps apart what is published and what is invalidated under the same keys. For each key it knows when it was last
/// invalidated; many keys share one such mark, so that the fence does not grow, and now and then a load is turned away
/// without need.
#[derive(Debug)]
pub struct Fence {
    count: Count,
    /// When a key with this hash was last invalidated.
    marks: Box<[Mutex<u64>]>,
    /// When all keys were.
    floor: AtomicU64,
}

impl Fence {
    /// A fence that turns away everything from before now.
    pub fn new(count: &Count) -> Self {
        Self::with_marks(count, 256)
    }

    /// The same with so many marks.
    pub(crate) fn with_marks(count: &Count, marks: usize) -> Self {
        let marks = (0..marks.max(1)).map(|_| Mutex::new(0)).collect();
        Self { count: count.clone(), marks, floor: AtomicU64::new(count.now().0) }
    }

    /// Where the mark of a key is.
    pub fn place(&self, key: &(impl Hash + ?Sized)) -> Place {
        // The upper half is the better mixed one.
        let hash = usize::try_from(FxBuildHasher.hash_one(key) >> 32).unwrap_or_default();
        Place(hash % self.marks.len())
    }

    fn mark(&self, Place(place): Place) -> &Mutex<u64> {
        // Of another fence, it may be a place that this one does not have.
        &self.marks[place % self.marks.len()]
    }

    /// Calls `publish` if the key was not invalidated since; no invalidation of it comes between. Whether it was called.
    pub fn publish(&self, key: Place, since: Stamp, publish: impl FnOnce()) -> bool {
        let mark = lock(self.mark(key));
        let is_current = *mark <= since.0 && self.admits(since);
        if is_current {
            publish();
        }
        is_current
    }

    /// Invalidates a key: whatever was loaded before is not published any more. `remove` takes away what was.
    pub fn invalidate(&self, key: Place, remove: impl FnOnce()) {
        let mut mark = lock(self.mark(key));
        *mark = self.count.next().0;
        remove();
    }

    /// Invalidates all keys: whatever was loaded before is neither published nor, if [`admits`](Self::admits) is asked,
    /// handed out any more.
    pub fn invalidate_all(&self) {
        self.floor.fetch_max(self.count.next().0, Ordering::AcqRel);
    }

    /// Whether not all keys were invalidated since. Whoever hands out a value asks this of the stamp it was loaded with.
    pub fn admits(&self, since: Stamp) -> bool {
        self.floor.load(Ordering::Acquire) <= since.0
    }

    /// Whether the key was not invalidated since.
    pub fn is_current(&self, key: Place, since: Stamp) -> bool {
        *lock(self.mark(key)) <= since.0 && self.admits(since)
    }
}
