//! What a key of one's own type has to implement for each driver.

#[doc(hidden)]
pub use {rusqlite, sqlx, tokio_postgres};

/// Reads and sends a type as the `i64` in it, with every driver.
#[macro_export]
macro_rules! newtype_of_i64 {
    ($type:ident) => {
        const _: () = {
            use $crate::source::newtype::rusqlite::{self, types as sqlite};
            use $crate::source::newtype::sqlx;
            use $crate::source::newtype::tokio_postgres::types as postgres;

            impl sqlite::FromSql for $type {
                fn column_result(value: sqlite::ValueRef<'_>) -> sqlite::FromSqlResult<Self> {
                    i64::column_result(value).map(Self)
                }
            }

            impl sqlite::ToSql for $type {
                fn to_sql(&self) -> rusqlite::Result<sqlite::ToSqlOutput<'_>> {
                    sqlite::ToSql::to_sql(&self.0)
                }
            }

            type AnyError = Box<dyn std::error::Error + Sync + Send>;

            impl<'a> postgres::FromSql<'a> for $type {
                fn from_sql(of: &postgres::Type, raw: &'a [u8]) -> Result<Self, AnyError> {
                    i64::from_sql(of, raw).map(Self)
                }

                fn accepts(of: &postgres::Type) -> bool {
                    <i64 as postgres::FromSql>::accepts(of)
                }
            }

            impl postgres::ToSql for $type {
                fn to_sql(
                    &self,
                    of: &postgres::Type,
                    out: &mut postgres::private::BytesMut,
                ) -> Result<postgres::IsNull, AnyError> {
                    postgres::ToSql::to_sql(&self.0, of, out)
                }

                fn accepts(of: &postgres::Type) -> bool {
                    <i64 as postgres::ToSql>::accepts(of)
                }

                postgres::to_sql_checked!();
            }

            impl<DB: sqlx::Database> sqlx::Type<DB> for $type
            where
                i64: sqlx::Type<DB>,
            {
                fn type_info() -> DB::TypeInfo {
                    <i64 as sqlx::Type<DB>>::type_info()
                }

                fn compatible(of: &DB::TypeInfo) -> bool {
                    <i64 as sqlx::Type<DB>>::compatible(of)
                }
            }

            impl<'r, DB: sqlx::Database> sqlx::Decode<'r, DB> for $type
            where
                i64: sqlx::Decode<'r, DB>,
            {
                fn decode(value: DB::ValueRef<'r>) -> Result<Self, AnyError> {
                    <i64 as sqlx::Decode<'r, DB>>::decode(value).map(Self)
                }
            }

            impl<'q, DB: sqlx::Database> sqlx::Encode<'q, DB> for $type
            where
                i64: sqlx::Encode<'q, DB>,
            {
                fn encode_by_ref(&self, out: &mut DB::ArgumentBuffer) -> Result<sqlx::encode::IsNull, AnyError> {
                    sqlx::Encode::<DB>::encode_by_ref(&self.0, out)
                }
            }

            impl sqlx::postgres::PgHasArrayType for $type {
                fn array_type_info() -> sqlx::postgres::PgTypeInfo {
                    <i64 as sqlx::postgres::PgHasArrayType>::array_type_info()
                }
            }
        };
    };
}
