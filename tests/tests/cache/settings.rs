//! Who says how a relation is cached: the `Db` for all, the relation's attribute, the program at run time.

use std::time::Duration;

use relations_core::cache::ManualClock;
use relations_core::{CacheConfig, CacheSettings, Db, DbBuilder, HasMany, Ref, Relations, Sqlite, block_on};
use relations_tests::blog::{self, User};
use relations_tests::sent;

use crate::{cached, user};

#[derive(Debug, Clone, Relations)]
#[relations(table = "users")]
struct Author {
    id: i64,
    #[has_many(foreign_key = user_id)]
    plain: HasMany<Article>,
    #[has_many(foreign_key = user_id, cache)]
    on: HasMany<Article>,
    #[has_many(foreign_key = user_id, cache(off))]
    off: HasMany<Article>,
    #[has_many(foreign_key = user_id, cache(ttl = "1m", max_entries = 2))]
    brief: HasMany<Article>,
    #[has_many(foreign_key = user_id, cache(ttl = "forever"))]
    lasting: HasMany<Article>,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "posts")]
struct Article {
    id: i64,
    user_id: Option<i64>,
}

const MINUTE: Duration = Duration::from_secs(60);

type Cached = Db<Sqlite>;

fn builder() -> DbBuilder<Sqlite> {
    Db::builder(blog::db())
}

fn author(db: &Cached, id: i64) -> Ref<Author> {
    block_on(Author::find(db.source(), id)).unwrap().unwrap()
}

/// Whether a relation that was read of one row needs no statement for another row with the same key.
fn is_cached(db: &Cached, read: impl AsyncFn(&Author, &Cached)) -> bool {
    block_on(read(&author(db, 1), db));
    let again = author(db, 1);
    let log = db.source().record();
    block_on(read(&again, db));
    sent(&log) == 0
}

async fn plain(author: &Author, db: &Cached) {
    assert_eq!(author.plain(db).await.unwrap().len(), 2);
}

async fn on(author: &Author, db: &Cached) {
    assert_eq!(author.on(db).await.unwrap().len(), 2);
}

async fn off(author: &Author, db: &Cached) {
    assert_eq!(author.off(db).await.unwrap().len(), 2);
}

async fn brief(author: &Author, db: &Cached) {
    assert_eq!(author.brief(db).await.unwrap().len(), 2);
}

async fn lasting(author: &Author, db: &Cached) {
    assert_eq!(author.lasting(db).await.unwrap().len(), 2);
}

#[test]
fn by_default_all_is_cached_for_5_minutes_and_1000_entries() {
    let config = CacheConfig::default();
    assert!(config.enabled);
    assert_eq!((config.ttl, config.tti), (Some(Duration::from_secs(300)), None));
    assert_eq!((config.max_entries, config.max_weight), (Some(1_000), None));
}

#[test]
fn a_config_is_what_was_said_and_the_default_for_the_rest() {
    let config = CacheConfig::default().ttl(MINUTE).tti(MINUTE / 2).max_entries(5);
    assert_eq!((config.enabled, config.ttl, config.tti), (true, Some(MINUTE), Some(MINUTE / 2)));
    assert_eq!((config.max_entries, config.max_weight), (Some(5), None));
    let config = config.max_weight(1 << 20).no_ttl();
    assert_eq!((config.ttl, config.max_entries, config.max_weight), (None, None, Some(1 << 20)));
    assert_eq!(CacheConfig::opt_in(), CacheConfig { enabled: false, ..CacheConfig::default() });
}

#[test]
fn without_a_config_nothing_is_cached() {
    let db = builder().build().unwrap();
    for _ in 0..2 {
        assert!(!is_cached(&db, plain) && !is_cached(&db, on) && !is_cached(&db, brief));
    }
    assert!(db.cache().report().relations.is_empty());
}

#[test]
fn a_relation_that_was_named_at_run_time_is_not_cached_without_a_config_either() {
    let db = builder().cache_relation(Author::PLAIN, CacheSettings::on()).build().unwrap();
    assert!(!is_cached(&db, plain));
}

#[test]
fn all_clones_share_the_config_and_the_entries() {
    let db = builder().cache(CacheConfig::default().max_entries(1)).build().unwrap();
    let clone = db.clone();
    block_on(user(db.source(), 1).posts(&db)).unwrap();
    let log = db.source().record();
    let row = user(db.source(), 1);
    log.clear();
    assert_eq!(block_on(row.posts(&clone)).unwrap().len(), 2);
    assert_eq!(sent(&log), 0);
    block_on(user(db.source(), 2).posts(&clone)).unwrap();
    assert_eq!(db.cache().stats(User::POSTS), clone.cache().stats(User::POSTS));
    assert_eq!(db.cache().stats(User::POSTS).entries, 1, "the config's");
    clone.cache().clear();
    assert_eq!(db.cache().stats(User::POSTS).entries, 0);
}

#[test]
fn each_db_has_a_cache_of_its_own() {
    let source = blog::db();
    let (one, other) = (cached(source.clone()), cached(source));
    block_on(user(one.source(), 1).posts(&one)).unwrap();
    assert_eq!((one.cache().stats(User::POSTS).entries, other.cache().stats(User::POSTS).entries), (1, 0));
}

#[test]
fn what_is_read_from_the_source_itself_goes_past_the_cache() {
    let db = cached(blog::db());
    block_on(user(db.source(), 1).posts(db.source())).unwrap();
    assert!(db.cache().report().relations.is_empty());
}

#[test]
fn an_attribute_goes_before_the_config_of_all() {
    let all = builder().cache(CacheConfig::default()).build().unwrap();
    assert!(is_cached(&all, plain) && is_cached(&all, on) && !is_cached(&all, off));
    let opt_in = builder().cache(CacheConfig::opt_in()).build().unwrap();
    assert!(!is_cached(&opt_in, plain) && is_cached(&opt_in, on) && !is_cached(&opt_in, off));
    assert!(is_cached(&opt_in, brief), "settings alone switch it on");
}

#[test]
fn what_is_said_at_run_time_goes_before_the_attribute_and_the_config() {
    let db = builder()
        .cache(CacheConfig::default())
        .cache_relation(Author::PLAIN, CacheSettings::off())
        .cache_relation(Author::ON, CacheSettings::off())
        .cache_relation(Author::OFF, CacheSettings::on())
        .build()
        .unwrap();
    assert!(!is_cached(&db, plain) && !is_cached(&db, on) && is_cached(&db, off));
    let db = builder().cache(CacheConfig::opt_in()).cache_relation(Author::PLAIN, CacheSettings::on()).build().unwrap();
    assert!(is_cached(&db, plain), "over the config, where the attribute says nothing");
}

#[test]
fn settings_that_say_only_one_thing_leave_the_others() {
    let settings = CacheSettings { max_entries: Some(1), ..CacheSettings::INHERITED };
    let clock = ManualClock::new();
    let config = CacheConfig::default();
    let db = builder()
        .cache(config)
        .cache_relation(Author::OFF, settings)
        .cache_relation(Author::BRIEF, settings)
        .clock(clock.clone())
        .build()
        .unwrap();
    assert!(!is_cached(&db, off), "the attribute's `off` holds");
    for id in 1..=3 {
        block_on(author(&db, id).brief(&db)).unwrap();
    }
    assert_eq!(db.cache().stats(Author::BRIEF).entries, 1, "instead of the attribute's 2");
    assert!(is_cached(&db, brief));
    clock.advance(MINUTE);
    assert!(!still_cached(&db), "the attribute's ttl");
}

/// Whether `brief` of the first author is handed out from the cache now.
fn still_cached(db: &Cached) -> bool {
    let row = author(db, 1);
    let log = db.source().record();
    block_on(brief(&row, db));
    sent(&log) == 0
}

#[test]
fn the_ttl_and_the_size_of_an_attribute_take_effect() {
    let clock = ManualClock::new();
    let db = builder().cache(CacheConfig::default()).clock(clock.clone()).build().unwrap();
    assert!(is_cached(&db, brief) && is_cached(&db, plain));
    clock.advance(MINUTE);
    assert!(!still_cached(&db));
    for id in 1..=3 {
        block_on(author(&db, id).brief(&db)).unwrap();
        block_on(author(&db, id).plain(&db)).unwrap();
    }
    assert_eq!(db.cache().stats(Author::BRIEF).entries, 2);
    assert_eq!(db.cache().stats(Author::PLAIN).entries, 3);
}

#[test]
fn a_weight_for_one_relation_stands_instead_of_the_number_for_all() {
    let db = builder()
        .cache(CacheConfig::default().max_entries(1))
        .cache_relation(Author::PLAIN, CacheSettings::on().max_weight(1 << 20))
        .build()
        .unwrap();
    for id in 1..=3 {
        block_on(author(&db, id).plain(&db)).unwrap();
        block_on(author(&db, id).on(&db)).unwrap();
    }
    assert_eq!((db.cache().stats(Author::PLAIN).entries, db.cache().stats(Author::ON).entries), (3, 1));
}

/// Ten years, by the clock of the cache.
fn ten_years_pass(builder: DbBuilder<Sqlite>, read: impl AsyncFn(&Author, &Cached)) -> bool {
    let clock = ManualClock::new();
    let db = builder.clock(clock.clone()).build().unwrap();
    assert!(is_cached(&db, &read));
    clock.advance(MINUTE * 60 * 24 * 365 * 10);
    let row = author(&db, 1);
    let log = db.source().record();
    block_on(read(&row, &db));
    sent(&log) == 0
}

#[test]
fn for_ever_is_for_ever_whoever_says_it() {
    let forever = CacheSettings::FOREVER;
    assert!(ten_years_pass(builder().cache(CacheConfig::default().ttl(Duration::MAX).tti(Duration::MAX)), plain));
    assert!(ten_years_pass(builder().cache(CacheConfig::default().no_ttl()), plain));
    assert!(ten_years_pass(builder().cache(CacheConfig::default()), lasting));
    let at_run_time = CacheSettings::on().ttl(forever).tti(forever);
    let config = CacheConfig::default().tti(MINUTE);
    assert!(ten_years_pass(builder().cache(config).cache_relation(Author::BRIEF, at_run_time), brief));
    assert!(!ten_years_pass(builder().cache(CacheConfig::default()), brief));
}

#[test]
fn the_longest_time_that_is_taken_works() {
    let longest = MINUTE * 60 * 24 * 365 * 1_000;
    assert!(ten_years_pass(builder().cache(CacheConfig::default().ttl(longest).tti(longest)), plain));
}

/// What `build` says of a config.
fn refused(config: CacheConfig) -> String {
    builder().cache(config).build().unwrap_err().to_string()
}

/// What `build` says of one relation's settings.
fn relation_refused(settings: CacheSettings) -> String {
    let builder = builder().cache(CacheConfig::default()).cache_relation(Author::PLAIN, settings);
    builder.build().unwrap_err().to_string()
}

#[test]
fn a_setting_that_makes_no_sense_is_an_error_that_names_it_and_says_what_to_do() {
    let config = CacheConfig::default();
    let off = "give more than 0, or switch the cache off";
    assert_eq!(refused(config.ttl(Duration::ZERO)), format!("ttl = 0s: {off}"));
    assert_eq!(refused(config.tti(Duration::ZERO)), format!("tti = 0s: {off}"));
    let off = "give at least 1, or switch the cache off";
    assert_eq!(refused(config.max_entries(0)), format!("max_entries = 0: {off}"));
    assert_eq!(refused(config.max_weight(0)), format!("max_weight = 0: {off}"));
    let both = CacheConfig { max_weight: Some(9), ..config };
    let one = "`max_entries` is set too; a cache is bounded by one of them";
    assert_eq!(refused(both), format!("max_weight = 9: {one}"));
    let long = config.ttl(Duration::from_secs(u64::MAX));
    let none = "it is longer than 1,000 years; leave it out for no end";
    assert_eq!(refused(long), format!("ttl = {}s: {none}", u64::MAX));
}

#[test]
fn the_settings_of_one_relation_are_checked_as_well() {
    let on = CacheSettings::on();
    assert!(relation_refused(on.ttl(Duration::ZERO)).contains("ttl = 0s"));
    assert!(relation_refused(on.tti(Duration::ZERO)).contains("tti = 0s"));
    assert!(relation_refused(on.max_entries(0)).contains("max_entries = 0"));
    assert!(relation_refused(on.max_weight(0)).contains("max_weight = 0"));
    let both = CacheSettings { max_entries: Some(1), max_weight: Some(1), ..on };
    assert!(relation_refused(both).contains("max_weight = 1: `max_entries` is set too"));
    assert!(relation_refused(on.tti(Duration::MAX - MINUTE)).contains("longer than 1,000 years"));
}
