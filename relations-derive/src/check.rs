//! What is wrong inside one struct. Names of other models are checked by the compiler, in the core's `check`.

use std::collections::HashMap;

use darling::error::Accumulator;
use proc_macro2::Span;

use crate::attr::Kind;
use crate::model::{ByKey, Model, Name, Other, Parent, Relation, Route};
use crate::names::{list, suggest};
use crate::types::{argument_of, readable, word};
use crate::value::error;

/// The core's `Key` is a tuple of at most so many parts.
const WIDEST_KEY: usize = 6;

/// What `Relations` calls its own methods.
const RESERVED: [&str; 6] = ["find", "by_key", "all", "query", "descriptor", "clear_relations"];

/// Reports everything that is wrong; relations with a fault are no longer sound.
pub(crate) fn check(model: &mut Model, errors: &mut Accumulator) {
    key(model, errors);
    model.key.truncate(WIDEST_KEY);
    for at in 0..model.relations.len() {
        let faults = model.relations.get(at).filter(|relation| relation.sound).map(|relation| faults(model, relation));
        let Some(relation) = model.relations.get_mut(at) else { continue };
        for (place, message) in faults.into_iter().flatten() {
            relation.sound = false;
            errors.push(error(place, message));
        }
    }
    generated_names(model, errors);
}

fn key(model: &Model, errors: &mut Accumulator) {
    if let Some(parent) = &model.extends {
        for place in model.columns.iter().filter_map(|column| column.key) {
            let parent = readable(&parent.ty);
            errors.push(error(place, format!("`{}` has the key of `{parent}`; remove `key`", model.name)));
        }
        return;
    }
    if model.key.is_empty() {
        let message = format!("model `{}` has no key; put `#[relations(key)]` on a field", model.name);
        errors.push(error(model.ident.span(), message));
    }
    let columns = model.key.iter().filter_map(|&at| model.columns.get(at));
    for (part, column) in columns.enumerate() {
        if column.nullable {
            let bare = readable(&column.bare);
            errors.push(error(word(&column.ty), format!("a key is never null; make `{}` a `{bare}`", column.name)));
        }
        if part == WIDEST_KEY {
            let place = column.key.unwrap_or_else(|| column.field.span());
            errors.push(error(place, format!("a key has at most {WIDEST_KEY} columns; leave some out")));
        }
    }
}

/// What is wrong with one relation, and where.
fn faults(model: &Model, relation: &Relation) -> Vec<(Span, String)> {
    let mut faults = Vec::new();
    if let (Some(place), None) = (relation.overrides, &model.extends) {
        let message =
            format!("`{}` extends no model that it could override a relation of; remove `overrides`", model.name);
        faults.push((place, message));
    }
    match &relation.route {
        Route::ByKey(route) => by_key(model, relation, route, &mut faults),
    }
    faults
}

fn by_key(model: &Model, relation: &Relation, route: &ByKey, faults: &mut Vec<(Span, String)>) {
    own_fields(model, relation, &route.own, faults);
    if let Other::Fields(names) = &route.other {
        repeated(names, faults);
    }
    repeated(&route.own, faults);
    if faults.is_empty() {
        widths(model, relation, route, faults);
        nullability(model, relation, route, faults);
    }
}

/// The fields of this model exist.
fn own_fields(model: &Model, relation: &Relation, own: &[Name], faults: &mut Vec<(Span, String)>) {
    for name in own.iter().filter(|name| model.position(name).is_none()) {
        let text = &name.text;
        if let Some(parent) = &model.extends {
            inherited_field(model, relation, name, parent, faults);
            continue;
        }
        let what = if name.inferred {
            format!("`{}` goes by `{text}`, which is no column of `{}`", relation.name, model.name)
        } else if model.relations.iter().any(|relation| relation.name == *text) {
            format!("`{text}` is a relation, not a column of `{}`", model.name)
        } else if model.skipped.iter().any(|field| crate::names::text(field) == *text) {
            format!("`{text}` is skipped, so it is no column of `{}`", model.name)
        } else {
            format!("model `{}` has no column `{text}`", model.name)
        };
        let columns = model.columns.iter().map(|column| column.name.as_str());
        let advice = match (name.inferred, relation.kind) {
            (true, Kind::BelongsTo) => "add the field, or name another: `#[belongs_to(foreign_key = ..)]`",
            _ => "name one of its fields",
        };
        faults.push((name.span, what + &suggest(text, columns, advice)));
    }
}

/// A field that may be inherited is looked up by the compiler, and has the type of what it refers to: the target's key.
fn inherited_field(model: &Model, relation: &Relation, name: &Name, parent: &Parent, faults: &mut Vec<(Span, String)>) {
    let Route::ByKey(route) = &relation.route;
    if matches!(route.other, Other::Fields(_)) {
        let (text, model, parent) = (&name.text, &model.name, readable(&parent.ty));
        let message =
            format!("`{model}` itself has no column `{text}`; by one of `{parent}` it can only refer to a key");
        faults.push((name.span, message));
    }
}

/// A field takes part once.
fn repeated(names: &[Name], faults: &mut Vec<(Span, String)>) {
    for (at, name) in names.iter().enumerate() {
        if names.iter().take(at).any(|before| before.text == name.text) {
            faults.push((name.span, format!("`{}` is named twice; name each column of the key once", name.text)));
        }
    }
}

/// Both sides have as many fields.
fn widths(model: &Model, relation: &Relation, route: &ByKey, faults: &mut Vec<(Span, String)>) {
    let (own, Other::Fields(other)) = (&route.own, &route.other) else { return };
    if own.len() == other.len() || own.is_empty() {
        return;
    }
    let (foreign_key, referred) = match relation.kind {
        Kind::BelongsTo => (own, other),
        Kind::HasOne | Kind::HasMany => (other, own),
    };
    let fields = |count| if count == 1 { "1 field".to_owned() } else { format!("{count} fields") };
    let (has, needs) = (fields(foreign_key.len()), fields(referred.len()));
    let first = |names: &[Name]| names.first().map_or(relation.place, |name| name.span);
    let attribute = relation.kind.attribute();
    faults.push(if foreign_key.iter().any(|name| name.inferred) {
        let what = match relation.kind {
            Kind::BelongsTo => format!("`references` names {needs}, the foreign key has {has}"),
            _ if referred.iter().any(|name| name.inferred) => format!("the key of `{}` has {needs}", model.name),
            _ => format!("`references` names {needs}"),
        };
        (relation.place, format!("{what}; name the foreign key: `#[{attribute}(foreign_key = (.., ..))]`"))
    } else if referred.iter().any(|name| name.inferred) {
        let key = list(referred.iter().map(|name| name.text.as_str()));
        let what = format!("the foreign key has {has}, the key of `{}` has {needs}: {key}", model.name);
        (first(foreign_key), format!("{what}; name one field for each"))
    } else {
        let what = format!("the foreign key has {has}, `references` has {needs}");
        (first(referred), format!("{what}; name one field for each"))
    });
}

/// What may be missing is an `Option`, and a list is not.
fn nullability(model: &Model, relation: &Relation, route: &ByKey, faults: &mut Vec<(Span, String)>) {
    let target = readable(&relation.target);
    let place = argument_of(&relation.ty).map_or_else(|| word(&relation.target), |argument| word(&argument));
    match relation.kind {
        Kind::HasMany if relation.optional => {
            faults.push((place, format!("a list of targets may be empty, never missing; write `HasMany<{target}>`")));
        }
        Kind::BelongsTo if !relation.optional => {
            let own = route.own.iter().filter_map(|name| model.columns.get(model.position(name)?));
            if let Some(column) = own.into_iter().find(|column| column.nullable) {
                let message = format!("`{}` may be null; make the target `BelongsTo<Option<{target}>>`", column.name);
                faults.push((place, message));
            }
        }
        _ => {}
    }
}

/// Every constant and method that is written has a name of its own. What has not is left out.
fn generated_names(model: &mut Model, errors: &mut Accumulator) {
    let mut taken: HashMap<String, String> = HashMap::new();
    let mut reserved = Vec::new();
    let mut clash = |name: String, field: &str, place: Span| match taken.get(&name) {
        Some(other) => {
            errors.push(error(place, format!("`{field}` and `{other}` both give `{name}`; rename one of them")));
            true
        }
        None => {
            taken.insert(name, field.to_owned());
            false
        }
    };
    for column in &mut model.columns {
        column.has_constant = !clash(column.name.to_uppercase(), &column.name, column.field.span());
    }
    model.relations.retain(|relation| {
        let (name, place) = (&relation.name, relation.field.span());
        if RESERVED.contains(&name.as_str()) {
            reserved.push((place, format!("every model has a method `{name}`; give the relation another name")));
            return false;
        }
        let clashes = [name.to_uppercase(), name.clone(), format!("{name}_query")].map(|it| clash(it, name, place));
        !clashes.contains(&true)
    });
    for (place, message) in reserved {
        errors.push(error(place, message));
    }
}
