use relations_core::{BelongsTo, ManyToMany, Relations};

#[derive(Relations)]
pub struct User {
    pub id: i64,
    pub number: i64,
    #[many_to_many(through = Friendship, symmetric)]
    pub friends: ManyToMany<User, Friendship>,
}

#[derive(Relations)]
pub struct Friendship {
    pub id: i64,
    pub one_id: i64,
    pub other_number: i64,
    #[belongs_to]
    pub one: BelongsTo<User>,
    #[belongs_to(foreign_key = other_number, references = number)]
    pub other: BelongsTo<User>,
}

fn main() {}
