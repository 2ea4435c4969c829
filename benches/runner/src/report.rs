//! Writes the report: what was measured, as ratios to the best hand-written code, and what that says.

mod counts;
pub mod text;

use std::fmt::Write;

use self::text::{Table, bytes, digits, thousands, time, title};
use crate::contender::{HAND, OURS};
use crate::measure::SLOW_REPETITIONS;
use crate::results::{Database, Entry, Results, Set, Stage, best};
use crate::scaling;
use crate::targets::{Verdict, judge};

const RERUN: &str = "```sh
cargo run --release --manifest-path benches/Cargo.toml -- --scaling --postgres postgres://USER@HOST/DATABASE
```

It builds the contenders, makes the data, and writes this file, `ratios.svg` and `results.tsv` anew. README.md beside
this file says how it measures and what the workloads are.
";

const HOW: &str =
    "The best variant of each contender, as a ratio to the best hand-written code of the same run: medians
over interleaved repetitions, loading, touching every value and dropping included. Below 1 is faster than by hand.
`fails`: every variant failed; `-`: the contender does not have it. All that are shown reached equal data. W5 is by
hand-written code that reads one author at a time, too; what reads them in one batch is among the details.
";

/// The whole report, in Markdown. `compiled` are results of the compile-time side.
pub fn write(results: &Results, compiled: Option<&str>) -> String {
    let verdicts = judge(results);
    let parts = [
        head(results),
        summary(results, &verdicts),
        ratios(results),
        targets(&verdicts),
        counts::write(results),
        growth(results),
        compiled.map(compile).unwrap_or_default(),
        details(results),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

const GROWTH: &str =
    "The slope is that of the logarithm of the time by that of the rows reached, by least squares: 1 is
linear. W5 always reaches 1,000 posts; its rows are the posts in the table, so 0 is a time that does not depend on them.
The peak is how far a process grew in its first load.
";

fn head(results: &Results) -> String {
    let mut table = Table::new(["what", "which"]);
    for (what, how) in &results.about {
        table.row([what, how]);
    }
    format!("# Benchmarks: the report\n\n{table}\nTo measure again:\n\n{RERUN}")
}

/// What the tables say, in words.
fn summary(results: &Results, verdicts: &[Verdict]) -> String {
    let met = verdicts.iter().filter(|verdict| verdict.met).count();
    let mut text = format!("## In short\n\nOf {} targets (each place counts) {met} are met.", verdicts.len());
    let (ahead, behind): (Vec<_>, Vec<_>) =
        verdicts.iter().filter(|verdict| verdict.number == 1).partition(|it| it.met);
    if ahead.len() + behind.len() > 0 {
        let places = ahead.len() + behind.len();
        let _ = write!(text, " In {} of {places} comparisons with peers ours takes the least time.", ahead.len());
    }
    text.push('\n');
    if !behind.is_empty() {
        text.push_str("\nA peer is as fast or faster here (the time of ours as a ratio to the peer's):\n\n");
        for verdict in &behind {
            let _ = writeln!(text, "- {}: {}", verdict.place, verdict.found);
        }
    }
    let failures = results.entries.iter().filter(|entry| entry.failed.is_some() && entry.stage.set != Set::Scaling);
    let ours = failures.filter(|entry| [OURS, HAND].contains(&entry.contender.as_str()));
    for entry in ours {
        let Entry { stage, workload, contender, variant, .. } = entry;
        let why = entry.failed.as_deref().unwrap_or_default();
        let _ = writeln!(text, "\nFAILED: {stage}, {workload}, {contender}, {variant}: {why}");
    }
    text
}

fn ratios(results: &Results) -> String {
    let mut text = format!("## Ratios\n\n{HOW}\n![Ratios to hand-written code](ratios.svg)\n");
    for stage in results.stages(&[Set::Small, Set::Big]) {
        let others: Vec<&str> = results.contenders().into_iter().filter(|name| *name != HAND).collect();
        let heads =
            ["".to_owned(), "hand-written".to_owned()].into_iter().chain(others.iter().map(|&name| name.to_owned()));
        let mut table = Table::new(heads);
        for workload in results.workloads(stage).into_iter().filter(|name| !name.starts_with("W7")) {
            let base = results.base(stage, workload);
            let mut row = vec![format!("{workload}: {}", title(workload))];
            row.push(base.and_then(Entry::median).map_or_else(|| "-".to_owned(), time));
            row.extend(others.iter().map(|name| ratio(results, stage, workload, name, base)));
            table.row(row);
        }
        let _ = write!(text, "\n### {stage}\n\n{table}");
    }
    text + &reads(results)
}

/// What is read without a database; only two do.
fn reads(results: &Results) -> String {
    let mut table = Table::new(["", "data", "hand-written", "best hand-written", OURS, "best of ours", "x hand"]);
    for stage in results.stages(&[Set::Small, Set::Big]) {
        for workload in results.workloads(stage).into_iter().filter(|name| name.starts_with("W7")) {
            let ours = best(results.of(stage, workload, |name| name == OURS));
            let (Some(base), Some(ours)) = (results.base(stage, workload), ours) else { continue };
            let median = |entry: &Entry| entry.median().map(time).unwrap_or_default();
            let ratio = ours.ratio(base).map(digits).unwrap_or_default();
            let place = format!("{workload}: {}", title(workload));
            let (hand, own) = (base.variant.clone(), ours.variant.clone());
            table.row([place, stage.to_string(), median(base), hand, median(ours), own, ratio]);
        }
    }
    if table.is_empty() { String::new() } else { format!("\n### What is loaded or cached already\n\n{table}") }
}

/// The best variant of a contender, as a ratio.
fn ratio(results: &Results, stage: Stage, workload: &str, contender: &str, base: Option<&Entry>) -> String {
    let of = || results.of(stage, workload, |name| name == contender);
    match (best(of()), base) {
        (Some(entry), Some(base)) => {
            let text = entry.ratio(base).map_or_else(|| "-".to_owned(), digits);
            if contender == OURS { format!("**{text}**") } else { text }
        }
        (Some(entry), None) => entry.median().map(time).unwrap_or_default(),
        (None, _) if of().next().is_some() => "fails".to_owned(),
        (None, _) => "-".to_owned(),
    }
}

fn targets(verdicts: &[Verdict]) -> String {
    let mut table = Table::new(["", "where", "asked", "found", ""]);
    for verdict in verdicts {
        let Verdict { number, place, asked, found, met } = verdict;
        let met = if *met { "met" } else { "**missed**" };
        table.row([number.to_string(), place.clone(), asked.clone(), found.clone(), met.to_owned()]);
    }
    if table.is_empty() {
        String::new()
    } else {
        let text =
            "Ratios are compared as they are printed, to two places. [PROFILE.md](PROFILE.md) says where the time
goes that is missed.";
        format!("## Targets\n\n{text}\n\n{table}")
    }
}

fn growth(results: &Results) -> String {
    let mut text = String::new();
    for database in [Database::Sqlite, Database::Postgres] {
        for workload in scaling::scaled(results, database) {
            let peaks = scaling::peaks(results, database, workload);
            let mut table =
                Table::new(["rows", "hand-written", OURS, "x hand", "peak by hand", "peak of ours", "x hand"]);
            let both = |name| scaling::growth(results, database, workload, name);
            let (Some(hand), Some(ours)) = (both(HAND), both(OURS)) else { continue };
            for ((rows, base), (_, own)) in hand.points.iter().zip(&ours.points) {
                let median = |entry: &Entry| entry.median().map_or_else(|| "fails".to_owned(), time);
                let (_, peak, by_hand) = peaks.iter().find(|it| it.0 == *rows).copied().unwrap_or_default();
                let ratio = own.ratio(base).map(digits).unwrap_or_default();
                let peaks = if by_hand > 0.0 {
                    [bytes(by_hand), bytes(peak), digits(peak / by_hand)]
                } else {
                    Default::default()
                };
                table.row([thousands(*rows as f64), median(base), median(own), ratio].into_iter().chain(peaks));
            }
            let slope = |slope: Option<f64>| slope.map_or_else(|| "-".to_owned(), |slope| format!("{slope:.2}"));
            let _ = write!(
                text,
                "\n### {database}, {workload}: {}\n\nSlope by hand ({}) {}, of ours ({}) {}.\n\n{table}",
                title(workload),
                hand.variant,
                slope(hand.slope),
                ours.variant,
                slope(ours.slope)
            );
        }
    }
    if text.is_empty() {
        return text;
    }
    format!("## How cost grows\n\n{GROWTH}{text}")
}

/// What the programs in `compile` have measured: a framework in each column.
fn compile(tsv: &str) -> String {
    let mut lines = tsv.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let heads = lines.next().unwrap_or_default();
    let place = |name: &str| heads.iter().position(|head| *head == name);
    let (Some(framework), Some(models), Some(measure), Some(unit), Some(median)) =
        (place("framework"), place("models"), place("measure"), place("unit"), place("median"))
    else {
        return String::new();
    };
    let (mut frameworks, mut rows) = (Vec::new(), Vec::<(String, Vec<(&str, &str)>)>::new());
    for line in lines.filter(|line| line.len() == heads.len()) {
        if !frameworks.contains(&line[framework]) {
            frameworks.push(line[framework]);
        }
        let name = format!("{}, {} models ({})", line[measure], line[models], line[unit]);
        let cell = (line[framework], line[median]);
        match rows.iter_mut().find(|(row, _)| *row == name) {
            Some((_, cells)) => cells.push(cell),
            None => rows.push((name, vec![cell])),
        }
    }
    let mut table = Table::new(std::iter::once("").chain(frameworks.iter().copied()));
    for (name, cells) in &rows {
        let of = |framework: &&str| cells.iter().find(|(it, _)| it == framework).map_or("-", |(_, median)| median);
        table.row(std::iter::once(name.as_str()).chain(frameworks.iter().map(of)));
    }
    format!("## Compiling\n\nMedians; [compile/README.md](compile/README.md) says how they are measured.\n\n{table}")
}

fn details(results: &Results) -> String {
    let mut text = format!(
        "## Details\n\nMedians of every variant. One whose run takes more than 2 s has the first {SLOW_REPETITIONS} \
         repetitions only.\n"
    );
    for stage in results.stages(&[Set::Small, Set::Big]) {
        let mut table = Table::new(["", "contender", "variant", "median", "of it dropping", "x hand", "repetitions"]);
        for workload in results.workloads(stage) {
            let base = results.base(stage, workload);
            for entry in results.of(stage, workload, |_| true) {
                let Entry { contender, variant, .. } = entry;
                let mut row = vec![workload.to_owned(), contender.clone(), variant.clone()];
                match (&entry.failed, entry.median()) {
                    (None, Some(median)) => {
                        let drop = crate::statistics::median(entry.drop.iter().copied()).filter(|&drop| drop > 0.0);
                        let ratio = base.and_then(|base| entry.ratio(base));
                        row.extend([
                            time(median),
                            drop.map(time).unwrap_or_default(),
                            ratio.map(digits).unwrap_or_default(),
                        ]);
                        row.push(entry.load.len().to_string());
                    }
                    (why, _) => row.extend([
                        format!("fails: {}", why.as_deref().unwrap_or("no time")),
                        String::new(),
                        String::new(),
                        String::new(),
                    ]),
                }
                table.row(row);
            }
        }
        let _ = write!(text, "\n### {stage}, every variant\n\n{table}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::tests::entry;

    const COMPILED: &str = "framework\tmodels\tmeasure\tunit\tmedian\tleast\tmost\truns
plain\t10\tcheck\tcpu_s\t0.05\t0.05\t0.05\t1
seaorm\t10\tlines\tper_model\t2884\t2884\t2884\t1
";

    #[test]
    fn the_report_says_where_a_peer_is_better_and_who_fails() {
        let failed = Entry { failed: Some("too many".into()), ..entry("W2", "diesel", "belonging_to", &[]) };
        let entries = vec![
            entry("W1", "hand", "scan", &[1e6, 1e6]),
            entry("W1", "ours", "with", &[2e6, 2e6]),
            entry("W1", "diesel", "grouped_by", &[1.5e6, 1.5e6]),
            entry("W2", "hand", "scan", &[1e6]),
            failed,
        ];
        let report = write(&Results { about: vec![("date".into(), "today".into())], entries }, Some(COMPILED));
        assert!(report.contains("| date | today |"));
        assert!(report.contains("- SQLite, big, W1: 1.33 x diesel, grouped_by"), "{report}");
        assert!(report.contains("| W1: all users with their posts | 1.00 ms | **2.00** | 1.50 |"), "{report}");
        assert!(report.contains("| W2: all posts with their author | 1.00 ms | - | fails |"), "{report}");
        assert!(report.contains("fails: too many") && report.contains("| check, 10 models (cpu_s) | 0.05 | - |"));
    }
}
