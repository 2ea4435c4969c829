//! What the user may write: the attributes and their options, each read on its own. What they mean together is
//! `model`'s.

use darling::ast::NestedMeta;
use darling::error::Accumulator;
use darling::{Error, FromMeta};
use proc_macro2::{Ident, Span, TokenTree};
use syn::spanned::Spanned;
use syn::{Attribute, Meta, Path, Type};

use crate::names::{list, suggest};
use crate::value::{
    CACHE_OPTIONS, Cache, CratePath, FieldName, FieldNames, OfMany, Order, Text, Way, Word, error, form, name,
};

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

/// `#[belongs_to(..)]`, `#[has_one(..)]`, `#[has_many(..)]`, `#[many_to_many(..)]`, `#[morph_to(..)]`.
#[derive(Default, FromMeta)]
pub(crate) struct RelationOptions {
    pub(crate) foreign_key: Option<FieldNames>,
    pub(crate) references: Option<FieldNames>,
    pub(crate) inverse: Option<FieldName>,
    pub(crate) order_by: Option<Order>,
    pub(crate) latest_by: Option<FieldName>,
    pub(crate) oldest_by: Option<FieldName>,
    pub(crate) of_many: Option<OfMany>,
    pub(crate) through: Option<Way>,
    /// What `through` says, in a `has_one` or a `has_many`.
    #[darling(skip)]
    pub(crate) hops: Option<Vec<Ident>>,
    /// What `through` says, in a `many_to_many`.
    #[darling(skip)]
    pub(crate) pivot: Option<Type>,
    pub(crate) near: Option<FieldName>,
    pub(crate) far: Option<FieldName>,
    pub(crate) table: Option<Text>,
    pub(crate) target_key: Option<FieldNames>,
    pub(crate) order_by_pivot: Option<Order>,
    pub(crate) distinct: Option<Word>,
    pub(crate) symmetric: Option<Word>,
    pub(crate) morph: Option<FieldName>,
    pub(crate) morph_type: Option<FieldName>,
    pub(crate) overrides: Option<Word>,
    pub(crate) cache: Option<Cache>,
}

/// Options of which one is enough, and what each of them does.
const ALTERNATIVES: [(&[&str], &str); 2] = [
    (&["order_by", "latest_by", "oldest_by", "of_many"], "orders the targets"),
    (&["max_entries", "max_weight"], "bounds the cache"),
];

/// The kinds of relations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    BelongsTo,
    HasOne,
    HasMany,
    ManyToMany,
    MorphTo,
}

impl Kind {
    pub(crate) const ALL: [Self; 5] = [Self::BelongsTo, Self::HasOne, Self::HasMany, Self::ManyToMany, Self::MorphTo];

    /// The attribute's name.
    pub(crate) fn attribute(self) -> &'static str {
        match self {
            Self::BelongsTo => "belongs_to",
            Self::HasOne => "has_one",
            Self::HasMany => "has_many",
            Self::ManyToMany => "many_to_many",
            Self::MorphTo => "morph_to",
        }
    }

    /// The name of the field's type, and of the kind in the core, where it leads over other relations.
    pub(crate) fn through_name(self) -> Option<&'static str> {
        match self {
            Self::BelongsTo | Self::ManyToMany | Self::MorphTo => None,
            Self::HasOne => Some("HasOneThrough"),
            Self::HasMany => Some("HasManyThrough"),
        }
    }

    /// The name of the field's type, and of the kind in the core.
    pub(crate) fn type_name(self) -> &'static str {
        match self {
            Self::BelongsTo => "BelongsTo",
            Self::HasOne => "HasOne",
            Self::HasMany => "HasMany",
            Self::ManyToMany => "ManyToMany",
            Self::MorphTo => "MorphTo",
        }
    }

    /// Whether a list of targets is led to, which may be empty and is never missing.
    pub(crate) fn is_many(self) -> bool {
        matches!(self, Self::HasMany | Self::ManyToMany)
    }

    fn options(self) -> &'static [&'static str] {
        match self {
            Self::BelongsTo => &["foreign_key", "references", "inverse", "overrides", "cache"],
            Self::HasOne => &[
                "foreign_key",
                "references",
                "inverse",
                "order_by",
                "latest_by",
                "oldest_by",
                "of_many",
                "morph",
                "through",
                "overrides",
                "cache",
            ],
            Self::HasMany => {
                &["foreign_key", "references", "inverse", "order_by", "morph", "through", "overrides", "cache"]
            }
            Self::ManyToMany => &[
                "through",
                "near",
                "far",
                "table",
                "foreign_key",
                "target_key",
                "inverse",
                "order_by",
                "order_by_pivot",
                "distinct",
                "symmetric",
                "morph",
                "overrides",
                "cache",
            ],
            Self::MorphTo => &["morph_type", "foreign_key", "overrides", "cache"],
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
        let options = options.and_then(|options| errors.handle(way(kind, options)));
        let options = options.filter(|options| !mixes(attr, options, errors));
        relation = Some(RelationAttr { kind, place, options });
    }
    let deprecated = attrs.iter().find(|attr| attr.path().is_ident("deprecated")).cloned();
    FieldAttrs { column: column.unwrap_or_default(), relation, deprecated }
}

/// Reads `through` as what it is in a relation of this kind.
fn way(kind: Kind, mut options: RelationOptions) -> darling::Result<RelationOptions> {
    if let Some(way) = &options.through {
        match kind {
            Kind::ManyToMany => options.pivot = Some(way.model()?),
            _ => options.hops = Some(way.hops()?),
        }
    }
    Ok(options)
}

/// Whether a way over other relations is mixed with what belongs to a key, which is an error.
fn mixes(attr: &Attribute, options: &RelationOptions, errors: &mut Accumulator) -> bool {
    let RelationOptions { foreign_key, references, inverse, order_by, latest_by, oldest_by, of_many, morph, .. } =
        options;
    let other = [
        foreign_key.as_ref().map(|_| "foreign_key"),
        references.as_ref().map(|_| "references"),
        inverse.as_ref().map(|_| "inverse"),
        order_by.as_ref().map(|_| "order_by"),
        latest_by.as_ref().map(|_| "latest_by"),
        oldest_by.as_ref().map(|_| "oldest_by"),
        of_many.as_ref().map(|_| "of_many"),
        morph.as_ref().map(|_| "morph"),
    ];
    let other = other.into_iter().flatten().next().filter(|_| options.hops.is_some());
    if let Some(other) = other {
        let message = format!("`through` leads over other relations; remove `{other}`, which these have of their own");
        errors.push(error(option(attr, other), message));
    }
    other.is_some()
}

/// Where an option is named.
fn option(attr: &Attribute, option: &str) -> Span {
    let tokens = attr.meta.require_list().map(|list| list.tokens.clone()).unwrap_or_default();
    let place = tokens.into_iter().find(|token| matches!(token, TokenTree::Ident(word) if word == option));
    place.map_or_else(|| attr.path().span(), |token| token.span())
}

/// The attribute of this name; another one of the same name is an error.
pub(crate) fn single<'a>(attrs: &'a [Attribute], name: &str, errors: &mut Accumulator) -> Option<&'a Attribute> {
    let mut found = attrs.iter().filter(|attr| attr.path().is_ident(name));
    let first = found.next();
    for again in found {
        errors.push(error(again.path().span(), format!("`#[{name}]` is written twice; put all options into one")));
    }
    first
}

/// Reads an attribute's options and reports all that are wrong; `None` if any was.
pub(crate) fn read<T: FromMeta>(attr: &Attribute, known: &[&str], errors: &mut Accumulator) -> Option<T> {
    options(&attr.meta, known, |list| format!("#[{list}]"), errors)
}

/// Reads a list of options, of an attribute or of one of its options, which is written as it says.
pub(crate) fn options<T: FromMeta>(
    item: &Meta,
    known: &[&str],
    written: fn(String) -> String,
    errors: &mut Accumulator,
) -> Option<T> {
    let attribute = name(item.path());
    let options = match item {
        Meta::List(list) => NestedMeta::parse_meta_list(list.tokens.clone()).map_err(|cause| cause.span()),
        meta => Err(meta.path().span()),
    };
    let options = options.map_err(|place| {
        let example = known.first().copied().map(form).unwrap_or_default();
        let written = written(format!("{attribute}({example}, ..)"));
        error(place, format!("`{attribute}` cannot be read from here on; write `{written}`"))
    });
    let options = errors.handle(options)?;
    let mut faults = Error::accumulator();
    let mut kept: Vec<Meta> = Vec::new();
    for option in options {
        let fault = match option {
            NestedMeta::Meta(meta) => match fault(&attribute, meta.path(), &kept, known) {
                Some(fault) => fault,
                None => {
                    kept.push(meta);
                    continue;
                }
            },
            NestedMeta::NameValueInvalidExpr(pair) => {
                let name = name(&pair.path);
                let message = format!("`{name}` has no value that can be read; write `{}`", form(&name));
                error(pair.path.span(), message)
            }
            NestedMeta::Lit(literal) => {
                let known = list(known.iter().copied());
                error(literal.span(), format!("`{attribute}` takes options by name; they are {known}"))
            }
        };
        faults.push(fault);
    }
    let kept: Vec<_> = kept.into_iter().map(NestedMeta::Meta).collect();
    let options = faults.handle(T::from_list(&kept));
    errors.handle(faults.finish()).and(options)
}

/// What is wrong with an option's name, after the options that were kept.
fn fault(attribute: &str, path: &Path, kept: &[Meta], known: &[&str]) -> Option<Error> {
    let option = name(path);
    let option = option.as_str();
    let alternatives = ALTERNATIVES.iter().find(|(options, _)| options.contains(&option));
    let (alternatives, purpose) = alternatives.copied().unwrap_or_default();
    let mut kept = kept.iter().map(|meta| name(meta.path()));
    let message = if path.segments.len() == 1 && known.contains(&option) {
        match kept.find(|before| before == option || alternatives.contains(&before.as_str())) {
            Some(first) if first == option => format!("`{option}` is given twice; keep one"),
            Some(first) => format!("`{first}` already {purpose}; keep one"),
            None => return None,
        }
    } else {
        let kinds = Kind::ALL.into_iter().filter(|kind| kind.options().contains(&option));
        let kinds = list(kinds.map(Kind::attribute));
        let advice = if known.contains(&"cache") && CACHE_OPTIONS.contains(&option) {
            format!("; it is an option of `cache`: write `cache({})`", form(option))
        } else if kinds.is_empty() || known.contains(&option) {
            let all = format!("its options are {}", list(known.iter().copied()));
            suggest(option, known.iter().copied(), &all)
        } else {
            format!("; it is an option of {kinds}")
        };
        format!("`{attribute}` has no option `{option}`{advice}")
    };
    Some(error(path.span(), message))
}
