//! Where and when the figures were taken.

use std::process::Command;

use crate::Result;

/// What a reader should know about the figures.
pub struct Machine {
    /// The day, as `2026-11-21`.
    pub date: String,
    /// The compiler, with its version.
    pub rustc: String,
    /// The processor, with the number of cores.
    pub processor: String,
}

/// Describes this machine.
pub fn describe() -> Result<Machine> {
    let cores = std::thread::available_parallelism()?;
    let model = std::fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    });
    let processor = format!("{}, {cores} cores", model.as_deref().unwrap_or("unknown processor"));
    Ok(Machine { date: said_by("date", &["-u", "+%F"])?, rustc: said_by("rustc", &["--version"])?, processor })
}

fn said_by(program: &str, words: &[&str]) -> Result<String> {
    let output = Command::new(program).args(words).output()?;
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
