use relations_core::{Morph, MorphTo, Ref, Relations};

#[derive(Relations)]
pub struct Post {
    pub id: i64,
}

#[derive(Morph)]
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
}

fn main() {
    let _ = Comment::query().order_by(Comment::COMMENTABLE.by(Post::ID).asc());
}
