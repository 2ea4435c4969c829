use relations_core::Relations;

#[derive(Relations)]
#[relations(crate = "relations_core")]
pub struct Post {
    pub id: i64,
}

fn main() {}
