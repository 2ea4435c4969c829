//! Checks of names across models, run by the compiler. Each is a const function that panics at the user's own word
//! with what is wrong and what to do. They read only the leaf constants of a model, so models may refer to one another.
#![allow(clippy::panic, reason = "these run while the user's crate is compiled, never in a program")]

mod pivot;

pub use pivot::{ends, ends_by_morph, join_columns, named_end, same_columns};

use crate::column::Operand;
use crate::descriptor::RelationKind;
use crate::inherit::ancestor;
use crate::key::KeyPart;
use crate::model::{Model, RelationLeaf};

mod morph;

pub use morph::{morph, morph_id, morph_type};

mod inherited;

pub use inherited::{never_null, new_column, new_relation, overrides};

/// Stands for "no column" and "no relation" where a check has to stay silent.
pub const NONE: usize = usize::MAX;

/// The position of the column that is read into `field`.
#[track_caller]
pub const fn column<M: Model>(field: &str) -> usize {
    let found = column_or_none::<M>(field);
    if found != NONE || !M::DERIVED {
        return found;
    }
    let mut text = Text::new().add("model `").add(M::NAME).add("` has no column `").add(field).add("`");
    let mut nearest = Nearest::to(field);
    let mut at = 0;
    while at < M::COLUMNS.len() {
        nearest = nearest.or(M::COLUMNS[at].field);
        at += 1;
    }
    text = nearest.suggest(text, "; name one of its fields");
    panic!("{}", text.as_str())
}

/// As [`column`], for the foreign key that the relation `relation` has because none is named.
#[track_caller]
pub const fn default_column<M: Model>(field: &str, relation: &str) -> usize {
    let found = column_or_none::<M>(field);
    if found != NONE || !M::DERIVED {
        return found;
    }
    let text = Text::new()
        .add("`")
        .add(relation)
        .add("` goes by the foreign key `")
        .add(field)
        .add("`, which `")
        .add(M::NAME)
        .add("` does not have; add the field there, or name another: `foreign_key = ..`");
    panic!("{}", text.as_str())
}

/// The position of the column that holds part `part` of the target's key, which must have `width` parts.
#[track_caller]
pub const fn key_column<M: Model>(part: usize, width: usize) -> usize {
    if M::KEY.len() != width {
        if !M::DERIVED {
            return NONE;
        }
        let text = Text::new()
            .add("the key of `")
            .add(M::NAME)
            .add("` has ")
            .number(M::KEY.len())
            .add(" columns, this foreign key has ")
            .number(width)
            .add("; name one field for each column of the key, or say `references = (..)`");
        panic!("{}", text.as_str())
    }
    M::KEY[part]
}

/// The position of the relation of `T` that the user names as the inverse of relation `at` of `O`, after checking that
/// it leads back by the same foreign key and does not name another inverse itself.
#[track_caller]
pub const fn inverse<O: Model, T: Model>(name: &str, at: usize) -> usize {
    let relation = &O::RELATIONS[at];
    let found = position::<T>(name);
    if found == NONE {
        if !T::DERIVED {
            return NONE;
        }
        let text = Text::new();
        let text = match ancestor::<T>().declaring(name) {
            Some(ancestor) => text
                .add("`")
                .add(T::NAME)
                .add("` inherits `")
                .add(name)
                .add("` from `")
                .add(ancestor)
                .add("`, whose rows it leads to; override it in `")
                .add(T::NAME)
                .add("`, or name a relation of its own"),
            None => {
                let text = text.add("model `").add(T::NAME).add("` has no relation `").add(name).add("`");
                nearest_relation::<T>(name).suggest(text, "; name the relation that leads back")
            }
        };
        panic!("{}", text.as_str())
    }
    let other = &T::RELATIONS[found];
    let text = Text::new().add("`").add(T::NAME).add(".").add(name).add("` ");
    if matches!(other.kind, RelationKind::MorphTo) {
        panic!("{}", text.add("leads to several models; write `morph = ").add(name).add("` instead").as_str())
    }
    if !same(other.target, O::PATH) {
        let text = text
            .add("leads to `")
            .add(last_segment(other.target))
            .add("`, not back to `")
            .add(O::NAME)
            .add("`; name the relation that leads back");
        panic!("{}", text.as_str())
    }
    if !opposite(relation.kind, other.kind) {
        let text = text
            .add("is a `")
            .add(other.kind.attribute())
            .add(if other.kind.is_through() { "(through = ..)" } else { "" })
            .add("`, which cannot be the inverse of a `")
            .add(relation.kind.attribute())
            .add(match relation.kind {
                RelationKind::BelongsTo => "`; the inverse of a `belongs_to` is a `has_many` or a `has_one`",
                RelationKind::ManyToMany => "`; its inverse is a `many_to_many` too",
                _ => "`; its inverse is a `belongs_to`",
            });
        panic!("{}", text.as_str())
    }
    let declared = match other.inverse {
        Some(declared) => declared,
        None => relation.name,
    };
    if !same(declared, relation.name) {
        let text = text
            .add("names `")
            .add(declared)
            .add("` as its inverse, not `")
            .add(relation.name)
            .add("`; let both sides name each other, or leave one out");
        panic!("{}", text.as_str())
    }
    if !same_pivot(relation, other) {
        panic!("{}", text.add("goes over another join table; an inverse uses the same one").as_str())
    }
    // Where both sides name each other, the side without the foreign key reports what is wrong with it.
    let is_reported_there = matches!(relation.kind, RelationKind::BelongsTo) && other.inverse.is_some();
    if !same_list(relation.foreign_key, other.foreign_key) && !is_reported_there {
        let known = if matches!(relation.kind, RelationKind::BelongsTo) {
            are_columns::<O>(other.foreign_key)
        } else {
            are_columns::<T>(relation.foreign_key)
        };
        // A foreign key that does not exist is an error of its own.
        if known {
            let text = text
                .add("goes by the foreign key `")
                .list(other.foreign_key)
                .add("`, not by `")
                .list(relation.foreign_key)
                .add("`; an inverse uses the same foreign key");
            panic!("{}", text.as_str())
        }
    }
    found
}

/// The position of the relation of `T` that names relation `at` of `O` as its inverse, or [`NONE`].
pub const fn inverse_declared_by<O: Model, T: Model>(at: usize) -> usize {
    let relation = &O::RELATIONS[at];
    let mut at = 0;
    while at < T::RELATIONS.len() {
        let other = &T::RELATIONS[at];
        if let Some(inverse) = other.inverse
            && same(inverse, relation.name)
            && same(other.target, O::PATH)
            && opposite(relation.kind, other.kind)
            && same_list(relation.foreign_key, other.foreign_key)
            && same_pivot(relation, other)
        {
            return at;
        }
        at += 1;
    }
    NONE
}

/// The position of the relation of `M` that a way leads over: for a `has_one`, one to at most one row.
#[track_caller]
pub const fn hop<M: Model>(name: &str, one: bool) -> usize {
    let found = step::<M>(name, one);
    if found != NONE && M::RELATIONS[found].hidden {
        hidden::<M>(name)
    }
    found
}

#[track_caller]
const fn hidden<M: Model>(name: &str) {
    let text = Text::new().add("`").add(M::NAME).add(".").add(name).add("` is less visible than `").add(M::NAME);
    panic!("{}", text.add("`, so no way leads over it; make it as visible as its struct").as_str())
}

#[track_caller]
const fn step<M: Model>(name: &str, one: bool) -> usize {
    let found = position::<M>(name);
    if found == NONE {
        if !M::DERIVED {
            return NONE;
        }
        let text = Text::new().add("model `").add(M::NAME).add("` has no relation `").add(name).add("`");
        panic!("{}", nearest_relation::<M>(name).suggest(text, "; name one of its relations").as_str())
    }
    if one && M::RELATIONS[found].kind.is_many() {
        let text = Text::new().add("`").add(M::NAME).add(".").add(name).add("` leads to many rows, a `has_one` to one");
        panic!("{}", text.add("; make the relation a `has_many`").as_str())
    }
    found
}

/// As [`hop`], for the last relation of a way, which must lead to `T`.
#[track_caller]
pub const fn last_hop<M: Model, T: Model>(name: &str, one: bool) -> usize {
    let found = step::<M>(name, one);
    if found == NONE {
        return found;
    }
    if M::RELATIONS[found].hidden && M::RELATIONS[found].kind.is_through() {
        hidden::<M>(name)
    }
    if same(M::RELATIONS[found].target, T::PATH) {
        return found;
    }
    let leads_to = last_segment(M::RELATIONS[found].target);
    let text = Text::new().add("`").add(M::NAME).add(".").add(name).add("` leads to `").add(leads_to);
    let text = text.add("`, not to `").add(T::NAME).add("`; end the way at a relation to `").add(T::NAME);
    panic!("{}", text.add("`, or change the field's type").as_str())
}

/// The relation of `M` whose name is nearest to this one.
const fn nearest_relation<M: Model>(name: &str) -> Nearest<'_> {
    let mut nearest = Nearest::to(name);
    let mut at = 0;
    while at < M::RELATIONS.len() {
        nearest = nearest.or(M::RELATIONS[at].name);
        at += 1;
    }
    nearest
}

/// The position of the relation of this name, or [`NONE`].
const fn position<M: Model>(name: &str) -> usize {
    let mut at = 0;
    while at < M::RELATIONS.len() {
        if same(M::RELATIONS[at].name, name) {
            return at;
        }
        at += 1;
    }
    NONE
}

/// Whether all of these are fields of `M` that are read from columns.
const fn are_columns<M: Model>(fields: &[&str]) -> bool {
    let mut at = 0;
    while at < fields.len() {
        let mut column = 0;
        while column < M::COLUMNS.len() && !same(M::COLUMNS[column].field, fields[at]) {
            column += 1;
        }
        if column == M::COLUMNS.len() {
            return false;
        }
        at += 1;
    }
    true
}

/// The name of the relation at this position, or none for [`NONE`].
pub const fn relation_name<M: Model>(at: usize) -> Option<&'static str> {
    if at < M::RELATIONS.len() { Some(M::RELATIONS[at].name) } else { None }
}

/// Stands for what could not be read of a model that the derive has reported an error of: its key, and the columns that
/// other models look for. It goes with anything, so that one mistake is one error.
#[derive(Debug)]
pub struct Unknown;

#[diagnostic::do_not_recommend]
impl<K> KeyPart<K> for Unknown {
    fn key_part(&self) -> Option<K> {
        None
    }
}

#[diagnostic::do_not_recommend]
impl<T: Copy> Operand<Unknown> for T {
    fn into_operand(self) -> Unknown {
        Unknown
    }
}

const fn column_or_none<M: Model>(field: &str) -> usize {
    let mut at = 0;
    while at < M::COLUMNS.len() {
        if same(M::COLUMNS[at].field, field) {
            return at;
        }
        at += 1;
    }
    NONE
}

const fn opposite(one: RelationKind, other: RelationKind) -> bool {
    use RelationKind::{BelongsTo, HasMany, HasOne, ManyToMany};
    matches!((one, other), (BelongsTo, HasOne | HasMany) | (HasOne | HasMany, BelongsTo) | (ManyToMany, ManyToMany))
}

/// Whether two relations go over the same join table, or none.
const fn same_pivot(one: &RelationLeaf, other: &RelationLeaf) -> bool {
    match (one.pivot, other.pivot) {
        (Some(one), Some(other)) => same(one, other),
        (None, None) => true,
        _ => false,
    }
}

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

const fn same_list(one: &[&str], other: &[&str]) -> bool {
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

const fn last_segment(path: &str) -> &str {
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
struct Nearest<'a> {
    wanted: &'a str,
    best: Option<&'a str>,
    distance: usize,
}

impl<'a> Nearest<'a> {
    const fn to(wanted: &'a str) -> Self {
        // A third of the letters may differ, as rustc allows.
        let most = if wanted.len() < 3 { 1 } else { wanted.len() / 3 };
        Self { wanted, best: None, distance: most + 1 }
    }

    const fn or(self, name: &'a str) -> Self {
        let distance = edit_distance(self.wanted.as_bytes(), name.as_bytes());
        if distance < self.distance { Self { best: Some(name), distance, ..self } } else { self }
    }

    const fn or_relations(mut self, relations: &[RelationLeaf]) -> Self {
        let mut at = 0;
        while at < relations.len() {
            self = self.or(relations[at].name);
            at += 1;
        }
        self
    }

    const fn suggest(self, text: Text, otherwise: &str) -> Text {
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
struct Text {
    bytes: [u8; 512],
    len: usize,
}

impl Text {
    const fn new() -> Self {
        Self { bytes: [0; 512], len: 0 }
    }

    const fn add(mut self, text: &str) -> Self {
        let text = text.as_bytes();
        let mut at = 0;
        while at < text.len() && self.len < self.bytes.len() {
            self.bytes[self.len] = text[at];
            self.len += 1;
            at += 1;
        }
        self
    }

    const fn number(self, number: usize) -> Self {
        const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
        if number >= 10 { self.number(number / 10).add(DIGITS[number % 10]) } else { self.add(DIGITS[number]) }
    }

    const fn list(mut self, names: &[&str]) -> Self {
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

    const fn as_str(&self) -> &str {
        match core::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "a name is wrong here",
        }
    }
}
