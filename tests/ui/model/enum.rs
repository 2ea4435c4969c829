use relations_core::{BelongsTo, Relations};

#[derive(Relations)]
pub enum Post {
    Draft,
}

#[derive(Relations)]
pub struct Comment {
    pub id: i64,
    pub post_id: i64,
    #[belongs_to]
    pub post: BelongsTo<Post>,
}

fn main() {
    let _ = Post::query();
    let _ = |db: relations_core::Sqlite| async move { Post::find(&db, 7).await };
}
