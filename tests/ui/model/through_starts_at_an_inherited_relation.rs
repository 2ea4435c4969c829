use relations_core::{BelongsTo, HasMany, HasManyThrough, Relations};

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
    #[has_many(through = documents.folder)]
    pub folders: HasManyThrough<Folder>,
}

#[derive(Relations)]
pub struct Document {
    pub id: i64,
    pub person_id: i64,
    pub folder_id: i64,
    #[belongs_to]
    pub folder: BelongsTo<Folder>,
}

#[derive(Relations)]
pub struct Folder {
    pub id: i64,
}

fn main() {}
