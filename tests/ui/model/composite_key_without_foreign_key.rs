use relations_core::{HasMany, Relations};

#[derive(Relations)]
pub struct User {
    #[relations(key)]
    pub shop_id: i64,
    #[relations(key)]
    pub number: i64,
    #[has_many]
    pub posts: HasMany<Post>,
}

#[derive(Relations)]
pub struct Post {
    pub id: i64,
    pub user_id: i64,
}

fn main() {}
