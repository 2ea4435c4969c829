//! The report: the figures as tables, and where another framework is ahead.

use std::fmt::Write;

use crate::Arguments;
use crate::framework::Framework;
use crate::machine::Machine;
use crate::measure::DEEP;
use crate::results::{Figure, Measure, Results, median};

/// The framework that the others are compared with.
const OURS: &str = "relations";

/// The measures of a framework and a size, with what stands above their tables.
const TABLES: [(Measure, &str, &str); 6] = [
    (Measure::Lines, "Lines of expansion per model", "Beyond those of plain structs, as prettyplease lays them out."),
    (Measure::Tokens, "Tokens of expansion per model", "The same, whatever the layout."),
    (Measure::Check, "Clean `cargo check`", "The generated crate alone, without incremental compilation."),
    (Measure::Build, "Clean `cargo build`", "The same, with the dev profile's code."),
    (Measure::Text, "`cargo check` after a text has changed", "Incremental; the text is in a function below a model."),
    (Measure::Column, "`cargo check` after a column was added", "Incremental; to that model."),
];

/// The report as Markdown.
pub fn report(arguments: &Arguments, machine: &Machine, results: &Results) -> String {
    let Machine { date, rustc, processor } = machine;
    let titles: Vec<&str> = arguments.frameworks.iter().map(|framework| framework.title).collect();
    let sizes: Vec<(usize, usize)> = sizes(arguments, results);
    let repetitions = sizes.iter().map(|(size, runs)| format!("{runs} of {size} models"));
    let mut text = format!(
        "# What models cost the compiler\n\n\
         {date}, {rustc}, {processor}. {titles}. Medians of interleaved repetitions: {repetitions}.\n\n\
         Made by `cargo run --release --manifest-path benches/compile/Cargo.toml -- --sizes {listed} --reps {counts}`; \
         [README.md](README.md) says how, and what the models are. The same figures for programs: \
         [results.tsv](results.tsv).\n\n\
         Times are seconds of processor time of cargo and all that it starts, and in brackets those on the clock, which \
         depend on what else the machine does.\n",
        titles = titles.join(", "),
        repetitions = repetitions.collect::<Vec<_>>().join(", "),
        listed = listed(sizes.iter().map(|(size, _)| size)),
        counts = listed(sizes.iter().map(|(_, runs)| runs)),
    );
    for (measure, title, note) in TABLES {
        let _ = write!(text, "\n## {title}\n{note}\n\n");
        head(&mut text, &arguments.frameworks);
        for (size, _) in &sizes {
            let cells = arguments.frameworks.iter().map(|framework| cell(results.get(framework, *size, measure)));
            row(&mut text, &size.to_string(), cells);
        }
    }
    ring(&mut text, arguments, results);
    dependencies(&mut text, arguments, results);
    ahead(&mut text, arguments, results);
    text
}

/// The sizes that there are figures of, with the number of runs.
fn sizes(arguments: &Arguments, results: &Results) -> Vec<(usize, usize)> {
    let runs = |size: usize| {
        let counts =
            arguments.frameworks.iter().map(move |framework| match results.get(framework, size, Measure::Column) {
                Some(Figure::Runs(runs)) => runs.len(),
                _ => 0,
            });
        counts.min().unwrap_or_default()
    };
    arguments.sizes.iter().map(|&size| (size, runs(size))).filter(|&(_, runs)| runs > 0).collect()
}

fn listed<'a>(numbers: impl Iterator<Item = &'a usize>) -> String {
    numbers.map(usize::to_string).collect::<Vec<_>>().join(",")
}

fn head(text: &mut String, frameworks: &[&Framework]) {
    row(text, "models", frameworks.iter().map(|framework| framework.title.to_owned()));
    row(text, "---", frameworks.iter().map(|_| "---:".to_owned()));
}

fn row(text: &mut String, first: &str, cells: impl Iterator<Item = String>) {
    let _ = writeln!(text, "| {first} |{}", cells.map(|cell| format!(" {cell} |")).collect::<String>());
}

fn cell(figure: Option<&Figure>) -> String {
    match figure {
        None => "-".to_owned(),
        Some(Figure::Count(count)) => count.to_string(),
        Some(Figure::Fails(_)) => "fails".to_owned(),
        Some(Figure::Runs(runs)) => {
            let wall = median(runs.iter().map(|run| run.wall));
            format!("{:.2} ({wall:.2})", median(runs.iter().map(|run| run.cpu)))
        }
    }
}

/// What became of the models that all lead to one another.
fn ring(text: &mut String, arguments: &Arguments, results: &Results) {
    let _ = write!(
        text,
        "\n## All models in one ring\n\
         Clean `cargo check`, one run. Above, each ten models lead to one another only; here all do, as in many \
         applications. \"deep\" is with `#![recursion_limit = \"{DEEP}\"]`, where it does not compile without.\n\n"
    );
    head(text, &arguments.frameworks);
    let measured = |size: usize| {
        arguments.frameworks.iter().all(|framework| results.get(framework, size, Measure::Ring).is_some())
    };
    for size in arguments.sizes.iter().copied().filter(|&size| measured(size)) {
        let cells = arguments.frameworks.iter().map(|framework| {
            let deep = results.get(framework, size, Measure::DeepRing);
            let plain = cell(results.get(framework, size, Measure::Ring));
            deep.map_or(plain.clone(), |deep| format!("{plain}; deep: {}", cell(Some(deep))))
        });
        row(text, &size.to_string(), cells);
    }
    let mut fails = String::new();
    for framework in &arguments.frameworks {
        for &size in &arguments.sizes {
            for (measure, deep) in [(Measure::Ring, ""), (Measure::DeepRing, ", deep")] {
                if let Some(Figure::Fails(error)) = results.get(framework, size, measure) {
                    let _ = writeln!(fails, "- {}, {size} models{deep}: {error}", framework.title);
                }
            }
        }
    }
    if !fails.is_empty() {
        let _ = write!(text, "\n{fails}");
    }
}

fn dependencies(text: &mut String, arguments: &Arguments, results: &Results) {
    text.push_str(
        "\n## Dependencies\nClean `cargo check` of a crate without models, one run. relations brings SQLite itself, \
         which is compiled; Diesel links to the system's; SeaORM and Toasty are without any database.\n\n",
    );
    head(text, &arguments.frameworks);
    let cells = arguments.frameworks.iter().map(|framework| cell(results.get(framework, 0, Measure::Dependencies)));
    row(text, "0", cells);
}

/// Names every figure by which another framework, with relations of its own, is ahead of ours.
fn ahead(text: &mut String, arguments: &Arguments, results: &Results) {
    let Some(ours) = arguments.frameworks.iter().find(|framework| framework.name == OURS) else { return };
    let baseline = crate::framework::ALL[0].name;
    let mut lines = String::new();
    let dependencies = (Measure::Dependencies, "Dependencies", "");
    for (measure, title, _) in TABLES.into_iter().chain([dependencies]) {
        for &size in arguments.sizes.iter().chain(&[0]) {
            let Some(our) = value(results.get(ours, size, measure)) else { continue };
            for peer in arguments.frameworks.iter().filter(|peer| peer.name != OURS && peer.name != baseline) {
                let Some(theirs) = value(results.get(peer, size, measure)).filter(|&theirs| theirs < our) else {
                    continue;
                };
                let models = if size > 0 { format!(", {size} models") } else { String::new() };
                let _ = writeln!(
                    lines,
                    "- {title}{models}: {peer}, by a factor of {:.2}.",
                    our / theirs,
                    peer = peer.title
                );
            }
        }
    }
    let none = "Nowhere, by processor time and by length.\n";
    let _ = write!(text, "\n## Where another is ahead of relations\n{}", if lines.is_empty() { none } else { &lines });
}

fn value(figure: Option<&Figure>) -> Option<f64> {
    match figure? {
        Figure::Count(count) => Some(f64::from(u32::try_from(*count).ok()?)),
        Figure::Runs(runs) => Some(median(runs.iter().map(|run| run.cpu))),
        Figure::Fails(_) => None,
    }
}
