use relations_core::{HasMany, HasManyThrough, Morph, MorphTo, Ref, Relations};

#[derive(Relations)]
pub struct Post {
    pub id: i64,
    #[has_many(morph = commentable)]
    pub comments: HasMany<Comment>,
}

#[derive(Clone, Morph)]
pub enum Commentable {
    #[morph("post")]
    Post(Ref<Post>),
}

#[derive(Relations)]
pub struct Comment {
    pub id: i64,
    pub commentable_type: String,
    pub commentable_id: i64,
    #[morph_to]
    pub commentable: MorphTo<Commentable>,
    #[has_many(through = commentable.comments)]
    pub siblings: HasManyThrough<Comment>,
}

fn main() {}
