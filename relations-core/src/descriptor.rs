//! Static metadata: what a model and its relations are, as constants built by the derive.
//! Nothing here touches rows or databases.

use std::fmt;

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
}

impl RelationKind {
    /// The attribute that declares this kind.
    pub const fn attribute(self) -> &'static str {
        match self {
            Self::BelongsTo => "belongs_to",
            Self::HasOne => "has_one",
            Self::HasMany => "has_many",
        }
    }

    /// Whether the targets are reached over other rows, so that one load is several statements.
    pub(crate) const fn is_indirect(self) -> bool {
        !matches!(self, Self::BelongsTo | Self::HasOne | Self::HasMany)
    }

    /// Whether one owner may have several targets.
    pub const fn is_many(self) -> bool {
        matches!(self, Self::HasMany)
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
    /// The position of the column in the target's columns.
    pub column: usize,
    /// Whether the largest value comes first.
    pub descending: bool,
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
    /// The model that the relation leads to; a function, so that models may refer to one another.
    pub target: fn() -> &'static ModelDescriptor,
    /// Whether every owner must have a target.
    pub required: bool,
    /// The owner's key columns, as positions in the owner's columns.
    pub owner_columns: &'static [usize],
    /// The target's key columns, as positions in the target's columns.
    pub target_columns: &'static [usize],
    /// The relation of the target that leads back, if one is declared on either side.
    pub inverse: Option<&'static str>,
    /// The declared order of the targets.
    pub order: &'static [OrderDescriptor],
    /// The model whose relation of this name it overrides.
    pub overrides: Option<fn() -> &'static ModelDescriptor>,
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

    /// The columns that hold the key of the other side: the owner's for `belongs_to`, else the target's.
    pub fn foreign_key(&self) -> impl Iterator<Item = &'static ColumnDescriptor> {
        let (model, columns) = match self.kind {
            RelationKind::BelongsTo => ((self.owner)(), self.owner_columns),
            RelationKind::HasOne | RelationKind::HasMany => ((self.target)(), self.target_columns),
        };
        columns.iter().filter_map(|&at| model.columns.get(at))
    }

    /// The columns that the foreign key refers to: the target's for `belongs_to`, else the owner's.
    pub fn references(&self) -> impl Iterator<Item = &'static ColumnDescriptor> {
        let (model, columns) = match self.kind {
            RelationKind::BelongsTo => ((self.target)(), self.target_columns),
            RelationKind::HasOne | RelationKind::HasMany => ((self.owner)(), self.owner_columns),
        };
        columns.iter().filter_map(|&at| model.columns.get(at))
    }

    /// The declared order as (column, descending).
    pub fn order_by(&self) -> impl Iterator<Item = (&'static ColumnDescriptor, bool)> {
        let columns = (self.target)().columns;
        self.order.iter().filter_map(move |term| Some((columns.get(term.column)?, term.descending)))
    }
}

impl fmt::Display for RelationDescriptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let target = (self.target)().name;
        write!(f, "{}: {} ", self.name, self.kind)?;
        match (self.kind, self.required) {
            (RelationKind::HasMany, _) | (_, true) => write!(f, "{target}")?,
            (_, false) => write!(f, "{target}?")?,
        }
        write!(f, " ({} -> {}", names(self.foreign_key()), names(self.references()))?;
        if let Some(inverse) = self.inverse {
            write!(f, ", inverse {inverse}")?;
        }
        if let Some(overridden) = self.overrides() {
            write!(f, ", overrides that of {}", overridden.name)?;
        }
        if !self.order.is_empty() {
            f.write_str(", order")?;
            for (at, (column, descending)) in self.order_by().enumerate() {
                let comma = if at == 0 { "" } else { "," };
                let direction = if descending { " desc" } else { "" };
                write!(f, "{comma} {}{direction}", column.field)?;
            }
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

/// The fields of some columns: `id`, or `(shop_id, id)`.
fn names(columns: impl Iterator<Item = &'static ColumnDescriptor>) -> String {
    let names: Vec<_> = columns.map(|column| column.field).collect();
    match names.as_slice() {
        [one] => (*one).to_owned(),
        many => format!("({})", many.join(", ")),
    }
}

#[cfg(feature = "serde")]
mod serialize {
    use super::{ModelDescriptor, RelationDescriptor};
    use serde::ser::{Serialize, SerializeStruct, Serializer};

    impl Serialize for RelationDescriptor {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let order: Vec<_> = self.order_by().map(|(column, descending)| (column.field, descending)).collect();
            let mut out = serializer.serialize_struct("RelationDescriptor", 10)?;
            out.serialize_field("name", self.name)?;
            out.serialize_field("kind", &self.kind)?;
            out.serialize_field("target", (self.target)().name)?;
            out.serialize_field("required", &self.required)?;
            out.serialize_field("foreign_key", &self.foreign_key().map(|c| c.field).collect::<Vec<_>>())?;
            out.serialize_field("references", &self.references().map(|c| c.field).collect::<Vec<_>>())?;
            out.serialize_field("inverse", &self.inverse)?;
            out.serialize_field("order_by", &order)?;
            out.serialize_field("declared_in", self.declared_in().name)?;
            out.serialize_field("overrides", &self.overrides().map(|overridden| overridden.name))?;
            out.end()
        }
    }

    impl Serialize for ModelDescriptor {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut out = serializer.serialize_struct("ModelDescriptor", 6)?;
            out.serialize_field("name", self.name)?;
            out.serialize_field("table", self.table)?;
            out.serialize_field("key", &self.key().map(|column| column.field).collect::<Vec<_>>())?;
            out.serialize_field("columns", self.columns)?;
            out.serialize_field("relations", self.relations)?;
            out.serialize_field("extends", &self.extends().map(|parent| parent.name))?;
            out.end()
        }
    }
}
