//! Instructions of a unit, where valgrind is installed. What runs on other threads than the caller's is not counted.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::Result;
use crate::contender::{Arguments, Contender};
use crate::results::Entry;

/// A program below valgrind takes about fifty times as long.
const LIMIT: Duration = Duration::from_secs(600);

/// Whether there is valgrind.
pub fn is_installed() -> bool {
    let version = Command::new("valgrind").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    version.is_ok_and(|status| status.success())
}

/// The instructions of one unit of a variant.
///
/// # Errors
/// When the contender fails, or valgrind tells no number.
pub fn instructions(contender: &Contender, arguments: &Arguments, entry: &Entry, directory: &Path) -> Result<f64> {
    let out = directory.join("callgrind.out");
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--quiet", "--tool=callgrind", "--collect-atstart=no", "--toggle-collect=*measured*"]);
    valgrind.arg(format!("--callgrind-out-file={}", out.display())).stderr(Stdio::null());
    let (mut process, variant) = super::open(contender.below(valgrind), arguments, entry)?;
    let ran = process.run(variant, 1, LIMIT)?;
    process.finish();
    let total = total(&std::fs::read_to_string(&out)?).ok_or("valgrind has counted nothing")?;
    Ok(total / ran.units.max(1) as f64)
}

/// The line `totals: 123` of what callgrind writes.
fn total(written: &str) -> Option<f64> {
    let words = written.lines().find_map(|line| line.strip_prefix("totals:"))?;
    words.split_whitespace().next()?.parse().ok().filter(|&total| total > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_read() {
        assert_eq!(total("version: 1\nevents: Ir\nfn=(1) run\n1 5\ntotals: 1250\n"), Some(1_250.0));
        assert_eq!(total("totals: 0\n"), None);
        assert_eq!(total(""), None);
    }
}
