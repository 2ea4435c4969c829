//! Many threads and tasks on one cache: a cold key is loaded once, and what was counted adds up.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Barrier};
use std::time::Duration;

use futures::future::join_all;
use relations_core::cache::ManualClock;
use relations_core::{CacheConfig, Db, Ref, Relations, Sqlite, block_on};
use relations_tests::blog::{self, Post, User};
use relations_tests::{execute, sent};

use crate::{cached, user};

const THREADS: usize = 8;

fn file(folder: &Path) -> Sqlite {
    let source = Sqlite::open(folder.join("blog.db")).unwrap();
    execute(&source, blog::SCHEMA);
    execute(&source, blog::ROWS);
    source
}

/// Reads the posts of each row by a thread of its own, all at the same time.
fn at_once(db: &Db<Sqlite>, rows: Vec<Ref<User>>) {
    let barrier = Arc::new(Barrier::new(rows.len()));
    std::thread::scope(|scope| {
        for row in rows {
            let (db, barrier) = (db.clone(), Arc::clone(&barrier));
            scope.spawn(move || {
                barrier.wait();
                assert_eq!(block_on(row.posts(&db)).unwrap().len(), 2);
            });
        }
    });
}

#[test]
fn eight_threads_that_miss_one_key_load_it_once() {
    let folder = tempfile::tempdir().unwrap();
    let db = cached(file(folder.path()));
    for _ in 0..50 {
        db.cache().clear();
        let rows: Vec<_> = (0..THREADS).map(|_| user(db.source(), 1)).collect();
        let log = db.source().record();
        at_once(&db, rows);
        assert_eq!(sent(&log), 1);
    }
    let stats = db.cache().stats(User::POSTS);
    assert_eq!((stats.loads, stats.hits + stats.misses), (50, 50 * THREADS as u64));
}

#[test]
fn eight_threads_that_find_an_old_entry_load_it_once() {
    let folder = tempfile::tempdir().unwrap();
    let clock = ManualClock::new();
    let builder = Db::builder(file(folder.path())).cache(CacheConfig::default()).clock(clock.clone());
    let db = builder.build().unwrap();
    block_on(user(db.source(), 1).posts(&db)).unwrap();
    for _ in 0..50 {
        clock.advance(Duration::from_secs(300));
        at_once(&db, (0..THREADS).map(|_| user(db.source(), 1)).collect());
    }
    let stats = db.cache().stats(User::POSTS);
    assert_eq!((stats.loads, stats.expired, stats.fenced, stats.entries), (51, 50, 0, 1));
}

#[test]
fn a_hundred_tasks_of_a_runtime_that_miss_one_key_load_it_once() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let db = cached(file(folder.path()));
    runtime.block_on(async {
        for _ in 0..10 {
            db.cache().invalidate(User::POSTS, 1);
            let mut rows = Vec::new();
            for _ in 0..100 {
                rows.push(User::find(db.source(), 1).await.unwrap().unwrap());
            }
            let log = db.source().record();
            let tasks = rows.into_iter().map(|row| {
                let db = db.clone();
                tokio::spawn(async move { row.posts(&db).await.unwrap().len() })
            });
            let lengths = join_all(tasks.collect::<Vec<_>>()).await;
            assert!(lengths.into_iter().all(|length| length.unwrap() == 2));
            assert_eq!(sent(&log), 1);
        }
    });
}

#[test]
fn a_hundred_futures_of_one_task_that_miss_one_key_load_it_once() {
    let folder = tempfile::tempdir().unwrap();
    let db = cached(file(folder.path()));
    let rows: Vec<_> = (0..100).map(|_| user(db.source(), 1)).collect();
    let log = db.source().record();
    let posts = block_on(join_all(rows.iter().map(|row| row.posts(&db))));
    assert!(posts.into_iter().all(|posts| posts.unwrap().len() == 2));
    assert_eq!(sent(&log), 1);
}

/// A row of numbers that looks random, and is the same every time.
fn numbers(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    move |below| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 33) % below
    }
}

/// One thread reads, writes and invalidates; each user has a writer of its own. How many keys it asked for.
fn work(db: &Db<Sqlite>, thread: u64, operations: u64, users: u64) -> u64 {
    let (mut number, mut keys) = (numbers(thread + 1), 0);
    let own = thread as i64 + 1;
    let mut written = 0;
    let score = |id| {
        let row = user(db.source(), id);
        block_on(row.posts(db)).unwrap().iter().map(|post| post.score).sum::<i64>()
    };
    for _ in 0..operations {
        match number(20) {
            0..12 => {
                score(number(users) as i64 + 1);
                keys += 1;
            }
            12..16 => {
                assert!(score(own) >= written, "a write that was told of is seen");
                keys += 1;
            }
            16 => {
                let rows = block_on(User::all(db.source())).unwrap();
                block_on(rows[0].posts(db)).unwrap();
                keys += rows.len() as u64;
            }
            17..19 => {
                written += 1;
                execute(db.source(), &format!("UPDATE posts SET score = {written} WHERE id = {own}"));
                let post = block_on(Post::find(db.source(), own)).unwrap().unwrap();
                db.cache().changed(&post);
            }
            _ => db.cache().invalidate(User::POSTS, number(users) as i64 + 1),
        }
    }
    assert_eq!(score(own), written);
    keys + 1
}

/// What all threads did adds up.
fn add_up(config: CacheConfig, users: u64) {
    let folder = tempfile::tempdir().unwrap();
    let source = Sqlite::builder(folder.path().join("blog.db")).connections(THREADS).inline().open().unwrap();
    execute(&source, blog::SCHEMA);
    for id in 1..=users {
        execute(
            &source,
            &format!("INSERT INTO users VALUES ({id}, 'u'); INSERT INTO posts VALUES ({id}, {id}, 0, '', 0);"),
        );
    }
    let db = Db::builder(source).cache(config).build().unwrap();
    let asked = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for thread in 0..THREADS as u64 {
            let (db, asked) = (db.clone(), &asked);
            scope.spawn(move || asked.fetch_add(work(&db, thread, 400, users), Ordering::Relaxed));
        }
    });
    let stats = db.cache().stats(User::POSTS);
    assert_eq!(stats.hits + stats.misses, asked.into_inner());
    assert!(stats.loads <= stats.misses && stats.hits > 0 && stats.invalidated > 0);
    assert!(config.max_entries.is_none_or(|most| stats.entries <= most));
    // As many as are held are read without a statement.
    let rows: Vec<_> = (1..=users as i64).map(|id| user(db.source(), id)).collect();
    let held = db.cache().stats(User::POSTS).entries;
    let uncached = Db::builder(db.source().clone()).build().unwrap();
    let mut found = 0;
    for row in rows.iter().rev() {
        let before = db.cache().stats(User::POSTS).hits;
        let scores = |posts: relations_core::Many<Post>| posts.iter().map(|post| post.score).collect::<Vec<_>>();
        let posts = scores(block_on(row.posts(&db)).unwrap());
        found += db.cache().stats(User::POSTS).hits - before;
        assert_eq!(posts, scores(block_on(user(db.source(), row.id).posts(&uncached)).unwrap()), "nothing is stale");
    }
    if config.max_entries.is_none_or(|most| most >= users) {
        assert_eq!(found, held);
    }
}

#[test]
fn the_counters_of_eight_threads_that_read_write_and_invalidate_add_up() {
    add_up(CacheConfig::default(), 20);
}

#[test]
fn the_counters_add_up_where_there_is_not_room_for_all() {
    add_up(CacheConfig::default().max_entries(5), 20);
}

#[test]
fn a_hundred_keys_for_each_of_five_threads_fit_into_a_hundred_entries_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let source = Sqlite::builder(folder.path().join("blog.db")).connections(5).inline().open().unwrap();
    execute(&source, blog::SCHEMA);
    execute(
        &source,
        "WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 500)
         INSERT INTO posts SELECT id, id, NULL, 'post ' || id, id FROM n;
         INSERT INTO users SELECT id, 'user' FROM posts;",
    );
    let db = Db::builder(source).cache(CacheConfig::default().max_entries(100)).build().unwrap();
    std::thread::scope(|scope| {
        for thread in 0..5 {
            let db = db.clone();
            scope.spawn(move || {
                for id in (thread * 100 + 1)..=(thread * 100 + 100) {
                    let (row, again) = (user(db.source(), id), user(db.source(), id));
                    for row in [row, again] {
                        let posts = block_on(row.posts(&db)).unwrap();
                        assert_eq!(posts.iter().map(|post| post.score).collect::<Vec<_>>(), [id]);
                    }
                }
            });
        }
    });
    let stats = db.cache().stats(User::POSTS);
    assert_eq!((stats.entries, stats.hits + stats.misses), (100, 1_000));
}
