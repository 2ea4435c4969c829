//! Checks of relations that lead back.

use super::text::{Nearest, Text, last_segment, same, same_list};
use super::{NONE, are_columns, missing, position};
use crate::descriptor::RelationKind;
use crate::model::{Model, RelationLeaf};

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
        let text = missing::<T>(
            name,
            Nearest::to(name).or_relations(T::RELATIONS),
            "`, whose rows it leads to",
            "; name the relation that leads back",
        );
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
