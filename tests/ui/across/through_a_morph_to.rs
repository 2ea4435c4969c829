use relations_core::{HasMany, HasManyThrough, Morph, MorphTo, Ref, Relations};

#[derive(Relations)]
pub struct User {
    pub id: i64,
    #[has_many]
    pub comments: HasMany<Comment>,
    #[has_many(through = comments.commentable.comments)]
    pub answers: HasManyThrough<Comment>,
}

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
    pub user_id: i64,
    pub commentable_type: String,
    pub commentable_id: i64,
    #[morph_to]
    pub commentable: MorphTo<Commentable>,
}

fn main() {}
