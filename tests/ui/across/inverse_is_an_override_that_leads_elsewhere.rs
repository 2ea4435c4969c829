use relations_core::{BelongsTo, HasMany, Relations};

#[derive(Relations)]
pub struct Person {
    pub id: i64,
    pub boss_id: Option<i64>,
    #[belongs_to]
    pub boss: BelongsTo<Option<Person>>,
    #[has_many(foreign_key = owner_id)]
    pub documents: HasMany<Document>,
}

#[derive(Relations)]
pub struct Document {
    pub id: i64,
    pub owner_id: i64,
}

#[derive(Relations)]
pub struct Manager {
    #[relations(extends)]
    pub person: Person,
    #[has_many(overrides)]
    pub documents: HasMany<Note>,
}

#[derive(Relations)]
pub struct Note {
    pub id: i64,
    pub manager_id: i64,
}

#[derive(Relations)]
pub struct Report {
    pub id: i64,
    pub manager_id: i64,
    #[belongs_to(inverse = documents)]
    pub manager: BelongsTo<Manager>,
}

fn main() {}
