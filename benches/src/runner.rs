//! Runs the variants of a workload in turn, repetition by repetition, and compares what they reached.

use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::Result;
use crate::reach::{Checksum, Reached, Touch};

/// What one run of a variant gave.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sample {
    /// Loading and touching.
    pub load: Duration,
    /// Dropping the result.
    pub drop: Duration,
    /// How many units the times are for: requests, calls, or 1.
    pub units: u32,
    /// Over all data reached; the same for all variants.
    pub checksum: u64,
}

/// Loads, touches all data and drops it; takes the checksum between, outside the time.
///
/// # Errors
/// What the loading returns.
pub fn sample<T: Reached>(load: impl FnOnce() -> Result<T>) -> Result<Sample> {
    let started = Instant::now();
    let reached = load()?;
    let mut touch = Touch::default();
    reached.walk(&mut touch)?;
    black_box(touch.0);
    let load = started.elapsed();
    let mut checksum = Checksum::default();
    reached.walk(&mut checksum)?;
    let started = Instant::now();
    drop(reached);
    Ok(Sample { load, drop: started.elapsed(), units: 1, checksum: checksum.0 })
}

/// Loads, touches and drops for each key in turn; the times are for one. The checksum takes a second round.
///
/// # Errors
/// What the loading returns.
pub fn sample_requests<T: Reached>(keys: &[i64], mut load: impl FnMut(i64) -> Result<T>) -> Result<Sample> {
    let started = Instant::now();
    for &key in keys {
        let mut touch = Touch::default();
        load(key)?.walk(&mut touch)?;
        black_box(touch.0);
    }
    let elapsed = started.elapsed();
    let mut checksum = Checksum::default();
    for &key in keys {
        load(key)?.walk(&mut checksum)?;
    }
    Ok(Sample { load: elapsed, drop: Duration::ZERO, units: u32::try_from(keys.len())?, checksum: checksum.0 })
}

/// Reads one relation of each owner in turn; the times are for one owner. Owners are made before and dropped after,
/// outside the time, so that what they hold besides does not count.
///
/// # Errors
/// What the reading returns.
pub fn sample_owners<O, T: Reached>(owners: Vec<O>, mut read: impl FnMut(&O) -> Result<T>) -> Result<Sample> {
    let mut found = Vec::with_capacity(owners.len());
    let started = Instant::now();
    let mut touch = Touch::default();
    for owner in &owners {
        let reached = read(owner)?;
        reached.walk(&mut touch)?;
        found.push(reached);
    }
    black_box(touch.0);
    let load = started.elapsed();
    let units = u32::try_from(owners.len())?;
    let mut checksum = Checksum::default();
    found.iter().try_for_each(|reached| reached.walk(&mut checksum))?;
    drop(owners);
    let started = Instant::now();
    drop(found);
    Ok(Sample { load, drop: started.elapsed(), units, checksum: checksum.0 })
}

/// The time of a loop of calls, which returns their number.
///
/// # Errors
/// What a call returns.
pub fn sample_calls(calls: impl FnOnce() -> Result<u64>) -> Result<Sample> {
    let started = Instant::now();
    let number = calls()?;
    let load = started.elapsed();
    Ok(Sample { load, drop: Duration::ZERO, units: u32::try_from(number)?, checksum: number })
}

/// What a variant is measured by.
#[derive(Debug, Clone, Copy)]
pub enum Target {
    /// Others are measured by it: the best of these is 1.
    Base,
    /// At most so many times the best base.
    Ratio(f64),
    /// At most so many nanoseconds for one unit.
    Nanos(f64),
    /// For information.
    None,
}

/// One way of doing a workload.
pub struct Variant<'a> {
    /// What it is called.
    pub name: &'static str,
    /// What it should reach.
    pub target: Target,
    run: Box<dyn FnMut() -> Result<Sample> + 'a>,
}

impl<'a> Variant<'a> {
    /// A variant.
    pub fn new(name: &'static str, target: Target, run: impl FnMut() -> Result<Sample> + 'a) -> Self {
        Self { name, target, run: Box::new(run) }
    }
}

/// A workload and the ways of doing it.
pub struct Workload<'a> {
    /// `W1`.
    pub name: &'static str,
    /// What is read.
    pub title: &'static str,
    /// The ways.
    pub variants: Vec<Variant<'a>>,
}

/// The medians of a variant, for one unit.
#[derive(Debug, Clone, Copy)]
pub struct Measured {
    /// The variant.
    pub name: &'static str,
    /// What it should reach.
    pub target: Target,
    /// Loading and touching, in nanoseconds.
    pub load: f64,
    /// Dropping, in nanoseconds.
    pub drop: f64,
    /// To the best base in the same repetition.
    pub ratio: f64,
}

impl Measured {
    /// All together, in nanoseconds.
    pub fn total(&self) -> f64 {
        self.load + self.drop
    }
}

/// Runs of one variant in a repetition take at least this long together.
const REPETITION: Duration = Duration::from_millis(30);

impl Workload<'_> {
    /// Runs every variant once in each repetition.
    ///
    /// # Errors
    /// When a variant fails, or reaches other data than the first.
    pub fn measure(&mut self, repetitions: usize) -> Result<Vec<Measured>> {
        eprint!("{} ({}):", self.name, self.title);
        let mut expected = None;
        let mut slowest = Duration::ZERO;
        for variant in &mut self.variants {
            // The first run warms up, the second tells how often to run.
            for _ in 0..2 {
                let sample = (variant.run)()?;
                check(self.name, variant.name, &mut expected, sample)?;
                slowest = slowest.max(sample.load + sample.drop);
            }
        }
        let runs = (REPETITION.as_nanos() / slowest.as_nanos().max(1)).clamp(1, 100);
        let mut times = vec![Vec::new(); self.variants.len()];
        for repetition in 0..repetitions {
            for at in 0..self.variants.len() {
                // Another one goes first each time.
                let at = (at + repetition) % self.variants.len();
                let variant = &mut self.variants[at];
                let (mut load, mut drop, mut units) = (Duration::ZERO, Duration::ZERO, 0);
                for _ in 0..runs {
                    let sample = (variant.run)()?;
                    check(self.name, variant.name, &mut expected, sample)?;
                    load += sample.load;
                    drop += sample.drop;
                    units += sample.units;
                }
                let nanos = |time: Duration| time.as_secs_f64() * 1e9 / f64::from(units);
                times[at].push((nanos(load), nanos(drop)));
            }
            eprint!(" {}", repetition + 1);
        }
        eprintln!();
        Ok(self.medians(&times))
    }

    /// The medians of loading, of dropping, and of the ratio to the base that is best by its median. Ratios are taken
    /// within each repetition: what slows the machine for a while slows both.
    fn medians(&self, times: &[Vec<(f64, f64)>]) -> Vec<Measured> {
        let totals: Vec<Vec<f64>> =
            times.iter().map(|of| of.iter().map(|(load, drop)| load + drop).collect()).collect();
        let bases = self.variants.iter().zip(&totals).filter(|(variant, _)| matches!(variant.target, Target::Base));
        let base = bases.map(|(_, totals)| totals).min_by(|one, other| median(one).total_cmp(&median(other)));
        let variants = self.variants.iter().zip(times).zip(&totals);
        let measured = variants.map(|((variant, times), totals)| {
            let ratios: Vec<f64> = totals.iter().zip(base.unwrap_or(totals)).map(|(own, base)| own / base).collect();
            let (load, drop): (Vec<f64>, Vec<f64>) = times.iter().copied().unzip();
            Measured {
                name: variant.name,
                target: variant.target,
                load: median(&load),
                drop: median(&drop),
                ratio: median(&ratios),
            }
        });
        measured.collect()
    }
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

/// Equal results, every time.
fn check(workload: &str, variant: &str, expected: &mut Option<u64>, sample: Sample) -> Result<()> {
    let expected = *expected.get_or_insert(sample.checksum);
    if expected == sample.checksum {
        return Ok(());
    }
    let found = sample.checksum;
    Err(format!("{workload}: `{variant}` reached other data: checksum {found:x}, not {expected:x}").into())
}
