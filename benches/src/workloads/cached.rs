//! W7c: what the shared cache holds, beside moka with rows in it; and batches through the cache, beside the bare source.

use std::path::Path;

use relations_core::{Db, Many, Ref, Relations, Sqlite, block_on};

use crate::hand::Hand;
use crate::hand::cached::Caches;
use crate::model::{Post, User};
use crate::runner::{Sample, Target, Variant, Workload, sample_owners};
use crate::{Result, cached};

/// One source, bare and with caches: one in which everything is found, one in which nothing is.
pub struct Cached {
    bare: Sqlite,
    warm: Db<Sqlite>,
    cold: Db<Sqlite>,
    hand: Caches,
    /// Posts of different users.
    posts: Vec<Post>,
    users: Vec<User>,
}

impl Cached {
    /// Opens the database, and fills the caches with the first so many users and their posts.
    ///
    /// # Errors
    /// When it cannot be opened or read.
    pub fn open(path: &Path, keys: i64) -> Result<Self> {
        let bare = Sqlite::builder(path).connections(1).inline().open()?;
        let (warm, cold) = (cached::cached(bare.clone())?, cached::cached(bare.clone())?);
        let hand = Caches::of(&Hand::open(path)?, keys)?;
        let posts = block_on(Post::query().filter(Post::ID.le(keys)).all(&bare))?.to_vec();
        let users = block_on(User::query().filter(User::ID.le(keys)).all(&bare))?.to_vec();
        cached::authors_of_all(&warm, &Many::from_iter(posts.clone()))?;
        cached::posts_of_all(&warm, &Many::from_iter(users.clone()))?;
        Ok(Self { bare, warm, cold, hand, posts, users })
    }

    /// The workloads.
    pub fn w7c(&self) -> [Workload<'_>; 4] {
        [self.row(), self.list(), self.authors(), self.lists()]
    }

    fn row(&self) -> Workload<'_> {
        Workload {
            name: "W7c",
            title: "the author of a post, from the cache",
            variants: vec![
                Variant::new("hand, moka get and clone", Target::Base, || {
                    sample_owners(self.posts.clone(), |post| self.hand.user(post.user_id))
                }),
                Variant::new("ours, a row with a group", Target::Ratio(1.5), || {
                    let posts: Vec<_> = self.posts.iter().cloned().map(Ref::new).collect();
                    sample_owners(posts, |post| cached::author(&self.warm, post))
                }),
                Variant::new("ours, a row without a group", Target::Ratio(1.5), || {
                    sample_owners(self.posts.clone(), |post| cached::author(&self.warm, post))
                }),
                Variant::new("ours, the same without a cache", Target::None, || {
                    sample_owners(self.posts.clone(), |post| cached::author(&self.bare, post))
                }),
            ],
        }
    }

    fn list(&self) -> Workload<'_> {
        Workload {
            name: "W7c",
            title: "the 10 posts of a user, from the cache",
            variants: vec![
                Variant::new("hand, moka get and clone", Target::Base, || {
                    sample_owners(self.users.clone(), |user| self.hand.posts(user.id))
                }),
                Variant::new("ours, a row with a group", Target::Ratio(1.5), || {
                    let users: Vec<_> = self.users.iter().cloned().map(Ref::new).collect();
                    sample_owners(users, |user| cached::posts(&self.warm, user))
                }),
                Variant::new("ours, a row without a group", Target::Ratio(1.5), || {
                    sample_owners(self.users.clone(), |user| cached::posts(&self.warm, user))
                }),
                Variant::new("ours, the same without a cache", Target::None, || {
                    sample_owners(self.users.clone(), |user| cached::posts(&self.bare, user))
                }),
            ],
        }
    }

    fn authors(&self) -> Workload<'_> {
        let batch = |before: fn(&Self), read: fn(&Self, &Many<Post>) -> Result<cached::Authors>| {
            move || -> Result<Sample> {
                before(self);
                sample_owners(vec![Many::from_iter(self.posts.clone())], |posts| read(self, posts))
            }
        };
        let none = |_: &Self| {};
        Workload {
            name: "W7c",
            title: "the authors of 1,000 posts (small: 100)",
            variants: vec![
                Variant::new(
                    "bare source",
                    Target::Base,
                    batch(none, |on, posts| cached::authors_of_all(&on.bare, posts)),
                ),
                Variant::new(
                    "cached, nothing is there",
                    Target::Ratio(1.1),
                    batch(
                        |on| {
                            on.cold.cache().invalidate_relation(Post::AUTHOR);
                            on.cold.cache().stats(Post::AUTHOR);
                        },
                        |on, posts| cached::authors_of_all(&on.cold, posts),
                    ),
                ),
                Variant::new(
                    "cached, what is there is stale",
                    Target::None,
                    batch(
                        |on| on.cold.cache().invalidate_relation(Post::AUTHOR),
                        |on, posts| cached::authors_of_all(&on.cold, posts),
                    ),
                ),
                Variant::new(
                    "cached, all is there",
                    Target::Ratio(0.2),
                    batch(none, |on, posts| cached::authors_of_all(&on.warm, posts)),
                ),
                Variant::new(
                    "bare source, load()",
                    Target::None,
                    batch(none, |on, posts| cached::load_authors(&on.bare, posts)),
                ),
                Variant::new(
                    "cached, all is there, load()",
                    Target::Ratio(0.2),
                    batch(none, |on, posts| cached::load_authors(&on.warm, posts)),
                ),
            ],
        }
    }

    fn lists(&self) -> Workload<'_> {
        let batch = |before: fn(&Self), read: fn(&Self, &Many<User>) -> Result<cached::Lists>| {
            move || -> Result<Sample> {
                before(self);
                sample_owners(vec![Many::from_iter(self.users.clone())], |users| read(self, users))
            }
        };
        let none = |_: &Self| {};
        Workload {
            name: "W7c",
            title: "the posts of 1,000 users (small: 100)",
            variants: vec![
                Variant::new(
                    "bare source",
                    Target::Base,
                    batch(none, |on, users| cached::posts_of_all(&on.bare, users)),
                ),
                Variant::new(
                    "cached, nothing is there",
                    Target::Ratio(1.1),
                    batch(
                        |on| {
                            on.cold.cache().invalidate_relation(User::POSTS);
                            on.cold.cache().stats(User::POSTS);
                        },
                        |on, users| cached::posts_of_all(&on.cold, users),
                    ),
                ),
                Variant::new(
                    "cached, what is there is stale",
                    Target::None,
                    batch(
                        |on| on.cold.cache().invalidate_relation(User::POSTS),
                        |on, users| cached::posts_of_all(&on.cold, users),
                    ),
                ),
                Variant::new(
                    "cached, all is there",
                    Target::Ratio(0.2),
                    batch(none, |on, users| cached::posts_of_all(&on.warm, users)),
                ),
                Variant::new(
                    "bare source, load()",
                    Target::None,
                    batch(none, |on, users| cached::load_posts(&on.bare, users)),
                ),
                Variant::new(
                    "cached, all is there, load()",
                    Target::Ratio(0.2),
                    batch(none, |on, users| cached::load_posts(&on.warm, users)),
                ),
            ],
        }
    }
}
