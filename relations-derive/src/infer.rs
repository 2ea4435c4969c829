//! Defaults: what a field's type and name say, where the user has not said otherwise.

use proc_macro2::Span;
use syn::{Field, Type};

use crate::attr::{Kind, RelationAttr, RelationOptions};
use crate::model::{ByKey, Column, Join, Model, MorphTo, Name, Other, OverPivot, Route, Through};
use crate::types::{argument, arguments, last_segment, readable, word};
use crate::value::{FieldName, FieldNames, Order, Term};
use crate::{names, value};

/// What a field's type says of its relation.
pub(crate) struct Wrapper {
    pub(crate) kind: Kind,
    /// Whether it leads over other relations.
    pub(crate) through: bool,
    /// The generic argument, if there is one.
    pub(crate) target: Option<Type>,
    /// The second one: the model of a join table's rows.
    pub(crate) pivot: Option<Type>,
}

/// `BelongsTo<..>`, `HasOne<..>`, `HasMany<..>`, `HasManyThrough<..>` and so on, by the last word of the type.
pub(crate) fn wrapper(ty: &Type) -> Option<Wrapper> {
    let segment = last_segment(ty)?;
    let mut ways = [false, true].into_iter().flat_map(|through| Kind::ALL.map(|kind| (kind, through)));
    let (kind, through) =
        ways.find(|&(kind, through)| type_name(kind, through).is_some_and(|name| segment.ident == name))?;
    let mut arguments = arguments(segment).into_iter();
    let target = arguments.next();
    let pivot = if kind == Kind::ManyToMany { arguments.next() } else { None };
    // With more arguments the type does not compile.
    Some(Wrapper { kind, through, target: target.filter(|_| arguments.next().is_none()), pivot })
}

/// The name of a field's type.
fn type_name(kind: Kind, through: bool) -> Option<&'static str> {
    if through { kind.through_name() } else { Some(kind.type_name()) }
}

/// Whether a field's attribute and its type say the same.
pub(crate) fn agree(attr: &RelationAttr, wrapper: &Wrapper) -> bool {
    let through = attr.options.as_ref().is_none_or(|options| options.hops.is_some() == wrapper.through);
    attr.kind == wrapper.kind && through
}

/// The key: the fields that say so, else `id`.
pub(crate) fn key(columns: &[Column]) -> Vec<usize> {
    let positions = |is_key: &dyn Fn(&Column) -> bool| -> Vec<usize> {
        columns.iter().enumerate().filter(|(_, column)| is_key(column)).map(|(at, _)| at).collect()
    };
    let said = positions(&|column| column.key.is_some());
    if said.is_empty() { positions(&|column| column.name == "id") } else { said }
}

/// Gives a relation the fields on both sides, from its options and else from names.
pub(crate) fn link(model: &mut Model, at: usize, mut options: RelationOptions) {
    let default_owner_key = key_of(&model.name);
    let own_key: Vec<_> = model.key.iter().filter_map(|&key| model.columns.get(key)).map(|c| c.name.clone()).collect();
    let Some(relation) = model.relations.get_mut(at) else { return };
    relation.overrides = options.overrides.as_ref().map(|word| word.0);
    relation.cache = options.cache.take();
    if let Some(hops) = options.hops {
        relation.route = Route::Through(Through { hops });
        return;
    }
    relation.order = order(&mut options);
    if let Route::OverPivot(route) = &mut relation.route {
        let target = last_segment(&relation.target).map_or_else(String::new, |segment| names::text(&segment.ident));
        return join(route, [&model.name, &target], relation.field.span(), options);
    }
    let written = |names: &[_]| -> Vec<Name> { names.iter().map(Name::written).collect() };
    let foreign_key = options.foreign_key.map(|names| written(&names.0));
    let references = options.references.map(|names| written(&names.0));
    let place = relation.field.span();
    if let Some(morph) = options.morph {
        let own = own_key.into_iter().map(|name| Name::inferred(name, place)).collect();
        relation.route = Route::ByKey(ByKey { own, other: Other::Morph(morph.0), inverse: None });
        return;
    }
    let (own, other) = match relation.kind {
        Kind::MorphTo => {
            let inferred = |end| Name::inferred(format!("{}{end}", relation.name), place);
            let kind = options.morph_type.map_or_else(|| inferred("_type"), |name| Name::written(&name.0));
            let id = foreign_key.unwrap_or_else(|| vec![inferred("_id")]);
            relation.route = Route::Morph(MorphTo { kind, id });
            return;
        }
        Kind::BelongsTo => (
            foreign_key.unwrap_or_else(|| vec![Name::inferred(format!("{}_id", relation.name), place)]),
            references.map_or(Other::Key, Other::Fields),
        ),
        Kind::HasOne | Kind::HasMany | Kind::ManyToMany => (
            references.unwrap_or_else(|| own_key.into_iter().map(|name| Name::inferred(name, place)).collect()),
            Other::Fields(foreign_key.unwrap_or_else(|| vec![Name::inferred(default_owner_key, place)])),
        ),
    };
    relation.route = Route::ByKey(ByKey { own, other, inverse: options.inverse.map(|name| name.0) });
}

/// The order of the targets. The one that comes first of it is the one of many; `attr` lets one of the options through.
fn order(options: &mut RelationOptions) -> Vec<Term> {
    let one = |descending| move |name: FieldName| Order(vec![Term { field: name.0, descending }]);
    let latest = options.latest_by.take().map(one(true));
    let oldest = options.oldest_by.take().map(one(false));
    let extreme = options.of_many.take().map(|of_many| Order(vec![of_many.0]));
    options.order_by.take().or(latest).or(oldest).or(extreme).unwrap_or_default().0
}

/// Finds the join table of a relation, from its options and else from the field's type.
fn join(route: &mut OverPivot, [owner, target]: [&str; 2], place: Span, options: RelationOptions) {
    let written = |name: &FieldName| Name::written(&name.0);
    let all = |names: &FieldNames| names.0.iter().map(Name::written).collect::<Vec<_>>();
    let (near, far) = (options.near.as_ref().map(written), options.far.as_ref().map(written));
    let (near_key, far_key) = (options.foreign_key.as_ref().map(all), options.target_key.as_ref().map(all));
    let first = |names: &Option<Vec<Name>>| names.as_ref()?.first().map(|name| name.span);
    let morph = options.morph.as_ref().map(written);
    let pivot_order = options.order_by_pivot.unwrap_or_default().0;
    route.join = match (options.pivot.or_else(|| route.kept.clone()), options.table) {
        (Some(model), table) => {
            let columns = [("foreign_key", first(&near_key)), ("target_key", first(&far_key))];
            let table = [("table", table.map(|table| table.1))];
            route.stray = columns.into_iter().chain(table).filter_map(|(option, at)| Some((option, at?))).collect();
            Join::Model { model: Box::new(model), near, far, morph }
        }
        (None, Some(table)) => {
            let ends =
                [("near", near), ("far", far), ("morph", morph)].map(|(option, name)| (option, name.map(|it| it.span)));
            let order = [("order_by_pivot", pivot_order.first().map(|term| term.field.span()))];
            route.stray = ends.into_iter().chain(order).filter_map(|(option, at)| Some((option, at?))).collect();
            let inferred = |model: &str| vec![Name::inferred(key_of(model), place)];
            Join::Table {
                table: table.0,
                near: near_key.unwrap_or_else(|| inferred(owner)),
                far: far_key.unwrap_or_else(|| inferred(target)),
            }
        }
        (None, None) => Join::Missing,
    };
    route.order = pivot_order;
    route.distinct = options.distinct.is_some();
    route.symmetric = options.symmetric.map(|word| word.0);
    route.inverse = options.inverse.map(|name| name.0);
}

/// The foreign key that refers to a model where none is named.
fn key_of(model: &str) -> String {
    names::snake(model) + "_id"
}

/// What to say where a field's type and attribute do not agree, where to say it, and what the field was meant to be.
pub(crate) fn disagreement(
    field: &Field,
    attr: Option<&RelationAttr>,
    wrapper: Option<Wrapper>,
) -> (Wrapper, String, Span) {
    let written = readable(&field.ty);
    let place = word(&field.ty);
    let way = value::form("through");
    match (attr, wrapper) {
        (Some(attr), Some(wrapper)) if attr.kind == wrapper.kind => {
            let (attribute, target) = (attr.kind.attribute(), last_segment(&field.ty).and_then(argument));
            let target = target.as_ref().map_or_else(|| "..".to_owned(), readable);
            let direct = format!("{}<{target}>", attr.kind.type_name());
            let message = if wrapper.through {
                format!("a `{written}` needs its way; write `#[{attribute}({way})]`, or make the type `{direct}`")
            } else {
                let through = attr.kind.through_name().unwrap_or_default();
                format!("`through` does not go with `{written}`; make the type `{through}<{target}>`")
            };
            (wrapper, message, place)
        }
        (Some(attr), Some(wrapper)) => {
            let attribute = attr.kind.attribute();
            let through = attr.options.as_ref().is_some_and(|options| options.hops.is_some());
            let ty = type_name(attr.kind, through).unwrap_or_default();
            let message = format!(
                "`#[{attribute}]` does not go with `{written}`; make the type a `{ty}` or the attribute `#[{}]`",
                wrapper.kind.attribute()
            );
            (wrapper, message, place)
        }
        (Some(attr), None) => {
            let through = attr.options.as_ref().is_some_and(|options| options.hops.is_some());
            let (attribute, ty) = (attr.kind.attribute(), type_name(attr.kind, through).unwrap_or_default());
            let target = meant(&field.ty);
            let example = target.as_ref().map_or_else(|| "..".to_owned(), readable);
            let message = format!("`#[{attribute}]` does not go with `{written}`; make the type `{ty}<{example}>`");
            (Wrapper { kind: attr.kind, through, target, pivot: None }, message, place)
        }
        (None, wrapper) => {
            let wrapper =
                wrapper.unwrap_or(Wrapper { kind: Kind::BelongsTo, through: false, target: None, pivot: None });
            let options = if wrapper.through { format!("({way})") } else { String::new() };
            let message = format!("a `{written}` needs its attribute; add `#[{}{options}]`", wrapper.kind.attribute());
            (wrapper, message, place)
        }
    }
}

/// The model that a type without a relation field was likely meant to lead to: `Post` in `Vec<Post>`.
fn meant(ty: &Type) -> Option<Type> {
    let segment = last_segment(ty)?;
    match argument(segment) {
        Some(inner) => meant(&inner),
        None => {
            let name = segment.ident.to_string();
            (name.starts_with(char::is_uppercase) && name != "String").then(|| ty.clone())
        }
    }
}
