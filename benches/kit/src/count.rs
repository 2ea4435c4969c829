//! Counts beside times: allocations, where a program installs [`ALLOCATOR`], and the peak of memory.

use std::alloc::System;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

use crate::Result;
use crate::reach::{Reached, Touch};

/// The system's allocator, counted. A contender's second program, `counted`, installs it:
/// `#[global_allocator] static ALLOCATOR: &StatsAlloc<System> = bench_kit::count::ALLOCATOR;`
pub const ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// What one load took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taken {
    /// Allocations of a load whose statements are prepared; 0 where the allocator is not counted.
    pub allocations: usize,
    /// How often memory was moved or grown.
    pub reallocations: usize,
    /// What the result holds, in bytes.
    pub held: usize,
    /// How far the process grew at most during its first load, in bytes.
    pub peak: usize,
}

/// The peak of a first load, before any memory was freed that could hide it; the allocations of a second one, whose
/// statements are prepared.
///
/// # Errors
/// What the loading returns, and where the system does not tell (it is Linux that does).
pub fn taken<T: Reached>(mut load: impl FnMut() -> Result<T>) -> Result<Taken> {
    // Forgets the peak so far.
    std::fs::write("/proc/self/clear_refs", "5")?;
    let before = status("VmRSS:")?;
    let reached = load()?;
    reached.walk(&mut Touch::default())?;
    let peak = status("VmHWM:")?.saturating_sub(before) * 1024;
    drop(reached);

    let region = Region::new(ALLOCATOR);
    let reached = load()?;
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
