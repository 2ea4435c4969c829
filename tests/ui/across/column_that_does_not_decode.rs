use relations_core::{Relations, Sqlite};

pub struct Opaque;

#[derive(Relations)]
pub struct User {
    pub id: i64,
    pub secret: Opaque,
}

fn main() {
    let db = Sqlite::memory().unwrap();
    let _ = User::all(&db);
}
