//! Where `relations_core` is in the user's crate.

use proc_macro_crate::{FoundCrate, crate_name};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};

use crate::value::CratePath;

/// The path that the user gives, else the dependency by the name it has there. Where none is found, the name it should
/// have: rustc then says that it is missing.
pub(crate) fn core(given: Option<&CratePath>) -> TokenStream {
    if let Some(path) = given {
        return path.0.to_token_stream();
    }
    let name = match crate_name("relations-core") {
        Ok(FoundCrate::Name(name)) => name,
        // Inside `relations-core` its own tests and examples see it by its name too.
        Ok(FoundCrate::Itself) | Err(_) => "relations_core".to_owned(),
    };
    let name = Ident::new(&name, Span::call_site());
    quote!(::#name)
}
