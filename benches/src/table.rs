//! Prints what was measured, as ratios to the best hand-written code.

use crate::runner::{Measured, Target};

/// Prints the head of the table.
pub fn head() {
    println!("{:<40} {:>12} {:>10} {:>8}  target (at most)", "", "median", "of it drop", "x hand");
}

/// Prints one workload; returns how many targets were missed.
pub fn workload(name: &str, title: &str, measured: &[Measured]) -> usize {
    let mut missed = 0;
    println!("{name}: {title}");
    for row in measured {
        let ratio = row.ratio;
        let target = match row.target {
            Target::Base | Target::None => String::new(),
            Target::Ratio(most) => verdict(format!("{most} x"), ratio <= most, &mut missed),
            Target::Nanos(most) => verdict(format!("{most} ns"), row.total() <= most, &mut missed),
        };
        let drop = if row.drop > 0.0 { time(row.drop) } else { String::new() };
        println!("  {:<38} {:>12} {drop:>10} {ratio:>8.2}  {target}", row.name, time(row.total()));
    }
    missed
}

fn verdict(target: String, met: bool, missed: &mut usize) -> String {
    if met {
        return format!("{target:<8} met");
    }
    *missed += 1;
    format!("{target:<8} MISSED")
}

fn time(nanos: f64) -> String {
    match nanos {
        nanos if nanos < 1e3 => format!("{nanos:.2} ns"),
        nanos if nanos < 1e6 => format!("{:.2} us", nanos / 1e3),
        nanos => format!("{:.2} ms", nanos / 1e6),
    }
}
