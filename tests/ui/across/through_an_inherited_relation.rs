use relations_core::{HasMany, HasManyThrough, Relations};

#[derive(Relations)]
pub struct Person {
    pub id: i64,
    #[has_many]
    pub documents: HasMany<Document>,
}

#[derive(Relations)]
pub struct Manager {
    #[relations(extends)]
    pub person: Person,
    #[has_many]
    pub reports: HasMany<Manager>,
    #[has_many(through = reports.documents)]
    pub documents_of_reports: HasManyThrough<Document>,
    pub manager_id: i64,
}

#[derive(Relations)]
pub struct Document {
    pub id: i64,
    pub person_id: i64,
}

fn main() {}
