use relations_core::Relations;

#[derive(Relations)]
pub struct Post<const N: usize> {
    pub id: i64,
    pub title: [u8; N],
}

fn main() {}
