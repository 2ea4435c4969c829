use relations_core::Relations;

#[derive(Relations)]
pub struct Post {
    pub number: i64,
    pub title: String,
}

fn main() {
    let _ = Post::query();
    let _ = |db: relations_core::Sqlite| async move { Post::find(&db, 7).await };
}
