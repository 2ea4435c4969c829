//! `impl Pivoted`: a relation over a join table, and the checks of what it names there.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::relation::{constant, list, order, place, unit};
use super::{Item, Plan, cache, number};
use crate::model::{Join, Model, Name, OverPivot, Relation};
use crate::names;
use crate::types::{self, word};

/// A sound relation over a join table.
pub(super) fn over_pivot(plan: &Plan<'_>, item: &Item<'_>, route: &OverPivot) -> TokenStream {
    let (Item { relation, index, ty, .. }, model) = (item, plan.model);
    let (ident, index) = (&model.ident, number(*index));
    let (field, field_ty) = (&relation.field, &relation.ty);
    let inverse = constant("INVERSE", route.inverse.as_ref().map_or_else(Span::call_site, Ident::span));
    let orders = [("ORDER", &relation.order), ("PIVOT_ORDER", &route.order)]
        .map(|(name, terms)| terms.first().map_or_else(|| quote!(&[]), |term| list(name, term.field.span())));
    let [order, pivot_order] = orders;
    let distinct = route.distinct;
    let way = if route.symmetric.is_some() { quote!(BothWays) } else { quote!(OneWay) };
    let described = quote_spanned! {route.symmetric.unwrap_or_else(Span::call_site)=>
        __r::describe_pivoted::<Self, __r::#way>(#inverse, #order, #pivot_order, #distinct)
    };
    let (key, cached) = (key(relation, route, &quote!(Self)), cache::cached(relation));
    // The compiler compares the whole signature with the trait's, and reports the key's type there. A name that is not
    // the user's keeps it from calling the path too long.
    let option = Ident::new("Option", Span::call_site());
    let owner_key = quote_spanned! {first_word(relation, route)=>
        fn owner_key(owner: &#ident) -> __r::#option<Self::Key> {
            __r::near_key::<Self>(owner)
        }
    };
    let (unit, place) = (unit(model, item), place(model, item));
    let (checks, join) = (checks(model, item, route), join(model, item, route));
    quote! {
        #unit
        #checks
        #place
        impl __r::Relation for #ty {
            type Owner = #ident;
            type Field = #field_ty;
            type Key = #key;
            type Route = __r::OverPivot<__r::#way>;
            const INDEX: usize = #index;
            const DESCRIPTOR: __r::RelationDescriptor = #described #cached;
            fn field(owner: &#ident) -> &Self::Field {
                &owner.#field
            }
            #owner_key
        }
        #join
    }
}

/// How the join table's rows refer to both sides.
fn join(model: &Model, item: &Item<'_>, route: &OverPivot) -> TokenStream {
    let (Item { relation, ty, .. }, ident) = (item, &model.ident);
    let target = &relation.target;
    match &route.join {
        Join::Model { model: pivot, .. } => {
            let place = first_word(relation, route);
            let (ends, pivot_at) = (constant("ENDS", place), types::at(pivot, place));
            let end = |at: usize, leads_to: TokenStream| {
                let at = number(at);
                quote_spanned!(place=> <#pivot_at as __r::EndAt<{ #ends[#at].0 }, { #ends[#at].1 }, #leads_to>>::Reference)
            };
            let (near, far) = (end(0, quote!(#ident)), end(1, quote!(#target)));
            quote! {
                impl __r::Pivoted for #ty {
                    type Pivot = #pivot;
                    type Near = #near;
                    type Far = #far;
                }
            }
        }
        Join::Table { .. } | Join::Missing => quote! {
            impl __r::Pivoted for #ty {
                type Pivot = __r::JoinRow<Self>;
                type Near = __r::Near<Self>;
                type Far = __r::Far<Self>;
            }
        },
    }
}

/// What is looked up once in other models: a wrong name is one error, at the user's word.
fn checks(model: &Model, item: &Item<'_>, route: &OverPivot) -> TokenStream {
    let (Item { relation, index, ty, .. }, ident) = (item, &model.ident);
    let (target, index) = (&relation.target, number(*index));
    let inverse = match &route.inverse {
        Some(field) => {
            let back = names::text(field);
            quote_spanned!(field.span()=> __r::check::inverse::<#ident, #target>(#back, #index))
        }
        None => quote!(__r::check::inverse_declared_by::<#ident, #target>(#index)),
    };
    let targets = order("ORDER", relation, target, &relation.order);
    let join = match &route.join {
        Join::Model { model: pivot, near, far, morph } => {
            let end = |name: &Option<Name>, leads_to: TokenStream| match name {
                Some(Name { text, span, .. }) => {
                    quote_spanned!(*span=> __r::check::named_end::<#pivot, #leads_to>(#text))
                }
                None => quote!(__r::check::NONE),
            };
            let (near, far) = (end(near, quote!(#ident)), end(far, quote!(#target)));
            let (symmetric, place) = (route.symmetric.is_some(), word(pivot));
            let ends = match morph {
                Some(Name { text, span, .. }) => {
                    let morph = quote_spanned!(*span=> __r::check::morph::<#pivot>(#text));
                    quote_spanned!(place=> __r::check::ends_by_morph::<#pivot, #ident, #target>(#morph, #near, #far))
                }
                None => quote_spanned!(place=> __r::check::ends::<#pivot, #ident, #target>(#near, #far, #symmetric)),
            };
            let pivots = order("PIVOT_ORDER", relation, pivot, &route.order);
            quote!(const ENDS: [(usize, bool); 2] = #ends; #pivots)
        }
        Join::Table { .. } | Join::Missing => TokenStream::new(),
    };
    let table = table(model, item, route);
    quote! {
        impl #ty {
            #join
            const INVERSE: usize = #inverse;
            #targets
        }
        #table
    }
}

/// A plain join table and its columns.
fn table(model: &Model, item: &Item<'_>, route: &OverPivot) -> TokenStream {
    let Join::Table { table, near, far } = &route.join else { return TokenStream::new() };
    let (ty, ident, target) = (&item.ty, &model.ident, &item.relation.target);
    let columns = |option: &str, leads_to: TokenStream, names: &[Name]| {
        let place = names.first().map_or(item.relation.place, |name| name.span);
        let names = names.iter().map(|name| &name.text);
        quote_spanned!(place=> __r::check::join_columns::<#leads_to>(#option, &[#(#names),*]))
    };
    let near = columns("foreign_key", quote!(#ident), near);
    let far = columns("target_key", quote!(#target), far);
    quote! {
        impl __r::OverTable for #ty {
            const TABLE: &'static str = #table;
            const NEAR: &'static [&'static str] = #near;
            const FAR: &'static [&'static str] = #far;
        }
    }
}

/// The type of the key: what is wrong with the join table is wrong with it too.
pub(super) fn key(relation: &Relation, route: &OverPivot, of: &TokenStream) -> TokenStream {
    quote_spanned!(first_word(relation, route)=> __r::NearKey<#of>)
}

/// Where what is wrong with the join table is reported.
pub(super) fn first_word(relation: &Relation, route: &OverPivot) -> Span {
    match &route.join {
        Join::Model { morph: Some(morph), .. } => morph.span,
        Join::Model { model, .. } => word(model),
        Join::Table { far, .. } => far.first().map_or(relation.place, |name| name.span),
        Join::Missing => relation.place,
    }
}
