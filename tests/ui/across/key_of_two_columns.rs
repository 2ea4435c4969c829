use relations_core::{BelongsTo, Relations};

#[derive(Relations)]
pub struct Post {
    pub id: i64,
    pub author_id: i64,
    #[belongs_to]
    pub author: BelongsTo<User>,
}

#[derive(Relations)]
pub struct User {
    #[relations(key)]
    pub shop_id: i64,
    #[relations(key)]
    pub number: i64,
}

fn main() {}
