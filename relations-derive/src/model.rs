//! What the attributes mean: a model with its columns and relations, defaults filled in. Nothing here asks whether the
//! names exist; that is `check`'s.

mod route;

use darling::error::Accumulator;
use proc_macro2::{Ident, Span, TokenStream};
use syn::{Attribute, DeriveInput, Field, FieldsNamed, Type, Visibility};

use crate::attr::{self, ColumnOptions, FieldAttrs, Kind, RelationAttr, RelationOptions};
use crate::infer::{self, Wrapper};
use crate::value::{Cache, Term, error};
use crate::{names, paths, types};

pub(crate) use route::{ByKey, Join, MorphTo, Other, OverPivot, Route, Through};

/// A struct as a model.
pub(crate) struct Model {
    pub(crate) vis: Visibility,
    pub(crate) ident: Ident,
    pub(crate) name: String,
    pub(crate) table: String,
    /// The path of `relations_core`.
    pub(crate) core: TokenStream,
    pub(crate) columns: Vec<Column>,
    pub(crate) relations: Vec<Relation>,
    /// The model that this one extends.
    pub(crate) extends: Option<Parent>,
    /// Fields that `Default` fills, besides the relations.
    pub(crate) skipped: Vec<Ident>,
    /// The key, as positions in `columns`; none in a model that extends another.
    pub(crate) key: Vec<usize>,
}

/// A field that holds the model that this one extends.
pub(crate) struct Parent {
    pub(crate) field: Ident,
    pub(crate) ty: Type,
}

/// A field that is read from a column.
pub(crate) struct Column {
    pub(crate) field: Ident,
    /// The field's name without `r#`.
    pub(crate) name: String,
    /// The name in the database.
    pub(crate) column: String,
    pub(crate) vis: Visibility,
    pub(crate) ty: Type,
    /// The type without its `Option`.
    pub(crate) bare: Type,
    pub(crate) nullable: bool,
    pub(crate) deprecated: Option<Attribute>,
    /// Where the user says `key`.
    pub(crate) key: Option<Span>,
    /// False if another field's constant has the same name.
    pub(crate) has_constant: bool,
}

/// A field that is a relation.
pub(crate) struct Relation {
    pub(crate) field: Ident,
    pub(crate) name: String,
    pub(crate) vis: Visibility,
    pub(crate) kind: Kind,
    /// The attribute's name in the source, or the field's.
    pub(crate) place: Span,
    /// The field's type.
    pub(crate) ty: Type,
    pub(crate) target: Type,
    /// Whether the target is an `Option`.
    pub(crate) optional: bool,
    pub(crate) deprecated: Option<Attribute>,
    pub(crate) order: Vec<Term>,
    /// Where the user says `overrides`.
    pub(crate) overrides: Option<Span>,
    pub(crate) cache: Option<Cache>,
    pub(crate) route: Route,
    /// False once an error is reported: then only the skeleton is written.
    pub(crate) sound: bool,
}

impl Relation {
    /// The model that the field keeps the rows of a join table as.
    pub(crate) fn kept(&self) -> Option<&Type> {
        match &self.route {
            Route::OverPivot(route) => route.kept.as_ref(),
            _ => None,
        }
    }
}

/// The name of a field, and whose word it is.
#[derive(Clone)]
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) span: Span,
    /// Whether it is a default.
    pub(crate) inferred: bool,
}

impl Name {
    pub(crate) fn written(ident: &Ident) -> Self {
        Self { text: names::text(ident), span: ident.span(), inferred: false }
    }

    pub(crate) fn inferred(text: String, span: Span) -> Self {
        Self { text, span, inferred: true }
    }
}

impl Model {
    /// Reads a struct with named fields.
    pub(crate) fn read(input: &DeriveInput, fields: &FieldsNamed, errors: &mut Accumulator) -> Self {
        let options = attr::of_model(&input.attrs, errors);
        let name = names::text(&input.ident);
        let table = options.table.map_or_else(|| names::plural(&names::snake(&name)), |table| table.0);
        let core = paths::core(options.krate.as_ref());
        let mut model = Self {
            vis: input.vis.clone(),
            ident: input.ident.clone(),
            name,
            table,
            core,
            columns: vec![],
            relations: vec![],
            extends: None,
            skipped: vec![],
            key: vec![],
        };
        let mut unlinked = Vec::new();
        for field in &fields.named {
            // A field that is there twice is rustc's to report.
            if let Some(ident) = field.ident.as_ref().filter(|ident| !model.has(ident)) {
                let ty = types::without_self(&field.ty, &input.ident);
                model.add(ident, &Field { ty, ..field.clone() }, &mut unlinked, errors);
            }
        }
        if model.extends.is_none() {
            model.key = infer::key(&model.columns);
        }
        for (at, options) in unlinked {
            infer::link(&mut model, at, options);
        }
        model
    }

    /// The relation that a way starts with.
    pub(crate) fn first(&self, route: &Through) -> Option<&Relation> {
        let name = names::text(route.hops.first()?);
        self.relations.iter().find(|relation| relation.name == name)
    }

    fn has(&self, field: &Ident) -> bool {
        let columns = self.columns.iter().map(|column| &column.field);
        columns
            .chain(self.relations.iter().map(|relation| &relation.field))
            .chain(self.extends.iter().map(|parent| &parent.field))
            .chain(&self.skipped)
            .any(|has| has == field)
    }

    /// The position of the column that is read into this field.
    pub(crate) fn position(&self, name: &Name) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name.text)
    }

    fn add(
        &mut self,
        ident: &Ident,
        field: &Field,
        unlinked: &mut Vec<(usize, RelationOptions)>,
        errors: &mut Accumulator,
    ) {
        let attrs = attr::of_field(&field.attrs, errors);
        let wrapper = infer::wrapper(&field.ty);
        if attrs.relation.is_none() && wrapper.is_none() {
            return self.add_column(ident, field, attrs, errors);
        }
        let no_column = [
            attrs.column.key.map(|word| (word.0, "a relation is no key; make the field that it goes by the key")),
            attrs.column.skip.map(|word| (word.0, "a relation is never read as a column; remove `skip`")),
            attrs.column.extends.map(|word| (word.0, "a relation is no part of the row; remove `extends`")),
        ];
        for (place, message) in no_column.into_iter().flatten() {
            errors.push(error(place, message));
        }
        if attrs.column.column.is_some() {
            let message = "a relation is not read from a column; put `column` on the field that it goes by";
            errors.push(error(ident.span(), message));
        }
        let (wrapper, relation) = match (attrs.relation, wrapper) {
            // Without a target the type does not compile: rustc says so.
            (_, Some(Wrapper { target: None, .. })) => return self.skipped.push(ident.clone()),
            (Some(relation), Some(wrapper)) if infer::agree(&relation, &wrapper) => (wrapper, relation),
            (relation, wrapper) => {
                let (wrapper, message, place) = infer::disagreement(field, relation.as_ref(), wrapper);
                errors.push(error(place, message));
                let place = relation.map_or(ident.span(), |relation| relation.place);
                let kind = wrapper.kind;
                (wrapper, RelationAttr { kind, place, options: None })
            }
        };
        let options = relation.options.and_then(|options| errors.handle(morph_alone(wrapper.kind, options)));
        let (target, optional) = match wrapper.target.map(|target| types::option(&target)) {
            Some((target, optional)) => (target, optional),
            None => return self.skipped.push(ident.clone()),
        };
        self.relations.push(Relation {
            field: ident.clone(),
            name: names::text(ident),
            vis: field.vis.clone(),
            kind: wrapper.kind,
            place: relation.place,
            ty: field.ty.clone(),
            target,
            optional,
            deprecated: attrs.deprecated,
            order: vec![],
            overrides: None,
            cache: None,
            route: Route::of(wrapper.kind, wrapper.through, wrapper.pivot),
            sound: options.is_some(),
        });
        if let Some(options) = options {
            unlinked.push((self.relations.len() - 1, options));
        }
    }

    fn add_column(&mut self, ident: &Ident, field: &Field, attrs: FieldAttrs, errors: &mut Accumulator) {
        let options = attrs.column;
        if options.extends.is_some() {
            return self.add_parent(ident, field, &options, errors);
        }
        if let Some(skip) = &options.skip {
            let contradiction = match (&options.key, &options.column) {
                (Some(_), _) => Some("a key is always read; remove `skip` or `key`"),
                (None, Some(_)) => Some("a field that is left out has no column; remove `skip` or `column`"),
                (None, None) => None,
            };
            match contradiction {
                Some(message) => errors.push(error(skip.0, message)),
                None => return self.skipped.push(ident.clone()),
            }
        }
        let name = names::text(ident);
        let (bare, nullable) = types::option(&field.ty);
        self.columns.push(Column {
            field: ident.clone(),
            column: options.column.map_or_else(|| name.clone(), |column| column.0),
            name,
            vis: field.vis.clone(),
            ty: field.ty.clone(),
            bare,
            nullable,
            deprecated: attrs.deprecated,
            key: options.key.map(|word| word.0),
            has_constant: true,
        });
    }

    fn add_parent(&mut self, ident: &Ident, field: &Field, options: &ColumnOptions, errors: &mut Accumulator) {
        let ColumnOptions { key, column, skip, extends } = options;
        let message = "the columns are those of the model that is extended";
        let words =
            [(key, "key"), (skip, "skip")].into_iter().filter_map(|(word, name)| Some((word.as_ref()?.0, name)));
        for (place, name) in words.chain(column.iter().map(|_| (ident.span(), "column"))) {
            errors.push(error(place, format!("{message}; remove `{name}`")));
        }
        match (&self.extends, extends) {
            (Some(first), Some(word)) => {
                let message = format!(
                    "a model extends one other, so that no column or relation comes from two; keep `extends` on `{}`",
                    names::text(&first.field)
                );
                errors.push(error(word.0, message));
                self.skipped.push(ident.clone());
            }
            _ => self.extends = Some(Parent { field: ident.clone(), ty: field.ty.clone() }),
        }
    }
}

/// A polymorphic relation of the target says by what its rows are found: no other option may. One of a join table's
/// is only one of its ends.
fn morph_alone(kind: Kind, options: RelationOptions) -> darling::Result<RelationOptions> {
    let Some(morph) = options.morph.as_ref().filter(|_| kind != Kind::ManyToMany) else { return Ok(options) };
    let others = [
        ("foreign_key", options.foreign_key.as_ref().and_then(|names| names.0.first())),
        ("references", options.references.as_ref().and_then(|names| names.0.first())),
        ("inverse", options.inverse.as_ref().map(|name| &name.0)),
    ];
    let fault = others.into_iter().find_map(|(option, name)| {
        let (morph, name) = (names::text(&morph.0), name?);
        Some(error(name.span(), format!("`{morph}` says what the targets go by; remove `{option}` or `morph`")))
    });
    fault.map_or(Ok(options), Err)
}
