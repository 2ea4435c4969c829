//! Polymorphic relations: comments, covers and tags on posts and videos, which have the same ids.

use relations_core::{BelongsTo, HasMany, HasOne, ManyToMany, Morph, MorphTo, Ref, Relations, Sqlite};
use serde::{Deserialize, Serialize};

/// The tables.
pub const SCHEMA: &str = "
    CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE channels (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE posts (id INTEGER PRIMARY KEY, author_id INTEGER NOT NULL, title TEXT NOT NULL);
    CREATE TABLE videos (id INTEGER PRIMARY KEY, channel_id INTEGER NOT NULL, title TEXT NOT NULL);
    CREATE TABLE comments (id INTEGER PRIMARY KEY, commentable_type TEXT NOT NULL, commentable_id INTEGER NOT NULL,
                           text TEXT NOT NULL);
    CREATE INDEX comments_commentable ON comments (commentable_type, commentable_id);
    CREATE TABLE covers (id INTEGER PRIMARY KEY, kind TEXT, target_id INTEGER);
    CREATE INDEX covers_target ON covers (kind, target_id);
    CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE taggings (id INTEGER PRIMARY KEY, tag_id INTEGER NOT NULL, taggable_type TEXT NOT NULL,
                           taggable_id INTEGER NOT NULL, weight INTEGER NOT NULL);
    CREATE INDEX taggings_taggable ON taggings (taggable_type, taggable_id);
    CREATE INDEX taggings_tag ON taggings (tag_id);
";

/// Post 1 and video 1 have two comments each, post 2 one; video 2 and post 3 none. Post 1 has the tags rust and sql,
/// post 2 sql, video 1 sql and async, video 2 rust; a photo, which is unknown, has rust and sql.
pub const ROWS: &str = "
    INSERT INTO users VALUES (1, 'Ann'), (2, 'Bob');
    INSERT INTO channels VALUES (1, 'News');
    INSERT INTO posts VALUES (1, 1, 'p1'), (2, 2, 'p2'), (3, 1, 'p3');
    INSERT INTO videos VALUES (1, 1, 'v1'), (2, 1, 'v2');
    INSERT INTO comments VALUES (1, 'post', 1, 'a'), (2, 'video', 1, 'b'), (3, 'post', 2, 'c'), (4, 'post', 1, 'd'),
                                (5, 'video', 1, 'e');
    INSERT INTO covers VALUES (1, 'post', 1), (2, 'video', 1), (3, NULL, 1), (4, 'post', NULL), (5, NULL, NULL),
                              (6, 'video', 99);
    INSERT INTO tags VALUES (1, 'rust'), (2, 'sql'), (3, 'async'), (4, 'none');
    INSERT INTO taggings VALUES (1, 2, 'video', 1, 7), (2, 1, 'post', 1, 5), (3, 1, 'photo', 1, 9), (4, 3, 'video', 1, 2),
                                (5, 2, 'post', 1, 3), (6, 2, 'photo', 1, 8), (7, 2, 'post', 2, 4), (8, 1, 'video', 2, 6);
";

/// The fixture, run inline.
pub fn db() -> Sqlite {
    crate::database(SCHEMA, ROWS)
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Morph)]
pub enum Commentable {
    #[morph("post")]
    Post(Ref<Post>),
    #[morph("video")]
    Video(Ref<Video>),
}

impl Commentable {
    /// The title of whatever it is.
    pub fn title(&self) -> &str {
        match self {
            Self::Post(post) => &post.title,
            Self::Video(video) => &video.title,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Relations)]
pub struct User {
    pub id: i64,
    pub name: String,
    #[has_many(foreign_key = author_id, inverse = author)]
    pub posts: HasMany<Post>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Relations)]
pub struct Channel {
    pub id: i64,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Relations)]
pub struct Post {
    pub id: i64,
    pub author_id: i64,
    pub title: String,
    #[belongs_to]
    pub author: BelongsTo<User>,
    #[has_many(morph = commentable)]
    pub comments: HasMany<Comment>,
    #[has_one(morph = target)]
    pub cover: HasOne<Option<Cover>>,
    #[many_to_many(morph = taggable, inverse = posts)]
    pub tags: ManyToMany<Tag, Tagging>,
    #[many_to_many(through = Tagging, morph = taggable, order_by_pivot(weight desc), distinct)]
    pub top_tags: ManyToMany<Tag>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Relations)]
pub struct Video {
    pub id: i64,
    pub channel_id: i64,
    pub title: String,
    #[belongs_to]
    pub channel: BelongsTo<Channel>,
    #[has_many(morph = commentable, order_by(id desc))]
    pub comments: HasMany<Comment>,
    #[has_one(morph = target)]
    pub cover: HasOne<Option<Cover>>,
    #[many_to_many(morph = taggable, order_by(name))]
    pub tags: ManyToMany<Tag, Tagging>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Relations)]
pub struct Comment {
    pub id: i64,
    pub commentable_type: String,
    pub commentable_id: i64,
    pub text: String,
    #[morph_to]
    pub commentable: MorphTo<Commentable>,
}

/// The image of a post or a video, or of nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Relations)]
pub struct Cover {
    pub id: i64,
    pub kind: Option<String>,
    pub target_id: Option<i64>,
    #[morph_to(morph_type = kind)]
    pub target: MorphTo<Option<Commentable>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Relations)]
pub struct Tag {
    pub id: i64,
    pub name: String,
    #[many_to_many(morph = taggable)]
    pub posts: ManyToMany<Post, Tagging>,
    #[many_to_many(through = Tagging, morph = taggable, order_by(title desc))]
    pub videos: ManyToMany<Video>,
}

/// A tag on a post or a video.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Relations)]
pub struct Tagging {
    pub id: i64,
    pub tag_id: i64,
    pub taggable_type: String,
    pub taggable_id: i64,
    pub weight: i64,
    #[belongs_to]
    pub tag: BelongsTo<Tag>,
    #[morph_to]
    pub taggable: MorphTo<Commentable>,
}
