use relations_core::{HasMany, Relations};

#[derive(Relations)]
pub struct User {
    pub id: i64,
    #[has_many]
    pub posts: HasMany<Post>,
}

pub struct Post {
    pub id: i64,
}

fn main() {}
