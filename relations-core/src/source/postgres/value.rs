//! Values between Rust and PostgreSQL: whatever tokio-postgres reads and writes, and the values of filters.

use std::error::Error as StdError;

use sea_query::{OptionEnum, Value};
use tokio_postgres::Row;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSqlOwned, IsNull, Kind, ToSql, Type, WasNull, WrongType};

use super::fault;
use crate::backend::{Backend, Bind, Decode, DriverRow};
use crate::error::Error;
use crate::source::sql::SqlBackend;

/// PostgreSQL by way of tokio-postgres.
#[derive(Debug)]
pub struct TokioPostgres;

/// What is bound to one place of a statement.
pub type Argument = Box<dyn ToSql + Sync + Send>;

type Written = Result<IsNull, Box<dyn StdError + Sync + Send>>;

impl Backend for TokioPostgres {
    type Row<'r> = Row;
    type Arguments = Vec<Argument>;
}

impl SqlBackend for TokioPostgres {
    fn add_value(arguments: &mut Vec<Argument>, value: &Value) -> Result<(), String> {
        arguments.push(Box::new(FilterValue(value.clone())));
        Ok(())
    }

    fn count(row: &Row) -> Result<u64, String> {
        row.try_get(0).map(i64::unsigned_abs).map_err(|error| fault::reason(&error))
    }
}

impl DriverRow<'_> for Row {
    type Backend = TokioPostgres;
    type Error = Error;

    fn column_name(&self, column: usize) -> Option<&str> {
        Some(self.columns().get(column)?.name())
    }

    fn refuse(&self, _: usize, error: Error) -> Error {
        error
    }
}

#[diagnostic::do_not_recommend]
impl<T: FromSqlOwned> Decode<TokioPostgres> for T {
    #[inline]
    fn decode(row: &Row, column: usize) -> Result<Self, String> {
        row.try_get(column).map_err(explain)
    }
}

#[cold]
fn explain(error: tokio_postgres::Error) -> String {
    match error.into_source() {
        Some(source) if source.is::<WasNull>() => "it is null; make the field an `Option`".to_owned(),
        Some(source) => source.to_string(),
        None => "the statement did not give this column".to_owned(),
    }
}

#[diagnostic::do_not_recommend]
impl<T: ToSql + Clone + Sync + Send + 'static> Bind<TokioPostgres> for T {
    fn bind(&self, arguments: &mut Vec<Argument>) -> Result<(), String> {
        arguments.push(Box::new(self.clone()));
        Ok(())
    }

    fn bind_array<'v>(values: impl Iterator<Item = &'v Self>, arguments: &mut Vec<Argument>) -> Result<(), String>
    where
        Self: 'v,
    {
        arguments.push(Box::new(values.cloned().collect::<Vec<_>>()));
        Ok(())
    }
}

/// A filter's value, which takes the type that the server expects: a filter does not know of what size an integer's
/// column is.
#[derive(Debug)]
struct FilterValue(Value);

impl ToSql for FilterValue {
    fn to_sql(&self, to: &Type, out: &mut BytesMut) -> Written {
        match &self.0 {
            Value::Bool(value) => value.to_sql_checked(to, out),
            Value::TinyInt(value) => write_integer(*value, to, out),
            Value::SmallInt(value) => write_integer(*value, to, out),
            Value::Int(value) => write_integer(*value, to, out),
            Value::BigInt(value) => write_integer(*value, to, out),
            Value::TinyUnsigned(value) => write_integer(*value, to, out),
            Value::SmallUnsigned(value) => write_integer(*value, to, out),
            Value::Unsigned(value) => write_integer(*value, to, out),
            Value::BigUnsigned(value) => write_integer(*value, to, out),
            Value::Float(value) => write_float(value.map(f64::from), to, out),
            Value::Double(value) => write_float(*value, to, out),
            Value::String(value) => write_text(value.as_deref(), to, out),
            Value::Enum(OptionEnum::Some(value)) => write_text(Some(&value.value), to, out),
            Value::Enum(OptionEnum::None(_)) => Ok(IsNull::Yes),
            Value::Char(value) => write_text(value.map(String::from).as_deref(), to, out),
            Value::Bytes(value) => value.to_sql_checked(to, out),
            #[cfg(feature = "uuid")]
            Value::Uuid(value) => value.to_sql_checked(to, out),
            #[cfg(feature = "json")]
            Value::Json(value) => value.as_deref().to_sql_checked(to, out),
            #[cfg(feature = "decimal")]
            Value::Decimal(value) => value.to_sql_checked(to, out),
            #[cfg(feature = "chrono")]
            Value::ChronoDate(value) => value.to_sql_checked(to, out),
            #[cfg(feature = "chrono")]
            Value::ChronoTime(value) => value.to_sql_checked(to, out),
            #[cfg(feature = "chrono")]
            Value::ChronoDateTime(value) => value.to_sql_checked(to, out),
            #[cfg(feature = "chrono")]
            Value::ChronoDateTimeUtc(value) => value.to_sql_checked(to, out),
            #[cfg(feature = "chrono")]
            Value::ChronoDateTimeLocal(value) => value.to_sql_checked(to, out),
            #[cfg(feature = "chrono")]
            Value::ChronoDateTimeWithTimeZone(value) => value.to_sql_checked(to, out),
            #[cfg(feature = "time")]
            Value::TimeDate(value) => value.to_sql_checked(to, out),
            #[cfg(feature = "time")]
            Value::TimeTime(value) => value.to_sql_checked(to, out),
            #[cfg(feature = "time")]
            Value::TimeDateTime(value) => value.to_sql_checked(to, out),
            #[cfg(feature = "time")]
            Value::TimeDateTimeWithTimeZone(value) => value.to_sql_checked(to, out),
            #[allow(unreachable_patterns, reason = "other variants exist with other features")]
            other => Err(format!("PostgreSQL has no value for {other:?}").into()),
        }
    }

    /// What does not fit is found when it is written.
    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(&self, to: &Type, out: &mut BytesMut) -> Written {
        self.to_sql(to, out)
    }
}

/// The type under the domains that may be around it.
fn base(of: &Type) -> &Type {
    match of.kind() {
        Kind::Domain(inner) => base(inner),
        _ => of,
    }
}

fn write_integer(value: Option<impl Into<i128>>, to: &Type, out: &mut BytesMut) -> Written {
    let Some(value) = value.map(Into::into) else { return Ok(IsNull::Yes) };
    let too_large = |_| format!("{value} is out of the range of `{to}`");
    match *base(to) {
        Type::INT2 => i16::try_from(value).map_err(too_large)?.to_sql(to, out),
        Type::INT4 => i32::try_from(value).map_err(too_large)?.to_sql(to, out),
        Type::INT8 => i64::try_from(value).map_err(too_large)?.to_sql(to, out),
        Type::OID => u32::try_from(value).map_err(too_large)?.to_sql(to, out),
        Type::FLOAT4 | Type::FLOAT8 => write_float(Some(value as f64), to, out),
        #[cfg(feature = "decimal")]
        Type::NUMERIC => rust_decimal::Decimal::try_from_i128_with_scale(value, 0)?.to_sql(to, out),
        _ => Err(WrongType::new::<i64>(to.clone()).into()),
    }
}

fn write_float(value: Option<f64>, to: &Type, out: &mut BytesMut) -> Written {
    let Some(value) = value else { return Ok(IsNull::Yes) };
    match *base(to) {
        Type::FLOAT4 => (value as f32).to_sql(to, out),
        Type::FLOAT8 => value.to_sql(to, out),
        #[cfg(feature = "decimal")]
        Type::NUMERIC => rust_decimal::Decimal::try_from(value)?.to_sql(to, out),
        _ => Err(WrongType::new::<f64>(to.clone()).into()),
    }
}

/// A text may be the value of an enum.
fn write_text(value: Option<&str>, to: &Type, out: &mut BytesMut) -> Written {
    let to = base(to);
    match to.kind() {
        Kind::Enum(_) => value.to_sql(&Type::TEXT, out),
        _ => value.to_sql_checked(to, out),
    }
}
