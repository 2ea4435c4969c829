use relations_core::{BelongsTo, HasMany, Relations};

#[derive(Relations)]
pub struct User {
    pub id: i64,
    #[has_many(foreign_key = author_id, inverse = author)]
    pub posts: HasMany<Post>,
    #[has_many(foreign_key = author_id)]
    pub drafts: HasMany<Post>,
}

#[derive(Relations)]
pub struct Post {
    pub id: i64,
    pub author_id: i64,
    #[belongs_to(inverse = drafts)]
    pub author: BelongsTo<User>,
}

fn main() {}
