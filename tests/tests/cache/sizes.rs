//! How much the cache holds. What it holds is seen in its statistics, for which it tidies up.

use relations_core::{CacheConfig, CacheSettings, Db, Relations, Sqlite, block_on};
use relations_tests::blog::{self, Node, Post, User};
use relations_tests::{execute, relations, sent};

use crate::user;

/// A database with many users, of whom each has one post of `bytes` bytes.
fn many(users: usize, bytes: usize) -> Sqlite {
    let source = blog::empty();
    execute(
        &source,
        &format!(
            "WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < {users})
             INSERT INTO users SELECT id, 'user ' || id FROM n;
             INSERT INTO posts SELECT id, id, NULL, hex(zeroblob({bytes} / 2)), id FROM users;"
        ),
    );
    source
}

fn sized(source: Sqlite, config: CacheConfig) -> Db<Sqlite> {
    Db::builder(source).cache(config).build().unwrap()
}

fn read(db: &Db<Sqlite>, id: i64) {
    let posts = block_on(user(db.source(), id).posts(db)).unwrap();
    assert_eq!(posts.iter().map(|post| post.score).collect::<Vec<_>>(), [id]);
}

/// Whether this user's posts are read without a statement.
fn is_held(db: &Db<Sqlite>, id: i64) -> bool {
    let user = user(db.source(), id);
    let log = db.source().record();
    block_on(user.posts(db)).unwrap();
    sent(&log) == 0
}

#[test]
fn there_are_never_more_entries_than_were_allowed() {
    let db = sized(many(300, 10), CacheConfig::default().max_entries(5));
    for id in 1..=300 {
        read(&db, id);
        assert!(db.cache().stats(User::POSTS).entries <= 5);
    }
    let stats = db.cache().stats(User::POSTS);
    assert_eq!((stats.entries, stats.evicted, stats.loads), (5, 295, 300));
}

#[test]
fn the_bound_holds_for_each_relation_by_itself() {
    let db = sized(many(20, 10), CacheConfig::default().max_entries(5));
    for id in 1..=20 {
        read(&db, id);
        block_on(user(db.source(), id).comments(&db)).unwrap();
    }
    let entries = |stats: relations_core::cache::CacheStats| stats.entries;
    assert_eq!((entries(db.cache().stats(User::POSTS)), entries(db.cache().stats(User::COMMENTS))), (5, 5));
    assert_eq!(db.cache().report().total.entries, 10);
}

#[test]
fn a_third_entry_where_two_are_allowed_makes_only_the_least_recently_used_go() {
    let db = sized(many(3, 10), CacheConfig::default().max_entries(2));
    read(&db, 1);
    read(&db, 2);
    read(&db, 1);
    read(&db, 3);
    let stats = db.cache().stats(User::POSTS);
    assert_eq!((stats.entries, stats.evicted), (2, 1));
    assert!(is_held(&db, 1) && is_held(&db, 3));
    assert!(!is_held(&db, 2));
}

#[test]
fn a_batch_of_more_keys_than_entries_gives_everyone_the_right_rows() {
    let db = sized(many(500, 10), CacheConfig::default().max_entries(3));
    for round in 0..3 {
        let users = block_on(User::all(db.source())).unwrap();
        let log = db.source().record();
        for user in &users {
            let posts = block_on(user.posts(&db)).unwrap();
            assert_eq!(posts.iter().map(|post| post.score).collect::<Vec<_>>(), [user.id]);
        }
        let keys = if round == 0 { 500 } else { 497 };
        assert_eq!(relations(&log), [("User.posts".to_owned(), keys)]);
        assert_eq!(db.cache().stats(User::POSTS).entries, 3);
    }
}

#[test]
fn a_weight_bounds_the_bytes() {
    let db = sized(many(100, 2_000), CacheConfig::default().max_weight(20_000));
    for id in 1..=100 {
        read(&db, id);
        assert!(db.cache().stats(User::POSTS).weight <= 20_000);
    }
    let stats = db.cache().stats(User::POSTS);
    assert!((5..=10).contains(&stats.entries), "{} entries of 2,000 bytes and what they are kept in", stats.entries);
    assert_eq!(stats.entries + stats.evicted, 100);
    assert!(is_held(&db, 100), "the last one");
}

#[test]
fn an_entry_that_weighs_more_than_all_may_is_not_held_but_read() {
    let db = sized(many(2, 50_000), CacheConfig::default().max_weight(20_000));
    for _ in 0..2 {
        read(&db, 1);
        let stats = db.cache().stats(User::POSTS);
        assert_eq!((stats.entries, stats.weight), (0, 0));
    }
}

#[test]
fn an_entry_weighs_what_its_rows_own() {
    let small = sized(many(10, 100), CacheConfig::default());
    let large = sized(many(10, 10_100), CacheConfig::default());
    for id in 1..=10 {
        read(&small, id);
        read(&large, id);
    }
    let weight = |db: &Db<Sqlite>| db.cache().stats(User::POSTS).weight;
    let each = (weight(&large) - weight(&small)) / 10;
    assert!((10_000..10_500).contains(&each), "{each} bytes more for 10,000 more in a text");
}

#[test]
fn an_absence_takes_an_entry_and_hardly_any_weight() {
    let db = sized(blog::db(), CacheConfig::default());
    block_on(user(db.source(), 3).posts(&db)).unwrap();
    let none = db.cache().stats(User::POSTS);
    assert_eq!(none.entries, 1);
    block_on(user(db.source(), 1).posts(&db)).unwrap();
    assert!(db.cache().stats(User::POSTS).weight > 2 * none.weight + 2 * size_of::<Post>() as u64);
}

#[test]
fn what_is_cleared_is_let_go_of_whatever_there_was_of_it() {
    let db = sized(many(5_000, 100), CacheConfig::default().max_entries(10_000));
    let users = block_on(User::all(db.source())).unwrap();
    for user in &users {
        block_on(user.posts(&db)).unwrap();
    }
    assert_eq!(db.cache().stats(User::POSTS).entries, 5_000);
    db.cache().invalidate_relation(User::POSTS);
    let stats = db.cache().stats(User::POSTS);
    assert_eq!((stats.entries, stats.weight, stats.evicted), (0, 0, 0));
}

#[test]
fn the_rows_of_a_relation_are_bounded_as_its_settings_say() {
    let db = Db::builder(blog::db())
        .cache(CacheConfig::default())
        .cache_relation(Node::PARENT, CacheSettings::on().max_entries(2))
        .build()
        .unwrap();
    let nodes = block_on(Node::all(&db)).unwrap();
    for node in &nodes {
        let parent = block_on(node.parent(&db)).unwrap().map(|parent| parent.id);
        assert_eq!(parent, node.parent_id.filter(|id| *id < 99));
    }
    assert_eq!(db.cache().stats(Node::PARENT).entries, 2);
}
