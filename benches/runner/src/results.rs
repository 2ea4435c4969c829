//! What was measured, as it is kept in `results.tsv`: a line for each figure.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crate::Result;
use crate::contender::HAND;
use crate::statistics::median;

/// Gives an enum names, which are read again from files and from the command line.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($variant),+ }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(match self { $(Self::$variant => $text),+ })
            }
        }

        impl FromStr for $name {
            type Err = crate::Error;

            fn from_str(text: &str) -> Result<Self> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => Err(format!("`{text}` is none of {}", [$($text),+].join(", ")).into()),
                }
            }
        }
    };
}

named!(
    /// Who is asked.
    Database { Sqlite = "SQLite", Postgres = "PostgreSQL" }
);

named!(
    /// What the data is for.
    Set { Small = "small", Big = "big", Scaling = "scaling" }
);

named!(
    /// What is counted beside times.
    Count {
        Allocations = "allocations",
        Reallocations = "reallocations",
        Held = "held",
        Peak = "peak",
        Statements = "statements",
        Texts = "texts",
        RoundTrips = "round trips",
        Instructions = "instructions",
    }
);

/// One database with some data: what is measured on one stage can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stage {
    /// Who is asked.
    pub database: Database,
    /// What for.
    pub set: Set,
    /// How much there is.
    pub users: i64,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.set {
            Set::Scaling => write!(f, "{}, {} users", self.database, self.users),
            set => write!(f, "{}, {set}", self.database),
        }
    }
}

/// What one variant gave on one stage.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Where.
    pub stage: Stage,
    /// `W1`.
    pub workload: String,
    /// Whose.
    pub contender: String,
    /// Which of its ways.
    pub variant: String,
    /// Nanoseconds of loading and touching, for each repetition.
    pub load: Vec<f64>,
    /// Nanoseconds of dropping, for each repetition.
    pub drop: Vec<f64>,
    /// What was counted.
    pub counts: BTreeMap<Count, f64>,
    /// Why there is no more of it.
    pub failed: Option<String>,
}

impl Entry {
    /// Nothing yet.
    pub fn new(stage: Stage, workload: &str, contender: &str, variant: &str) -> Self {
        Self {
            stage,
            workload: workload.to_owned(),
            contender: contender.to_owned(),
            variant: variant.to_owned(),
            load: Vec::new(),
            drop: Vec::new(),
            counts: BTreeMap::new(),
            failed: None,
        }
    }

    /// The times of the repetitions, dropping included.
    pub fn totals(&self) -> impl Iterator<Item = f64> + '_ {
        self.load.iter().zip(&self.drop).map(|(load, drop)| load + drop)
    }

    /// The median time, in nanoseconds; none where it failed.
    pub fn median(&self) -> Option<f64> {
        if self.failed.is_some() { None } else { median(self.totals()) }
    }

    /// The median of the ratios within each repetition: what slows the machine for a while slows both.
    pub fn ratio(&self, base: &Self) -> Option<f64> {
        self.median().and(base.median()).and(median(self.totals().zip(base.totals()).map(|(own, base)| own / base)))
    }
}

/// Everything that was measured.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Results {
    /// The machine, the versions: what it is, and how it is.
    pub about: Vec<(String, String)>,
    /// In the order in which it was measured.
    pub entries: Vec<Entry>,
}

const HEAD: &str = "set\tdatabase\tusers\tworkload\tcontender\tvariant\twhat\tvalues";

impl Results {
    /// The stages, in order.
    pub fn stages(&self, sets: &[Set]) -> Vec<Stage> {
        let mut stages: Vec<Stage> =
            self.entries.iter().map(|entry| entry.stage).filter(|stage| sets.contains(&stage.set)).collect();
        stages.sort();
        stages.dedup();
        stages
    }

    /// The names of all contenders, in the order in which they were measured.
    pub fn contenders(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for entry in &self.entries {
            if !names.contains(&entry.contender.as_str()) {
                names.push(&entry.contender);
            }
        }
        names.sort_by_key(|name| (crate::contender::rank(name), *name));
        names
    }

    /// The workloads of a stage, in the order of their names.
    pub fn workloads(&self, stage: Stage) -> Vec<&str> {
        let on_stage = self.entries.iter().filter(|entry| entry.stage == stage);
        let mut names: Vec<&str> = on_stage.map(|entry| entry.workload.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// What the variants of a workload gave, of those contenders that are picked.
    pub fn of<'a>(
        &'a self,
        stage: Stage,
        workload: &'a str,
        pick: impl Fn(&str) -> bool + 'a,
    ) -> impl Iterator<Item = &'a Entry> + 'a {
        let at = move |entry: &&Entry| entry.stage == stage && entry.workload == workload && pick(&entry.contender);
        self.entries.iter().filter(at)
    }

    /// The hand-written variant that ratios of a workload are to: the best one, of those that do what the workload
    /// says. Reading in one batch is not reading one at a time (W5).
    pub fn base<'a>(&'a self, stage: Stage, workload: &'a str) -> Option<&'a Entry> {
        best(
            self.of(stage, workload, |name| name == HAND)
                .filter(|entry| !(workload == "W5" && entry.variant.contains("batched"))),
        )
    }

    /// As lines.
    pub fn to_tsv(&self) -> String {
        let mut lines: Vec<String> = self.about.iter().map(|(what, how)| format!("#\t{what}\t{how}")).collect();
        lines.push(HEAD.to_owned());
        let values = |values: &[f64]| values.iter().map(f64::to_string).collect::<Vec<_>>().join(" ");
        for entry in &self.entries {
            let Stage { set, database, users } = entry.stage;
            let Entry { workload, contender, variant, .. } = entry;
            let mut line = |what: &str, values: &str| {
                lines.push(format!("{set}\t{database}\t{users}\t{workload}\t{contender}\t{variant}\t{what}\t{values}"));
            };
            line("load", &values(&entry.load));
            line("drop", &values(&entry.drop));
            entry.counts.iter().for_each(|(count, value)| line(&count.to_string(), &value.to_string()));
            if let Some(message) = &entry.failed {
                line("failed", message);
            }
        }
        lines.join("\n") + "\n"
    }

    /// Reads what [`Results::to_tsv`] has written.
    ///
    /// # Errors
    /// Where a line is none of its.
    pub fn from_tsv(text: &str) -> Result<Self> {
        let mut results = Self::default();
        for (at, line) in text.lines().enumerate().filter(|(_, line)| *line != HEAD) {
            results.read(line).map_err(|error| format!("line {}: {error}", at + 1))?;
        }
        Ok(results)
    }

    fn read(&mut self, line: &str) -> Result<()> {
        let words: Vec<&str> = line.split('\t').collect();
        if let ["#", what, how] = *words {
            self.about.push((what.to_owned(), how.to_owned()));
            return Ok(());
        }
        let [set, database, users, workload, contender, variant, what, values] = *words else {
            return Err("it has not 8 words between tabs".into());
        };
        let stage = Stage { set: set.parse()?, database: database.parse()?, users: users.parse()? };
        let entry = Entry::new(stage, workload, contender, variant);
        let same = |it: &Entry| {
            (it.stage, &it.workload, &it.contender, &it.variant)
                == (entry.stage, &entry.workload, &entry.contender, &entry.variant)
        };
        if !self.entries.last().is_some_and(same) {
            self.entries.push(entry);
        }
        let Some(entry) = self.entries.last_mut() else { return Ok(()) };
        let numbers = || values.split_whitespace().map(str::parse).collect::<std::result::Result<Vec<f64>, _>>();
        match what {
            "load" => entry.load = numbers()?,
            "drop" => entry.drop = numbers()?,
            "failed" => entry.failed = Some(values.to_owned()),
            count => {
                entry.counts.insert(count.parse()?, values.parse()?);
            }
        }
        Ok(())
    }
}

/// The one with the least median; what failed is none.
pub fn best<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Option<&'a Entry> {
    let measured = entries.into_iter().filter_map(|entry| Some((entry, entry.median()?)));
    measured.min_by(|one, other| one.1.total_cmp(&other.1)).map(|(entry, _)| entry)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) const STAGE: Stage = Stage { set: Set::Big, database: Database::Sqlite, users: 10_000 };

    pub(crate) fn entry(workload: &str, contender: &str, variant: &str, load: &[f64]) -> Entry {
        let drop = vec![0.0; load.len()];
        Entry { load: load.to_vec(), drop, ..Entry::new(STAGE, workload, contender, variant) }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let mut failed = entry("W3", "diesel", "belonging_to", &[]);
        failed.failed = Some("too many SQL variables".into());
        let mut counted = entry("W1", "ours", "with", &[1.5, 2.0]);
        counted.counts = BTreeMap::from([(Count::RoundTrips, 2.0), (Count::Peak, 1e6)]);
        let about = vec![("date".to_owned(), "2026-11-21".to_owned())];
        let results = Results { about, entries: vec![counted, failed] };
        assert_eq!(Results::from_tsv(&results.to_tsv()).unwrap(), results);
        assert!(Results::from_tsv("small\tSQLite\t1\n").unwrap_err().to_string().contains("line 1"));
    }

    #[test]
    fn ratios_are_taken_within_each_repetition() {
        // A repetition on a machine that was ten times slower for a while changes nothing.
        let base = entry("W1", "hand", "scan", &[10.0, 100.0, 10.0]);
        let own = entry("W1", "ours", "with", &[20.0, 200.0, 30.0]);
        assert_eq!(own.ratio(&base), Some(2.0));
        let failed = Entry { failed: Some("no".into()), ..own };
        assert_eq!(failed.ratio(&base), None);
    }

    #[test]
    fn the_base_is_the_best_hand_written_variant_that_does_the_workload() {
        let results = Results {
            about: Vec::new(),
            entries: vec![
                entry("W5", "hand", "loop", &[3.0]),
                entry("W5", "hand", "key list, batched", &[1.0]),
                entry("W5", "ours", "loop", &[2.0]),
                entry("W1", "hand", "key list", &[2.0]),
                entry("W1", "hand", "scan", &[1.0]),
            ],
        };
        assert_eq!(results.base(STAGE, "W5").unwrap().variant, "loop");
        assert_eq!(results.base(STAGE, "W1").unwrap().variant, "scan");
        assert_eq!(results.contenders(), ["hand", "ours"]);
    }
}
