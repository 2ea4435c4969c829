//! Static metadata as data for serde: models by their names, so that circles end.

use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::cache::CacheSettings;
use crate::descriptor::{
    ColumnDescriptor, ModelDescriptor, MorphVariantDescriptor, PivotDescriptor, RelationDescriptor, RelationKind,
};

/// What only some kinds have is left out where it is not.
#[derive(serde::Serialize)]
#[serde(rename = "RelationDescriptor")]
struct Relation<'a> {
    name: &'static str,
    kind: RelationKind,
    target: Option<&'static str>,
    required: bool,
    foreign_key: Vec<&'static str>,
    references: Vec<&'static str>,
    inverse: Option<&'static str>,
    order_by: Vec<(&'static str, bool)>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    variants: &'static [MorphVariantDescriptor],
    #[serde(skip_serializing_if = "Option::is_none")]
    morph: Option<(&'static str, &'static str)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pivot: Option<&'a PivotDescriptor>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    through: &'static [&'static str],
    declared_in: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    overrides: Option<&'static str>,
    #[serde(skip_serializing_if = "is_inherited")]
    cache: CacheSettings,
}

fn is_inherited(settings: &CacheSettings) -> bool {
    *settings == CacheSettings::INHERITED
}

impl Serialize for RelationDescriptor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let relation = Relation {
            name: self.name,
            kind: self.kind,
            target: self.target().map(|target| target.name),
            required: self.required,
            foreign_key: self.foreign_key().map(|column| column.field).collect(),
            references: self.references().map(|column| column.field).collect(),
            inverse: self.inverse,
            order_by: order(self.order_by()),
            variants: self.variants,
            morph: self.morph().map(|(column, tag)| (column.field, tag)),
            pivot: self.pivot.as_ref(),
            through: self.through,
            declared_in: self.declared_in().name,
            overrides: self.overrides().map(|overridden| overridden.name),
            cache: self.cache,
        };
        relation.serialize(serializer)
    }
}

impl Serialize for MorphVariantDescriptor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("MorphVariantDescriptor", 2)?;
        out.serialize_field("tag", self.tag)?;
        out.serialize_field("target", (self.target)().name)?;
        out.end()
    }
}

impl Serialize for PivotDescriptor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let morph = self.morph().map(|(column, tag)| (column.field, tag));
        let mut out = serializer.serialize_struct("PivotDescriptor", 6 + usize::from(morph.is_some()))?;
        out.serialize_field("model", (self.model)().name)?;
        out.serialize_field("near", &self.near().map(|column| column.field).collect::<Vec<_>>())?;
        out.serialize_field("far", &self.far().map(|column| column.field).collect::<Vec<_>>())?;
        out.serialize_field("order_by", &order(self.order_by()))?;
        out.serialize_field("distinct", &self.distinct)?;
        out.serialize_field("symmetric", &self.symmetric)?;
        match morph {
            Some(morph) => out.serialize_field("morph", &morph)?,
            None => out.skip_field("morph")?,
        }
        out.end()
    }
}

fn order(terms: impl Iterator<Item = (&'static ColumnDescriptor, bool)>) -> Vec<(&'static str, bool)> {
    terms.map(|(column, descending)| (column.field, descending)).collect()
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
