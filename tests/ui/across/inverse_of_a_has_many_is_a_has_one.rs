use relations_core::{HasMany, HasOne, Relations};

#[derive(Relations)]
pub struct User {
    pub id: i64,
    pub post_id: i64,
    #[has_many(inverse = author)]
    pub posts: HasMany<Post>,
}

#[derive(Relations)]
pub struct Post {
    pub id: i64,
    pub user_id: i64,
    #[has_one]
    pub author: HasOne<Option<User>>,
}

fn main() {}
