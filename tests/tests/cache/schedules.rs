//! Random schedules of reads, writes and invalidations through the whole cache: no read gives what was stale before it
//! began. A store that leaves out what keeps it so is found out by the same schedules.

use std::sync::Arc;

use relations_core::cache::{CacheStats, Count};
use relations_core::source::Settings;
use relations_core::{CacheConfig, Db};

mod database;
mod executor;
mod oracle;
mod readers;
mod stores;
mod writers;

use database::{Database, World};
use executor::{Task, abandoned};
use readers::{Outcome, read};
use stores::Mapped;
use writers::write;

/// What some schedules came to.
#[derive(Debug, Default)]
struct Totals {
    schedules: u64,
    polls: u64,
    reads: u64,
    failed: u64,
    dropped: u64,
    stale: u64,
    /// What the caches say of themselves.
    cache: CacheStats,
    /// The first stale read.
    example: Option<String>,
}

/// How often one cache is used for the next schedule: it is warm then.
const IN_A_ROW: u64 = 200;

/// Runs schedules by chance.
fn schedules(number: u64, seed: u64, config: CacheConfig, store: impl Fn(&Arc<World>) -> Option<Mapped>) -> Totals {
    let mut totals = Totals::default();
    for seed in (seed..).take(usize::try_from(number.div_ceil(IN_A_ROW)).unwrap()) {
        let world = World::new(seed, [8, 40, 1_000][seed as usize % 3]);
        let builder = Db::builder(Database { world: Arc::clone(&world), settings: Settings::default() }).cache(config);
        let db = match store(&world) {
            Some(store) => builder.cache_store(store).build().unwrap(),
            None => builder.build().unwrap(),
        };
        for schedule in 0..IN_A_ROW {
            let outcome = Outcome::default();
            // Many readers of one relation are more likely to meet.
            let favourite = world.random.below(readers::SORTS);
            let tasks = (0..2 + world.random.below(5)).map(|_| task(&world, &db, &outcome, favourite)).collect();
            totals.polls += executor::run(&world.random, tasks);
            totals.schedules += 1;
            outcome.add_to(&mut totals, &format!("seed {seed}, schedule {schedule}"));
        }
        totals.cache = [totals.cache, db.cache().report().total].into_iter().sum();
    }
    println!("{totals:?}");
    totals
}

fn task<'a>(world: &'a World, db: &'a Db<Database>, outcome: &'a Outcome, favourite: usize) -> Task<'a> {
    let sort = if world.random.once_in(3) { world.random.below(readers::SORTS) } else { favourite };
    match world.random.below(9) {
        0..=2 => Box::pin(write(world, db)),
        3 => {
            outcome.dropped();
            Box::pin(abandoned(read(world, db, outcome, sort), world.random.below(8)))
        }
        _ => read(world, db, outcome, sort),
    }
}

fn assert_none_stale(totals: &Totals) {
    assert_eq!(totals.stale, 0, "{}", totals.example.as_deref().unwrap_or_default());
    let CacheStats { hits, waits, fenced, .. } = totals.cache;
    assert!(totals.reads > totals.schedules && hits.min(waits).min(fenced) > 0, "{totals:?}");
}

#[test]
fn thirty_thousand_schedules_read_nothing_stale() {
    assert_none_stale(&schedules(30_000, 1, CacheConfig::default(), |_| None));
}

#[test]
fn twenty_thousand_schedules_read_nothing_stale_where_entries_make_room_for_others() {
    assert_none_stale(&schedules(20_000, 1_000_000, CacheConfig::default().max_entries(1), |_| None));
}

#[test]
fn fifty_thousand_schedules_read_nothing_stale_from_a_store_that_answers_later() {
    assert_none_stale(&schedules(50_000, 2_000_000, CacheConfig::default(), |world| {
        Some(Mapped { count: Count::new(), world: Arc::clone(world), turns_away: true, tells_stale: true })
    }));
}

#[test]
fn a_store_that_keeps_whatever_is_loaded_is_found_to_be_stale() {
    let totals = schedules(5_000, 3_000_000, CacheConfig::default(), |world| {
        Some(Mapped { count: Count::new(), world: Arc::clone(world), turns_away: false, tells_stale: true })
    });
    assert!(totals.stale > 0, "{totals:?}");
}

#[test]
fn a_store_that_lets_readers_wait_for_any_load_is_found_to_be_stale() {
    let totals = schedules(5_000, 4_000_000, CacheConfig::default(), |world| {
        Some(Mapped { count: Count::new(), world: Arc::clone(world), turns_away: true, tells_stale: false })
    });
    assert!(totals.stale > 0, "{totals:?}");
}
