//! What relations do, one behaviour a file. Each test's name is the sentence it proves.

/// Tests of what only SQLite has: columns that hold values of any type.
macro_rules! on_sqlite {
    ($($test:item)*) => {
        $($test)*
    };
}

#[path = "everywhere.rs"]
mod everywhere;

mod bad_input;
mod big;
mod cache_settings;
mod concurrency;
mod descriptors;
mod explain;
mod memory;
mod modules;
mod serde_states;
mod snapshot;
mod sources;
mod transactions;

relations_tests::on_source!(relations_core::Sqlite);
