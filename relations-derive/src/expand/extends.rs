//! What is written of a model that extends another: the ways to its columns, its key and its relations.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::relation::{Own, column};
use super::{Plan, number};
use crate::model::{ByKey, Model, Name, Parent, Relation};
use crate::types::{readable, word};

/// An item that the parent has as a model. A type that is no model is an error at the user's word.
fn item(Parent { ty, .. }: &Parent, item: &str) -> TokenStream {
    let (place, item) = (word(ty), Ident::new(item, word(ty)));
    quote_spanned!(place=> <#ty as __r::Model>::#item)
}

/// A bound on the parent, where it is an error at the user's word if the parent is no model.
pub(super) fn bound(Parent { ty, .. }: &Parent, name: &str, arguments: &TokenStream) -> TokenStream {
    let (place, name) = (word(ty), Ident::new(name, word(ty)));
    quote_spanned!(place=> #ty: __r::#name<#arguments>)
}

/// The same key as the parent's.
pub(super) fn key_columns(parent: &Parent) -> TokenStream {
    item(parent, "KEY")
}

/// The position of an own column: inherited ones come first.
pub(super) fn position(model: &Model, at: usize) -> TokenStream {
    let at = number(at);
    match &model.extends {
        Some(parent) => {
            let columns = item(parent, "COLUMNS");
            quote!(#columns.len() + #at)
        }
        None => quote!(#at),
    }
}

/// The columns: those that are inherited, then these.
pub(super) fn columns(model: &Model, parent: &Parent, own: &[TokenStream]) -> TokenStream {
    let (ty, len) = (&parent.ty, position(model, own.len()));
    quote!(&__r::inherit::columns::<#ty, { #len }>(&[#(#own),*]))
}

/// As an argument of a type.
pub(super) fn argument(model: &Model, at: usize) -> TokenStream {
    let position = position(model, at);
    if model.extends.is_some() { quote!({ #position }) } else { position }
}

/// The items of `impl Model` that other models lack.
pub(super) fn items(parent @ Parent { ty, .. }: &Parent, derived: bool) -> TokenStream {
    // What is wrong with the parent is no second error at its children.
    let derived = derived.then(|| item(parent, "DERIVED")).map(|derived| quote!(const DERIVED: bool = #derived;));
    quote! {
        #derived
        const EXTENDS: __r::Option<&'static __r::Ancestor> = __r::Option::Some(&__r::extended::<Self, #ty>());
        fn embed(origins: &__r::Origins, rows: __r::Arc<dyn __r::Embedding<Self>>) {
            __r::inherit::embed::<Self, #ty>(origins, rows);
        }
    }
}

/// The key is that of the parent.
pub(super) fn key(parent: &Parent) -> TokenStream {
    let (id, key, key_of, field) = (item(parent, "Id"), item(parent, "Key"), item(parent, "key_of"), &parent.field);
    quote! {
        type Id = #id;
        type Key = #key;
        fn key_of(id: Self::Id) -> Self::Key {
            #key_of(id)
        }
        fn key(&self) -> Self::Key {
            __r::Model::key(&self.#field)
        }
    }
}

/// The body of the static table: own relations, and all relations.
pub(super) fn descriptor(model: &Model, parent: &Parent, own: &[TokenStream]) -> TokenStream {
    let (ident, ty, len) = (&model.ident, &parent.ty, number(own.len()));
    let describe = quote!(__r::inherit::describe::<#ident, #ty>);
    if own.is_empty() {
        let inherited = item(parent, "DESCRIPTOR");
        return quote! {
            static DESCRIPTOR: __r::ModelDescriptor = #describe(&[], #inherited.relations);
        };
    }
    quote! {
        static OWN: [__r::RelationDescriptor; #len] = __r::inherit::own::<#ty, _>([#(#own),*]);
        static ALL: [__r::RelationDescriptor; __r::inherit::count::<#ident>()] = __r::inherit::all::<#ty, _>(&OWN);
        static DESCRIPTOR: __r::ModelDescriptor = #describe(&OWN, &ALL);
    }
}

/// What tells the compiler that the model extends another, and the checks of names that both have.
pub(super) fn impls(plan: &Plan<'_>, parent: &Parent) -> TokenStream {
    let (ident, Parent { field, ty }) = (&plan.model.ident, parent);
    let columns = plan.model.columns.iter().map(|column| {
        let (name, place) = (&column.name, column.field.span());
        quote_spanned!(place=> __r::check::new_column::<#ty>(#name))
    });
    let relations = plan.model.relations.iter().map(|relation| check(relation, parent));
    let inherits = bound(parent, "Inherits", &quote!(__P));
    let column_at = bound(parent, "ColumnAt", &quote!(__N, __T, __D));
    quote! {
        #(const _: () = #columns;)*
        #(const _: () = #relations;)*
        impl<__P: __r::Model> __r::Inherits<__P> for #ident
        where
            #inherits,
        {
            fn ancestor(&self) -> &__P {
                __r::Inherits::ancestor(&self.#field)
            }
        }
        impl<const __N: usize, __T, __D> __r::ColumnAt<__N, __T, __D> for #ident
        where
            #column_at,
        {
            fn get(&self) -> &__T {
                __r::ColumnAt::<__N, __T, __D>::get(&self.#field)
            }
        }
        #[automatically_derived]
        impl ::core::ops::Deref for #ident {
            type Target = #ty;
            fn deref(&self) -> &#ty {
                &self.#field
            }
        }
    }
}

/// A relation is new, or overrides one that is there.
fn check(relation: &Relation, Parent { ty, .. }: &Parent) -> TokenStream {
    let (name, place) = (&relation.name, relation.field.span());
    match relation.overrides {
        Some(_) => quote_spanned!(place=> __r::check::overrides::<#ty>(#name)),
        None => quote_spanned!(place=> __r::check::new_relation::<#ty>(#name)),
    }
}

/// The parent, if a relation goes by its key or by columns of it.
pub(super) fn lends<'a>(model: &'a Model, route: &ByKey) -> Option<&'a Parent> {
    let sees_all = !route.own.is_empty() && route.own.iter().all(|name| model.position(name).is_some());
    model.extends.as_ref().filter(|_| !sees_all)
}

/// A key of which the struct does not show the types: the inherited one, or what refers to the target's.
pub(super) fn own(model: &Model, parent: &Parent, relation: &Relation, route: &ByKey) -> Own {
    let (ident, width) = (&model.ident, number(route.width()));
    let first = route.own.first().map_or_else(|| route.other_word(relation, 0), |name| name.span);
    let types = vec![quote!(_); route.width()];
    let (lookups, key, value): (Vec<_>, _, _) = if route.own.is_empty() {
        let lookups = (0..route.width()).map(|part| {
            let (place, part) = (route.other_word(relation, part), number(part));
            quote_spanned!(place=> __r::check::key_column::<#ident>(#part, #width))
        });
        (lookups.collect(), item(parent, "Key"), quote!(__r::Model::key(owner)))
    } else {
        let target = &relation.target;
        let lookups = route.own.iter().map(|name| lookup(model, relation, name));
        let parts = route.own.iter().enumerate().map(|(part, name)| {
            let (owner, part) = (Ident::new("owner", name.span.resolved_at(Span::call_site())), number(part));
            let column = quote_spanned!(name.span=> { Self::OWN[#part] });
            quote_spanned!(name.span=> __r::KeyPart::key_part(__r::ColumnAt::<#column, _, _>::get(#owner))?)
        });
        (lookups.collect(), quote!(<#target as __r::Model>::Key), quote!((#(#parts,)*)))
    };
    Own {
        columns: quote_spanned!(first=> &Self::OWN),
        lookup: quote!(const OWN: [usize; #width] = [#(#lookups),*];),
        key,
        types,
        value,
    }
}

/// The position of a foreign key that may be inherited.
fn lookup(model: &Model, relation: &Relation, name: &Name) -> TokenStream {
    let column = column(relation, &model.ident, name);
    if relation.optional {
        return column;
    }
    let (ident, target, place) = (&model.ident, readable(&relation.target), word(&relation.target));
    quote_spanned!(place=> __r::check::never_null::<#ident>(#column, #target))
}
