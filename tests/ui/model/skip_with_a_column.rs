use relations_core::Relations;

#[derive(Relations)]
pub struct Post {
    pub id: i64,
    #[relations(skip, column = "headline")]
    pub title: String,
}

fn main() {}
