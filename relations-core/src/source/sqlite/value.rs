//! Values between Rust and SQLite: whatever rusqlite reads and writes, and the values of filters.

use rusqlite::types::{FromSql, FromSqlError, ToSql, ToSqlOutput, Type, Value as SqliteValue, ValueRef};
use sea_query::Value;

use crate::backend::{Backend, Bind, Decode, DriverRow, SqlKey};
use crate::error::Error;
use crate::source::sql::SqlBackend;

/// SQLite by way of rusqlite.
#[derive(Debug)]
pub struct Rusqlite;

/// What is bound to one place of a statement.
#[derive(Debug)]
pub enum Argument {
    /// A value.
    One(SqliteValue),
    /// A list, which the statement reads as a table.
    List(Vec<SqliteValue>),
}

impl Backend for Rusqlite {
    type Row<'r> = rusqlite::Row<'r>;
    type Arguments = Vec<Argument>;
}

impl SqlBackend for Rusqlite {
    fn add_value(arguments: &mut Vec<Argument>, value: &Value) -> Result<(), String> {
        arguments.push(Argument::One(filter_value(value)?));
        Ok(())
    }

    fn count(row: &rusqlite::Row<'_>) -> Result<u64, String> {
        row.get(0).map(i64::unsigned_abs).map_err(|error| error.to_string())
    }

    fn add_keys<'k, K: SqlKey<Self>>(
        arguments: &mut Vec<Argument>,
        keys: impl ExactSizeIterator<Item = &'k K>,
    ) -> Result<(), (usize, String)> {
        let mut list = Vec::with_capacity(keys.len() * K::WIDTH);
        let mut parts = Vec::with_capacity(K::WIDTH);
        for (at, key) in keys.enumerate() {
            key.bind(&mut parts).map_err(|reason| (at, reason))?;
            list.extend(parts.drain(..).filter_map(|part| match part {
                Argument::One(value) => Some(value),
                Argument::List(_) => None,
            }));
        }
        arguments.push(Argument::List(list));
        Ok(())
    }
}

impl<'r> DriverRow<'r> for rusqlite::Row<'r> {
    type Backend = Rusqlite;
    type Error = rusqlite::Error;

    fn column_name(&self, column: usize) -> Option<&str> {
        self.as_ref().column_name(column).ok()
    }

    fn refuse(&self, column: usize, error: Error) -> rusqlite::Error {
        let held = self.get_ref(column).map_or(Type::Null, |value| value.data_type());
        rusqlite::Error::FromSqlConversionFailure(column, held, Box::new(error))
    }
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
    fn bind(&self, arguments: &mut Vec<Argument>) -> Result<(), String> {
        let value = match self.to_sql().map_err(|error| error.to_string())? {
            ToSqlOutput::Owned(value) => value,
            ToSqlOutput::Borrowed(value) => SqliteValue::try_from(value).map_err(|error| error.to_string())?,
            _ => return Err("it is not a single value".to_owned()),
        };
        arguments.push(Argument::One(value));
        Ok(())
    }
}

/// A filter's value as SQLite takes it.
fn filter_value(value: &Value) -> Result<SqliteValue, String> {
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
