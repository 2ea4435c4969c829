//! Memory: rows live as long as a handle leads to them, and no longer. Circles do not keep one another alive.

use std::cell::Cell;

use relations_core::{BelongsTo, HasMany, HasManyThrough, Morph, MorphTo, Ref, Relations, block_on};
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
    #[has_many(through = owner.pets)]
    siblings: HasManyThrough<Pet>,
}

#[derive(Debug, Morph)]
enum Shown {
    #[morph("stage")]
    Stage(Ref<Stage>),
}

#[derive(Debug, Relations)]
#[relations(table = "owners")]
struct Stage {
    id: i64,
    counted: Counted,
    #[has_many(morph = shown)]
    shows: HasMany<Show>,
}

#[derive(Debug, Relations)]
struct Show {
    id: i64,
    shown_type: String,
    shown_id: i64,
    counted: Counted,
    #[morph_to]
    shown: MorphTo<Shown>,
}

const SCHEMA: &str = "
    CREATE TABLE owners (id INTEGER PRIMARY KEY, counted INTEGER);
    CREATE TABLE pets (id INTEGER PRIMARY KEY, owner_id INTEGER, counted INTEGER);
    INSERT INTO owners VALUES (1, 0), (2, 0);
    INSERT INTO pets VALUES (1, 1, 0), (2, 1, 0), (3, 2, 0);
    CREATE TABLE shows (id INTEGER PRIMARY KEY, shown_type TEXT, shown_id INTEGER, counted INTEGER);
    INSERT INTO shows VALUES (1, 'stage', 1, 0), (2, 'stage', 1, 0), (3, 'stage', 2, 0);
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

#[test]
fn a_circle_over_a_polymorphic_relation_costs_nothing_and_is_dropped_with_its_last_handle() {
    let db = database(SCHEMA, "");
    block_on(async {
        let stages = Stage::query().with(Stage::SHOWS.with(Show::SHOWN.with(Stage::SHOWS))).all(&db).await.unwrap();
        let log = db.record();
        assert_eq!(ALIVE.get(), 5);
        for stage in &stages {
            for show in stage.shows.get().unwrap() {
                let Shown::Stage(back) = show.shown(&db).await.unwrap();
                assert_eq!(back.id, stage.id);
                assert_eq!(back.shows(&db).await.unwrap().len(), stage.shows.get().unwrap().len());
            }
        }
        assert!(log.statements().is_empty());
        let show = stages[0].shows.get().unwrap().get_ref(0).unwrap();
        drop(stages);
        assert_eq!(ALIVE.get(), 3, "the shows do not keep their stages");
        assert!(!show.shown.is_loaded());
        let Shown::Stage(again) = show.shown(&db).await.unwrap();
        assert_eq!(again.id, 1);
        drop((show, again));
        assert_eq!(ALIVE.get(), 0);
    });
}

#[test]
fn rows_that_lead_to_themselves_over_others_are_dropped_with_their_last_handle() {
    let db = database(SCHEMA, "");
    block_on(async {
        let owners = Owner::query().with(Owner::PETS.with(Pet::SIBLINGS)).all(&db).await.unwrap();
        let pets = owners[0].pets.get().unwrap().clone();
        assert_eq!(pets[0].siblings.get().unwrap().len(), 2);
        drop(owners);
        assert_eq!(ALIVE.get(), 3, "the owners are gone");
        assert_eq!(pets[0].siblings(&db).await.unwrap().len(), 2);
        drop(pets);
        assert_eq!(ALIVE.get(), 0);
        let pets = Pet::query().with(Pet::SIBLINGS).all(&db).await.unwrap();
        let siblings = pets[0].siblings.get().unwrap();
        drop(pets);
        assert_eq!(siblings.len(), 2);
        drop(siblings);
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
