//! What the shared cache and sources in memory ask for: a relation's settings, and how a row of a model is copied,
//! weighed and looked at.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::model::{Join, Model, Relation, Route};
use crate::types;
use crate::value::{Cache, Lasting};

/// What `cache` says, added to a relation's descriptor; nothing without it.
pub(super) fn cached(relation: &Relation) -> Option<TokenStream> {
    let Cache { on, ttl, tti, max_entries, max_weight, .. } = relation.cache.as_ref()?;
    let start = Ident::new(if *on { "on" } else { "off" }, Span::call_site());
    let lasting = |lasting: Lasting| match lasting {
        Lasting::Milliseconds(number) => {
            let number = Literal::u64_unsuffixed(number);
            quote!(__r::Duration::from_millis(#number))
        }
        Lasting::Forever => quote!(__r::CacheSettings::FOREVER),
    };
    let number = |number| {
        let number = Literal::u64_unsuffixed(number);
        quote!(#number)
    };
    let settings = [
        ("ttl", ttl.map(lasting)),
        ("tti", tti.map(lasting)),
        ("max_entries", max_entries.map(number)),
        ("max_weight", max_weight.map(number)),
    ];
    let settings = settings.into_iter().filter_map(|(name, value)| {
        let (name, value) = (Ident::new(name, Span::call_site()), value?);
        Some(quote!(.#name(#value)))
    });
    Some(quote!(.cached(__r::CacheSettings::#start() #(#settings)*)))
}

/// Rows that are cached are copied: what cannot be is an error at the user's `cache`.
pub(super) fn checks(relation: &Relation) -> TokenStream {
    let Some(Cache { place, on: true, .. }) = relation.cache else { return TokenStream::new() };
    let target = &relation.target;
    let targets = match &relation.route {
        Route::Morph(_) => quote_spanned!(place=> __r::check::cached_variants::<#target>()),
        Route::ByKey(_) | Route::OverPivot(_) | Route::Through(_) => {
            quote_spanned!(place=> __r::check::cached::<#target>())
        }
    };
    let pivots = match &relation.route {
        Route::OverPivot(route) => match &route.join {
            Join::Model { model, .. } => Some(quote_spanned!(place=> __r::check::cached::<#model>())),
            Join::Table { .. } | Join::Missing => None,
        },
        _ => None,
    };
    let pivots = pivots.into_iter();
    quote! {
        const _: () = #targets;
        #(const _: () = #pivots;)*
    }
}

/// What a model says of its rows: how one is copied if the struct is `Clone`, how its own columns are looked at, and what
/// they own on the heap.
pub(super) fn items(model: &Model) -> (TokenStream, TokenStream) {
    let access = model.columns.iter().map(|column| {
        let (field, ty) = (&column.field, &column.ty);
        quote!(__r::Access::new(|row| &row.#field, __r::Probe::<#ty>::VALUE))
    });
    let constants = quote! {
        const COPY: __r::Option<fn(&Self) -> Self> = __r::Probe::<Self>::COPY;
        const ACCESS: &'static [__r::Access<Self>] = &[#(#access),*];
    };
    (constants, heap_size(model))
}

/// Nothing where no column can own anything.
fn heap_size(model: &Model) -> TokenStream {
    let inherited = model.extends.iter().map(|parent| {
        let field = &parent.field;
        quote!(__r::Model::heap_size(&self.#field))
    });
    let columns = model.columns.iter().filter(|column| !types::is_plain(&column.bare)).map(|column| {
        let (field, ty) = (&column.field, &column.ty);
        quote!(__r::Probe::<#ty>::heap_size(&self.#field))
    });
    let parts: Vec<_> = inherited.chain(columns).collect();
    if parts.is_empty() {
        return TokenStream::new();
    }
    quote! {
        fn heap_size(&self) -> usize {
            #(#parts)+*
        }
    }
}
