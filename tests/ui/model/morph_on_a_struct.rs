use relations_core::Morph;

#[derive(Morph)]
pub struct Commentable {
    pub id: i64,
}

fn main() {}
