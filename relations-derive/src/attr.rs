//! What the user may write: the attributes and their options, each read on its own. What they mean together is
//! `model`'s.

use darling::ast::NestedMeta;
use darling::error::Accumulator;
use darling::{Error, FromMeta};
use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Attribute, Meta, Path};

use crate::names::{list, suggest};
use crate::value::{CratePath, FieldName, FieldNames, Order, Text, Word, error, form, name};

/// `#[relations(..)]` on the struct.
#[derive(Default, FromMeta)]
pub(crate) struct ModelOptions {
    pub(crate) table: Option<Text>,
    #[darling(rename = "crate")]
    pub(crate) krate: Option<CratePath>,
}

/// `#[relations(..)]` on a field.
#[derive(Default, FromMeta)]
pub(crate) struct ColumnOptions {
    pub(crate) key: Option<Word>,
    pub(crate) column: Option<Text>,
    pub(crate) skip: Option<Word>,
    pub(crate) extends: Option<Word>,
}

/// `#[belongs_to(..)]`, `#[has_one(..)]`, `#[has_many(..)]`.
#[derive(Default, FromMeta)]
pub(crate) struct RelationOptions {
    pub(crate) foreign_key: Option<FieldNames>,
    pub(crate) references: Option<FieldNames>,
    pub(crate) inverse: Option<FieldName>,
    pub(crate) order_by: Option<Order>,
    pub(crate) overrides: Option<Word>,
}

/// The kinds of relations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    BelongsTo,
    HasOne,
    HasMany,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::BelongsTo, Self::HasOne, Self::HasMany];

    /// The attribute's name.
    pub(crate) fn attribute(self) -> &'static str {
        match self {
            Self::BelongsTo => "belongs_to",
            Self::HasOne => "has_one",
            Self::HasMany => "has_many",
        }
    }

    /// The name of the field's type, and of the kind in the core.
    pub(crate) fn type_name(self) -> &'static str {
        match self {
            Self::BelongsTo => "BelongsTo",
            Self::HasOne => "HasOne",
            Self::HasMany => "HasMany",
        }
    }

    fn options(self) -> &'static [&'static str] {
        match self {
            Self::BelongsTo => &["foreign_key", "references", "inverse", "overrides"],
            Self::HasOne | Self::HasMany => &["foreign_key", "references", "inverse", "order_by", "overrides"],
        }
    }
}

/// A relation attribute of a field.
pub(crate) struct RelationAttr {
    pub(crate) kind: Kind,
    /// The attribute's name, for errors about the whole.
    pub(crate) place: Span,
    /// `None` if they could not be read.
    pub(crate) options: Option<RelationOptions>,
}

/// The attributes of one field.
pub(crate) struct FieldAttrs {
    pub(crate) column: ColumnOptions,
    pub(crate) relation: Option<RelationAttr>,
    pub(crate) deprecated: Option<Attribute>,
}

/// Reads the struct's attributes.
pub(crate) fn of_model(attrs: &[Attribute], errors: &mut Accumulator) -> ModelOptions {
    for attr in attrs {
        if let Some(kind) = Kind::ALL.into_iter().find(|kind| attr.path().is_ident(kind.attribute())) {
            let name = kind.attribute();
            errors.push(error(attr.path().span(), format!("`#[{name}]` stands on a struct; put it on a field")));
        }
    }
    let attr = single(attrs, "relations", errors);
    attr.and_then(|attr| read(attr, &["table", "crate"], errors)).unwrap_or_default()
}

/// Reads a field's attributes.
pub(crate) fn of_field(attrs: &[Attribute], errors: &mut Accumulator) -> FieldAttrs {
    let column =
        single(attrs, "relations", errors).and_then(|attr| read(attr, &["key", "column", "skip", "extends"], errors));
    let mut relation: Option<RelationAttr> = None;
    for kind in Kind::ALL {
        let Some(attr) = single(attrs, kind.attribute(), errors) else { continue };
        let place = attr.path().span();
        if let Some(first) = &mut relation {
            let (one, other) = (first.kind.attribute(), kind.attribute());
            errors.push(error(place, format!("a field is one relation; keep `#[{one}]` or `#[{other}]`")));
            first.options = None;
            continue;
        }
        let options = match &attr.meta {
            Meta::Path(_) => Some(RelationOptions::default()),
            _ => read(attr, kind.options(), errors),
        };
        relation = Some(RelationAttr { kind, place, options });
    }
    let deprecated = attrs.iter().find(|attr| attr.path().is_ident("deprecated")).cloned();
    FieldAttrs { column: column.unwrap_or_default(), relation, deprecated }
}

/// The attribute of this name; another one of the same name is an error.
fn single<'a>(attrs: &'a [Attribute], name: &str, errors: &mut Accumulator) -> Option<&'a Attribute> {
    let mut found = attrs.iter().filter(|attr| attr.path().is_ident(name));
    let first = found.next();
    for again in found {
        errors.push(error(again.path().span(), format!("`#[{name}]` is written twice; put all options into one")));
    }
    first
}

/// Reads an attribute's options and reports all that are wrong; `None` if any was.
fn read<T: FromMeta>(attr: &Attribute, known: &[&str], errors: &mut Accumulator) -> Option<T> {
    let attribute = name(attr.path());
    let options = match &attr.meta {
        Meta::List(list) => NestedMeta::parse_meta_list(list.tokens.clone()).map_err(|cause| cause.span()),
        meta => Err(meta.path().span()),
    };
    let options = options.map_err(|place| {
        let example = known.first().copied().map(form).unwrap_or_default();
        error(place, format!("`{attribute}` cannot be read from here on; write `#[{attribute}({example}, ..)]`"))
    });
    let options = errors.handle(options)?;
    let mut faults = Error::accumulator();
    let mut kept: Vec<NestedMeta> = Vec::new();
    for option in options {
        let fault = match &option {
            NestedMeta::Meta(meta) => {
                let given_before =
                    kept.iter().any(|other| matches!(other, NestedMeta::Meta(other) if other.path() == meta.path()));
                fault(&attribute, meta.path(), given_before, known)
            }
            NestedMeta::NameValueInvalidExpr(pair) => {
                let name = name(&pair.path);
                Some(error(
                    pair.path.span(),
                    format!("`{name}` has no value that can be read; write `{}`", form(&name)),
                ))
            }
            NestedMeta::Lit(literal) => {
                let known = list(known.iter().copied());
                Some(error(literal.span(), format!("`{attribute}` takes options by name; they are {known}")))
            }
        };
        match fault {
            Some(fault) => faults.push(fault),
            None => kept.push(option),
        }
    }
    let options = faults.handle(T::from_list(&kept));
    errors.handle(faults.finish()).and(options)
}

/// What is wrong with an option's name.
fn fault(attribute: &str, path: &Path, given_before: bool, known: &[&str]) -> Option<Error> {
    let option = name(path);
    let message = if given_before {
        format!("`{option}` is given twice; keep one")
    } else if path.segments.len() == 1 && known.contains(&option.as_str()) {
        return None;
    } else if attribute == "belongs_to" && option == "order_by" {
        "`belongs_to` leads to one row; remove `order_by`".to_owned()
    } else {
        let all = format!("its options are {}", list(known.iter().copied()));
        format!("`{attribute}` has no option `{option}`{}", suggest(&option, known.iter().copied(), &all))
    };
    Some(error(path.span(), message))
}
