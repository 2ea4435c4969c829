use relations_core::{Morph, Ref, Relations};

#[derive(Relations)]
pub struct Post {
    pub id: i64,
}

#[derive(Morph)]
pub enum Commentable {
    #[morph = "post"]
    Post(Ref<Post>),
}

fn main() {}
