//! W7c: moka with rows in it, whose `get` clones them; and the reads that a cache saves.

use std::time::Duration;

use bench_kit::reach::Nested;
use bench_kit::{Reached, Result, Visitor};
use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use rustc_hash::FxBuildHasher;

use super::{Hand, POSTS_BY_USERS, USERS_BY_KEYS, list, post, user};
use crate::rows::{Post, User};
use crate::share::{each, nest, places_of};

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
        let (users, posts) = hand.first_users_and_posts(users)?;
        let Nested(users) = nest(users, posts, |post| post.user_id);
        for (user, posts) in users {
            caches.posts.insert(user.id, posts);
            caches.users.insert(user.id, user);
        }
        Ok(caches)
    }

    /// The user with this key.
    ///
    /// # Errors
    /// When it is not cached.
    pub fn user(&self, id: i64) -> Result<Author> {
        self.users.get(&id).map(Author).ok_or_else(|| "the user is not cached".into())
    }

    /// The posts of this user.
    ///
    /// # Errors
    /// When they are not cached.
    pub fn posts(&self, user_id: i64) -> Result<Posts> {
        self.posts.get(&user_id).map(Posts).ok_or_else(|| "the posts are not cached".into())
    }
}

fn cache<V: Clone + Send + Sync + 'static>() -> Cache<i64, V, FxBuildHasher> {
    // Longer than a run takes; that there is a time to live is what costs.
    let builder = Cache::builder().eviction_policy(EvictionPolicy::lru()).max_capacity(100_000);
    builder.time_to_live(Duration::from_secs(86_400)).build_with_hasher(FxBuildHasher)
}

impl Hand {
    /// The users with these keys.
    pub(super) fn authors_of(&self, ids: &[i64]) -> Result<All<Author>> {
        self.snapshot(|| {
            let users = self.rows(USERS_BY_KEYS, list(ids.iter().copied()), user)?;
            Ok(All(users.into_iter().map(Author).collect()))
        })
    }

    /// The posts of each of these users.
    pub(super) fn lists_of(&self, ids: &[i64]) -> Result<All<Posts>> {
        self.snapshot(|| {
            let posts = self.rows(POSTS_BY_USERS, list(ids.iter().copied()), post)?;
            let places = ids.iter().copied().zip(0..).collect();
            let owner_of = places_of(&places, posts.iter().map(|post| post.user_id));
            Ok(All(each(ids.len(), &owner_of, posts).into_iter().map(Posts).collect()))
        })
    }
}

/// A user as an author.
pub struct Author(User);

impl Reached for Author {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        visitor.row(0, 0, &self.0);
        Ok(())
    }
}

/// The posts of a user.
pub struct Posts(Vec<Post>);

impl Reached for Posts {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        self.0.iter().for_each(|post| visitor.row(post.user_id, 0, post));
        Ok(())
    }
}

/// Several at once.
pub struct All<T>(pub Vec<T>);

impl<T: Reached> Reached for All<T> {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        self.0.iter().try_for_each(|reached| reached.walk(visitor))
    }
}
