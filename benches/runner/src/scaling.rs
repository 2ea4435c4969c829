//! How cost grows: which sizes are run, and the slopes and peaks of what was measured at them.

use crate::contender::{HAND, OURS};
use crate::results::{Count, Database, Entry, Results, Set, Stage, best};
use crate::statistics::slope;

/// The numbers of users.
pub const USERS: [i64; 5] = [10, 100, 1_000, 10_000, 100_000];

/// What is run with so many users: from a thousand rows to a million.
pub fn workloads(users: i64) -> Vec<&'static str> {
    let wanted = ["W1", "W4", "W5"].into_iter();
    wanted.filter(|workload| rows(workload, users).is_some_and(|rows| (1_000..=2_000_000).contains(&rows))).collect()
}

/// How many rows a workload reaches with so many users. W5 always reaches 1,000 posts: here it is those in the table.
pub fn rows(workload: &str, users: i64) -> Option<i64> {
    match workload {
        "W1" => Some(users * 11),
        "W4" => Some(users * 111),
        "W5" => Some(users * 10),
        _ => None,
    }
}

/// How one of both grows on one workload: by its variant that is best with the most rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Growth<'a> {
    /// Which variant.
    pub variant: &'a str,
    /// What it gave, from few rows to many.
    pub points: Vec<(i64, &'a Entry)>,
    /// The exponent of its time; 1 is linear.
    pub slope: Option<f64>,
}

/// The workloads that were scaled on a database.
pub fn scaled(results: &Results, database: Database) -> Vec<&'static str> {
    let stages = stages(results, database);
    let has = |workload: &str| stages.iter().any(|&stage| results.of(stage, workload, |_| true).next().is_some());
    ["W1", "W4", "W5"].into_iter().filter(|workload| has(workload)).collect()
}

fn stages(results: &Results, database: Database) -> Vec<Stage> {
    results.stages(&[Set::Scaling]).into_iter().filter(|stage| stage.database == database).collect()
}

/// How one grows.
pub fn growth<'a>(
    results: &'a Results,
    database: Database,
    workload: &'a str,
    contender: &'a str,
) -> Option<Growth<'a>> {
    let stages = stages(results, database);
    let of = |stage: Stage| results.of(stage, workload, move |name| name == contender);
    let most = stages
        .iter()
        .rev()
        .find_map(|&stage| best(of(stage).filter(|entry| !(workload == "W5" && entry.variant.contains("batched")))))?;
    let variant = most.variant.as_str();
    let points: Vec<_> = stages
        .iter()
        .filter_map(|&stage| {
            let entry = of(stage).find(|entry| entry.variant == variant)?;
            Some((rows(workload, stage.users)?, entry))
        })
        .collect();
    let times: Vec<_> = points.iter().filter_map(|(rows, entry)| Some((*rows as f64, entry.median()?))).collect();
    Some(Growth { variant, slope: slope(&times), points })
}

/// The peak of memory of ours, as a ratio to that of the hand-written code, for each number of rows.
pub fn peaks(results: &Results, database: Database, workload: &str) -> Vec<(i64, f64, f64)> {
    let (Some(ours), Some(hand)) =
        (growth(results, database, workload, OURS), growth(results, database, workload, HAND))
    else {
        return Vec::new();
    };
    let peak = |entry: &Entry| entry.counts.get(&Count::Peak).copied();
    let both = ours.points.iter().zip(&hand.points);
    both.filter_map(|((rows, ours), (_, hand))| Some((*rows, peak(ours)?, peak(hand)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::tests::{STAGE, entry};

    #[test]
    fn sizes_reach_from_a_thousand_rows_to_a_million() {
        for workload in ["W1", "W4", "W5"] {
            let reached: Vec<i64> = USERS
                .into_iter()
                .filter(|&users| workloads(users).contains(&workload))
                .filter_map(|users| rows(workload, users))
                .collect();
            assert_eq!(reached.len(), 4, "{workload}: {reached:?}");
            assert!(reached[0] < 1_200 && reached[3] >= 1_000_000);
        }
    }

    #[test]
    fn growth_is_that_of_the_variant_that_is_best_at_last() {
        let mut results = Results::default();
        for (users, quick, steady) in [(100, 1.0, 2.0), (1_000, 30.0, 20.0)] {
            let stage = Stage { set: Set::Scaling, users, ..STAGE };
            for (name, time) in [("quick", quick), ("steady", steady)] {
                results.entries.push(Entry { stage, ..entry("W1", "ours", name, &[time]) });
            }
        }
        let growth = growth(&results, Database::Sqlite, "W1", "ours").unwrap();
        assert_eq!(growth.variant, "steady");
        assert!((growth.slope.unwrap() - 1.0).abs() < 1e-9);
        assert_eq!(scaled(&results, Database::Sqlite), ["W1"]);
    }
}
