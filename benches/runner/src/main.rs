//! The benchmarks in one command: builds the contenders, makes the data, runs every variant of every contender in turn,
//! compares what they reached, counts, and writes the report. See `benches/README.md`.

#![forbid(unsafe_code)]

mod arguments;
mod contender;
mod count;
mod data;
mod machine;
mod measure;
mod picture;
mod report;
mod results;
mod scaling;
mod statistics;
mod suite;
mod targets;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

use crate::arguments::Arguments;
use crate::contender::Contender;
use crate::data::Data;
use crate::data::postgres::Server;
use crate::results::Results;
use crate::suite::Suite;

/// What may go wrong.
pub(crate) type Error = Box<dyn std::error::Error + Send + Sync>;
/// The result of everything here.
pub(crate) type Result<T> = std::result::Result<T, Error>;

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(differences) if differences.is_empty() => ExitCode::SUCCESS,
        Ok(differences) => {
            eprintln!("{} variants reached other data:\n{}", differences.len(), differences.join("\n"));
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Returns who reached other data than whom.
fn run(arguments: &Arguments) -> Result<Vec<String>> {
    if let Some(path) = &arguments.seed {
        let (_, users) = arguments.sizes().next().ok_or("there is no such size")?;
        data::sqlite::seed(path, &Data { users, layout: arguments.layout, only_posts: false })?;
        return Ok(Vec::new());
    }
    let benches = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("the runner is in no folder")?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| benches.join("target"), PathBuf::from);
    let out = match &arguments.out {
        Some(out) => out.clone(),
        None if arguments.is_part() => target.join("part"),
        None => benches.to_owned(),
    };
    std::fs::create_dir_all(&out)?;
    if arguments.report_only {
        let results = Results::from_tsv(&std::fs::read_to_string(out.join("results.tsv"))?)?;
        write(&results, &out, benches)?;
        return Ok(Vec::new());
    }
    let server = server(arguments)?;
    let mut about = machine::about();
    about.push(("PostgreSQL".to_owned(), server.as_ref().map_or("left out", |server| &server.version).to_owned()));
    about.push(("repetitions".to_owned(), arguments.repetitions().to_string()));
    let contenders = built(arguments, benches, &target, &mut about)?;
    let mut suite = Suite::new(arguments, &contenders, server)?;
    suite.results.about = about;
    // After each stage, so that nothing is lost if a later one fails.
    suite.run(|results| write(results, &out, benches))?;
    if arguments.is_part() {
        println!("{}", std::fs::read_to_string(out.join("REPORT.md"))?);
    }
    Ok(suite.differences)
}

/// Where PostgreSQL is to be asked; a quick run does not.
fn server(arguments: &Arguments) -> Result<Option<Server>> {
    match arguments.postgres.as_deref().filter(|_| !arguments.quick) {
        Some(url) => Ok(Some(Server::new(url).map_err(|error| format!("the PostgreSQL server: {error}"))?)),
        None => {
            eprintln!("PostgreSQL IS LEFT OUT: name a server by --postgres URL or RELATIONS_BENCH_POSTGRES_URL");
            Ok(None)
        }
    }
}

/// Builds the contenders that take part. Only ours and the hand-written one must build.
fn built(
    arguments: &Arguments,
    benches: &Path,
    target: &Path,
    about: &mut Vec<(String, String)>,
) -> Result<Vec<Contender>> {
    let mut built = Vec::new();
    for contender in contender::all(&benches.join("contenders"), target)?.into_iter().filter(|it| arguments.has(it)) {
        let ready = if arguments.no_build {
            contender.is_built()
        } else {
            eprintln!("building {}", contender.name);
            contender.build(!arguments.no_counts)
        };
        match ready {
            Ok(()) => built.push(contender),
            Err(error) if contender::rank(&contender.name) < 2 => return Err(error),
            Err(error) => {
                eprintln!("LEFT OUT: {error}");
                about.push(("left out".to_owned(), error.to_string()));
            }
        }
    }
    Ok(built)
}

/// Writes everything that is to be read.
fn write(results: &Results, out: &Path, benches: &Path) -> Result<()> {
    let compiled = std::fs::read_to_string(benches.join("compile/results.tsv")).ok();
    std::fs::write(out.join("results.tsv"), results.to_tsv())?;
    std::fs::write(out.join("ratios.svg"), picture::draw(results))?;
    std::fs::write(out.join("REPORT.md"), report::write(results, compiled.as_deref()))?;
    eprintln!("written: {}", out.join("REPORT.md").display());
    Ok(())
}
