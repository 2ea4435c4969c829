use relations_core::{ManyToMany, Relations};

pub struct PostTag {
    pub post_id: i64,
    pub tag_id: i64,
}

#[derive(Relations)]
pub struct Post {
    pub id: i64,
    #[many_to_many(through = PostTag)]
    pub tags: ManyToMany<Tag>,
}

#[derive(Relations)]
pub struct Tag {
    pub id: i64,
}

fn main() {}
