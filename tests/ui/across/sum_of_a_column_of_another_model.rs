use relations_core::{HasMany, Many, Relations, Sqlite};

#[derive(Relations)]
pub struct User {
    pub id: i64,
    #[has_many]
    pub posts: HasMany<Post>,
}

#[derive(Relations)]
pub struct Post {
    pub id: i64,
    pub user_id: i64,
}

pub async fn ids(users: Many<User>, db: &Sqlite) {
    let _ = users.sum(User::POSTS, User::ID, db).await;
}

fn main() {}
