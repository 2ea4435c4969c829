//! A contender's process: asked by a line, answers by lines, within a time.

use std::fmt;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use super::Arguments;
use super::answer::{Answer, Listed, Ran, Took};

/// How long a contender may take to open its side; it reads some of the data before it answers.
const OPENING: Duration = Duration::from_secs(120);

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The contender's own message.
    Said(String),
    /// It took longer than this.
    Late(Duration),
    /// The process has ended, or says what the runner does not understand.
    Ended(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Said(message) => f.write_str(message),
            Self::Late(limit) => write!(f, "it takes longer than {} s", limit.as_secs()),
            Self::Ended(how) => f.write_str(how),
        }
    }
}

impl std::error::Error for Failure {}

type Result<T> = std::result::Result<T, Failure>;

/// A process, which is ended when this is dropped.
pub struct Process {
    child: Child,
    commands: Option<ChildStdin>,
    lines: Receiver<String>,
}

impl Process {
    /// Starts a program with these arguments.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(mut program: Command, arguments: &Arguments) -> Result<Self> {
        program.arg(&arguments.database).arg(arguments.users.to_string());
        let ended = |error: std::io::Error| Failure::Ended(format!("it cannot be started: {error}"));
        let mut child = program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(ended)?;
        let (Some(commands), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Failure::Ended("it cannot be asked".into()));
        };
        let (send, lines) = channel();
        // A thread of its own reads, so that asking can stop waiting. It ends with the process.
        std::thread::spawn(move || {
            BufReader::new(answers).lines().map_while(std::io::Result::ok).try_for_each(|line| send.send(line))
        });
        Ok(Self { child, commands: Some(commands), lines })
    }

    /// The versions that it is built on, and its variants.
    ///
    /// # Errors
    /// When it fails to open its side.
    pub fn list(&mut self) -> Result<(String, Vec<Listed>)> {
        self.say("list")?;
        let until = Instant::now() + OPENING;
        let (mut built, mut variants) = (String::new(), Vec::new());
        loop {
            match self.next(until, OPENING)? {
                Answer::Built(versions) => built = versions,
                Answer::Variant(variant) => variants.push(variant),
                Answer::End => return Ok((built, variants)),
                other => return Err(refused(other)),
            }
        }
    }

    /// Runs a variant so many times.
    ///
    /// # Errors
    /// What the contender says, or that it takes longer than this.
    pub fn run(&mut self, variant: usize, runs: u32, limit: Duration) -> Result<Ran> {
        self.say(&format!("run\t{variant}\t{runs}"))?;
        match self.next(Instant::now() + limit, limit)? {
            Answer::Ok(ran) => Ok(ran),
            other => Err(refused(other)),
        }
    }

    /// Counts what a variant takes.
    ///
    /// # Errors
    /// What the contender says, or that it takes longer than this.
    pub fn take(&mut self, variant: usize, limit: Duration) -> Result<Took> {
        self.say(&format!("take\t{variant}"))?;
        match self.next(Instant::now() + limit, limit)? {
            Answer::Taken(took) => Ok(took),
            other => Err(refused(other)),
        }
    }

    /// Tells it that there is nothing more to do, and waits until it has ended.
    pub fn finish(mut self) {
        self.commands = None;
        let _ = self.child.wait();
    }

    fn say(&mut self, command: &str) -> Result<()> {
        let said =
            self.commands.as_mut().map(|commands| writeln!(commands, "{command}").and_then(|()| commands.flush()));
        if matches!(said, Some(Ok(()))) { Ok(()) } else { Err(self.ended()) }
    }

    fn next(&mut self, until: Instant, limit: Duration) -> Result<Answer> {
        match self.lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(line) => Ok(Answer::parse(&line)),
            Err(RecvTimeoutError::Timeout) => Err(Failure::Late(limit)),
            Err(RecvTimeoutError::Disconnected) => Err(self.ended()),
        }
    }

    /// How it has ended, as far as the system tells. A process that only stopped talking is given a second.
    fn ended(&mut self) -> Failure {
        for _ in 0..100 {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Failure::Ended(format!("its process ended ({status})"));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Failure::Ended("its process does not answer".into())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What is no answer to the question.
fn refused(answer: Answer) -> Failure {
    match answer {
        Answer::Failed(message) => Failure::Said(message),
        other => Failure::Ended(format!("it says what the runner does not understand: {other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A contender written in shell: its first variant is well, the second fails, the third is late, the fourth ends.
    const FAKE: &str = r#"
        while read -r command at runs; do
            case "$command $at" in
                list*) printf 'built\tsh\n'
                    printf 'variant\tW1\twell\nvariant\tW1\tfails\nvariant\tW2\tlate\nvariant\tW2\tends\nend\n' ;;
                "run 0") printf 'ok\t%d000\t0\t%d\t42\n' "$runs" "$runs" ;;
                "take 0") printf 'taken\t1\t2\t3\t4\n' ;;
                *" 1") printf 'failed\ttoo many\n' ;;
                *" 2") sleep 5 ;;
                *" 3") exit 3 ;;
            esac
        done"#;

    fn fake() -> Process {
        let mut shell = Command::new("sh");
        shell.args(["-c", FAKE]);
        Process::start(shell, &Arguments { database: "sqlite:none".into(), users: 1 }).unwrap()
    }

    #[test]
    fn a_process_lists_runs_and_counts() {
        let mut process = fake();
        let (built, variants) = process.list().unwrap();
        assert_eq!((built.as_str(), variants.len()), ("sh", 4));
        let limit = Duration::from_secs(5);
        assert_eq!(process.run(0, 3, limit), Ok(Ran { load: 3_000, drop: 0, units: 3, checksum: 42 }));
        assert_eq!(process.take(0, limit).unwrap().held, 3);
        process.finish();
    }

    #[test]
    fn failing_being_late_and_ending_are_told_apart() {
        let mut process = fake();
        let limit = Duration::from_millis(200);
        assert_eq!(process.run(1, 1, limit), Err(Failure::Said("too many".into())));
        assert_eq!(process.run(2, 1, limit), Err(Failure::Late(limit)));
        let ended = fake().run(3, 1, Duration::from_secs(5)).unwrap_err();
        assert_eq!(ended.to_string(), "its process ended (exit status: 3)");
    }
}
