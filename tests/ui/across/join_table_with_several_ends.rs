use relations_core::{BelongsTo, ManyToMany, Relations};

#[derive(Relations)]
pub struct User {
    pub id: i64,
    #[many_to_many(through = Follow)]
    pub followers: ManyToMany<User, Follow>,
}

#[derive(Relations)]
pub struct Follow {
    pub id: i64,
    pub follower_id: i64,
    pub followee_id: i64,
    #[belongs_to]
    pub follower: BelongsTo<User>,
    #[belongs_to]
    pub followee: BelongsTo<User>,
}

fn main() {}
