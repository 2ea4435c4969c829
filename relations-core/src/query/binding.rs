//! How a session answers a query: by one request, or over a join table that it cannot join in steps.

use crate::error::Result;
use crate::key::Key;
use crate::model::Model;
use crate::source::{Batch, Loaded, Reader, RelationLoader, Request};

/// What binds a query on `M` to a key `K`, as a session `S` answers it: `()` columns of `M`, a relation its join table.
pub trait Binding<S, M: Model, K: Key>: 'static {
    /// Whether it takes several requests.
    #[doc(hidden)]
    fn in_steps() -> bool {
        false
    }

    /// The rows of a request.
    #[doc(hidden)]
    fn select(reader: Reader<'_, S>, request: Request<M, K>) -> impl Future<Output = Result<Batch<M>>> + Send;

    /// Their number.
    #[doc(hidden)]
    fn count(reader: Reader<'_, S>, request: Request<M, K>) -> impl Future<Output = Result<u64>> + Send;
}

impl<S, M, K> Binding<S, M, K> for ()
where
    S: RelationLoader<M, K>,
    M: Model,
    K: Key,
{
    async fn select(reader: Reader<'_, S>, request: Request<M, K>) -> Result<Batch<M>> {
        reader.load(request).await?.sound()
    }

    async fn count(reader: Reader<'_, S>, request: Request<M, K>) -> Result<u64> {
        reader.count(request).await
    }
}

impl<T, K> Loaded<T, K> {
    /// The rows: all of them decode, or none is handed out.
    pub(crate) fn sound(self) -> Result<Batch<T>> {
        match self.failures.into_iter().next() {
            Some((_, error)) => Err(error),
            None => Ok(self.rows),
        }
    }
}
