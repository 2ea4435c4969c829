//! Memory: rows live as long as a handle leads to them, and no longer. Circles do not keep one another alive.

use std::cell::Cell;

use relations_core::{BelongsTo, HasMany, Relations, block_on};
use relations_tests::database;
use rusqlite::types::{FromSql, FromSqlResult, ValueRef};

thread_local! {
    static ALIVE: Cell<i64> = const { Cell::new(0) };
}

/// A value that counts how many of it are alive.
#[derive(Debug)]
struct Counted;

impl FromSql for Counted {
    fn column_result(_: ValueRef<'_>) -> FromSqlResult<Self> {
        ALIVE.set(ALIVE.get() + 1);
        Ok(Self)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        ALIVE.set(ALIVE.get() - 1);
    }
}

#[derive(Debug, Relations)]
#[relations(table = "owners")]
struct Owner {
    #[relations(key)]
    id: i64,
    counted: Counted,
    #[has_many(inverse = owner)]
    pets: HasMany<Pet>,
}

#[derive(Debug, Relations)]
#[relations(table = "pets")]
struct Pet {
    #[relations(key)]
    id: i64,
    owner_id: i64,
    counted: Counted,
    #[belongs_to]
    owner: BelongsTo<Owner>,
}

const SCHEMA: &str = "
    CREATE TABLE owners (id INTEGER PRIMARY KEY, counted INTEGER);
    CREATE TABLE pets (id INTEGER PRIMARY KEY, owner_id INTEGER, counted INTEGER);
    INSERT INTO owners VALUES (1, 0), (2, 0);
    INSERT INTO pets VALUES (1, 1, 0), (2, 1, 0), (3, 2, 0);
";

#[test]
fn rows_that_refer_to_one_another_are_dropped_with_their_last_handle() {
    let db = database(SCHEMA, "");
    block_on(async {
        let owners = Owner::query().with(Owner::PETS).all(&db).await.unwrap();
        assert_eq!(ALIVE.get(), 5);
        for owner in &owners {
            for pet in owner.pets.get().unwrap() {
                assert_eq!(pet.owner(&db).await.unwrap().id, owner.id);
                assert_eq!(
                    pet.owner(&db).await.unwrap().pets(&db).await.unwrap().len(),
                    owner.pets.get().unwrap().len()
                );
            }
        }
        drop(owners);
        assert_eq!(ALIVE.get(), 0);
    });
}

#[test]
fn a_handle_keeps_its_rows_and_what_they_lead_to() {
    let db = database(SCHEMA, "");
    block_on(async {
        let pet = Pet::find(&db, 3).await.unwrap().unwrap();
        let owner = pet.owner(&db).await.unwrap();
        assert_eq!(ALIVE.get(), 2);
        drop(pet);
        assert_eq!((owner.id, ALIVE.get()), (2, 1));
        let pets = owner.pets(&db).await.unwrap();
        drop(owner);
        assert_eq!((pets[0].id, pets[0].owner_id, ALIVE.get()), (3, 2, 1));
        drop(pets);
        assert_eq!(ALIVE.get(), 0);
    });
}

#[derive(Debug, Relations)]
#[relations(table = "breeders")]
struct Breeder {
    #[relations(extends)]
    owner: Owner,
    licence: i64,
    #[has_many(foreign_key = owner_id)]
    litters: HasMany<Pet>,
}

#[test]
fn inherited_relations_keep_nothing_alive() {
    let db = database(
        SCHEMA,
        "CREATE TABLE breeders (id INTEGER PRIMARY KEY, counted INTEGER, licence INTEGER);
         INSERT INTO breeders VALUES (1, 0, 7), (2, 0, 8);",
    );
    block_on(async {
        let breeders = Breeder::query().with(Breeder::LITTERS).all(&db).await.unwrap();
        let pets = breeders[1].pets(&db).await.unwrap();
        assert_eq!((breeders[1].licence, pets[0].id, ALIVE.get()), (8, 3, 8));
        drop(breeders);
        assert_eq!(ALIVE.get(), 3, "the pets that are held, and those loaded with them");
        drop(pets);
        assert_eq!(ALIVE.get(), 0);
    });
}
