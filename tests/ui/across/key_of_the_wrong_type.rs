use relations_core::{BelongsTo, HasMany, Relations};

#[derive(Relations)]
pub struct User {
    pub id: i64,
    pub name: String,
    #[has_many]
    pub posts: HasMany<Post>,
}

#[derive(Relations)]
pub struct Post {
    pub id: i64,
    pub user_id: i64,
    #[belongs_to]
    pub user: BelongsTo<User>,
}

fn main() {
    let db = relations_core::Sqlite::memory().unwrap();
    let _ = User::find(&db, "one");
}
