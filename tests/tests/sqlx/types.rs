//! Every type that sqlx decodes can be in a column, and those that filters know can be asked for.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use relations_core::{ErrorKind, HasMany, Nullable, Relations, Value};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::types::Json;
use time::{Date, OffsetDateTime, PrimitiveDateTime};
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type)]
#[sqlx(type_name = "mood", rename_all = "snake_case")]
enum Mood {
    Sad,
    Fine,
}

impl From<Mood> for Value {
    fn from(mood: Mood) -> Self {
        let value = if mood == Mood::Sad { "sad" } else { "fine" };
        Value::Enum(sea_query_enum("mood", value))
    }
}

fn sea_query_enum(type_name: &str, value: &'static str) -> sea_query::OptionEnum {
    sea_query::OptionEnum::Some(Box::new(sea_query::Enum { type_name: type_name.into(), value: value.into() }))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type)]
#[sqlx(transparent)]
struct ThingId(Uuid);

impl From<ThingId> for Value {
    fn from(id: ThingId) -> Self {
        id.0.into()
    }
}

impl Nullable for ThingId {
    fn null() -> Value {
        Uuid::null()
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Size {
    width: u32,
}

fn id(number: u128) -> ThingId {
    ThingId(Uuid::from_u128(number))
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 2, 29).unwrap()
}

fn noon() -> NaiveTime {
    NaiveTime::from_hms_opt(12, 30, 1).unwrap()
}

fn at() -> NaiveDateTime {
    day().and_time(noon())
}

/// The columns that all three databases have, and those of one.
macro_rules! things {
    ($($own:ident: $type:ty),*) => {
        #[derive(Debug, Clone, Relations)]
        #[relations(table = "things")]
        struct Thing {
            #[relations(key)]
            id: ThingId,
            whole_id: Option<ThingId>,
            flag: bool,
            small: i16,
            int: i32,
            big: i64,
            real: f64,
            bytes: Vec<u8>,
            day: NaiveDate,
            noon: NaiveTime,
            at: NaiveDateTime,
            instant: DateTime<Utc>,
            due: Option<Date>,
            told: Option<PrimitiveDateTime>,
            sent: Option<OffsetDateTime>,
            data: serde_json::Value,
            size: Option<Json<Size>>,
            mood: Mood,
            $($own: $type,)*
            #[has_many(foreign_key = whole_id, order_by(big))]
            parts: HasMany<Thing>,
        }
    };
}

/// Two things, one a part of the other; they are found by each of their values.
macro_rules! written_and_found {
    ($db:ident) => {
        let whole = Thing::find(&$db, id(1)).await.unwrap().unwrap();
        assert_eq!((whole.flag, whole.small, whole.int, whole.big, whole.real), (true, -2, 3, -4, 0.5));
        assert_eq!((&whole.bytes[..], whole.day, whole.noon, whole.at), (&b"\x00\xff"[..], day(), noon(), at()));
        assert_eq!((whole.instant, whole.mood), (at().and_utc(), Mood::Fine));
        assert_eq!(whole.due, Some(Date::from_calendar_date(2024, time::Month::February, 29).unwrap()));
        assert_eq!(whole.told.map(|told| told.hour()), Some(12));
        assert_eq!(whole.sent.map(OffsetDateTime::unix_timestamp), Some(at().and_utc().timestamp()));
        assert_eq!((&whole.data, &whole.size), (&json!({"a": [1]}), &Some(Json(Size { width: 7 }))));
        let things = Thing::query().order_by(Thing::BIG.asc()).all(&$db).await.unwrap();
        let parts = things[0].parts(&$db).await.unwrap();
        assert_eq!(parts.iter().map(|part| part.id).collect::<Vec<_>>(), [id(2)]);
        assert_eq!(parts[0].size, None);
        let filters = [
            Thing::ID.eq(id(1)),
            Thing::FLAG.eq(true),
            Thing::SMALL.lt(0),
            Thing::INT.le(3),
            Thing::BIG.between(-4, -4),
            Thing::REAL.gt(0.25),
            Thing::BYTES.eq(b"\x00\xff".to_vec()),
            Thing::DAY.eq(day()),
            Thing::NOON.eq(noon()),
            Thing::AT.eq(at()),
            Thing::INSTANT.eq(at().and_utc()),
            Thing::DUE.is_in([Date::from_calendar_date(2024, time::Month::February, 29).unwrap()]),
            Thing::TOLD.is_not_null(),
            Thing::TOLD.ge(whole.told.unwrap()),
            Thing::SENT.le(whole.sent.unwrap()),
            Thing::MOOD.eq(Mood::Fine),
        ];
        for filter in filters {
            let found = Thing::query().filter(filter).all(&$db).await.unwrap();
            assert_eq!(found.iter().map(|thing| thing.id).collect::<Vec<_>>(), [id(1)]);
        }
        let smallest = things.min(Thing::PARTS, Thing::INSTANT, &$db).await.unwrap();
        assert_eq!(smallest.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false]);
        let sums = things.sum(Thing::PARTS, Thing::BIG, &$db).await.unwrap();
        let averages = things.avg(Thing::PARTS, Thing::REAL, &$db).await.unwrap();
        assert_eq!((sums, averages), (vec![5, 0], vec![Some(0.25), None]));
    };
}

/// Fills the table by sqlx itself.
macro_rules! fill {
    ($db:ident, $($column:literal: $value:expr),*) => {
        for (number, whole, flag, big, real, mood) in
            [(1, None, true, -4_i64, 0.5, Mood::Fine), (2, Some(id(1)), false, 5, 0.25, Mood::Sad)]
        {
            let first = number == 1;
            let instant = if first { at().and_utc() } else { at().and_utc() + chrono::TimeDelta::days(1) };
            let later = |naive: NaiveDateTime| if first { naive } else { naive + chrono::TimeDelta::days(1) };
            let query = sqlx::query(INSERT)
                .bind(id(number))
                .bind(whole)
                .bind(flag)
                .bind(if first { -2_i16 } else { 2 })
                .bind(if first { 3_i32 } else { 4 })
                .bind(big)
                .bind(real)
                .bind(if first { &b"\x00\xff"[..] } else { &b""[..] })
                .bind(later(at()).date())
                .bind(if first { noon() } else { NaiveTime::MIN })
                .bind(later(at()))
                .bind(instant)
                .bind(first.then(|| Date::from_calendar_date(2024, time::Month::February, 29).unwrap()))
                .bind(first.then(|| {
                    Date::from_calendar_date(2024, time::Month::February, 29).unwrap().with_hms(12, 30, 1).unwrap()
                }))
                .bind(first.then(|| OffsetDateTime::from_unix_timestamp(at().and_utc().timestamp()).unwrap()))
                .bind(if first { json!({"a": [1]}) } else { json!(null) })
                .bind(first.then_some(Json(Size { width: 7 })))
                .bind(mood)
                $(.bind($value))*;
            query.execute($db.pool()).await.unwrap();
        }
    };
}

#[cfg(on_postgres)]
mod postgres {
    use super::*;
    use relations_core::Sqlx;
    use relations_tests::{Limits, TestSource, block_on};
    use sqlx::Postgres;

    things!(price: Decimal, labels: Vec<String>, moods: Vec<Mood>);

    const INSERT: &str = "INSERT INTO things VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, \
                          $16, $17, $18, $19, $20, $21)";

    #[test]
    fn what_sqlx_decodes_is_read_and_found() {
        block_on(async {
            let db = Sqlx::<Postgres>::open(Limits::NONE).await;
            sqlx::raw_sql(
                "CREATE TYPE mood AS ENUM ('sad', 'fine');
                 CREATE TABLE things (id uuid PRIMARY KEY, whole_id uuid, flag bool NOT NULL, small smallint NOT NULL,
                    int int NOT NULL, big bigint NOT NULL, \"real\" double precision NOT NULL, bytes bytea NOT NULL,
                    day date NOT NULL, noon time NOT NULL, at timestamp NOT NULL, instant timestamptz NOT NULL, due date,
                    told timestamp, sent timestamptz, data jsonb NOT NULL, size json, mood mood NOT NULL,
                    price numeric NOT NULL, labels text[] NOT NULL, moods mood[] NOT NULL)",
            )
            .execute(db.pool())
            .await
            .unwrap();
            fill!(db, "price": Decimal::from_str("1.50").unwrap(), "labels": vec!["a", "b"], "moods": vec![Mood::Sad]);
            written_and_found!(db);
            let whole = Thing::find(&db, id(1)).await.unwrap().unwrap();
            assert_eq!(
                (whole.price.to_string(), &whole.labels[..], &whole.moods[..]),
                ("1.50".to_owned(), &["a".to_owned(), "b".to_owned()][..], &[Mood::Sad][..])
            );
            let price = Thing::PRICE.eq(Decimal::from_str("1.5").unwrap());
            assert_eq!(Thing::query().filter(price).count(&db).await.unwrap(), 2);
        });
    }
}

#[cfg(on_mysql)]
mod mysql {
    use super::*;
    use relations_core::Sqlx;
    use relations_tests::{Limits, TestSource, block_on};
    use sqlx::MySql;

    things!(price: Decimal, large: u64);

    const INSERT: &str = "INSERT INTO things VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    #[test]
    fn what_sqlx_decodes_is_read_and_found() {
        block_on(async {
            let db = Sqlx::<MySql>::open(Limits::NONE).await;
            sqlx::raw_sql(
                "CREATE TABLE things (id binary(16) PRIMARY KEY, whole_id binary(16), flag bool NOT NULL,
                    small smallint NOT NULL, `int` int NOT NULL, big bigint NOT NULL, `real` double NOT NULL,
                    bytes varbinary(9) NOT NULL, day date NOT NULL, noon time NOT NULL, at datetime NOT NULL,
                    instant timestamp NOT NULL, due date, told datetime, sent timestamp NULL, data json NOT NULL,
                    size json, mood ENUM ('sad', 'fine'), price decimal(9, 2) NOT NULL,
                    large bigint unsigned NOT NULL)",
            )
            .execute(db.pool())
            .await
            .unwrap();
            fill!(db, "price": Decimal::from_str("1.50").unwrap(), "large": u64::MAX);
            written_and_found!(db);
            let whole = Thing::find(&db, id(1)).await.unwrap().unwrap();
            assert_eq!((whole.price.to_string(), whole.large), ("1.50".to_owned(), u64::MAX));
            let large = Thing::PRICE.eq(Decimal::from_str("1.5").unwrap()).and(Thing::LARGE.eq(u64::MAX));
            assert_eq!(Thing::query().filter(large).count(&db).await.unwrap(), 2);
            let things = Thing::query().order_by(Thing::BIG.asc()).all(&db).await.unwrap();
            // As many as there are, which is too large for an `i64`.
            let error = things.sum(Thing::PARTS, Thing::LARGE, &db).await.unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Decode { .. } | ErrorKind::Statement { .. }), "{error}");
        });
    }
}

mod sqlite {
    use super::*;
    use relations_core::Sqlx;
    use relations_tests::{Limits, TestSource, block_on};
    use sqlx::Sqlite;

    things!(large: u32);

    const INSERT: &str = "INSERT INTO things VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    #[test]
    fn what_sqlx_decodes_is_read_and_found() {
        block_on(async {
            let db = Sqlx::<Sqlite>::open(Limits::NONE).await;
            sqlx::raw_sql(
                "CREATE TABLE things (id BLOB PRIMARY KEY, whole_id BLOB, flag BOOLEAN NOT NULL, small INTEGER NOT NULL,
                    int INTEGER NOT NULL, big INTEGER NOT NULL, real REAL NOT NULL, bytes BLOB NOT NULL,
                    day TEXT NOT NULL, noon TEXT NOT NULL, at TEXT NOT NULL, instant TEXT NOT NULL, due TEXT, told TEXT,
                    sent TEXT, data TEXT NOT NULL, size TEXT, mood TEXT NOT NULL, large INTEGER NOT NULL)",
            )
            .execute(db.pool())
            .await
            .unwrap();
            fill!(db, "large": u32::MAX);
            written_and_found!(db);
            let error = Thing::query().filter(Thing::LARGE.eq(u32::MAX).and(Thing::BIG.eq(0))).all(&db).await;
            assert_eq!(error.unwrap().len(), 0);
        });
    }

    #[derive(Debug, Clone, Relations)]
    #[relations(table = "things")]
    struct Unsigned {
        #[relations(key)]
        id: ThingId,
        large: Option<i64>,
    }

    #[test]
    fn a_value_that_the_database_does_not_have_is_an_error_and_so_is_a_null_in_a_plain_field() {
        #[derive(Debug, Relations)]
        #[relations(table = "prices")]
        struct Price {
            #[relations(key)]
            id: i64,
            name: String,
        }
        block_on(async {
            let db = Sqlx::<Sqlite>::open(Limits::NONE).await;
            db.run_sql("CREATE TABLE prices (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO prices VALUES (1, NULL)")
                .await;
            let error = Price::all(&db).await.unwrap_err();
            assert!(error.to_string().contains("it is null; make the field an `Option`"), "{error}");
            let _ = |row: Unsigned| (row.id, row.large);
            let _ = |row: Price| (row.id, row.name);
        });
    }
}
