use relations_core::{ManyToMany, Relations};

#[derive(Relations)]
pub struct Post {
    pub id: i64,
    #[many_to_many(table = "post_tags", target_key = tag_id)]
    pub tags: ManyToMany<Tag>,
}

#[derive(Relations)]
pub struct Tag {
    #[relations(key)]
    pub shop: i64,
    #[relations(key)]
    pub number: i64,
}

fn main() {}
