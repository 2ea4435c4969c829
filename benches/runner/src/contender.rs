//! Contenders: programs that do the workloads in their own way. Where they are, and how they are built and started.

pub mod answer;
pub mod process;

use std::path::{Path, PathBuf};
use std::process::Command;

pub use self::answer::Listed;
pub use self::process::{Failure, Process};
use crate::Result;

/// The one that the project is about.
pub const OURS: &str = "ours";
/// The one that the others are measured by.
pub const HAND: &str = "hand";

/// A program that does the workloads.
#[derive(Debug, Clone)]
pub struct Contender {
    /// `diesel`.
    pub name: String,
    folder: PathBuf,
    target: PathBuf,
}

/// How glibc is told to keep memory that was freed, as a program that has run for a while does. By default it gives
/// memory back and faults it in again at thresholds that move with the sizes of what was freed, which shifts W1 by up
/// to a fifth, either way. It is the same for all.
const STEADY: [(&str, &str); 3] = [
    ("MALLOC_TRIM_THRESHOLD_", "4294967296"),
    ("MALLOC_MMAP_THRESHOLD_", "4294967296"),
    ("MALLOC_TOP_PAD_", "16777216"),
];

/// All contenders in a folder, the hand-written one and ours first; built below `target`.
///
/// # Errors
/// When the folder cannot be read.
pub fn all(folder: &Path, target: &Path) -> Result<Vec<Contender>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let folder = entry?.path();
        if folder.join("Cargo.toml").exists() {
            let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            found.push(Contender { name, folder, target: target.to_owned() });
        }
    }
    found.sort_by_key(|contender| (rank(&contender.name), contender.name.clone()));
    Ok(found)
}

/// The hand-written one comes first, then ours, then the others.
pub fn rank(name: &str) -> u8 {
    match name {
        HAND => 0,
        OURS => 1,
        _ => 2,
    }
}

impl Contender {
    /// Builds its program, with the versions of its own lock file, and the one that counts where it is needed.
    ///
    /// # Errors
    /// When it does not build; cargo has said why.
    pub fn build(&self, counts: bool) -> Result<()> {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["build", "--release", "--locked", "--target-dir"]).arg(&self.target).current_dir(&self.folder);
        // A peer may name a newer compiler than it needs.
        cargo.arg("--ignore-rust-version");
        let programs = [Some(self.plain()), counts.then(|| self.counted())];
        for name in programs.iter().flatten().filter_map(|program| Path::new(program.get_program()).file_name()) {
            cargo.arg("--bin").arg(name);
        }
        let status = cargo.status()?;
        if status.success() { Ok(()) } else { Err(format!("`{}` does not build", self.name).into()) }
    }

    /// Whether it was built before.
    ///
    /// # Errors
    /// Where its program is not there.
    pub fn is_built(&self) -> Result<()> {
        if Path::new(self.plain().get_program()).exists() {
            Ok(())
        } else {
            Err(format!("`{}` is not built", self.name).into())
        }
    }

    /// The program as users build it.
    pub fn plain(&self) -> Command {
        self.program("")
    }

    /// The one whose allocations are counted.
    pub fn counted(&self) -> Command {
        self.program("-counted")
    }

    /// The program below another one.
    pub fn below(&self, mut launcher: Command) -> Command {
        launcher.arg(self.plain().get_program()).envs(STEADY);
        launcher
    }

    fn program(&self, suffix: &str) -> Command {
        let mut command = Command::new(self.target.join("release").join(format!("contender-{}{suffix}", self.name)));
        command.envs(STEADY);
        command
    }
}

/// What a contender is started with: its database, and the number of users.
#[derive(Debug, Clone)]
pub struct Arguments {
    /// `sqlite:PATH` or `postgres://URL`.
    pub database: String,
    /// The number of users.
    pub users: i64,
}

/// A contender that answers, with its variants.
pub struct Running<'a> {
    /// Which one.
    pub contender: &'a Contender,
    /// Versions of what it is built on.
    pub built: String,
    /// What it can do; numbered as in this list.
    pub variants: Vec<Listed>,
    arguments: Arguments,
    process: Process,
}

impl<'a> Running<'a> {
    /// Starts it, and asks for its variants.
    ///
    /// # Errors
    /// When it ends or fails.
    pub fn start(contender: &'a Contender, arguments: &Arguments) -> std::result::Result<Self, Failure> {
        let mut process = Process::start(contender.plain(), arguments)?;
        let (built, variants) = process.list()?;
        Ok(Self { contender, built, variants, arguments: arguments.clone(), process })
    }

    /// Asks its process; where that has ended or is late it is started anew.
    ///
    /// # Errors
    /// What the contender says, that it is late, or that it has ended.
    pub fn ask<T>(
        &mut self,
        ask: impl FnOnce(&mut Process) -> std::result::Result<T, Failure>,
    ) -> std::result::Result<T, Failure> {
        let answer = ask(&mut self.process);
        if matches!(answer, Err(Failure::Late(_) | Failure::Ended(_))) {
            self.process = Process::start(self.contender.plain(), &self.arguments)?;
            self.process.list()?;
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hand_written_one_comes_first_then_ours() {
        let directory = tempfile::tempdir().unwrap();
        for name in ["toasty", "ours", "diesel", "hand"] {
            let folder = directory.path().join(name);
            std::fs::create_dir(&folder).unwrap();
            std::fs::write(folder.join("Cargo.toml"), "").unwrap();
        }
        std::fs::create_dir(directory.path().join("no contender")).unwrap();
        let names = all(directory.path(), Path::new("target")).unwrap().into_iter().map(|it| it.name);
        assert_eq!(names.collect::<Vec<_>>(), ["hand", "ours", "diesel", "toasty"]);
    }
}
