//! A fixture with every kind of relation: authors who teach one another, are friends, write posts and make videos;
//! comments on both; tags over a join table.

use relations_core::{
    BelongsTo, HasMany, HasManyThrough, HasOne, HasOneThrough, ManyToMany, Morph, MorphTo, Ref, Relations,
};

/// The tables. No foreign keys are enforced: dangling ones are part of the tests.
pub const SCHEMA: &str = "
    CREATE TABLE authors (id INTEGER PRIMARY KEY, mentor_id INTEGER);
    CREATE TABLE posts (id INTEGER PRIMARY KEY, author_id INTEGER);
    CREATE TABLE videos (id INTEGER PRIMARY KEY, author_id INTEGER);
    CREATE TABLE comments (id INTEGER PRIMARY KEY, subject_type TEXT NOT NULL, subject_id INTEGER NOT NULL);
    CREATE TABLE tags (id INTEGER PRIMARY KEY);
    CREATE TABLE post_tags (post_id INTEGER NOT NULL, tag_id INTEGER NOT NULL);
    CREATE TABLE friendships (id INTEGER PRIMARY KEY, one_id INTEGER NOT NULL, other_id INTEGER NOT NULL);
    CREATE INDEX authors_mentor ON authors (mentor_id);
    CREATE INDEX posts_author ON posts (author_id);
    CREATE INDEX videos_author ON videos (author_id);
    CREATE INDEX comments_subject ON comments (subject_type, subject_id);
    CREATE INDEX post_tags_post ON post_tags (post_id);
    CREATE INDEX post_tags_tag ON post_tags (tag_id);
    CREATE INDEX friendships_one ON friendships (one_id);
    CREATE INDEX friendships_other ON friendships (other_id);
";

#[derive(Debug, Clone, Relations)]
#[relations(table = "authors")]
pub struct Author {
    #[relations(key)]
    pub id: i64,
    pub mentor_id: Option<i64>,
    #[belongs_to]
    pub mentor: BelongsTo<Option<Author>>,
    #[has_many(foreign_key = mentor_id, order_by(id))]
    pub students: HasMany<Author>,
    #[has_many(order_by(id), inverse = author)]
    pub posts: HasMany<Post>,
    #[has_one(latest_by = id)]
    pub latest: HasOne<Option<Post>>,
    #[many_to_many(through = Friendship, near = one, far = other, symmetric, order_by(id))]
    pub friends: ManyToMany<Author, Friendship>,
    #[has_many(through = posts.tags)]
    pub tags: HasManyThrough<Tag>,
    #[has_many(through = students.posts.comments)]
    pub discussed: HasManyThrough<Comment>,
    #[has_one(through = mentor.latest)]
    pub lesson: HasOneThrough<Option<Post>>,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "friendships")]
pub struct Friendship {
    #[relations(key)]
    pub id: i64,
    pub one_id: i64,
    pub other_id: i64,
    #[belongs_to]
    pub one: BelongsTo<Option<Author>>,
    #[belongs_to]
    pub other: BelongsTo<Option<Author>>,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "posts")]
pub struct Post {
    #[relations(key)]
    pub id: i64,
    pub author_id: Option<i64>,
    #[belongs_to]
    pub author: BelongsTo<Option<Author>>,
    #[has_many(morph = subject, order_by(id))]
    pub comments: HasMany<Comment>,
    #[many_to_many(table = "post_tags", order_by(id))]
    pub tags: ManyToMany<Tag>,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "videos")]
pub struct Video {
    #[relations(key)]
    pub id: i64,
    pub author_id: Option<i64>,
    #[belongs_to]
    pub author: BelongsTo<Option<Author>>,
    #[has_many(morph = subject, order_by(id))]
    pub comments: HasMany<Comment>,
}

#[derive(Debug, Clone, Morph)]
pub enum Subject {
    #[morph("post")]
    Post(Ref<Post>),
    #[morph("video")]
    Video(Ref<Video>),
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "comments")]
pub struct Comment {
    #[relations(key)]
    pub id: i64,
    pub subject_type: String,
    pub subject_id: i64,
    #[morph_to]
    pub subject: MorphTo<Option<Subject>>,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "tags")]
pub struct Tag {
    #[relations(key)]
    pub id: i64,
    #[many_to_many(table = "post_tags", order_by(id))]
    pub posts: ManyToMany<Post>,
}
