//! The shared cache: what it keeps of which relation, for how long.

mod config;
pub(crate) mod heap;

pub use config::{CacheConfig, CacheSettings};
pub use heap::HeapSize;
