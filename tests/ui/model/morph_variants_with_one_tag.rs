use relations_core::{Morph, Ref, Relations};

#[derive(Relations)]
pub struct Post {
    pub id: i64,
}

#[derive(Relations)]
pub struct Video {
    pub id: i64,
}

#[derive(Morph)]
pub enum Commentable {
    #[morph("post")]
    Post(Ref<Post>),
    #[morph("post")]
    Video(Ref<Video>),
}

fn main() {}
