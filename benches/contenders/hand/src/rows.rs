//! The rows, as plain structs.

use bench_kit::columns;
use bench_kit::reach::Keyed;

/// A user.
#[derive(Debug, Clone)]
pub struct User {
    /// The key.
    pub id: i64,
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// The company, if any.
    pub company_id: Option<i64>,
}

/// A post.
#[derive(Debug, Clone)]
pub struct Post {
    /// The key.
    pub id: i64,
    /// The author's key.
    pub user_id: i64,
    /// The title.
    pub title: String,
    /// The text.
    pub body: String,
    /// How often it was read.
    pub views: i64,
}

/// A comment.
#[derive(Debug)]
pub struct Comment {
    /// The key.
    pub id: i64,
    /// The key of the post that it is about.
    pub post_id: i64,
    /// The author's key.
    pub user_id: i64,
    /// The text.
    pub body: String,
}

/// A tag.
#[derive(Debug)]
pub struct Tag {
    /// The key.
    pub id: i64,
    /// The name.
    pub name: String,
}

/// A row of the join table of posts and tags.
#[derive(Debug, Clone, Copy)]
pub struct Pair {
    /// The post's key.
    pub post_id: i64,
    /// The tag's key.
    pub tag_id: i64,
}

/// A node of a tree.
#[derive(Debug)]
pub struct Node {
    /// The key.
    pub id: i64,
    /// The key of the node above, if any.
    pub parent_id: Option<i64>,
    /// The name.
    pub name: String,
}

columns!(User { id: int, name: text, email: text, company_id: option });
columns!(Post { id: int, user_id: int, title: text, body: text, views: int });
columns!(Comment { id: int, post_id: int, user_id: int, body: text });
columns!(Tag { id: int, name: text });
columns!(Node { id: int, parent_id: option, name: text });

macro_rules! keyed {
    ($($row:ty),+) => {
        $(impl Keyed for $row {
            #[inline]
            fn key(&self) -> i64 {
                self.id
            }
        })+
    };
}

keyed!(User, Post, Tag);

/// The keys of these rows, in their order.
pub fn keys<T: Keyed>(rows: &[T]) -> impl Iterator<Item = i64> {
    rows.iter().map(Keyed::key)
}
