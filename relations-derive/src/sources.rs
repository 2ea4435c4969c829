//! A struct of sources: its fields with the models that each of them holds, and what is wrong with them.

use darling::error::Accumulator;
use darling::{Error, FromMeta};
use proc_macro2::{Ident, TokenStream};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Field, Fields, Meta, Token, Type};

use crate::types::{readable, word};
use crate::value::{CratePath, error};
use crate::{attr, names, paths};

/// A struct whose fields are sources.
pub(crate) struct Sources {
    /// The path of `relations_core`.
    pub(crate) core: TokenStream,
    pub(crate) members: Vec<Member>,
}

/// A field: `#[holds(User, Post)] main: Sqlite`.
pub(crate) struct Member {
    pub(crate) field: Ident,
    pub(crate) ty: Type,
    pub(crate) models: Vec<Type>,
}

/// `#[sources(..)]` on the struct.
#[derive(Default, FromMeta)]
struct Options {
    #[darling(rename = "crate")]
    krate: Option<CratePath>,
}

impl Sources {
    /// Reads a struct and reports everything that is wrong.
    pub(crate) fn read(input: &DeriveInput, errors: &mut Accumulator) -> Self {
        let attr = attr::single(&input.attrs, "sources", errors);
        let options: Options = attr.and_then(|attr| attr::read(attr, &["crate"], errors)).unwrap_or_default();
        let mut sources = Self { core: paths::core(options.krate.as_ref()), members: vec![] };
        match fields(input) {
            Ok(fields) => {
                for field in fields {
                    sources.add(field, errors);
                }
            }
            Err(fault) => errors.push(fault),
        }
        sources
    }

    fn add(&mut self, field: &Field, errors: &mut Accumulator) {
        let Some(ident) = &field.ident else { return };
        let Some(models) = errors.handle(models(ident, &field.attrs)) else { return };
        let mut member = Member { field: ident.clone(), ty: field.ty.clone(), models: vec![] };
        for model in models {
            let name = readable(&model);
            let holds = |member: &&Member| member.models.iter().any(|before| readable(before) == name);
            let before = self.members.iter().chain([&member]).find(holds).map(|before| names::text(&before.field));
            match before {
                Some(before) => {
                    errors.push(error(word(&model), format!("`{before}` already holds `{name}`; keep one")));
                }
                None => member.models.push(model),
            }
        }
        self.members.push(member);
    }
}

/// The models in `#[holds(User, Post)]`.
fn models(field: &Ident, attrs: &[Attribute]) -> Result<Vec<Type>, Error> {
    let name = names::text(field);
    let mut attrs = attrs.iter().filter(|attr| attr.path().is_ident("holds"));
    let Some(attr) = attrs.next() else {
        let message = format!("it is not said what `{name}` holds; put `#[holds(User, Post)]` with its models on it");
        return Err(error(field.span(), message));
    };
    if let Some(again) = attrs.next() {
        return Err(error(again.path().span(), "`#[holds]` is written twice; put all models into one"));
    }
    let wrong = |place, what: &str| Err(error(place, format!("{what}; write `#[holds(User, Post)]`")));
    let Meta::List(list) = &attr.meta else {
        return wrong(attr.path().span(), "`holds` takes models in parentheses");
    };
    match Punctuated::<Type, Token![,]>::parse_terminated.parse2(list.tokens.clone()) {
        Ok(models) if models.is_empty() => wrong(attr.path().span(), "`holds` names no model"),
        Ok(models) => Ok(models.into_iter().collect()),
        Err(cause) => wrong(cause.span(), "`holds` takes models, without quotes and with commas between them"),
    }
}

/// The fields, if it is a struct with named ones and without parameters.
fn fields(input: &DeriveInput) -> Result<&Punctuated<Field, Token![,]>, Error> {
    let name = names::text(&input.ident);
    let what = "sources are the fields of a struct";
    let (place, message) = match &input.data {
        Data::Enum(data) => (data.enum_token.span, format!("`{name}` is an enum; {what}")),
        Data::Union(data) => (data.union_token.span, format!("`{name}` is a union; {what}")),
        Data::Struct(data) => match (&data.fields, input.generics.params.first()) {
            (_, Some(parameter)) => (parameter.span(), format!("`{name}` is generic; name the types of its sources")),
            (Fields::Named(fields), None) if !fields.named.is_empty() => return Ok(&fields.named),
            _ => (input.ident.span(), format!("`{name}` has no named fields; add one for each source")),
        },
    };
    Err(error(place, message))
}
