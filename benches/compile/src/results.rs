//! The figures, and the file of them that other programs read.

use std::fmt::{self, Write};

use crate::cargo::Usage;
use crate::framework::Framework;

/// What is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// `cargo check` of a crate without models, when nothing is there yet.
    Dependencies,
    /// Lines after all macros, for each model, beyond those of plain structs.
    Lines,
    /// Tokens, likewise.
    Tokens,
    /// `cargo check` of the crate from nothing.
    Check,
    /// `cargo build` of the crate from nothing.
    Build,
    /// `cargo check` after a text in a function has changed.
    Text,
    /// `cargo check` after a model has got a column.
    Column,
    /// `cargo check` from nothing if all models lead to one another.
    Ring,
    /// The same with a raised limit of recursion, where it needs that.
    DeepRing,
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Measure::Dependencies => "dependencies",
            Measure::Lines => "lines",
            Measure::Tokens => "tokens",
            Measure::Check => "check",
            Measure::Build => "build",
            Measure::Text => "check_text",
            Measure::Column => "check_column",
            Measure::Ring => "ring",
            Measure::DeepRing => "ring_deep",
        })
    }
}

/// What one measure came to.
pub enum Figure {
    /// A number that is the same every time.
    Count(usize),
    /// The runs.
    Runs(Vec<Usage>),
    /// It does not compile: the first error.
    Fails(String),
}

/// One measure of one framework.
pub struct Row {
    /// The framework's name.
    pub framework: &'static str,
    /// The number of models.
    pub models: usize,
    /// What is measured.
    pub measure: Measure,
    /// What it came to.
    pub figure: Figure,
}

/// All that was measured.
#[derive(Default)]
pub struct Results {
    rows: Vec<Row>,
}

impl Results {
    /// Keeps a figure.
    pub fn put(&mut self, framework: &Framework, models: usize, measure: Measure, figure: Figure) {
        self.rows.push(Row { framework: framework.name, models, measure, figure });
    }

    /// Keeps a run beside the others of its measure.
    pub fn put_run(&mut self, framework: &Framework, models: usize, measure: Measure, run: Usage) {
        match self.rows.iter_mut().find(|row| row.is(framework, models, measure)) {
            Some(Row { figure: Figure::Runs(runs), .. }) => runs.push(run),
            _ => self.put(framework, models, measure, Figure::Runs(vec![run])),
        }
    }

    /// A figure, if it was measured.
    pub fn get(&self, framework: &Framework, models: usize, measure: Measure) -> Option<&Figure> {
        self.rows.iter().find(|row| row.is(framework, models, measure)).map(|row| &row.figure)
    }

    /// All figures as tab-separated values, seconds to a thousandth.
    pub fn table(&self) -> String {
        let mut text = "framework\tmodels\tmeasure\tunit\tmedian\tleast\tmost\truns\n".to_owned();
        for Row { framework, models, measure, figure } in &self.rows {
            let mut line = |unit: &str, values: &str| {
                let _ = writeln!(text, "{framework}\t{models}\t{measure}\t{unit}\t{values}");
            };
            match figure {
                Figure::Count(count) => line("per_model", &format!("{count}\t{count}\t{count}\t1")),
                Figure::Fails(error) => line("error", &format!("{error}\t\t\t1")),
                Figure::Runs(runs) => {
                    line("cpu_s", &values(runs.iter().map(|run| run.cpu)));
                    line("wall_s", &values(runs.iter().map(|run| run.wall)));
                }
            }
        }
        text
    }
}

impl Row {
    fn is(&self, framework: &Framework, models: usize, measure: Measure) -> bool {
        self.framework == framework.name && self.models == models && self.measure == measure
    }
}

/// The median; of none, nothing.
pub fn median(values: impl Iterator<Item = f64>) -> f64 {
    let sorted = sorted(values);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

fn values(values: impl Iterator<Item = f64>) -> String {
    let sorted = sorted(values);
    let (least, most) = (sorted.first().copied().unwrap_or_default(), sorted.last().copied().unwrap_or_default());
    format!("{:.3}\t{least:.3}\t{most:.3}\t{}", median(sorted.iter().copied()), sorted.len())
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    sorted
}
