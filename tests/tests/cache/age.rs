//! How entries age: by a clock that the tests move, without waiting.

use std::time::Duration;

use relations_core::cache::ManualClock;
use relations_core::{CacheConfig, Db, Relations, Sqlite, block_on};
use relations_tests::blog::{self, Node, Post, User};
use relations_tests::{execute, relations, sent};

use crate::user;

const SECOND: Duration = Duration::from_secs(1);

fn aging(config: CacheConfig) -> (Db<Sqlite>, ManualClock) {
    let clock = ManualClock::new();
    (Db::builder(blog::db()).cache(config).clock(clock.clone()).build().unwrap(), clock)
}

/// Reads the posts of the first user by a new row: how many there are, and how many statements that took.
fn read(db: &Db<Sqlite>) -> (usize, usize) {
    let ann = user(db.source(), 1);
    let log = db.source().record();
    (block_on(ann.posts(db)).unwrap().len(), sent(&log))
}

fn write(db: &Db<Sqlite>) {
    execute(db.source(), "INSERT INTO posts (user_id, headline) VALUES (1, 'six')");
}

#[test]
fn an_entry_is_fresh_until_its_ttl_has_passed_and_old_from_then_on() {
    let (db, clock) = aging(CacheConfig::default().ttl(SECOND));
    assert_eq!(read(&db), (2, 1));
    write(&db);
    assert_eq!(read(&db), (2, 0));
    clock.advance(SECOND - Duration::from_nanos(1));
    assert_eq!(read(&db), (2, 0));
    clock.advance(Duration::from_nanos(1));
    assert_eq!(read(&db), (3, 1));
    assert_eq!(read(&db), (3, 0), "and fresh again");
    clock.advance(SECOND * 1_000);
    assert_eq!(read(&db), (3, 1));
}

#[test]
fn reading_does_not_prolong_the_ttl() {
    let (db, clock) = aging(CacheConfig::default().ttl(SECOND * 4));
    read(&db);
    for _ in 0..3 {
        clock.advance(SECOND);
        assert_eq!(read(&db), (2, 0));
    }
    clock.advance(SECOND);
    assert_eq!(read(&db), (2, 1));
}

#[test]
fn without_a_ttl_an_entry_is_handed_out_until_it_is_invalidated() {
    let (db, clock) = aging(CacheConfig::default().no_ttl());
    read(&db);
    clock.advance(SECOND * u32::MAX);
    assert_eq!(read(&db), (2, 0));
    write(&db);
    db.cache().invalidate(User::POSTS, 1);
    assert_eq!(read(&db), (3, 1));
}

#[test]
fn reading_prolongs_the_tti() {
    let (db, clock) = aging(CacheConfig::default().no_ttl().tti(SECOND * 2));
    read(&db);
    for _ in 0..10 {
        clock.advance(SECOND);
        assert_eq!(read(&db), (2, 0));
    }
    clock.advance(SECOND * 2);
    assert_eq!(read(&db), (2, 1));
    clock.advance(SECOND * 2);
    assert_eq!(read(&db), (2, 1), "a load counts as a read");
}

#[test]
fn an_entry_that_is_read_again_and_again_still_ends_with_its_ttl() {
    let (db, clock) = aging(CacheConfig::default().ttl(SECOND * 3).tti(SECOND * 2));
    read(&db);
    let statements: Vec<_> = (0..6)
        .map(|_| {
            clock.advance(SECOND);
            read(&db).1
        })
        .collect();
    assert_eq!(statements, [0, 0, 1, 0, 0, 1]);
}

#[test]
fn each_entry_has_an_age_of_its_own() {
    let (db, clock) = aging(CacheConfig::default().ttl(SECOND * 2));
    block_on(user(db.source(), 1).posts(&db)).unwrap();
    clock.advance(SECOND);
    let log = db.source().record();
    let keys = || {
        let users = block_on(User::all(db.source())).unwrap();
        log.clear();
        block_on(users[0].posts(&db)).unwrap();
        relations(&log)
    };
    assert_eq!(keys(), [("User.posts".to_owned(), 2)], "the two that were not there");
    clock.advance(SECOND);
    assert_eq!(keys(), [("User.posts".to_owned(), 1)], "the one that is old");
}

#[test]
fn an_absence_ages_like_a_row() {
    let (db, clock) = aging(CacheConfig::default().ttl(SECOND));
    let read = || {
        let (node, cid) = (block_on(Node::find(db.source(), 6)).unwrap().unwrap(), user(db.source(), 3));
        let log = db.source().record();
        let parent = block_on(node.parent(&db)).unwrap().map(|parent| parent.id);
        let profile = block_on(cid.profile(&db)).unwrap().map(|profile| profile.id);
        (parent, profile, block_on(cid.posts(&db)).unwrap().len(), sent(&log))
    };
    assert_eq!(read(), (None, None, 0, 3));
    execute(db.source(), "INSERT INTO nodes VALUES (99, NULL); INSERT INTO profiles VALUES (3, 3, 'new')");
    assert_eq!(read(), (None, None, 0, 0));
    clock.advance(SECOND);
    assert_eq!(read(), (Some(99), Some(3), 0, 3));
}

#[test]
fn what_is_old_is_counted_once_and_what_comes_instead_is_held() {
    let (db, clock) = aging(CacheConfig::default().ttl(SECOND));
    read(&db);
    for _ in 0..3 {
        clock.advance(SECOND);
        assert_eq!(read(&db), (2, 1));
    }
    let stats = db.cache().stats(User::POSTS);
    assert_eq!((stats.hits, stats.misses, stats.loads, stats.expired, stats.entries), (0, 4, 4, 3, 1));
    assert_eq!((stats.invalidated, stats.fenced), (0, 0));
}

#[test]
fn what_a_row_holds_does_not_age() {
    let (db, clock) = aging(CacheConfig::default().ttl(SECOND));
    let users = block_on(User::query().with(User::POSTS.with(Post::COMMENTS)).all(&db)).unwrap();
    let lazy = user(db.source(), 1);
    let ref_before = block_on(lazy.posts(&db)).unwrap();
    clock.advance(SECOND * 1_000);
    db.cache().clear();
    write(&db);
    let log = db.source().record();
    let posts = users[0].posts.get().unwrap();
    assert_eq!(posts.len(), 2);
    assert_eq!(posts[0].comments.get().unwrap().len(), 3);
    assert_eq!(block_on(users[0].posts(&db)).unwrap().len(), 2);
    assert_eq!((ref_before.len(), block_on(lazy.posts(&db)).unwrap().len()), (2, 2));
    assert_eq!(sent(&log), 0);
}

#[test]
fn rows_that_were_put_together_from_the_cache_outlive_their_entries() {
    let (db, clock) = aging(CacheConfig::default().ttl(SECOND).max_entries(1));
    read(&db);
    let from_cache = block_on(user(db.source(), 1).posts(&db)).unwrap();
    clock.advance(SECOND);
    for id in 1..=3 {
        block_on(user(db.source(), id).posts(&db)).unwrap();
    }
    db.cache().clear();
    assert_eq!(from_cache.iter().map(|post| post.title.as_str()).collect::<Vec<_>>(), ["one", "two"]);
}
