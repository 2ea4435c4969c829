//! A run of everything that was asked for: data, contenders, times, counts.

use std::path::PathBuf;

use tempfile::TempDir;
use url::Url;

use crate::Result;
use crate::arguments::Arguments;
use crate::contender::{self, Contender, HAND, OURS, Running};
use crate::count::{self, callgrind, proxy::Proxy};
use crate::data::postgres::{Seeded, Server};
use crate::data::{self, Data};
use crate::measure::{self, Plan};
use crate::results::{Count, Database, Entry, Results, Set, Stage};

/// What runs, and what was found.
pub struct Suite<'a> {
    arguments: &'a Arguments,
    contenders: &'a [Contender],
    server: Option<Server>,
    directory: TempDir,
    /// So far.
    pub results: Results,
    /// Who reached other data than whom.
    pub differences: Vec<String>,
}

/// A database with data; it is removed when this is dropped.
enum Filled {
    Sqlite(PathBuf),
    Postgres(Seeded),
}

impl Filled {
    fn url(&self) -> Option<Url> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(seeded) => Some(seeded.url()),
        }
    }

    fn argument(&self) -> String {
        match self {
            Self::Sqlite(path) => format!("sqlite:{}", path.display()),
            Self::Postgres(seeded) => seeded.url().to_string(),
        }
    }
}

impl Drop for Filled {
    fn drop(&mut self) {
        if let Self::Sqlite(path) = self {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// What one stage is for.
struct Scene<'s> {
    stage: Stage,
    data: Data,
    /// Who takes part.
    who: &'s dyn Fn(&Contender) -> bool,
    /// What is run.
    wants: &'s dyn Fn(&str) -> bool,
}

impl<'a> Suite<'a> {
    /// Nothing was run yet.
    ///
    /// # Errors
    /// When there is no place for data.
    pub fn new(arguments: &'a Arguments, contenders: &'a [Contender], server: Option<Server>) -> Result<Self> {
        let (results, differences) = (Results::default(), Vec::new());
        Ok(Self { arguments, contenders, server, directory: tempfile::tempdir()?, results, differences })
    }

    /// Runs all workloads at the sizes that were asked for, and then at growing ones. `after` each stage, what was found
    /// so far can be kept.
    ///
    /// # Errors
    /// When data cannot be made, ours or the hand-written code does not start, or `after` fails.
    pub fn run(&mut self, after: impl Fn(&Results) -> Result<()>) -> Result<()> {
        let arguments = self.arguments;
        for (set, users) in arguments.sizes() {
            for database in self.databases() {
                let stage = Stage { set, database, users };
                let data = Data { users, layout: arguments.layout, only_posts: false };
                self.stage(&Scene { stage, data, who: &|_| true, wants: &|workload| arguments.wants(set, workload) })?;
                after(&self.results)?;
            }
        }
        if arguments.scaling {
            for database in self.databases() {
                self.grow(database)?;
                after(&self.results)?;
            }
        }
        Ok(())
    }

    fn databases(&self) -> Vec<Database> {
        let server = self.server.as_ref().map(|_| Database::Postgres);
        std::iter::once(Database::Sqlite).chain(server).collect()
    }

    /// Ours and the hand-written code, from a thousand rows to a million.
    fn grow(&mut self, database: Database) -> Result<()> {
        let arguments = self.arguments;
        for users in crate::scaling::USERS {
            let stage = Stage { set: Set::Scaling, database, users };
            let wanted = crate::scaling::workloads(users);
            let data = Data { users, layout: arguments.layout, only_posts: !wanted.contains(&"W4") };
            let wants = |name: &str| wanted.contains(&name) && arguments.wants(Set::Scaling, name);
            let who = |contender: &Contender| [OURS, HAND].contains(&contender.name.as_str());
            self.stage(&Scene { stage, data, who: &who, wants: &wants })?;
        }
        Ok(())
    }

    fn stage(&mut self, scene: &Scene<'_>) -> Result<()> {
        let stage = scene.stage;
        eprintln!("{stage}: making the data");
        let filled = self.fill(stage, &scene.data)?;
        let arguments = contender::Arguments { database: filled.argument(), users: stage.users };
        let mut running = self.start(stage, scene.who, &arguments)?;
        let mut workloads: Vec<String> = Vec::new();
        for listed in running.iter().flat_map(|one| &one.variants) {
            if (scene.wants)(&listed.workload) && !workloads.contains(&listed.workload) {
                workloads.push(listed.workload.clone());
            }
        }
        let plan = Plan { repetitions: self.arguments.repetitions(), limit: self.arguments.limit() };
        let mut entries = Vec::new();
        for workload in &workloads {
            let measured = measure::workload(&mut running, stage, workload, plan);
            entries.extend(measured.entries);
            self.differences.extend(measured.differences);
        }
        if !self.arguments.no_counts {
            drop(running);
            self.count(&filled, stage, &mut entries)?;
        }
        self.results.entries.extend(entries);
        Ok(())
    }

    fn fill(&self, stage: Stage, data: &Data) -> Result<Filled> {
        match (stage.database, &self.server) {
            (Database::Postgres, Some(server)) => Ok(Filled::Postgres(server.seed(data)?)),
            (Database::Postgres, None) => Err("there is no PostgreSQL server".into()),
            (Database::Sqlite, _) => {
                let filled = Filled::Sqlite(self.directory.path().join(format!("{}-{}.db", stage.set, stage.users)));
                if let Filled::Sqlite(path) = &filled {
                    data::sqlite::seed(path, data)?;
                }
                Ok(filled)
            }
        }
    }

    /// Starts who takes part. Without ours and the hand-written code there is nothing to compare.
    fn start(
        &mut self,
        stage: Stage,
        who: &dyn Fn(&Contender) -> bool,
        arguments: &contender::Arguments,
    ) -> Result<Vec<Running<'a>>> {
        let mut running = Vec::new();
        for contender in self.contenders.iter().filter(|contender| who(contender)) {
            match Running::start(contender, arguments) {
                Ok(started) => {
                    let built = (format!("{}, {}", contender.name, stage.database), started.built.clone());
                    if !self.results.about.contains(&built) {
                        self.results.about.push(built);
                    }
                    running.push(started);
                }
                Err(error) if contender::rank(&contender.name) < 2 => {
                    return Err(format!("{stage}: `{}`: {error}", contender.name).into());
                }
                Err(error) => {
                    eprintln!("{stage}: LEFT OUT: `{}`: {error}", contender.name);
                    self.results.about.push((format!("left out, {stage}"), format!("{}: {error}", contender.name)));
                }
            }
        }
        Ok(running)
    }

    /// Counts what did not fail. What cannot be counted is told, and not fatal.
    fn count(&self, filled: &Filled, stage: Stage, entries: &mut [Entry]) -> Result<()> {
        let arguments = contender::Arguments { database: filled.argument(), users: stage.users };
        let proxy = filled.url().filter(|_| stage.set != Set::Scaling).map(|url| Proxy::start(&url)).transpose()?;
        let limit = self.arguments.limit();
        let instructions = stage.set == Set::Small && stage.database == Database::Sqlite && callgrind::is_installed();
        eprint!("{stage}, counts:");
        let mut last = String::new();
        for entry in entries.iter_mut().filter(|entry| entry.failed.is_none()) {
            let Some(contender) = self.contenders.iter().find(|it| it.name == entry.contender) else { continue };
            if last != entry.workload {
                eprint!(" {}", entry.workload);
                last.clone_from(&entry.workload);
            }
            let told = |counted: Result<()>, entry: &Entry| {
                if let Err(error) = counted {
                    eprint!(" ({}, {}: {error})", entry.contender, entry.variant);
                }
            };
            told(count::take(contender, &arguments, limit, entry), entry);
            if let Some(proxy) = &proxy {
                told(count::statements(proxy, contender, stage.users, limit, entry), entry);
            }
            if instructions && is_counted_by_instructions(entry) {
                let counted = callgrind::instructions(contender, &arguments, entry, self.directory.path());
                told(counted.map(|number| _ = entry.counts.insert(Count::Instructions, number)), entry);
            }
        }
        eprintln!();
        Ok(())
    }
}

/// A request, and what is loaded or cached, of those two who do all of it on the thread that asks.
fn is_counted_by_instructions(entry: &Entry) -> bool {
    let short = entry.workload == "W6" || entry.workload.starts_with("W7");
    short && [OURS, HAND].contains(&entry.contender.as_str()) && !entry.variant.contains("on a thread")
}
