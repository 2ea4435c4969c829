//! The models: every kind of relation.

use relations_core::{
    BelongsTo, HasMany, HasManyThrough, HasOne, HasOneThrough, ManyToMany, Morph, MorphTo, Ref, Relations,
};
use serde::Serialize;

/// The tables. No foreign keys are enforced: dangling ones are part of the tests.
pub const SCHEMA: &str = "
    CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, boss_id INTEGER);
    CREATE TABLE profiles (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, bio TEXT NOT NULL);
    CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, title TEXT NOT NULL, views INTEGER NOT NULL);
    CREATE TABLE videos (id INTEGER PRIMARY KEY, title TEXT NOT NULL);
    CREATE TABLE comments (id INTEGER PRIMARY KEY, subject_type TEXT NOT NULL, subject_id INTEGER NOT NULL,
                           user_id INTEGER NOT NULL);
    CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE post_tags (id INTEGER PRIMARY KEY, post_id INTEGER NOT NULL, tag_id INTEGER NOT NULL,
                            weight INTEGER NOT NULL);
    CREATE TABLE taggings (id INTEGER PRIMARY KEY, tag_id INTEGER NOT NULL, taggable_type TEXT NOT NULL,
                           taggable_id INTEGER NOT NULL);
    CREATE TABLE readings (post_id INTEGER NOT NULL, user_id INTEGER NOT NULL);
    CREATE TABLE friendships (one_id INTEGER NOT NULL, other_id INTEGER NOT NULL);
";

#[derive(Debug, Clone, Serialize, Relations)]
pub struct User {
    pub id: i64,
    pub name: String,
    pub boss_id: Option<i64>,
    #[belongs_to]
    pub boss: BelongsTo<Option<User>>,
    #[has_many(foreign_key = boss_id, order_by(id))]
    pub team: HasMany<User>,
    #[has_one]
    pub profile: HasOne<Option<Profile>>,
    #[has_many(order_by(id), inverse = user)]
    pub posts: HasMany<Post>,
    #[has_one(latest_by = views)]
    pub best: HasOne<Option<Post>>,
    #[many_to_many(table = "readings", order_by(id))]
    pub reads: ManyToMany<Post>,
    #[many_to_many(table = "friendships", foreign_key = one_id, target_key = other_id, symmetric, order_by(id))]
    pub friends: ManyToMany<User>,
    #[has_many(through = posts.comments)]
    pub received: HasManyThrough<Comment>,
    #[has_many(through = posts.comments.user)]
    pub commenters: HasManyThrough<User>,
    #[has_many(through = posts.tags)]
    pub tags: HasManyThrough<Tag>,
    #[has_one(through = boss.best)]
    pub example: HasOneThrough<Option<Post>>,
}

#[derive(Debug, Clone, Serialize, Relations)]
pub struct Profile {
    pub id: i64,
    pub user_id: i64,
    pub bio: String,
    #[belongs_to]
    pub user: BelongsTo<User>,
}

#[derive(Debug, Clone, Serialize, Relations)]
pub struct Post {
    pub id: i64,
    pub user_id: i64,
    pub title: String,
    pub views: i64,
    #[belongs_to]
    pub user: BelongsTo<Option<User>>,
    #[has_many(morph = subject, order_by(id))]
    pub comments: HasMany<Comment>,
    #[many_to_many(order_by_pivot(id))]
    pub tags: ManyToMany<Tag, PostTag>,
    #[many_to_many(morph = taggable, order_by(id))]
    pub labels: ManyToMany<Tag, Tagging>,
    #[many_to_many(table = "readings", order_by(id))]
    pub readers: ManyToMany<User>,
}

#[derive(Debug, Clone, Serialize, Relations)]
pub struct Video {
    pub id: i64,
    pub title: String,
    #[has_many(morph = subject, order_by(id))]
    pub comments: HasMany<Comment>,
    #[many_to_many(morph = taggable, order_by(id))]
    pub labels: ManyToMany<Tag, Tagging>,
}

#[derive(Debug, Clone, Serialize, Morph)]
pub enum Subject {
    #[morph("post")]
    Post(Ref<Post>),
    #[morph("video")]
    Video(Ref<Video>),
}

impl Subject {
    /// The title of whatever it is.
    pub fn title(&self) -> &str {
        match self {
            Self::Post(post) => &post.title,
            Self::Video(video) => &video.title,
        }
    }
}

#[derive(Debug, Clone, Serialize, Relations)]
pub struct Comment {
    pub id: i64,
    pub subject_type: String,
    pub subject_id: i64,
    pub user_id: i64,
    #[morph_to]
    pub subject: MorphTo<Option<Subject>>,
    #[belongs_to]
    pub user: BelongsTo<Option<User>>,
}

#[derive(Debug, Clone, Serialize, Relations)]
pub struct Tag {
    pub id: i64,
    pub name: String,
    #[many_to_many(order_by(id))]
    pub posts: ManyToMany<Post, PostTag>,
    #[many_to_many(through = Tagging, morph = taggable, order_by(id))]
    pub labelled_posts: ManyToMany<Post>,
    #[many_to_many(through = Tagging, morph = taggable, order_by(id))]
    pub labelled_videos: ManyToMany<Video>,
}

#[derive(Debug, Clone, Serialize, Relations)]
pub struct PostTag {
    pub id: i64,
    pub post_id: i64,
    pub tag_id: i64,
    pub weight: i64,
    #[belongs_to]
    pub post: BelongsTo<Option<Post>>,
    #[belongs_to]
    pub tag: BelongsTo<Option<Tag>>,
}

#[derive(Debug, Clone, Serialize, Relations)]
pub struct Tagging {
    pub id: i64,
    pub tag_id: i64,
    pub taggable_type: String,
    pub taggable_id: i64,
    #[belongs_to]
    pub tag: BelongsTo<Option<Tag>>,
    #[morph_to]
    pub taggable: MorphTo<Option<Subject>>,
}
