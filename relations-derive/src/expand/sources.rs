//! What is written for a struct of sources: that it is one itself, and which field holds each model.

use darling::Error;
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::DeriveInput;
use syn::spanned::Spanned;

use super::{block, fallback, number};
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
            __r::Member { field: #name, models: &[#(<#models as __r::Model>::model_descriptor),*] }
        }
    });
    let settings = members.iter().map(|Member { field, ty, .. }| {
        let source = quote_spanned!(ty.span()=> <#ty as __r::Source>::settings);
        quote!(#source(&self.#field))
    });
    let shared = members.iter().map(|Member { field, ty, .. }| {
        let clone = quote_spanned!(ty.span()=> <#ty as __r::Clone>::clone);
        quote!(#field: #clone(&self.#field))
    });
    let held = members.iter().zip(0..).flat_map(|(member, at)| held(ident, member, at));
    quote! {
        #[automatically_derived]
        impl __r::Sources for #ident {
            const NAME: &'static str = #name;
            const MEMBERS: &'static [__r::Member] = &[#(#described),*];
            fn share(&self) -> Self {
                Self { #(#shared),* }
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
                __r::Routed::<#ident>::settings([#(#settings),*])
            }
        }
        #(#held)*
    }
}

/// Where each model of a field is.
fn held(ident: &Ident, member: &Member, at: usize) -> impl Iterator<Item = TokenStream> {
    let Member { field, ty, models } = member;
    models.iter().map(move |model| {
        let at = number(at);
        quote! {
            #[automatically_derived]
            impl __r::HeldBy<#ident> for #model {
                const MEMBER: usize = #at;
                type Source = #ty;
                fn source(app: &#ident) -> &#ty {
                    &app.#field
                }
            }
        }
    })
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
