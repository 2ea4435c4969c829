use relations_core::{HasMany, Relations, Sources, SqliteTransaction};

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
}

#[derive(Sources)]
pub struct App {
    #[holds(User, Post)]
    pub main: SqliteTransaction,
}

fn main() {
    let _read = |app: &App| {
        let _ = User::all(app);
    };
}
