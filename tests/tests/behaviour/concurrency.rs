//! Many readers at once: one load for all of them, and a reader that goes away hands over.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::task::{Context, Poll, Waker};

use relations_core::source::{Plan, Settings, Source};
use relations_core::{Relations, Result, Sqlite, block_on};
use relations_tests::blog::{self, User};
use relations_tests::{execute, sent};
use tokio::sync::Semaphore;

/// A source whose plans wait for permission, one each.
struct Held {
    db: Sqlite,
    permits: Semaphore,
    started: AtomicUsize,
}

impl Source for Held {
    type Session = <Sqlite as Source>::Session;

    async fn run<P: Plan<Self::Session>>(&self, plan: P) -> Result<P::Output> {
        self.started.fetch_add(1, Ordering::SeqCst);
        self.permits.acquire().await.unwrap().forget();
        self.db.run(plan).await
    }

    fn settings(&self) -> &Settings {
        self.db.settings()
    }
}

fn held() -> Held {
    Held { db: blog::db(), permits: Semaphore::new(0), started: AtomicUsize::new(0) }
}

fn poll<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn eight_threads_that_read_a_cold_relation_load_it_once() {
    let folder = tempfile::tempdir().unwrap();
    let db = Sqlite::open(folder.path().join("blog.db")).unwrap();
    execute(&db, blog::SCHEMA);
    execute(&db, blog::ROWS);
    for _ in 0..50 {
        let users = block_on(User::all(&db)).unwrap();
        let log = db.record();
        let barrier = Arc::new(Barrier::new(8));
        std::thread::scope(|scope| {
            for at in 0..8 {
                let (users, db, barrier) = (users.clone(), db.clone(), Arc::clone(&barrier));
                scope.spawn(move || {
                    barrier.wait();
                    let posts = block_on(users[at % 3].posts(&db)).unwrap();
                    assert_eq!(posts.len(), [2, 1, 0][at % 3]);
                });
            }
        });
        assert_eq!(sent(&log), 1);
    }
}

#[test]
fn tasks_of_a_runtime_share_one_load() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let db = Sqlite::open(folder.path().join("blog.db")).unwrap();
    execute(&db, blog::SCHEMA);
    execute(&db, blog::ROWS);
    runtime.block_on(async {
        let users = User::all(&db).await.unwrap();
        let log = db.record();
        let tasks: Vec<_> = (0..100)
            .map(|at| {
                let (users, db) = (users.clone(), db.clone());
                tokio::spawn(async move { users[at % 3].posts(&db).await.unwrap().len() })
            })
            .collect();
        let mut total = 0;
        for task in tasks {
            total += task.await.unwrap();
        }
        assert_eq!(total, 34 * 2 + 33);
        assert_eq!(sent(&log), 1);
    });
}

#[test]
fn a_reader_that_waits_gets_what_the_first_one_loads() {
    let source = held();
    let users = block_on(User::all(&source.db)).unwrap();
    let mut first = pin!(users[0].posts(&source));
    let mut second = pin!(users[1].posts(&source));
    assert!(poll(first.as_mut()).is_pending());
    assert!(poll(second.as_mut()).is_pending());
    assert_eq!(source.started.load(Ordering::SeqCst), 1);
    source.permits.add_permits(1);
    assert_eq!(block_on(first).unwrap().len(), 2);
    assert_eq!(block_on(second).unwrap().len(), 1);
    assert_eq!(source.started.load(Ordering::SeqCst), 1);
}

#[test]
fn a_reader_that_is_dropped_hands_the_load_over() {
    let source = held();
    let users = block_on(User::all(&source.db)).unwrap();
    let mut second = pin!(users[1].posts(&source));
    {
        let mut first = pin!(users[0].posts(&source));
        assert!(poll(first.as_mut()).is_pending());
        assert!(poll(second.as_mut()).is_pending());
    }
    source.permits.add_permits(2);
    assert_eq!(block_on(second).unwrap().len(), 1);
    assert_eq!(source.started.load(Ordering::SeqCst), 2);
    assert!(users[0].posts.is_loaded(), "the one that took over loaded for all");
}

#[test]
fn readers_that_wait_for_a_load_that_fails_share_its_error_and_later_ones_try_again() {
    let source = held();
    let users = block_on(User::all(&source.db)).unwrap();
    execute(&source.db, "ALTER TABLE posts RENAME TO away");
    let mut first = pin!(users[0].posts(&source));
    let mut second = pin!(users[1].posts(&source));
    assert!(poll(first.as_mut()).is_pending());
    assert!(poll(second.as_mut()).is_pending());
    source.permits.add_permits(9);
    assert!(block_on(first).is_err());
    assert!(block_on(second).is_err());
    assert_eq!(source.started.load(Ordering::SeqCst), 1);
    execute(&source.db, "ALTER TABLE away RENAME TO posts");
    assert_eq!(block_on(users[1].posts(&source)).unwrap().len(), 1);
    assert_eq!(source.started.load(Ordering::SeqCst), 2);
}

#[test]
fn different_relations_of_the_same_rows_do_not_wait_for_each_other() {
    let source = held();
    let users = block_on(User::all(&source.db)).unwrap();
    let mut posts = pin!(users[0].posts(&source));
    let mut profile = pin!(users[0].profile(&source));
    assert!(poll(posts.as_mut()).is_pending());
    assert!(poll(profile.as_mut()).is_pending());
    assert_eq!(source.started.load(Ordering::SeqCst), 2);
}

#[test]
fn a_future_dropped_at_any_point_leaves_the_rows_and_the_database_usable() {
    let folder = tempfile::tempdir().unwrap();
    let db = Sqlite::builder(folder.path().join("blog.db")).connections(1).open().unwrap();
    execute(&db, blog::SCHEMA);
    execute(&db, blog::ROWS);
    let users = block_on(User::all(&db)).unwrap();
    for _ in 0..200 {
        {
            let mut read = pin!(users[0].posts(&db));
            let _ = poll(read.as_mut());
        }
        users[0].posts.clear();
    }
    assert_eq!(block_on(users[0].posts(&db)).unwrap().len(), 2);
    assert_eq!(block_on(User::query().with(User::POSTS).all(&db)).unwrap().len(), 3);
}

#[test]
fn handles_and_futures_cross_threads() {
    fn crosses<T: Send + Sync + 'static>(_: &T) {}
    fn sends<T: Send>(_: &T) {}
    let db = blog::db();
    let users = block_on(User::all(&db)).unwrap();
    crosses(&users);
    crosses(&users.get_ref(0));
    crosses(&db);
    sends(&users[0].posts(&db));
    sends(&User::query().with(User::POSTS).all(&db));
}

#[test]
fn a_load_that_panics_does_not_stop_those_that_wait_for_it() {
    /// A source whose first plan panics after it was let in.
    struct Fragile {
        held: Held,
        panics: AtomicBool,
    }

    impl Source for Fragile {
        type Session = <Sqlite as Source>::Session;

        async fn run<P: Plan<Self::Session>>(&self, plan: P) -> Result<P::Output> {
            let output = self.held.run(plan).await;
            assert!(!self.panics.swap(false, Ordering::SeqCst), "this source panics on purpose");
            output
        }

        fn settings(&self) -> &Settings {
            self.held.settings()
        }
    }

    let source = Fragile { held: held(), panics: AtomicBool::new(true) };
    let users = block_on(User::all(&source.held.db)).unwrap();
    let mut second = pin!(users[1].posts(&source));
    {
        let mut first = pin!(users[0].posts(&source));
        assert!(poll(first.as_mut()).is_pending());
        assert!(poll(second.as_mut()).is_pending());
        source.held.permits.add_permits(2);
        assert!(catch_unwind(AssertUnwindSafe(|| poll(first.as_mut()))).is_err());
    }
    assert_eq!(block_on(second).unwrap().len(), 1);
    assert_eq!(block_on(users[0].posts(&source)).unwrap().len(), 2);
    assert_eq!(source.held.started.load(Ordering::SeqCst), 2);
}
