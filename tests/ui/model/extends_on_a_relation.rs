use relations_core::{BelongsTo, Relations};

#[derive(Relations)]
pub struct Person {
    pub id: i64,
    pub name: String,
}

#[derive(Relations)]
pub struct Manager {
    pub id: i64,
    pub person_id: i64,
    #[relations(extends)]
    #[belongs_to]
    pub person: BelongsTo<Person>,
}

fn main() {}
