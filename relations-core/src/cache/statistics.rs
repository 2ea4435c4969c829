//! What the cache has done: counters of each relation, and a table of them.

use std::fmt;
use std::iter::Sum;
use std::ops::Add;
use std::sync::atomic::{AtomicU64, Ordering};

use super::store::Usage;

/// The counters of one relation.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) hits: Counter,
    pub(super) misses: Counter,
    pub(super) loads: Counter,
    pub(super) waits: Counter,
    pub(super) expired: Counter,
    pub(super) invalidated: Counter,
    pub(super) fenced: Counter,
}

#[derive(Debug, Default)]
pub(super) struct Counter(AtomicU64);

impl Counter {
    pub(super) fn add(&self, count: usize) {
        if count > 0 {
            self.0.fetch_add(count as u64, Ordering::Relaxed);
        }
    }

    fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// What the shared cache has done for one relation, or for all. It counts keys: a batched read of 1,000 keys is 1,000
/// hits or misses, and one load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct CacheStats {
    /// Keys that were found.
    pub hits: u64,
    /// Keys that were not, so that they were loaded, or waited for.
    pub misses: u64,
    /// Loads that were sent to the source.
    pub loads: u64,
    /// Times that a reader waited for a load of another.
    pub waits: u64,
    /// Entries that went because of their age.
    pub expired: u64,
    /// Entries that went to make room.
    pub evicted: u64,
    /// Invalidations of a key.
    pub invalidated: u64,
    /// Entries that were not kept, as their key was invalidated while they were loaded.
    pub fenced: u64,
    /// Entries that are held.
    pub entries: u64,
    /// Their weight, in bytes.
    pub weight: u64,
}

impl CacheStats {
    pub(super) fn new(counters: &Counters, usage: Usage) -> Self {
        Self {
            hits: counters.hits.get(),
            misses: counters.misses.get(),
            loads: counters.loads.get(),
            waits: counters.waits.get(),
            expired: counters.expired.get() + usage.expired,
            evicted: usage.evicted,
            invalidated: counters.invalidated.get(),
            fenced: counters.fenced.get(),
            entries: usage.entries,
            weight: usage.weight,
        }
    }

    /// The share of keys that were found, from 0 to 1; 0 if none was looked for.
    pub fn hit_rate(&self) -> f64 {
        let looked = self.hits + self.misses;
        if looked == 0 { 0.0 } else { self.hits as f64 / looked as f64 }
    }

    fn cells(&self) -> [String; COLUMNS.len()] {
        [
            self.hits.to_string(),
            self.misses.to_string(),
            format!("{:.1} %", 100.0 * self.hit_rate()),
            self.loads.to_string(),
            self.waits.to_string(),
            self.expired.to_string(),
            self.evicted.to_string(),
            self.invalidated.to_string(),
            self.fenced.to_string(),
            self.entries.to_string(),
            self.weight.to_string(),
        ]
    }
}

impl Add for CacheStats {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            hits: self.hits + other.hits,
            misses: self.misses + other.misses,
            loads: self.loads + other.loads,
            waits: self.waits + other.waits,
            expired: self.expired + other.expired,
            evicted: self.evicted + other.evicted,
            invalidated: self.invalidated + other.invalidated,
            fenced: self.fenced + other.fenced,
            entries: self.entries + other.entries,
            weight: self.weight + other.weight,
        }
    }
}

impl Sum for CacheStats {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}

const COLUMNS: [&str; 11] = [
    "hits",
    "misses",
    "hit rate",
    "loads",
    "waits",
    "expired",
    "evicted",
    "invalidated",
    "fenced",
    "entries",
    "weight",
];

/// The statistics of all relations that have been read through the cache, and their total. Prints as a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CacheReport {
    /// Each relation as `Model.relation`, in the order of their names.
    pub relations: Vec<(String, CacheStats)>,
    /// All of them together.
    pub total: CacheStats,
}

impl fmt::Display for CacheReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = vec![("relation", COLUMNS.map(str::to_owned))];
        lines.extend(self.relations.iter().map(|(name, stats)| (name.as_str(), stats.cells())));
        lines.push(("total", self.total.cells()));
        let first = lines.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
        let widths = std::array::from_fn::<_, { COLUMNS.len() }, _>(|at| {
            lines.iter().map(|(_, cells)| cells[at].len()).max().unwrap_or_default()
        });
        for (name, cells) in lines {
            write!(f, "{name:first$}")?;
            for (cell, width) in cells.iter().zip(widths) {
                write!(f, "  {cell:>width$}")?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
