use relations_core::Relations;

#[derive(Relations)]
pub struct Post {
    #[relations(key)]
    #[relations(column = "post_id")]
    pub id: i64,
}

fn main() {}
