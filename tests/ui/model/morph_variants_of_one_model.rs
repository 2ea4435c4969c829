use relations_core::{Morph, Ref, Relations};

#[derive(Relations)]
pub struct Post {
    pub id: i64,
}

#[derive(Morph)]
pub enum Commentable {
    #[morph("post")]
    Post(Ref<Post>),
    #[morph("page")]
    Page(Ref<Post>),
}

fn main() {}
