//! What contenders answer, read from lines of words between tabs.

/// A variant that a contender has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// `W1`.
    pub workload: String,
    /// What it is called among the contender's own.
    pub name: String,
}

/// What some runs of a variant gave together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ran {
    /// Nanoseconds of loading and touching.
    pub load: u64,
    /// Nanoseconds of dropping.
    pub drop: u64,
    /// How many units the times are for.
    pub units: u64,
    /// Over all data reached.
    pub checksum: u64,
}

impl Ran {
    /// The time of one unit, in nanoseconds: of loading, and of dropping.
    pub fn each(self) -> (f64, f64) {
        let units = self.units.max(1) as f64;
        (self.load as f64 / units, self.drop as f64 / units)
    }
}

/// What one load took; bytes where not said otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Took {
    /// A number of calls.
    pub allocations: u64,
    /// A number of calls.
    pub reallocations: u64,
    /// By the result.
    pub held: u64,
    /// More than before the load.
    pub peak: u64,
}

/// One line of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Built(String),
    Variant(Listed),
    End,
    Ok(Ran),
    Taken(Took),
    Failed(String),
    /// Nothing that a contender would say.
    Other(String),
}

impl Answer {
    /// Reads a line.
    pub fn parse(line: &str) -> Self {
        let words: Vec<&str> = line.split('\t').collect();
        Self::of(&words).unwrap_or_else(|| Self::Other(line.to_owned()))
    }

    fn of(words: &[&str]) -> Option<Self> {
        Some(match *words {
            ["built", built] => Self::Built(built.to_owned()),
            ["variant", workload, name] => {
                Self::Variant(Listed { workload: workload.to_owned(), name: name.to_owned() })
            }
            ["end"] => Self::End,
            ["ok", load, drop, units, checksum] => Self::Ok(Ran {
                load: load.parse().ok()?,
                drop: drop.parse().ok()?,
                units: units.parse().ok()?,
                checksum: checksum.parse().ok()?,
            }),
            ["taken", allocations, reallocations, held, peak] => Self::Taken(Took {
                allocations: allocations.parse().ok()?,
                reallocations: reallocations.parse().ok()?,
                held: held.parse().ok()?,
                peak: peak.parse().ok()?,
            }),
            ["failed", message] => Self::Failed(brief(message)),
            _ => return None,
        })
    }
}

/// The beginning of a message: some have a whole statement with thousands of keys.
fn brief(message: &str) -> String {
    const MOST: usize = 300;
    match message.char_indices().nth(MOST) {
        Some((end, _)) => format!("{} ..", &message[..end]),
        None => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read() {
        assert_eq!(
            Answer::parse("ok\t2000\t1000\t10\t7"),
            Answer::Ok(Ran { load: 2_000, drop: 1_000, units: 10, checksum: 7 })
        );
        assert_eq!(Ran { load: 2_000, drop: 1_000, units: 10, checksum: 7 }.each(), (200.0, 100.0));
        let took = Took { allocations: 1, reallocations: 2, held: 3, peak: 4 };
        assert_eq!(Answer::parse("taken\t1\t2\t3\t4"), Answer::Taken(took));
        assert_eq!(Answer::parse("failed\ttoo many"), Answer::Failed("too many".into()));
        let long = format!("failed\tvalues {}", "?1, ".repeat(1_000));
        assert!(matches!(Answer::parse(&long), Answer::Failed(message) if message.len() < 320));
        assert_eq!(Answer::parse("end"), Answer::End);
    }

    #[test]
    fn what_is_no_answer_is_kept_as_it_is() {
        assert_eq!(Answer::parse("ok\tsoon"), Answer::Other("ok\tsoon".into()));
        assert_eq!(Answer::parse("ok\t-1\t0\t1\t1"), Answer::Other("ok\t-1\t0\t1\t1".into()));
    }
}
