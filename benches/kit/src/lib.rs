//! What every contender shares. A contender is a program that does the workloads in its own way; the runner starts it
//! beside the others and asks for one run after the other. So each has its own lock file and its own native libraries.
//!
//! [`reach`]: what is compared; [`sample`](mod@sample): what is timed; [`worker`]: how the runner asks; [`by_hand`]:
//! grouping for libraries that leave it to their users.

#![forbid(unsafe_code)]

pub mod by_hand;
pub mod count;
pub mod reach;
pub mod sample;
pub mod worker;

pub use reach::{Columns, Fold, Nested, Paired, Reached, Visitor};
pub use sample::{Look, Sample, sample, sample_calls, sample_looks, sample_owners, sample_requests, two_threads};
pub use worker::{Database, Setup, Variant, serve};

/// What a contender's work may end with.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// The result of a contender's work.
pub type Result<T> = std::result::Result<T, Error>;

/// The first so many posts (W2k, W5) or users (W8), where a workload takes only some.
pub const SOME: i64 = 1_000;

/// The latest so many posts of each user (W8).
pub const LATEST: i64 = 3;

/// The keys of W6: users drawn at random, the same for every contender.
pub fn request_keys(users: i64) -> Vec<i64> {
    // The minimal standard generator of Park and Miller (1988).
    let mut state = 11_i64;
    let mut next = || {
        state = state * 48_271 % 2_147_483_647;
        state % users + 1
    };
    (0..1_000).map(|_| next()).collect()
}

/// A package with the version that a lock file has: "rusqlite 0.41.1". A contender includes its `Cargo.lock`.
///
/// # Errors
/// When it is not there.
pub fn locked(lock: &str, package: &str) -> Result<String> {
    let entry = format!("name = \"{package}\"\nversion = \"");
    let (_, after) = lock.split_once(&entry).ok_or_else(|| format!("{package} is not locked"))?;
    let version = after.split('"').next().unwrap_or_default();
    Ok(format!("{package} {version}"))
}
