//! What relations do, one behaviour a file. Each test's name is the sentence it proves.

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
