use relations_core::{HasMany, Morph, MorphTo, Ref, Relations};

#[derive(Relations)]
pub struct Post {
    pub id: i64,
    #[has_many(morph = commentable, foreign_key = commentable_id)]
    pub comments: HasMany<Comment>,
}

#[derive(Relations)]
pub struct Video {
    pub id: i64,
}

#[derive(Morph)]
pub enum Commentable {
    #[morph("post")]
    Post(Ref<Post>),
    #[morph("video")]
    Video(Ref<Video>),
}

#[derive(Relations)]
pub struct Comment {
    pub id: i64,
    pub commentable_type: String,
    pub commentable_id: i64,
    #[morph_to]
    pub commentable: MorphTo<Commentable>,
}

fn main() {}
