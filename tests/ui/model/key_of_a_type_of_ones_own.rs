use relations_core::Relations;

#[derive(Clone, PartialEq)]
pub struct PostId(i64);

#[derive(Relations)]
pub struct Post {
    #[relations(key)]
    pub id: PostId,
}

fn main() {}
