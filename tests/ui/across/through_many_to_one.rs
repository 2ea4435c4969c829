use relations_core::{BelongsTo, HasMany, HasOne, HasOneThrough, Relations};

#[derive(Relations)]
pub struct User {
    pub id: i64,
    #[has_one]
    pub posts: HasOne<Post>,
    #[has_one(through = posts.comments)]
    pub comment: HasOneThrough<Option<Comment>>,
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
    pub user_id: i64,
    #[belongs_to]
    pub user: BelongsTo<User>,
}

fn main() {}
