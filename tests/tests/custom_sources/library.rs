//! A service over the rows of the blog, as one would write it: addresses that give rows by some keys, and no others.

use std::sync::Mutex;

use relations_core::source::{By, Fetched, Lookup};
use relations_core::{CustomSource, Fetch, Model, Relations, block_on};

use crate::blog::{self, Comment, Post, Profile, User};

/// The rows of the service, and what it was asked for.
pub struct Service {
    users: Vec<User>,
    posts: Vec<Post>,
    comments: Vec<Comment>,
    pub asked: Mutex<Vec<String>>,
}

pub fn service() -> CustomSource<Service> {
    let db = blog::db();
    CustomSource::new(Service {
        users: block_on(User::all(&db)).unwrap().to_vec(),
        posts: block_on(Post::all(&db)).unwrap().to_vec(),
        comments: block_on(Comment::all(&db)).unwrap().to_vec(),
        asked: Mutex::default(),
    })
}

impl Service {
    fn note<T: Model, K: std::fmt::Debug>(&self, lookup: &Lookup<T, K>) {
        let by = lookup.by.map(|by| by.fields()).unwrap_or_default();
        self.asked.lock().unwrap().push(format!("{} {by} {:?}", T::TABLE, lookup.keys));
    }

    pub fn taken(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

impl Fetch<User> for Service {
    type Error = String;

    async fn fetch(&self, lookup: Lookup<User, ()>) -> Result<Fetched<User, ()>, String> {
        self.note(&lookup);
        Ok(self.users.clone().into())
    }
}

impl Fetch<User, i64> for Service {
    type Error = String;
    const BY: &'static [By<User, i64>] = &[By::column(User::ID)];

    async fn fetch(&self, lookup: Lookup<User, i64>) -> Result<Fetched<User, i64>, String> {
        self.note(&lookup);
        Ok(self.users.iter().filter(|user| lookup.keys.contains(&user.id)).cloned().collect())
    }
}

/// By the author, which may be null, and by the key. Not by the reviewer.
impl Fetch<Post, i64> for Service {
    type Error = String;
    const BY: &'static [By<Post, i64>] = &[By::column(Post::USER_ID), By::column(Post::ID)];

    async fn fetch(&self, lookup: Lookup<Post, i64>) -> Result<Fetched<Post, i64>, String> {
        self.note(&lookup);
        let key = |post: &Post| if lookup.is_by(By::column(Post::ID)) { Some(post.id) } else { post.user_id };
        Ok(self.posts.iter().filter(|post| key(post).is_some_and(|key| lookup.keys.contains(&key))).cloned().collect())
    }
}

/// Of each post apart, in an order that nobody asked for. The comments of post 3 cannot be had.
impl Fetch<Comment, i64> for Service {
    type Error = std::io::Error;
    const BY: &'static [By<Comment, i64>] = &[By::column(Comment::POST_ID)];

    async fn fetch(&self, lookup: Lookup<Comment, i64>) -> Result<Fetched<Comment, i64>, Self::Error> {
        self.note(&lookup);
        let found = |comment: &&Comment| lookup.keys.contains(&comment.post_id) && comment.post_id != 3;
        let mut fetched: Fetched<Comment, i64> = self.comments.iter().filter(found).cloned().collect();
        if lookup.keys.contains(&3) {
            fetched.fail(3, "the comments are closed");
        }
        Ok(fetched)
    }
}

/// It says that it fetches profiles, and by nothing.
impl Fetch<Profile, i64> for Service {
    type Error = String;

    async fn fetch(&self, _: Lookup<Profile, i64>) -> Result<Fetched<Profile, i64>, String> {
        Err("never called".to_owned())
    }
}
