//! Runs the variants of a workload in turn, repetition by repetition, and compares what they reached.

use std::time::Duration;

use crate::contender::Running;
use crate::results::{Entry, Stage};

/// How to measure.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// How often every variant has its turn.
    pub repetitions: usize,
    /// How long a run may take.
    pub limit: Duration,
}

/// Runs of one variant in a repetition take at least this long together.
const REPETITION: f64 = 30e6;

/// A variant whose run takes longer than this has fewer repetitions.
const SLOW: f64 = 2e9;

/// The repetitions of a slow variant: the first ones, so that the others of the same ones can be compared.
pub const SLOW_REPETITIONS: usize = 3;

/// A variant that has its turns.
struct Turn {
    running: usize,
    variant: usize,
    runs: u32,
    repetitions: usize,
    entry: Entry,
}

/// What was measured of one workload.
pub struct Measured {
    /// A variant each.
    pub entries: Vec<Entry>,
    /// Who reached other data than whom.
    pub differences: Vec<String>,
}

/// Runs every variant of a workload once in each repetition.
pub fn workload(running: &mut [Running<'_>], stage: Stage, workload: &str, plan: Plan) -> Measured {
    eprint!("{stage}, {workload}: warm-up");
    let mut turns = turns(running, stage, workload);
    let mut field = Field { running, plan, expected: None, differences: Vec::new() };
    for turn in &mut turns {
        field.warm_up(turn);
    }
    for repetition in 0..plan.repetitions {
        for at in 0..turns.len() {
            // Another one goes first each time.
            let at = (at + repetition) % turns.len();
            let turn = &mut turns[at];
            if turn.entry.failed.is_none() && repetition < turn.repetitions {
                field.run(turn);
            }
        }
        eprint!(" {}", repetition + 1);
    }
    eprintln!();
    Measured { entries: turns.into_iter().map(|turn| turn.entry).collect(), differences: field.differences }
}

fn turns(running: &[Running<'_>], stage: Stage, workload: &str) -> Vec<Turn> {
    let mut turns = Vec::new();
    for (at, one) in running.iter().enumerate() {
        for (variant, listed) in one.variants.iter().enumerate().filter(|(_, listed)| listed.workload == workload) {
            let entry = Entry::new(stage, workload, &one.contender.name, &listed.name);
            turns.push(Turn { running: at, variant, runs: 1, repetitions: 0, entry });
        }
    }
    turns
}

/// All who have their turns, and what they must reach.
struct Field<'r, 'a> {
    running: &'r mut [Running<'a>],
    plan: Plan,
    /// The checksum of the first, and who that was.
    expected: Option<(u64, String)>,
    differences: Vec<String>,
}

impl Field<'_, '_> {
    /// The first run warms up, the second tells how often to run.
    fn warm_up(&mut self, turn: &mut Turn) {
        let Some(mut time) = self.run(turn) else { return };
        if time <= SLOW {
            let Some(again) = self.run(turn) else { return };
            time = again;
        }
        turn.runs = (REPETITION / time.max(1.0)).clamp(1.0, 100.0) as u32;
        turn.repetitions =
            if time > SLOW { self.plan.repetitions.min(SLOW_REPETITIONS) } else { self.plan.repetitions };
        // What it took to warm up does not count.
        turn.entry.load.clear();
        turn.entry.drop.clear();
    }

    /// Runs a variant, adds its times, and compares what it reached. Returns the nanoseconds of one run; none where it
    /// failed.
    fn run(&mut self, turn: &mut Turn) -> Option<f64> {
        let (variant, runs, limit) = (turn.variant, turn.runs, self.plan.limit);
        let name = format!("{}, {}", turn.entry.contender, turn.entry.variant);
        let ran = match self.running[turn.running].ask(|process| process.run(variant, runs, limit)) {
            Ok(ran) => ran,
            Err(failure) => {
                eprint!(" ({name}: {failure})");
                turn.entry.failed = Some(failure.to_string());
                return None;
            }
        };
        let (load, drop) = ran.each();
        turn.entry.load.push(load);
        turn.entry.drop.push(drop);
        let (checksum, first) = self.expected.get_or_insert_with(|| (ran.checksum, name.clone()));
        if *checksum != ran.checksum {
            let Entry { stage, workload, .. } = &turn.entry;
            let difference = format!("{stage}, {workload}: `{name}` reaches other data than `{first}`");
            eprint!(" DIFFERENT: {difference}");
            self.differences.push(difference);
            turn.entry.failed = Some(format!("it reaches other data than `{first}`"));
            return None;
        }
        Some((ran.load + ran.drop) as f64 / f64::from(runs))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    use super::*;
    use crate::contender::{Arguments, Contender, all};
    use crate::results::tests::STAGE;

    /// Contenders written in shell, with one variant each that takes these nanoseconds and reaches this.
    fn contenders(directory: &Path, of: &[(&str, &str)]) -> Vec<Contender> {
        for (name, run) in of {
            let (folder, programs) = (directory.join(name), directory.join("target/release"));
            [&folder, &programs].into_iter().for_each(|it| std::fs::create_dir_all(it).unwrap());
            std::fs::write(folder.join("Cargo.toml"), "").unwrap();
            let script = format!(
                "#!/bin/sh\nwhile read -r command rest; do case $command in\n\
                 list) printf 'built\\tsh\\nvariant\\tW1\\tits way\\nend\\n' ;;\n*) {run} ;;\nesac; done\n"
            );
            let program = programs.join(format!("contender-{name}"));
            std::fs::write(&program, script).unwrap();
            std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        all(directory, &directory.join("target")).unwrap()
    }

    fn measured(of: &[(&str, &str)]) -> Measured {
        let directory = tempfile::tempdir().unwrap();
        let contenders = contenders(directory.path(), of);
        let arguments = Arguments { database: "sqlite:none".into(), users: 1 };
        let mut running: Vec<_> = contenders.iter().map(|it| Running::start(it, &arguments).unwrap()).collect();
        workload(&mut running, STAGE, "W1", Plan { repetitions: 4, limit: Duration::from_secs(10) })
    }

    #[test]
    fn everyone_has_a_turn_in_each_repetition_and_a_slow_one_in_the_first_three() {
        let measured = measured(&[
            ("hand", "printf 'ok\\t40000000\\t10\\t1\\t7\\n'"),
            ("ours", "printf 'ok\\t3000000000\\t0\\t1\\t7\\n'"),
        ]);
        let repetitions: Vec<_> = measured.entries.iter().map(|entry| entry.load.len()).collect();
        assert_eq!((repetitions, measured.differences), (vec![4, 3], vec![]));
        assert_eq!(measured.entries[0].median(), Some(40_000_010.0));
    }

    #[test]
    fn a_different_result_is_a_failure_that_names_both() {
        let measured = measured(&[
            ("hand", "printf 'ok\\t40000000\\t0\\t1\\t7\\n'"),
            ("ours", "printf 'ok\\t40000000\\t0\\t1\\t8\\n'"),
        ]);
        let expected = "SQLite, big, W1: `ours, its way` reaches other data than `hand, its way`";
        assert_eq!(measured.differences, [expected]);
        assert!(measured.entries[0].failed.is_none() && measured.entries[1].failed.is_some());
    }

    #[test]
    fn a_process_that_ends_is_started_again_for_the_others() {
        let measured = measured(&[("hand", "exit 1"), ("ours", "printf 'ok\\t40000000\\t0\\t1\\t7\\n'")]);
        assert_eq!(measured.entries[0].failed.as_deref(), Some("its process ended (exit status: 1)"));
        assert_eq!(measured.entries[1].load.len(), 4);
    }
}
