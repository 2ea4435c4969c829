//! Models that extend one another: people, managers and directors, each with a table of its own.

use relations_core::{BelongsTo, HasMany, HasOne, Relations, Sqlite};
use serde::{Deserialize, Serialize};

/// The tables. A table of a model that extends another has the columns of both.
pub const SCHEMA: &str = "
    CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL, boss_id INTEGER);
    CREATE TABLE managers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, boss_id INTEGER, team_id INTEGER NOT NULL);
    CREATE TABLE directors (id INTEGER PRIMARY KEY, name TEXT NOT NULL, boss_id INTEGER, team_id INTEGER NOT NULL,
                            board TEXT);
    CREATE TABLE teams (id INTEGER PRIMARY KEY, label TEXT NOT NULL);
    CREATE TABLE badges (id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL);
    CREATE TABLE documents (id INTEGER PRIMARY KEY, owner_id INTEGER NOT NULL, title TEXT NOT NULL);
    CREATE TABLE reports (id INTEGER PRIMARY KEY, manager_id INTEGER NOT NULL, pages INTEGER NOT NULL);
";

/// Two people, three managers whose boss is one of them or nobody, and two directors.
pub const ROWS: &str = "
    INSERT INTO people VALUES (1, 'Ann', NULL), (2, 'Bob', 1);
    INSERT INTO managers VALUES (1, 'Mia', 1, 10), (2, 'Max', 2, 10), (3, 'Abe', NULL, 20);
    INSERT INTO directors VALUES (1, 'Dan', 2, 20, 'east'), (2, 'Eve', 2, 10, NULL);
    INSERT INTO teams VALUES (10, 'ten'), (20, 'twenty');
    INSERT INTO badges VALUES (1, 1), (2, 2), (3, 3);
    INSERT INTO documents VALUES (1, 1, 'a'), (2, 1, 'b'), (3, 2, 'c');
    INSERT INTO reports VALUES (1, 1, 5), (2, 1, 50), (3, 2, 500);
";

/// The fixture, run inline.
pub fn db() -> Sqlite {
    crate::database(SCHEMA, ROWS)
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Relations)]
#[relations(table = "people")]
pub struct Person {
    #[relations(key)]
    pub id: i64,
    pub name: String,
    pub boss_id: Option<i64>,
    #[belongs_to]
    pub boss: BelongsTo<Option<Self>>,
    #[has_one]
    pub badge: HasOne<Option<Badge>>,
    #[has_many(foreign_key = owner_id, inverse = owner)]
    pub documents: HasMany<Document>,
}

/// Overrides `documents`: another target, by another key, in an order.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Relations)]
#[relations(table = "managers")]
pub struct Manager {
    #[relations(extends)]
    pub person: Person,
    pub team_id: i64,
    #[belongs_to]
    pub team: BelongsTo<Team>,
    #[has_many(overrides, inverse = manager, order_by(pages desc))]
    pub documents: HasMany<Report>,
}

/// Overrides the override, and the kind of what `Person` declares.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Relations)]
#[relations(table = "directors")]
pub struct Director {
    #[relations(extends)]
    pub manager: Manager,
    pub board: Option<String>,
    /// A director's boss is the manager of that id.
    #[belongs_to(overrides)]
    pub boss: BelongsTo<Option<Manager>>,
    #[has_one(overrides, foreign_key = manager_id, order_by(pages))]
    pub documents: HasOne<Option<Report>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Relations)]
#[relations(table = "teams")]
pub struct Team {
    #[relations(key)]
    pub id: i64,
    pub label: String,
    #[has_many(inverse = team)]
    pub managers: HasMany<Manager>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Relations)]
#[relations(table = "badges")]
pub struct Badge {
    #[relations(key)]
    pub id: i64,
    pub person_id: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Relations)]
#[relations(table = "documents")]
pub struct Document {
    #[relations(key)]
    pub id: i64,
    pub owner_id: i64,
    pub title: String,
    #[belongs_to]
    pub owner: BelongsTo<Person>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Relations)]
#[relations(table = "reports")]
pub struct Report {
    #[relations(key)]
    pub id: i64,
    pub manager_id: i64,
    pub pages: i64,
    #[belongs_to]
    pub manager: BelongsTo<Manager>,
}
