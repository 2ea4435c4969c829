//! Hand-written caches: moka with rows in it, whose `get` clones them.

use std::time::Duration;

use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use rustc_hash::FxBuildHasher;

use super::{Hand, Post, User, UserWithPosts};
use crate::Result;
use crate::reach::{Reached, Visitor};

/// Users by key, and posts by the key of their author, kept as long as ours are.
pub struct Caches {
    users: Cache<i64, User, FxBuildHasher>,
    posts: Cache<i64, Vec<Post>, FxBuildHasher>,
}

impl Caches {
    /// The first so many users, and their posts.
    ///
    /// # Errors
    /// What the database reports.
    pub fn of(hand: &Hand, users: i64) -> Result<Self> {
        let caches = Self { users: cache(), posts: cache() };
        for UserWithPosts { user, posts } in hand.first_users_with_posts(users)?.0 {
            caches.posts.insert(user.id, posts);
            caches.users.insert(user.id, user);
        }
        Ok(caches)
    }

    /// The user with this key.
    ///
    /// # Errors
    /// When it is not cached.
    pub fn user(&self, id: i64) -> Result<User> {
        self.users.get(&id).ok_or_else(|| "the user is not cached".into())
    }

    /// The posts of this user.
    ///
    /// # Errors
    /// When they are not cached.
    pub fn posts(&self, user_id: i64) -> Result<Vec<Post>> {
        self.posts.get(&user_id).ok_or_else(|| "the posts are not cached".into())
    }
}

fn cache<V: Clone + Send + Sync + 'static>() -> Cache<i64, V, FxBuildHasher> {
    let builder = Cache::builder().eviction_policy(EvictionPolicy::lru()).max_capacity(100_000);
    builder.time_to_live(Duration::from_secs(300)).build_with_hasher(FxBuildHasher)
}

impl Reached for User {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        visitor.row(0, 0, self);
        Ok(())
    }
}

impl Reached for Vec<Post> {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        self.iter().for_each(|post| visitor.row(post.user_id, 0, post));
        Ok(())
    }
}
