use relations_core::{MorphTo, Relations};

pub struct Commentable;

#[derive(Relations)]
pub struct Comment {
    pub id: i64,
    pub commentable_type: String,
    pub commentable_id: i64,
    #[morph_to]
    pub commentable: MorphTo<Commentable>,
}

fn main() {}
