use relations_core::{HasMany, Relations, Sources, Sqlite};

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
    #[holds(User)]
    pub main: Sqlite,
}

fn main() {
    let app = App { main: Sqlite::memory().unwrap() };
    let _ = User::query().with(User::POSTS).all(&app);
}
