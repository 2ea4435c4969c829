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
    pub title: String,
    pub user_id: i64,
    #[belongs_to]
    pub user: BelongsTo<User>,
}

fn main() {
    let _ = Post::query().order_by(Post::USER.with(User::POSTS).by(User::NAME).asc());
}
