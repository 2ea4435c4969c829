//! Counts allocations, and takes the peak of memory in a process of its own for each variant:
//! `cargo run --release --bin memory -- --size small`.

use std::alloc::System;
use std::path::Path;
use std::process::Command;

use relations_benches::cached::Fill;
use relations_benches::data::{Layout, Size, generate};
use relations_benches::hand::Hand;
use relations_benches::reach::{Reached, Touch};
use relations_benches::{Result, ours, workloads};
use relations_core::{CacheConfig, Db, Sqlite};
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

/// What a cache is filled with, with a time to live or without.
const FILLS: &[(&str, Fill, bool)] = &[
    ("cache of rows", Fill::Rows, true),
    ("cache of rows, no ttl", Fill::Rows, false),
    ("cache of lists of 10", Fill::Lists, true),
    ("cache of lists of 10, no ttl", Fill::Lists, false),
    ("cache of absences", Fill::Absences, true),
    ("cache of absences, no ttl", Fill::Absences, false),
    ("cache of empty lists", Fill::EmptyLists, true),
    ("cache of empty lists, no ttl", Fill::EmptyLists, false),
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
        ["--fill", name, path, keys] => {
            let (entries, weight, held) = fill(Path::new(path), name, keys.parse()?)?;
            println!("{entries} {weight} {held}");
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
        let [allocations, reallocations, held, peak] =
            numbers(Command::new(std::env::current_exe()?).args(["--variant", name]).arg(&path))?;
        let (held, peak) = (held / 1024.0, peak / 1024.0);
        println!("{name:<36} {allocations:>12} {reallocations:>14} {held:>8.1} KiB {peak:>8.0} KiB");
    }
    println!("{:<36} {:>12} {:>14} {:>12} {:>12}", "", "entries", "weight each", "bytes each", "weight/bytes");
    for (name, ..) in FILLS {
        let keys = size.users().to_string();
        let command = &mut Command::new(std::env::current_exe()?);
        let [entries, weight, held] = numbers(command.args(["--fill", name]).arg(&path).arg(keys))?;
        let (each, bytes) = (weight / entries, held / entries);
        println!("{name:<36} {entries:>12} {each:>14.1} {bytes:>12.1} {:>12.2}", each / bytes);
    }
    Ok(())
}

/// What a process prints.
fn numbers<const N: usize>(command: &mut Command) -> Result<[f64; N]> {
    let output = command.output()?;
    let text = String::from_utf8(output.stdout)?;
    let numbers: Vec<f64> = text.split_whitespace().map(str::parse).collect::<std::result::Result<_, _>>()?;
    numbers.try_into().map_err(|_| String::from_utf8_lossy(&output.stderr).into())
}

/// Fills a cache: the entries, what they weigh by its own account, and the bytes that the allocator has handed out more.
fn fill(path: &Path, name: &str, keys: i64) -> Result<(u64, u64, usize)> {
    let &(_, fill, lives) = FILLS.iter().find(|(it, ..)| *it == name).ok_or(USAGE)?;
    let config = CacheConfig::default().max_entries(100_000);
    let config = if lives { config } else { config.no_ttl() };
    let source = Sqlite::builder(path).connections(1).inline().open()?;
    let db = Db::builder(source).cache(config).build()?;
    // What the first entry brings with it, and the statement, is not what an entry takes.
    fill.read(&db, 1, 1)?;
    let before = fill.held(&db);
    let region = Region::new(ALLOCATOR);
    for start in (2..keys).step_by(999) {
        fill.read(&db, start, (keys + 1 - start).min(999))?;
        fill.held(&db);
    }
    let after = fill.held(&db);
    let change = region.change();
    let held = change.bytes_allocated.saturating_sub(change.bytes_deallocated);
    Ok((after.entries - before.entries, after.weight - before.weight, held))
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
