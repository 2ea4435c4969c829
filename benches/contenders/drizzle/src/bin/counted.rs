//! The same with a counted allocator.

#![forbid(unsafe_code)]

use std::alloc::System;
use std::process::ExitCode;

use stats_alloc::StatsAlloc;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = bench_kit::count::ALLOCATOR;

fn main() -> ExitCode {
    bench_kit::serve(contender_drizzle::contend)
}
