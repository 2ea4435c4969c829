use relations_core::{Memory, Relations};

#[derive(Relations)]
pub struct User {
    pub id: i64,
}

fn main() {
    let _ = Memory::new().with([User { id: 1 }]);
}
