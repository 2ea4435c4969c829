//! Counts beside times, each in a fresh process: allocations and what is held by the program whose allocator counts,
//! the peak of memory by the plain one, statements on their way to a server, instructions.

pub mod callgrind;
pub mod protocol;
pub mod proxy;

use std::process::Command;
use std::time::Duration;

use self::proxy::Proxy;
use crate::Result;
use crate::contender::{Arguments, Contender, Failure, Process};
use crate::results::{Count, Entry};

/// A fresh process, and the number that the variant of an entry has there.
fn open(program: Command, arguments: &Arguments, entry: &Entry) -> Result<(Process, usize)> {
    let mut process = Process::start(program, arguments)?;
    let (_, variants) = process.list()?;
    let variant = variants.iter().position(|it| it.workload == entry.workload && it.name == entry.variant);
    Ok((process, variant.ok_or("the variant is not there any more")?))
}

/// Takes the counts of a variant. A variant that has none is left as it is.
///
/// # Errors
/// When its counted program answers and its plain one does not.
pub fn take(contender: &Contender, arguments: &Arguments, limit: Duration, entry: &mut Entry) -> Result<()> {
    let (mut process, variant) = open(contender.counted(), arguments, entry)?;
    let counted = match process.take(variant, limit) {
        Err(Failure::Said(_)) => return Ok(()),
        counted => counted?,
    };
    entry.counts.insert(Count::Allocations, counted.allocations as f64);
    entry.counts.insert(Count::Reallocations, counted.reallocations as f64);
    entry.counts.insert(Count::Held, counted.held as f64);
    let (mut process, variant) = open(contender.plain(), arguments, entry)?;
    entry.counts.insert(Count::Peak, process.take(variant, limit)?.peak as f64);
    Ok(())
}

/// Counts the statements of a load whose connections are open and whose statements are prepared: the second one.
///
/// # Errors
/// When the contender fails behind the proxy.
pub fn statements(proxy: &Proxy, contender: &Contender, users: i64, limit: Duration, entry: &mut Entry) -> Result<()> {
    let arguments = Arguments { database: proxy.url().to_string(), users };
    let (mut process, variant) = open(contender.plain(), &arguments, entry)?;
    match process.take(variant, limit) {
        Err(Failure::Said(_)) => return Ok(()),
        taken => taken?,
    };
    let before = proxy.counted();
    process.take(variant, limit)?;
    let counted = proxy.counted();
    // Taking loads twice.
    let each = |after: u64, before: u64| (after - before) as f64 / 2.0;
    entry.counts.insert(Count::Statements, each(counted.statements, before.statements));
    entry.counts.insert(Count::RoundTrips, each(counted.round_trips, before.round_trips));
    entry.counts.insert(Count::Texts, counted.texts_since(&before) as f64);
    Ok(())
}
