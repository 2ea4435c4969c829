use relations_core::{HasMany, Relations};

#[derive(Relations)]
pub struct User {
    pub id: i64,
    #[has_many(foreign_key = author_id, inverse = users)]
    pub posts: HasMany<Post>,
}

#[derive(Relations)]
pub struct Post {
    pub id: i64,
    pub author_id: i64,
    #[has_many(foreign_key = id)]
    pub users: HasMany<User>,
}

fn main() {}
