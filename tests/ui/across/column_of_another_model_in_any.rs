use relations_core::{HasMany, Relations};

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

fn main() {
    let _ = User::query().filter(User::POSTS.any(User::NAME.eq("Ann")));
}
