//! What relations do, one behaviour a file. Each test's name is the sentence it proves.

mod bad_input;
mod big;
mod boundary;
mod clearing;
mod concurrency;
mod descriptors;
mod eager;
mod eager_counts;
mod explain;
mod inheritance;
mod inverse;
mod keys;
mod keys_that_change;
mod lazy;
mod limits;
mod memory;
mod modules;
mod overrides;
mod parts;
mod queries;
mod random_graphs;
mod serde_states;
mod snapshot;
mod sources;
mod trees;
