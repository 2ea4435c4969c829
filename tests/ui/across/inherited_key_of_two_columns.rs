use relations_core::{HasMany, Relations};

#[derive(Relations)]
pub struct Person {
    #[relations(key)]
    pub town: i64,
    #[relations(key)]
    pub number: i64,
}

#[derive(Relations)]
pub struct Manager {
    #[relations(extends)]
    pub person: Person,
    #[has_many]
    pub reports: HasMany<Report>,
}

#[derive(Relations)]
pub struct Report {
    pub id: i64,
    pub manager_id: i64,
}

fn main() {}
