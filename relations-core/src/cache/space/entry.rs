//! An entry: the rows of one key, and what they weigh.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::cache::fence::Stamp;
use crate::cache::store::CacheEntry;
use crate::key::Key;
use crate::model::Model;

/// The rows of a key, as they were loaded.
pub(super) struct Entry<T> {
    pub(super) rows: Rows<T>,
    /// When it was loaded, and when it was read.
    pub(super) filled: u64,
    pub(super) used: AtomicU64,
}

#[derive(Default)]
pub(super) enum Rows<T> {
    #[default]
    None,
    One(T),
    Many(Vec<T>),
}

impl<T> Rows<T> {
    /// No rows yet, with room for so many.
    pub(super) fn with_capacity(rows: usize) -> Self {
        if rows > 1 { Self::Many(Vec::with_capacity(rows)) } else { Self::None }
    }

    pub(super) fn push(&mut self, row: T) {
        if let Self::Many(rows) = self {
            return rows.push(row);
        }
        *self = match std::mem::take(self) {
            Self::None => Self::One(row),
            Self::One(first) => Self::Many(vec![first, row]),
            Self::Many(mut rows) => {
                rows.push(row);
                Self::Many(rows)
            }
        };
    }

    pub(super) fn as_slice(&self) -> &[T] {
        match self {
            Self::None => &[],
            Self::One(row) => std::slice::from_ref(row),
            Self::Many(rows) => rows,
        }
    }
}

/// What the allocator hands out for an entry besides what is counted: moka's nodes, its hash table, the boxes of the key
/// and the counts of references. Measured with moka 0.12 and 10,000 entries by `benches --bin memory`: 277 bytes, and
/// 24 more with a time to live, whatever the rows.
const OVERHEAD: usize = 300;

/// The rows of a key `K` as a store keeps them.
pub(super) fn entry<T: Model, K: Key>(rows: Rows<T>, filled: u64, since: Stamp) -> CacheEntry {
    let own: usize = rows.as_slice().iter().map(Model::heap_size).sum();
    let list = if let Rows::Many(rows) = &rows { rows.capacity() * size_of::<T>() } else { 0 };
    let weight = OVERHEAD + size_of::<Entry<T>>() + size_of::<K>() + list + own;
    CacheEntry {
        rows: Arc::new(Entry { rows, filled, used: AtomicU64::new(filled) }),
        weight: u32::try_from(weight).unwrap_or(u32::MAX),
        since,
    }
}
