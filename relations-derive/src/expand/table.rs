//! `impl Model`: the leaf constants and the static table.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::{Item, Plan, cache, extends, number, optional};
use crate::attr::Kind;
use crate::model::{ByKey, Column, Join, Model, Name, Other, Relation, Route};
use crate::names;
use crate::types::{readable, word};

/// The model itself.
pub(super) fn model(plan: &Plan<'_>) -> TokenStream {
    let model = plan.model;
    let (ident, name, table) = (&model.ident, &model.name, &model.table);
    let path = format!("::{name}");
    let parent = model.extends.as_ref();
    let columns: Vec<_> = model.columns.iter().map(column).collect();
    let columns = match parent {
        Some(parent) => extends::columns(model, parent, &columns),
        None => quote!(&[#(#columns),*]),
    };
    let positions = model.key.iter().map(|&at| number(at));
    let positions = match parent {
        Some(parent) => extends::key_columns(parent),
        None => quote!(&[#(#positions),*]),
    };
    let leaves = plan.sound.iter().map(|item| leaf(model, item.relation));
    let derived = (!plan.derived).then(|| {
        quote!(
            const DERIVED: bool = false;
        )
    });
    let descriptor = descriptor(plan);
    let key = parent.map_or_else(|| key(plan), extends::key);
    let inherited = parent.map(|parent| extends::items(parent, plan.derived));
    let (rows, heap_size) = if plan.derived { cache::items(model) } else { Default::default() };
    let embedded: Vec<_> = parent.into_iter().filter(|_| plan.derived).map(|parent| &parent.field).collect();
    let attach = plan.sound.iter().filter(|_| plan.derived).map(|Item { relation, index, .. }| {
        let field = &relation.field;
        let index = number(*index);
        quote!(self.#field.attach(origins, #index);)
    });
    let clear = plan.sound.iter().filter(|_| plan.derived).map(|Item { relation, .. }| {
        let field = &relation.field;
        quote!(self.#field.clear();)
    });
    let no_relation = plan.derived.then(|| super::fallback::no_relation(ident, &syn::Generics::default()));
    let origins =
        if plan.derived && !(plan.sound.is_empty() && embedded.is_empty()) { quote!(origins) } else { quote!(_) };
    // Inlined, so that a crate of models is not compiled with code that it does not use.
    quote! {
        #[automatically_derived]
        impl __r::Model for #ident {
            #key
            const NAME: &'static str = #name;
            const PATH: &'static str = __r::concat!(__r::module_path!(), #path);
            const TABLE: &'static str = #table;
            const COLUMNS: &'static [__r::ColumnDescriptor] = #columns;
            const KEY: &'static [usize] = #positions;
            const RELATIONS: &'static [__r::RelationLeaf] = &[#(#leaves),*];
            #derived
            #inherited
            #rows
            #descriptor
            #[inline]
            fn attach(&mut self, #origins: &__r::Origins) {
                #(__r::Model::attach(&mut self.#embedded, origins.inherited());)*
                #(#attach)*
            }
            #[inline]
            fn clear(&self) {
                #(__r::Model::clear(&self.#embedded);)*
                #(#clear)*
            }
            #heap_size
        }
        #no_relation
    }
}

fn column(column: &Column) -> TokenStream {
    let Column { name, column, nullable, ty, .. } = column;
    let type_name = readable(ty);
    quote! {
        __r::ColumnDescriptor { field: #name, column: #column, type_name: #type_name, nullable: #nullable }
    }
}

/// What other models may know of a relation.
fn leaf(model: &Model, relation: &Relation) -> TokenStream {
    let Relation { name, target, .. } = relation;
    let kind = super::relation::kind(relation);
    let inverse = |field: Option<&Ident>| optional(field.map(names::text));
    let leaf = match &relation.route {
        Route::ByKey(route) => {
            let inverse = match &route.other {
                Other::Morph(field) => inverse(Some(field)),
                Other::Key | Other::Fields(_) => inverse(route.inverse.as_ref()),
            };
            let foreign_key = foreign_key(relation.kind, route).iter().map(|name| &name.text);
            quote!(__r::leaf::<#target>(#name, #kind, &[#(#foreign_key),*], #inverse))
        }
        Route::OverPivot(route) => {
            let inverse = inverse(route.inverse.as_ref());
            let pivot = match &route.join {
                Join::Model { model, .. } => quote!(<#model as __r::Model>::PATH),
                Join::Table { table, .. } => quote!(#table),
                Join::Missing => quote!(""),
            };
            quote!(__r::leaf::<#target>(#name, #kind, &[], #inverse).over(#pivot))
        }
        Route::Morph(route) => {
            let foreign_key = std::iter::once(&route.kind).chain(&route.id).map(|name| &name.text);
            quote!(__r::morph_leaf(#name, &[#(#foreign_key),*]))
        }
        Route::Through(_) => quote!(__r::leaf::<#target>(#name, #kind, &[], __r::Option::None)),
    };
    let hidden = (!super::relation::is_as_visible(model, relation)).then(|| quote!(.hidden()));
    quote!(#leaf #hidden)
}

/// The foreign key, on whichever side it is.
fn foreign_key(kind: Kind, route: &ByKey) -> &[Name] {
    match (kind, &route.other) {
        (Kind::BelongsTo, _) | (_, Other::Key) => &route.own,
        (_, Other::Fields(names)) => names,
        (_, Other::Morph(_)) => &[],
    }
}

fn descriptor(plan: &Plan<'_>) -> TokenStream {
    let ident = &plan.model.ident;
    let relations = plan.sound.iter().map(|item| {
        let (ty, span) = (&item.ty, super::relation::first_word(item.relation));
        quote_spanned!(span=> <#ty as __r::Relation>::DESCRIPTOR)
    });
    let relations: Vec<_> = relations.collect();
    let table = match &plan.model.extends {
        Some(parent) => extends::descriptor(plan.model, parent, &relations),
        None => quote! {
            static DESCRIPTOR: __r::ModelDescriptor = __r::describe::<#ident>(&[#(#relations),*]);
        },
    };
    quote! {
        const DESCRIPTOR: &'static __r::ModelDescriptor = {
            #table
            &DESCRIPTOR
        };
    }
}

/// The key's types, and the two ways to one.
fn key(plan: &Plan<'_>) -> TokenStream {
    let columns: Vec<_> = plan.model.key.iter().filter_map(|&at| plan.model.columns.get(at)).collect();
    let types: Vec<_> = columns.iter().map(|column| &column.ty).collect();
    // A type that cannot be a key is an error at the first part of it.
    let place = columns.first().map_or_else(Span::call_site, |column| word(&column.ty));
    let key = quote_spanned!(place=> (#(#types,)*));
    let parts = columns.iter().map(|column| &column.field);
    let (id, tuple) = match columns.as_slice() {
        [] => return super::fallback::no_key(),
        [one] => {
            let ty = &one.ty;
            (quote!(#ty), quote!((id,)))
        }
        _ => (quote!((#(#types),*)), quote!(id)),
    };
    quote! {
        type Id = #id;
        type Key = #key;
        fn key_of(id: Self::Id) -> Self::Key {
            #tuple
        }
        fn key(&self) -> Self::Key {
            (#(__r::Clone::clone(&self.#parts),)*)
        }
    }
}
