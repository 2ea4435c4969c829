//! Values between Rust and a database: whatever sqlx decodes and encodes, and the values of filters.

use sea_query::{OptionEnum, Value};
use sqlx::error::UnexpectedNullError;
use sqlx::{Arguments, Encode, Row, Type};

use crate::backend::{Backend, Bind, Decode};
use crate::source::sql::SqlBackend;

/// Adds a value.
fn add<'q, A, T>(arguments: &mut A, value: T) -> Result<(), String>
where
    A: Arguments,
    T: Encode<'q, A::Database> + Type<A::Database>,
{
    arguments.add(value).map_err(|error| error.to_string())
}

#[cold]
fn explain(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::ColumnDecode { source, .. } if source.is::<UnexpectedNullError>() => NULL.to_owned(),
        sqlx::Error::ColumnDecode { source, .. } => source.to_string(),
        error => error.to_string(),
    }
}

const NULL: &str = "it is null; make the field an `Option`";

/// Whether a null is read into nothing but an `Option`: sqlx reads it from SQLite as 0 or an empty text.
#[cfg(feature = "sqlx-sqlite")]
fn refuses_null<T>() -> bool {
    !std::any::type_name::<T>().starts_with("core::option::Option<")
}

/// How columns are read, which is the same in all databases.
macro_rules! decoding {
    ($database:ident, $row:ty, $arguments:ty $(, $check:expr)?) => {
        impl Backend for sqlx::$database {
            type Row<'r> = $row;
            type Arguments = $arguments;
        }

        #[diagnostic::do_not_recommend]
        impl<T> Decode<sqlx::$database> for T
        where
            T: for<'r> sqlx::Decode<'r, sqlx::$database> + Type<sqlx::$database>,
        {
            #[inline]
            fn decode(row: &$row, column: usize) -> Result<Self, String> {
                $(if $check(row, column) && refuses_null::<T>() {
                    return Err(NULL.to_owned());
                })?
                row.try_get(column).map_err(|error| explain(&error))
            }
        }
    };
}

/// How the values of filters are sent: those that all databases have, then the database's own.
macro_rules! filter_values {
    ($name:literal, $value:ident, $arguments:ident, { $($own:tt)* }) => {
        match $value {
            $($own)*
            Value::Bool(value) => add($arguments, *value),
            Value::SmallInt(value) => add($arguments, *value),
            Value::Int(value) => add($arguments, *value),
            Value::BigInt(value) => add($arguments, *value),
            Value::Float(value) => add($arguments, *value),
            Value::Double(value) => add($arguments, *value),
            Value::Char(value) => add($arguments, value.map(String::from)),
            Value::String(value) => add($arguments, value.as_deref()),
            Value::Bytes(value) => add($arguments, value.as_deref()),
            #[cfg(feature = "uuid")]
            Value::Uuid(value) => add($arguments, *value),
            #[cfg(feature = "chrono")]
            Value::ChronoDate(value) => add($arguments, *value),
            #[cfg(feature = "chrono")]
            Value::ChronoTime(value) => add($arguments, *value),
            #[cfg(feature = "chrono")]
            Value::ChronoDateTime(value) => add($arguments, *value),
            #[cfg(feature = "chrono")]
            Value::ChronoDateTimeUtc(value) => add($arguments, *value),
            #[cfg(feature = "chrono")]
            Value::ChronoDateTimeLocal(value) => add($arguments, *value),
            #[cfg(feature = "time")]
            Value::TimeDate(value) => add($arguments, *value),
            #[cfg(feature = "time")]
            Value::TimeTime(value) => add($arguments, *value),
            #[cfg(feature = "time")]
            Value::TimeDateTime(value) => add($arguments, *value),
            #[cfg(feature = "time")]
            Value::TimeDateTimeWithTimeZone(value) => add($arguments, *value),
            #[cfg(feature = "json")]
            Value::Json(value) => add($arguments, value.as_deref()),
            #[allow(unreachable_patterns, reason = "other variants exist with other features")]
            other => Err(format!("{} has no value for {other:?}", $name)),
        }
    };
}

/// The label of an enum.
fn label(value: &OptionEnum) -> Option<&str> {
    match value {
        OptionEnum::Some(value) => Some(&value.value),
        OptionEnum::None(_) => None,
    }
}

/// A number without a sign, in a database whose integers have one.
#[cfg(any(feature = "sqlx-postgres", feature = "sqlx-sqlite"))]
fn signed(value: Option<u64>) -> Result<Option<i64>, String> {
    let sign = |value| i64::try_from(value).map_err(|_| format!("{value} is larger than the database's integers"));
    value.map(sign).transpose()
}

#[cfg(feature = "sqlx-postgres")]
mod postgres {
    use sqlx::encode::IsNull;
    use sqlx::error::BoxDynError;
    use sqlx::postgres::types::Oid;
    use sqlx::postgres::{PgArgumentBuffer, PgArguments, PgHasArrayType, PgRow, PgTypeInfo};

    use super::*;

    decoding!(Postgres, PgRow, PgArguments);

    /// A label of an enum, whose type the server knows from where it stands.
    struct Label<'a>(&'a str);

    impl Type<sqlx::Postgres> for Label<'_> {
        fn type_info() -> PgTypeInfo {
            PgTypeInfo::with_oid(Oid(0))
        }
    }

    impl Encode<'_, sqlx::Postgres> for Label<'_> {
        fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
            buffer.extend_from_slice(self.0.as_bytes());
            Ok(IsNull::No)
        }
    }

    #[diagnostic::do_not_recommend]
    impl<T> Bind<sqlx::Postgres> for T
    where
        T: for<'q> Encode<'q, sqlx::Postgres> + Type<sqlx::Postgres> + PgHasArrayType,
    {
        fn bind(&self, arguments: &mut PgArguments) -> Result<(), String> {
            add(arguments, self)
        }

        fn bind_array<'v>(values: impl Iterator<Item = &'v T>, arguments: &mut PgArguments) -> Result<(), String>
        where
            T: 'v,
        {
            add(arguments, values.collect::<Vec<_>>())
        }
    }

    impl SqlBackend for sqlx::Postgres {
        fn add_value(arguments: &mut PgArguments, value: &Value) -> Result<(), String> {
            filter_values!("PostgreSQL", value, arguments, {
                Value::Enum(value) => add(arguments, label(value).map(Label)),
                Value::TinyInt(value) => add(arguments, value.map(i16::from)),
                Value::TinyUnsigned(value) => add(arguments, value.map(i16::from)),
                Value::SmallUnsigned(value) => add(arguments, value.map(i32::from)),
                Value::Unsigned(value) => add(arguments, value.map(i64::from)),
                Value::BigUnsigned(value) => add(arguments, signed(*value)?),
                #[cfg(feature = "chrono")]
                Value::ChronoDateTimeWithTimeZone(value) => add(arguments, *value),
                #[cfg(feature = "decimal")]
                Value::Decimal(value) => add(arguments, *value),
            })
        }

        fn count(row: &PgRow) -> Result<u64, String> {
            row.try_get::<i64, _>(0).map(i64::unsigned_abs).map_err(|error| explain(&error))
        }
    }
}

#[cfg(feature = "sqlx-mysql")]
mod mysql {
    use sqlx::mysql::{MySqlArguments, MySqlRow};

    use super::*;

    decoding!(MySql, MySqlRow, MySqlArguments);

    #[diagnostic::do_not_recommend]
    impl<T> Bind<sqlx::MySql> for T
    where
        T: for<'q> Encode<'q, sqlx::MySql> + Type<sqlx::MySql>,
    {
        fn bind(&self, arguments: &mut MySqlArguments) -> Result<(), String> {
            add(arguments, self)
        }
    }

    impl SqlBackend for sqlx::MySql {
        fn add_value(arguments: &mut MySqlArguments, value: &Value) -> Result<(), String> {
            filter_values!("MySQL", value, arguments, {
                Value::Enum(value) => add(arguments, label(value)),
                Value::TinyInt(value) => add(arguments, *value),
                Value::TinyUnsigned(value) => add(arguments, *value),
                Value::SmallUnsigned(value) => add(arguments, *value),
                Value::Unsigned(value) => add(arguments, *value),
                Value::BigUnsigned(value) => add(arguments, *value),
                #[cfg(feature = "chrono")]
                Value::ChronoDateTimeWithTimeZone(value) => add(arguments, value.map(|value| value.to_utc())),
                #[cfg(feature = "decimal")]
                Value::Decimal(value) => add(arguments, *value),
            })
        }

        fn count(row: &MySqlRow) -> Result<u64, String> {
            row.try_get::<i64, _>(0).map(i64::unsigned_abs).map_err(|error| explain(&error))
        }
    }
}

#[cfg(feature = "sqlx-sqlite")]
mod sqlite {
    use sqlx::ValueRef;
    use sqlx::sqlite::{SqliteArguments, SqliteRow};

    use super::*;

    decoding!(Sqlite, SqliteRow, SqliteArguments, is_null);

    fn is_null(row: &SqliteRow, column: usize) -> bool {
        row.try_get_raw(column).is_ok_and(|value| value.is_null())
    }

    #[diagnostic::do_not_recommend]
    impl<T> Bind<sqlx::Sqlite> for T
    where
        T: for<'q> Encode<'q, sqlx::Sqlite> + Type<sqlx::Sqlite>,
    {
        fn bind(&self, arguments: &mut SqliteArguments) -> Result<(), String> {
            add(arguments, self)
        }
    }

    impl SqlBackend for sqlx::Sqlite {
        fn add_value(arguments: &mut SqliteArguments, value: &Value) -> Result<(), String> {
            filter_values!("SQLite", value, arguments, {
                Value::Enum(value) => add(arguments, label(value)),
                Value::TinyInt(value) => add(arguments, *value),
                Value::TinyUnsigned(value) => add(arguments, *value),
                Value::SmallUnsigned(value) => add(arguments, *value),
                Value::Unsigned(value) => add(arguments, *value),
                Value::BigUnsigned(value) => add(arguments, signed(*value)?),
                #[cfg(feature = "chrono")]
                Value::ChronoDateTimeWithTimeZone(value) => add(arguments, *value),
            })
        }

        fn count(row: &SqliteRow) -> Result<u64, String> {
            row.try_get::<i64, _>(0).map(i64::unsigned_abs).map_err(|error| explain(&error))
        }
    }
}
