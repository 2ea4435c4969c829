use relations_core::Relations;
use relations_core::source::By;

#[derive(Relations)]
pub struct User {
    pub id: i64,
    pub name: String,
}

fn main() {
    let _ = By::<User, i64>::column(User::NAME);
}
