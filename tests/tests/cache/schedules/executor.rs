//! A deterministic executor: each step polls one of the tasks that were woken, by chance.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

/// Numbers by chance, the same for the same seed.
pub(super) struct Random(Mutex<u64>);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        // Seeds that are near one another have to lead to numbers that are not.
        let mixed = (seed ^ (seed >> 30)).wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Self(Mutex::new((mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB) | 1))
    }

    /// One of so many numbers, from 0.
    pub(super) fn below(&self, end: usize) -> usize {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        (state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % end
    }

    /// True once in so many times.
    pub(super) fn once_in(&self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// A key: 1, 2 or 3.
    pub(super) fn key(&self) -> i64 {
        self.below(3) as i64 + 1
    }
}

/// What a task does.
pub(super) type Task<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Whether a task was woken since it was last polled.
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Runs the tasks to their ends. The number of polls.
pub(super) fn run(random: &Random, tasks: Vec<Task<'_>>) -> u64 {
    let woken = || Arc::new(Woken(AtomicBool::new(true)));
    let mut tasks: Vec<_> = tasks.into_iter().map(|task| (task, woken())).collect();
    let mut polls = 0;
    while !tasks.is_empty() {
        let ready: Vec<usize> = (0..tasks.len()).filter(|&at| tasks[at].1.0.load(Ordering::SeqCst)).collect();
        assert!(!ready.is_empty(), "{} tasks wait for ever", tasks.len());
        let at = ready[random.below(ready.len())];
        let (task, woken) = &mut tasks[at];
        woken.0.store(false, Ordering::SeqCst);
        polls += 1;
        let waker = Waker::from(Arc::clone(woken));
        if task.as_mut().poll(&mut Context::from_waker(&waker)).is_ready() {
            drop(tasks.swap_remove(at));
        }
    }
    polls
}

/// A task that is dropped after so many polls.
pub(super) async fn abandoned(mut task: Task<'_>, mut polls: usize) {
    std::future::poll_fn(move |context| {
        if polls == 0 || task.as_mut().poll(context).is_ready() {
            return Poll::Ready(());
        }
        polls -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
