use relations_core::Relations;

#[derive(Relations)]
pub struct Reading {
    #[relations(key)]
    pub at: f64,
}

fn main() {}
