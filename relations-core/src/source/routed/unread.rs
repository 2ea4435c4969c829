//! The session of a struct of sources that the derive has reported an error of: it stands where a session must, and
//! there never is one.

use crate::error::Result;
use crate::key::Key;
use crate::model::Model;
use crate::source::{AggregateRequest, Loaded, RelationAggregator, RelationLoader, Request};

/// Of anything.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub enum Unread {}

impl<T: Model, K: Key> RelationLoader<T, K> for Unread {
    async fn load(&self, _: Request<T, K>) -> Result<Loaded<T, K>> {
        match *self {}
    }

    async fn count(&self, _: Request<T, K>) -> Result<u64> {
        match *self {}
    }
}

impl<T: Model, K: Key, V: Send> RelationAggregator<T, K, V> for Unread {
    async fn aggregate(&self, _: AggregateRequest<K>) -> Result<Vec<(K, V)>> {
        match *self {}
    }
}
