//! The variants that every source has.

use bench_kit::{Look, Result, Variant, request_keys, two_threads};
use relations_core::block_on;
use tokio::runtime::Runtime;

use crate::reads::{Reads, Request};

/// What waits for reads.
#[derive(Debug, Clone, Copy)]
pub enum Wait<'a> {
    /// The calling thread by itself, as in a program without a runtime. Two tasks are two threads.
    Thread,
    /// A runtime of one worker; two tasks run on the other, which has two.
    Runtime(&'a Runtime, &'a Runtime),
}

impl Wait<'_> {
    /// Waits for one read.
    pub fn on<T>(self, read: impl Future<Output = T>) -> T {
        match self {
            Self::Thread => block_on(read),
            Self::Runtime(runtime, _) => runtime.block_on(read),
        }
    }
}

/// The variants of one source, called so.
pub fn variants<'a, S: Reads>(db: &'a S, two: &'a S, source: &str, wait: Wait<'a>, users: i64) -> Vec<Variant<'a>> {
    let name = |way: &str| -> &'static str { format!("{way}{source}").leak() };
    let mut all = vec![
        Variant::load("W1", name(""), move || wait.on(db.users_with_posts())),
        Variant::load("W2", name(""), move || wait.on(db.posts_with_author())),
        Variant::load("W2k", name(""), move || wait.on(db.first_posts_with_author())),
        Variant::load("W3", name(""), move || wait.on(db.posts_with_tags())),
        Variant::load("W4", name(""), move || wait.on(db.talk())),
        Variant::load("W5", name("a plain loop, "), move || wait.on(db.first_posts_author_by_author())),
        Variant::load("W8", name(""), move || wait.on(db.first_users_with_latest())),
    ];
    for (way, how) in WAYS {
        let keys = request_keys(users);
        all.push(Variant::requests("W6", name(way), keys, move |key| wait.on(db.user_with_posts(key, how))));
        let keys = request_keys(users);
        all.push(Variant::looks("W6t2", name(way), keys.len(), move |look| by_two(two, wait, &keys, how, look)));
    }
    all
}

const WAYS: [(&str, Request); 3] = [
    ("find then posts, ", Request::FindThenPosts),
    ("by key with posts, ", Request::ByKey),
    ("by filter with posts, ", Request::ByFilter),
];

/// W6t2: half of the keys each.
fn by_two<S: Reads>(db: &S, wait: Wait<'_>, keys: &[i64], how: Request, look: Look) -> Result<u64> {
    let Wait::Runtime(_, runtime) = wait else {
        return two_threads(keys, &mut [db, db], |db, keys| {
            look.requests(keys, |key| block_on(db.user_with_posts(key, how)))
        });
    };
    let halves = keys.chunks(keys.len().div_ceil(2).max(1));
    let tasks: Vec<_> = halves
        .map(|keys| {
            let (db, keys) = (db.clone(), keys.to_vec());
            runtime.spawn(async move {
                let mut sum = 0_u64;
                for key in keys {
                    sum = sum.wrapping_add(look.see(&db.user_with_posts(key, how).await?)?);
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
}
