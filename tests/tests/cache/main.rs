//! What the shared cache does, one behaviour a file. Each test's name is the sentence it proves.

mod eager;
mod events;
mod invalidation;
mod isolation;
mod kinds;
mod kinds_over_others;
mod ordered;
mod properties;
mod reads;
mod reads;
mod schedules;
mod staleness;
mod staleness_over_others;
mod transactions;
mod waiting;
mod ways;

use relations_core::{CacheConfig, Db, Sqlite};

/// The database with a shared cache of everything.
fn cached(source: Sqlite) -> Db<Sqlite> {
    Db::builder(source).cache(CacheConfig::default()).build().expect("the ordinary settings")
}
