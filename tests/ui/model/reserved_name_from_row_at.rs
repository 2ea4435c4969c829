use relations_core::{BelongsTo, Relations};

#[derive(Relations)]
pub struct Post {
    pub id: i64,
    pub author_id: i64,
    #[belongs_to(foreign_key = author_id)]
    pub from_row_at: BelongsTo<User>,
}

#[derive(Relations)]
pub struct User {
    pub id: i64,
}

fn main() {
    let _ = Post::query();
    let _ = |db: relations_core::Sqlite| async move { Post::find(&db, 7).await };
}
