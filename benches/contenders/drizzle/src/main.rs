//! drizzle-rs as a contender; the runner starts it.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    bench_kit::serve(contender_drizzle::contend)
}
