//! How long a crate is after all macros.

use proc_macro2::{TokenStream, TokenTree};

use crate::Result;

/// The length of a text of Rust.
#[derive(Clone, Copy, Default)]
pub struct Length {
    /// Its lines that are not empty, as prettyplease lays them out.
    pub lines: usize,
    /// Its tokens, which know no layout. A pair of brackets is one.
    pub tokens: usize,
}

/// Measures a text.
pub fn length(text: &str) -> Result<Length> {
    let file = syn::parse_file(text)?;
    let lines = prettyplease::unparse(&file).lines().filter(|line| !line.trim().is_empty()).count();
    let stream: TokenStream = text.parse().map_err(|error| format!("{error}"))?;
    Ok(Length { lines, tokens: tokens(stream) })
}

fn tokens(stream: TokenStream) -> usize {
    stream.into_iter().map(|tree| if let TokenTree::Group(group) = tree { 1 + tokens(group.stream()) } else { 1 }).sum()
}
