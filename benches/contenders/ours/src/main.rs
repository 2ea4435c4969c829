//! Answers the runner: see `bench_kit::worker`.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    bench_kit::serve(contender_ours::contend)
}
