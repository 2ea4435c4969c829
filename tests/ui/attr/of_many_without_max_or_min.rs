use relations_core::{HasOne, Relations};

#[derive(Relations)]
pub struct User {
    pub id: i64,
    #[has_one(of_many())]
    pub post: HasOne<Option<Post>>,
}

#[derive(Relations)]
pub struct Post {
    pub id: i64,
    pub user_id: i64,
    pub created_at: i64,
}

fn main() {}
