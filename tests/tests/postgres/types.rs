//! Columns of PostgreSQL's types, as fields, as keys and in filters.

use std::error::Error;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use postgres_types::{FromSql, ToSql, Type};
use relations_core::{BelongsTo, ErrorKind, HasMany, ManyToMany, Nullable, Postgres, Relations, Value};
use rust_decimal::Decimal;
use serde_json::json;
use time::macros::{date, datetime, time};
use uuid::Uuid;

use super::{database, execute, sent};

#[derive(Debug, Clone, Copy, PartialEq, FromSql, ToSql)]
#[postgres(name = "mood", rename_all = "lowercase")]
enum Mood {
    Happy,
    Sad,
}

impl From<Mood> for Value {
    fn from(mood: Mood) -> Self {
        match mood {
            Mood::Happy => "happy",
            Mood::Sad => "sad",
        }
        .into()
    }
}

impl Nullable for Mood {
    fn null() -> Value {
        String::null()
    }
}

#[derive(Debug, Relations)]
#[relations(table = "things")]
struct Thing {
    id: i32,
    small: i16,
    big: i64,
    flag: bool,
    single: f32,
    double: f64,
    label: String,
    code: String,
    fixed: String,
    bytes: Vec<u8>,
    uuid: Uuid,
    mood: Mood,
    numbers: Vec<i32>,
    words: Vec<Option<String>>,
    at: DateTime<Utc>,
    local: NaiveDateTime,
    day: NaiveDate,
    hour: NaiveTime,
    data: serde_json::Value,
    price: Decimal,
    maybe: Option<i32>,
}

const THINGS: &str = "
    CREATE TYPE mood AS ENUM ('happy', 'sad');
    CREATE TABLE things (
        id int PRIMARY KEY, small int2 NOT NULL, big int8 NOT NULL, flag bool NOT NULL, single float4 NOT NULL,
        double float8 NOT NULL, label text NOT NULL, code varchar(10) NOT NULL, fixed char(3) NOT NULL,
        bytes bytea NOT NULL, uuid uuid NOT NULL, mood mood NOT NULL, numbers int[] NOT NULL, words text[] NOT NULL,
        at timestamptz NOT NULL, local timestamp NOT NULL, day date NOT NULL, hour time NOT NULL, data jsonb NOT NULL,
        price numeric(10, 2) NOT NULL, maybe int);
    INSERT INTO things VALUES
        (1, -5, 5000000000, true, 1.5, 2.25, 'one', 'o', 'abc', '\\x0001ff', '00000000-0000-0000-0000-000000000001',
         'happy', '{1,2}', '{a,NULL}', '2020-01-02 03:04:05+00', '2021-01-02 03:04:05', '2022-01-02', '03:04:05',
         '{\"a\": [1, null]}', 12.34, NULL),
        (2, 5, -1, false, -1.5, 1e100, 'two', 't', 'x', '', 'ffffffff-ffff-ffff-ffff-ffffffffffff',
         'sad', '{}', '{}', '2030-01-02 03:04:05+00', '2031-01-02 03:04:05', '2032-01-02', '13:04:05', '[]', -0.01, 7);";

fn uuid(last: u128) -> Uuid {
    Uuid::from_u128(last)
}

async fn things(schema: &str) -> Option<Postgres> {
    // Not in the words of SQLite.
    let db = database(schema, &[]).await?;
    execute(&db, THINGS).await;
    Some(db)
}

#[tokio::test]
async fn every_type_decodes() {
    let Some(db) = things("types_decode").await else { return };
    let rows = Thing::query().order_by(Thing::ID.asc()).all(&db).await.unwrap();
    let one = &rows[0];
    assert_eq!((one.id, one.small, one.big, one.flag), (1, -5, 5_000_000_000, true));
    assert_eq!((one.single, one.double), (1.5, 2.25));
    assert_eq!((&*one.label, &*one.code, &*one.fixed, &*one.bytes), ("one", "o", "abc", &[0, 1, 255][..]));
    assert_eq!((one.uuid, one.mood), (uuid(1), Mood::Happy));
    assert_eq!((&*one.numbers, &*one.words), (&[1, 2][..], &[Some("a".to_owned()), None][..]));
    assert_eq!(one.at, "2020-01-02T03:04:05Z".parse::<DateTime<Utc>>().unwrap());
    assert_eq!(one.local, "2021-01-02T03:04:05".parse().unwrap());
    assert_eq!((one.day, one.hour), ("2022-01-02".parse().unwrap(), "03:04:05".parse().unwrap()));
    assert_eq!((&one.data, one.price, one.maybe), (&json!({"a": [1, null]}), Decimal::new(1234, 2), None));
    assert_eq!(rows[1].maybe, Some(7));
}

/// The ids of the things that meet the condition.
macro_rules! ids {
    ($db:expr, $filter:expr) => {
        Thing::query()
            .filter($filter)
            .order_by(Thing::ID.asc())
            .all($db)
            .await
            .unwrap()
            .iter()
            .map(|row| row.id)
            .collect::<Vec<_>>()
    };
}

#[tokio::test]
async fn every_type_filters() {
    let Some(db) = things("types_filter").await else { return };
    assert_eq!(ids!(&db, Thing::ID.eq(1)), [1]);
    assert_eq!(ids!(&db, Thing::SMALL.lt(0)), [1]);
    assert_eq!(ids!(&db, Thing::BIG.gt(4_999_999_999)), [1]);
    assert_eq!(ids!(&db, Thing::FLAG.eq(true)), [1]);
    assert_eq!(ids!(&db, Thing::SINGLE.gt(1.0)), [1]);
    assert_eq!(ids!(&db, Thing::DOUBLE.between(2.0, 3.0)), [1]);
    assert_eq!(ids!(&db, Thing::LABEL.like("%w%")), [2]);
    assert_eq!(ids!(&db, Thing::CODE.is_in(["o", "x"])), [1]);
    assert_eq!(ids!(&db, Thing::FIXED.eq("x")), [2]);
    assert_eq!(ids!(&db, Thing::BYTES.eq(vec![0, 1, 255])), [1]);
    assert_eq!(ids!(&db, Thing::UUID.eq(uuid(1))), [1]);
    assert_eq!(ids!(&db, Thing::MOOD.eq(Mood::Sad)), [2]);
    assert_eq!(ids!(&db, Thing::AT.lt("2025-01-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap())), [1]);
    assert_eq!(ids!(&db, Thing::LOCAL.lt("2025-01-01T00:00:00".parse::<NaiveDateTime>().unwrap())), [1]);
    assert_eq!(ids!(&db, Thing::DAY.gt("2025-01-01".parse::<NaiveDate>().unwrap())), [2]);
    assert_eq!(ids!(&db, Thing::HOUR.gt("12:00:00".parse::<NaiveTime>().unwrap())), [2]);
    assert_eq!(ids!(&db, Thing::DATA.eq(json!([]))), [2]);
    assert_eq!(ids!(&db, Thing::PRICE.lt(Decimal::ZERO)), [2]);
    assert_eq!(ids!(&db, Thing::MAYBE.eq(7)), [2]);
    assert_eq!(ids!(&db, Thing::MAYBE.is_null()), [1]);
}

/// A number whose filters always send 64 bits.
#[derive(Debug, Clone, PartialEq)]
struct Loose(i64);

impl<'a> FromSql<'a> for Loose {
    fn from_sql(_: &Type, _: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(0))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

impl From<Loose> for Value {
    fn from(value: Loose) -> Self {
        value.0.into()
    }
}

#[derive(Debug, Relations)]
#[relations(table = "things")]
struct LooseThing {
    id: i32,
    small: Loose,
    big: Loose,
    single: Loose,
    double: Loose,
    price: Loose,
    label: Loose,
    maybe: Option<i64>,
}

#[tokio::test]
async fn an_integer_in_a_filter_takes_the_type_of_its_column() {
    let Some(db) = things("types_integers").await else { return };
    let columns = [
        LooseThing::SMALL.gt(Loose(4)),
        LooseThing::BIG.lt(Loose(0)),
        LooseThing::SINGLE.lt(Loose(1)),
        LooseThing::DOUBLE.gt(Loose(3)),
        LooseThing::PRICE.lt(Loose(12)),
        LooseThing::MAYBE.eq(7),
    ];
    for filter in columns {
        assert_eq!(LooseThing::query().filter(filter).count(&db).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn an_integer_that_its_column_cannot_hold_is_refused() {
    let Some(db) = things("types_out_of_range").await else { return };
    let error = LooseThing::query().filter(LooseThing::SMALL.gt(Loose(40_000))).count(&db).await.unwrap_err();
    assert!(error.to_string().ends_with("40000 is out of the range of `int2`"), "{error}");
    let error = LooseThing::query().filter(LooseThing::LABEL.gt(Loose(1))).count(&db).await.unwrap_err();
    assert!(error.to_string().ends_with("`i64` and the Postgres type `text`"), "{error}");
    assert_eq!(Thing::all(&db).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_column_of_another_type_does_not_decode_and_the_error_names_both_types() {
    let Some(db) = things("types_mismatch").await else { return };
    let error = LooseThing::all(&db).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "`LooseThing`: column `maybe` does not decode into `LooseThing.maybe: Option<i64>`: \
         cannot convert between the Rust type `core::option::Option<i64>` and the Postgres type `int4`"
    );
}

#[derive(Debug, Relations)]
#[relations(table = "things")]
struct Certain {
    id: i32,
    maybe: i32,
}

#[tokio::test]
async fn null_in_a_field_that_is_no_option_is_an_error_that_says_so() {
    let Some(db) = things("types_null").await else { return };
    let error = Certain::all(&db).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Decode { column: "maybe", .. }));
    assert!(error.to_string().ends_with("it is null; make the field an `Option`"), "{error}");
}

#[derive(Debug, Relations)]
#[relations(table = "events")]
struct Event {
    id: i64,
    at: time::OffsetDateTime,
    local: time::PrimitiveDateTime,
    day: time::Date,
    hour: time::Time,
}

#[tokio::test]
async fn dates_and_times_of_the_time_crate_decode_and_filter() {
    let Some(db) = database("types_time", &[]).await else { return };
    execute(
        &db,
        "CREATE TABLE events (id int8 PRIMARY KEY, at timestamptz NOT NULL, local timestamp NOT NULL,
                              day date NOT NULL, hour time NOT NULL);
         INSERT INTO events VALUES (1, '2020-01-02 03:04:05+00', '2021-01-02 03:04:05', '2022-01-02', '03:04:05');",
    )
    .await;
    let at = datetime!(2020-01-02 03:04:05 UTC);
    let (local, day, hour) = (datetime!(2021-01-02 03:04:05), date!(2022 - 01 - 02), time!(03:04:05));
    let same = Event::AT.eq(at).and(Event::LOCAL.eq(local)).and(Event::DAY.eq(day)).and(Event::HOUR.eq(hour));
    let found = Event::query().filter(same).all(&db).await.unwrap();
    assert_eq!((found[0].at, found[0].local, found[0].day, found[0].hour), (at, local, day, hour));
}

/// Keys of many types, in models that lead to one another.
macro_rules! keyed {
    ($module:ident, $key:ty, $column:literal, $one:expr, $two:expr) => {
        mod $module {
            use relations_core::{BelongsTo, HasMany, Relations};

            use super::*;

            #[derive(Debug, Relations)]
            #[relations(table = "owners")]
            struct Owner {
                #[relations(key)]
                id: $key,
                #[has_many(foreign_key = owner_id, order_by(n), inverse = owner)]
                items: HasMany<Item>,
            }

            #[derive(Debug, Relations)]
            #[relations(table = "items")]
            struct Item {
                #[relations(key)]
                n: i64,
                owner_id: Option<$key>,
                #[belongs_to]
                owner: BelongsTo<Option<Owner>>,
            }

            #[tokio::test]
            async fn keys_of_this_type_lead_both_ways() {
                let Some(db) = database(concat!("types_key_", stringify!($module)), &[]).await else { return };
                let (one, two): ($key, $key) = ($one, $two);
                let client = db.client().await.unwrap();
                let tables = concat!(
                    "CREATE TABLE owners (id ",
                    $column,
                    " PRIMARY KEY);
                     CREATE TABLE items (n int8 PRIMARY KEY, owner_id ",
                    $column,
                    ")"
                );
                client.batch_execute(tables).await.unwrap();
                client.execute("INSERT INTO owners VALUES ($1), ($2)", &[&one, &two]).await.unwrap();
                client
                    .execute("INSERT INTO items VALUES (1, $1), (2, $2), (3, $1), (4, NULL)", &[&one, &two])
                    .await
                    .unwrap();
                drop(client);
                assert!(Owner::find(&db, one.clone()).await.unwrap().is_some());
                let log = db.record();
                for owner in &Owner::all(&db).await.unwrap() {
                    let expected = if owner.id == one { vec![1, 3] } else { vec![2] };
                    let items = owner.items(&db).await.unwrap();
                    assert_eq!(items.iter().map(|item| item.n).collect::<Vec<_>>(), expected);
                    assert!(items.iter().all(|item| item.owner_id.as_ref() == Some(&owner.id)));
                }
                let items = Item::query().order_by(Item::N.asc()).with(Item::OWNER).all(&db).await.unwrap();
                let owners = items.iter().map(|item| item.owner.get().unwrap().map(|owner| owner.id.clone()));
                assert_eq!(owners.collect::<Vec<_>>(), [Some(one.clone()), Some(two), Some(one), None]);
                assert_eq!(sent(&log), 4);
            }
        }
    };
}

keyed!(smallint, i16, "int2", 1, -2);
keyed!(integer, i32, "int4", 1, -2);
keyed!(bigint, i64, "int8", 1, i64::MIN);
keyed!(text, String, "text", "one".to_owned(), "t'w\"o".to_owned());
keyed!(varchar, String, "varchar(10)", "one".to_owned(), String::new());
keyed!(uuids, Uuid, "uuid", uuid(1), uuid(u128::MAX));
keyed!(bytes, Vec<u8>, "bytea", vec![0, 1], vec![]);
keyed!(days, NaiveDate, "date", "2020-01-01".parse().unwrap(), "1999-12-31".parse().unwrap());
keyed!(decimals, Decimal, "numeric", Decimal::new(15, 1), Decimal::new(-2, 0));
keyed!(newtype, Number, "int8", Number(1), Number(2));
keyed!(pairs_apart, bool, "bool", true, false);

/// A key of its own type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, FromSql, ToSql)]
#[postgres(transparent)]
struct Number(i64);

#[derive(Debug, Relations)]
#[relations(table = "orders")]
struct Order {
    #[relations(key)]
    shop: String,
    #[relations(key)]
    day: NaiveDate,
    #[relations(key)]
    number: i32,
    #[has_many(foreign_key = (shop, day, number), order_by(id))]
    lines: HasMany<Line>,
    #[many_to_many(table = "order_things", foreign_key = (order_shop, order_day, order_number))]
    things: ManyToMany<Item>,
}

#[derive(Debug, Relations)]
#[relations(table = "lines")]
struct Line {
    id: Uuid,
    shop: String,
    day: NaiveDate,
    number: i32,
    #[belongs_to(foreign_key = (shop, day, number))]
    order: BelongsTo<Order>,
}

#[derive(Debug, Relations)]
#[relations(table = "items")]
struct Item {
    id: Uuid,
    #[many_to_many(table = "order_things", target_key = (order_shop, order_day, order_number), order_by(shop desc))]
    orders: ManyToMany<Order>,
}

#[tokio::test]
async fn keys_of_several_columns_of_different_types_lead_both_ways() {
    let Some(db) = database("types_composite", &[]).await else { return };
    execute(
        &db,
        "CREATE TABLE orders (shop varchar(20), day date, number int4, PRIMARY KEY (shop, day, number));
         CREATE TABLE lines (id uuid PRIMARY KEY, shop varchar(20) NOT NULL, day date NOT NULL, number int4 NOT NULL);
         CREATE TABLE items (id uuid PRIMARY KEY);
         CREATE TABLE order_things (order_shop text, order_day date, order_number int4, item_id uuid);
         INSERT INTO orders VALUES ('a', '2020-01-01', 1), ('a', '2020-01-02', 1), ('b', '2020-01-01', 1);
         INSERT INTO lines VALUES
            ('00000000-0000-0000-0000-000000000001', 'a', '2020-01-01', 1),
            ('00000000-0000-0000-0000-000000000002', 'b', '2020-01-01', 1),
            ('00000000-0000-0000-0000-000000000003', 'a', '2020-01-01', 1),
            ('00000000-0000-0000-0000-000000000004', 'b', '2020-01-02', 1);
         INSERT INTO items VALUES ('00000000-0000-0000-0000-000000000009');
         INSERT INTO order_things VALUES ('a', '2020-01-02', 1, '00000000-0000-0000-0000-000000000009'),
                                         ('b', '2020-01-01', 1, '00000000-0000-0000-0000-000000000009');",
    )
    .await;
    let log = db.record();
    let order = [Order::SHOP.asc(), Order::DAY.asc()];
    let orders = order.into_iter().fold(Order::query(), |query, term| query.order_by(term)).all(&db).await.unwrap();
    let mut found = Vec::new();
    for order in &orders {
        let lines = order.lines(&db).await.unwrap().iter().map(|line| line.id.as_u128()).collect::<Vec<_>>();
        found.push((lines, order.things(&db).await.unwrap().len()));
    }
    assert_eq!(found, [(vec![1, 3], 0), (vec![], 1), (vec![2], 1)]);
    assert_eq!(sent(&log), 4);
    let limited = Order::query().with(Order::LINES.limit(1)).with(Order::THINGS.limit(1)).all(&db).await.unwrap();
    let lines = limited.iter().map(|order| order.lines.get_partial().unwrap().len()).sum::<usize>();
    assert_eq!(lines, 2);
    let item = Item::all(&db).await.unwrap();
    let shops = item[0].orders(&db).await.unwrap().iter().map(|order| order.shop.clone()).collect::<Vec<_>>();
    assert_eq!(shops, ["b", "a"]);
    let lines = Line::all(&db).await.unwrap();
    assert_eq!(lines.iter().find(|line| line.id == uuid(2)).unwrap().order(&db).await.unwrap().shop, "b");
    let counts = orders.counts(Order::LINES, &db).await.unwrap();
    assert_eq!(counts, [2, 0, 1]);
    let missing = Line::query().filter(!Line::ORDER.exists()).all(&db).await.unwrap();
    assert_eq!((missing.len(), missing[0].id), (1, uuid(4)));
}

#[tokio::test]
async fn a_key_of_another_type_than_its_column_is_an_error_that_names_both() {
    #[derive(Debug, Relations)]
    #[relations(table = "things")]
    struct Mistaken {
        id: i64,
    }
    let Some(db) = things("types_key_mismatch").await else { return };
    let error = Mistaken::find(&db, 1).await.unwrap_err();
    assert!(error.to_string().contains("`i64` and the Postgres type `int4`"), "{error}");
}
