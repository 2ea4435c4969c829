use relations_core::{HasMany, Relations};

#[derive(Relations)]
pub struct User {
    pub id: i64,
    #[has_many(cache)]
    pub posts: HasMany<Post>,
}

#[derive(Relations)]
pub struct Post {
    #[relations(key, colum = "no")]
    pub id: i64,
    pub user_id: i64,
}

fn main() {}
