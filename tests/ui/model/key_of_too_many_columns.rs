use relations_core::Relations;

#[derive(Relations)]
pub struct Post {
    #[relations(key)]
    pub a: i64,
    #[relations(key)]
    pub b: i64,
    #[relations(key)]
    pub c: i64,
    #[relations(key)]
    pub d: i64,
    #[relations(key)]
    pub e: i64,
    #[relations(key)]
    pub f: i64,
    #[relations(key)]
    pub g: i64,
}

fn main() {}
