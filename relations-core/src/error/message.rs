//! What stands in the messages of errors where it depends on the particulars.

use std::fmt;

use super::{Fault, RelationName};
use crate::check::nearest;

pub(super) struct At(pub(super) Option<RelationName>, pub(super) &'static str);

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(relation) => write!(f, "{relation} (`{}`)", self.1),
            None => write!(f, "`{}`", self.1),
        }
    }
}

pub(super) struct Known<'a>(pub(super) &'a str, pub(super) &'a [&'static str]);

impl fmt::Display for Known<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Types are compared exactly; the hint is about spelling, so it looks past upper and lower case.
        let folded: Vec<_> = self.1.iter().map(|name| name.to_lowercase()).collect();
        let near = nearest(&self.0.to_lowercase(), folded.iter().map(String::as_str));
        if let Some(name) = near.and_then(|at| self.1.get(at)) {
            write!(f, "; did you mean `{name}`?")?;
        }
        write!(f, "; its types are `{}`", self.1.join("`, `"))
    }
}

pub(super) struct OfType<'a>(pub(super) &'a Option<&'static str>);

impl fmt::Display for OfType<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(tag) => write!(f, ", of type {tag:?}"),
            None => Ok(()),
        }
    }
}

pub(super) struct OfKey<'a>(pub(super) &'a Option<String>);

impl fmt::Display for OfKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_ref().map_or(Ok(()), |key| write!(f, " for the key {key}"))
    }
}

pub(super) struct HeldBy<'a>(pub(super) &'a Option<String>);

impl fmt::Display for HeldBy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(source) => write!(f, "`{source}`"),
            None => f.write_str("no source"),
        }
    }
}

pub(super) struct Row<'a>(pub(super) &'a Option<String>);

impl fmt::Display for Row<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(key) => write!(f, " in a row looked up by {key}"),
            None => Ok(()),
        }
    }
}

pub(super) struct Hint<'a>(pub(super) Fault, pub(super) &'a str);

impl fmt::Display for Hint<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Fault::MissingTable => write!(f, "; create the table `{}` or correct `#[relations(table = ..)]`", self.1),
            Fault::MissingColumn => {
                write!(f, "; add the column to `{}` or correct `#[relations(column = ..)]`", self.1)
            }
            Fault::Busy => f.write_str("; try again, or raise `busy_timeout`"),
            Fault::Disconnected => f.write_str("; try again once the server is there"),
            Fault::Aborted => f.write_str("; roll back, and begin another transaction"),
            _ => Ok(()),
        }
    }
}
