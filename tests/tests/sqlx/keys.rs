//! Lists of keys: very long ones, those that have to go at once, and keys that a database takes for equal.

use std::collections::HashSet;

use relations_core::{BelongsTo, ErrorKind, HasMany, ManyToMany, Relations, Sqlx};
use relations_tests::TestSource;
use sqlx::{AssertSqlSafe, Executor};

use crate::on_each;

#[derive(Debug, Relations)]
#[relations(table = "owners")]
struct Owner {
    #[relations(key)]
    id: i64,
    #[has_many]
    items: HasMany<Item>,
    #[many_to_many(table = "bonds", foreign_key = one_id, target_key = other_id, symmetric)]
    bound: ManyToMany<Owner>,
}

#[derive(Debug, Relations)]
#[relations(table = "items")]
struct Item {
    #[relations(key)]
    id: i64,
    owner_id: i64,
    #[belongs_to]
    owner: BelongsTo<Owner>,
}

const SCHEMA: &str = "
    CREATE TABLE owners (id INTEGER PRIMARY KEY);
    CREATE TABLE items (id INTEGER PRIMARY KEY, owner_id INTEGER NOT NULL);
    CREATE TABLE bonds (one_id INTEGER NOT NULL, other_id INTEGER NOT NULL);
    CREATE INDEX items_owner ON items (owner_id);
    CREATE INDEX bonds_one ON bonds (one_id);
    CREATE INDEX bonds_other ON bonds (other_id);
";

/// So many owners; every thousandth has an item, and is bound to the one before it.
async fn fill<DB: relations_core::SqlxDatabase>(db: &Sqlx<DB>, owners: u32)
where
    Sqlx<DB>: TestSource,
{
    db.run_sql(SCHEMA).await;
    db.run_sql(&format!(
        "INSERT INTO owners WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 1000)
            SELECT a.n + 1000 * (b.n - 1) FROM n a CROSS JOIN n b WHERE a.n + 1000 * (b.n - 1) <= {owners};
         INSERT INTO items SELECT id, id FROM owners WHERE id % 1000 = 0;
         INSERT INTO bonds SELECT id, id - 1 FROM owners WHERE id % 1000 = 0"
    ))
    .await;
}

on_each! {
    async fn a_million_keys_are_loaded_by(db) {
        fill(&db, 1_000_000).await;
        let log = db.record();
        let owners = Owner::query().with(Owner::ITEMS).all(&db).await.unwrap();
        assert_eq!(owners.len(), 1_000_000);
        let items: usize = owners.iter().map(|owner| owner.items.get().unwrap().len()).sum();
        assert_eq!(items, 1_000);
        let texts: HashSet<_> = log.statements().into_iter().map(|statement| statement.sql).collect();
        // Of the owners, of a full list, and of the rest.
        assert!(texts.len() <= 3, "{}", texts.len());
    }

    async fn random_lists_of_keys_have_few_texts(db) {
        fill(&db, 6_000).await;
        let log = db.record();
        let mut random = 1_u64;
        for _ in 0..60 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let many = (random >> 33) % 6_000 + 1;
            let owners = Owner::query().filter(Owner::ID.le(i64::try_from(many).unwrap())).all(&db).await.unwrap();
            let counted = owners.counts(Owner::ITEMS, &db).await.unwrap();
            owners.load(Owner::ITEMS, &db).await.unwrap();
            let held: Vec<_> = owners.iter().map(|owner| owner.items.get().unwrap().len() as u64).collect();
            assert_eq!(held, counted);
        }
        let for_items = log.statements().into_iter().filter(|statement| statement.relation.is_some());
        let texts: HashSet<_> = for_items.map(|statement| statement.sql).collect();
        // A load and an aggregate: one text each for every power of two up to the longest list, and that of one key.
        assert!(texts.len() <= 2 * 14, "{}", texts.len());
    }

    async fn a_list_that_has_to_go_at_once_is_loaded_or_refused_with_what_to_do(db) {
        fill(&db, 40_000).await;
        let tree = |most| Owner::query().filter(Owner::ID.le(most)).with(Owner::BOUND).all(&db);
        let owners = tree(5_000).await.unwrap();
        let bound: usize = owners.iter().map(|owner| owner.bound.get().unwrap().len()).sum();
        assert_eq!(bound, 10);
        match tree(40_000).await {
            Ok(owners) => {
                let bound: usize = owners.iter().map(|owner| owner.bound.get().unwrap().len()).sum();
                assert_eq!(bound, 80);
            }
            Err(error) => {
                assert!(matches!(error.kind(), ErrorKind::Statement { .. }), "{error}");
                let says = "Owner.bound (`bonds`): the database refused: its list of keys has to go in one statement";
                assert!(error.to_string().starts_with(says), "{error}");
                assert!(error.to_string().ends_with("load for fewer rows at once, as in `windows(..)`"), "{error}");
            }
        }
        let mut windows = Owner::query().with(Owner::BOUND).windows(5_000, &db);
        let mut bound = 0;
        while let Some(window) = windows.next().await.unwrap() {
            bound += window.iter().map(|owner| owner.bound.get().unwrap().len()).sum::<usize>();
        }
        assert_eq!(bound, 80);
    }

    async fn keys_per_statement_are_never_more_than_a_statement_takes(db) {
        fill(&db, 40_000).await;
        let source = Sqlx::builder(db.pool().clone()).keys_per_statement(usize::MAX).build().unwrap();
        let owners = Owner::query().with(Owner::ITEMS).all(&source).await.unwrap();
        assert_eq!(owners.iter().map(|owner| owner.items.get().unwrap().len()).sum::<usize>(), 40);
        let items = Item::query().with(Item::OWNER).all(&source).await.unwrap();
        assert!(items.iter().all(|item| item.owner.get().unwrap().id == item.owner_id && item.id == item.owner_id));
    }
}

#[derive(Debug, Relations)]
#[relations(table = "makers")]
struct Maker {
    #[relations(key)]
    name: String,
    #[has_many(foreign_key = maker_name)]
    tools: HasMany<Tool>,
}

#[derive(Debug, Relations)]
#[relations(table = "tools")]
struct Tool {
    #[relations(key)]
    id: i64,
    maker_name: String,
    #[belongs_to(foreign_key = maker_name)]
    maker: BelongsTo<Option<Maker>>,
}

#[cfg(on_mysql)]
#[test]
fn a_row_whose_key_only_the_database_takes_for_equal_is_an_error_and_not_lost() {
    relations_tests::block_on(async {
        let db = Sqlx::<sqlx::MySql>::open(relations_tests::Limits::NONE).await;
        for (collation, exact) in [("utf8mb4_general_ci", false), ("utf8mb4_bin", true)] {
            let sql = format!(
                "DROP TABLE IF EXISTS tools; DROP TABLE IF EXISTS makers;
                 CREATE TABLE makers (name VARCHAR(50) COLLATE {collation} PRIMARY KEY);
                 CREATE TABLE tools (id BIGINT PRIMARY KEY, maker_name VARCHAR(50) COLLATE {collation} NOT NULL);
                 INSERT INTO makers VALUES ('Ann'), ('Bob');
                 INSERT INTO tools VALUES (1, 'Ann'), (2, 'ann'), (3, 'Bob')"
            );
            db.pool().execute(AssertSqlSafe(sql)).await.unwrap();
            let tree = Maker::query().with(Maker::TOOLS).all(&db).await;
            let makers = Maker::query().order_by(Maker::NAME.asc()).all(&db).await.unwrap();
            let counts = makers.counts(Maker::TOOLS, &db).await;
            let tools = Tool::query().with(Tool::MAKER).all(&db).await;
            if exact {
                assert_eq!(tree.unwrap()[0].tools.get().unwrap().len(), 1);
                assert_eq!(counts.unwrap(), [1, 1]);
                assert!(tools.unwrap()[1].maker.get().unwrap().is_none());
                continue;
            }
            let error = tree.unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::OtherKey { .. }), "{error}");
            let says = "Maker.tools (`Tool`): a row was found by the key \"ann\", which was not asked for";
            assert!(error.to_string().starts_with(says), "{error}");
            assert!(makers[0].tools(&db).await.is_err());
            // Looked up by itself, a row is found as the database compares.
            assert_eq!(Maker::find(&db, "ann").await.unwrap().unwrap().name, "Ann");
            let of_one = |id| Tool::query().filter(Tool::ID.eq(id)).with(Tool::MAKER).all(&db);
            assert!(matches!(of_one(2).await.unwrap_err().kind(), ErrorKind::OtherKey { .. }));
            assert_eq!(of_one(1).await.unwrap()[0].maker.get().unwrap().as_ref().unwrap().name, "Ann");
        }
    });
}
