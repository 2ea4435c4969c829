//! `impl HasColumn`: how other models reach a field, public or not.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::Model;

/// One for each column.
pub(super) fn fields(model: &Model) -> TokenStream {
    let ident = &model.ident;
    model
        .columns
        .iter()
        .enumerate()
        .map(|(at, column)| {
            let (field, ty) = (&column.field, &column.ty);
            quote! {
                #[automatically_derived]
                impl __r::HasColumn<#at> for #ident {
                    type Type = #ty;
                    fn get(&self) -> &Self::Type {
                        &self.#field
                    }
                }
            }
        })
        .collect()
}
