//! What the user sees: the column constants, and a constant and two methods for each relation.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::extends::position;
use super::{Item, Plan, constant};
use crate::attr::Kind;
use crate::model::{Column, Join, Model, Name, Other, Relation, Route};
use crate::names::{self, list};
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
    let target = &relation.target;
    let handle = match (relation.kind, relation.optional) {
        (Kind::HasMany, _) if relation.sound && matches!(relation.route, Route::Through(_)) => {
            quote!(__r::Linked<#target>)
        }
        (Kind::HasMany, _) => quote!(__r::Many<#target>),
        (Kind::ManyToMany, _) => {
            let kept = relation.kept().map_or_else(|| quote!(()), |kept| quote!(#kept));
            quote!(__r::Linked<#target, #kept>)
        }
        (Kind::MorphTo, true) => quote!(__r::Option<#target>),
        (Kind::MorphTo, false) => quote!(#target),
        (_, true) => quote!(__r::Option<__r::Ref<#target>>),
        (_, false) => quote!(__r::Ref<#target>),
    };
    let which = which(model, relation);
    let query = relation.route.has_query().then(|| query(model, item, &which));
    let (first, rest) = which.split_at(1);
    let capital = first.to_uppercase() + rest;
    let relation_doc = format!(" The relation `{}`: {which}.", relation.name);
    let accessor_doc = format!(
        " {capital}. Loads it for this row and its peers at once, unless it is loaded. \
         An error when the source cannot be read, or a row does not decode or is missing."
    );
    quote! {
        #[doc = #relation_doc]
        #deprecated
        #vis const #constant: __r::RelationQuery<#ty> = __r::RelationQuery::new();
        #[doc = #accessor_doc]
        #deprecated
        #[track_caller]
        #vis fn #accessor(
            &self,
            source: &impl __r::Loads<#ty>,
        ) -> impl __r::Future<Output = __r::Result<#handle>> + __r::Send {
            __r::read::<#ty, _>(self, source)
        }
        #query
    }
}

fn query(model: &Model, item: &Item<'_>, which: &str) -> TokenStream {
    let Item { relation, ty, .. } = item;
    let (vis, deprecated, target) = (&relation.vis, &relation.deprecated, &relation.target);
    let query = quote::format_ident!("{}_query", relation.name, span = relation.field.span());
    let key = super::relation::key_type(model, item);
    // What is wrong with the key's type is wrong with the query's: it is said where that stands, once.
    let name = Ident::new("Query", Span::call_site());
    let way = matches!(relation.route, Route::OverPivot(_)).then(|| quote!(, #ty));
    let query_ty = quote_spanned!(key.span()=> __r::#name<#target, (), #key #way>);
    let doc = format!(" A query on {which}; it is never cached.");
    // Inlined, so that what is not called is not compiled.
    quote! {
        #[doc = #doc]
        #deprecated
        #[inline]
        #vis fn #query(&self) -> #query_ty {
            __r::related::<#ty>(self)
        }
    }
}

/// What is said of the relation: its target, and its key or its way.
fn which(model: &Model, relation: &Relation) -> String {
    let target = readable(&relation.target);
    let texts = |names: &[Name]| list(names.iter().map(|name| name.text.as_str()));
    match &relation.route {
        Route::OverPivot(route) => {
            let join = match &route.join {
                Join::Model { model: pivot, .. } => format!("`{}`", readable(pivot)),
                Join::Table { table, .. } => format!("`{table}`"),
                Join::Missing => "a join table".to_owned(),
            };
            format!("every `{target}` that {join} joins to this `{}`", model.name)
        }
        Route::Through(route) => {
            let way = route.hops.iter().map(names::text).collect::<Vec<_>>().join(".");
            match relation.kind.is_many() {
                true => format!("every `{target}` that `{way}` leads to, each once"),
                false => format!("the `{target}` that `{way}` leads to"),
            }
        }
        Route::Morph(route) => {
            let (kind, id) = (&route.kind.text, texts(&route.id));
            format!("the row of the model that `{kind}` names, with the key {id}")
        }
        Route::ByKey(route) => {
            let own = if route.own.is_empty() { "the key".to_owned() } else { texts(&route.own) };
            let other = match &route.other {
                Other::Key => "its key".to_owned(),
                Other::Fields(names) => texts(names),
                Other::Morph(field) => format!("`{}`", names::text(field)),
            };
            match relation.kind {
                Kind::HasOne => format!("the `{target}` whose {other} refers to {own} of this `{}`", model.name),
                Kind::HasMany => format!("every `{target}` whose {other} refers to {own} of this `{}`", model.name),
                _ => format!("the `{target}` that {own} refers to by {other}"),
            }
        }
    }
}
