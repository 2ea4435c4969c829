use relations_core::Relations;

#[derive(Relations)]
pub struct Post<'a> {
    pub id: i64,
    pub title: &'a str,
}

fn main() {}
