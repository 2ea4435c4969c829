use relations_core::{BelongsTo, HasMany, HasManyThrough, Relations};

#[derive(Relations)]
pub struct User {
    pub id: i64,
    #[has_many]
    pub posts: HasMany<Post>,
    #[has_many(through = posts.notes.user)]
    pub noted: HasManyThrough<User>,
}

#[derive(Relations)]
pub struct Post {
    pub id: i64,
    pub user_id: i64,
    #[has_many]
    pub comments: HasMany<Comment>,
    #[has_many]
    notes: HasMany<Comment>,
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
