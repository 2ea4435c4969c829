use relations_core::{BelongsTo, HasMany, Relations};

#[derive(Relations)]
#[relations(tabel = "posts")]
pub struct Post {
    pub id: i64,
    pub reviewer_id: Option<i64>,
    #[belongs_to]
    pub author: BelongsTo<User>,
    #[belongs_to]
    pub reviewer: BelongsTo<User>,
    #[has_many(foreign_key = "post_id")]
    pub comments: HasMany<User>,
}

#[derive(Relations)]
pub struct User {
    pub id: i64,
}

fn main() {}
