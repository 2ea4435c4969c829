//! The values that options take: names of fields, text, a path, an order. Each says how to write it where it is wrong.

mod cache;

use std::fmt::Display;

use darling::{Error, FromMeta, Result};
use proc_macro2::{Ident, Span};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, Lit, Member, Meta, MetaNameValue, Path, Token, Type};

use crate::names::suggest;
pub(crate) use cache::{Cache, Lasting, OPTIONS as CACHE_OPTIONS};

/// An error at this place.
pub(crate) fn error(span: Span, message: impl Display) -> Error {
    Error::custom(message).with_span(&span)
}

/// The last word of an option's path.
pub(crate) fn name(path: &Path) -> String {
    path.segments.last().map_or_else(String::new, |segment| segment.ident.unraw().to_string())
}

/// How an option is written.
pub(crate) fn form(option: &str) -> String {
    match option {
        "table" => "table = \"posts\"".to_owned(),
        "column" => "column = \"headline\"".to_owned(),
        "crate" => "crate = some::path".to_owned(),
        "morph" => "morph = commentable".to_owned(),
        "morph_type" => "morph_type = kind".to_owned(),
        "inverse" => "inverse = posts".to_owned(),
        "order_by" | "order_by_pivot" => format!("{option}(created_at desc, id)"),
        "latest_by" | "oldest_by" => format!("{option} = created_at"),
        "of_many" => "of_many(max = score)".to_owned(),
        "foreign_key" | "references" | "target_key" => format!("{option} = author_id"),
        "through" => "through = posts.comments".to_owned(),
        "near" | "far" => format!("{option} = author"),
        "cache" => "cache(ttl = \"5m\")".to_owned(),
        "ttl" | "tti" => format!("{option} = \"5m\""),
        "max_entries" => "max_entries = 10_000".to_owned(),
        "max_weight" => "max_weight = \"64MB\"".to_owned(),
        word => word.to_owned(),
    }
}

/// Reads `option = value`; another form is an error that shows this one.
fn read<T>(item: &Meta, value: impl FnOnce(&Expr) -> Result<T>) -> Result<T> {
    match item {
        Meta::NameValue(pair) => value(ungrouped(&pair.value)),
        Meta::Path(path) | Meta::List(syn::MetaList { path, .. }) => {
            let name = name(path);
            Err(error(path.span(), format!("`{name}` takes a value; write `{}`", form(&name))))
        }
    }
}

/// A relation, by the name of its field: `posts`.
pub(crate) struct FieldName(pub(crate) Ident);

impl FromMeta for FieldName {
    fn from_meta(item: &Meta) -> Result<Self> {
        read(item, field).map(Self)
    }
}

/// The field or the fields of a key: `author_id`, `(shop_id, number)`.
pub(crate) struct FieldNames(pub(crate) Vec<Ident>);

impl FromMeta for FieldNames {
    fn from_meta(item: &Meta) -> Result<Self> {
        let names = read(item, |value| match value {
            Expr::Tuple(tuple) if tuple.elems.is_empty() => {
                Err(error(tuple.paren_token.span.join(), "no field is named here; name at least one"))
            }
            Expr::Tuple(tuple) => tuple.elems.iter().map(|value| field(ungrouped(value))).collect(),
            Expr::Paren(paren) => Ok(vec![field(ungrouped(&paren.expr))?]),
            value => Ok(vec![field(value)?]),
        });
        names.map(Self)
    }
}

/// `through = ..`: the relations that a way leads over, or the model of a join table.
pub(crate) struct Way(Expr);

impl FromMeta for Way {
    fn from_meta(item: &Meta) -> Result<Self> {
        read(item, |value| Ok(Self(value.clone())))
    }
}

impl Way {
    /// Relations: `posts.comments.author`.
    pub(crate) fn hops(&self) -> Result<Vec<Ident>> {
        let hops = hops(&self.0)?;
        match hops.as_slice() {
            [only] => {
                let message =
                    format!("`{only}` is a relation by itself; name the next one too, as `{}`", form("through"));
                Err(error(only.span(), message))
            }
            _ => Ok(hops),
        }
    }

    /// A model: `PostTag`.
    pub(crate) fn model(&self) -> Result<Type> {
        match &self.0 {
            Expr::Path(path) => Ok(syn::parse2(path.to_token_stream())?),
            value => Err(error(value.span(), "`through` takes a model without quotes; write `through = PostTag`")),
        }
    }
}

fn hops(value: &Expr) -> Result<Vec<Ident>> {
    match ungrouped(value) {
        Expr::Field(step) => {
            let mut names = hops(&step.base)?;
            match &step.member {
                Member::Named(name) => names.push(name.clone()),
                Member::Unnamed(index) => return Err(error(index.span(), no_way())),
            }
            Ok(names)
        }
        Expr::Path(path) if path.qself.is_none() && path.path.get_ident().is_some() => {
            Ok(path.path.get_ident().into_iter().cloned().collect())
        }
        value => Err(error(value.span(), no_way())),
    }
}

fn no_way() -> String {
    format!("this is no way over relations; join their names with dots: `{}`", form("through"))
}

/// A field's name as a value.
fn field(value: &Expr) -> Result<Ident> {
    match value {
        Expr::Path(path) if path.qself.is_none() => match path.path.get_ident() {
            Some(name) => Ok(name.clone()),
            None => Err(error(value.span(), "this is more than a name; write the field's name alone")),
        },
        Expr::Lit(literal) => Err(error(literal.span(), unquoted(&literal.lit))),
        value => Err(error(value.span(), "this is no name; write a field's name, as `author_id`")),
    }
}

/// What to say of a literal where a name is wanted.
fn unquoted(literal: &Lit) -> String {
    match literal {
        Lit::Str(text) if syn::parse_str::<Ident>(&text.value()).is_ok() => {
            format!("a field is named without quotes; write `{}`", text.value())
        }
        _ => "this is no name; write a field's name without quotes, as `author_id`".to_owned(),
    }
}

/// The order of the targets: `order_by(created_at desc, id)`.
#[derive(Default)]
pub(crate) struct Order(pub(crate) Vec<Term>);

/// One term of an order: `created_at desc`.
pub(crate) struct Term {
    pub(crate) field: Ident,
    pub(crate) descending: bool,
}

impl FromMeta for Order {
    fn from_meta(item: &Meta) -> Result<Self> {
        let option = name(item.path());
        let refuse = |what| Err(error(item.path().span(), format!("`{option}` {what}; write `{}`", form(&option))));
        let Meta::List(list) = item else {
            return refuse("takes its fields in parentheses");
        };
        let terms = Punctuated::<Term, Token![,]>::parse_terminated.parse2(list.tokens.clone())?;
        if terms.is_empty() { refuse("names no field") } else { Ok(Self(terms.into_iter().collect())) }
    }
}

impl Parse for Term {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if let Some(literal) = input.parse::<Option<Lit>>()? {
            return Err(syn::Error::new(literal.span(), unquoted(&literal)));
        }
        if !input.peek(Ident::peek_any) {
            let message = format!("this is no field; write `{}`", form("order_by"));
            return Err(syn::Error::new(input.span(), message));
        }
        // Keywords too: the check of the name says more than "expected identifier".
        let field = Ident::parse_any(input)?;
        if input.is_empty() || input.peek(Token![,]) {
            return Ok(Self { field, descending: false });
        }
        let place = input.span();
        let direction = input.call(Ident::parse_any).map_or_else(|_| String::new(), |word| word.to_string());
        match direction.as_str() {
            "asc" => Ok(Self { field, descending: false }),
            "desc" => Ok(Self { field, descending: true }),
            _ => Err(syn::Error::new(place, "a field is followed by its direction or a comma; write `asc` or `desc`")),
        }
    }
}

/// The target with the largest or the smallest value: `of_many(max = score)`.
pub(crate) struct OfMany(pub(crate) Term);

impl FromMeta for OfMany {
    fn from_meta(item: &Meta) -> Result<Self> {
        let refuse = |place, what| error(place, format!("`of_many` {what}; write `{}`", form("of_many")));
        let Meta::List(list) = item else {
            return Err(refuse(item.path().span(), "takes `max` or `min` in parentheses"));
        };
        let options = list
            .parse_args_with(Punctuated::<MetaNameValue, Token![,]>::parse_terminated)
            .map_err(|cause| refuse(cause.span(), "cannot be read from here on"))?;
        let mut options = options.iter();
        let Some(MetaNameValue { path, value, .. }) = options.next() else {
            return Err(refuse(list.path.span(), "names no field"));
        };
        if let Some(other) = options.next() {
            return Err(error(other.path.span(), "`of_many` goes by one field; keep `max` or `min`"));
        }
        let descending = path.is_ident("max");
        if !descending && !path.is_ident("min") {
            let word = name(path);
            let advice = suggest(&word, ["max", "min"], "its options are `max`, `min`");
            return Err(error(path.span(), format!("`of_many` has no option `{word}`{advice}")));
        }
        Ok(Self(Term { field: field(ungrouped(value))?, descending }))
    }
}

/// A name in quotes.
pub(crate) struct Text(pub(crate) String, pub(crate) Span);

impl FromMeta for Text {
    fn from_meta(item: &Meta) -> Result<Self> {
        let name = name(item.path());
        read(item, |value| match value {
            Expr::Lit(syn::ExprLit { lit: Lit::Str(text), .. }) if text.value().is_empty() => {
                Err(error(text.span(), format!("`{name}` is empty; write `{}`", form(&name))))
            }
            Expr::Lit(syn::ExprLit { lit: Lit::Str(text), .. }) => Ok(Self(text.value(), text.span())),
            Expr::Path(path) => {
                let written = path.to_token_stream();
                Err(error(value.span(), format!("`{name}` takes a name in quotes; write `{name} = \"{written}\"`")))
            }
            value => Err(error(value.span(), format!("`{name}` takes a name in quotes; write `{}`", form(&name)))),
        })
    }
}

/// A path: `crate = some::path`.
pub(crate) struct CratePath(pub(crate) Path);

impl FromMeta for CratePath {
    fn from_meta(item: &Meta) -> Result<Self> {
        read(item, |value| match value {
            Expr::Path(path) if path.qself.is_none() => Ok(Self(path.path.clone())),
            value => {
                Err(error(value.span(), format!("`crate` takes a path without quotes; write `{}`", form("crate"))))
            }
        })
    }
}

/// An option that is only a word: `key`, `skip`.
pub(crate) struct Word(pub(crate) Span);

impl FromMeta for Word {
    fn from_meta(item: &Meta) -> Result<Self> {
        match item {
            Meta::Path(path) => Ok(Self(path.span())),
            Meta::List(_) | Meta::NameValue(_) => {
                let name = name(item.path());
                Err(error(item.path().span(), format!("`{name}` takes no value; write `{name}` alone")))
            }
        }
    }
}

/// A value that a `macro_rules!` passed on is in an invisible group.
fn ungrouped(mut value: &Expr) -> &Expr {
    while let Expr::Group(group) = value {
        value = &group.expr;
    }
    value
}
