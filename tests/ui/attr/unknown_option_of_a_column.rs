use relations_core::Relations;

#[derive(Relations)]
pub struct Post {
    #[relations(kee)]
    pub id: i64,
}

fn main() {}
