//! Queries by relation: conditions on owners and aggregates over what they lead to. Each test's name is the sentence it
//! proves.

mod relation_filters;
