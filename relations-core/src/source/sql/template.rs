//! Templates: texts in which single characters mark where values stand. A template becomes a text once it is known how
//! many keys there are, and how the dialect numbers its values.

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::dialect::{Dialect, KeyList};
use crate::backend::SqlKey;
use crate::source::sql::SqlBackend;

/// Marks the next value of a filter or a limit. These marks are of Unicode's private use, which no name has.
pub(super) const VALUE: &str = "\u{E000}";
/// Marks a list of all keys: `?, ?`, or `(?, ?), (?, ?)` where they have several parts.
pub(super) const EACH: char = '\u{E001}';
/// Marks a list of all keys as rows: `(?), (?)`.
pub(super) const EACH_ROW: char = '\u{E002}';
/// The first of the marks of the parts of a single key.
const PART: u32 = 0xE010;
/// The first of the marks of lists of keys, or of one part of them.
const LIST: u32 = 0xE030;
/// The first of the marks of the parts of the key to start after.
const AFTER: u32 = 0xE050;
/// As many parts as have marks.
const MOST: u32 = 0x20;

/// What stands at a mark, to be bound in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    /// The next value of a filter or a limit.
    Value,
    /// A part of the only key.
    Part(usize),
    /// All keys, as a list: all their parts one after another, or this part of each.
    List(usize),
    /// All keys, value by value, padded.
    Each,
    /// A part of the key to start after.
    After(usize),
}

/// A text, and what is bound to it.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) sql: Arc<str>,
    /// How many rows came for how many keys when it was sent last.
    pub(super) came: Came,
    slots: Vec<Slot>,
    dialect: Dialect,
}

pub(super) fn part(at: usize) -> String {
    mark(PART, at)
}

pub(super) fn list(at: usize) -> String {
    mark(LIST, at)
}

pub(super) fn after(at: usize) -> String {
    mark(AFTER, at)
}

fn mark(first: u32, at: usize) -> String {
    let at = u32::try_from(at).unwrap_or(0).min(MOST - 1);
    char::from_u32(first + at).map(String::from).unwrap_or_default()
}

impl Slot {
    fn of(mark: char) -> Option<Self> {
        let within = |first| u32::from(mark).checked_sub(first).filter(|at| *at < MOST).map(|at| at as usize);
        match mark {
            '\u{E000}' => Some(Self::Value),
            EACH | EACH_ROW => Some(Self::Each),
            _ => None
                .or_else(|| within(PART).map(Self::Part))
                .or_else(|| within(LIST).map(Self::List))
                .or_else(|| within(AFTER).map(Self::After)),
        }
    }
}

impl Text {
    /// The text for so many keys of so many parts.
    pub(super) fn new(template: &str, dialect: Dialect, keys: usize, width: usize) -> Self {
        let mut sql = String::with_capacity(template.len() + 4 * keys * width);
        // Each with the number of its first value.
        let (mut slots, mut values) = (Vec::new(), 0);
        for mark in template.chars() {
            let Some(slot) = Slot::of(mark) else {
                sql.push(mark);
                continue;
            };
            let again = dialect.numbers_values() && slot != Slot::Value && slot != Slot::Each;
            let known = slots.iter().find(|(known, _)| again && *known == slot);
            if let Some((_, at)) = known {
                sql.push_str(&dialect.placeholder(*at));
                continue;
            }
            slots.push((slot, values));
            values += if slot == Slot::Each {
                write_keys(&mut sql, dialect, (values, keys, width), mark == EACH_ROW || width > 1)
            } else {
                sql.push_str(&dialect.placeholder(values));
                1
            };
        }
        Self {
            sql: sql.into(),
            came: Came::default(),
            slots: slots.into_iter().map(|(slot, _)| slot).collect(),
            dialect,
        }
    }
}

/// The last outcome of a statement, by which room is made for the next. If several are written at once, a guess is off.
#[derive(Debug, Default)]
pub(super) struct Came {
    rows: AtomicUsize,
    keys: AtomicUsize,
}

impl Came {
    pub(super) fn note(&self, rows: usize, keys: usize) {
        self.rows.store(rows, Ordering::Relaxed);
        self.keys.store(keys, Ordering::Relaxed);
    }

    /// About so many rows for so many keys, none if nothing is known; a little more, as tables grow.
    pub(super) fn expected(&self, keys: usize) -> usize {
        let (rows, before) = (self.rows.load(Ordering::Relaxed), self.keys.load(Ordering::Relaxed));
        let rows = rows.saturating_mul(keys.max(1)) / before.max(1);
        rows + rows / 64
    }
}

/// What a statement is sent with.
pub(super) struct Sent<'a, K, A> {
    pub(super) keys: &'a [K],
    /// The number of keys that a list is padded to.
    pub(super) padded: usize,
    /// The key to start after.
    pub(super) after: Option<&'a A>,
    /// The values of filters and limits.
    pub(super) values: &'a [sea_query::Value],
}

/// A value that cannot be sent, and why.
pub(super) enum Unsent<'a, K, A> {
    Key(Option<&'a K>, String),
    After(&'a A, String),
    Value(&'a sea_query::Value, String),
}

impl Text {
    /// Binds what the statement is sent with.
    pub(super) fn bind<'a, B, K, A>(&self, sent: &Sent<'a, K, A>) -> Result<B::Arguments, Unsent<'a, K, A>>
    where
        B: SqlBackend,
        K: SqlKey<B>,
        A: SqlKey<B>,
    {
        let (keys, mut values) = (sent.keys, sent.values.iter());
        let mut arguments = B::Arguments::default();
        let add = |key: &'a K, arguments: &mut _| key.bind(arguments).map_err(|why| Unsent::Key(Some(key), why));
        for slot in &self.slots {
            let arguments = &mut arguments;
            match *slot {
                Slot::Value => values
                    .next()
                    .map_or(Ok(()), |value| B::add_value(arguments, value).map_err(|why| Unsent::Value(value, why))),
                // The parts of one key stand side by side.
                Slot::Part(0) => keys.iter().try_for_each(|key| add(key, arguments)),
                Slot::After(0) => {
                    sent.after.map_or(Ok(()), |key| key.bind(arguments).map_err(|why| Unsent::After(key, why)))
                }
                Slot::Part(_) | Slot::After(_) => Ok(()),
                Slot::List(part) if self.dialect.keys == KeyList::Arrays => {
                    let added = K::bind_array(keys.iter(), part, arguments);
                    added.map_err(|why| Unsent::Key(keys.first().filter(|_| keys.len() == 1), why))
                }
                Slot::List(_) => {
                    let added = B::add_keys(arguments, keys.iter());
                    added.map_err(|(at, why)| Unsent::Key(keys.get(at), why))
                }
                Slot::Each => {
                    let pads = keys.last().into_iter().cycle().take(sent.padded.saturating_sub(keys.len()));
                    keys.iter().chain(pads).try_for_each(|key| add(key, arguments))
                }
            }?;
        }
        Ok(arguments)
    }
}

/// Writes the list of keys: the number of values in it.
fn write_keys(sql: &mut String, dialect: Dialect, (first, keys, width): (usize, usize, usize), in_rows: bool) -> usize {
    for key in 0..keys {
        let comma = if key > 0 { ", " } else { "" };
        let parts: Vec<_> = (0..width).map(|part| dialect.placeholder(first + key * width + part)).collect();
        let parts = parts.join(", ");
        // Writing to a text cannot fail.
        let _ = if in_rows { write!(sql, "{comma}({parts})") } else { write!(sql, "{comma}{parts}") };
    }
    keys * width
}
