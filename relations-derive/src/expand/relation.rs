//! `impl Relation`: one unit type for each relation, and the checks of the names that it uses in its target.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::Visibility;

use super::{Item, Plan, moved, own_columns};
use crate::attr::Kind;
use crate::model::{Model, Name, Other, Relation};
use crate::names;

/// A sound relation.
pub(super) fn relation(plan: &Plan<'_>, item: &Item<'_>) -> TokenStream {
    let (Item { relation, index, ty, .. }, model) = (item, plan.model);
    let (ident, name, target) = (&model.ident, &relation.name, &relation.target);
    let (kind, field, field_ty) = (kind(relation.kind), &relation.field, &relation.ty);
    let (owner_columns, owners): (Vec<_>, Vec<_>) = own_columns(model, relation).unzip();
    let types: Vec<_> = owners.iter().map(|column| &column.bare).collect();
    let owner_parts = owners.iter().map(|column| &column.field);
    let target_parts = types.iter().enumerate().map(|(part, key)| target_part(item, part, key));
    let columns = list(ty, "COLUMNS", first_word(relation));
    let inverse = constant(ty, "INVERSE", relation.inverse.as_ref().map_or_else(Span::call_site, Ident::span));
    let order = list(ty, "ORDER", relation.order.first().map_or_else(Span::call_site, |term| term.field.span()));
    let (unit, checks) = (unit(&model.vis, ty), checks(model, item));
    quote! {
        #unit
        #checks
        #[automatically_derived]
        impl __r::HasRelation<#index> for #ident {
            type Relation = #ty;
        }
        #[automatically_derived]
        impl __r::Relation for #ty {
            type Owner = #ident;
            type Target = #target;
            type Key = (#(#types,)*);
            type Field = #field_ty;
            type Inverse = <#target as __r::HasRelation<{ #inverse }>>::Relation;
            const INDEX: usize = #index;
            const DESCRIPTOR: __r::RelationDescriptor = __r::RelationDescriptor {
                name: #name,
                owner: <#ident as __r::Model>::model_descriptor,
                kind: #kind,
                target: <#target as __r::Model>::model_descriptor,
                required: <#field_ty as __r::RelationField>::REQUIRED,
                owner_columns: &[#(#owner_columns),*],
                target_columns: #columns,
                inverse: __r::check::relation_name::<#target>(#inverse),
                order: #order,
            };
            fn field(owner: &#ident) -> &Self::Field {
                &owner.#field
            }
            fn owner_key(owner: &#ident) -> __r::Option<Self::Key> {
                __r::Option::Some((#(__r::KeyPart::<#types>::key_part(&owner.#owner_parts)?,)*))
            }
            fn target_key(target: &#target) -> __r::Option<Self::Key> {
                __r::Option::Some((#(#target_parts,)*))
            }
        }
    }
}

/// One part of the key at the target. A type that does not match is an error at the user's word for it.
fn target_part(item: &Item<'_>, part: usize, key: &impl ToTokens) -> TokenStream {
    let (relation, target, place) = (item.relation, &item.relation.target, other_word(item.relation, part));
    let local = Ident::new("target", Span::call_site());
    // The lookup is reported once, for all parts at the first word; the type where the part is named.
    let first = first_word(relation);
    let columns = constant(&item.ty, "COLUMNS", first);
    let column = quote_spanned!(first=> { #columns[#part] });
    quote_spanned!(place=> __r::KeyPart::<#key>::key_part(<#target as __r::HasColumn<#column>>::get(#local))?)
}

/// The target's columns and the inverse, looked up once: a wrong name is one error, at the user's word.
fn checks(model: &Model, item: &Item<'_>) -> TokenStream {
    let (Item { relation, index, ty, .. }, ident, name) = (item, &model.ident, &model.name);
    let target = &relation.target;
    let width = relation.own.len();
    let columns = (0..width).map(|part| match &relation.other {
        Other::Key => quote_spanned!(other_word(relation, part)=> __r::check::key_column::<#target>(#part, #width)),
        Other::Fields(names) => names.get(part).map(|name| column(relation, name)).unwrap_or_default(),
    });
    let this = quote!(&<#ident as __r::Model>::RELATIONS[#index], <#ident as __r::Model>::PATH);
    let inverse = match &relation.inverse {
        Some(field) => {
            let back = names::text(field);
            quote_spanned!(field.span()=> __r::check::inverse::<#target>(#back, #this, #name))
        }
        None => quote!(__r::check::inverse_declared_by::<#target>(#this)),
    };
    let terms = relation.order.len();
    let order = relation.order.iter().map(|term| {
        let (column, descending) = (column(relation, &Name::written(&term.field)), term.descending);
        quote!(__r::OrderDescriptor { column: #column, descending: #descending })
    });
    quote! {
        impl #ty {
            const COLUMNS: [usize; #width] = [#(#columns),*];
            const INVERSE: usize = #inverse;
            const ORDER: [__r::OrderDescriptor; #terms] = [#(#order),*];
        }
    }
}

/// The position of a column of the target.
fn column(relation: &Relation, name: &Name) -> TokenStream {
    let (target, text) = (&relation.target, &name.text);
    if name.inferred {
        let relation = &relation.name;
        return quote_spanned!(name.span=> __r::check::default_column::<#target>(#text, #relation));
    }
    quote_spanned!(name.span=> __r::check::column::<#target>(#text))
}

/// The user's word for one part of the key on the other side.
fn other_word(relation: &Relation, part: usize) -> Span {
    let names = match &relation.other {
        Other::Key => &relation.own,
        Other::Fields(names) => names,
    };
    names.get(part).map_or(relation.place, |name| name.span)
}

/// Where all parts of the key are reported together.
pub(super) fn first_word(relation: &Relation) -> Span {
    other_word(relation, 0)
}

/// A constant of the unit type, used where its own error is: then the compiler points there once.
fn constant(ty: &Ident, name: &str, span: Span) -> TokenStream {
    let (ty, name) = (moved(ty, span), Ident::new(name, span));
    quote_spanned!(span=> #ty::#name)
}

/// The type of a relation's field, where the user wrote another.
pub(super) fn field_type(relation: &Relation) -> TokenStream {
    let (field, target) = (format_ident!("{}", relation.kind.type_name()), &relation.target);
    quote!(__r::#field<#target>)
}

/// The unit type that stands for a relation, as visible as its model: it may not lead to what is less visible.
pub(super) fn unit(vis: &Visibility, ty: &Ident) -> TokenStream {
    quote! {
        #[doc(hidden)]
        #[derive(__r::Clone, __r::Copy)]
        #vis struct #ty;
    }
}

/// Such a constant as a slice.
fn list(ty: &Ident, name: &str, span: Span) -> TokenStream {
    let constant = constant(ty, name, span);
    quote_spanned!(span=> &#constant)
}

/// The kind in the core.
pub(super) fn kind(kind: Kind) -> TokenStream {
    let kind = format_ident!("{}", kind.type_name());
    quote!(__r::RelationKind::#kind)
}
