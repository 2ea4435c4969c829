//! Runs the workloads and prints one table: `cargo run --release -- --size small`.

use std::process::{Command, ExitCode};

use relations_benches::data::{Layout, Size, generate};
use relations_benches::workloads::Sides;
use relations_benches::{Result, table};

const USAGE: &str = "usage: relations-benches [--size small|big] [--layout turns|scattered] [--reps N] [--only W1] [--malloc steady|default]";

/// How glibc is told to keep memory that was freed, as a program that has run for a while does. By default it gives
/// memory back and faults it in again at thresholds that move with the sizes of what was freed, which shifts W1 by up
/// to a fifth, either way.
const STEADY: [(&str, &str); 3] = [
    ("MALLOC_TRIM_THRESHOLD_", "4294967296"),
    ("MALLOC_MMAP_THRESHOLD_", "4294967296"),
    ("MALLOC_TOP_PAD_", "16777216"),
];

struct Arguments {
    size: Size,
    layout: Layout,
    repetitions: usize,
    only: Option<String>,
    steady: bool,
}

fn arguments() -> Result<Arguments> {
    let mut parsed = Arguments { size: Size::Small, layout: Layout::Turns, repetitions: 9, only: None, steady: true };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next().ok_or(USAGE)?;
        match word.as_str() {
            "--size" => parsed.size = Size::parse(&value).ok_or(USAGE)?,
            "--layout" => parsed.layout = Layout::parse(&value).ok_or(USAGE)?,
            "--reps" => parsed.repetitions = value.parse::<usize>().map_err(|_| USAGE)?.max(1),
            "--only" => parsed.only = Some(value),
            "--malloc" => parsed.steady = value == "steady",
            _ => return Err(USAGE.into()),
        }
    }
    Ok(parsed)
}

fn main() -> Result<ExitCode> {
    let Arguments { size, layout, repetitions, only, steady } = arguments()?;
    if steady && std::env::var_os(STEADY[0].0).is_none() {
        // glibc reads its settings when a process starts.
        let status = Command::new(std::env::current_exe()?).args(std::env::args_os().skip(1)).envs(STEADY).status()?;
        return Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    let directory = tempfile::tempdir()?;
    let path = directory.path().join("bench.db");
    generate(&path, size, layout)?;
    let sides = Sides::open(&path, size)?;
    let mut measured = Vec::new();
    for mut workload in sides.workloads(only.as_deref()) {
        measured.push((workload.name, workload.title, workload.measure(repetitions)?));
    }
    let (version, size, layout) = (rusqlite::version(), size.name(), layout.name());
    println!("\nSQLite {version}, data {size} and {layout}, medians of {repetitions} interleaved repetitions");
    table::head();
    let missed: usize = measured.iter().map(|(name, title, rows)| table::workload(name, title, rows)).sum();
    println!("\n{missed} targets missed; all results equal");
    Ok(ExitCode::SUCCESS)
}
