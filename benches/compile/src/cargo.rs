//! Runs cargo on a generated crate, and says what that took.

use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;

use crate::Result;
use crate::generate::Generated;

/// By this variable the program knows that cargo runs it in place of rustc.
pub const EXPANDING: &str = "RELATIONS_COMPILE_BENCH_EXPANDING";

/// What a run took, in seconds.
#[derive(Clone, Copy)]
pub struct Usage {
    /// The time in which cargo and all its children had a core, as users and in the kernel.
    pub cpu: f64,
    /// The time until it was done.
    pub wall: f64,
}

/// What cargo is asked for. A target directory has no more than one use, so that dependencies are built once.
#[derive(Clone, Copy)]
pub enum Mode {
    /// Without incremental compilation.
    Whole,
    /// With it.
    Incremental,
}

/// Runs `cargo check` or `cargo build` on the crate.
pub fn run(generated: &Generated, verb: &str, mode: Mode) -> Result<Usage> {
    let mut command = command(generated, verb, mode);
    let (began, before) = (Instant::now(), children()?);
    let output = command.stdin(Stdio::null()).output()?;
    let (wall, cpu) = (began.elapsed().as_secs_f64(), (children()? - before).as_secs_f64());
    succeeded(&output, generated)?;
    if !output.stderr.is_empty() {
        return Err(format!("{}: {}", generated.package(), String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(Usage { cpu, wall })
}

/// The crate's source after all macros.
pub fn expanded(generated: &Generated) -> Result<String> {
    // Only the generated crate may see a compiler that takes unstable options: build scripts look for that, and what
    // they find would make all dependencies be built anew. So this program stands in for rustc.
    let output = command(generated, "rustc", Mode::Whole)
        .args(["--profile", "check", "--", "-Zunpretty=expanded"])
        .env("RUSTC_WORKSPACE_WRAPPER", std::env::current_exe()?)
        .env(EXPANDING, "1")
        .output()?;
    succeeded(&output, generated)?;
    Ok(String::from_utf8(output.stdout)?)
}

fn command(generated: &Generated, verb: &str, mode: Mode) -> Command {
    let (directory, incremental) = match mode {
        Mode::Whole => ("whole", "0"),
        Mode::Incremental => ("incremental", "1"),
    };
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .args([verb, "--quiet", "--package", &generated.package(), "--target-dir"])
        .arg(generated.workspace.join("target").join(directory))
        .current_dir(&generated.workspace)
        .env("CARGO_INCREMENTAL", incremental);
    for name in ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "RUSTC_WRAPPER"]
    {
        command.env_remove(name);
    }
    command
}

fn succeeded(output: &Output, generated: &Generated) -> Result<()> {
    if output.status.success() {
        return Ok(());
    }
    let (name, package) = (generated.framework.name, generated.package());
    Err(format!("{name}, {package}: {}", String::from_utf8_lossy(&output.stderr)).into())
}

/// The processor time of all processes that were waited for, theirs included.
fn children() -> Result<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    Ok(duration(usage.user_time())? + duration(usage.system_time())?)
}

fn duration(time: TimeVal) -> Result<Duration> {
    Ok(Duration::from_secs(time.tv_sec().try_into()?) + Duration::from_micros(time.tv_usec().try_into()?))
}
