use relations_core::Relations;

#[derive(Relations)]
#[belongs_to]
pub struct Post {
    pub id: i64,
}

fn main() {}
