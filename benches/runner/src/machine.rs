//! What the report is about: the day, the machine, the versions.

use std::process::Command;

/// Names and values; what the system does not tell is left out.
pub fn about() -> Vec<(String, String)> {
    let found = [
        ("date", said("date", &["+%F"])),
        ("processor", line("/proc/cpuinfo", "model name").map(|name| format!("{name}, {} cores", cores()))),
        ("memory", line("/proc/meminfo", "MemTotal").and_then(|total| gibibytes(&total))),
        ("kernel", std::fs::read_to_string("/proc/sys/kernel/osrelease").ok().map(|text| text.trim().to_owned())),
        // Whatever else ran makes times longer; ratios much less so.
        ("load before", std::fs::read_to_string("/proc/loadavg").ok().and_then(|text| first(&text))),
        ("rustc", said("rustc", &["--version"])),
        ("SQLite of the data", Some(rusqlite::version().to_owned())),
    ];
    found.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

fn first(text: &str) -> Option<String> {
    text.split_whitespace().next().map(str::to_owned)
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// What a program prints.
fn said(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// The value of a line `name : value`.
fn line(path: &str, name: &str) -> Option<String> {
    let text = std::fs::read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn gibibytes(kibibytes: &str) -> Option<String> {
    let number: f64 = kibibytes.trim_end_matches("kB").trim().parse().ok()?;
    Some(format!("{:.0} GiB", number / 1024.0 / 1024.0))
}
