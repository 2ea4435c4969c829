use relations_core::Morph;

#[derive(Morph)]
pub enum Commentable {
}

fn main() {}
