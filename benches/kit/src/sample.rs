//! One run of a variant: what is timed, and the checksum, which is not.

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
    /// Over all data reached; the same for all variants of a workload.
    pub checksum: u64,
}

/// Loads, touches all data and drops it; takes the checksum between, outside the time.
///
/// # Errors
/// What the loading returns.
pub fn sample<T: Reached>(load: impl FnOnce() -> Result<T>) -> Result<Sample> {
    let started = Instant::now();
    let reached = measured(|| {
        let reached = load()?;
        black_box(Look::Touch.see(&reached)?);
        Result::Ok(reached)
    })?;
    let load = started.elapsed();
    let checksum = Look::Checksum.see(&reached)?;
    let started = Instant::now();
    drop(reached);
    Ok(Sample { load, drop: started.elapsed(), units: 1, checksum })
}

/// How results are looked at: in the run that is timed, or in the one that is compared.
#[derive(Debug, Clone, Copy)]
pub enum Look {
    /// Touches every value.
    Touch,
    /// Takes the checksum.
    Checksum,
}

impl Look {
    /// Looks at a result; what it returns is to be added (wrapping) over all results of the run.
    ///
    /// # Errors
    /// When a relation is not loaded.
    pub fn see(self, reached: &impl Reached) -> Result<u64> {
        match self {
            Self::Touch => {
                let mut touch = Touch::default();
                reached.walk(&mut touch)?;
                Ok(touch.0)
            }
            Self::Checksum => {
                let mut checksum = Checksum::default();
                reached.walk(&mut checksum)?;
                Ok(checksum.0)
            }
        }
    }

    /// Loads, looks at and drops for each key in turn; the sum of the looks.
    ///
    /// # Errors
    /// What the loading returns.
    pub fn requests<T: Reached>(self, keys: &[i64], mut load: impl FnMut(i64) -> Result<T>) -> Result<u64> {
        keys.iter().try_fold(0_u64, |sum, &key| Ok(sum.wrapping_add(self.see(&load(key)?)?)))
    }
}

/// Runs twice: once timed, with touching, and once for the checksum. Each run loads, looks at and drops `units` results
/// in whatever way it likes (in a loop, by two tasks), and returns the sum of the looks.
///
/// # Errors
/// What the run returns.
pub fn sample_looks(units: usize, mut run: impl FnMut(Look) -> Result<u64>) -> Result<Sample> {
    let started = Instant::now();
    black_box(measured(|| run(Look::Touch))?);
    let load = started.elapsed();
    let checksum = run(Look::Checksum)?;
    Ok(Sample { load, drop: Duration::ZERO, units: u32::try_from(units)?, checksum })
}

/// Loads, touches and drops for each key in turn; the times are for one.
///
/// # Errors
/// What the loading returns.
pub fn sample_requests<T: Reached>(keys: &[i64], mut load: impl FnMut(i64) -> Result<T>) -> Result<Sample> {
    sample_looks(keys.len(), |look| look.requests(keys, &mut load))
}

/// Half of the keys for each of two threads, which have their own `with`; the sum of what they return.
///
/// # Errors
/// What they return, and when one panics.
pub fn two_threads<W: Send>(
    keys: &[i64],
    with: &mut [W; 2],
    run: impl Fn(&mut W, &[i64]) -> Result<u64> + Sync,
) -> Result<u64> {
    let run = &run;
    std::thread::scope(|scope| {
        let halves = with.iter_mut().zip(keys.chunks(keys.len().div_ceil(2).max(1)));
        let threads: Vec<_> = halves.map(|(with, keys)| scope.spawn(move || run(with, keys))).collect();
        threads.into_iter().try_fold(0_u64, |sum, thread| {
            let part = thread.join().map_err(|_| "a thread panicked")??;
            Ok(sum.wrapping_add(part))
        })
    })
}

/// Reads one relation of each owner in turn; the times are for one owner. Owners are made before and dropped after,
/// outside the time, so that what they hold besides does not count.
///
/// # Errors
/// What the reading returns.
pub fn sample_owners<O, T: Reached>(owners: Vec<O>, mut read: impl FnMut(&O) -> Result<T>) -> Result<Sample> {
    let mut found = Vec::with_capacity(owners.len());
    let started = Instant::now();
    measured(|| {
        owners.iter().try_for_each(|owner| {
            let reached = read(owner)?;
            black_box(Look::Touch.see(&reached)?);
            found.push(reached);
            Result::Ok(())
        })
    })?;
    let load = started.elapsed();
    let units = u32::try_from(owners.len())?;
    let checksum = found.iter().try_fold(0_u64, |sum, it| Result::Ok(sum.wrapping_add(Look::Checksum.see(it)?)))?;
    drop(owners);
    let started = Instant::now();
    drop(found);
    Ok(Sample { load, drop: started.elapsed(), units, checksum })
}

/// The time of a loop of calls, which returns their number.
///
/// # Errors
/// What a call returns.
pub fn sample_calls(calls: impl FnOnce() -> Result<u64>) -> Result<Sample> {
    let started = Instant::now();
    let number = measured(calls)?;
    let load = started.elapsed();
    Ok(Sample { load, drop: Duration::ZERO, units: u32::try_from(number)?, checksum: number })
}

/// What is timed runs below this function, by which callgrind finds it (`--toggle-collect=*measured*`).
#[inline(never)]
pub fn measured<T>(run: impl FnOnce() -> T) -> T {
    black_box(run())
}
