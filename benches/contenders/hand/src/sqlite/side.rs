//! The variants on SQLite.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bench_kit::reach::Nested;
use bench_kit::{Look, Reached, Result, SOME, Variant, request_keys, sample_owners, two_threads};

use super::cached::{All, Caches};
use super::{COMMENTS_BY_POSTS, COMMENTS_BY_POSTS_IN_ORDER, Hand};
use crate::By;
use crate::results::{Flat, Latest, UserWithPosts, WithAuthors, WithTags, talk};
use crate::rows::{Post, User};
use crate::share::{Ranges, nest};

/// The root of the tree.
const ROOT: i64 = 1;
/// Calls in a run.
const CALLS: u64 = 1_000_000;

/// The database, open, and what is read again and again.
pub struct Side {
    path: PathBuf,
    users: i64,
    hand: Hand,
    loaded: Nested<User, Post>,
    shared: Arc<Vec<Post>>,
    caches: Caches,
}

impl Side {
    /// Opens the database.
    ///
    /// # Errors
    /// When it cannot be opened or read.
    pub fn open(path: &Path, users: i64) -> Result<Self> {
        let hand = Hand::open(path)?;
        let (first, posts) = hand.first_users_and_posts(100)?;
        let loaded = nest(first, posts, |post| post.user_id);
        let caches = Caches::of(&hand, SOME.min(users))?;
        Ok(Self { path: path.to_owned(), users, hand, loaded, shared: Arc::default(), caches })
    }

    /// All variants.
    ///
    /// # Errors
    /// When another connection cannot be opened.
    pub fn variants(&self) -> Result<Vec<Variant<'_>>> {
        let mut all = self.of_everything();
        all.extend(self.of_some());
        all.extend(self.of_requests()?);
        all.extend(self.of_what_is_loaded());
        all.extend(self.of_caches());
        Ok(all)
    }

    fn of_everything(&self) -> Vec<Variant<'_>> {
        let hand = &self.hand;
        let nested = |by| {
            let (users, posts) = hand.users_and_posts(by)?;
            Ok(nest(users, posts, |post| post.user_id))
        };
        let flat = |by| {
            let (users, posts) = hand.users_and_posts(by)?;
            Ok(Flat::of(users, posts, |post| post.user_id))
        };
        let tags = |by| hand.posts_and_tags(by).map(WithTags::<Vec<Vec<u32>>>::of);
        let tags_flat = |by| hand.posts_and_tags(by).map(WithTags::<Ranges>::of);
        vec![
            Variant::load("W1", "key list, a vector each", move || nested(By::Keys)),
            Variant::load("W1", "key list, one flat vector", move || flat(By::Keys)),
            Variant::load("W1", "scan, a vector each", move || nested(By::Scan)),
            Variant::load("W1", "scan, one flat vector", move || flat(By::Scan)),
            Variant::load("W2", "key list", || hand.posts_and_authors(By::Keys).map(WithAuthors::of)),
            Variant::load("W2", "scan", || hand.posts_and_authors(By::Scan).map(WithAuthors::of)),
            Variant::load("W3", "key list, a vector each", move || tags(By::Keys)),
            Variant::load("W3", "key list, one flat vector", move || tags_flat(By::Keys)),
            Variant::load("W3", "scan, a vector each", move || tags(By::Scan)),
            Variant::load("W3", "scan, one flat vector", move || tags_flat(By::Scan)),
            Variant::load("W4", "key list, a vector each", || hand.talk_by_keys(COMMENTS_BY_POSTS).map(talk::Each::of)),
            Variant::load("W4", "key list, flat vectors", || hand.talk_by_keys(COMMENTS_BY_POSTS).map(talk::Flat::of)),
            Variant::load("W4", "key list, row order, flat vectors", || {
                hand.talk_by_keys(COMMENTS_BY_POSTS_IN_ORDER).map(talk::Flat::of)
            }),
            Variant::load("W4", "scan, a vector each", || hand.talk_scanned().map(talk::Each::of)),
            Variant::load("W4", "scan, flat vectors", || hand.talk_scanned().map(talk::Flat::of)),
            Variant::load("W9", "one recursive statement", || hand.tree(ROOT)),
            Variant::load("W9", "level by level", || hand.tree_by_levels(ROOT)),
        ]
    }

    fn of_some(&self) -> Vec<Variant<'_>> {
        let hand = &self.hand;
        vec![
            Variant::load("W2k", "key list", || hand.first_posts_and_authors(SOME).map(WithAuthors::of)),
            Variant::load("W5", "loop of prepared reads", || {
                hand.posts_then_each_author(SOME).map(WithAuthors::one_by_one)
            }),
            Variant::load("W5", "loop in one read transaction", || {
                hand.snapshot(|| hand.posts_then_each_author(SOME)).map(WithAuthors::one_by_one)
            }),
            Variant::load("W5", "key list, batched", || hand.first_posts_and_authors(SOME).map(WithAuthors::of)),
            Variant::load("W8", "key list x latest ids", || hand.users_and_latest(SOME).map(Latest::of)),
        ]
    }

    fn of_requests(&self) -> Result<Vec<Variant<'_>>> {
        let keys = || request_keys(self.users);
        let requests = |name, read: fn(&Hand, i64) -> Result<UserWithPosts>| {
            Variant::requests("W6", name, keys(), move |key| read(&self.hand, key))
        };
        let by_two = |name, read: fn(&Hand, i64) -> Result<UserWithPosts>| {
            let mut two = [Hand::open(&self.path)?, Hand::open(&self.path)?];
            let keys = keys();
            let units = keys.len();
            let run =
                move |look: Look| two_threads(&keys, &mut two, |hand, keys| look.requests(keys, |key| read(hand, key)));
            Result::Ok(Variant::looks("W6t2", name, units, run))
        };
        let in_transaction = |hand: &Hand, key| hand.snapshot(|| hand.user_then_posts(key));
        Ok(vec![
            requests("in a transaction", in_transaction),
            requests("no transaction", Hand::user_then_posts),
            by_two("two threads, in a transaction", in_transaction)?,
            by_two("two threads, no transaction", Hand::user_then_posts)?,
        ])
    }

    fn of_what_is_loaded(&self) -> Vec<Variant<'_>> {
        let (_, posts) = &self.loaded.0[7];
        let post = &posts[0];
        vec![
            calls("W7 accessor", "clone of an Arc", || {
                black_box(Arc::clone(black_box(&self.shared)));
            }),
            calls("W7 list", "length of a Vec", move || {
                black_box(black_box(posts).len());
            }),
            calls("W7 row", "a plain field", move || {
                black_box(black_box(post).id);
            }),
        ]
    }

    fn of_caches(&self) -> Vec<Variant<'_>> {
        let users: Vec<i64> = (1..=SOME.min(self.users)).collect();
        // Of the first posts each has another author.
        let authors = users.clone();
        let (hand, caches) = (&self.hand, &self.caches);
        vec![
            owners("W7c row", "moka get and clone", authors.clone(), |&id| caches.user(id)),
            owners("W7c list", "moka get and clone", users.clone(), |&id| caches.posts(id)),
            owners("W7c authors", "key list", vec![authors.clone()], |ids| hand.authors_of(ids)),
            owners("W7c authors", "moka gets and clones", vec![authors], |ids| {
                ids.iter().map(|&id| caches.user(id)).collect::<Result<_>>().map(All)
            }),
            owners("W7c lists", "key list", vec![users.clone()], |ids| hand.lists_of(ids)),
            owners("W7c lists", "moka gets and clones", vec![users], |ids| {
                ids.iter().map(|&id| caches.posts(id)).collect::<Result<_>>().map(All)
            }),
        ]
    }
}

/// A variant that is nothing but calls.
fn calls<'a>(workload: &'static str, name: &'static str, call: impl Fn() + 'a) -> Variant<'a> {
    Variant::calls(workload, name, move || {
        (0..CALLS).for_each(|_| call());
        Ok(CALLS)
    })
}

/// A variant that reads a relation of each owner.
fn owners<'a, O: Clone + 'a, T: Reached>(
    workload: &'static str,
    name: &'static str,
    owners: Vec<O>,
    read: impl Fn(&O) -> Result<T> + 'a,
) -> Variant<'a> {
    Variant::timed(workload, name, move || sample_owners(owners.clone(), &read))
}
