//! Checks of join tables: which of their relations or columns lead where.

use super::text::{Nearest, Text, last_segment, same};
use super::{NONE, missing, position};
use crate::descriptor::RelationKind;
use crate::model::Model;

/// The position of the relation that one end of a join table's rows goes by, and whether it is polymorphic.
type End = (usize, bool);

/// The positions of the relations of the join table's model `P` that lead to the owner `O` and to the target `T`:
/// those that are named, else the only `belongs_to` there that leads there. The two of a symmetric relation may stand
/// in either order.
#[track_caller]
pub const fn ends<P: Model, O: Model, T: Model>(near: usize, far: usize, symmetric: bool) -> [End; 2] {
    if !P::DERIVED {
        return [(NONE, false), (NONE, false)];
    }
    let near = if near == NONE { end::<P, O>(far, "near", symmetric) } else { near };
    let far = if far == NONE {
        let taken = if same(O::PATH, T::PATH) { near } else { NONE };
        end::<P, T>(taken, "far", false)
    } else {
        far
    };
    [(near, false), (far, false)]
}

/// As [`ends`], where one end goes by the polymorphic relation at `morph`: the one that no `belongs_to` leads to.
#[track_caller]
pub const fn ends_by_morph<P: Model, O: Model, T: Model>(morph: usize, near: usize, far: usize) -> [End; 2] {
    if !P::DERIVED {
        return [(NONE, false), (NONE, false)];
    }
    let (is_near, is_far) = match (near == NONE, far == NONE) {
        (true, true) => (has_end::<P, O>(), has_end::<P, T>()),
        (near, far) => (!near, !far),
    };
    let text = Text::new().add("`").add(P::NAME);
    match (is_near, is_far) {
        (true, false) => {
            let near = if near == NONE { end::<P, O>(NONE, "near", false) } else { near };
            [(near, false), (morph, true)]
        }
        (false, true) => {
            let far = if far == NONE { end::<P, T>(NONE, "far", false) } else { far };
            [(morph, true), (far, false)]
        }
        (false, false) => {
            let text = text.add("` has no `belongs_to` that leads to `").add(O::NAME).add("` or `").add(T::NAME);
            panic!("{}", text.add("`; add one for the end that `morph` is not").as_str())
        }
        (true, true) => {
            let text =
                text.add("` has a `belongs_to` for either end; say which leads there: `near = ..` or `far = ..`");
            panic!("{}", text.as_str())
        }
    }
}

/// The position of the only `belongs_to` of `P` that leads to `T`, leaving out the one at `taken`.
#[track_caller]
const fn end<P: Model, T: Model>(taken: usize, option: &str, first: bool) -> usize {
    let mut text = Text::new().add("`").add(P::NAME).add("` has several relations to `").add(T::NAME).add("`: ");
    let (mut found, mut several, mut at) = (NONE, false, 0);
    while at < P::RELATIONS.len() {
        if leads_to::<P, T>(at) && at != taken {
            if found != NONE {
                several = true;
                text = text.add(", ");
            }
            text = text.add("`").add(P::RELATIONS[at].name).add("`");
            if found == NONE {
                found = at;
            }
        }
        at += 1;
    }
    if found == NONE {
        let text = Text::new()
            .add("`")
            .add(P::NAME)
            .add("` has no `belongs_to` that leads to `")
            .add(T::NAME)
            .add(if taken == NONE { "`; add one" } else { "` besides; add one" });
        let text = match morph_to::<P>() {
            Some(name) => text.add(", or name its `morph_to`: `morph = ").add(name).add("`"),
            None => text,
        };
        panic!("{}", text.as_str())
    }
    if several && !first {
        panic!("{}", text.add("; say which: `").add(option).add(" = ..`").as_str())
    }
    found
}

/// The position of the `belongs_to` of the join table's model `P` that the user names and that leads to `T`.
#[track_caller]
pub const fn named_end<P: Model, T: Model>(name: &str) -> usize {
    if !P::DERIVED {
        return NONE;
    }
    let found = position::<P>(name);
    if found == NONE {
        let text = missing::<P>(
            name,
            Nearest::to(name).or_relations(P::RELATIONS),
            "`, whose rows it starts from",
            "; name one of its `belongs_to` relations",
        );
        panic!("{}", text.as_str())
    }
    if !leads_to::<P, T>(found) {
        let other = &P::RELATIONS[found];
        let text = Text::new().add("`").add(P::NAME).add(".").add(name);
        if matches!(other.kind, RelationKind::MorphTo) {
            let text = text.add("` leads to several models; write `morph = ").add(name);
            panic!("{}", text.add("` instead").as_str())
        }
        let text = text
            .add("` is a `")
            .add(other.kind.attribute())
            .add("` that leads to `")
            .add(last_segment(other.target))
            .add("`; name a `belongs_to` that leads to `")
            .add(T::NAME)
            .add("`");
        panic!("{}", text.as_str())
    }
    found
}

/// The columns of a plain join table that refer to the key of `T`: one for each of its columns.
#[track_caller]
pub const fn join_columns<T: Model>(option: &str, columns: &'static [&'static str]) -> &'static [&'static str] {
    if T::KEY.len() != columns.len() && T::DERIVED {
        let text = Text::new()
            .add("the key of `")
            .add(T::NAME)
            .add("` has ")
            .number(T::KEY.len())
            .add(" columns, `")
            .add(option)
            .add("` has ")
            .number(columns.len())
            .add("; name one column of the join table for each: `")
            .add(option)
            .add(" = (.., ..)`");
        panic!("{}", text.as_str())
    }
    columns
}

/// Both ends of a symmetric relation's join table refer to the same columns of `M`.
#[track_caller]
pub const fn same_columns<M: Model>(one: &[usize], other: &[usize]) {
    let (mut at, mut alike) = (0, one.len() == other.len());
    while alike && at < one.len() {
        alike = one[at] == other[at];
        at += 1;
    }
    if !alike {
        let text = Text::new().add("the two ends refer to different columns of `").add(M::NAME);
        panic!("{}", text.add("`; let both refer to the same, or remove `symmetric`").as_str())
    }
}

/// The first polymorphic relation of `P`.
const fn morph_to<P: Model>() -> Option<&'static str> {
    let mut at = 0;
    while at < P::RELATIONS.len() {
        if matches!(P::RELATIONS[at].kind, RelationKind::MorphTo) {
            return Some(P::RELATIONS[at].name);
        }
        at += 1;
    }
    None
}

/// Whether a `belongs_to` of `P` leads to `T`.
const fn has_end<P: Model, T: Model>() -> bool {
    let mut at = 0;
    while at < P::RELATIONS.len() {
        if leads_to::<P, T>(at) {
            return true;
        }
        at += 1;
    }
    false
}

const fn leads_to<M: Model, T: Model>(at: usize) -> bool {
    let relation = &M::RELATIONS[at];
    matches!(relation.kind, RelationKind::BelongsTo) && same(relation.target, T::PATH)
}
