//! Bringing rows together with hash maps, as users do by hand who have a library for statements only.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::Result;
use crate::reach::Keyed;

/// Owners with their children, each of which comes with its owner's key.
pub fn nest<O: Keyed, C>(owners: Vec<O>, children: impl IntoIterator<Item = (i64, C)>) -> Vec<(O, Vec<C>)> {
    let places: FxHashMap<i64, usize> = owners.iter().zip(0..).map(|(owner, place)| (owner.key(), place)).collect();
    let mut nested: Vec<(O, Vec<C>)> = owners.into_iter().map(|owner| (owner, Vec::new())).collect();
    for (key, child) in children {
        if let Some(&place) = places.get(&key) {
            nested[place].1.push(child);
        }
    }
    nested
}

/// Owners with their children, from the rows of an outer join, in which an owner comes as often as it has children.
pub fn nest_joined<O: Keyed, C>(rows: impl IntoIterator<Item = (O, Option<C>)>) -> Vec<(O, Vec<C>)> {
    let mut places: FxHashMap<i64, usize> = FxHashMap::default();
    let mut nested: Vec<(O, Vec<C>)> = Vec::new();
    for (owner, child) in rows {
        let place = *places.entry(owner.key()).or_insert(nested.len());
        if place == nested.len() {
            nested.push((owner, Vec::new()));
        }
        nested[place].1.extend(child);
    }
    nested
}

/// Children, each with its owner, which they share.
///
/// # Errors
/// Where an owner is missing.
pub fn pair<C, O: Keyed>(children: Vec<C>, owners: Vec<O>, key: impl Fn(&C) -> i64) -> Result<Vec<(C, Arc<O>)>> {
    let owners: FxHashMap<i64, Arc<O>> = owners.into_iter().map(|owner| (owner.key(), Arc::new(owner))).collect();
    let paired = children.into_iter().map(|child| {
        let owner = Arc::clone(owners.get(&key(&child))?);
        Some((child, owner))
    });
    paired.collect::<Option<_>>().ok_or_else(|| "the owner of a row is missing".into())
}

/// The keys that these rows have, each once.
pub fn distinct<T>(rows: &[T], key: impl Fn(&T) -> i64) -> Vec<i64> {
    let keys: FxHashSet<i64> = rows.iter().map(key).collect();
    keys.into_iter().collect()
}
