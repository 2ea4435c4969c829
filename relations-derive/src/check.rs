//! What is wrong inside one struct. Names of other models are checked by the compiler, in the core's `check`.

use std::collections::HashMap;

use darling::error::Accumulator;
use proc_macro2::Span;

use crate::attr::Kind;
use crate::model::{ByKey, Join, Model, MorphTo, Name, Other, OverPivot, Parent, Relation, Route, Through};
use crate::names::{list, suggest};
use crate::types::{arguments, last_segment, readable, word};
use crate::value::error;

/// The core's `Key` is a tuple of at most so many parts.
const WIDEST_KEY: usize = 6;

/// What `Relations` calls its own methods.
const RESERVED: [&str; 11] = [
    "find",
    "by_key",
    "all",
    "query",
    "from_row",
    "from_row_at",
    "select_list",
    "descriptor",
    "clear_relations",
    "descendants",
    "ancestors",
];

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
    starts(model);
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
        Route::OverPivot(route) => over_pivot(model, relation, route, &mut faults),
        Route::Morph(route) => morph_to(model, relation, route, &mut faults),
        Route::Through(route) => through(model, relation, route, &mut faults),
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

fn morph_to(model: &Model, relation: &Relation, route: &MorphTo, faults: &mut Vec<(Span, String)>) {
    let own: Vec<_> = std::iter::once(&route.kind).chain(&route.id).cloned().collect();
    own_fields(model, relation, &own, faults);
    repeated(&own, faults);
    if faults.is_empty() {
        never_null(model, relation, &own, faults);
    }
}

/// The way starts with another relation of this model. Where it goes from there, the compiler checks.
fn through(model: &Model, relation: &Relation, route: &Through, faults: &mut Vec<(Span, String)>) {
    if let Some(cache) = &relation.cache {
        let message = "a relation through others is cached by the relations that it leads over; put `cache` on these";
        faults.push((cache.place, message.to_owned()));
    }
    let Some(hop) = route.hops.first() else { return };
    let (name, place) = (crate::names::text(hop), hop.span());
    let message = match model.first(route) {
        Some(first) if first.name == relation.name => {
            format!("`{name}` leads over itself; start with another relation of `{}`", model.name)
        }
        Some(_) if is_circle(model, relation) => {
            let what = format!("`{name}` leads back over `{}`", relation.name);
            format!("{what}; start with another relation of `{}`", model.name)
        }
        Some(first) if first.kind == Kind::MorphTo => {
            let what = format!("`{}.{name}` leads to several models, a way to one", model.name);
            format!("{what}; start with another relation of `{}`", model.name)
        }
        Some(first) if relation.kind == Kind::HasOne && first.kind.is_many() => {
            let what = format!("`{}.{name}` leads to many rows, a `has_one` to one", model.name);
            format!("{what}; make the relation a `has_many`")
        }
        Some(_) => {
            let target = readable(&relation.target);
            return listed(relation, &format!("HasManyThrough<{target}>"), faults);
        }
        None if model.columns.iter().any(|column| column.name == name) => {
            format!("`{name}` is a column, not a relation of `{}`; name one of its relations", model.name)
        }
        None => {
            let names = model.relations.iter().map(|relation| relation.name.as_str());
            let names = names.filter(|other| *other != relation.name);
            match &model.extends {
                Some(_) => {
                    let advice = "a way starts with a relation of its own, or one that it overrides";
                    format!("`{}` itself has no relation `{name}`", model.name) + &suggest(&name, names, advice)
                }
                None => {
                    let advice = "name one of its relations";
                    format!("model `{}` has no relation `{name}`", model.name) + &suggest(&name, names, advice)
                }
            }
        }
    };
    faults.push((place, message));
}

/// Whether a way starts with a way, and that with another, and so on back to it; said of the first of them only.
fn is_circle(model: &Model, relation: &Relation) -> bool {
    let next = |relation: &Relation| match &relation.route {
        Route::Through(route) => model.first(route),
        _ => None,
    };
    let ways = std::iter::successors(next(relation), |&way| next(way)).take(model.relations.len());
    let names: Vec<_> = ways.map(|way| way.name.as_str()).collect();
    let Some(end) = names.iter().position(|name| *name == relation.name) else { return false };
    let circle = names.get(..end).unwrap_or_default();
    !model.relations.iter().take_while(|it| it.name != relation.name).any(|it| circle.contains(&it.name.as_str()))
}

/// What leads over a relation with a fault has none of its own, but cannot be written either.
fn starts(model: &mut Model) {
    loop {
        let is_lost = |relation: &Relation| match &relation.route {
            Route::Through(route) => relation.sound && !model.first(route).is_some_and(|first| first.sound),
            _ => false,
        };
        let Some(at) = model.relations.iter().position(is_lost) else { return };
        if let Some(relation) = model.relations.get_mut(at) {
            relation.sound = false;
        }
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
            (true, Kind::MorphTo) => "add the field, or name another: `#[morph_to(morph_type = .., foreign_key = ..)]`",
            _ => "name one of its fields",
        };
        faults.push((name.span, what + &suggest(text, columns, advice)));
    }
}

/// A field that may be inherited is looked up by the compiler, and has the type of what it refers to: the target's key.
fn inherited_field(model: &Model, relation: &Relation, name: &Name, parent: &Parent, faults: &mut Vec<(Span, String)>) {
    let (text, model, parent) = (&name.text, &model.name, readable(&parent.ty));
    let advice = match &relation.route {
        Route::ByKey(ByKey { other: Other::Key, .. }) => return,
        Route::ByKey(_) => format!("by one of `{parent}` it can only refer to a key"),
        _ => format!("a `{}` goes by columns of its own", relation.kind.attribute()),
    };
    faults.push((name.span, format!("`{model}` itself has no column `{text}`; {advice}")));
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
        _ => (other, own),
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

/// What may be missing is an `Option`.
fn nullability(model: &Model, relation: &Relation, route: &ByKey, faults: &mut Vec<(Span, String)>) {
    let target = readable(&relation.target);
    match relation.kind {
        Kind::HasMany => listed(relation, &format!("HasMany<{target}>"), faults),
        Kind::BelongsTo => never_null(model, relation, &route.own, faults),
        _ => {}
    }
}

/// A list of targets is of the targets.
fn listed(relation: &Relation, ty: &str, faults: &mut Vec<(Span, String)>) {
    if relation.optional && relation.kind.is_many() {
        let message = format!("a list of targets may be empty, never missing; write `{ty}`");
        faults.push((target_word(relation), message));
    }
}

/// Where every owner must have a target, the fields that lead to it are not null.
fn never_null(model: &Model, relation: &Relation, own: &[Name], faults: &mut Vec<(Span, String)>) {
    let mut own = own.iter().filter_map(|name| model.columns.get(model.position(name)?));
    if let Some(column) = own.find(|column| column.nullable && !relation.optional) {
        let (name, ty, target) = (&column.name, relation.kind.type_name(), readable(&relation.target));
        let message = format!("`{name}` may be null; make the target `{ty}<Option<{target}>>`");
        faults.push((target_word(relation), message));
    }
}

/// The last word of the field's first argument: the target, or the `Option` of it.
pub(crate) fn target_word(relation: &Relation) -> Span {
    let first = last_segment(&relation.ty).and_then(|segment| arguments(segment).into_iter().next());
    word(first.as_ref().unwrap_or(&relation.target))
}

fn over_pivot(model: &Model, relation: &Relation, route: &OverPivot, faults: &mut Vec<(Span, String)>) {
    let target = readable(&relation.target);
    let ty = match &route.kept {
        Some(kept) => format!("ManyToMany<{target}, {}>", readable(kept)),
        None => format!("ManyToMany<{target}>"),
    };
    listed(relation, &ty, faults);
    if let Join::Model { morph: Some(morph), near, far, .. } = &route.join {
        polymorphic_end(morph, [near, far], route.symmetric, faults);
    } else if let Some(place) = route.symmetric
        && last_segment(&relation.target).is_none_or(|target| target.ident != model.ident)
    {
        let message = format!("`symmetric` joins rows of one model; lead to `{}`, or remove it", model.name);
        faults.push((place, message));
    }
    let form = match &route.join {
        Join::Missing => {
            let advice = "name its model: `through = ..`, or the table: `table = \"..\"`";
            faults.push((relation.place, format!("`{}` has no join table; {advice}", relation.name)));
            return;
        }
        Join::Model { .. } => "has a model; leave it to that, or name its relations: `near = ..`, `far = ..`",
        Join::Table { near, far, .. } => {
            let mut columns: Vec<_> = near.iter().chain(far).cloned().collect();
            // Of two of one name, the one that the user has written is at fault.
            columns.sort_by_key(|name| !name.inferred);
            repeated(&columns, faults);
            "has no model; write one, and `through = ..`"
        }
    };
    for (option, place) in &route.stray {
        faults.push((*place, format!("`{option}` does not apply: the join table {form}")));
    }
}

/// A polymorphic relation is one of two ends, and not like the other.
fn polymorphic_end(morph: &Name, ends: [&Option<Name>; 2], symmetric: Option<Span>, faults: &mut Vec<(Span, String)>) {
    if let Some(place) = symmetric {
        let message = format!("`symmetric` joins rows of one model, `{}` leads to several; remove one", morph.text);
        faults.push((place, message));
    }
    if let [Some(near), Some(far)] = ends {
        let advice = format!("remove one, or `{}`", morph.text);
        faults.push((morph.span, format!("`{}` and `{}` are both ends already; {advice}", near.text, far.text)));
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
        let query = relation.route.has_query().then(|| format!("{name}_query"));
        let clashes: Vec<_> =
            [name.to_uppercase(), name.clone()].into_iter().chain(query).map(|it| clash(it, name, place)).collect();
        !clashes.contains(&true)
    });
    for (place, message) in reserved {
        errors.push(error(place, message));
    }
}
