use relations_core::{BelongsTo, Relations};

#[derive(Relations)]
#[allow(non_snake_case)]
pub struct Post {
    pub id: i64,
    pub AUTHOR: i64,
    pub author_id: i64,
    #[belongs_to]
    pub author: BelongsTo<User>,
}

#[derive(Relations)]
pub struct User {
    pub id: i64,
}

fn main() {}
