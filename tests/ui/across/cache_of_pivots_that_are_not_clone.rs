use relations_core::{BelongsTo, ManyToMany, Relations};

#[derive(Clone, Relations)]
pub struct Tag {
    pub id: i64,
}

#[derive(Relations)]
pub struct Post {
    pub id: i64,
    #[many_to_many(through = PostTag, cache)]
    pub tags: ManyToMany<Tag>,
}

#[derive(Relations)]
pub struct PostTag {
    pub id: i64,
    pub post_id: i64,
    pub tag_id: i64,
    #[belongs_to]
    pub post: BelongsTo<Post>,
    #[belongs_to]
    pub tag: BelongsTo<Tag>,
}

fn main() {}
