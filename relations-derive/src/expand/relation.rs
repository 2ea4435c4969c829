//! `impl Relation`: one unit type for each relation, and the checks of the names that it uses in its target.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::Type;

use super::{Item, Plan, cache, extends, number, through};
use crate::model::{ByKey, Join, Model, Name, Other, Relation, Route};
use crate::names;
use crate::value::Term;

/// A sound relation.
pub(super) fn relation(plan: &Plan<'_>, item: &Item<'_>) -> TokenStream {
    let cached = cache::checks(item.relation);
    let relation = match &item.relation.route {
        Route::ByKey(route) => by_key(plan, item, route),
        Route::OverPivot(route) => super::pivot::over_pivot(plan, item, route),
        Route::Morph(route) => super::morph::relation(plan, item, route),
        Route::Through(route) => through::relation(plan, item, route),
    };
    quote!(#relation #cached)
}

fn by_key(plan: &Plan<'_>, item: &Item<'_>, route: &ByKey) -> TokenStream {
    let (Item { relation, index, ty, .. }, model) = (item, plan.model);
    let (ident, target, index) = (&model.ident, &relation.target, number(*index));
    let (field, field_ty) = (&relation.field, &relation.ty);
    let Own { columns: owner_columns, lookup, key, types, value } = own(model, relation, route);
    let columns = list("COLUMNS", route.first_word(relation));
    let inverse_place = match &route.other {
        Other::Morph(field) => field.span(),
        Other::Key | Other::Fields(_) => route.inverse.as_ref().map_or_else(Span::call_site, Ident::span),
    };
    let inverse = constant("INVERSE", inverse_place);
    let order = relation.order.first().map_or_else(|| quote!(&[]), |term| list("ORDER", term.field.span()));
    let (unit, checks, place) = (unit(model, item), checks(model, item, route, &lookup), place(model, item));
    let cached = cache::cached(relation);
    let super::morph::Direct { constant, by_morph, back, target_key } = match &route.other {
        Other::Morph(field) => super::morph::direct(plan, item, &inverse, field.span()),
        Other::Key | Other::Fields(_) => {
            let parts = types.iter().enumerate().map(|(part, key)| target_part(relation, route, part, key));
            // Where the width of the key is not in sight, the compiler compares it, here.
            let parts = quote_spanned!(route.first_word(relation)=> (#(#parts,)*));
            super::morph::Direct {
                back: quote!(<#target as __r::RelationAt<{ #inverse }, #ident>>::Relation),
                target_key: quote!(__r::Option::Some(#parts)),
                ..Default::default()
            }
        }
    };
    quote! {
        #unit
        #checks
        #place
        impl __r::Relation for #ty {
            type Owner = #ident;
            type Field = #field_ty;
            type Key = #key;
            type Route = __r::ByKey;
            const INDEX: usize = #index;
            const DESCRIPTOR: __r::RelationDescriptor =
                __r::describe_relation::<Self>(#owner_columns, #columns, #inverse, #order)#constant #cached;
            fn field(owner: &#ident) -> &Self::Field {
                &owner.#field
            }
            fn owner_key(owner: &#ident) -> __r::Option<Self::Key> {
                __r::Option::Some(#value)
            }
        }
        impl __r::Direct for #ty {
            type Inverse = #back;
            fn target_key(target: &#target) -> __r::Option<Self::Key> {
                #target_key
            }
        }
        #by_morph
    }
}

/// The owner's side of a key.
pub(super) struct Own {
    /// Its columns, as a slice of positions.
    pub(super) columns: TokenStream,
    /// How the columns are looked up, where they are not in sight.
    pub(super) lookup: TokenStream,
    /// The type of the key.
    pub(super) key: TokenStream,
    /// The types of its parts.
    pub(super) types: Vec<TokenStream>,
    /// The key of `owner`.
    pub(super) value: TokenStream,
}

fn own(model: &Model, relation: &Relation, route: &ByKey) -> Own {
    if let Some(parent) = extends::lends(model, route) {
        return extends::own(model, parent, relation, route);
    }
    // A sound relation names only columns that are there.
    let positions: Vec<_> = route.own.iter().filter_map(|name| model.position(name)).collect();
    let (fields, types): (Vec<_>, Vec<_>) = positions
        .iter()
        .filter_map(|&at| model.columns.get(at))
        .map(|column| (&column.field, column.bare.to_token_stream()))
        .unzip();
    let positions = positions.iter().map(|&at| extends::position(model, at));
    Own {
        columns: quote!(&[#(#positions),*]),
        lookup: TokenStream::new(),
        key: quote!((#(#types,)*)),
        value: quote!((#(__r::KeyPart::<#types>::key_part(&owner.#fields)?,)*)),
        types,
    }
}

/// The type of a relation's key; `()` if it has a fault.
pub(super) fn key_type(model: &Model, Item { relation, ty, .. }: &Item<'_>) -> TokenStream {
    match &relation.route {
        _ if !relation.sound => quote!(()),
        Route::ByKey(route) => own(model, relation, route).key,
        Route::OverPivot(route) => super::pivot::key(relation, route, &quote!(#ty)),
        Route::Morph(_) | Route::Through(_) => quote!(()),
    }
}

/// One part of the key at the target. A type that does not match is an error at the user's word for it.
fn target_part(relation: &Relation, route: &ByKey, part: usize, key: &impl ToTokens) -> TokenStream {
    let place = route.other_word(relation, part);
    let local = Ident::new("target", place.resolved_at(Span::call_site()));
    // The lookup is reported once, for all parts at the first word; the type where the part is named.
    let first = route.first_word(relation);
    let (columns, part) = (constant("COLUMNS", first), number(part));
    let column = quote_spanned!(first=> { #columns[#part] });
    quote_spanned!(place=> __r::KeyPart::<#key>::key_part(__r::ColumnAt::<#column, _, _>::get(#local))?)
}

/// The target's columns and the inverse, looked up once: a wrong name is one error, at the user's word.
fn checks(model: &Model, item: &Item<'_>, route: &ByKey, own: &TokenStream) -> TokenStream {
    let (Item { relation, index, ty, .. }, ident) = (item, &model.ident);
    let target = &relation.target;
    let (index, width) = (number(*index), number(route.width()));
    let columns = match &route.other {
        Other::Key => {
            let parts = (0..route.width()).map(|part| {
                let (place, part) = (route.other_word(relation, part), number(part));
                quote_spanned!(place=> __r::check::key_column::<#target>(#part, #width))
            });
            quote!([#(#parts),*])
        }
        Other::Fields(names) => {
            // Where the own key is not known, the target's is not looked at.
            let parts = names.iter().take(route.width()).map(|name| column(relation, target, name));
            quote!([#(#parts),*])
        }
        Other::Morph(field) => {
            let morph = constant("INVERSE", field.span());
            quote_spanned!(field.span()=> __r::check::morph_id::<#target, #width>(#morph))
        }
    };
    let inverse = match (&route.other, &route.inverse) {
        (Other::Morph(field), _) => {
            let name = names::text(field);
            quote_spanned!(field.span()=> __r::check::morph::<#target>(#name))
        }
        (_, Some(field)) => {
            let back = names::text(field);
            quote_spanned!(field.span()=> __r::check::inverse::<#ident, #target>(#back, #index))
        }
        (_, None) => quote!(__r::check::inverse_declared_by::<#ident, #target>(#index)),
    };
    let order = order("ORDER", relation, target, &relation.order);
    quote! {
        impl #ty {
            #own
            const COLUMNS: [usize; #width] = #columns;
            const INVERSE: usize = #inverse;
            #order
        }
    }
}

/// A declared order by columns of this model, as a constant; nothing without one.
pub(super) fn order(name: &str, relation: &Relation, of: &Type, terms: &[Term]) -> TokenStream {
    if terms.is_empty() {
        return TokenStream::new();
    }
    let (name, len) = (Ident::new(name, Span::call_site()), number(terms.len()));
    let terms = terms.iter().map(|term| {
        let (column, descending) = (column(relation, of, &Name::written(&term.field)), term.descending);
        quote!(__r::OrderDescriptor { column: #column, descending: #descending })
    });
    quote!(const #name: [__r::OrderDescriptor; #len] = [#(#terms),*];)
}

/// The position of a column of this model.
pub(super) fn column(relation: &Relation, of: &impl ToTokens, name: &Name) -> TokenStream {
    let text = &name.text;
    if name.inferred {
        let relation = &relation.name;
        return quote_spanned!(name.span=> __r::check::default_column::<#of>(#text, #relation));
    }
    quote_spanned!(name.span=> __r::check::column::<#of>(#text))
}

impl ByKey {
    /// The user's word for one part of the key on the other side.
    pub(super) fn other_word(&self, relation: &Relation, part: usize) -> Span {
        let names = match &self.other {
            Other::Key => &self.own,
            Other::Fields(names) => names,
            Other::Morph(field) => return field.span(),
        };
        names.get(part).map_or(relation.place, |name| name.span)
    }

    /// Where all parts of the key are reported together.
    fn first_word(&self, relation: &Relation) -> Span {
        self.other_word(relation, 0)
    }
}

/// Where what is wrong with the names of a relation is reported.
pub(super) fn first_word(relation: &Relation) -> Span {
    match &relation.route {
        Route::ByKey(route) => route.first_word(relation),
        Route::OverPivot(route) => super::pivot::first_word(relation, route),
        Route::Morph(_) => crate::check::target_word(relation),
        Route::Through(route) => route.hops.get(1).map_or(relation.place, Ident::span),
    }
}

/// A constant of the unit type, used where its own error is: then the compiler points there once.
pub(super) fn constant(name: &str, span: Span) -> TokenStream {
    let name = Ident::new(name, span);
    quote_spanned!(span=> Self::#name)
}

/// Where other models find the relation. One that is less visible than its model is found by its target's type only,
/// so that a private target stays as private as it is.
pub(super) fn place(model: &Model, item: &Item<'_>) -> TokenStream {
    let (ident, target, ty, index) = (&model.ident, &item.relation.target, &item.ty, number(item.index));
    if is_as_visible(model, item.relation) {
        let relation = quote_spanned!(crate::types::word(target)=> type Relation = #ty;);
        return quote!(impl __r::HopAt<#index> for #ident { #relation });
    }
    quote! {
        impl __r::RelationAt<#index, #target> for #ident {
            type Relation = #ty;
        }
    }
}

/// Whether a relation, and what it starts with, is written to be as visible as its model.
pub(super) fn is_as_visible(model: &Model, relation: &Relation) -> bool {
    let is_so = relation.vis.to_token_stream().to_string() == model.vis.to_token_stream().to_string();
    match &relation.route {
        Route::Through(route) => is_so && model.first(route).is_none_or(|first| is_as_visible(model, first)),
        _ => is_so,
    }
}

/// The type that stands for a relation. It names the models on its way, so that it is only as visible as they are: a
/// private target may not be reached through a public type.
pub(super) fn unit(model: &Model, item: &Item<'_>) -> TokenStream {
    let (vis, ty, target) = (&model.vis, &item.ty, &item.relation.target);
    let on_the_way = match &item.relation.route {
        Route::OverPivot(route) => match &route.join {
            Join::Model { model, .. } => Some(&**model),
            Join::Table { .. } | Join::Missing => None,
        },
        Route::Through(route) => model.first(route).map(|first| &first.target),
        _ => None,
    };
    let named = on_the_way.map_or_else(|| quote!(#target), |on_the_way| quote!((#on_the_way, #target)));
    quote! {
        #[doc(hidden)]
        #[derive(__r::Clone, __r::Copy)]
        #vis struct #ty<__T = fn() -> #named>(__r::PhantomData<__T>);
    }
}

/// Such a constant as a slice.
pub(super) fn list(name: &str, span: Span) -> TokenStream {
    let constant = constant(name, span);
    quote_spanned!(span=> &#constant)
}

/// The kind in the core.
pub(super) fn kind(relation: &Relation) -> TokenStream {
    let name = match relation.route {
        Route::Through(_) => relation.kind.through_name().unwrap_or_default(),
        _ => relation.kind.type_name(),
    };
    let kind = format_ident!("{name}");
    quote!(__r::RelationKind::#kind)
}
