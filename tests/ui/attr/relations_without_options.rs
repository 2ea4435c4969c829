use relations_core::Relations;

#[derive(Relations)]
pub struct Post {
    #[relations]
    pub id: i64,
}

fn main() {}
