use relations_core::{ManyToMany, Relations};

#[derive(Relations)]
pub struct Post {
    pub id: i64,
    #[many_to_many(table = "post_tags", inverse = posts)]
    pub tags: ManyToMany<Tag>,
}

#[derive(Relations)]
pub struct Tag {
    pub id: i64,
    #[many_to_many(table = "posts_by_tag")]
    pub posts: ManyToMany<Post>,
}

fn main() {}
