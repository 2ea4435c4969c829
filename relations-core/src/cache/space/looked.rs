//! What a look for some keys has found so far, from the first one on to the load of what is missing.

use std::sync::Arc;

use super::entry::Entry;
use crate::cache::flight::{Flights, Lead};
use crate::cache::visit::Sighting;
use crate::error::{Error, Result};
use crate::key::Key;
use crate::model::Model;

/// What a look for some keys has found so far.
pub(super) struct Looked<T, K: Key> {
    /// The loads of the space that was looked into: another one may hold rows of the same model by the same keys.
    pub(super) flights: Arc<Flights<K>>,
    pub(super) keys: Vec<K>,
    /// In the order of the keys; for a key that failed for another reader, its error.
    pub(super) entries: Vec<Option<Result<Arc<Entry<T>>>>>,
    pub(super) missing: usize,
    /// How many loads had ended before it.
    pub(super) ended: u64,
    /// This reader is the one to load what is missing.
    pub(super) lead: Option<Lead<K>>,
}

impl<T, K: Key> Looked<T, K> {
    pub(super) fn is_whole(&self) -> bool {
        self.missing == 0
    }

    pub(super) fn missing(&self) -> Vec<K> {
        let all = self.keys.iter().zip(&self.entries);
        all.filter(|(_, entry)| entry.is_none()).map(|(key, _)| key.clone()).collect()
    }

    /// Lets go of what was found if something is missing and the rows of all keys are in one order.
    pub(super) fn settle(&mut self, at_once: bool) {
        if at_once && !self.is_whole() {
            self.entries.fill_with(|| None);
            self.missing = self.keys.len();
        }
    }

    pub(super) fn found(&mut self, at: usize, entry: Result<Arc<Entry<T>>>) {
        if let Some(place @ None) = self.entries.get_mut(at) {
            *place = Some(entry);
            self.missing -= 1;
        }
    }
}

impl<T: Model, K: Key> Sighting for Looked<T, K> {
    fn fail(&mut self, error: &Error) {
        if let Some(lead) = self.lead.take() {
            lead.land(|| Err(error.clone()));
        }
    }
}
