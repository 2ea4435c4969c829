//! Checks of polymorphic relations that other models name.

use super::{NONE, Nearest, Text, column_or_none, missing, position};
use crate::descriptor::RelationKind;
use crate::model::Model;

/// The position of the polymorphic relation of `T` that the user names, so that it may lead to this model.
#[track_caller]
pub const fn morph<T: Model>(name: &str) -> usize {
    let found = position::<T>(name);
    if !T::DERIVED {
        return NONE;
    }
    if found != NONE && matches!(T::RELATIONS[found].kind, RelationKind::MorphTo) {
        return found;
    }
    if found != NONE {
        let text = Text::new()
            .add("`")
            .add(T::NAME)
            .add(".")
            .add(name)
            .add("` is a `")
            .add(T::RELATIONS[found].kind.attribute())
            .add("`; name its `morph_to`, or go by a foreign key: `foreign_key = ..`");
        panic!("{}", text.as_str())
    }
    let mut nearest = Nearest::to(name);
    let mut at = 0;
    while at < T::RELATIONS.len() {
        if matches!(T::RELATIONS[at].kind, RelationKind::MorphTo) {
            nearest = nearest.or(T::RELATIONS[at].name);
        }
        at += 1;
    }
    panic!("{}", missing::<T>(name, nearest, "`, whose rows it starts from", "; name its `morph_to`").as_str())
}

/// The positions of the `WIDTH` columns of the id of polymorphic relation `at`. Their number is checked with their
/// types.
pub const fn morph_id<T: Model, const WIDTH: usize>(at: usize) -> [usize; WIDTH] {
    let mut columns = [NONE; WIDTH];
    let mut part = 0;
    while at < T::RELATIONS.len() && part < WIDTH && part + 1 < T::RELATIONS[at].foreign_key.len() {
        columns[part] = column_or_none::<T>(T::RELATIONS[at].foreign_key[part + 1]);
        part += 1;
    }
    columns
}

/// The position of the column that holds the type of polymorphic relation `at`.
pub const fn morph_type<T: Model>(at: usize) -> usize {
    if at < T::RELATIONS.len() { column_or_none::<T>(T::RELATIONS[at].foreign_key[0]) } else { NONE }
}
