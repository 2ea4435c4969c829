use relations_core::{Morph, MorphTo, Ref, Relations};

#[derive(Relations)]
pub struct Person {
    pub id: i64,
    pub likes_type: String,
    pub likes_id: i64,
}

#[derive(Clone, Morph)]
pub enum Liked {
    #[morph("person")]
    Person(Ref<Person>),
}

#[derive(Relations)]
pub struct Manager {
    #[relations(extends)]
    pub person: Person,
    #[morph_to(morph_type = likes_type, foreign_key = person_id)]
    pub likes: MorphTo<Liked>,
    pub person_id: i64,
}

fn main() {}
