//! The report's counts: allocations and memory, statements, instructions.

use std::fmt::Write;

use super::text::{Table, bytes, digits, thousands};
use crate::results::{Count, Entry, Results, Set, Stage, best};

const HOW: &str = "Of the best variant of each contender, one load or request. Allocations are those of a load whose
statements are prepared, with an allocator that counts; the peak is how far a fresh process grew in its first load.
Statements are counted between the contender and the server. The other variants are in `results.tsv`.
";

/// The section, where anything was counted.
pub fn write(results: &Results) -> String {
    let mut text = String::new();
    for stage in results.stages(&[Set::Small, Set::Big]) {
        let memory = table(results, stage, &[Count::Allocations, Count::Peak]);
        if !memory.is_empty() {
            let _ = write!(text, "\n### {stage}: allocations / peak of memory\n\n{memory}");
        }
        let statements = table(results, stage, &[Count::Statements, Count::Texts, Count::RoundTrips]);
        if !statements.is_empty() {
            let _ = write!(text, "\n### {stage}: statements / different texts / round trips\n\n{statements}");
        }
    }
    text.push_str(&instructions(results));
    if text.is_empty() {
        return text;
    }
    format!("## Counts\n\n{HOW}{text}")
}

fn table(results: &Results, stage: Stage, counts: &[Count]) -> Table {
    let contenders = results.contenders();
    let mut table = Table::new(std::iter::once("").chain(contenders.iter().copied()));
    for workload in results.workloads(stage).into_iter().filter(|name| !name.starts_with("W7")) {
        let cells = contenders.iter().map(|&contender| {
            let entry = best(results.of(stage, workload, move |name| name == contender));
            entry.and_then(|entry| cell(entry, counts)).unwrap_or_else(|| "-".to_owned())
        });
        let cells: Vec<String> = cells.collect();
        if cells.iter().any(|cell| cell != "-") {
            table.row(std::iter::once(workload.to_owned()).chain(cells));
        }
    }
    table
}

/// All of these counts; none where one is missing.
fn cell(entry: &Entry, counts: &[Count]) -> Option<String> {
    let words = counts.iter().map(|count| {
        let number = *entry.counts.get(count)?;
        Some(match count {
            Count::Held | Count::Peak => bytes(number),
            _ if number.fract() > 0.0 && number < 1_000.0 => digits(number),
            _ => thousands(number),
        })
    });
    Some(words.collect::<Option<Vec<_>>>()?.join(" / "))
}

fn instructions(results: &Results) -> String {
    let mut table = Table::new(["", "contender", "variant", "instructions"]);
    for entry in results.entries.iter().filter(|entry| entry.counts.contains_key(&Count::Instructions)) {
        let Entry { workload, contender, variant, .. } = entry;
        let number = cell(entry, &[Count::Instructions]).unwrap_or_default();
        table.row([workload.clone(), contender.clone(), variant.clone(), number]);
    }
    if table.is_empty() {
        return "\nInstructions were not counted: valgrind is not installed, or counting was not asked for.\n"
            .to_owned();
    }
    format!(
        "\n### Instructions\n\nOf one request or call, on the thread that asks, by callgrind; variants on other \
         threads are left out.\n\n{table}"
    )
}
