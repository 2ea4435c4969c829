//! The variants on PostgreSQL.

use std::sync::Arc;

use bench_kit::{Look, Result, SOME, Variant, request_keys};
use tokio::runtime::{Builder, Runtime};

use super::{Hand, Way};
use crate::By;
use crate::results::{Flat, Latest, WithAuthors, WithTags, talk};
use crate::share::{Ranges, nest};

/// A connection, and what drives it.
pub struct Side {
    runtime: Runtime,
    hand: Hand,
    users: i64,
    url: String,
}

fn runtime(workers: usize) -> Result<Runtime> {
    Ok(Builder::new_multi_thread().worker_threads(workers).enable_all().build()?)
}

impl Side {
    /// Connects.
    ///
    /// # Errors
    /// What the server says.
    pub fn open(url: &str, users: i64) -> Result<Self> {
        let runtime = runtime(1)?;
        let hand = runtime.block_on(Hand::connect(url))?;
        Ok(Self { runtime, hand, users, url: url.to_owned() })
    }

    /// All variants.
    ///
    /// # Errors
    /// When another connection cannot be made.
    pub fn variants(&self) -> Result<Vec<Variant<'_>>> {
        let mut all = self.of_everything();
        all.extend(self.of_some());
        all.extend(self.of_requests()?);
        Ok(all)
    }

    fn of_everything(&self) -> Vec<Variant<'_>> {
        let Self { runtime, hand, .. } = self;
        let users = |by| runtime.block_on(hand.users_and_posts(by));
        let nested = move |by| users(by).map(|(users, posts)| nest(users, posts, |post| post.user_id));
        let flat = move |by| users(by).map(|(users, posts)| Flat::of(users, posts, |post| post.user_id));
        let authors = |by| runtime.block_on(hand.posts_and_authors(by)).map(WithAuthors::of);
        let tags = |by| runtime.block_on(hand.posts_and_tags(by));
        let talk = |by| runtime.block_on(hand.talk(by));
        vec![
            Variant::load("W1", "key list, a vector each", move || nested(By::Keys)),
            Variant::load("W1", "key list, one flat vector", move || flat(By::Keys)),
            Variant::load("W1", "scan, a vector each", move || nested(By::Scan)),
            Variant::load("W1", "scan, one flat vector", move || flat(By::Scan)),
            Variant::load("W2", "key list", move || authors(By::Keys)),
            Variant::load("W2", "scan", move || authors(By::Scan)),
            Variant::load("W3", "key list, a vector each", move || tags(By::Keys).map(WithTags::<Vec<Vec<u32>>>::of)),
            Variant::load("W3", "key list, one flat vector", move || tags(By::Keys).map(WithTags::<Ranges>::of)),
            Variant::load("W3", "scan, a vector each", move || tags(By::Scan).map(WithTags::<Vec<Vec<u32>>>::of)),
            Variant::load("W3", "scan, one flat vector", move || tags(By::Scan).map(WithTags::<Ranges>::of)),
            Variant::load("W4", "key list, a vector each", move || talk(By::Keys).map(talk::Each::of)),
            Variant::load("W4", "key list, flat vectors", move || talk(By::Keys).map(talk::Flat::of)),
            Variant::load("W4", "scan, a vector each", move || talk(By::Scan).map(talk::Each::of)),
            Variant::load("W4", "scan, flat vectors", move || talk(By::Scan).map(talk::Flat::of)),
        ]
    }

    fn of_some(&self) -> Vec<Variant<'_>> {
        let Self { runtime, hand, .. } = self;
        let latest = |way| runtime.block_on(hand.users_and_latest(SOME, way)).map(Latest::of);
        let by_keys = || runtime.block_on(hand.first_posts_and_authors(SOME)).map(WithAuthors::of);
        vec![
            Variant::load("W2k", "key list", by_keys),
            Variant::load("W2k", "join", || {
                runtime.block_on(hand.first_posts_joined(SOME)).map(WithAuthors::one_by_one)
            }),
            Variant::load("W5", "loop of prepared reads", || {
                runtime.block_on(hand.posts_then_each_author(SOME)).map(WithAuthors::one_by_one)
            }),
            Variant::load("W5", "pipelined", || {
                runtime.block_on(hand.posts_then_authors_pipelined(SOME)).map(WithAuthors::one_by_one)
            }),
            Variant::load("W5", "key list, batched", by_keys),
            Variant::load("W8", "key list, window", move || latest(Way::Window)),
            Variant::load("W8", "key list, lateral", move || latest(Way::Lateral)),
            Variant::load("W8", "key list, all and cut", move || latest(Way::All)),
        ]
    }

    fn of_requests(&self) -> Result<Vec<Variant<'_>>> {
        let Self { runtime, hand, .. } = self;
        let keys = || request_keys(self.users);
        Ok(vec![
            Variant::requests("W6", "pipelined", keys(), |key| runtime.block_on(hand.user_and_posts(key))),
            Variant::requests("W6", "join", keys(), |key| runtime.block_on(hand.user_joined(key))),
            Variant::requests("W6", "one after the other", keys(), |key| runtime.block_on(hand.user_then_posts(key))),
            self.by_two("two tasks pipelined on one connection", 1)?,
            self.by_two("two tasks pipelined, a connection each", 2)?,
        ])
    }

    /// W6t2: two tasks with so many connections together.
    fn by_two(&self, name: &'static str, connections: usize) -> Result<Variant<'_>> {
        let runtime = runtime(2)?;
        let hands = (0..connections).map(|_| runtime.block_on(Hand::connect(&self.url)).map(Arc::new));
        let hands = hands.collect::<Result<Vec<_>>>()?;
        let keys = request_keys(self.users);
        let units = keys.len();
        let run = move |look: Look| {
            let halves = keys.chunks(keys.len().div_ceil(2)).zip(hands.iter().cycle());
            let tasks: Vec<_> = halves
                .map(|(keys, hand)| {
                    let (keys, hand) = (keys.to_vec(), Arc::clone(hand));
                    runtime.spawn(async move {
                        let mut sum = 0_u64;
                        for key in keys {
                            sum = sum.wrapping_add(look.see(&hand.user_and_posts(key).await?)?);
                        }
                        Result::Ok(sum)
                    })
                })
                .collect();
            runtime.block_on(async {
                let mut sum = 0_u64;
                for task in tasks {
                    sum = sum.wrapping_add(task.await??);
                }
                Ok(sum)
            })
        };
        Ok(Variant::looks("W6t2", name, units, run))
    }
}
