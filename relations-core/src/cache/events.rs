//! What happens in the cache, as `tracing` events with the target `relations::cache`. Nothing without the feature.

/// Some keys of a relation were looked up.
pub(super) fn read(relation: &str, hits: usize, misses: usize) {
    #[cfg(feature = "tracing")]
    tracing::debug!(target: "relations::cache", relation, hits, misses, "read");
    #[cfg(not(feature = "tracing"))]
    let _ = (relation, hits, misses);
}

/// A reader waits for a load of another.
pub(super) fn wait(relation: &str) {
    #[cfg(feature = "tracing")]
    tracing::debug!(target: "relations::cache", relation, "wait");
    #[cfg(not(feature = "tracing"))]
    let _ = relation;
}

/// A load ended; some of what it found was invalidated meanwhile, and is not kept.
pub(super) fn kept(relation: &str, entries: usize, fenced: u64) {
    #[cfg(feature = "tracing")]
    tracing::debug!(target: "relations::cache", relation, entries, fenced, "kept");
    #[cfg(not(feature = "tracing"))]
    let _ = (relation, entries, fenced);
}

/// A key was invalidated, or all of them.
pub(super) fn invalidated(relation: &str, key: Option<&dyn std::fmt::Debug>) {
    #[cfg(feature = "tracing")]
    tracing::debug!(target: "relations::cache", relation, key = key.map(tracing::field::debug), "invalidated");
    #[cfg(not(feature = "tracing"))]
    let _ = (relation, key);
}
