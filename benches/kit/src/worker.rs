//! How the runner asks: a contender is started with the database and the number of users, and then reads commands, a
//! line each, and answers each by lines of words between tabs.
//!
//! | command | answer |
//! |---|---|
//! | `list` | `built`, versions of what it is built on; for each variant `variant`, workload, name; at last `end` |
//! | `run`, number of the variant, runs | `ok`, nanoseconds of loading, of dropping, units, checksum |
//! | `take`, number of the variant | `taken`, allocations, reallocations, bytes held, bytes at the peak |
//! | anything that fails | `failed`, the message |

use std::cell::RefCell;
use std::io::{BufRead, Write, stdin, stdout};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use crate::Result;
use crate::count::{Taken, taken};
use crate::reach::Reached;
use crate::sample::{Look, Sample, sample, sample_calls, sample_looks, sample_requests};

/// The database that a contender reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// A file in WAL mode.
    Sqlite(PathBuf),
    /// The URL of a database of its own, with the tables in its schema `public`.
    Postgres(String),
}

/// What a contender is started with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setup {
    /// What to read.
    pub database: Database,
    /// The number of users; their keys are 1 to this. Ten times as many posts, fifty times as many comments.
    pub users: i64,
}

impl Setup {
    fn from_arguments() -> Result<Self> {
        let usage = "a contender is started by the runner: sqlite:PATH or postgres://URL, then the number of users";
        let mut words = std::env::args().skip(1);
        let database = words.next().ok_or(usage)?;
        let users = words.next().ok_or(usage)?.parse()?;
        let database = match database.strip_prefix("sqlite:") {
            Some(path) => Database::Sqlite(path.into()),
            None => Database::Postgres(database),
        };
        Ok(Self { database, users })
    }
}

/// One way of doing a workload.
pub struct Variant<'a> {
    /// `W1`.
    workload: &'static str,
    /// What it is called among the contender's own.
    name: &'static str,
    run: Box<dyn FnMut() -> Result<Sample> + 'a>,
    take: Box<dyn FnMut() -> Result<Taken> + 'a>,
}

impl<'a> Variant<'a> {
    /// One load of everything.
    pub fn load<T: Reached>(workload: &'static str, name: &'static str, load: impl FnMut() -> Result<T> + 'a) -> Self {
        let load = std::rc::Rc::new(RefCell::new(load));
        let again = std::rc::Rc::clone(&load);
        Self {
            workload,
            name,
            run: Box::new(move || sample(&mut *load.borrow_mut())),
            take: Box::new(move || taken(&mut *again.borrow_mut())),
        }
    }

    /// A request for each of these keys in turn; times and counts are for one.
    pub fn requests<T: Reached>(
        workload: &'static str,
        name: &'static str,
        keys: Vec<i64>,
        load: impl FnMut(i64) -> Result<T> + 'a,
    ) -> Self {
        let load = std::rc::Rc::new(RefCell::new(load));
        let again = std::rc::Rc::clone(&load);
        let first = keys.first().copied().unwrap_or(1);
        Self {
            workload,
            name,
            run: Box::new(move || sample_requests(&keys, &mut *load.borrow_mut())),
            take: Box::new(move || taken(|| (again.borrow_mut())(first))),
        }
    }

    /// Many results in whatever way; see [`sample_looks`]. It has no counts.
    pub fn looks(
        workload: &'static str,
        name: &'static str,
        units: usize,
        mut run: impl FnMut(Look) -> Result<u64> + 'a,
    ) -> Self {
        Self::timed(workload, name, move || sample_looks(units, &mut run))
    }

    /// Nothing but calls; `run` returns their number. It has no counts.
    pub fn calls(workload: &'static str, name: &'static str, mut run: impl FnMut() -> Result<u64> + 'a) -> Self {
        Self::timed(workload, name, move || sample_calls(&mut run))
    }

    /// Anything that times itself. It has no counts.
    pub fn timed(workload: &'static str, name: &'static str, run: impl FnMut() -> Result<Sample> + 'a) -> Self {
        Self { workload, name, run: Box::new(run), take: Box::new(|| Err("it has no counts".into())) }
    }
}

/// The main function of a contender: opens its side, tells what it is built on, and answers the runner until the
/// input ends. `contend` calls [`Serve::variants`] once.
pub fn serve(contend: impl FnOnce(&Setup, Serve) -> Result<()>) -> ExitCode {
    let done = Setup::from_arguments().and_then(|setup| contend(&setup, Serve(())));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Answers the runner.
pub struct Serve(());

impl Serve {
    /// Answers with these variants; `built` are versions of what they are built on ("diesel 2.3.14, SQLite 3.50.2").
    ///
    /// # Errors
    /// Where the runner cannot be read or answered.
    pub fn variants(self, built: &str, mut variants: Vec<Variant<'_>>) -> Result<()> {
        for line in stdin().lock().lines() {
            let line = line?;
            let words: Vec<&str> = line.split('\t').collect();
            let answer = answer(built, &words, &mut variants)
                .unwrap_or_else(|error| format!("failed\t{}", error.to_string().replace(['\n', '\t'], " ")));
            let mut out = stdout().lock();
            writeln!(out, "{answer}")?;
            out.flush()?;
        }
        Ok(())
    }
}

fn answer(built: &str, words: &[&str], variants: &mut [Variant<'_>]) -> Result<String> {
    match words {
        ["list"] => {
            let lines = variants.iter().map(|it| format!("variant\t{}\t{}\n", it.workload, it.name));
            Ok(format!("built\t{built}\n{}end", lines.collect::<String>()))
        }
        ["run", at, runs] => {
            let (variant, runs) = (pick(variants, at)?, runs.parse::<u32>()?);
            let mut all = Sample::default();
            for at in 0..runs {
                let one = (variant.run)()?;
                if at > 0 && one.checksum != all.checksum {
                    return Err("it reached other data than the run before".into());
                }
                all.load += one.load;
                all.drop += one.drop;
                all.units += one.units;
                all.checksum = one.checksum;
            }
            let nanos = |time: Duration| time.as_nanos();
            Ok(format!("ok\t{}\t{}\t{}\t{}", nanos(all.load), nanos(all.drop), all.units, all.checksum))
        }
        ["take", at] => {
            let Taken { allocations, reallocations, held, peak } = (pick(variants, at)?.take)()?;
            Ok(format!("taken\t{allocations}\t{reallocations}\t{held}\t{peak}"))
        }
        _ => Err(format!("no such command: {}", words.join(" ")).into()),
    }
}

fn pick<'v, 'a>(variants: &'v mut [Variant<'a>], at: &str) -> Result<&'v mut Variant<'a>> {
    variants.get_mut(at.parse::<usize>()?).ok_or_else(|| format!("there is no variant {at}").into())
}
