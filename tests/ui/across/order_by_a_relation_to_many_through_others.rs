use relations_core::{HasMany, HasManyThrough, Relations};

#[derive(Relations)]
pub struct User {
    pub id: i64,
    #[has_many]
    pub posts: HasMany<Post>,
    #[has_many(through = posts.comments)]
    pub comments: HasManyThrough<Comment>,
}

#[derive(Relations)]
pub struct Post {
    pub id: i64,
    pub user_id: i64,
    #[has_many]
    pub comments: HasMany<Comment>,
}

#[derive(Relations)]
pub struct Comment {
    pub id: i64,
    pub post_id: i64,
}

fn main() {
    let _ = User::query().order_by(User::COMMENTS.by(Comment::ID).asc());
}
