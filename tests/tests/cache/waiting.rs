//! Readers that wait for the load of another: one load for all, and what they get if it fails or is dropped.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::atomic::Ordering;
use std::task::Poll;

use futures::future::join_all;
use relations_core::source::{Plan, Settings, Source};
use relations_core::{CacheConfig, Db, Error, Many, Ref, Relations, Result, Sqlite, block_on};
use relations_tests::blog::{self, Post, User};
use relations_tests::{execute, sent};

use crate::held::{Held, held, poll};
use crate::stores::Yielding;
use crate::user;

/// Rows of one user, each read by itself.
fn rows(source: &Sqlite, id: i64, count: usize) -> Vec<Ref<User>> {
    (0..count).map(|_| user(source, id)).collect()
}

type Reading<'a> = Pin<Box<dyn Future<Output = Result<Many<Post>>> + Send + 'a>>;

/// All begin to read; the first of them loads.
fn begin<'a, S>(rows: &'a [Ref<User>], db: &'a Db<S>) -> Vec<Reading<'a>>
where
    S: Source<Session = <Sqlite as Source>::Session> + Send,
{
    let mut readings: Vec<Reading<'a>> = Vec::new();
    for row in rows {
        let mut reading: Reading<'a> = Box::pin(row.posts(db));
        assert!(poll(reading.as_mut()).is_pending());
        readings.push(reading);
    }
    readings
}

fn errors(readings: Vec<Reading<'_>>) -> Vec<Error> {
    block_on(join_all(readings)).into_iter().map(Result::unwrap_err).collect()
}

fn lengths(readings: Vec<Reading<'_>>) -> Vec<usize> {
    block_on(join_all(readings)).into_iter().map(|posts| posts.unwrap().len()).collect()
}

#[test]
fn a_hundred_rows_that_miss_one_key_make_one_load() {
    let db = held(blog::db());
    let rows = rows(&db.source().source, 1, 100);
    let readings = begin(&rows, &db);
    db.source().permits.add_permits(100);
    assert_eq!(lengths(readings), [2; 100]);
    assert_eq!(db.source().started(), 1);
    let stats = db.cache().stats(User::POSTS);
    assert_eq!((stats.misses, stats.hits, stats.loads, stats.waits), (100, 0, 1, 99));
}

#[test]
fn those_who_shared_a_load_have_rows_of_their_own() {
    let db = held(blog::db());
    let rows = rows(&db.source().source, 1, 2);
    let mut readings = begin(&rows, &db);
    db.source().permits.add_permits(9);
    let (first, second) = (block_on(readings.remove(0)).unwrap(), block_on(readings.remove(0)).unwrap());
    assert!(!std::ptr::eq(&raw const first[0], &raw const second[0]));
    block_on(first[0].comments(&db)).unwrap();
    assert!(first[0].comments.is_loaded() && !second[0].comments.is_loaded());
}

#[test]
fn other_keys_do_not_wait() {
    let db = held(blog::db());
    let source = &db.source().source;
    let rows = [user(source, 1), user(source, 2)];
    let readings = begin(&rows, &db);
    assert_eq!(db.source().started(), 2);
    db.source().permits.add_permits(2);
    assert_eq!(lengths(readings), [2, 1]);
}

#[test]
fn a_batch_waits_for_the_key_that_is_under_way_and_loads_the_others_then() {
    let db = held(blog::db());
    let alone = rows(&db.source().source, 1, 1);
    let users = block_on(User::all(&db.source().source)).unwrap();
    let first = begin(&alone, &db);
    let mut batch = pin!(users[0].posts(&db));
    assert!(poll(batch.as_mut()).is_pending());
    assert_eq!(db.source().started(), 1);
    let log = db.source().source.record();
    db.source().permits.add_permits(2);
    assert_eq!(lengths(first), [2]);
    assert_eq!(block_on(batch).unwrap().len(), 2);
    assert_eq!(log.statements().iter().map(|statement| statement.keys).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn a_load_that_fails_gives_those_who_wait_its_error_at_once_and_is_not_kept() {
    let db = held(blog::db());
    let source = &db.source().source;
    let rows = rows(source, 1, 10);
    execute(source, "ALTER TABLE posts RENAME TO away");
    let readings = begin(&rows, &db);
    db.source().permits.add_permits(100);
    let errors = errors(readings);
    assert!(errors.iter().all(|error| error.to_string() == errors[0].to_string()));
    assert!(errors[0].to_string().starts_with("User.posts "), "{}", errors[0]);
    assert_eq!((db.source().started(), db.cache().stats(User::POSTS).entries), (1, 0));
    execute(source, "ALTER TABLE away RENAME TO posts");
    for row in &rows {
        assert_eq!(block_on(row.posts(&db)).unwrap().len(), 2);
    }
    assert_eq!(db.source().started(), 2);
}

#[test]
fn a_load_that_gets_no_connection_gives_those_who_wait_its_error_at_once() {
    let db = held(blog::db());
    let rows = rows(&db.source().source, 1, 10);
    let readings = begin(&rows, &db);
    db.source().refuses.store(true, Ordering::SeqCst);
    db.source().permits.add_permits(100);
    let errors = errors(readings);
    assert!(errors[9].to_string().contains("opening"), "{}", errors[9]);
    assert_eq!(db.source().started(), 1);
    db.source().refuses.store(false, Ordering::SeqCst);
    assert_eq!(block_on(rows[9].posts(&db)).unwrap().len(), 2);
}

#[test]
fn a_row_that_does_not_decode_fails_its_own_key_and_is_not_kept() {
    let db = crate::cached(blog::db());
    execute(db.source(), "UPDATE posts SET score = 'much' WHERE id = 3");
    let users = block_on(User::all(db.source())).unwrap();
    assert_eq!(block_on(users[0].posts(&db)).unwrap().len(), 2);
    assert_eq!(block_on(users[2].posts(&db)).unwrap().len(), 0);
    let error = block_on(users[1].posts(&db)).unwrap_err().to_string();
    assert!(error.contains("column `score` does not decode"), "{error}");
    assert_eq!(db.cache().stats(User::POSTS).entries, 2);
    execute(db.source(), "UPDATE posts SET score = 30 WHERE id = 3");
    let bob = user(db.source(), 2);
    let log = db.source().record();
    assert_eq!(block_on(bob.posts(&db)).unwrap().len(), 1);
    assert_eq!(sent(&log), 1);
}

#[test]
fn those_who_wait_for_a_row_that_does_not_decode_get_its_error_without_another_load() {
    let db = held(blog::db());
    let source = &db.source().source;
    execute(source, "UPDATE posts SET score = 'much' WHERE id = 3");
    let rows = rows(source, 2, 10);
    let readings = begin(&rows, &db);
    db.source().permits.add_permits(100);
    let errors = errors(readings);
    assert!(errors.iter().all(|error| error.to_string() == errors[0].to_string()));
    assert!(errors[9].to_string().contains("column `score` does not decode"), "{}", errors[9]);
    assert_eq!((db.source().started(), db.cache().stats(User::POSTS).entries), (1, 0));
}

#[test]
fn one_who_waits_and_goes_away_disturbs_nobody() {
    let db = held(blog::db());
    let rows = rows(&db.source().source, 1, 3);
    let mut readings = begin(&rows, &db);
    drop(readings.remove(1));
    db.source().permits.add_permits(100);
    assert_eq!(lengths(readings), [2, 2]);
    assert_eq!(db.source().started(), 1);
}

#[test]
fn one_who_loads_and_goes_away_hands_over_to_one_of_those_who_wait() {
    let db = held(blog::db());
    let rows = rows(&db.source().source, 1, 10);
    let mut readings = begin(&rows, &db);
    drop(readings.remove(0));
    db.source().permits.add_permits(100);
    assert_eq!(lengths(readings), [2; 9]);
    assert_eq!(db.source().started(), 2);
}

#[test]
fn a_load_that_is_dropped_by_all_leaves_nothing_behind() {
    let db = held(blog::db());
    let rows = rows(&db.source().source, 1, 10);
    drop(begin(&rows, &db));
    db.source().permits.add_permits(100);
    assert_eq!(block_on(rows[5].posts(&db)).unwrap().len(), 2);
    assert_eq!(db.source().started(), 2);
}

/// A source that makes its caller wait before a plan and after it.
struct Slow(Sqlite);

impl Source for Slow {
    type Session = <Sqlite as Source>::Session;

    async fn run<P: Plan<Self::Session>>(&self, plan: P) -> Result<P::Output> {
        Yielding::default().await;
        let outcome = self.0.run(plan).await;
        Yielding::default().await;
        outcome
    }

    fn settings(&self) -> &Settings {
        self.0.settings()
    }
}

/// Polls the one who loads so many times, and drops it; whether it was done before. Those who wait get their rows.
fn dropped_after(polls: usize) -> bool {
    let source = blog::db();
    let db = Db::builder(Slow(source.clone()))
        .cache(CacheConfig::default())
        .cache_store(crate::stores::Shelves::slow())
        .build()
        .unwrap();
    let rows = rows(&source, 1, 6);
    let log = source.record();
    let mut leader = Box::pin(rows[0].posts(&db));
    let mut waiters = Box::pin(join_all(rows[1..].iter().map(|row| row.posts(&db))));
    let (mut is_done, mut all) = (false, None);
    for _ in 0..polls {
        is_done = poll(leader.as_mut()).is_ready();
        if all.is_none()
            && let Poll::Ready(posts) = poll(waiters.as_mut())
        {
            all = Some(posts);
        }
        if is_done {
            break;
        }
    }
    drop(leader);
    let (before, kept) = (sent(&log), db.cache().stats(User::POSTS).entries);
    let all = all.unwrap_or_else(|| block_on(waiters));
    assert_eq!(all.into_iter().map(|posts| posts.unwrap().len()).collect::<Vec<_>>(), [2; 5]);
    assert_eq!(sent(&log) - before, usize::from(kept == 0), "one more load after {polls} polls, if nothing was kept");
    assert_eq!(db.cache().stats(User::POSTS).entries, 1);
    is_done
}

#[test]
fn one_who_loads_may_be_dropped_wherever_it_waits() {
    let polls = (1..).find(|&polls| dropped_after(polls)).unwrap();
    assert_eq!(polls, 5, "the store, the source, the store and the source made it wait");
}

fn assert_send(_: &impl Send, _: &Db<Held>) {}

#[test]
fn a_reading_goes_from_thread_to_thread() {
    let db = held(blog::db());
    let row = user(&db.source().source, 1);
    assert_send(&row.posts(&db), &db);
}
