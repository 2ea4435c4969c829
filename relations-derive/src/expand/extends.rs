//! What is written of a model that extends another: the ways to its columns, its key and its relations.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::relation::{Own, column};
use super::{Plan, number};
use crate::model::{ByKey, Model, Name, Parent, Relation};
use crate::types::{readable, word};

/// The position of an own column: inherited ones come first.
pub(super) fn position(model: &Model, at: usize) -> TokenStream {
    let at = number(at);
    match &model.extends {
        Some(Parent { ty, .. }) => quote!(<#ty as __r::Model>::COLUMNS.len() + #at),
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
pub(super) fn items(Parent { ty, .. }: &Parent) -> TokenStream {
    quote! {
        const EXTENDS: __r::Option<&'static __r::Ancestor> = __r::Option::Some(&__r::inherit::ancestor::<#ty>());
        fn embed(origins: &__r::Origins, rows: __r::Arc<dyn __r::Embedding<Self>>) {
            __r::inherit::embed::<Self, #ty>(origins, rows);
        }
    }
}

/// The key is that of the parent.
pub(super) fn key(Parent { field, ty }: &Parent) -> TokenStream {
    quote! {
        type Id = <#ty as __r::Model>::Id;
        type Key = <#ty as __r::Model>::Key;
        fn key_of(id: Self::Id) -> Self::Key {
            <#ty as __r::Model>::key_of(id)
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
        return quote! {
            static DESCRIPTOR: __r::ModelDescriptor = #describe(&[], <#ty as __r::Model>::DESCRIPTOR.relations);
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
    quote! {
        #(const _: () = #columns;)*
        #(const _: () = #relations;)*
        impl<__P: __r::Model> __r::Inherits<__P> for #ident
        where
            #ty: __r::Inherits<__P>,
        {
            fn ancestor(&self) -> &__P {
                __r::Inherits::ancestor(&self.#field)
            }
        }
        impl<const __N: usize, __T, __D> __r::ColumnAt<__N, __T, __D> for #ident
        where
            #ty: __r::ColumnAt<__N, __T, __D>,
        {
            fn get(&self) -> &__T {
                __r::ColumnAt::<__N, __T, __D>::get(&self.#field)
            }
        }
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
pub(super) fn own(model: &Model, Parent { ty, .. }: &Parent, relation: &Relation, route: &ByKey) -> Own {
    let (ident, width) = (&model.ident, number(route.width()));
    let types = vec![quote!(_); route.width()];
    let (lookups, key, value): (Vec<_>, _, _) = if route.own.is_empty() {
        let lookups = (0..route.width()).map(|part| {
            let (place, part) = (route.other_word(relation, part), number(part));
            quote_spanned!(place=> __r::check::key_column::<#ident>(#part, #width))
        });
        (lookups.collect(), quote!(<#ty as __r::Model>::Key), quote!(__r::Model::key(owner)))
    } else {
        let target = &relation.target;
        let lookups = route.own.iter().map(|name| lookup(model, relation, name));
        let parts = route.own.iter().enumerate().map(|(part, name)| {
            let (owner, part) = (Ident::new("owner", name.span.resolved_at(Span::call_site())), number(part));
            quote_spanned!(name.span=>
                __r::KeyPart::key_part(<#ident as __r::ColumnAt<{ Self::OWN[#part] }, _, _>>::get(#owner))?
            )
        });
        (lookups.collect(), quote!(<#target as __r::Model>::Key), quote!((#(#parts,)*)))
    };
    Own {
        columns: quote!(&Self::OWN),
        lookup: quote!(const OWN: [usize; #width] = [#(#lookups),*];),
        key,
        types,
        value,
    }
}

/// The position of a foreign key that may be inherited.
fn lookup(model: &Model, relation: &Relation, name: &Name) -> TokenStream {
    let column = column(&model.ident, relation, name);
    if relation.optional {
        return column;
    }
    let (ident, target, place) = (&model.ident, readable(&relation.target), word(&relation.target));
    quote_spanned!(place=> __r::check::never_null::<#ident>(#column, #target))
}
