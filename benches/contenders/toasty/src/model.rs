//! The models, whose relations are loaded where they are asked for, and how their columns are read.

// The derive of Toasty makes items that have no docs.
#![allow(missing_docs)]

use bench_kit::columns;
use bench_kit::reach::Keyed;
use toasty::Deferred;

#[derive(Debug, Clone, toasty::Model)]
pub struct User {
    #[key]
    pub id: i64,
    pub name: String,
    pub email: String,
    pub company_id: Option<i64>,
    #[has_many(pair = user)]
    pub posts: Deferred<Vec<Post>>,
}

#[derive(Debug, Clone, toasty::Model)]
pub struct Post {
    #[key]
    pub id: i64,
    #[index]
    pub user_id: i64,
    pub title: String,
    pub body: String,
    pub views: i64,
    #[belongs_to(key = user_id, references = id)]
    pub user: Deferred<User>,
    #[has_many]
    pub comments: Deferred<Vec<Comment>>,
    #[has_many]
    pub post_tags: Deferred<Vec<PostTag>>,
    #[has_many(via = post_tags.tag)]
    pub tags: Deferred<Vec<Tag>>,
}

#[derive(Debug, Clone, toasty::Model)]
pub struct Comment {
    #[key]
    pub id: i64,
    #[index]
    pub post_id: i64,
    #[index]
    pub user_id: i64,
    pub body: String,
    #[belongs_to(key = post_id, references = id)]
    pub post: Deferred<Post>,
    #[belongs_to(key = user_id, references = id)]
    pub user: Deferred<User>,
}

#[derive(Debug, Clone, toasty::Model)]
pub struct Tag {
    #[key]
    pub id: i64,
    pub name: String,
}

#[derive(Debug, Clone, toasty::Model)]
#[key(post_id, tag_id)]
pub struct PostTag {
    #[index]
    pub post_id: i64,
    #[index]
    pub tag_id: i64,
    #[belongs_to(key = post_id, references = id)]
    pub post: Deferred<Post>,
    #[belongs_to(key = tag_id, references = id)]
    pub tag: Deferred<Tag>,
}

columns!(User { id: int, name: text, email: text, company_id: option });
columns!(Post { id: int, user_id: int, title: text, body: text, views: int });
columns!(Comment { id: int, post_id: int, user_id: int, body: text });
columns!(Tag { id: int, name: text });

impl Keyed for User {
    fn key(&self) -> i64 {
        self.id
    }
}

impl Keyed for Post {
    fn key(&self) -> i64 {
        self.id
    }
}
