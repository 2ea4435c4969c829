//! What the user sees: the column constants, and a constant and two methods for each relation.

use proc_macro2::TokenStream;
use quote::quote;

use super::extends::position;
use super::{Item, Plan, constant};
use crate::attr::Kind;
use crate::model::{Column, Model, Other, Route};
use crate::names::list;
use crate::types::readable;

/// The inherent items, each as visible as its field.
pub(super) fn inherent(plan: &Plan<'_>) -> TokenStream {
    let ident = &plan.model.ident;
    let columns = plan.model.columns.iter().enumerate().filter(|(_, column)| column.has_constant);
    let columns = columns.map(|(at, column)| column_constant(plan.model, at, column));
    let sound = plan.sound.iter().map(|item| relation(plan.model, item));
    let faulty = plan.faulty.iter().map(|item| relation(plan.model, item));
    quote! {
        impl #ident {
            #(#columns)*
            #(#sound)*
            #(#faulty)*
        }
    }
}

fn column_constant(model: &Model, at: usize, column: &Column) -> TokenStream {
    let Column { vis, ty, deprecated, .. } = column;
    let (ident, name, at) = (&model.ident, constant(&column.name, &column.field), position(model, at));
    let doc = format!(" The column `{}`.", column.column);
    quote! {
        #[doc = #doc]
        #deprecated
        #vis const #name: __r::Column<#ident, #ty> = __r::Column::at(#at);
    }
}

fn relation(model: &Model, item: &Item<'_>) -> TokenStream {
    let Item { relation, ty, constant, .. } = item;
    let (vis, deprecated, accessor) = (&relation.vis, &relation.deprecated, &relation.field);
    let query = quote::format_ident!("{}_query", relation.name, span = accessor.span());
    let target = &relation.target;
    let handle = match (relation.kind, relation.optional) {
        (Kind::HasMany, _) => quote!(__r::Many<#target>),
        (_, true) => quote!(__r::Option<__r::Ref<#target>>),
        (_, false) => quote!(__r::Ref<#target>),
    };
    let key = super::relation::key_type(model, relation);
    let [relation_doc, accessor_doc, query_doc] = docs(model, item);
    quote! {
        #[doc = #relation_doc]
        #deprecated
        #vis const #constant: __r::RelationQuery<#ty> = __r::RelationQuery::new();
        #[doc = #accessor_doc]
        /// An error when the source cannot be read, or a row does not decode or is missing.
        #deprecated
        #vis fn #accessor(
            &self,
            source: &impl __r::Loads<#ty>,
        ) -> impl __r::Future<Output = __r::Result<#handle>> + __r::Send {
            __r::read::<#ty, _>(self, source)
        }
        #[doc = #query_doc]
        #deprecated
        #vis fn #query(&self) -> __r::Query<#target, (), #key> {
            __r::related::<#ty>(self)
        }
    }
}

/// What the constant, the accessor and the query say of the relation, its target and its key.
fn docs(model: &Model, Item { relation, .. }: &Item<'_>) -> [String; 3] {
    let (name, target) = (&relation.name, readable(&relation.target));
    let Route::ByKey(route) = &relation.route;
    let own = match route.own.as_slice() {
        [] => "the key".to_owned(),
        names => list(names.iter().map(|name| name.text.as_str())),
    };
    let other = match &route.other {
        Other::Key => "its key".to_owned(),
        Other::Fields(names) => list(names.iter().map(|name| name.text.as_str())),
    };
    let which = match relation.kind {
        Kind::BelongsTo => format!("the `{target}` that {own} refers to by {other}"),
        Kind::HasOne => format!("the `{target}` whose {other} refers to {own} of this `{}`", model.name),
        Kind::HasMany => format!("every `{target}` whose {other} refers to {own} of this `{}`", model.name),
    };
    let capital = which.replacen("the", "The", 1).replacen("every", "Every", 1);
    [
        format!(" The relation `{name}`: {which}."),
        format!(" {capital}. Loads it for this row and its peers at once, unless it is loaded."),
        format!(" A query on {which}; it is never cached."),
    ]
}
