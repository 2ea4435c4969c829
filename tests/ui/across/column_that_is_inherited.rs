use relations_core::Relations;

#[derive(Relations)]
pub struct Person {
    pub id: i64,
    pub name: String,
}

#[derive(Relations)]
pub struct Manager {
    #[relations(extends)]
    pub person: Person,
    pub name: String,
}

fn main() {}
