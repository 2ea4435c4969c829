//! Many keys: no ceiling, one text, linear time.

use relations_core::{BelongsTo, HasMany, Relations, Sqlite, block_on};
use relations_tests::{database, sent};

#[derive(Debug, Clone, Relations)]
#[relations(table = "parents")]
struct Parent {
    #[relations(key)]
    id: i64,
    #[has_many]
    kids: HasMany<Kid>,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "kids")]
struct Kid {
    #[relations(key)]
    id: i64,
    parent_id: i64,
    #[belongs_to(inverse = kids)]
    parent: BelongsTo<Parent>,
}

/// So many parents, each with one kid, in an order that does not follow the keys.
fn family(parents: u32) -> Sqlite {
    database(
        "CREATE TABLE parents (id INTEGER PRIMARY KEY);
         CREATE TABLE kids (id INTEGER PRIMARY KEY, parent_id INTEGER);",
        &format!(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {parents})
             INSERT INTO parents SELECT i FROM n;
             INSERT INTO kids SELECT id, {parents} + 1 - id FROM parents;
             CREATE INDEX kids_parent ON kids (parent_id);"
        ),
    )
}

#[test]
fn seventy_thousand_keys_are_one_value_in_one_statement() {
    block_on(async {
        let db = family(70_000);
        let log = db.record();
        // Under a condition, as all parents that there are would not be looked for by their keys.
        let parents = Parent::query().filter(Parent::ID.gt(0)).with(Parent::KIDS).all(&db).await.unwrap();
        assert!(parents.iter().all(|parent| parent.kids.get().unwrap()[0].parent_id == parent.id));
        let statement = &log.statements()[1];
        assert_eq!((sent(&log), statement.keys, statement.rows), (2, 70_000, 70_000));
        assert!(statement.sql.len() < 300 && statement.sql.matches('?').count() == 1, "{}", statement.sql);
        let small = Parent::query().limit(2).with(Parent::KIDS).all(&db).await.unwrap();
        assert_eq!(small.len(), 2);
        assert_eq!(log.statements()[3].sql, statement.sql, "two keys have the same text");
    });
}

#[test]
fn rows_at_either_end_of_a_large_list_find_their_peers() {
    block_on(async {
        let db = family(200_000);
        let parents = Parent::query().all(&db).await.unwrap();
        let log = db.record();
        for at in [0, 100_000, 199_999] {
            let kids = parents[at].kids(&db).await.unwrap();
            assert_eq!(kids[0].parent_id, parents[at].id);
            let keys = log.statements().pop().unwrap().keys;
            assert!(keys > 1, "row {at} was loaded with {keys} keys");
        }
        assert_eq!(sent(&log), 3);
        let copy = parents[5].clone();
        copy.kids.clear();
        copy.kids(&db).await.unwrap();
        assert_eq!(log.statements().pop().unwrap().keys, 1, "a copy has no peers");
    });
}

#[test]
fn a_million_keys_load_in_both_directions() {
    block_on(async {
        let db = family(1_000_000);
        let log = db.record();
        let kids = Kid::query().with(Kid::PARENT).all(&db).await.unwrap();
        assert_eq!(kids.len(), 1_000_000);
        for kid in kids.iter().step_by(997) {
            assert_eq!(kid.parent.get().unwrap().id, 1_000_001 - kid.id);
        }
        drop(kids);
        for query in [Parent::query().filter(Parent::ID.gt(0)), Parent::query()] {
            let parents = query.with(Parent::KIDS).all(&db).await.unwrap();
            for parent in parents.iter().step_by(997) {
                let kids = parent.kids.get().unwrap();
                assert_eq!((kids.len(), kids[0].id), (1, 1_000_001 - parent.id));
            }
        }
        let keys: Vec<_> = log.statements().iter().map(|statement| statement.keys).collect();
        assert_eq!(keys, [0, 1_000_000, 0, 1_000_000, 0, 0], "the last time the table was read from end to end");
    });
}
