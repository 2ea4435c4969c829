use relations_core::{BelongsTo, Relations};

#[derive(Relations)]
pub struct Post {
    pub id: i64,
    pub author_id: i64,
    #[belongs_to(references = (id, id2))]
    pub author: BelongsTo<User>,
}

#[derive(Relations)]
pub struct User {
    pub id: i64,
}

fn main() {}
