//! What is run, in which order.

use std::fs;

use crate::cargo::{self, Mode, Usage};
use crate::expansion::{Length, length};
use crate::framework::Framework;
use crate::generate::{Contents, Generated, workspace};
use crate::results::{Figure, Measure, Results};
use crate::{Arguments, Result};

/// The limit of recursion for rings that the compiler's own is too low for.
pub const DEEP: usize = 4096;

/// Generates the crates, and measures everything that is asked for, smaller crates first. What there is so far goes to
/// `keep` each time that a part is done.
pub fn measure(arguments: &Arguments, keep: impl Fn(&Results) -> Result<()>) -> Result<()> {
    let mut results = Results::default();
    let mut sides = Vec::new();
    for &framework in &arguments.frameworks {
        sides.push(prepare(arguments, framework, &mut results)?);
    }
    for (place, &repetitions) in arguments.repetitions.iter().enumerate() {
        expand(&sides, place, &mut results)?;
        for side in &sides {
            ring(&side.rings[place], &side.deep[place], &mut results)?;
        }
        keep(&results)?;
        for side in &sides {
            // What incremental runs start from.
            cargo::run(&side.shops[place], "check", Mode::Incremental)?;
        }
        for repetition in 0..repetitions {
            // Another one begins each time, so that none always runs while the machine is in the same mood.
            for turn in 0..sides.len() {
                let side = (turn + repetition) % sides.len();
                repeat(&mut sides[side].shops[place], &mut results)?;
            }
            keep(&results)?;
        }
    }
    Ok(())
}

/// The crates of a framework, by size.
struct Side {
    shops: Vec<Generated>,
    rings: Vec<Generated>,
    deep: Vec<Generated>,
}

/// Writes the crates of a framework anew, checks its dependencies from nothing, and builds them.
fn prepare(arguments: &Arguments, framework: &'static Framework, results: &mut Results) -> Result<Side> {
    let directory = arguments.directory.join(framework.name);
    let write = |contents: &dyn Fn(usize) -> Contents| arguments.sizes.iter().map(|&size| contents(size)).collect();
    let parts: [Vec<Contents>; 4] = [
        vec![Contents::shops(0)],
        write(&Contents::shops),
        write(&|size| Contents::ring(size, None)),
        write(&|size| Contents::ring(size, Some(DEEP))),
    ];
    let mut crates = workspace(framework, &directory, &parts.concat())?.into_iter();
    let empty = crates.next().ok_or("no crate was written")?;
    let mut take = || crates.by_ref().take(arguments.sizes.len()).collect();
    let side = Side { shops: take(), rings: take(), deep: take() };
    let cold = dependencies(&empty)?;
    told(&empty, Measure::Dependencies, cold);
    results.put_run(framework, 0, Measure::Dependencies, cold);
    cargo::run(&empty, "build", Mode::Whole)?;
    cargo::run(&empty, "check", Mode::Incremental)?;
    Ok(side)
}

/// What it takes to check the dependencies from nothing: where they are built already, what it took then.
fn dependencies(empty: &Generated) -> Result<Usage> {
    let kept = empty.workspace.join("dependencies");
    if let Ok(text) = fs::read_to_string(&kept)
        && let Some((cpu, wall)) = text.split_once(' ')
    {
        return Ok(Usage { cpu: cpu.parse()?, wall: wall.parse()? });
    }
    let target = empty.workspace.join("target");
    if target.exists() {
        fs::remove_dir_all(target)?;
    }
    let usage = cargo::run(empty, "check", Mode::Whole)?;
    fs::write(kept, format!("{} {}", usage.cpu, usage.wall))?;
    Ok(usage)
}

/// Measures the expansions of one size, beyond those of the first framework.
fn expand(sides: &[Side], place: usize, results: &mut Results) -> Result<()> {
    let mut plain = None;
    for side in sides {
        let Generated { framework, contents, .. } = &side.shops[place];
        let Length { lines, tokens } = length(&cargo::expanded(&side.shops[place])?)?;
        eprintln!("{} {} expansion: {lines} lines, {tokens} tokens", framework.name, contents.size);
        let beyond = *plain.get_or_insert(Length { lines, tokens });
        let per_model = |count: usize, plain: usize| Figure::Count(count.saturating_sub(plain).div_ceil(contents.size));
        results.put(framework, contents.size, Measure::Lines, per_model(lines, beyond.lines));
        results.put(framework, contents.size, Measure::Tokens, per_model(tokens, beyond.tokens));
    }
    Ok(())
}

/// One repetition of everything that is timed, on one crate.
fn repeat(generated: &mut Generated, results: &mut Results) -> Result<()> {
    generated.touch()?;
    timed(generated, "check", Mode::Whole, Measure::Check, results)?;
    timed(generated, "build", Mode::Whole, Measure::Build, results)?;
    generated.change_text()?;
    timed(generated, "check", Mode::Incremental, Measure::Text, results)?;
    generated.add_column()?;
    timed(generated, "check", Mode::Incremental, Measure::Column, results)
}

fn timed(generated: &Generated, verb: &str, mode: Mode, measure: Measure, results: &mut Results) -> Result<()> {
    let usage = cargo::run(generated, verb, mode)?;
    told(generated, measure, usage);
    results.put_run(generated.framework, generated.contents.size, measure, usage);
    Ok(())
}

/// Whether models that all lead to one another compile, and if not, whether a raised limit helps.
fn ring(ring: &Generated, deep: &Generated, results: &mut Results) -> Result<()> {
    for (generated, measure) in [(ring, Measure::Ring), (deep, Measure::DeepRing)] {
        match cargo::run(generated, "check", Mode::Whole) {
            Ok(usage) => {
                told(generated, measure, usage);
                results.put_run(generated.framework, generated.contents.size, measure, usage);
                return Ok(());
            }
            Err(error) => {
                let (text, count) = first_error(&error.to_string());
                eprintln!("{} {}: {count} errors, {text}", generated.framework.name, generated.package());
                results.put(generated.framework, generated.contents.size, measure, Figure::Fails(text));
            }
        }
    }
    Ok(())
}

fn first_error(text: &str) -> (String, usize) {
    let mut errors = text.lines().filter(|line| line.starts_with("error"));
    let first = errors.next().or_else(|| text.lines().next()).unwrap_or_default();
    (first.replace('\t', " "), errors.count() + 1)
}

fn told(generated: &Generated, measure: Measure, usage: Usage) {
    let (name, models) = (generated.framework.name, generated.contents.size);
    eprintln!("{name} {models} {measure}: {:.2} s of processor time, {:.2} s", usage.cpu, usage.wall);
}
