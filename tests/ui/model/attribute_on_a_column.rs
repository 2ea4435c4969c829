use relations_core::Relations;

#[derive(Relations)]
pub struct Post {
    pub id: i64,
    #[belongs_to]
    pub author_id: i64,
}

fn main() {}
