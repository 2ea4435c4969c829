//! W7c: what the shared cache holds, and batches through the cache, beside the bare source.

use std::path::Path;
use std::time::Duration;

use bench_kit::{Reached, Result, Variant, Visitor, sample_owners};
use relations_core::source::Source;
use relations_core::{CacheConfig, Db, Many, Model, Ref, Relations, Sqlite, block_on};

use crate::model::{Post, User};

/// The author of a post.
struct Author(Ref<User>);

impl Reached for Author {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        visitor.row(0, 0, &*self.0);
        Ok(())
    }
}

/// The posts of a user.
struct Posts(Many<Post>);

impl Reached for Posts {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        self.0.iter().for_each(|post| visitor.row(post.user_id, 0, post));
        Ok(())
    }
}

/// What one request gave for each of many rows.
struct All<T>(Vec<T>);

impl<T: Reached> Reached for All<T> {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        self.0.iter().try_for_each(|reached| reached.walk(visitor))
    }
}

/// The reads, from a source with a cache or without.
trait Reads {
    fn author(&self, post: &Post) -> Result<Author>;
    fn posts(&self, user: &User) -> Result<Posts>;
    /// One after the other; the first read loads all.
    fn authors_of_all(&self, posts: &Many<Post>) -> Result<All<Author>>;
    /// The same, as one request for all of them.
    fn load_authors(&self, posts: &Many<Post>) -> Result<All<Author>>;
    /// One after the other; the first read loads all.
    fn posts_of_all(&self, users: &Many<User>) -> Result<All<Posts>>;
    /// The same, as one request for all of them.
    fn load_posts(&self, users: &Many<User>) -> Result<All<Posts>>;
}

impl<S: Source<Session = <Sqlite as Source>::Session>> Reads for S {
    fn author(&self, post: &Post) -> Result<Author> {
        Ok(Author(block_on(post.author(self))?))
    }

    fn posts(&self, user: &User) -> Result<Posts> {
        Ok(Posts(block_on(user.posts(self))?))
    }

    fn authors_of_all(&self, posts: &Many<Post>) -> Result<All<Author>> {
        block_on(async {
            let mut authors = Vec::with_capacity(posts.len());
            for post in posts {
                authors.push(Author(post.author(self).await?));
            }
            Ok(All(authors))
        })
    }

    fn load_authors(&self, posts: &Many<Post>) -> Result<All<Author>> {
        block_on(posts.load(Post::AUTHOR, self))?;
        let authors = posts.iter().map(|post| Ok(Author(post.author.get()?.to_ref())));
        authors.collect::<Result<_>>().map(All)
    }

    fn posts_of_all(&self, users: &Many<User>) -> Result<All<Posts>> {
        block_on(async {
            let mut lists = Vec::with_capacity(users.len());
            for user in users {
                lists.push(Posts(user.posts(self).await?));
            }
            Ok(All(lists))
        })
    }

    fn load_posts(&self, users: &Many<User>) -> Result<All<Posts>> {
        block_on(users.load(User::POSTS, self))?;
        let lists = users.iter().map(|user| Ok(Posts(user.posts.get()?.clone())));
        lists.collect::<Result<_>>().map(All)
    }
}

/// One source, bare and with caches: one in which everything is found, one in which nothing is.
pub struct Cached {
    bare: Sqlite,
    warm: Db<Sqlite>,
    cold: Db<Sqlite>,
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
        // Large enough for every workload.
        // What is there lives longer than a run takes.
        let config = CacheConfig::default().max_entries(100_000).ttl(Duration::from_secs(86_400));
        let cached = || Db::builder(bare.clone()).cache(config).build();
        let (warm, cold) = (cached()?, cached()?);
        let posts = block_on(Post::query().filter(Post::ID.le(keys)).all(&bare))?.to_vec();
        let users = block_on(User::query().filter(User::ID.le(keys)).all(&bare))?.to_vec();
        warm.authors_of_all(&Many::from_iter(posts.clone()))?;
        warm.posts_of_all(&Many::from_iter(users.clone()))?;
        Ok(Self { bare, warm, cold, posts, users })
    }

    /// All variants.
    pub fn variants(&self) -> Vec<Variant<'_>> {
        self.one_by_one().into_iter().chain(self.authors()).chain(self.lists()).collect()
    }

    fn one_by_one(&self) -> [Variant<'_>; 6] {
        let Self { bare, warm, posts, users, .. } = self;
        [
            Variant::timed("W7c row", "a row with a group", || {
                sample_owners(grouped(posts), |post: &Ref<Post>| warm.author(post))
            }),
            Variant::timed("W7c row", "a row without a group", || {
                sample_owners(posts.clone(), |post| warm.author(post))
            }),
            Variant::timed("W7c row", "the same without a cache", || {
                sample_owners(posts.clone(), |post| bare.author(post))
            }),
            Variant::timed("W7c list", "a row with a group", || {
                sample_owners(grouped(users), |user: &Ref<User>| warm.posts(user))
            }),
            Variant::timed("W7c list", "a row without a group", || {
                sample_owners(users.clone(), |user| warm.posts(user))
            }),
            Variant::timed("W7c list", "the same without a cache", || {
                sample_owners(users.clone(), |user| bare.posts(user))
            }),
        ]
    }

    fn authors(&self) -> [Variant<'_>; 6] {
        let Self { bare, warm, cold, posts, .. } = self;
        let of = |name| ("W7c authors", name);
        let same = || ();
        let stale = || cold.cache().invalidate_relation(Post::AUTHOR);
        let empty = move || {
            stale();
            // Counting what is there takes away what is stale.
            cold.cache().stats(Post::AUTHOR);
        };
        [
            batch(of("bare source"), posts, same, |posts| bare.authors_of_all(posts)),
            batch(of("cached, nothing is there"), posts, empty, |posts| cold.authors_of_all(posts)),
            batch(of("cached, what is there is stale"), posts, stale, |posts| cold.authors_of_all(posts)),
            batch(of("cached, all is there"), posts, same, |posts| warm.authors_of_all(posts)),
            batch(of("bare source, load()"), posts, same, |posts| bare.load_authors(posts)),
            batch(of("cached, all is there, load()"), posts, same, |posts| warm.load_authors(posts)),
        ]
    }

    fn lists(&self) -> [Variant<'_>; 6] {
        let Self { bare, warm, cold, users, .. } = self;
        let of = |name| ("W7c lists", name);
        let same = || ();
        let stale = || cold.cache().invalidate_relation(User::POSTS);
        let empty = move || {
            stale();
            // Counting what is there takes away what is stale.
            cold.cache().stats(User::POSTS);
        };
        [
            batch(of("bare source"), users, same, |users| bare.posts_of_all(users)),
            batch(of("cached, nothing is there"), users, empty, |users| cold.posts_of_all(users)),
            batch(of("cached, what is there is stale"), users, stale, |users| cold.posts_of_all(users)),
            batch(of("cached, all is there"), users, same, |users| warm.posts_of_all(users)),
            batch(of("bare source, load()"), users, same, |users| bare.load_posts(users)),
            batch(of("cached, all is there, load()"), users, same, |users| warm.load_posts(users)),
        ]
    }
}

/// The rows, each in a group of its own.
fn grouped<T: Model + Clone>(rows: &[T]) -> Vec<Ref<T>> {
    rows.iter().cloned().map(Ref::new).collect()
}

/// A variant that reads the relation of all rows as one set.
fn batch<'a, T: Model + Clone, R: Reached>(
    (workload, name): (&'static str, &'static str),
    rows: &'a [T],
    before: impl Fn() + 'a,
    read: impl Fn(&Many<T>) -> Result<R> + 'a,
) -> Variant<'a> {
    Variant::timed(workload, name, move || {
        before();
        sample_owners(vec![Many::from_iter(rows.to_vec())], &read)
    })
}
