//! `impl ColumnAt`: how other models reach a field, public or not.

use proc_macro2::TokenStream;
use quote::quote;

use super::extends::argument;
use crate::model::Model;

/// One for each column.
pub(super) fn fields(model: &Model) -> TokenStream {
    let ident = &model.ident;
    model
        .columns
        .iter()
        .enumerate()
        .map(|(at, column)| {
            let (at, field, ty) = (argument(model, at), &column.field, &column.ty);
            quote! {
                impl __r::ColumnAt<#at, #ty> for #ident {
                    fn get(&self) -> &#ty {
                        &self.#field
                    }
                }
            }
        })
        .collect()
}
