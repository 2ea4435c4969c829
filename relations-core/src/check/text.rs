//! Texts at compile time: messages, comparison, and the name nearest to one that is wrong.

use crate::model::RelationLeaf;

/// Whether two names are the same.
pub(crate) const fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

pub(super) const fn same_list(one: &[&str], other: &[&str]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if !same(one[at], other[at]) {
            return false;
        }
        at += 1;
    }
    true
}

/// The last word of a path.
pub(super) const fn last_segment(path: &str) -> &str {
    let mut rest = path;
    let mut at = 0;
    while at < path.len() {
        if path.as_bytes()[at] == b':' {
            rest = path.split_at(at + 1).1;
        }
        at += 1;
    }
    rest
}

/// The name that is nearest to the one looked for, by edit distance.
pub(super) struct Nearest<'a> {
    wanted: &'a str,
    best: Option<&'a str>,
    distance: usize,
}

impl<'a> Nearest<'a> {
    pub(super) const fn to(wanted: &'a str) -> Self {
        // A third of the letters may differ, as rustc allows.
        let most = if wanted.len() < 3 { 1 } else { wanted.len() / 3 };
        Self { wanted, best: None, distance: most + 1 }
    }

    pub(super) const fn or(self, name: &'a str) -> Self {
        let distance = edit_distance(self.wanted.as_bytes(), name.as_bytes());
        if distance < self.distance { Self { best: Some(name), distance, ..self } } else { self }
    }

    pub(super) const fn or_relations(mut self, relations: &[RelationLeaf]) -> Self {
        let mut at = 0;
        while at < relations.len() {
            self = self.or(relations[at].name);
            at += 1;
        }
        self
    }

    pub(super) const fn suggest(self, text: Text, otherwise: &str) -> Text {
        match self.best {
            Some(name) => text.add("; did you mean `").add(name).add("`?"),
            None => text.add(otherwise),
        }
    }
}

/// The position of the name that is nearest to the one looked for.
pub(crate) fn nearest<'a>(wanted: &'a str, names: impl Iterator<Item = &'a str>) -> Option<usize> {
    let mut best = None;
    let mut nearest = Nearest::to(wanted);
    for (at, name) in names.enumerate() {
        let before = nearest.distance;
        nearest = nearest.or(name);
        if nearest.distance < before {
            best = Some(at);
        }
    }
    best
}

/// Levenshtein's distance in one row; names longer than 63 bytes count as unlike.
const fn edit_distance(one: &[u8], other: &[u8]) -> usize {
    if one.len() > 63 || other.len() > 63 {
        return usize::MAX;
    }
    let mut row = [0; 64];
    let mut column = 0;
    while column <= other.len() {
        row[column] = column;
        column += 1;
    }
    let mut line = 1;
    while line <= one.len() {
        let mut diagonal = row[0];
        row[0] = line;
        column = 1;
        while column <= other.len() {
            let replaced = diagonal + (one[line - 1] != other[column - 1]) as usize;
            diagonal = row[column];
            let mut least = if row[column] < row[column - 1] { row[column] } else { row[column - 1] } + 1;
            if replaced < least {
                least = replaced;
            }
            row[column] = least;
            column += 1;
        }
        line += 1;
    }
    row[other.len()]
}

/// A message put together at compile time; what does not fit is cut.
pub(super) struct Text {
    bytes: [u8; 512],
    len: usize,
}

impl Text {
    pub(super) const fn new() -> Self {
        Self { bytes: [0; 512], len: 0 }
    }

    pub(super) const fn add(mut self, text: &str) -> Self {
        let text = text.as_bytes();
        let mut at = 0;
        while at < text.len() && self.len < self.bytes.len() {
            self.bytes[self.len] = text[at];
            self.len += 1;
            at += 1;
        }
        self
    }

    pub(super) const fn number(self, number: usize) -> Self {
        const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
        if number >= 10 { self.number(number / 10).add(DIGITS[number % 10]) } else { self.add(DIGITS[number]) }
    }

    pub(super) const fn list(mut self, names: &[&str]) -> Self {
        let mut at = 0;
        while at < names.len() {
            if at > 0 {
                self = self.add(", ");
            }
            self = self.add(names[at]);
            at += 1;
        }
        self
    }

    pub(super) const fn as_str(&self) -> &str {
        match core::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "a name is wrong here",
        }
    }
}
