use relations_core::{HasMany, Morph, MorphTo, Ref, Relations};

#[derive(Relations)]
pub struct Comment {
    pub id: i64,
    pub subject_type: String,
    pub subject_id: i64,
    #[morph_to]
    pub subject: MorphTo<Subject>,
}

#[derive(Relations)]
pub struct Review {
    #[relations(extends)]
    pub comment: Comment,
}

#[derive(Clone, Morph)]
pub enum Subject {
    #[morph("post")]
    Post(Ref<Post>),
}

#[derive(Relations)]
pub struct Post {
    pub id: i64,
    #[has_many(morph = subject)]
    pub reviews: HasMany<Review>,
}

fn main() {}
