use relations_core::{BelongsTo, Relations};

#[derive(Relations)]
pub struct User {
    pub id: i64,
    pub post_id: i64,
    #[belongs_to(oldest_by = created_at)]
    pub post: BelongsTo<Post>,
}

#[derive(Relations)]
pub struct Post {
    pub id: i64,
    pub user_id: i64,
    pub created_at: i64,
}

fn main() {}
