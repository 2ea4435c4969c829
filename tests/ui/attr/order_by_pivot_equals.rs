use relations_core::{BelongsTo, ManyToMany, Relations};

#[derive(Relations)]
pub struct Post {
    pub id: i64,
    #[many_to_many(through = PostTag, order_by_pivot = weight)]
    pub tags: ManyToMany<Tag, PostTag>,
}

#[derive(Relations)]
pub struct Tag {
    pub id: i64,
    pub name: String,
}

#[derive(Relations)]
pub struct PostTag {
    pub id: i64,
    pub post_id: i64,
    pub tag_id: i64,
    pub weight: i64,
    #[belongs_to]
    pub post: BelongsTo<Post>,
    #[belongs_to]
    pub tag: BelongsTo<Tag>,
}

fn main() {}
