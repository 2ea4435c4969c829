use relations_core::{HasOne, Relations};

#[derive(Relations)]
pub struct User {
    pub id: i64,
    #[has_one(latest_by = created_at, order_by(id desc))]
    pub post: HasOne<Option<Post>>,
}

#[derive(Relations)]
pub struct Post {
    pub id: i64,
    pub user_id: i64,
    pub created_at: i64,
}

fn main() {}
