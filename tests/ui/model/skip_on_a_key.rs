use relations_core::Relations;

#[derive(Relations)]
pub struct Post {
    #[relations(key, skip)]
    pub id: i64,
}

fn main() {
    let _ = Post::query();
    let _ = |db: relations_core::Sqlite| async move { Post::find(&db, 7).await };
}
