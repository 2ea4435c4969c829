//! Generates crates of models for several frameworks, and measures what they cost the compiler: how long they are once
//! expanded, and how long it takes to check and to build them. Writes `REPORT.md` and `results.tsv`.

mod cargo;
mod expansion;
mod framework;
mod generate;
mod machine;
mod measure;
mod report;
mod results;
mod schema;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::framework::Framework;

type Result<T, E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

const USAGE: &str = "usage: relations-compile-bench [--only relations,seaorm] [--sizes 10,100] [--reps N or N,N] [--dir DIR] [--out DIR]";

/// What the command line asks for.
struct Arguments {
    /// What is measured; plain structs always are.
    frameworks: Vec<&'static Framework>,
    sizes: Vec<usize>,
    /// For each size.
    repetitions: Vec<usize>,
    /// Where the crates are generated.
    directory: PathBuf,
    /// Where the report goes.
    out: PathBuf,
}

fn main() -> Result<ExitCode> {
    if std::env::var_os(cargo::EXPANDING).is_some() {
        return rustc();
    }
    let arguments = arguments()?;
    let machine = machine::describe()?;
    measure::measure(&arguments, |results| {
        std::fs::write(arguments.out.join("results.tsv"), results.table())?;
        Ok(std::fs::write(arguments.out.join("REPORT.md"), report::report(&arguments, &machine, results))?)
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Stands in for rustc, one that takes unstable options.
fn rustc() -> Result<ExitCode> {
    let mut words = std::env::args_os().skip(1);
    let rustc = words.next().ok_or(USAGE)?;
    let status = Command::new(rustc).args(words).env("RUSTC_BOOTSTRAP", "1").status()?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn arguments() -> Result<Arguments> {
    let program = std::env::current_exe()?;
    let target = program.parent().and_then(Path::parent).ok_or("the program is in no target directory")?;
    let mut parsed = Arguments {
        frameworks: framework::ALL.iter().collect(),
        sizes: vec![10, 100, 300],
        repetitions: vec![3],
        directory: target.join("compile"),
        out: PathBuf::from(env!("CARGO_MANIFEST_DIR")),
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next().ok_or(USAGE)?;
        match word.as_str() {
            "--only" => parsed.frameworks = frameworks(&value)?,
            "--sizes" => parsed.sizes = value.split(',').map(size).collect::<Result<_>>()?,
            "--reps" => parsed.repetitions = value.split(',').map(repetitions).collect::<Result<_>>()?,
            "--dir" => parsed.directory = std::path::absolute(value)?,
            "--out" => parsed.out = PathBuf::from(value),
            _ => return Err(USAGE.into()),
        }
    }
    let last = parsed.repetitions.last().copied().ok_or(USAGE)?;
    parsed.repetitions.resize(parsed.sizes.len(), last);
    Ok(parsed)
}

fn repetitions(text: &str) -> Result<usize> {
    Ok(text.parse::<usize>()?.max(1))
}

fn frameworks(names: &str) -> Result<Vec<&'static Framework>> {
    let names: Vec<&str> = names.split(',').collect();
    if let Some(unknown) = names.iter().find(|&&name| framework::ALL.iter().all(|framework| framework.name != name)) {
        return Err(format!("there is no framework `{unknown}`").into());
    }
    let baseline = framework::ALL[0].name;
    Ok(framework::ALL.iter().filter(|it| it.name == baseline || names.contains(&it.name)).collect())
}

fn size(text: &str) -> Result<usize> {
    match text.parse()? {
        size if size > 0 && size % schema::GROUP == 0 => Ok(size),
        _ => Err(format!("{text} is not a multiple of {}", schema::GROUP).into()),
    }
}
