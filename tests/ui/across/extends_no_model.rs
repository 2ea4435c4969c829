use relations_core::Relations;

pub struct Person {
    pub id: i64,
}

#[derive(Relations)]
pub struct Manager {
    #[relations(extends)]
    pub person: Person,
    pub team_id: i64,
}

fn main() {}
