//! Two futures awaited together.

use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::error::Result;

pin_project! {
    /// Two futures that are awaited together. A struct, as an `async fn` would keep its arguments twice, and trees nest.
    pub(crate) struct Both<A, B, X, Y> {
        #[pin]
        first: A,
        #[pin]
        second: B,
        first_output: Option<X>,
        second_output: Option<Y>,
        in_turn: bool,
    }
}

/// Awaits both together, the first one first. If one fails, the other is dropped.
pub(crate) fn both<A, B, X, Y>(first: A, second: B) -> Both<A, B, X, Y>
where
    A: Future<Output = Result<X>>,
    B: Future<Output = Result<Y>>,
{
    Both { first, second, first_output: None, second_output: None, in_turn: false }
}

impl<A, B, X, Y> Both<A, B, X, Y> {
    /// Does not start the second before the first is done.
    pub(crate) fn in_turn(self, in_turn: bool) -> Self {
        Self { in_turn, ..self }
    }
}

impl<A, B, X, Y> Future for Both<A, B, X, Y>
where
    A: Future<Output = Result<X>>,
    B: Future<Output = Result<Y>>,
{
    type Output = Result<(X, Y)>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let both = self.project();
        if both.first_output.is_none()
            && let Poll::Ready(output) = both.first.poll(context)
        {
            *both.first_output = Some(output?);
        }
        let waits = *both.in_turn && both.first_output.is_none();
        if !waits
            && both.second_output.is_none()
            && let Poll::Ready(output) = both.second.poll(context)
        {
            *both.second_output = Some(output?);
        }
        match (both.first_output.take(), both.second_output.take()) {
            (Some(first), Some(second)) => Poll::Ready(Ok((first, second))),
            (first, second) => {
                (*both.first_output, *both.second_output) = (first, second);
                Poll::Pending
            }
        }
    }
}
