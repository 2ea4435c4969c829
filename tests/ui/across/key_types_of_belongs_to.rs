use relations_core::{BelongsTo, Relations};

#[derive(Relations)]
pub struct Post {
    pub id: i64,
    pub author_id: String,
    #[belongs_to(foreign_key = author_id)]
    pub author: BelongsTo<User>,
}

#[derive(Relations)]
pub struct User {
    pub id: i64,
}

fn main() {}
