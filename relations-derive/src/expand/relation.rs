//! `impl Relation`: one unit type for each relation, and the checks of the names that it uses in its target.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};

use super::{Item, Plan, extends, number};
use crate::attr::Kind;
use crate::model::{ByKey, Model, Name, Other, Relation, Route};
use crate::names;

/// A sound relation.
pub(super) fn relation(plan: &Plan<'_>, item: &Item<'_>) -> TokenStream {
    match &item.relation.route {
        Route::ByKey(route) => by_key(plan, item, route),
    }
}

fn by_key(plan: &Plan<'_>, item: &Item<'_>, route: &ByKey) -> TokenStream {
    let (Item { relation, index, ty, .. }, model) = (item, plan.model);
    let (ident, target, index) = (&model.ident, &relation.target, number(*index));
    let (field, field_ty) = (&relation.field, &relation.ty);
    let Own { columns: owner_columns, lookup, key, types, value } = own(model, relation, route);
    let target_parts = types.iter().enumerate().map(|(part, key)| target_part(relation, route, part, key));
    // Where the width of the key is not in sight, the compiler compares it, here.
    let target_key = quote_spanned!(route.first_word(relation)=> (#(#target_parts,)*));
    let columns = list("COLUMNS", route.first_word(relation));
    let inverse = constant("INVERSE", route.inverse.as_ref().map_or_else(Span::call_site, Ident::span));
    let order = relation.order.first().map_or_else(|| quote!(&[]), |term| list("ORDER", term.field.span()));
    let (unit, checks) = (unit(model, item), checks(model, item, route, &lookup));
    quote! {
        #unit
        #checks
        impl __r::RelationAt<#index, #target> for #ident {
            type Relation = #ty;
        }
        impl __r::Relation for #ty {
            type Owner = #ident;
            type Field = #field_ty;
            type Key = #key;
            type Route = __r::ByKey;
            const INDEX: usize = #index;
            const DESCRIPTOR: __r::RelationDescriptor =
                __r::describe_relation::<Self>(#owner_columns, #columns, #inverse, #order);
            fn field(owner: &#ident) -> &Self::Field {
                &owner.#field
            }
            fn owner_key(owner: &#ident) -> __r::Option<Self::Key> {
                __r::Option::Some(#value)
            }
        }
        impl __r::Direct for #ty {
            type Inverse = <#target as __r::RelationAt<{ #inverse }, #ident>>::Relation;
            fn target_key(target: &#target) -> __r::Option<Self::Key> {
                __r::Option::Some(#target_key)
            }
        }
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
pub(super) fn key_type(model: &Model, relation: &Relation) -> TokenStream {
    let Route::ByKey(route) = &relation.route;
    if relation.sound { own(model, relation, route).key } else { quote!(()) }
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
    let columns = (0..route.width()).map(|part| match &route.other {
        Other::Key => {
            let (place, part) = (route.other_word(relation, part), number(part));
            quote_spanned!(place=> __r::check::key_column::<#target>(#part, #width))
        }
        Other::Fields(names) => names.get(part).map(|name| column(target, relation, name)).unwrap_or_default(),
    });
    let inverse = match &route.inverse {
        Some(field) => {
            let back = names::text(field);
            quote_spanned!(field.span()=> __r::check::inverse::<#ident, #target>(#back, #index))
        }
        None => quote!(__r::check::inverse_declared_by::<#ident, #target>(#index)),
    };
    let terms = number(relation.order.len());
    let order = relation.order.iter().map(|term| {
        let (column, descending) = (column(target, relation, &Name::written(&term.field)), term.descending);
        quote!(__r::OrderDescriptor { column: #column, descending: #descending })
    });
    let order =
        (!relation.order.is_empty()).then(|| quote!(const ORDER: [__r::OrderDescriptor; #terms] = [#(#order),*];));
    quote! {
        impl #ty {
            #own
            const COLUMNS: [usize; #width] = [#(#columns),*];
            const INVERSE: usize = #inverse;
            #order
        }
    }
}

/// The position of a column of a model.
pub(super) fn column(model: &impl ToTokens, relation: &Relation, name: &Name) -> TokenStream {
    let text = &name.text;
    if name.inferred {
        let relation = &relation.name;
        return quote_spanned!(name.span=> __r::check::default_column::<#model>(#text, #relation));
    }
    quote_spanned!(name.span=> __r::check::column::<#model>(#text))
}

impl ByKey {
    /// The user's word for one part of the key on the other side.
    pub(super) fn other_word(&self, relation: &Relation, part: usize) -> Span {
        let names = match &self.other {
            Other::Key => &self.own,
            Other::Fields(names) => names,
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
    }
}

/// A constant of the unit type, used where its own error is: then the compiler points there once.
fn constant(name: &str, span: Span) -> TokenStream {
    let name = Ident::new(name, span);
    quote_spanned!(span=> Self::#name)
}

/// The type that stands for a relation. It names the target, so that it is as visible as both models are: a private
/// target may not be reached through a public type.
pub(super) fn unit(model: &Model, item: &Item<'_>) -> TokenStream {
    let (vis, ty, target) = (&model.vis, &item.ty, &item.relation.target);
    quote! {
        #[doc(hidden)]
        #[derive(__r::Clone, __r::Copy)]
        #vis struct #ty<__T = fn() -> #target>(__r::PhantomData<__T>);
    }
}

/// Such a constant as a slice.
fn list(name: &str, span: Span) -> TokenStream {
    let constant = constant(name, span);
    quote_spanned!(span=> &#constant)
}

/// The kind in the core.
pub(super) fn kind(kind: Kind) -> TokenStream {
    let kind = format_ident!("{}", kind.type_name());
    quote!(__r::RelationKind::#kind)
}
