//! The rows. Columns are read by name, as what sqlx derives does.

use bench_kit::{columns, keyed};
use sqlx::FromRow;

#[derive(Debug, FromRow)]
pub struct User {
    pub id: i64,
    pub name: String,
    pub email: String,
    pub company_id: Option<i64>,
}

#[derive(Debug, FromRow)]
pub struct Post {
    pub id: i64,
    pub user_id: i64,
    pub title: String,
    pub body: String,
    pub views: i64,
}

#[derive(Debug, FromRow)]
pub struct Comment {
    pub id: i64,
    pub post_id: i64,
    pub user_id: i64,
    pub body: String,
}

#[derive(Debug, FromRow)]
pub struct Tag {
    pub id: i64,
    pub name: String,
}

#[derive(Debug, FromRow)]
pub struct PostTag {
    pub post_id: i64,
    pub tag_id: i64,
}

columns!(User { id: int, name: text, email: text, company_id: option });
columns!(Post { id: int, user_id: int, title: text, body: text, views: int });
columns!(Comment { id: int, post_id: int, user_id: int, body: text });
columns!(Tag { id: int, name: text });
keyed!(User, Post, Comment, Tag);

/// A row of posts joined with users.
#[derive(Debug, FromRow)]
pub struct PostWithAuthor {
    #[sqlx(flatten)]
    post: Post,
    author_name: String,
    author_email: String,
    author_company_id: Option<i64>,
}

impl PostWithAuthor {
    pub fn split(self) -> (Post, User) {
        let (name, email, company_id) = (self.author_name, self.author_email, self.author_company_id);
        let author = User { id: self.post.user_id, name, email, company_id };
        (self.post, author)
    }
}

/// A row of users joined with posts, which may have none.
#[derive(Debug, FromRow)]
pub struct UserWithPost {
    #[sqlx(flatten)]
    user: User,
    post_id: Option<i64>,
    title: Option<String>,
    body: Option<String>,
    views: Option<i64>,
}

impl UserWithPost {
    pub fn split(self) -> (User, Option<Post>) {
        let user_id = self.user.id;
        let post = match (self.post_id, self.title, self.body, self.views) {
            (Some(id), Some(title), Some(body), Some(views)) => Some(Post { id, user_id, title, body, views }),
            _ => None,
        };
        (self.user, post)
    }
}

/// A row of the join table joined with tags.
#[derive(Debug, FromRow)]
pub struct TagOfPost {
    pub post_id: i64,
    #[sqlx(flatten)]
    pub tag: Tag,
}
