//! Time-outs, whatever runtime polls: one thread for all timers, started when the first is needed.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use futures_timer::Delay;

/// What the future gives; nothing if it takes longer. The future is dropped then.
pub(crate) async fn within<T>(limit: Duration, future: impl Future<Output = T>) -> Option<T> {
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
