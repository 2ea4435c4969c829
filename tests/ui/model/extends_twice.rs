use relations_core::Relations;

#[derive(Relations)]
pub struct Person {
    pub id: i64,
    pub name: String,
}

#[derive(Relations)]
pub struct Place {
    pub room: i64,
    #[relations(key)]
    pub door: i64,
}

#[derive(Relations)]
pub struct Manager {
    #[relations(extends)]
    pub person: Person,
    #[relations(extends)]
    pub place: Place,
}

fn main() {}
