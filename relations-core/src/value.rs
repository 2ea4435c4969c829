//! What a row holds in its columns, for sources that filter, order and join rows in memory.

use std::any::Any;
use std::fmt;

use sea_query::Value;

use crate::model::Model;

/// How what a field holds becomes a value that can be compared; nothing if its type does not become one.
pub type IntoValue = fn(&dyn Any) -> Option<Value>;

/// What a row holds in one of its columns.
#[derive(Clone, Copy)]
pub struct ColumnValue<'a> {
    held: &'a dyn Any,
    into_value: Option<IntoValue>,
}

impl<'a> ColumnValue<'a> {
    pub(crate) fn new(held: &'a dyn Any, into_value: Option<IntoValue>) -> Self {
        Self { held, into_value }
    }

    /// The field, if this is its type.
    pub fn downcast<T: 'static>(self) -> Option<&'a T> {
        self.held.downcast_ref()
    }

    /// The value as filters hold it; `None` if `Value` is not made `From` the field's type.
    pub fn value(self) -> Option<Value> {
        self.into_value.and_then(|into_value| into_value(self.held))
    }
}

impl fmt::Debug for ColumnValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ColumnValue").field(&self.value()).finish()
    }
}

/// How a column of a row of `M` is looked at. The derive writes one for each.
pub struct Access<M> {
    get: fn(&M) -> &dyn Any,
    into_value: IntoValue,
}

impl<M> Access<M> {
    /// The field, and how what it holds becomes a value.
    pub const fn new(get: fn(&M) -> &dyn Any, into_value: IntoValue) -> Self {
        Self { get, into_value }
    }
}

impl<M> fmt::Debug for Access<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access").finish_non_exhaustive()
    }
}

/// A row without its type.
pub trait Columns {
    /// What it holds in the column at this position.
    fn column(&self, at: usize) -> Option<ColumnValue<'_>>;
}

impl<M: Model> Columns for M {
    fn column(&self, at: usize) -> Option<ColumnValue<'_>> {
        Model::column(self, at)
    }
}

/// The position among a model's own columns, after those that it inherits.
fn own<M: Model>(at: usize) -> Option<usize> {
    at.checked_sub(M::COLUMNS.len().saturating_sub(M::ACCESS.len()))
}

/// [`Model::column`].
pub(crate) fn column<M: Model>(row: &M, at: usize) -> Option<ColumnValue<'_>> {
    match own::<M>(at) {
        Some(at) => {
            let access = M::ACCESS.get(at)?;
            Some(ColumnValue::new((access.get)(row), Some(access.into_value)))
        }
        None => (M::EXTENDS?.column)(row, at),
    }
}

/// [`Model::into_value`].
pub(crate) fn into_value<M: Model>(at: usize) -> Option<IntoValue> {
    match own::<M>(at) {
        Some(at) => Some(M::ACCESS.get(at)?.into_value),
        None => (M::EXTENDS?.into_value)(at),
    }
}
