use relations_core::{BelongsTo, HasMany, Relations};

#[derive(Relations)]
pub struct User {
    pub id: i64,
    #[has_many(foreign_key = author_id, inverse = editor)]
    pub posts: HasMany<Post>,
}

#[derive(Relations)]
pub struct Post {
    pub id: i64,
    pub author_id: i64,
    #[belongs_to(foreign_key = author_id)]
    pub editor: BelongsTo<Editor>,
}

#[derive(Relations)]
pub struct Editor {
    pub id: i64,
}

fn main() {}
