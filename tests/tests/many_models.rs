//! Forty models that lead to one another in both directions, by every kind of relation, compile at rustc's own
//! recursion limit, and so do the futures that load them.

use std::fmt::Write;

use relations_core::{BelongsTo, HasMany, HasManyThrough, HasOne, ManyToMany, Morph, MorphTo, Ref, Relations};
use relations_core::{Sqlite, block_on};
use relations_tests::{execute, sent};

/// A ring of models: each leads to the one before it, to the next, to the one after that, and by its subject to any.
macro_rules! ring {
    (@ $a:tt $b:tt $($c:tt)*) => {
        ring! { [$a $b $($c)*] [$b $($c)* $a] [$($c)* $a $b] }
    };
    ([$(($before:ident $_b:tt))*] [$(($own:ident $tag:tt))*] [$(($next:ident $_n:tt))*]) => {
        $(model! { $before, $own, $next })*

        #[derive(Debug, Clone, Morph)]
        pub enum Any {
            $(#[morph($tag)] $own(Ref<$own>),)*
        }

        fn tables() -> Vec<&'static str> {
            vec![$($own::descriptor().table),*]
        }

        /// From a row to the next model's, and on, until it is one of the first model again.
        async fn round(row: Ref<M00>, db: &Sqlite) -> Ref<M00> {
            $(let row: Ref<$own> = row.next(db).await.unwrap();)*
            row
        }
    };
}

macro_rules! model {
    ($before:ident, $own:ident, $next:ident) => {
        #[derive(Debug, Clone, Relations)]
        pub struct $own {
            pub id: i64,
            pub next_id: i64,
            pub before_id: Option<i64>,
            pub subject_type: Option<String>,
            pub subject_id: Option<i64>,
            #[belongs_to]
            pub next: BelongsTo<$next>,
            #[belongs_to]
            pub before: BelongsTo<Option<$before>>,
            #[has_many(foreign_key = next_id)]
            pub leading_here: HasMany<$before>,
            #[has_one(foreign_key = before_id)]
            pub leading_back: HasOne<Option<$next>>,
            #[many_to_many(table = "links", foreign_key = one_id, target_key = other_id)]
            pub linked: ManyToMany<$next>,
            #[many_to_many(table = "links", foreign_key = other_id, target_key = one_id)]
            pub linked_here: ManyToMany<$before>,
            #[has_many(through = leading_here.next)]
            pub peers: HasManyThrough<$own>,
            #[morph_to]
            pub subject: MorphTo<Option<Any>>,
            #[has_many(morph = subject)]
            pub remarks: HasMany<$next>,
        }
    };
}

ring! { @
    (M00 "m00") (M01 "m01") (M02 "m02") (M03 "m03") (M04 "m04") (M05 "m05") (M06 "m06") (M07 "m07") (M08 "m08")
    (M09 "m09") (M10 "m10") (M11 "m11") (M12 "m12") (M13 "m13") (M14 "m14") (M15 "m15") (M16 "m16") (M17 "m17")
    (M18 "m18") (M19 "m19") (M20 "m20") (M21 "m21") (M22 "m22") (M23 "m23") (M24 "m24") (M25 "m25") (M26 "m26")
    (M27 "m27") (M28 "m28") (M29 "m29") (M30 "m30") (M31 "m31") (M32 "m32") (M33 "m33") (M34 "m34") (M35 "m35")
    (M36 "m36") (M37 "m37") (M38 "m38") (M39 "m39")
}

/// Two rows in each table. Each leads to the row of its id in the next, and the first to the one before it as well.
fn db() -> Sqlite {
    let db = Sqlite::memory().unwrap().inline();
    let mut sql =
        String::from("CREATE TABLE links (one_id INTEGER, other_id INTEGER); INSERT INTO links VALUES (1, 2);");
    for table in tables() {
        let columns =
            "id INTEGER PRIMARY KEY, next_id INTEGER, before_id INTEGER, subject_type TEXT, subject_id INTEGER";
        write!(sql, "CREATE TABLE {table} ({columns});").unwrap();
        write!(sql, "INSERT INTO {table} VALUES (1, 1, 1, 'm20', 2), (2, 2, NULL, NULL, NULL);").unwrap();
    }
    execute(&db, &sql);
    db
}

fn assert_send<T: Send>(value: T) -> T {
    value
}

fn assert_shared<T: Send + Sync + Unpin>() {}

#[test]
fn rows_and_handles_are_send_and_sync() {
    assert_shared::<M00>();
    assert_shared::<Any>();
    assert_shared::<relations_core::Many<M00>>();
    assert_shared::<relations_core::Linked<M00, M01>>();
    assert_shared::<relations_core::Query<M00>>();
}

#[test]
fn a_future_that_holds_rows_can_be_sent_all_the_way_round() {
    let db = db();
    let log = db.record();
    block_on(assert_send(async {
        let rows = M00::all(&db).await.unwrap();
        for row in rows.refs() {
            assert_eq!(round(row.clone(), &db).await.id, row.id);
        }
    }));
    assert_eq!(sent(&log), 41);
}

/// A tree from model to model.
macro_rules! tree {
    ($last:ident) => { $last::NEXT };
    ($own:ident $($next:ident)+) => { $own::NEXT.with(tree!($($next)+)) };
}

#[test]
fn a_tree_leads_over_many_models() {
    let db = db();
    let log = db.record();
    let rows = block_on(assert_send(M00::query().with(tree!(M00 M01 M02 M03 M04 M05)).all(&db))).unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(sent(&log), 7);
}
