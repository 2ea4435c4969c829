//! Defaults: what a field's type and name say, where the user has not said otherwise.

use proc_macro2::Span;
use syn::{Field, Type};

use crate::attr::{Kind, RelationAttr, RelationOptions};
use crate::model::{ByKey, Column, Model, Name, Other, Route};
use crate::names;
use crate::types::{argument, last_segment, readable, word};

/// What a field's type says of its relation.
pub(crate) struct Wrapper {
    pub(crate) kind: Kind,
    /// The generic argument, if there is one.
    pub(crate) target: Option<Type>,
}

/// `BelongsTo<..>`, `HasOne<..>` or `HasMany<..>`, by the last word of the type.
pub(crate) fn wrapper(ty: &Type) -> Option<Wrapper> {
    let segment = last_segment(ty)?;
    let kind = Kind::ALL.into_iter().find(|kind| segment.ident == kind.type_name())?;
    Some(Wrapper { kind, target: argument(segment) })
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
pub(crate) fn link(model: &mut Model, at: usize, options: RelationOptions) {
    let default_owner_key = names::snake(&model.name) + "_id";
    let own_key: Vec<_> = model.key.iter().filter_map(|&key| model.columns.get(key)).map(|c| c.name.clone()).collect();
    let Some(relation) = model.relations.get_mut(at) else { return };
    let written = |names: &[_]| -> Vec<Name> { names.iter().map(Name::written).collect() };
    let foreign_key = options.foreign_key.map(|names| written(&names.0));
    let references = options.references.map(|names| written(&names.0));
    let place = relation.field.span();
    let (own, other) = match relation.kind {
        Kind::BelongsTo => (
            foreign_key.unwrap_or_else(|| vec![Name::inferred(format!("{}_id", relation.name), place)]),
            references.map_or(Other::Key, Other::Fields),
        ),
        Kind::HasOne | Kind::HasMany => (
            references.unwrap_or_else(|| own_key.into_iter().map(|name| Name::inferred(name, place)).collect()),
            Other::Fields(foreign_key.unwrap_or_else(|| vec![Name::inferred(default_owner_key, place)])),
        ),
    };
    relation.route = Route::ByKey(ByKey { own, other, inverse: options.inverse.map(|name| name.0) });
    relation.order = options.order_by.unwrap_or_default().0;
    relation.overrides = options.overrides.map(|word| word.0);
}

/// What to say where a field's type and attribute do not agree, where to say it, and what the field was meant to be.
pub(crate) fn disagreement(
    field: &Field,
    attr: Option<&RelationAttr>,
    wrapper: Option<Wrapper>,
) -> (Wrapper, String, Span) {
    let written = readable(&field.ty);
    let place = word(&field.ty);
    match (attr, wrapper) {
        (Some(attr), Some(wrapper)) => {
            let (attribute, ty) = (attr.kind.attribute(), attr.kind.type_name());
            let message = format!(
                "`#[{attribute}]` does not go with `{written}`; make the type a `{ty}` or the attribute `#[{}]`",
                wrapper.kind.attribute()
            );
            (wrapper, message, place)
        }
        (Some(attr), None) => {
            let (attribute, ty) = (attr.kind.attribute(), attr.kind.type_name());
            let target = meant(&field.ty);
            let example = target.as_ref().map_or_else(|| "..".to_owned(), readable);
            let message = format!("`#[{attribute}]` does not go with `{written}`; make the type `{ty}<{example}>`");
            (Wrapper { kind: attr.kind, target }, message, place)
        }
        (None, wrapper) => {
            let wrapper = wrapper.unwrap_or(Wrapper { kind: Kind::BelongsTo, target: None });
            let message = format!("a `{written}` needs its attribute; add `#[{}]`", wrapper.kind.attribute());
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
