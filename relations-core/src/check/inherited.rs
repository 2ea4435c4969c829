//! Checks of a model that extends another: its names beside the inherited ones, and inherited keys.

use super::{NONE, Nearest, Text, are_columns};
use crate::inherit::ancestor;
use crate::model::Model;

/// Checks that no column and no relation of the model that is extended has the name of this new column.
#[track_caller]
pub const fn new_column<P: Model>(name: &str) {
    let text = Text::new().add("`").add(P::NAME).add("` has a ");
    let text = if are_columns::<P>(&[name]) {
        text.add("column `").add(name).add("` already; it is inherited, so remove this one or rename it")
    } else if ancestor::<P>().declaring(name).is_some() {
        text.add("relation `").add(name).add("` already; rename the column")
    } else {
        return;
    };
    panic!("{}", text.as_str())
}

/// Checks that no column and no relation of the model that is extended has the name of this new relation.
#[track_caller]
pub const fn new_relation<P: Model>(name: &str) {
    let text = match ancestor::<P>().declaring(name) {
        Some(model) => Text::new()
            .add("`")
            .add(model)
            .add("` has a relation `")
            .add(name)
            .add("` already; add `overrides` or rename this one"),
        None if are_columns::<P>(&[name]) => {
            Text::new().add("`").add(P::NAME).add("` has a column `").add(name).add("` already; rename the relation")
        }
        None => return,
    };
    panic!("{}", text.as_str())
}

/// Checks that the model that is extended has, or inherits, the relation that is overridden.
#[track_caller]
pub const fn overrides<P: Model>(name: &str) {
    if !P::DERIVED || ancestor::<P>().declaring(name).is_some() {
        return;
    }
    let text = Text::new().add("`").add(P::NAME).add("` has no relation `").add(name).add("` to override");
    let mut nearest = Nearest::to(name);
    let mut model = Some(&ancestor::<P>());
    while let Some(ancestor) = model {
        nearest = nearest.or_relations(ancestor.relations);
        model = ancestor.extends;
    }
    panic!("{}", nearest.suggest(text, "; remove `overrides`").as_str())
}

/// The position of an inherited foreign key, after checking that it is never null where `target` has to be there.
#[track_caller]
pub const fn never_null<M: Model>(column: usize, target: &str) -> usize {
    if column != NONE && M::COLUMNS[column].nullable {
        let text = Text::new()
            .add("`")
            .add(M::COLUMNS[column].field)
            .add("` may be null; make the target `BelongsTo<Option<")
            .add(target)
            .add(">>`");
        panic!("{}", text.as_str())
    }
    column
}
