use relations_core::{Morph, Ref};

#[derive(Morph)]
pub enum Commentable<T> {
    #[morph("post")]
    Post(Ref<T>),
}

fn main() {}
