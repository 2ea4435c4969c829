use relations_core::Relations;

#[derive(Relations)]
#[allow(non_snake_case)]
pub struct Post {
    pub id: i64,
    pub title: i64,
    pub Title: i64,
}

fn main() {}
