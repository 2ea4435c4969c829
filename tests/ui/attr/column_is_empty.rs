use relations_core::Relations;

#[derive(Relations)]
pub struct Post {
    pub id: i64,
    #[relations(column = "")]
    pub title: String,
}

fn main() {}
