use relations_core::Relations;

#[derive(Relations)]
pub union Post {
    pub id: i64,
}

fn main() {}
