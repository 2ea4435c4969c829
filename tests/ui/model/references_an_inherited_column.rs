use relations_core::{HasMany, Relations};

#[derive(Relations)]
pub struct Person {
    pub id: i64,
    pub name: String,
}

#[derive(Relations)]
pub struct Manager {
    #[relations(extends)]
    pub person: Person,
    #[has_many(foreign_key = name, references = name)]
    pub namesakes: HasMany<Person>,
}

fn main() {}
