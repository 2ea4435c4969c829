use relations_core::{BelongsTo, Relations};

#[derive(Relations)]
pub struct Person {
    pub id: i64,
    pub name: String,
}

#[derive(Relations)]
pub struct Manager {
    #[relations(extends)]
    pub person: Person,
    #[belongs_to(foreign_key = name)]
    pub namesake: BelongsTo<Person>,
}

fn main() {}
