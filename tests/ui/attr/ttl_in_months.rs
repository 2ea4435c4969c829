use relations_core::{HasMany, Relations};

#[derive(Relations)]
pub struct User {
    pub id: i64,
    #[has_many(cache(ttl = "5 months"))]
    pub posts: HasMany<Post>,
}

#[derive(Clone, Relations)]
pub struct Post {
    pub id: i64,
    pub user_id: i64,
}

fn main() {}
