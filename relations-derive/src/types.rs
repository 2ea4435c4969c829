//! Types as tokens: what can be seen of them without knowing what they mean.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{GenericArgument, PathArguments, PathSegment, Type};

/// The last segment of a type that is a path, through the groups that a `macro_rules!` adds.
pub(crate) fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match ty {
        Type::Path(path) => path.path.segments.last(),
        Type::Group(group) => last_segment(&group.elem),
        Type::Paren(paren) => last_segment(&paren.elem),
        _ => None,
    }
}

/// The generic arguments; none if one is not a type.
pub(crate) fn arguments(segment: &PathSegment) -> Vec<Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return Vec::new() };
    let types = arguments.args.iter().map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    });
    types.collect::<Option<_>>().unwrap_or_default()
}

/// The only generic argument, if it is a type.
pub(crate) fn argument(segment: &PathSegment) -> Option<Type> {
    <[Type; 1]>::try_from(arguments(segment)).ok().map(|[only]| only)
}

/// A type without its `Option`, and whether it had one.
pub(crate) fn option(ty: &Type) -> (Type, bool) {
    match last_segment(ty).filter(|segment| segment.ident == "Option").and_then(argument) {
        Some(inner) => (inner, true),
        None => (ty.clone(), false),
    }
}

/// Whether a type is, as it is written, a number, a `bool` or a `char`: one that owns nothing on the heap.
pub(crate) fn is_plain(ty: &Type) -> bool {
    const PLAIN: [&str; 16] = [
        "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize", "f32", "f64", "bool",
        "char",
    ];
    last_segment(ty).is_some_and(|segment| PLAIN.iter().any(|name| segment.ident == name))
}

/// The last word of a type, where an error about it points: `User` of `crate::models::User`.
pub(crate) fn word(ty: &Type) -> Span {
    last_segment(ty).map_or_else(|| ty.span(), |segment| segment.ident.span())
}

/// A type with the model's name for `Self`, which means another type where the type is repeated.
pub(crate) fn without_self(ty: &Type, model: &Ident) -> Type {
    fn named(tokens: TokenStream, model: &Ident) -> TokenStream {
        let name = |tree| match tree {
            TokenTree::Ident(word) if word == "Self" => {
                let mut name = model.clone();
                name.set_span(word.span());
                name.into()
            }
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), named(group.stream(), model));
                inner.set_span(group.span());
                inner.into()
            }
            tree => tree,
        };
        tokens.into_iter().map(name).collect()
    }
    syn::parse2(named(ty.to_token_stream(), model)).unwrap_or_else(|_| ty.clone())
}

/// A type as it is named at another place.
pub(crate) fn at(ty: &Type, place: Span) -> TokenStream {
    fn moved(tokens: TokenStream, place: Span) -> TokenStream {
        let at = |tree| match tree {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), moved(group.stream(), place));
                inner.set_span(place);
                inner.into()
            }
            mut tree => {
                let hygiene = tree.span();
                tree.set_span(place.resolved_at(hygiene));
                tree
            }
        };
        tokens.into_iter().map(at).collect()
    }
    moved(ty.to_token_stream(), place)
}

/// A type as a user would write it.
pub(crate) fn readable(ty: &Type) -> String {
    let mut text = String::new();
    write(ty.to_token_stream(), &mut text);
    text
}

fn write(tokens: TokenStream, text: &mut String) {
    for tree in tokens {
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::None => ("", ""),
                };
                text.push_str(open);
                write(group.stream(), text);
                text.push_str(close);
            }
            TokenTree::Punct(punct) => match punct.as_char() {
                '+' => text.push_str(" + "),
                mark @ (',' | ';') => text.extend([mark, ' ']),
                mark => text.push(mark),
            },
            word => {
                if text.ends_with(|letter: char| letter.is_alphanumeric() || letter == '_') {
                    text.push(' ');
                }
                text.push_str(&word.to_string());
            }
        }
    }
}
