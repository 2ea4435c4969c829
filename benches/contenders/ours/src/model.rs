//! The models, with the relations that the schema has.

use bench_kit::columns;
use relations_core::{BelongsTo, HasMany, ManyToMany, Relations};

/// A user.
#[derive(Clone, Relations)]
#[relations(table = "users")]
pub struct User {
    /// The key.
    #[relations(key)]
    pub id: i64,
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// The company, if any.
    pub company_id: Option<i64>,
    /// What the user has written.
    #[has_many(foreign_key = user_id, inverse = author)]
    pub posts: HasMany<Post>,
    /// What the user has said.
    #[has_many(foreign_key = user_id, inverse = author)]
    pub comments: HasMany<Comment>,
}

/// A post.
#[derive(Clone, Relations)]
#[relations(table = "posts")]
pub struct Post {
    /// The key.
    #[relations(key)]
    pub id: i64,
    /// The author's key.
    pub user_id: i64,
    /// The title.
    pub title: String,
    /// The text.
    pub body: String,
    /// How often it was read.
    pub views: i64,
    /// Who wrote it.
    #[belongs_to(foreign_key = user_id)]
    pub author: BelongsTo<User>,
    /// What was said about it.
    #[has_many(foreign_key = post_id, inverse = post)]
    pub comments: HasMany<Comment>,
    /// What it is tagged with.
    #[many_to_many(table = "post_tags")]
    pub tags: ManyToMany<Tag>,
}

/// A tag.
#[derive(Relations)]
#[relations(table = "tags")]
pub struct Tag {
    /// The key.
    #[relations(key)]
    pub id: i64,
    /// The name.
    pub name: String,
}

/// A node of a tree.
#[derive(Relations)]
#[relations(table = "nodes")]
pub struct Node {
    /// The key.
    #[relations(key)]
    pub id: i64,
    /// The key of the node above, if any.
    pub parent_id: Option<i64>,
    /// The name.
    pub name: String,
    /// The node above.
    #[belongs_to]
    pub parent: BelongsTo<Option<Node>>,
    /// The nodes below.
    #[has_many(foreign_key = parent_id, inverse = parent)]
    pub children: HasMany<Node>,
}

/// A comment.
#[derive(Relations)]
#[relations(table = "comments")]
pub struct Comment {
    /// The key.
    #[relations(key)]
    pub id: i64,
    /// The post's key.
    pub post_id: i64,
    /// The author's key.
    pub user_id: i64,
    /// The text.
    pub body: String,
    /// What it is about.
    #[belongs_to]
    pub post: BelongsTo<Post>,
    /// Who said it.
    #[belongs_to(foreign_key = user_id)]
    pub author: BelongsTo<User>,
}

columns!(User { id: int, name: text, email: text, company_id: option });
columns!(Post { id: int, user_id: int, title: text, body: text, views: int });
columns!(Comment { id: int, post_id: int, user_id: int, body: text });
columns!(Tag { id: int, name: text });
columns!(Node { id: int, parent_id: option, name: text });
