//! What a statement is about: the model and the relation that its errors and its entry in the log name.

use super::Failure;
use super::template::Unsent;
use crate::descriptor::{ColumnDescriptor, ModelDescriptor, RelationDescriptor};
use crate::error::{Error, ErrorKind, RelationName};
use crate::key::{self, Key};
use crate::source::Report;

/// What a statement is about.
#[derive(Clone, Copy)]
pub(super) struct About<'a> {
    pub(super) model: &'static ModelDescriptor,
    pub(super) relation: Option<&'static RelationDescriptor>,
    /// Who is told of it besides the source's own logs.
    pub(super) report: &'a Report,
}

impl About<'_> {
    fn relation(self) -> Option<RelationName> {
        self.relation.map(RelationName)
    }

    #[cold]
    pub(super) fn failed(self, sql: &str, failure: Failure) -> Error {
        let (fault, reason) = match failure {
            Failure::Row(error) => return error,
            Failure::Refused { fault, reason } => (fault, reason),
        };
        let (model, table, relation) = (self.model.name, self.model.table, self.relation());
        ErrorKind::Statement { model, table, relation, fault, reason, sql: sql.to_owned() }.into()
    }

    #[cold]
    pub(super) fn unsent<K: Key, A: Key>(self, unsent: Unsent<'_, K, A>) -> Error {
        let (model, relation) = (self.model.name, self.relation());
        let (key, reason) = match unsent {
            Unsent::Key(key, reason) => (key.map_or_else(|| "among many".to_owned(), key::display), reason),
            Unsent::After(key, reason) => (key::display(key), reason),
            Unsent::Value(value, reason) => {
                return ErrorKind::Value { model, relation, value: format!("{value:?}"), reason }.into();
            }
        };
        ErrorKind::Key { model, relation, key, reason }.into()
    }

    #[cold]
    pub(super) fn other_key<K: Key>(self, key: &K) -> Error {
        ErrorKind::OtherKey { model: self.model.name, relation: self.relation(), key: key::display(key) }.into()
    }

    /// A column that does not decode; what is computed is none of the model's columns.
    #[cold]
    pub(super) fn undecoded(
        self,
        column: Option<&ColumnDescriptor>,
        type_name: &'static str,
        key: Option<String>,
        reason: String,
    ) -> Error {
        ErrorKind::Decode {
            model: self.model.name,
            relation: self.relation(),
            column: column.map_or("count", |column| column.column),
            field: column.map_or("count", |column| column.field),
            type_name,
            key,
            reason,
        }
        .into()
    }
}
