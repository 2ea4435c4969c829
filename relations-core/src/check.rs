//! Checks of names across models, run by the compiler. Each is a const function that panics at the user's own word
//! with what is wrong and what to do. They read only the leaf constants of a model, so models may refer to one another.
#![allow(clippy::panic, reason = "these run while the user's crate is compiled, never in a program")]

mod cached;
mod inherited;
mod inverse;
mod morph;
mod pivot;
mod text;
mod through;

pub(crate) use cached::is_copied;
pub use cached::{cached, cached_variants};
pub use inherited::{never_null, new_column, new_relation, overrides};
pub use inverse::{inverse, inverse_declared_by};
pub use morph::{morph, morph_id, morph_type};
pub use pivot::{ends, ends_by_morph, join_columns, named_end, same_columns};
use text::{Nearest, Text};
pub(crate) use text::{nearest, same};
pub use through::{hop, last_hop};

use crate::column::Operand;
use crate::inherit::ancestor;
use crate::key::KeyPart;
use crate::model::Model;

/// Stands for "no column" and "no relation" where a check has to stay silent.
pub const NONE: usize = usize::MAX;

/// The position of the column that is read into `field`.
#[track_caller]
pub const fn column<M: Model>(field: &str) -> usize {
    let found = column_or_none::<M>(field);
    if found != NONE || !M::DERIVED {
        return found;
    }
    let text = Text::new().add("model `").add(M::NAME).add("` has no column `").add(field).add("`");
    let mut nearest = Nearest::to(field);
    let mut at = 0;
    while at < M::COLUMNS.len() {
        nearest = nearest.or(M::COLUMNS[at].field);
        at += 1;
    }
    panic!("{}", nearest.suggest(text, "; name one of its fields").as_str())
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

/// What is wrong where `M` does not declare this relation itself.
const fn missing<M: Model>(name: &str, nearest: Nearest<'_>, inherited: &str, otherwise: &str) -> Text {
    let text = Text::new();
    if let Some(ancestor) = ancestor::<M>().declaring(name) {
        let text =
            text.add("`").add(M::NAME).add("` inherits `").add(name).add("` from `").add(ancestor).add(inherited);
        return text.add("; override it in `").add(M::NAME).add("`, or name a relation of its own");
    }
    let text = text.add("model `").add(M::NAME).add("` has no relation `").add(name).add("`");
    nearest.suggest(text, otherwise)
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

/// The position of the column that is read into this field, or [`NONE`].
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

/// Whether all of these are fields of `M` that are read from columns.
const fn are_columns<M: Model>(fields: &[&str]) -> bool {
    let mut at = 0;
    while at < fields.len() {
        if column_or_none::<M>(fields[at]) == NONE {
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
