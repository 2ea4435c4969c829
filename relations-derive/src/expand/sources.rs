//! What is written for a struct of sources: that it is one itself, and which field holds each model.

use darling::Error;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::DeriveInput;

use super::{block, fallback};
use crate::names;
use crate::sources::{Member, Sources};

/// The expansion of `#[derive(Sources)]`: the struct's traits, or what stands for them beside the errors.
pub(crate) fn expand(input: &DeriveInput) -> TokenStream {
    let mut errors = Error::accumulator();
    let sources = Sources::read(input, &mut errors);
    let errors = errors.finish().err();
    let items = if errors.is_some() { any(input) } else { traits(&input.ident, &sources.members) };
    block(&sources.core, &items, errors)
}

fn traits(ident: &Ident, members: &[Member]) -> TokenStream {
    let name = names::text(ident);
    let described = members.iter().map(|Member { field, models, .. }| {
        let name = names::text(field);
        quote! {
            __r::Member { field: #name, models: &[#(__r::held::<#ident, #models>()),*] }
        }
    });
    let fields = members.iter().map(|member| &member.field);
    let places: Vec<_> = (0..members.len()).map(place).collect();
    let held = members.iter().zip(&places).map(|(member, place)| held(ident, member, place));
    let settings = places.iter().map(|place| quote!(__r::settings::<#ident, #place>(self)));
    let settings = settings.reduce(|one, other| quote!(__r::smaller(#one, #other)));
    quote! {
        #[automatically_derived]
        impl __r::Sources for #ident {
            const NAME: &'static str = #name;
            const MEMBERS: &'static [__r::Member] = &[#(#described),*];
            fn share(&self) -> Self {
                Self { #(#fields: __r::share::<#ident, #places>(self)),* }
            }
        }
        #[automatically_derived]
        impl __r::Source for #ident {
            type Session = __r::Routed<#ident>;
            fn run<__P: __r::Plan<Self::Session>>(
                &self,
                plan: __P,
            ) -> impl __r::Future<Output = __r::Result<__P::Output>> + __r::Send {
                __r::Routed::run(self, plan)
            }
            fn settings(&self) -> &__r::Settings {
                #settings
            }
        }
        #(#held)*
    }
}

/// A place as a type.
fn place(at: usize) -> TokenStream {
    (0..at).fold(quote!(__r::First), |before, _| quote!(__r::Next<#before>))
}

/// A field at its place, and its models.
fn held(ident: &Ident, member: &Member, place: &TokenStream) -> TokenStream {
    let Member { field, ty, models } = member;
    quote! {
        #[automatically_derived]
        impl __r::MemberAt<#place> for #ident {
            type Source = #ty;
            fn source(&self) -> &#ty {
                &self.#field
            }
        }
        #(
            #[automatically_derived]
            impl __r::HeldBy<#ident> for #models {
                type Place = #place;
            }
        )*
    }
}

/// A struct with an error holds any model, so that one mistake is one error.
fn any(input: &DeriveInput) -> TokenStream {
    let source = quote! {
        type Session = __r::Unread;
        fn run<__P: __r::Plan<Self::Session>>(
            &self,
            _: __P,
        ) -> impl __r::Future<Output = __r::Result<__P::Output>> + __r::Send {
            async { loop {} }
        }
        fn settings(&self) -> &__r::Settings {
            loop {}
        }
    };
    fallback::implement(&input.ident, &input.generics, None, &quote!(__r::Source), &source)
}
