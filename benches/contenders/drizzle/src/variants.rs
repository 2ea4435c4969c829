//! The variants, which are the same on both databases, and how they run: alone, or in two threads.

use std::cell::RefCell;
use std::thread;

use bench_kit::{Look, Reached, Result};

/// Makes `variants`, which lists those of a module with the workloads.
#[macro_export]
macro_rules! variants {
    () => {
        /// The variants: what runs alone on `one` connection, and what runs on `two`.
        pub fn variants<'a>(
            one: &'a std::cell::RefCell<Db>,
            two: &'a std::cell::RefCell<[Db; 2]>,
            users: i64,
        ) -> Vec<bench_kit::Variant<'a>> {
            use bench_kit::Variant;
            use $crate::variants::{alone, asked, in_two_threads};

            let keys = bench_kit::request_keys(users);
            vec![
                Variant::load("W1", "relational query", alone(one, posts)),
                Variant::load("W1", "selects, grouped by hand", alone(one, by_hand::posts)),
                Variant::load("W2", "relational query", alone(one, authors)),
                Variant::load("W2", "selects, paired by hand", alone(one, by_hand::authors)),
                Variant::load("W2k", "relational query", alone(one, some_authors)),
                Variant::load("W2k", "selects, paired by hand", alone(one, by_hand::some_authors)),
                Variant::load("W3", "relational query", alone(one, tags)),
                Variant::load("W3", "selects, chunked and grouped by hand", alone(one, by_hand::tags)),
                Variant::load("W4", "relational query", alone(one, tree)),
                Variant::load("W4", "selects, chunked and grouped by hand", alone(one, by_hand::tree)),
                Variant::load("W5", "select", alone(one, lazy)),
                Variant::load("W5", "select, prepared", alone(one, lazy_prepared)),
                Variant::load("W8", "relational query with a limit", alone(one, latest)),
                Variant::requests("W6", "relational query", keys.clone(), asked(one, request)),
                Variant::requests("W6", "relational query, prepared", keys.clone(), asked(one, request_prepared)),
                Variant::requests("W6", "two selects, prepared", keys.clone(), asked(one, request_selects)),
                Variant::looks("W6t2", "relational query", keys.len(), in_two_threads(two, &keys, request)),
                Variant::looks(
                    "W6t2",
                    "relational query, prepared",
                    keys.len(),
                    in_two_threads(two, &keys, request_prepared),
                ),
                Variant::looks(
                    "W6t2",
                    "two selects, prepared",
                    keys.len(),
                    in_two_threads(two, &keys, request_selects),
                ),
            ]
        }
    };
}

/// A load on one connection.
pub fn alone<D, T: Reached>(db: &RefCell<D>, load: impl Fn(&mut D) -> Result<T>) -> impl FnMut() -> Result<T> {
    move || load(&mut db.borrow_mut())
}

/// Requests on one connection, by what is prepared once.
pub fn asked<D, T, L>(db: &RefCell<D>, prepare: impl FnOnce(&mut D) -> L) -> impl FnMut(i64) -> Result<T>
where
    T: Reached,
    L: FnMut(&mut D, i64) -> Result<T>,
{
    let mut load = prepare(&mut db.borrow_mut());
    move |key| load(&mut db.borrow_mut(), key)
}

/// Requests in two threads, each with a connection, half of the keys, and what it prepares once for them.
pub fn in_two_threads<'a, D, T, L, P>(
    dbs: &'a RefCell<[D; 2]>,
    keys: &[i64],
    prepare: P,
) -> impl FnMut(Look) -> Result<u64> + use<'a, D, T, L, P>
where
    D: Send,
    T: Reached,
    L: FnMut(&mut D, i64) -> Result<T>,
    P: Fn(&mut D) -> L + Copy + Send,
{
    let keys = keys.to_vec();
    move |look| {
        let mut dbs = dbs.borrow_mut();
        thread::scope(|scope| {
            let halves = dbs.iter_mut().zip(keys.chunks(keys.len().div_ceil(2)));
            let threads = halves.map(|(db, half)| {
                scope.spawn(move || {
                    let mut load = prepare(db);
                    half.iter().try_fold(0_u64, |sum, &key| Ok(sum.wrapping_add(look.see(&load(db, key)?)?)))
                })
            });
            let threads: Vec<thread::ScopedJoinHandle<'_, Result<u64>>> = threads.collect();
            threads
                .into_iter()
                .try_fold(0_u64, |sum, thread| Ok(sum.wrapping_add(thread.join().map_err(|_| "a thread panicked")??)))
        })
    }
}
