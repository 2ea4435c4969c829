use relations_core::Morph;

#[derive(Morph)]
pub union Commentable {
    pub id: i64,
}

fn main() {}
