use relations_core::{HasMany, ManyToMany, Relations};

#[derive(Relations)]
pub struct Post {
    pub id: i64,
    #[many_to_many(table = "post_tags")]
    pub tags: ManyToMany<Tag>,
    #[has_many]
    pub tags_query: HasMany<Tag>,
}

#[derive(Relations)]
pub struct Tag {
    pub id: i64,
    pub post_id: i64,
}

fn main() {}
