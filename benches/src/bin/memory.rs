//! Counts allocations, and takes the peak of memory in a process of its own for each variant:
//! `cargo run --release --bin memory -- --size small`.

use std::alloc::System;
use std::path::Path;
use std::process::Command;

use relations_benches::data::{Layout, Size, generate};
use relations_benches::hand::Hand;
use relations_benches::reach::{Reached, Touch};
use relations_benches::{Result, ours, workloads};
use relations_core::Sqlite;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const USAGE: &str = "usage: memory [--size small|big]";
const VARIANTS: &[&str] = &[
    "W1 hand, a vector each",
    "W1 hand, one flat vector",
    "W1 hand, scan",
    "W1 ours, inline",
    "W2 hand, key list",
    "W2 ours, inline",
    "W6 hand, in a transaction",
    "W6 ours, find then posts, inline",
    "W6 ours, by key with posts, inline",
    "W6 ours, by filter with posts, inline",
    "W8 hand, keys x latest ids",
    "W8 ours, inline",
];

/// What a variant took.
struct Taken {
    allocations: usize,
    reallocations: usize,
    /// What the result holds, in bytes.
    held: usize,
    /// How far the process grew at most, in bytes.
    peak: usize,
}

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => report(Size::Small),
        ["--size", size] => report(Size::parse(size).ok_or(USAGE)?),
        ["--variant", name, path] => {
            let taken = take(Path::new(path), name)?;
            println!("{} {} {} {}", taken.allocations, taken.reallocations, taken.held, taken.peak);
            Ok(())
        }
        _ => Err(USAGE.into()),
    }
}

fn report(size: Size) -> Result<()> {
    let directory = tempfile::tempdir()?;
    let path = directory.path().join("bench.db");
    generate(&path, size, Layout::Turns)?;
    println!("{:<36} {:>12} {:>14} {:>12} {:>12}", size.name(), "allocations", "reallocations", "held", "peak");
    for name in VARIANTS {
        let output = Command::new(std::env::current_exe()?).args(["--variant", name]).arg(&path).output()?;
        let text = String::from_utf8(output.stdout)?;
        let numbers: Vec<f64> = text.split_whitespace().map(str::parse).collect::<std::result::Result<_, _>>()?;
        let [allocations, reallocations, held, peak] = numbers.as_slice() else {
            return Err(format!("{name}: {}", String::from_utf8_lossy(&output.stderr)).into());
        };
        let (held, peak) = (held / 1024.0, peak / 1024.0);
        println!("{name:<36} {allocations:>12} {reallocations:>14} {held:>8.1} KiB {peak:>8.0} KiB");
    }
    Ok(())
}

/// Runs one variant.
fn take(path: &Path, name: &str) -> Result<Taken> {
    let hand = Hand::open(path)?;
    let db = Sqlite::builder(path).connections(1).inline().open()?;
    let (some, latest) = (workloads::SOME, workloads::LATEST);
    match name {
        "W1 hand, a vector each" => of(|_| hand.users_with_posts()),
        "W1 hand, one flat vector" => of(|_| hand.users_with_posts_flat()),
        "W1 hand, scan" => of(|_| hand.users_with_posts_scanned()),
        "W1 ours, inline" => of(|_| ours::users_with_posts(&db)),
        "W2 hand, key list" => of(|_| hand.posts_with_author()),
        "W2 ours, inline" => of(|_| ours::posts_with_author(&db)),
        "W6 hand, in a transaction" => of(|key| hand.user_with_posts_in_snapshot(key)),
        "W6 ours, find then posts, inline" => of(|key| ours::user_then_posts(&db, key)),
        "W6 ours, by key with posts, inline" => of(|key| ours::user_with_posts(&db, key)),
        "W6 ours, by filter with posts, inline" => of(|key| ours::filtered_user_with_posts(&db, key)),
        "W8 hand, keys x latest ids" => of(|_| hand.first_users_with_latest(some)),
        "W8 ours, inline" => of(|_| ours::first_users_with_latest(&db, some, latest)),
        _ => Err(USAGE.into()),
    }
}

/// The peak of a first load, before any memory was freed that could hide it; the allocations of a second one, whose
/// statements are prepared.
fn of<T: Reached>(load: impl Fn(i64) -> Result<T>) -> Result<Taken> {
    // Forgets the peak so far.
    std::fs::write("/proc/self/clear_refs", "5")?;
    let before = status("VmRSS:")?;
    let reached = load(1)?;
    reached.walk(&mut Touch::default())?;
    let peak = status("VmHWM:")?.saturating_sub(before) * 1024;
    drop(reached);

    let region = Region::new(ALLOCATOR);
    let reached = load(2)?;
    let change = region.change();
    reached.walk(&mut Touch::default())?;
    let held = change.bytes_allocated.saturating_sub(change.bytes_deallocated);
    Ok(Taken { allocations: change.allocations, reallocations: change.reallocations, held, peak })
}

/// A line of `/proc/self/status`, in KiB.
fn status(name: &str) -> Result<usize> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)).ok_or("no such line")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse()?)
}
