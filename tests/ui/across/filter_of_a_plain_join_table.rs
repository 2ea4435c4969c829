use relations_core::{BelongsTo, HasMany, ManyToMany, Relations};

#[derive(Relations)]
pub struct Post {
    pub id: i64,
    #[has_many]
    pub links: HasMany<PostTag>,
    #[many_to_many(table = "post_tags")]
    pub plain: ManyToMany<Tag>,
}

#[derive(Relations)]
pub struct Tag {
    pub id: i64,
}

#[derive(Relations)]
pub struct PostTag {
    pub id: i64,
    pub post_id: i64,
    #[belongs_to]
    pub post: BelongsTo<Post>,
}

fn main() {
    let _ = Post::PLAIN.filter_pivot(PostTag::ID.gt(1));
}
