//! What is written: everything in one `const _` block, put together here.

mod accessors;
mod cache;
mod columns;
mod decode;
mod extends;
mod fallback;
mod morph;
mod pivot;
mod relation;
mod sources;
mod table;
mod through;

use darling::Error;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote};
use syn::{Data, DeriveInput, Fields};

use crate::attr;
use crate::check::check;
use crate::model::{Model, Relation};
use crate::{names, paths};
pub(crate) use morph::expand as expand_morph;
pub(crate) use sources::expand as expand_sources;

/// The expansion: the model, or what could be read of it beside the errors.
pub(crate) fn expand(input: &DeriveInput) -> TokenStream {
    let mut errors = Error::accumulator();
    let shape = check_shape(input);
    let fields = match (&input.data, &shape) {
        (Data::Struct(data), None) => match &data.fields {
            Fields::Named(fields) => Some(fields),
            Fields::Unnamed(_) | Fields::Unit => None,
        },
        _ => None,
    };
    let Some(fields) = fields else {
        let options = attr::of_model(&input.attrs, &mut errors);
        if let Some(shape) = shape {
            errors.push(shape);
        }
        return block(&paths::core(options.krate.as_ref()), &fallback::model(input), errors.finish().err());
    };
    let mut model = Model::read(input, fields, &mut errors);
    check(&mut model, &mut errors);
    let errors = errors.finish().err();
    let items = Plan::new(&model, errors.is_none()).items();
    block(&model.core, &items, errors)
}

/// What the generated items sit in, and the errors before it.
fn block(core: &TokenStream, items: &TokenStream, errors: Option<Error>) -> TokenStream {
    let errors = errors.map(Error::write_errors);
    // `Otherwise` is looked at where a type lacks a trait, so it may be unused.
    quote! {
        #errors
        #[allow(deprecated, non_snake_case, private_interfaces, unused_imports)]
        const _: () = {
            use #core::__private::{self as __r, Otherwise as _};
            #items
        };
    }
}

/// What is to be written of a model. Relations that have a fault come after the sound ones and are no longer counted.
struct Plan<'a> {
    model: &'a Model,
    /// Whether nothing is wrong with the struct.
    derived: bool,
    sound: Vec<Item<'a>>,
    faulty: Vec<Item<'a>>,
}

/// A relation and the names that are written for it.
struct Item<'a> {
    relation: &'a Relation,
    index: usize,
    /// The unit type that stands for it.
    ty: Ident,
    /// The constant: `AUTHOR`.
    constant: Ident,
}

impl<'a> Plan<'a> {
    fn new(model: &'a Model, derived: bool) -> Self {
        let (mut sound, mut faulty): (Vec<Item<'_>>, Vec<Item<'_>>) = (Vec::new(), Vec::new());
        for (at, relation) in model.relations.iter().enumerate() {
            let list = if relation.sound { &mut sound } else { &mut faulty };
            let index = list.len();
            let ty = format!("__{}{}", model.name, names::pascal(&relation.name));
            let taken =
                model.relations.iter().take(at).any(|it| names::pascal(&it.name) == names::pascal(&relation.name));
            let ty = if taken { format!("{ty}{at}") } else { ty };
            let ty = format_ident!("{}", names::ident(&ty, Span::call_site(), &relation.field));
            list.push(Item { relation, index, ty, constant: constant(&relation.name, &relation.field) });
        }
        Self { model, derived, sound, faulty }
    }

    fn items(&self) -> TokenStream {
        let table = table::model(self);
        let fields = columns::fields(self.model);
        let relations = self.sound.iter().map(|item| relation::relation(self, item));
        let stubs = self.faulty.iter().map(|item| fallback::relation(self.model, item));
        let read = if self.derived {
            decode::from_row(self.model)
        } else {
            fallback::holes(&self.model.ident, &syn::Generics::default())
        };
        let extends = self.model.extends.as_ref().map(|parent| extends::impls(self, parent));
        let inherent = accessors::inherent(self);
        quote! {
            #table
            #read
            #fields
            #extends
            #(#relations)*
            #(#stubs)*
            #inherent
        }
    }
}

/// The constant of a field: `author_id` has `AUTHOR_ID`.
fn constant(name: &str, field: &Ident) -> Ident {
    names::ident(&name.to_uppercase(), field.span(), field)
}

/// Why something is not a struct with named fields and without parameters.
fn check_shape(input: &DeriveInput) -> Option<Error> {
    let name = names::text(&input.ident);
    let (place, message) = match &input.data {
        Data::Enum(data) => {
            (data.enum_token.span, format!("`{name}` is an enum; a model is a struct with named fields"))
        }
        Data::Union(data) => {
            (data.union_token.span, format!("`{name}` is a union; a model is a struct with named fields"))
        }
        Data::Struct(data) => match (&data.fields, input.generics.params.first()) {
            (Fields::Named(_), None) => return None,
            (Fields::Named(_), Some(parameter)) => {
                let message = format!("model `{name}` is generic; name the types that its columns have");
                (syn::spanned::Spanned::span(parameter), message)
            }
            _ => (
                input.ident.span(),
                format!("`{name}` has no named fields; a model reads its columns into named fields"),
            ),
        },
    };
    Some(crate::value::error(place, message))
}

/// A number as one would write it.
fn number(number: usize) -> Literal {
    Literal::usize_unsuffixed(number)
}

/// `Option<&str>` as an expression.
fn optional(text: Option<String>) -> TokenStream {
    match text {
        Some(text) => quote!(__r::Option::Some(#text)),
        None => quote!(__r::Option::None),
    }
}
