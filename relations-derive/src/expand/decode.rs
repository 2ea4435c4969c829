//! `impl FromRow`: reading the columns, for every driver that decodes their types.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::extends::{bound, position};
use crate::model::Model;

/// Reads a row column by column; relations and skipped fields start as their `Default`.
pub(super) fn from_row(model: &Model) -> TokenStream {
    let ident = &model.ident;
    let mut types: Vec<_> = model.columns.iter().map(|column| &column.ty).collect();
    let mut seen = std::collections::HashSet::new();
    types.retain(|ty| seen.insert(ty.to_token_stream().to_string()));
    let columns = model.columns.iter().enumerate().map(|(at, column)| {
        let (field, at) = (&column.field, position(model, at));
        quote!(#field: __r::decode::<__B, _>(row, at + #at)?)
    });
    let parents: Vec<_> = model.extends.iter().map(|parent| &parent.ty).collect();
    let bounds = model.extends.iter().map(|parent| bound(parent, "FromRow", &quote!(__B)));
    let embedded = model.extends.iter().map(|parent| &parent.field);
    let defaults = model.relations.iter().map(|relation| &relation.field).chain(&model.skipped);
    quote! {
        #[automatically_derived]
        impl<__B: __r::Backend> __r::FromRow<__B> for #ident
        where
            #(#bounds,)*
            #(#types: __r::Decode<__B>,)*
        {
            fn from_row(row: &__B::Row<'_>, at: usize) -> ::core::result::Result<Self, __r::Undecoded> {
                ::core::result::Result::Ok(Self {
                    #(#embedded: <#parents as __r::FromRow<__B>>::from_row(row, at)?,)*
                    #(#columns,)*
                    #(#defaults: __r::Default::default(),)*
                })
            }
        }
    }
}
