use relations_core::Relations;

#[derive(Relations)]
#[relations(tabel = "posts")]
pub struct Post {
    pub id: i64,
}

fn main() {}
