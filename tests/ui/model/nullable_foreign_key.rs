use relations_core::{BelongsTo, Relations};

#[derive(Relations)]
pub struct Post {
    pub id: i64,
    pub author_id: Option<i64>,
    #[belongs_to]
    pub author: BelongsTo<User>,
}

#[derive(Relations)]
pub struct User {
    pub id: i64,
}

fn main() {
    let _ = |post: &Post| post.author_query();
    let _ = |post: Post, db: relations_core::Sqlite| async move { post.author(&db).await.map(|author| author.id) };
}
