//! The neutral fixture: users, profiles, posts, comments, and nodes of a tree.

use relations_core::{BelongsTo, HasMany, HasOne, Relations, Sqlite};
use serde::{Deserialize, Serialize};

/// The tables. No foreign keys are enforced: dangling ones are part of the tests.
pub const SCHEMA: &str = "
    CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE profiles (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, bio TEXT NOT NULL);
    CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER, reviewer_id INTEGER, headline TEXT NOT NULL,
                        score INTEGER NOT NULL DEFAULT 0);
    CREATE TABLE comments (id INTEGER PRIMARY KEY, post_id INTEGER NOT NULL, user_id INTEGER, text TEXT NOT NULL);
    CREATE TABLE nodes (id INTEGER PRIMARY KEY, parent_id INTEGER);
    CREATE INDEX profiles_user ON profiles (user_id);
    CREATE INDEX posts_user ON posts (user_id);
    CREATE INDEX posts_reviewer ON posts (reviewer_id);
    CREATE INDEX comments_post ON comments (post_id);
    CREATE INDEX comments_user ON comments (user_id);
    CREATE INDEX nodes_parent ON nodes (parent_id);
";

/// Three users; Ann has two posts, Bob one, Cid none; one post has no author and one a dangling author.
pub const ROWS: &str = "
    INSERT INTO users VALUES (1, 'Ann'), (2, 'Bob'), (3, 'Cid');
    INSERT INTO profiles VALUES (1, 1, 'writes'), (2, 2, 'reads');
    INSERT INTO posts VALUES (1, 1, 2, 'one', 10), (2, 1, NULL, 'two', 20), (3, 2, 1, 'three', 30),
                             (4, NULL, NULL, 'four', 40), (5, 99, 99, 'five', 50);
    INSERT INTO comments VALUES (1, 1, 2, 'a'), (2, 1, 3, 'b'), (3, 2, 1, 'c'), (4, 3, NULL, 'd'), (5, 1, 99, 'e');
    INSERT INTO nodes VALUES (1, NULL), (2, 1), (3, 1), (4, 2), (5, 4), (6, 99);
";

/// The fixture, run inline.
pub fn db() -> Sqlite {
    crate::database(SCHEMA, ROWS)
}

/// The tables without rows, run inline.
pub fn empty() -> Sqlite {
    crate::database(SCHEMA, "")
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Relations)]
#[relations(table = "users")]
pub struct User {
    #[relations(key)]
    pub id: i64,
    pub name: String,
    #[has_one(inverse = user)]
    pub profile: HasOne<Option<Profile>>,
    #[has_many(inverse = user)]
    pub posts: HasMany<Post>,
    #[has_many(foreign_key = reviewer_id, inverse = reviewer)]
    pub reviews: HasMany<Post>,
    #[has_many]
    pub comments: HasMany<Comment>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Relations)]
#[relations(table = "profiles")]
pub struct Profile {
    #[relations(key)]
    pub id: i64,
    pub user_id: i64,
    pub bio: String,
    #[belongs_to]
    pub user: BelongsTo<User>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Relations)]
#[relations(table = "posts")]
pub struct Post {
    #[relations(key)]
    pub id: i64,
    pub user_id: Option<i64>,
    pub reviewer_id: Option<i64>,
    #[relations(column = "headline")]
    pub title: String,
    pub score: i64,
    #[belongs_to]
    pub user: BelongsTo<Option<User>>,
    #[belongs_to]
    pub reviewer: BelongsTo<Option<User>>,
    #[has_many(order_by(id desc))]
    pub comments: HasMany<Comment>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Relations)]
#[relations(table = "comments")]
pub struct Comment {
    #[relations(key)]
    pub id: i64,
    pub post_id: i64,
    pub user_id: Option<i64>,
    pub text: String,
    #[belongs_to(inverse = comments)]
    pub post: BelongsTo<Post>,
    #[belongs_to(inverse = comments)]
    pub user: BelongsTo<Option<User>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Relations)]
#[relations(table = "nodes")]
pub struct Node {
    #[relations(key)]
    pub id: i64,
    pub parent_id: Option<i64>,
    #[belongs_to(inverse = children)]
    pub parent: BelongsTo<Option<Node>>,
    #[has_many(foreign_key = parent_id)]
    pub children: HasMany<Node>,
}
