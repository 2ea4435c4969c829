//! The targets, in one place, and whether they are met.

use crate::contender::{HAND, OURS, rank};
use crate::report::text::thousands;
use crate::results::{Count, Database, Entry, Results, Set, Stage, best};
use crate::scaling;

/// What is asked of ours.
pub struct Target {
    /// Its number in the list of targets.
    pub number: u8,
    /// Where; on both where none is named.
    pub database: Option<Database>,
    /// On what.
    pub workloads: &'static [&'static str],
    /// What.
    pub limit: Limit,
}

/// What is asked; numbers are the most that there may be.
#[derive(Debug, Clone, Copy)]
pub enum Limit {
    /// A time, as a ratio to that of another.
    Ratio(Base, f64),
    /// Less time than every peer.
    AheadOfPeers,
    /// Nanoseconds of every variant.
    Nanos(f64),
    /// Nanoseconds more than the hand-written code's.
    NanosMore(f64),
    /// Different texts of statements in a load.
    Texts(f64),
    /// Allocations for each owner, of so many texts in its rows and those that belong to it.
    AllocationsBeside { texts: f64, most: f64 },
    /// The exponent by which the time grows with the rows.
    Slope(f64),
    /// The peak of memory as a ratio to that of the hand-written code.
    Peak(f64),
}

/// Whose time another is measured by.
#[derive(Debug, Clone, Copy)]
pub enum Base {
    /// The best hand-written variant that does what the workload says.
    Hand,
    /// The best of those whose name has these words.
    HandNamed(&'static str),
    /// The best of a peer's.
    Peer(&'static str),
}

use Database::{Postgres, Sqlite};

const LOADS: &[&str] = &["W1", "W2", "W2k", "W3", "W4", "W8"];
const ALL: &[&str] = &["W1", "W2", "W2k", "W3", "W4", "W5", "W6", "W6t2", "W8"];

const fn target(number: u8, database: Option<Database>, workloads: &'static [&'static str], limit: Limit) -> Target {
    Target { number, database, workloads, limit }
}

/// All of them.
pub const TARGETS: &[Target] = &[
    target(1, None, ALL, Limit::AheadOfPeers),
    target(2, Some(Sqlite), LOADS, Limit::Ratio(Base::HandNamed("key list"), 1.0)),
    target(2, Some(Sqlite), &["W1", "W3", "W4"], Limit::Ratio(Base::Hand, 1.1)),
    target(2, Some(Sqlite), &["W5"], Limit::Ratio(Base::HandNamed("loop of prepared reads"), 0.3)),
    target(2, Some(Sqlite), &["W6"], Limit::Ratio(Base::HandNamed("in a transaction"), 1.0)),
    target(3, Some(Postgres), LOADS, Limit::Ratio(Base::Hand, 1.1)),
    target(3, Some(Postgres), &["W5"], Limit::Ratio(Base::HandNamed("pipelined"), 0.2)),
    // Level is within the noise of a median of requests over a socket.
    target(3, Some(Postgres), &["W6"], Limit::Ratio(Base::Peer("diesel"), 1.05)),
    target(3, Some(Postgres), &["W6t2"], Limit::Ratio(Base::HandNamed("pipelined"), 1.2)),
    target(4, None, &["W7 list", "W7 row"], Limit::NanosMore(1.0)),
    target(4, None, &["W7 accessor"], Limit::Nanos(16.0)),
    target(4, None, &["W7c row", "W7c list"], Limit::Ratio(Base::Hand, 1.5)),
    // One for the first table, and one for each relation; a join table is a second one.
    target(5, Some(Postgres), &["W1", "W2", "W2k", "W5", "W6", "W8"], Limit::Texts(2.0)),
    target(5, Some(Postgres), &["W3"], Limit::Texts(3.0)),
    target(5, Some(Postgres), &["W4"], Limit::Texts(4.0)),
    // Two texts of a user, and two of each of its ten posts.
    target(5, None, &["W1"], Limit::AllocationsBeside { texts: 22.0, most: 0.01 }),
    target(6, None, &["W1", "W4"], Limit::Slope(1.05)),
    target(6, None, &["W1", "W4"], Limit::Peak(1.25)),
];

/// What became of a target at one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// The target's.
    pub number: u8,
    /// The stage and the workload.
    pub place: String,
    /// What is asked.
    pub asked: String,
    /// What there is.
    pub found: String,
    /// Whether that is enough.
    pub met: bool,
}

/// Judges whatever was measured.
pub fn judge(results: &Results) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    for target in TARGETS {
        let databases =
            [Sqlite, Postgres].into_iter().filter(|it| target.database.is_none_or(|database| database == *it));
        for database in databases {
            for workload in target.workloads {
                target.judge(results, database, workload, &mut verdicts);
            }
        }
    }
    verdicts
}

impl Target {
    fn judge(&self, results: &Results, database: Database, workload: &str, verdicts: &mut Vec<Verdict>) {
        let number = self.number;
        let mut add = |place: String, (asked, found, met): (String, String, bool)| {
            verdicts.push(Verdict { number, place, asked, found, met });
        };
        match self.limit {
            Limit::Slope(most) => {
                let growth = scaling::growth(results, database, workload, OURS);
                if let Some(slope) = growth.and_then(|growth| growth.slope) {
                    let asked = format!("time grows with the rows to the power of at most {most}");
                    add(format!("{database}, {workload}"), (asked, format!("{slope:.2}"), rounded(slope) <= most));
                }
            }
            Limit::Peak(most) => {
                // The peak of few rows is that of the process.
                for (rows, ours, hand) in
                    scaling::peaks(results, database, workload).into_iter().filter(|it| it.0 >= 50_000)
                {
                    let (ratio, asked) = (ours / hand, format!("peak of memory at most {most} x hand-written"));
                    let found = format!("{ratio:.2} x");
                    add(
                        format!("{database}, {workload}, {} rows", thousands(rows as f64)),
                        (asked, found, rounded(ratio) <= most),
                    );
                }
            }
            limit => {
                for stage in results.stages(&[Set::Small, Set::Big]).into_iter().filter(|it| it.database == database) {
                    if let Some(judged) = compare(limit, results, stage, workload) {
                        add(format!("{stage}, {workload}"), judged);
                    }
                }
            }
        }
    }
}

/// What is asked, what was found, and whether it is met; nothing where it was not measured.
fn compare(limit: Limit, results: &Results, stage: Stage, workload: &str) -> Option<(String, String, bool)> {
    let ours = || best(results.of(stage, workload, |name| name == OURS));
    let count = |count| ours().and_then(|entry| entry.counts.get(&count).copied());
    match limit {
        Limit::Ratio(base, most) => {
            let base = base.of(results, stage, workload)?;
            let ratio = ours()?.ratio(base)?;
            let asked = format!("at most {most} x {}, {}", base.contender, base.variant);
            Some((asked, format!("{ratio:.2} x"), rounded(ratio) <= most))
        }
        Limit::AheadOfPeers => {
            let peer = best(results.of(stage, workload, |name| rank(name) > 1))?;
            let ratio = ours()?.ratio(peer)?;
            let found = format!("{ratio:.2} x {}, {}", peer.contender, peer.variant);
            Some(("less time than every peer".to_owned(), found, ratio < 1.0))
        }
        Limit::Nanos(most) => {
            let slowest =
                results.of(stage, workload, |name| name == OURS).filter_map(Entry::median).max_by(f64::total_cmp)?;
            Some((format!("at most {most} ns"), format!("{slowest:.1} ns"), slowest <= most))
        }
        Limit::NanosMore(most) => {
            let base = Base::Hand.of(results, stage, workload)?.median()?;
            let more = ours()?.median()? - base;
            Some((format!("at most {most} ns more than hand-written"), format!("{more:+.2} ns"), more <= most))
        }
        Limit::Texts(most) => {
            let texts = count(Count::Texts)?;
            Some((format!("at most {most} texts of statements"), format!("{texts}"), texts <= most))
        }
        Limit::AllocationsBeside { texts, most } if stage.set == Set::Big => {
            let owners = stage.users as f64;
            let each = (count(Count::Allocations)? - texts * owners) / owners;
            let asked = format!("at most {most} allocations for each owner beside the rows' own");
            Some((asked, format!("{each:.4}"), each <= most))
        }
        Limit::AllocationsBeside { .. } | Limit::Slope(_) | Limit::Peak(_) => None,
    }
}

impl Base {
    fn of<'a>(self, results: &'a Results, stage: Stage, workload: &'a str) -> Option<&'a Entry> {
        match self {
            Self::Hand => results.base(stage, workload),
            Self::HandNamed(words) => {
                let hand = results.of(stage, workload, |name| name == HAND);
                best(hand.filter(|entry| entry.variant.contains(words) && !entry.variant.contains("batched")))
            }
            Self::Peer(peer) => best(results.of(stage, workload, move |name| name == peer)),
        }
    }
}

/// Ratios are compared as they are printed: to two places.
fn rounded(ratio: f64) -> f64 {
    (ratio * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::tests::{STAGE, entry};

    fn judged(entries: Vec<Entry>) -> Vec<Verdict> {
        judge(&Results { about: Vec::new(), entries })
    }

    #[test]
    fn every_target_has_a_verdict_where_it_was_measured() {
        let verdicts = judged(vec![
            entry("W1", "hand", "key list", &[2.0]),
            entry("W1", "hand", "scan", &[1.0]),
            entry("W1", "ours", "with", &[1.2]),
            entry("W1", "diesel", "belonging_to", &[1.3]),
        ]);
        let met: Vec<_> = verdicts.iter().map(|it| (it.number, it.met, it.found.as_str())).collect();
        assert_eq!(met, [(1, true, "0.92 x diesel, belonging_to"), (2, true, "0.60 x"), (2, false, "1.20 x")]);
    }

    #[test]
    fn a_peer_that_fails_is_no_peer_to_be_ahead_of() {
        let failed = Entry { failed: Some("too many".into()), ..entry("W2", "seaorm", "loader", &[]) };
        assert_eq!(judged(vec![entry("W2", "ours", "with", &[1.0]), failed]), []);
    }

    #[test]
    fn what_is_level_with_a_peer_is_not_ahead() {
        let verdicts = judged(vec![entry("W8", "ours", "with", &[1.0]), entry("W8", "sqlx", "window", &[1.0])]);
        assert!(!verdicts[0].met);
    }

    #[test]
    fn looks_are_measured_by_nanoseconds_and_by_the_slowest_variant() {
        let verdicts = judged(vec![
            entry("W7 list", "hand", "length", &[0.5]),
            entry("W7 list", "ours", "get()", &[1.4]),
            entry("W7 accessor", "ours", "to one", &[15.0]),
            entry("W7 accessor", "ours", "to many", &[17.0]),
        ]);
        let met: Vec<_> = verdicts.iter().map(|it| (it.met, it.found.as_str())).collect();
        assert_eq!(met, [(true, "+0.90 ns"), (false, "17.0 ns")]);
    }

    #[test]
    fn what_the_rows_allocate_themselves_does_not_count() {
        let mut ours = entry("W1", "ours", "with", &[1.0]);
        ours.counts.insert(Count::Allocations, 22.0 * 10_000.0 + 80.0);
        let verdicts = judged(vec![ours]);
        assert_eq!((verdicts[0].met, verdicts[0].found.as_str()), (true, "0.0080"));
        assert_eq!(STAGE.users, 10_000);
    }
}
