use relations_core::{BelongsTo, ManyToMany, Morph, MorphTo, Ref, Relations};

#[derive(Relations)]
pub struct Post {
    pub id: i64,
    #[many_to_many(through = Tagging, morph = taggable, symmetric)]
    pub tags: ManyToMany<Tag, Tagging>,
}

#[derive(Relations)]
pub struct Video {
    pub id: i64,
}

#[derive(Relations)]
pub struct Tag {
    pub id: i64,
}

#[derive(Morph)]
pub enum Taggable {
    #[morph("post")]
    Post(Ref<Post>),
    #[morph("video")]
    Video(Ref<Video>),
}

#[derive(Relations)]
pub struct Tagging {
    pub id: i64,
    pub tag_id: i64,
    pub taggable_type: String,
    pub taggable_id: i64,
    #[belongs_to]
    pub tag: BelongsTo<Tag>,
    #[morph_to]
    pub taggable: MorphTo<Taggable>,
}

fn main() {}
