//! Workloads on SQLite: the same data read by hand-written rusqlite code and by relations-core, and compared.

pub mod cached;
pub mod data;
pub mod hand;
pub mod model;
pub mod ours;
pub mod reach;
pub mod runner;
pub mod table;
pub mod workloads;

/// The result of everything here: a benchmark stops at the first thing that goes wrong.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;
