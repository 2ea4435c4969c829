//! A polymorphic enum: its variants with their tags and models, and what is wrong with them.

use darling::error::Accumulator;
use darling::{Error, FromMeta};
use proc_macro2::{Ident, TokenStream};
use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Field, Fields, Lit, LitStr, Meta, Type};

use crate::types::{argument, last_segment, readable, word};
use crate::value::{CratePath, error};
use crate::{attr, names, paths};

/// An enum as the targets of polymorphic relations.
pub(crate) struct Morph {
    /// The path of `relations_core`.
    pub(crate) core: TokenStream,
    pub(crate) variants: Vec<Variant>,
}

/// A variant: `#[morph("post")] Post(Ref<Post>)`.
pub(crate) struct Variant {
    pub(crate) ident: Ident,
    pub(crate) tag: LitStr,
    pub(crate) model: Type,
}

/// `#[morph(..)]` on the enum.
#[derive(Default, FromMeta)]
struct Options {
    #[darling(rename = "crate")]
    krate: Option<CratePath>,
}

impl Morph {
    /// Reads an enum and reports everything that is wrong.
    pub(crate) fn read(input: &DeriveInput, errors: &mut Accumulator) -> Self {
        let attr = attr::single(&input.attrs, "morph", errors);
        let options: Options = attr.and_then(|attr| attr::read(attr, &["crate"], errors)).unwrap_or_default();
        let core = paths::core(options.krate.as_ref());
        let mut morph = Self { core, variants: vec![] };
        let data = match (&input.data, shape(input)) {
            (Data::Enum(data), None) => data,
            (_, fault) => {
                errors.extend(fault);
                return morph;
            }
        };
        for variant in &data.variants {
            if let Some(variant) = errors.handle(Variant::read(variant)) {
                morph.check(&variant, errors);
                morph.variants.push(variant);
            }
        }
        morph
    }

    /// Each tag and each model stands once.
    fn check(&self, variant: &Variant, errors: &mut Accumulator) {
        let (name, tag, model) = (names::text(&variant.ident), variant.tag.value(), readable(&variant.model));
        if let Some(before) = self.variants.iter().find(|before| before.tag.value() == tag) {
            let before = names::text(&before.ident);
            let message = format!("`{before}` and `{name}` have one tag; give each its own");
            errors.push(error(variant.tag.span(), message));
        }
        if let Some(before) = self.variants.iter().find(|before| readable(&before.model) == model) {
            let before = names::text(&before.ident);
            let message = format!("`{before}` and `{name}` are one model; keep one variant for `{model}`");
            errors.push(error(word(&variant.model), message));
        }
    }
}

impl Variant {
    fn read(variant: &syn::Variant) -> Result<Self, Error> {
        let ident = variant.ident.clone();
        let model = model(variant)?;
        let mut attrs = variant.attrs.iter().filter(|attr| attr.path().is_ident("morph"));
        let Some(attr) = attrs.next() else {
            let name = names::text(&ident);
            let example = names::snake(&name);
            let message = format!("`{name}` has no tag; put `#[morph(\"{example}\")]` on it");
            return Err(error(ident.span(), message));
        };
        match attrs.next() {
            Some(again) => Err(error(again.path().span(), "`#[morph]` is written twice; keep one")),
            None => Ok(Self { tag: tag(attr, &ident)?, ident, model }),
        }
    }
}

/// The text in `#[morph("post")]`.
fn tag(attr: &Attribute, variant: &Ident) -> Result<LitStr, Error> {
    let wrong = |place, what: &str| {
        let example = names::snake(&names::text(variant));
        error(place, format!("{what}; write `#[morph(\"{example}\")]`"))
    };
    let Meta::List(list) = &attr.meta else {
        return Err(wrong(attr.path().span(), "`morph` takes a tag in parentheses"));
    };
    match syn::parse2::<Lit>(list.tokens.clone()) {
        Ok(Lit::Str(tag)) if !tag.value().is_empty() => Ok(tag),
        _ => Err(wrong(list.tokens.span(), "a tag is a text that is not empty")),
    }
}

/// The model of `Post(Ref<Post>)`.
fn model(variant: &syn::Variant) -> Result<Type, Error> {
    let name = names::text(&variant.ident);
    if let Fields::Unnamed(fields) = &variant.fields
        && let (Some(Field { ty, .. }), 1) = (fields.unnamed.first(), fields.unnamed.len())
    {
        let handle = last_segment(ty).filter(|segment| segment.ident == "Ref");
        return handle.and_then(argument).ok_or_else(|| {
            let written = readable(ty);
            error(
                word(ty),
                format!("a variant holds a handle of a model, not a `{written}`; write `{name}(Ref<{written}>)`"),
            )
        });
    }
    Err(error(variant.ident.span(), format!("`{name}` holds no single handle of a model; write `{name}(Ref<{name}>)`")))
}

/// Why something is not an enum with variants and without parameters.
fn shape(input: &DeriveInput) -> Option<Error> {
    let name = names::text(&input.ident);
    let what = "a polymorphic relation leads to an enum of models";
    let (place, message) = match &input.data {
        Data::Struct(data) => (data.struct_token.span, format!("`{name}` is a struct; {what}")),
        Data::Union(data) => (data.union_token.span, format!("`{name}` is a union; {what}")),
        Data::Enum(data) => match input.generics.params.first() {
            Some(parameter) => (parameter.span(), format!("`{name}` is generic; name the models of its variants")),
            None if data.variants.is_empty() => {
                let example = "`#[morph(\"post\")] Post(Ref<Post>)`";
                (input.ident.span(), format!("`{name}` has no variants; add one for each model: {example}"))
            }
            None => return None,
        },
    };
    Some(error(place, message))
}
