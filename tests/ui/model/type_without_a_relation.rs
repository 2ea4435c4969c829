use relations_core::Relations;

#[derive(Relations)]
pub struct User {
    pub id: i64,
    #[has_many]
    pub posts: Vec<Post>,
}

#[derive(Relations)]
pub struct Post {
    pub id: i64,
    pub user_id: i64,
}

fn main() {
    let _ = User::POSTS;
    let _ = |user: &User| user.posts_query();
}
