use relations_core::{BelongsTo, Relations};

#[derive(Debug, Clone, PartialEq, Relations)]
pub struct Post {
    pub id: i64,
    pub author_id: i64,
    #[belongs_to]
    pub author: BelongsTo<User>,
}

pub struct User {
    pub id: i64,
}

fn main() {}
