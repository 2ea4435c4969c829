//! The fence of the shared cache under a model checker: no interleaving of loads and invalidations, and no reordering
//! that the memory model allows, lets a stale value be handed out. What breaks a rule of the fence is found to be stale.

use std::sync::atomic::{AtomicUsize, Ordering as Plain};

use cache::fence::{Count, Fence, Stamp};
use cache::sync::{Arc, AtomicU64, Mutex, Ordering, lock};
use loom::thread;

mod cache {
    /// The checker's own atomics and locks, in the place of those of the core.
    pub(crate) mod sync {
        pub(crate) use loom::sync::atomic::{AtomicU64, Ordering};
        pub(crate) use loom::sync::{Arc, Mutex, MutexGuard};

        pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
            mutex.lock().unwrap()
        }
    }

    #[path = "../../../relations-core/src/cache/fence.rs"]
    #[expect(dead_code, reason = "the models need few marks")]
    pub(crate) mod fence;
}

/// What was in the database before anything was written.
const OLD: u64 = 0;

/// Two rows in a database, and a store of them behind a fence.
struct World {
    /// The versions of the rows. They are read and written without any order of their own.
    database: [AtomicU64; 2],
    count: Count,
    fence: Fence,
    kept: [Mutex<Option<(u64, Stamp)>>; 2],
}

impl World {
    /// With all keys on one mark.
    fn new() -> Arc<Self> {
        let count = Count::new();
        let fence = Fence::with_marks(&count, 1);
        Arc::new(Self { database: Default::default(), count, fence, kept: Default::default() })
    }

    fn read(&self, key: usize) -> u64 {
        self.database[key].load(Ordering::Relaxed)
    }

    fn write(&self, key: usize, version: u64) {
        self.database[key].store(version, Ordering::Relaxed);
    }

    fn keep(&self, key: usize, version: u64, since: Stamp) -> bool {
        self.fence.publish(self.fence.place(&key), since, || *lock(&self.kept[key]) = Some((version, since)))
    }

    /// Stamp, snapshot, publish.
    fn load(&self, key: usize) -> bool {
        let since = self.count.now();
        self.keep(key, self.read(key), since)
    }

    fn invalidate(&self, key: usize) {
        self.fence.invalidate(self.fence.place(&key), || *lock(&self.kept[key]) = None);
    }

    /// What the store hands out.
    fn get(&self, key: usize) -> Option<u64> {
        let kept = *lock(&self.kept[key]);
        kept.filter(|(_, since)| self.fence.admits(*since)).map(|(version, _)| version)
    }

    fn assert_fresh(&self, key: usize, at_least: u64) {
        assert!(self.get(key).is_none_or(|version| version >= at_least), "a stale read");
    }
}

/// Runs something in all interleavings with at most three preemptions.
fn check(model: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(model);
}

/// How many interleavings saw what.
#[derive(Default)]
struct Seen(AtomicUsize, AtomicUsize);

impl Seen {
    fn either(&self, kept: bool) {
        let count = if kept { &self.0 } else { &self.1 };
        count.fetch_add(1, Plain::Relaxed);
    }

    fn assert_both(&self) {
        let (kept, turned_away) = (self.0.load(Plain::Relaxed), self.1.load(Plain::Relaxed));
        println!("{kept} loads were kept, {turned_away} turned away");
        assert!(kept > 0 && turned_away > 0, "the model sees one outcome only");
    }
}

type Spawned = thread::JoinHandle<()>;

fn spawn(world: &Arc<World>, work: impl FnOnce(&World) + 'static) -> Spawned {
    let world = Arc::clone(world);
    thread::spawn(move || work(&world))
}

/// A load, besides what `model` does; how often it is kept is seen. All ends before the last look.
fn check_beside_loads(loaders: usize, model: impl Fn(&World) + Send + Sync + 'static) {
    let seen = std::sync::Arc::new(Seen::default());
    let within = std::sync::Arc::clone(&seen);
    check(move || {
        let world = World::new();
        let loads: Vec<_> = (0..loaders)
            .map(|_| {
                let seen = std::sync::Arc::clone(&within);
                spawn(&world, move |world| seen.either(world.load(0)))
            })
            .collect();
        model(&world);
        loads.into_iter().for_each(|load| load.join().unwrap());
        world.assert_fresh(0, 1);
    });
    seen.assert_both();
}

#[test]
fn after_a_key_is_invalidated_nothing_from_before_is_handed_out() {
    check_beside_loads(1, |world| {
        world.write(0, 1);
        world.invalidate(0);
        world.assert_fresh(0, 1);
    });
}

#[test]
fn after_all_keys_are_invalidated_nothing_from_before_is_handed_out() {
    check_beside_loads(1, |world| {
        world.write(0, 1);
        world.fence.invalidate_all();
        world.assert_fresh(0, 1);
    });
}

#[test]
fn of_two_loads_neither_brings_back_what_was_invalidated() {
    check_beside_loads(2, |world| {
        world.write(0, 1);
        world.invalidate(0);
        world.assert_fresh(0, 1);
    });
}

#[test]
fn of_two_loads_neither_brings_back_what_was_invalidated_with_all_keys() {
    check_beside_loads(2, |world| {
        world.write(0, 1);
        world.fence.invalidate_all();
        world.assert_fresh(0, 1);
    });
}

#[test]
fn each_of_two_invalidations_holds() {
    check_beside_loads(1, |world| {
        for version in [1, 2] {
            world.write(0, version);
            world.invalidate(0);
            world.assert_fresh(0, version);
        }
    });
}

#[test]
fn an_invalidation_of_one_key_and_one_of_all_hold_together() {
    check_beside_loads(1, |world| {
        world.write(0, 1);
        world.invalidate(0);
        world.assert_fresh(0, 1);
        world.write(0, 2);
        world.fence.invalidate_all();
        world.assert_fresh(0, 2);
    });
}

#[test]
fn another_reader_that_learns_of_an_invalidation_reads_nothing_from_before() {
    check(|| {
        let world = World::new();
        let acknowledged = Arc::new(AtomicU64::new(0));
        let load = spawn(&world, |world| {
            world.load(0);
        });
        let told = Arc::clone(&acknowledged);
        let write = spawn(&world, move |world| {
            world.write(0, 1);
            world.invalidate(0);
            told.store(1, Ordering::Release);
        });
        let at_least = acknowledged.load(Ordering::Acquire);
        world.assert_fresh(0, at_least);
        load.join().unwrap();
        write.join().unwrap();
        world.assert_fresh(0, 1);
    });
}

#[test]
fn two_writers_of_two_keys_on_one_mark_do_not_hide_each_other() {
    check(|| {
        let world = World::new();
        let load = spawn(&world, |world| {
            let since = world.count.now();
            for key in [0, 1] {
                world.keep(key, world.read(key), since);
            }
        });
        let other = spawn(&world, |world| {
            world.write(1, 1);
            world.invalidate(1);
            world.assert_fresh(1, 1);
        });
        world.write(0, 1);
        world.invalidate(0);
        world.assert_fresh(0, 1);
        load.join().unwrap();
        other.join().unwrap();
        world.assert_fresh(0, 1);
        world.assert_fresh(1, 1);
    });
}

#[test]
fn two_writers_of_one_key_each_see_their_own_write_hold() {
    check(|| {
        let world = World::new();
        let load = spawn(&world, |world| {
            world.load(0);
        });
        let other = spawn(&world, |world| {
            world.database[0].fetch_max(1, Ordering::Relaxed);
            world.invalidate(0);
            world.assert_fresh(0, 1);
        });
        world.database[0].fetch_max(2, Ordering::Relaxed);
        world.invalidate(0);
        world.assert_fresh(0, 2);
        load.join().unwrap();
        other.join().unwrap();
        world.assert_fresh(0, 2);
    });
}

/// A load that others may wait for: its stamp is there before its snapshot, its outcome afterwards.
fn check_waiting(is_asked: bool) {
    check(move || {
        let world = World::new();
        let under_way = Arc::new(Mutex::new(None));
        let outcome = Arc::new(Mutex::new(OLD));
        let (said, given) = (Arc::clone(&under_way), Arc::clone(&outcome));
        let load = spawn(&world, move |world| {
            let since = world.count.now();
            *lock(&said) = Some(since);
            let version = world.read(0);
            *lock(&given) = version;
            world.keep(0, version, since);
        });
        world.write(0, 1);
        world.invalidate(0);
        let since: Option<Stamp> = *lock(&under_way);
        let place = world.fence.place(&0);
        let waits = since.is_some_and(|since| !is_asked || world.fence.is_current(place, since));
        load.join().unwrap();
        assert!(!waits || *lock(&outcome) >= 1, "a stale read");
    });
}

#[test]
fn who_asks_whether_a_load_is_current_waits_for_none_that_is_stale() {
    check_waiting(true);
}

/// A load that opens a fence of its own only after its snapshot, as the first load of a relation does.
fn check_opening(counts: bool) {
    check(move || {
        let world = World::new();
        let opened = Arc::new(Mutex::new(None));
        let slot = Arc::clone(&opened);
        let load = spawn(&world, move |world| {
            let since = world.count.now();
            let version = world.read(0);
            let fence = Arc::clone(lock(&slot).get_or_insert_with(|| Arc::new(Fence::with_marks(&world.count, 1))));
            fence.publish(fence.place(&0), since, || *lock(&world.kept[0]) = Some((version, since)));
        });
        world.write(0, 1);
        if counts {
            world.count.next();
        }
        let fence = lock(&opened).clone();
        if let Some(fence) = fence {
            fence.invalidate(fence.place(&0), || *lock(&world.kept[0]) = None);
        }
        world.assert_fresh(0, 1);
        load.join().unwrap();
        world.assert_fresh(0, 1);
    });
}

#[test]
fn a_fence_that_is_made_after_an_invalidation_was_counted_turns_away_what_is_older() {
    check_opening(true);
}

#[test]
#[should_panic(expected = "a stale read")]
fn a_stamp_taken_after_the_snapshot_is_found_to_be_stale() {
    check(|| {
        let world = World::new();
        let load = spawn(&world, |world| {
            let version = world.read(0);
            world.keep(0, version, world.count.now());
        });
        world.write(0, 1);
        world.invalidate(0);
        load.join().unwrap();
        world.assert_fresh(0, 1);
    });
}

#[test]
#[should_panic(expected = "a stale read")]
fn a_value_kept_without_the_fence_is_found_to_be_stale() {
    check(|| {
        let world = World::new();
        let load = spawn(&world, |world| {
            let since = world.count.now();
            let version = world.read(0);
            *lock(&world.kept[0]) = Some((version, since));
        });
        world.write(0, 1);
        world.invalidate(0);
        load.join().unwrap();
        world.assert_fresh(0, 1);
    });
}

#[test]
#[should_panic(expected = "a stale read")]
fn a_look_at_the_mark_without_its_lock_is_found_to_be_stale() {
    check(|| {
        let world = World::new();
        let load = spawn(&world, |world| {
            let since = world.count.now();
            let version = world.read(0);
            if world.fence.is_current(world.fence.place(&0), since) {
                *lock(&world.kept[0]) = Some((version, since));
            }
        });
        world.write(0, 1);
        world.invalidate(0);
        load.join().unwrap();
        world.assert_fresh(0, 1);
    });
}

#[test]
#[should_panic(expected = "a stale read")]
fn an_invalidation_before_the_write_is_found_to_be_stale() {
    check(|| {
        let world = World::new();
        let load = spawn(&world, |world| {
            world.load(0);
        });
        world.invalidate(0);
        world.write(0, 1);
        load.join().unwrap();
        world.assert_fresh(0, 1);
    });
}

#[test]
#[should_panic(expected = "a stale read")]
fn an_entry_whose_stamp_nobody_asks_for_is_found_to_be_stale() {
    check(|| {
        let world = World::new();
        let load = spawn(&world, |world| {
            world.load(0);
        });
        world.write(0, 1);
        world.fence.invalidate_all();
        load.join().unwrap();
        let kept = *lock(&world.kept[0]);
        assert!(kept.is_none_or(|(version, _)| version >= 1), "a stale read");
    });
}

#[test]
#[should_panic(expected = "a stale read")]
fn waiting_for_any_load_is_found_to_be_stale() {
    check_waiting(false);
}

#[test]
#[should_panic(expected = "a stale read")]
fn an_invalidation_that_a_new_fence_cannot_count_is_found_to_be_stale() {
    check_opening(false);
}
