use relations_core::{HasMany, Relations};

#[derive(Relations)]
pub struct Person {
    pub id: i64,
    #[has_many(foreign_key = ownr_id)]
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
    #[has_many(overrides, foreign_key = owner_id)]
    pub documents: HasMany<Document>,
}

fn main() {}
