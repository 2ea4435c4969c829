use relations_core::Relations;

#[derive(Relations)]
pub struct Post;

fn main() {}
