//! Static metadata: what a model and its relations are, as constants built by the derive.
//! Nothing here touches rows or databases.

mod pivot;
#[cfg(feature = "serde")]
mod serialize;

use std::fmt;

pub use pivot::PivotDescriptor;

use crate::cache::CacheSettings;

/// One column of a model's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ColumnDescriptor {
    /// The struct field.
    pub field: &'static str,
    /// The name in the database.
    pub column: &'static str,
    /// The Rust type, as it is written in the struct.
    pub type_name: &'static str,
    /// Whether the field is an `Option`.
    pub nullable: bool,
}

/// The kinds of relations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum RelationKind {
    /// The foreign key is here; there is at most one target.
    BelongsTo,
    /// The foreign key is at the target; there is at most one target.
    HasOne,
    /// The foreign key is at the target; there may be many targets.
    HasMany,
    /// The keys of both sides are in a join table; there may be many targets.
    ManyToMany,
    /// The foreign key is here, with the type of the target, which is one of several models.
    MorphTo,
    /// Over other relations to one target at most.
    HasOneThrough,
    /// Over other relations to many targets.
    HasManyThrough,
}

impl RelationKind {
    /// The attribute that declares this kind.
    pub const fn attribute(self) -> &'static str {
        match self {
            Self::BelongsTo => "belongs_to",
            Self::HasOne | Self::HasOneThrough => "has_one",
            Self::HasMany | Self::HasManyThrough => "has_many",
            Self::ManyToMany => "many_to_many",
            Self::MorphTo => "morph_to",
        }
    }

    /// Whether the targets are reached over other rows, so that one load is several statements.
    pub(crate) const fn is_indirect(self) -> bool {
        !matches!(self, Self::BelongsTo | Self::HasOne | Self::HasMany)
    }

    /// Whether the foreign key is here, not at the target.
    pub(crate) const fn has_foreign_key(self) -> bool {
        matches!(self, Self::BelongsTo | Self::MorphTo)
    }

    /// Whether it leads over other relations.
    pub(crate) const fn is_through(self) -> bool {
        matches!(self, Self::HasOneThrough | Self::HasManyThrough)
    }

    /// Whether one owner may have several targets.
    pub const fn is_many(self) -> bool {
        matches!(self, Self::HasMany | Self::ManyToMany | Self::HasManyThrough)
    }
}

impl fmt::Display for RelationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.attribute())
    }
}

/// One term of a relation's declared order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderDescriptor {
    /// The position of the column in the columns of its model: the target, or the join table's.
    pub column: usize,
    /// Whether the largest value comes first.
    pub descending: bool,
}

/// A model that a polymorphic relation may lead to.
#[derive(Clone, Copy)]
pub struct MorphVariantDescriptor {
    /// The text that stands for the model in a column.
    pub tag: &'static str,
    /// The model.
    pub target: fn() -> &'static ModelDescriptor,
}

impl fmt::Debug for MorphVariantDescriptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MorphVariantDescriptor({:?}: {})", self.tag, (self.target)().name)
    }
}

/// The type that a row has to have: a column, and the text in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MorphDescriptor {
    /// The position of the column.
    pub column: usize,
    /// The text.
    pub tag: &'static str,
}

impl MorphDescriptor {
    /// The column among those of its model, and the text.
    fn of(self, model: &'static ModelDescriptor) -> Option<(&'static ColumnDescriptor, &'static str)> {
        Some((model.columns.get(self.column)?, self.tag))
    }
}

/// What a relation is: its kind, its target and the columns that join the two.
#[derive(Clone, Copy)]
pub struct RelationDescriptor {
    /// The relation's name: the struct field.
    pub name: &'static str,
    /// The model that declares the relation.
    pub owner: fn() -> &'static ModelDescriptor,
    /// The kind.
    pub kind: RelationKind,
    /// The model that the relation leads to, behind [`target`](Self::target); a function, so that models may refer to
    /// one another.
    pub target: Option<fn() -> &'static ModelDescriptor>,
    /// The models that a polymorphic relation may lead to.
    pub variants: &'static [MorphVariantDescriptor],
    /// The type that the targets' rows have, if they lead back by a polymorphic relation.
    pub morph: Option<MorphDescriptor>,
    /// Whether every owner must have a target.
    pub required: bool,
    /// The owner's key columns, as positions in the owner's columns. For `morph_to` its type, then its id.
    pub owner_columns: &'static [usize],
    /// The target's key columns, as positions in the target's columns.
    pub target_columns: &'static [usize],
    /// The relation of the target that leads back, if one is declared on either side.
    pub inverse: Option<&'static str>,
    /// The declared order of the targets.
    pub order: &'static [OrderDescriptor],
    /// The join table, if there is one.
    pub pivot: Option<PivotDescriptor>,
    /// The relations that it leads over, by their names.
    pub through: &'static [&'static str],
    /// The model whose relation of this name it overrides.
    pub overrides: Option<fn() -> &'static ModelDescriptor>,
    /// How the shared cache keeps it, where that differs from what holds for all.
    pub cache: CacheSettings,
}

impl RelationDescriptor {
    /// `Model.relation`, as error messages and statement logs write it.
    pub fn path(&self) -> String {
        format!("{}.{}", (self.owner)().name, self.name)
    }

    /// The model that declares the relation.
    pub fn declared_in(&self) -> &'static ModelDescriptor {
        (self.owner)()
    }

    /// The model whose relation of this name it overrides.
    pub fn overrides(&self) -> Option<&'static ModelDescriptor> {
        self.overrides.map(|overridden| overridden())
    }

    /// The model that the relation leads to; `None` for `morph_to`, which leads to several.
    pub fn target(&self) -> Option<&'static ModelDescriptor> {
        self.target.map(|target| target())
    }

    /// All models that the relation may lead to.
    pub fn targets(&self) -> impl Iterator<Item = &'static ModelDescriptor> + use<> {
        let variants = self.variants.iter().map(|variant| (variant.target)());
        self.target().into_iter().chain(variants)
    }

    fn columns_of_target(&self) -> &'static [ColumnDescriptor] {
        self.target().map_or(&[], |target| target.columns)
    }

    /// The columns that hold the key of the other side: the owner's for `belongs_to` and `morph_to`, which has the type
    /// first, else the target's. Of a relation over a join table, the columns there that refer to the owner. None for a
    /// relation through others.
    pub fn foreign_key(&self) -> impl Iterator<Item = &'static ColumnDescriptor> + use<> {
        let (all, columns) = match &self.pivot {
            Some(pivot) => ((pivot.model)().columns, pivot.near),
            None if self.kind.has_foreign_key() => ((self.owner)().columns, self.owner_columns),
            None => (self.columns_of_target(), self.target_columns),
        };
        columns.iter().filter_map(move |&at| all.get(at))
    }

    /// The columns that the foreign key refers to: the target's for `belongs_to`, else the owner's. None for
    /// `morph_to`, which refers to the key of each model.
    pub fn references(&self) -> impl Iterator<Item = &'static ColumnDescriptor> + use<> {
        let (all, columns) = if self.kind.has_foreign_key() {
            (self.columns_of_target(), self.target_columns)
        } else {
            ((self.owner)().columns, self.owner_columns)
        };
        columns.iter().filter_map(move |&at| all.get(at))
    }

    /// The declared order as (column, descending).
    pub fn order_by(&self) -> impl Iterator<Item = (&'static ColumnDescriptor, bool)> + use<> {
        let columns = self.target().map_or(&[][..], |target| target.columns);
        self.order.iter().filter_map(move |term| Some((columns.get(term.column)?, term.descending)))
    }

    /// The column that says the type of the targets, and the type.
    pub fn morph(&self) -> Option<(&'static ColumnDescriptor, &'static str)> {
        self.morph?.of(self.target()?)
    }
}

impl fmt::Display for RelationDescriptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let targets: Vec<_> = self.targets().map(|target| target.name).collect();
        let optional = if self.required || self.kind.is_many() { "" } else { "?" };
        write!(f, "{}: {} {}{optional} (", self.name, self.kind, targets.join(" | "))?;
        if !self.through.is_empty() {
            return write!(f, "through {})", self.through.join("."));
        }
        match &self.pivot {
            Some(pivot) => write!(f, "over {pivot}")?,
            None => f.write_str(&names(self.foreign_key()))?,
        }
        if self.pivot.is_none() && self.kind != RelationKind::MorphTo {
            write!(f, " -> {}", names(self.references()))?;
        }
        write_morph(f, self.morph())?;
        if let Some(inverse) = self.inverse {
            write!(f, ", inverse {inverse}")?;
        }
        if let Some(overridden) = self.overrides() {
            write!(f, ", overrides that of {}", overridden.name)?;
        }
        write_order(f, "order", self.order_by())?;
        if self.cache != CacheSettings::INHERITED {
            write!(f, ", {}", self.cache)?;
        }
        f.write_str(")")
    }
}

impl fmt::Debug for RelationDescriptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RelationDescriptor({}.{self})", (self.owner)().name)
    }
}

/// What a model is: its table, its columns and its relations.
#[derive(Clone, Copy)]
pub struct ModelDescriptor {
    /// The struct's name.
    pub name: &'static str,
    /// The struct's full path; unique in a program.
    pub path: &'static str,
    /// The table's name.
    pub table: &'static str,
    /// The columns in the order in which rows are read.
    pub columns: &'static [ColumnDescriptor],
    /// The key, as positions in `columns`.
    pub key: &'static [usize],
    /// The relations, behind [`relations`](Self::relations).
    pub relations: &'static [RelationDescriptor],
    /// The relations that are declared here, behind [`own_relations`](Self::own_relations).
    pub own_relations: &'static [RelationDescriptor],
    /// The model that this one extends.
    pub extends: Option<fn() -> &'static Self>,
}

impl ModelDescriptor {
    /// All relations, in the order of their fields: the inherited ones first, with overrides in their places.
    pub fn relations(&self) -> &'static [RelationDescriptor] {
        self.relations
    }

    /// Whether it stands for a plain join table, which no struct is read from.
    pub(crate) fn is_plain(&self) -> bool {
        self.path == self.table
    }

    /// The relations that the model declares itself, overrides among them.
    pub fn own_relations(&self) -> &'static [RelationDescriptor] {
        self.own_relations
    }

    /// The model that this one extends.
    pub fn extends(&self) -> Option<&'static Self> {
        self.extends.map(|extends| extends())
    }

    /// The relation of this name.
    pub fn relation(&self, name: &str) -> Option<&'static RelationDescriptor> {
        self.relations.iter().find(|relation| relation.name == name)
    }

    /// The column that is read into this field.
    pub fn column(&self, field: &str) -> Option<&'static ColumnDescriptor> {
        self.columns.iter().find(|column| column.field == field)
    }

    /// The key's columns.
    pub fn key(&self) -> impl Iterator<Item = &'static ColumnDescriptor> {
        let columns = self.columns;
        self.key.iter().filter_map(move |&at| columns.get(at))
    }
}

impl fmt::Display for ModelDescriptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        if let Some(parent) = self.extends() {
            write!(f, " extends {}", parent.name)?;
        }
        writeln!(f, " (table {}, key {})", self.table, names(self.key()))?;
        for column in self.columns {
            write!(f, "  {}: {}", column.field, column.type_name)?;
            if column.field != column.column {
                write!(f, " (column {})", column.column)?;
            }
            writeln!(f)?;
        }
        for relation in self.relations {
            writeln!(f, "  {relation}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for ModelDescriptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ModelDescriptor")
            .field("name", &self.name)
            .field("table", &self.table)
            .field("columns", &self.columns)
            .field("key", &self.key)
            .field("relations", &self.relations)
            .field("extends", &self.extends().map(|parent| parent.name))
            .finish()
    }
}

/// A type, if there is one: `, commentable_type "post"`.
fn write_morph(f: &mut fmt::Formatter<'_>, morph: Option<(&'static ColumnDescriptor, &'static str)>) -> fmt::Result {
    morph.map_or(Ok(()), |(column, tag)| write!(f, ", {} {tag:?}", column.field))
}

/// An order, if there is one: `, order created_at desc, id`.
fn write_order(
    f: &mut fmt::Formatter<'_>,
    word: &str,
    terms: impl Iterator<Item = (&'static ColumnDescriptor, bool)>,
) -> fmt::Result {
    for (at, (column, descending)) in terms.enumerate() {
        let before = if at == 0 { format!(", {word}") } else { ",".to_owned() };
        let direction = if descending { " desc" } else { "" };
        write!(f, "{before} {}{direction}", column.field)?;
    }
    Ok(())
}

/// The fields of some columns: `id`, or `(shop_id, id)`.
fn names(columns: impl Iterator<Item = &'static ColumnDescriptor>) -> String {
    let names: Vec<_> = columns.map(|column| column.field).collect();
    match names.as_slice() {
        [one] => (*one).to_owned(),
        many => format!("({})", many.join(", ")),
    }
}
