//! What the shared cache does, one behaviour a file. Each test's name is the sentence it proves.

mod age;
mod eager;
mod held;
mod invalidation;
mod isolation;
mod joining;
mod kinds;
mod kinds_over_others;
mod ordered;
mod properties;
mod reads;
mod schedules;
mod settings;
mod sizes;
mod staleness;
mod staleness_over_others;
mod statistics;
mod stores;
mod threads;
mod transactions;
mod waiting;
mod ways;

use relations_core::{CacheConfig, Db, Ref, Relations, Sqlite, block_on};
use relations_tests::blog::User;

/// The database with a shared cache of everything.
fn cached(source: Sqlite) -> Db<Sqlite> {
    Db::builder(source).cache(CacheConfig::default()).build().expect("the ordinary settings")
}

/// A user who was just read, past the cache and alone.
fn user(source: &Sqlite, id: i64) -> Ref<User> {
    block_on(User::find(source, id)).expect("the test's own database").expect("a user who is there")
}
