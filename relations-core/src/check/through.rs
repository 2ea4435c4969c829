//! Checks of the relations that a way leads over.

use super::text::{Nearest, Text, last_segment, same};
use super::{NONE, missing, position};
use crate::descriptor::RelationKind;
use crate::model::Model;

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
        let text = missing::<M>(
            name,
            Nearest::to(name).or_relations(M::RELATIONS),
            "`, whose rows it starts from",
            "; name one of its relations",
        );
        panic!("{}", text.as_str())
    }
    if matches!(M::RELATIONS[found].kind, RelationKind::MorphTo) {
        let text = Text::new().add("`").add(M::NAME).add(".").add(name);
        panic!("{}", text.add("` leads to several models, a way to one; end the way before it").as_str())
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
