use relations_core::{BelongsTo, Relations};

#[derive(Relations)]
pub struct Post(i64);

#[derive(Relations)]
pub struct Comment {
    pub id: i64,
    pub post_id: i64,
    #[belongs_to]
    pub post: BelongsTo<Post>,
}

fn main() {}
