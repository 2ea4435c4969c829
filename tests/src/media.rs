//! Polymorphic relations: comments, covers and marks on posts and videos, which have the same ids; and ids that are
//! texts, UUIDs, newtypes and several columns.

use relations_core::{BelongsTo, HasMany, HasOne, Morph, MorphTo, Ref, Relations, Sqlite};
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
";

/// Post 1 and video 1 have two comments each, post 2 one; video 2 and post 3 none.
pub const ROWS: &str = "
    INSERT INTO users VALUES (1, 'Ann'), (2, 'Bob');
    INSERT INTO channels VALUES (1, 'News');
    INSERT INTO posts VALUES (1, 1, 'p1'), (2, 2, 'p2'), (3, 1, 'p3');
    INSERT INTO videos VALUES (1, 1, 'v1'), (2, 1, 'v2');
    INSERT INTO comments VALUES (1, 'post', 1, 'a'), (2, 'video', 1, 'b'), (3, 'post', 2, 'c'), (4, 'post', 1, 'd'),
                                (5, 'video', 1, 'e');
    INSERT INTO covers VALUES (1, 'post', 1), (2, 'video', 1), (3, NULL, 1), (4, 'post', NULL), (5, NULL, NULL),
                              (6, 'video', 99);
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
