//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, ValueEnum};

use crate::contender::{Contender, HAND, OURS};
use crate::data::Layout;
use crate::results::Set;

/// Runs the workloads with every contender in turn, compares what they reached, and writes REPORT.md, ratios.svg and
/// results.tsv.
#[derive(Debug, Parser)]
pub struct Arguments {
    /// In a few minutes: small, and W1 and W4 of big, on SQLite, hand-written and ours.
    #[arg(long)]
    pub quick: bool,
    /// Only these contenders, and ours and the hand-written one.
    #[arg(long, value_delimiter = ',', value_name = "NAMES", visible_alias = "with")]
    pub contenders: Option<Vec<String>>,
    /// Only these workloads; `W7` stands for all that begin with it.
    #[arg(long, value_delimiter = ',', value_name = "WORKLOADS")]
    pub only: Option<Vec<String>>,
    /// How much data.
    #[arg(long, value_enum, default_value_t = Size::Both)]
    pub size: Size,
    /// Interleaved repetitions of every variant.
    #[arg(long, value_name = "N")]
    pub reps: Option<usize>,
    /// A PostgreSQL server on which databases can be made; without it PostgreSQL is left out.
    #[arg(long, value_name = "URL", env = "RELATIONS_BENCH_POSTGRES_URL", hide_env_values = true)]
    pub postgres: Option<String>,
    /// Ours and the hand-written code from a thousand rows to a million, too.
    #[arg(long)]
    pub scaling: bool,
    /// Times only.
    #[arg(long)]
    pub no_counts: bool,
    /// Whose post comes after whose.
    #[arg(long, value_enum, default_value_t = Layout::Turns)]
    pub layout: Layout,
    /// Takes the contenders as they were built before; what is not there is left out.
    #[arg(long)]
    pub no_build: bool,
    /// How many seconds a run may take.
    #[arg(long, default_value_t = 120, value_name = "SECONDS")]
    pub limit: u64,
    /// Where to write; the folder of the benchmarks for a whole run, one below its target directory for a part.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Writes the SQLite data of one size to a new file, by which a contender can be tried by hand, and runs nothing.
    #[arg(long, value_name = "FILE", requires = "size")]
    pub seed: Option<PathBuf>,
    /// Writes the report anew from results.tsv, and runs nothing.
    #[arg(long)]
    pub report_only: bool,
}

/// How much data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Size {
    /// 100 users, 1,000 posts, 5,000 comments.
    Small,
    /// A hundred times as much.
    Big,
    /// First small, then big.
    Both,
}

/// A report has medians of at least so many repetitions.
const REPORTED: usize = 7;

impl Arguments {
    /// The repetitions.
    pub fn repetitions(&self) -> usize {
        self.reps.unwrap_or(if self.quick { 3 } else { 9 }).max(1)
    }

    /// The time limit of a run.
    pub fn limit(&self) -> Duration {
        Duration::from_secs(self.limit)
    }

    /// Whether something is left out, so that it must not take the place of the report.
    pub fn is_part(&self) -> bool {
        let selected = self.quick || self.contenders.is_some() || self.only.is_some() || self.size != Size::Both;
        selected || self.no_counts || self.repetitions() < REPORTED || self.layout != Layout::Turns
    }

    /// Whether a contender takes part. Ours and the hand-written one always do.
    pub fn has(&self, contender: &Contender) -> bool {
        let name = &contender.name;
        let named = self.contenders.as_ref().map(|names| names.contains(name));
        [HAND, OURS].contains(&name.as_str()) || named.unwrap_or(!self.quick)
    }

    /// The sizes, with their users.
    pub fn sizes(&self) -> impl Iterator<Item = (Set, i64)> {
        let sizes = [(Size::Small, Set::Small, 100), (Size::Big, Set::Big, 10_000)];
        let own = self.size;
        sizes
            .into_iter()
            .filter(move |(size, ..)| own == Size::Both || own == *size)
            .map(|(_, set, users)| (set, users))
    }

    /// Whether a workload is asked for at this size.
    pub fn wants(&self, set: Set, workload: &str) -> bool {
        let quick = !self.quick || set == Set::Small || ["W1", "W4"].contains(&workload);
        // `W7` is `W7 list`, too.
        let is = |name: &String| workload.split(' ').next() == Some(name) || workload == name;
        quick && self.only.as_ref().is_none_or(|names| names.iter().any(is))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &str) -> Arguments {
        Arguments::try_parse_from(format!("bench-runner {words}").split_whitespace()).unwrap()
    }

    #[test]
    fn only_a_whole_run_is_a_report() {
        assert!(!parse("").is_part());
        assert!(!parse("--reps 7 --scaling").is_part());
        for part in ["--quick", "--only W1,W4", "--size big", "--reps 3", "--contenders diesel", "--no-counts"] {
            assert!(parse(part).is_part(), "{part}");
        }
    }

    #[test]
    fn a_quick_run_has_two_workloads_of_big() {
        let quick = parse("--quick");
        assert!(quick.wants(Set::Small, "W3") && quick.wants(Set::Big, "W4") && !quick.wants(Set::Big, "W3"));
        assert_eq!(quick.repetitions(), 3);
    }

    #[test]
    fn a_workload_is_named_with_all_its_parts() {
        let only = parse("--only W7,W1");
        assert!(only.wants(Set::Big, "W7 list") && only.wants(Set::Big, "W1"));
        assert!(!only.wants(Set::Big, "W7c row") && !only.wants(Set::Big, "W2"));
    }
}
