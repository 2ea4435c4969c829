//! What the cache counts, of each relation and in all, and the table that it prints.

use std::pin::pin;

use relations_core::cache::{CacheStats, ManualClock};
use relations_core::{CacheConfig, Db, Relations, Sqlite, block_on};
use relations_tests::blog::{self, Post, User};
use relations_tests::{execute, media, school};

use crate::held::{held, poll};
use crate::{cached, user};

fn posts<S>(db: &Db<S>) -> CacheStats {
    db.cache().stats(User::POSTS)
}

fn read(db: &Db<Sqlite>, id: i64) {
    block_on(user(db.source(), id).posts(db)).unwrap();
}

/// Hits, misses, loads and waits.
fn reads(stats: CacheStats) -> [u64; 4] {
    [stats.hits, stats.misses, stats.loads, stats.waits]
}

#[test]
fn a_relation_that_was_never_read_has_done_nothing() {
    let db = cached(blog::db());
    assert_eq!(posts(&db), CacheStats::default());
    assert_eq!(db.cache().report().relations, []);
}

#[test]
fn a_first_read_is_a_miss_and_a_load_and_a_second_one_a_hit() {
    let db = cached(blog::db());
    read(&db, 1);
    assert_eq!(reads(posts(&db)), [0, 1, 1, 0]);
    read(&db, 1);
    read(&db, 1);
    assert_eq!(reads(posts(&db)), [2, 1, 1, 0]);
    assert_eq!(posts(&db).entries, 1);
}

#[test]
fn a_field_that_is_filled_asks_nobody() {
    let db = cached(blog::db());
    let ann = user(db.source(), 1);
    for _ in 0..5 {
        block_on(ann.posts(&db)).unwrap();
    }
    assert_eq!(reads(posts(&db)), [0, 1, 1, 0]);
}

#[test]
fn a_batch_counts_its_keys_and_is_one_load() {
    let db = cached(blog::db());
    read(&db, 2);
    let users = block_on(User::all(&db)).unwrap();
    block_on(users[0].posts(&db)).unwrap();
    assert_eq!(reads(posts(&db)), [1, 3, 2, 0]);
}

#[test]
fn a_key_that_many_owners_share_counts_once() {
    let db = cached(blog::db());
    let all = block_on(Post::all(&db)).unwrap();
    for post in &all {
        block_on(post.user(&db)).unwrap();
    }
    let stats = db.cache().stats(Post::USER);
    assert_eq!((reads(stats), stats.entries), ([0, 3, 1, 0], 3), "1, 2 and 99, which leads nowhere");
}

#[test]
fn a_null_key_and_what_is_filtered_count_nothing() {
    let db = cached(blog::db());
    let four = block_on(Post::find(db.source(), 4)).unwrap().unwrap();
    block_on(four.user(&db)).unwrap();
    block_on(user(db.source(), 1).posts_query().all(&db)).unwrap();
    block_on(User::query().with(User::POSTS.limit(1)).all(&db)).unwrap();
    assert_eq!(db.cache().report().total, CacheStats::default());
}

#[test]
fn an_eager_load_counts_like_a_lazy_one() {
    let db = cached(blog::db());
    for _ in 0..2 {
        block_on(User::query().with(User::POSTS.with(Post::COMMENTS)).all(&db)).unwrap();
    }
    assert_eq!(reads(posts(&db)), [3, 3, 1, 0]);
    assert_eq!(reads(db.cache().stats(Post::COMMENTS)), [3, 3, 1, 0]);
}

#[test]
fn a_load_that_fails_counts_what_it_missed_and_leaves_nothing() {
    let db = cached(blog::db());
    execute(db.source(), "ALTER TABLE posts RENAME TO away");
    let ann = user(db.source(), 1);
    block_on(ann.posts(&db)).unwrap_err();
    assert_eq!((reads(posts(&db)), posts(&db).entries), ([0, 1, 1, 0], 0));
}

#[test]
fn who_waits_for_the_load_of_another_has_missed_and_waited() {
    let db = held(blog::db());
    let rows = [user(&db.source().source, 1), user(&db.source().source, 1)];
    let (mut first, mut second) = (pin!(rows[0].posts(&db)), pin!(rows[1].posts(&db)));
    assert!(poll(first.as_mut()).is_pending() && poll(second.as_mut()).is_pending());
    db.source().permits.add_permits(1);
    assert_eq!((block_on(first).unwrap().len(), block_on(second).unwrap().len()), (2, 2));
    assert_eq!(reads(posts(&db)), [0, 2, 1, 1]);
}

#[test]
fn a_load_whose_key_is_invalidated_meanwhile_is_counted_as_fenced() {
    let db = held(blog::db());
    let row = user(&db.source().source, 1);
    let mut reading = pin!(row.posts(&db));
    assert!(poll(reading.as_mut()).is_pending());
    db.cache().invalidate(User::POSTS, 1);
    db.source().permits.add_permits(1);
    assert_eq!(block_on(reading).unwrap().len(), 2);
    let stats = posts(&db);
    assert_eq!((stats.fenced, stats.invalidated, stats.entries), (1, 1, 0));
}

#[test]
fn an_invalidation_of_a_key_counts_whether_or_not_it_was_held() {
    let db = cached(blog::db());
    read(&db, 1);
    db.cache().invalidate(User::POSTS, 1);
    db.cache().invalidate(User::POSTS, 7);
    assert_eq!((posts(&db).invalidated, posts(&db).entries), (2, 0));
}

#[test]
fn the_share_of_hits_is_a_number_from_0_to_1() {
    let db = cached(blog::db());
    assert_eq!(posts(&db).hit_rate(), 0.0);
    (0..4).for_each(|_| read(&db, 1));
    assert_eq!(posts(&db).hit_rate(), 0.75);
}

#[test]
fn a_relation_over_a_join_table_counts_both_its_steps() {
    let db = cached(school::db());
    let students = block_on(school::Student::all(&db)).unwrap();
    for student in &students {
        block_on(student.courses(&db)).unwrap();
    }
    let report = db.cache().report();
    let names: Vec<_> = report.relations.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["Student.courses", "Student.courses over Enrolment"]);
    let sum = report.relations.iter().map(|(_, stats)| *stats).sum::<CacheStats>();
    assert_eq!((sum, db.cache().stats(school::Student::COURSES)), (report.total, report.total));
}

#[test]
fn a_polymorphic_relation_has_a_line_for_each_model_it_leads_to() {
    let db = cached(media::db());
    for comment in &block_on(media::Comment::all(&db)).unwrap() {
        let _ = block_on(comment.commentable(&db));
    }
    let names: Vec<_> = db.cache().report().relations.into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["Comment.commentable to Post", "Comment.commentable to Video"]);
}

#[test]
fn a_report_prints_as_a_table() {
    let clock = ManualClock::new();
    let db = Db::builder(blog::db()).cache(CacheConfig::default().max_entries(2)).clock(clock.clone()).build().unwrap();
    for id in [1, 1, 2, 3] {
        read(&db, id);
    }
    clock.advance(std::time::Duration::from_secs(300));
    read(&db, 3);
    db.cache().invalidate(User::POSTS, 3);
    let post = block_on(Post::find(db.source(), 3)).unwrap().unwrap();
    block_on(post.user(&db)).unwrap();
    let report = db.cache().report();
    let weights = report.relations.iter().map(|(_, stats)| stats.weight.to_string()).collect::<Vec<_>>();
    let width = weights.iter().map(String::len).max().unwrap().max("weight".len());
    let expected = format!(
        "\
relation    hits  misses  hit rate  loads  waits  expired  evicted  invalidated  fenced  entries  {:>width$}
Post.user      0       1     0.0 %      1      0        0        0            0       0        1  {:>width$}
User.posts     1       4    20.0 %      4      0        1        1            1       0        1  {:>width$}
total          1       5    16.7 %      5      0        1        1            1       0        2  {:>width$}
",
        "weight", weights[0], weights[1], report.total.weight
    );
    assert_eq!(report.to_string(), expected);
}
