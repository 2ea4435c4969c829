//! Time-outs, whatever runtime polls: one thread for all timers, started when the first is needed.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use futures_timer::Delay;

use crate::error::{ErrorKind, Result};
use crate::source::Subject;

/// A load that may take so long. It is dropped then, and the error says what it was about.
///
/// # Errors
/// What the load gives, and [`ErrorKind::Timeout`].
pub(crate) async fn limited<T>(
    limit: Option<Duration>,
    Subject { model, relation }: Subject,
    load: impl Future<Output = Result<T>>,
) -> Result<T> {
    let Some(limit) = limit else { return load.await };
    let given_up = || Err(ErrorKind::Timeout { model, relation, limit }.into());
    within(limit, load).await.unwrap_or_else(given_up)
}

/// What the future gives; nothing if it takes longer.
async fn within<T>(limit: Duration, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    // What is there at once needs no timer.
    let mut delay = None;
    poll_fn(|context| {
        if let Poll::Ready(output) = future.as_mut().poll(context) {
            return Poll::Ready(Some(output));
        }
        let delay = delay.get_or_insert_with(|| Delay::new(limit));
        Pin::new(delay).poll(context).map(|()| None)
    })
    .await
}
