//! What holds on every source. The same files are tests of each: here of the embedded one, beside of those on servers.

mod all_kinds;
mod boundary;
mod clearing;
mod eager;
mod eager_counts;
mod inheritance;
mod inverse;
mod join_tables;
mod keys;
mod keys_that_change;
mod kinds_together;
mod lazy;
mod limits;
mod many_to_many;
mod one_of_many;
mod overrides;
mod parts;
mod pivots;
mod polymorphic;
mod polymorphic_pivots;
mod queries;
mod random_graphs;
mod random_ways;
mod recursive;
mod through;
mod trees;
