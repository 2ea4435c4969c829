//! Values between Rust and SQLite: whatever rusqlite reads and writes, and the values of filters.

use rusqlite::types::{FromSql, FromSqlError, ToSql, ToSqlOutput, Value as SqliteValue, ValueRef};
use sea_query::Value;

use crate::backend::{Backend, Bind, Decode};

/// SQLite by way of rusqlite.
#[derive(Debug)]
pub struct Rusqlite;

impl Backend for Rusqlite {
    type Row<'r> = rusqlite::Row<'r>;
    type Value = SqliteValue;
}

#[diagnostic::do_not_recommend]
impl<T: FromSql> Decode<Rusqlite> for T {
    #[inline]
    fn decode(row: &rusqlite::Row<'_>, column: usize) -> Result<Self, String> {
        let value = row.get_ref(column).map_err(|error| error.to_string())?;
        T::column_result(value).map_err(|error| explain(&error, value))
    }
}

#[cold]
fn explain(error: &FromSqlError, value: ValueRef<'_>) -> String {
    match error {
        FromSqlError::InvalidType => match value {
            ValueRef::Null => "it is null; make the field an `Option`".to_owned(),
            value => format!("it holds {}", value.data_type().to_string().to_lowercase()),
        },
        error => error.to_string(),
    }
}

#[diagnostic::do_not_recommend]
impl<T: ToSql> Bind<Rusqlite> for T {
    fn bind(&self) -> Result<SqliteValue, String> {
        match self.to_sql().map_err(|error| error.to_string())? {
            ToSqlOutput::Owned(value) => Ok(value),
            ToSqlOutput::Borrowed(value) => SqliteValue::try_from(value).map_err(|error| error.to_string()),
            _ => Err("it is not a single value".to_owned()),
        }
    }
}

/// A filter's value as SQLite takes it.
pub(super) fn filter_value(value: &Value) -> Result<SqliteValue, String> {
    let value = match value {
        Value::Bool(value) => value.map(|value| SqliteValue::Integer(value.into())),
        Value::TinyInt(value) => value.map(|value| SqliteValue::Integer(value.into())),
        Value::SmallInt(value) => value.map(|value| SqliteValue::Integer(value.into())),
        Value::Int(value) => value.map(|value| SqliteValue::Integer(value.into())),
        Value::BigInt(value) => value.map(SqliteValue::Integer),
        Value::TinyUnsigned(value) => value.map(|value| SqliteValue::Integer(value.into())),
        Value::SmallUnsigned(value) => value.map(|value| SqliteValue::Integer(value.into())),
        Value::Unsigned(value) => value.map(|value| SqliteValue::Integer(value.into())),
        Value::BigUnsigned(Some(value)) => {
            let value = i64::try_from(*value).map_err(|_| format!("{value} is larger than SQLite's integers"))?;
            Some(SqliteValue::Integer(value))
        }
        Value::BigUnsigned(None) => None,
        Value::Float(value) => value.map(|value| SqliteValue::Real(value.into())),
        Value::Double(value) => value.map(SqliteValue::Real),
        Value::Char(value) => value.map(|value| SqliteValue::Text(value.into())),
        Value::String(value) => value.clone().map(SqliteValue::Text),
        Value::Bytes(value) => value.clone().map(SqliteValue::Blob),
        #[cfg(feature = "uuid")]
        Value::Uuid(value) => value.map(|value| SqliteValue::Blob(value.as_bytes().to_vec())),
        #[allow(unreachable_patterns, reason = "other variants exist with other features")]
        other => return Err(format!("SQLite has no value for {other:?}")),
    };
    Ok(value.unwrap_or(SqliteValue::Null))
}
