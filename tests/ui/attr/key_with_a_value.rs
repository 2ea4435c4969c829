use relations_core::Relations;

#[derive(Relations)]
pub struct Post {
    #[relations(key = true)]
    pub id: i64,
}

fn main() {}
