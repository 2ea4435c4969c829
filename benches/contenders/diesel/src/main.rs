//! The contender, as it is timed.

use std::process::ExitCode;

fn main() -> ExitCode {
    bench_kit::serve(contender_diesel::contend)
}
