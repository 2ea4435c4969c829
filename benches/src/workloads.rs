//! The workloads, each with its variants.

use std::path::Path;
use std::sync::Arc;

use fastrand::Rng;
use relations_core::Sqlite;

use self::cached::Cached;
use crate::data::Size;
use crate::hand::{self, Hand};
use crate::runner::{Target, Variant, Workload, sample, sample_calls, sample_requests};
use crate::{Result, ours};

/// The first so many posts, or users, where a workload takes only some.
pub const SOME: i64 = 1_000;
/// The latest so many posts of each user; the hand-written statement says it too.
pub const LATEST: u32 = 3;
const CALLS: usize = 1_000_000;

mod cached;

/// Both sides, each with the database open.
pub struct Sides {
    /// The hand-written side.
    pub hand: Hand,
    /// Ours, with loads on a connection's thread.
    pub db: Sqlite,
    /// Ours, on the calling thread.
    pub inline: Sqlite,
    users: i64,
    loaded: Loaded,
    cached: Cached,
}

/// Rows with their relations loaded, for reading them again and again.
struct Loaded {
    users: ours::UsersWithPosts,
    posts: ours::WithAuthors,
    nested: hand::Nested,
    shared: Arc<Vec<hand::Post>>,
}

impl Sides {
    /// Opens the database on both sides.
    ///
    /// # Errors
    /// When it cannot be opened or read.
    pub fn open(path: &Path, size: Size) -> Result<Self> {
        let (hand, db) = (Hand::open(path)?, Sqlite::open(path)?);
        let inline = Sqlite::builder(path).connections(1).inline().open()?;
        let loaded = Loaded {
            users: ours::first_users_with_posts(&inline, 100)?,
            posts: ours::first_posts_with_author(&inline, 100)?,
            nested: hand.first_users_with_posts(100)?,
            shared: Arc::default(),
        };
        let cached = Cached::open(path, SOME.min(size.users()))?;
        Ok(Self { hand, db, inline, users: size.users(), loaded, cached })
    }

    /// All workloads, or the one of this name.
    pub fn workloads(&self, only: Option<&str>) -> Vec<Workload<'_>> {
        let mut all = vec![self.w1(), self.w2(), self.w2k(), self.w3(), self.w5(), self.w6()];
        all.extend(self.w7());
        all.extend(self.cached.w7c());
        all.extend([self.w8(), self.w9()]);
        all.retain(|workload| only.is_none_or(|only| only.eq_ignore_ascii_case(workload.name)));
        all
    }

    fn w1(&self) -> Workload<'_> {
        Workload {
            name: "W1",
            title: "all users with their posts",
            variants: vec![
                Variant::new("hand, key list, a vector each", Target::Base, || sample(|| self.hand.users_with_posts())),
                Variant::new("hand, key list, one flat vector", Target::Base, || {
                    sample(|| self.hand.users_with_posts_flat())
                }),
                Variant::new("hand, scan", Target::None, || sample(|| self.hand.users_with_posts_scanned())),
                Variant::new("ours", Target::Ratio(1.1), || sample(|| ours::users_with_posts(&self.db))),
                Variant::new("ours, inline", Target::Ratio(1.1), || sample(|| ours::users_with_posts(&self.inline))),
            ],
        }
    }

    fn w2(&self) -> Workload<'_> {
        Workload {
            name: "W2",
            title: "all posts with their author",
            variants: vec![
                Variant::new("hand, key list", Target::Base, || sample(|| self.hand.posts_with_author())),
                Variant::new("hand, scan", Target::None, || sample(|| self.hand.posts_with_author_scanned())),
                Variant::new("ours", Target::Ratio(1.1), || sample(|| ours::posts_with_author(&self.db))),
                Variant::new("ours, inline", Target::Ratio(1.1), || sample(|| ours::posts_with_author(&self.inline))),
            ],
        }
    }

    fn w2k(&self) -> Workload<'_> {
        Workload {
            name: "W2k",
            title: "1,000 posts with their author",
            variants: vec![
                Variant::new("hand, key list", Target::Base, || sample(|| self.hand.first_posts_with_author(SOME))),
                Variant::new("ours", Target::Ratio(1.1), || sample(|| ours::first_posts_with_author(&self.db, SOME))),
                Variant::new("ours, inline", Target::Ratio(1.1), || {
                    sample(|| ours::first_posts_with_author(&self.inline, SOME))
                }),
            ],
        }
    }

    fn w3(&self) -> Workload<'_> {
        Workload {
            name: "W3",
            title: "all posts with their tags",
            variants: vec![
                Variant::new("hand, pairs then tags, a vector each", Target::Base, || {
                    sample(|| self.hand.posts_with_tags())
                }),
                Variant::new("hand, pairs then tags, one flat vector", Target::Base, || {
                    sample(|| self.hand.posts_with_tags_flat())
                }),
                Variant::new("ours", Target::Ratio(1.2), || sample(|| ours::posts_with_tags(&self.db))),
                Variant::new("ours, inline", Target::Ratio(1.2), || sample(|| ours::posts_with_tags(&self.inline))),
            ],
        }
    }

    fn w5(&self) -> Workload<'_> {
        Workload {
            name: "W5",
            title: "the author of 1,000 posts, one at a time",
            variants: vec![
                Variant::new("hand, a loop of prepared reads", Target::Base, || {
                    sample(|| self.hand.first_posts_author_by_author(SOME))
                }),
                Variant::new("ours, a plain loop", Target::Ratio(0.3), || {
                    sample(|| ours::first_posts_author_by_author(&self.db, SOME))
                }),
                Variant::new("ours, a plain loop, inline", Target::Ratio(0.3), || {
                    sample(|| ours::first_posts_author_by_author(&self.inline, SOME))
                }),
            ],
        }
    }

    fn w6(&self) -> Workload<'_> {
        let mut rng = Rng::with_seed(11);
        let keys: Arc<[i64]> = (0..1_000).map(|_| rng.i64(1..=self.users)).collect();
        let variant = |name, target, run: fn(&Self, &[i64]) -> _| {
            let keys = Arc::clone(&keys);
            Variant::new(name, target, move || run(self, &keys))
        };
        Workload {
            name: "W6",
            title: "one user by key and its posts, per request",
            variants: vec![
                variant("hand, in a transaction", Target::Base, |on, keys| {
                    sample_requests(keys, |key| on.hand.user_with_posts_in_snapshot(key))
                }),
                variant("hand, no transaction", Target::None, |on, keys| {
                    sample_requests(keys, |key| on.hand.user_with_posts(key))
                }),
                variant("ours, find then posts, inline", Target::Ratio(1.1), |on, keys| {
                    sample_requests(keys, |key| ours::user_then_posts(&on.inline, key))
                }),
                variant("ours, by key with posts, inline", Target::Ratio(1.1), |on, keys| {
                    sample_requests(keys, |key| ours::user_with_posts(&on.inline, key))
                }),
                variant("ours, by filter with posts, inline", Target::None, |on, keys| {
                    sample_requests(keys, |key| ours::filtered_user_with_posts(&on.inline, key))
                }),
                variant("ours, find then posts, on a thread", Target::None, |on, keys| {
                    sample_requests(keys, |key| ours::user_then_posts(&on.db, key))
                }),
            ],
        }
    }

    fn w7(&self) -> [Workload<'_>; 3] {
        let Loaded { users, posts, nested, shared } = &self.loaded;
        let (user, post, plain) = (&users.0[7], &posts.0[7], &nested.0[7]);
        [
            Workload {
                name: "W7",
                title: "the accessor of what is loaded",
                variants: vec![
                    calls("hand, clone of an Arc", Target::Base, || Ok(hand::clone_shared(shared, CALLS))),
                    calls("ours, accessor to many", Target::Nanos(20.0), || {
                        ours::call_accessor_to_many(&self.inline, user, CALLS)
                    }),
                    calls("ours, accessor to one", Target::Nanos(20.0), || {
                        ours::call_accessor_to_one(&self.inline, post, CALLS)
                    }),
                ],
            },
            Workload {
                name: "W7",
                title: "a look at a loaded list",
                variants: vec![
                    calls("hand, length of a Vec", Target::Base, || Ok(hand::plain_list(plain, CALLS))),
                    calls("ours, get() to many", Target::Nanos(2.0), || ours::get_to_many(user, CALLS)),
                ],
            },
            Workload {
                name: "W7",
                title: "a look at a loaded row",
                variants: vec![
                    calls("hand, a field", Target::Base, || Ok(hand::plain_field(&plain.posts[0], CALLS))),
                    calls("ours, get() to one", Target::Nanos(2.0), || ours::get_to_one(post, CALLS)),
                ],
            },
        ]
    }

    fn w8(&self) -> Workload<'_> {
        Workload {
            name: "W8",
            title: "the latest 3 posts of 1,000 users",
            variants: vec![
                Variant::new("hand, keys x latest ids", Target::Base, || {
                    sample(|| self.hand.first_users_with_latest(SOME))
                }),
                Variant::new("ours", Target::Ratio(1.05), || {
                    sample(|| ours::first_users_with_latest(&self.db, SOME, LATEST))
                }),
                Variant::new("ours, inline", Target::Ratio(1.05), || {
                    sample(|| ours::first_users_with_latest(&self.inline, SOME, LATEST))
                }),
            ],
        }
    }

    fn w9(&self) -> Workload<'_> {
        Workload {
            name: "W9",
            title: "a whole tree of rows from its root",
            variants: vec![
                Variant::new("hand, one recursive statement", Target::Base, || sample(|| self.hand.tree(ROOT))),
                Variant::new("hand, level by level", Target::None, || sample(|| self.hand.tree_by_levels(ROOT))),
                Variant::new("ours, recursive()", Target::Ratio(1.5), || sample(|| ours::tree(&self.db, ROOT))),
                Variant::new("ours, recursive(), inline", Target::Ratio(1.5), || {
                    sample(|| ours::tree(&self.inline, ROOT))
                }),
            ],
        }
    }
}

/// The root of the tree.
const ROOT: i64 = 1;

/// A variant that is nothing but calls.
fn calls<'a>(name: &'static str, target: Target, run: impl Fn() -> Result<u64> + 'a) -> Variant<'a> {
    Variant::new(name, target, move || sample_calls(&run))
}
