//! What is written for polymorphic relations: the traits of an enum, and the parts of a relation that leads to one or
//! back from one.

use darling::Error;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{DeriveInput, parse_quote};

use super::relation::unit;
use super::{Item, Plan, block, cache, extends, fallback, number};
use crate::check::target_word;
use crate::model::MorphTo;
use crate::morph::{Morph, Variant};
use crate::types::word;
use crate::{names, types};

/// The expansion of `#[derive(Morph)]`: the enum's traits, or what stands for them beside the errors.
pub(crate) fn expand(input: &DeriveInput) -> TokenStream {
    let mut errors = Error::accumulator();
    let morph = Morph::read(input, &mut errors);
    let errors = errors.finish().err();
    let items = if errors.is_some() { any(input) } else { traits(&input.ident, &morph.variants) };
    block(&morph.core, &items, errors)
}

fn traits(ident: &Ident, variants: &[Variant]) -> TokenStream {
    let name = names::text(ident);
    // The list of the models, and that of their rows: an error of a model is at its name.
    let (list, rows) = variants.iter().rfold((quote!(()), quote!(())), |(list, rows), Variant { model, .. }| {
        let place = word(model);
        (quote_spanned!(place=> (#model, #list)), quote_spanned!(place=> (__r::Rows<#model>, #rows)))
    });
    let descriptors = variants.iter().map(|Variant { model, .. }| quote!(__r::morph_variant::<Self, #model>()));
    let places = variants.iter().map(|Variant { ident, .. }| quote!(Self::#ident(row) => __r::Place::of(row)));
    let each = variants.iter().map(|variant| of_variant(ident, variant));
    quote! {
        impl __r::Reached for #ident {
            type Rows = #rows;
        }
        #[automatically_derived]
        impl __r::Morph for #ident {
            type Variants = #list;
            const NAME: &'static str = #name;
            const VARIANTS: &'static [__r::MorphVariantDescriptor] = &[#(#descriptors),*];
            fn place(self) -> __r::Place<Self> {
                match self {
                    #(#places,)*
                }
            }
        }
        #(#each)*
    }
}

fn of_variant(morph: &Ident, variant: &Variant) -> TokenStream {
    let Variant { ident, tag, model } = variant;
    let is_variant = quote_spanned!(word(model)=> __r::MorphVariant<#model>);
    let relations = quote_spanned!(word(model)=> __r::HasRelationsOf<#model>);
    quote! {
        impl #is_variant for #morph {
            const TAG: &'static str = #tag;
            fn wrap(row: __r::Ref<#model>) -> Self {
                Self::#ident(row)
            }
        }
        impl #relations for #morph {
            fn each(rows: &Self::Rows, visit: impl __r::FnMut(&#model, __r::InGroup<'_, #model>)) {
                __r::each_variant::<Self, #model>(rows, visit);
            }
        }
    }
}

/// An enum with an error goes with any model, so that one mistake is one error.
fn any(input: &DeriveInput) -> TokenStream {
    let (ident, name) = (&input.ident, names::text(&input.ident));
    let of = |parameter, of: TokenStream, body: TokenStream| {
        fallback::implement(ident, &input.generics, parameter, &of, &body)
    };
    let reached = of(
        None,
        quote!(__r::Reached),
        quote!(
            type Rows = ();
        ),
    );
    let morph = of(
        None,
        quote!(__r::Morph),
        quote! {
            type Variants = ();
            const NAME: &'static str = #name;
            const VARIANTS: &'static [__r::MorphVariantDescriptor] = &[];
            fn place(self) -> __r::Place<Self> {
                loop {}
            }
        },
    );
    let variant = of(
        Some(parse_quote!(__T: __r::Model)),
        quote!(__r::MorphVariant<__T>),
        quote! {
            const TAG: &'static str = "";
            fn wrap(_: __r::Ref<__T>) -> Self {
                loop {}
            }
        },
    );
    let relations = of(
        Some(parse_quote!(__T: __r::Model)),
        quote!(__r::HasRelationsOf<__T>),
        quote!(
            fn each(_: &(), _: impl __r::FnMut(&__T, __r::InGroup<'_, __T>)) {}
        ),
    );
    quote!(#reached #morph #variant #relations)
}

/// A sound `morph_to`.
pub(super) fn relation(plan: &Plan<'_>, item: &Item<'_>, route: &MorphTo) -> TokenStream {
    let (Item { relation, index, ty, .. }, model) = (item, plan.model);
    let (ident, morph, index) = (&model.ident, &relation.target, number(*index));
    let (field, field_ty) = (&relation.field, &relation.ty);
    let id = route.id.iter().filter_map(|name| model.position(name));
    let kind = model.position(&route.kind).unwrap_or_default();
    let columns: Vec<_> = id.clone().filter_map(|at| model.columns.get(at)).collect();
    let positions = std::iter::once(kind).chain(id).map(|at| extends::position(model, at));
    let kind = extends::argument(model, kind);
    let types: Vec<_> = columns.iter().map(|column| &column.bare).collect();
    let parts = columns.iter().map(|column| &column.field);
    let parts = types.iter().zip(parts).map(|(ty, part)| quote!(__r::KeyPart::<#ty>::key_part(&owner.#part)?));
    let (id, parts) = match types.as_slice() {
        [one] => (quote!(#one), quote!(#(#parts)*)),
        several => (quote!((#(#several),*)), quote!((#(#parts),*))),
    };
    let (owner, unit) = (Ident::new("owner", Span::call_site()), unit(model, item));
    let kind = quote_spanned!(route.kind.span=> __r::ColumnAt::<#kind, _, _>::get(#owner));
    let tag = quote_spanned!(route.kind.span=> __r::tag::<#morph>(#kind)?);
    let cached = cache::cached(relation);
    let morphic = quote_spanned!(target_word(relation)=> __r::Morphic);
    quote! {
        #unit
        impl __r::Relation for #ty {
            type Owner = #ident;
            type Field = #field_ty;
            type Key = (__r::Cow<'static, str>, #id);
            type Route = #morphic;
            const INDEX: usize = #index;
            const DESCRIPTOR: __r::RelationDescriptor = __r::describe_morph::<Self>(&[#(#positions),*])#cached;
            fn field(owner: &#ident) -> &Self::Field {
                &owner.#field
            }
            fn owner_key(#owner: &#ident) -> __r::Option<Self::Key> {
                __r::Option::Some((#tag, #parts))
            }
        }
        impl<__T: __r::Model> __r::MorphAt<#index, __T> for #ident
        where
            #morph: __r::MorphVariant<__T>,
            __T::Id: __r::MorphId<__T, #id>,
        {
            const TAG: &'static str = <#morph as __r::MorphVariant<__T>>::TAG;
            fn key(&self) -> __r::Option<__T::Key> {
                __r::key_at::<#ty, __T, #id>(self)
            }
            fn point_back(&self, owner: &__r::WeakRef<__T>) {
                __r::point_back::<#ty, __T>(self, owner);
            }
        }
    }
}

/// What differs between a relation that goes by the target's polymorphic relation and one that goes by its columns.
#[derive(Default)]
pub(super) struct Direct {
    /// The type that the targets have, added to the descriptor.
    pub(super) constant: Option<TokenStream>,
    pub(super) by_morph: Option<TokenStream>,
    /// The inverse.
    pub(super) back: TokenStream,
    pub(super) target_key: TokenStream,
}

/// The parts of a relation that goes by the target's polymorphic relation `morph`. All look it up at the user's word,
/// and alike, so that the compiler says once what is wrong with it.
pub(super) fn direct(plan: &Plan<'_>, item: &Item<'_>, morph: &TokenStream, place: Span) -> Direct {
    let (ident, ty, target) = (&plan.model.ident, &item.ty, &item.relation.target);
    let local = Ident::new("target", Span::call_site());
    let target_at = types::at(target, place);
    let of = quote_spanned!(place=> <#target_at as __r::MorphAt<{ #morph }, #ident>>);
    let tag = quote_spanned!(place=> #of::TAG);
    Direct {
        constant: Some(quote!(.by_morph(__r::check::morph_type::<#target>(#morph), #tag))),
        by_morph: Some(quote! {
            impl __r::ByMorph for #ty {
                fn point_back(#local: &#target, owner: &__r::WeakRef<#ident>) {
                    #of::point_back(#local, owner);
                }
            }
        }),
        back: quote!(__r::MorphBack),
        target_key: quote_spanned!(place=> #of::key(#local)),
    }
}
