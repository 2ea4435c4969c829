//! Other stores behind the cache: a small one, a slow one, one that fails.

use std::collections::HashMap;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use relations_core::cache::{
    Answer, CacheEntry, CacheKey, CacheStats, CacheStore, Count, Fence, ManualClock, RelationCache, Stamp, Usage,
};
use relations_core::{CacheConfig, Db, Relations, Sqlite, block_on};
use relations_tests::blog::{self, Comment, Node, Post, User};
use relations_tests::{execute, school, sent};
use tokio::sync::Semaphore;

use crate::held::{hold, poll};
use crate::{cached, user};

/// Waits once.
#[derive(Debug, Default)]
pub struct Yielding(bool);

impl Future for Yielding {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

/// When a shelf answers.
#[derive(Debug, Clone, Default)]
enum Pace {
    #[default]
    AtOnce,
    Later,
    /// A look is answered when there is a permit.
    Permitted(Arc<Semaphore>),
}

/// Keeps entries in maps; the first in go first.
#[derive(Debug, Default)]
pub struct Shelves {
    count: Count,
    pace: Pace,
}

impl Shelves {
    /// Its answers keep their caller waiting.
    pub fn slow() -> Self {
        Self { pace: Pace::Later, ..Self::default() }
    }
}

impl RelationCache for Shelves {
    fn now(&self) -> Stamp {
        self.count.now()
    }

    fn advance(&self) {
        self.count.next();
    }

    fn open(&self, _: &str, config: &CacheConfig) -> Box<dyn CacheStore> {
        let most = config.max_entries.map_or(usize::MAX, |entries| entries as usize);
        Box::new(Shelf { fence: Fence::new(&self.count), most, held: Mutex::default(), pace: self.pace.clone() })
    }
}

struct Shelf {
    fence: Fence,
    most: usize,
    held: Mutex<Held>,
    pace: Pace,
}

#[derive(Default)]
struct Held {
    entries: HashMap<Box<dyn CacheKey>, (u64, CacheEntry)>,
    put: u64,
    evicted: u64,
}

impl Held {
    fn put(&mut self, key: Box<dyn CacheKey>, entry: CacheEntry, most: usize) {
        self.put += 1;
        self.entries.insert(key, (self.put, entry));
        if self.entries.len() > most {
            let first = self.entries.iter().min_by_key(|(_, (number, _))| *number).map(|(key, _)| key.boxed());
            first.and_then(|first| self.entries.remove(&*first));
            self.evicted += 1;
        }
    }
}

impl Shelf {
    fn publish(&self, entries: Vec<(Box<dyn CacheKey>, CacheEntry)>) -> u64 {
        let mut refused = 0;
        for (key, entry) in entries {
            let place = self.fence.place(&*key);
            let put = || self.held.lock().unwrap().put(key, entry.clone(), self.most);
            refused += u64::from(!self.fence.publish(place, entry.since(), put));
        }
        refused
    }
}

impl CacheStore for Shelf {
    fn get(&self, keys: &[&dyn CacheKey]) -> Answer<'_, Vec<Option<CacheEntry>>> {
        let held = self.held.lock().unwrap();
        let entry = |key: &&dyn CacheKey| {
            let (_, entry) = held.entries.get(*key)?;
            self.fence.admits(entry.since()).then(|| entry.clone())
        };
        let found = keys.iter().map(entry).collect();
        match &self.pace {
            Pace::AtOnce => Answer::Now(found),
            Pace::Later => Answer::Later(Box::pin(async move {
                Yielding::default().await;
                found
            })),
            Pace::Permitted(permits) => Answer::Later(Box::pin(async move {
                permits.acquire().await.unwrap().forget();
                found
            })),
        }
    }

    fn put(&self, entries: Vec<(Box<dyn CacheKey>, CacheEntry)>) -> Answer<'_, u64> {
        match self.pace {
            Pace::Later => Answer::Later(Box::pin(async move {
                Yielding::default().await;
                self.publish(entries)
            })),
            Pace::AtOnce | Pace::Permitted(_) => Answer::Now(self.publish(entries)),
        }
    }

    fn remove(&self, key: &dyn CacheKey) {
        self.fence.invalidate(self.fence.place(key), || {
            self.held.lock().unwrap().entries.remove(key);
        });
    }

    fn clear(&self) {
        self.fence.invalidate_all();
        self.held.lock().unwrap().entries.clear();
    }

    fn is_current(&self, key: &dyn CacheKey, since: Stamp) -> bool {
        self.fence.is_current(self.fence.place(key), since)
    }

    fn usage(&self) -> Usage {
        let held = self.held.lock().unwrap();
        let weight = held.entries.values().map(|(_, entry)| u64::from(entry.weight())).sum();
        let mut usage = Usage::new(held.entries.len() as u64, weight);
        usage.evicted = held.evicted;
        usage
    }
}

fn with_store(source: Sqlite, store: impl RelationCache) -> Db<Sqlite> {
    Db::builder(source).cache(CacheConfig::default()).cache_store(store).build().unwrap()
}

/// A store that cannot be reached: it finds nothing and keeps nothing.
struct Broken {
    count: Count,
    /// It does not even answer for each key.
    answers: bool,
}

impl Broken {
    fn new(answers: bool) -> Self {
        Self { count: Count::new(), answers }
    }
}

impl RelationCache for Broken {
    fn now(&self) -> Stamp {
        self.count.now()
    }

    fn advance(&self) {
        self.count.next();
    }

    fn open(&self, _: &str, _: &CacheConfig) -> Box<dyn CacheStore> {
        Box::new(Self { count: self.count.clone(), ..*self })
    }
}

impl CacheStore for Broken {
    fn get(&self, keys: &[&dyn CacheKey]) -> Answer<'_, Vec<Option<CacheEntry>>> {
        Answer::Now(if self.answers { vec![None; keys.len()] } else { Vec::new() })
    }

    fn put(&self, _: Vec<(Box<dyn CacheKey>, CacheEntry)>) -> Answer<'_, u64> {
        Answer::Now(0)
    }

    fn remove(&self, _: &dyn CacheKey) {}

    fn clear(&self) {}

    fn is_current(&self, _: &dyn CacheKey, _: Stamp) -> bool {
        true
    }

    fn usage(&self) -> Usage {
        Usage::default()
    }
}

/// What is read of a blog, each thing by new rows, before a write that is told and after it.
fn story(db: &Db<Sqlite>) -> Vec<String> {
    let mut told = Vec::new();
    for round in 0..3 {
        let users = block_on(User::all(db.source())).unwrap();
        for user in &users {
            let posts = block_on(user.posts(db)).unwrap();
            told.extend(posts.iter().map(|post| format!("{}: {} {}", user.name, post.title, post.score)));
            for post in &posts {
                let comments = block_on(post.comments(db)).unwrap();
                told.extend(comments.iter().map(|comment| comment.text.clone()));
            }
            let bio = block_on(user.profile(db)).unwrap().map(|profile| profile.bio.clone());
            told.push(format!("{bio:?}"));
        }
        let tree = Comment::query().with(Comment::POST.with(Post::USER)).all(db);
        let comments = block_on(tree).unwrap();
        told.extend(comments.iter().map(|comment| {
            let post = comment.post.get().unwrap();
            format!("{}: {} by {:?}", comment.text, post.title, post.user.get().unwrap().map(|user| user.id))
        }));
        for node in &block_on(Node::all(db)).unwrap() {
            told.push(format!("{:?}", block_on(node.parent(db)).unwrap().map(|parent| parent.id)));
        }
        execute(db.source(), &format!("UPDATE posts SET score = {round}, user_id = 3 WHERE id = 1"));
        let before = block_on(Post::find(db.source(), 1)).unwrap().unwrap();
        let mut before = Post::clone(&before);
        before.user_id = Some(1);
        let after = block_on(Post::find(db.source(), 1)).unwrap().unwrap();
        db.cache().moved(&before, &after);
    }
    told
}

#[test]
fn a_store_of_ones_own_gives_what_the_one_by_default_gives() {
    let stores = [with_store(blog::db(), Shelves::default()), with_store(blog::db(), Shelves::slow())];
    let default = cached(blog::db());
    let told = story(&default);
    for db in stores {
        assert_eq!(story(&db), told);
        assert_eq!(db.cache().report().to_string(), default.cache().report().to_string());
    }
}

#[test]
fn a_store_of_ones_own_is_asked_for_each_relation_by_its_name() {
    struct Named(Shelves, Arc<Mutex<Vec<String>>>);
    impl RelationCache for Named {
        fn now(&self) -> Stamp {
            self.0.now()
        }
        fn advance(&self) {
            self.0.advance();
        }
        fn open(&self, name: &str, config: &CacheConfig) -> Box<dyn CacheStore> {
            self.1.lock().unwrap().push(format!("{name}, at most {:?}", config.max_entries));
            self.0.open(name, config)
        }
    }
    let names = Arc::new(Mutex::new(Vec::new()));
    let db = with_store(school::db(), Named(Shelves::default(), Arc::clone(&names)));
    for student in &block_on(school::Student::all(&db)).unwrap() {
        block_on(student.courses(&db)).unwrap();
    }
    let expected = ["Student.courses over Enrolment, at most Some(1000)", "Student.courses, at most Some(1000)"];
    assert_eq!(*names.lock().unwrap(), expected);
}

#[test]
fn a_store_of_ones_own_lets_go_in_an_order_of_its_own() {
    let config = CacheConfig::default().max_entries(2);
    let db = Db::builder(blog::db()).cache(config).cache_store(Shelves::default()).build().unwrap();
    for id in [1, 2, 1, 3] {
        block_on(user(db.source(), id).posts(&db)).unwrap();
    }
    let stats = db.cache().stats(User::POSTS);
    assert_eq!((stats.entries, stats.evicted, stats.hits), (2, 1, 1));
    let ann = user(db.source(), 1);
    let log = db.source().record();
    block_on(ann.posts(&db)).unwrap();
    assert_eq!(sent(&log), 1, "the first in was the first out, though it was used last");
}

#[test]
fn a_store_of_ones_own_refuses_what_is_stale() {
    type Stale = fn(&Db<crate::held::Held>);
    let by_key: Stale = |db| db.cache().invalidate(User::POSTS, 1);
    let all: Stale = |db| db.cache().clear();
    for (pace, stale) in [(Pace::AtOnce, by_key), (Pace::AtOnce, all), (Pace::Later, by_key), (Pace::Later, all)] {
        let db = hold(blog::db()).cache_store(Shelves { pace, ..Shelves::default() }).build().unwrap();
        let source = &db.source().source;
        let (first, second) = (user(source, 1), user(source, 1));
        let mut reading = pin!(first.posts(&db));
        while db.source().started() == 0 {
            assert!(poll(reading.as_mut()).is_pending());
        }
        execute(source, "INSERT INTO posts (user_id, headline) VALUES (1, 'six')");
        stale(&db);
        db.source().permits.add_permits(9);
        block_on(reading).unwrap();
        let stats = db.cache().stats(User::POSTS);
        assert_eq!((stats.fenced, stats.entries), (1, 0));
        assert_eq!(block_on(second.posts(&db)).unwrap().len(), 3);
        assert_eq!(db.cache().stats(User::POSTS).entries, 1);
    }
}

#[test]
fn a_store_that_fails_costs_statements_and_nothing_else() {
    let told = story(&cached(blog::db()));
    for answers in [true, false] {
        let db = with_store(blog::db(), Broken::new(answers));
        let log = db.source().record();
        assert_eq!(story(&db), told);
        let with_cache = sent(&log);
        let none = Db::builder(blog::db()).build().unwrap();
        let log = none.source().record();
        story(&none);
        assert_eq!(with_cache, sent(&log), "no more than without a cache");
        assert_eq!((db.cache().report().total.hits, db.cache().report().total.entries), (0, 0));
    }
}

#[test]
fn readers_of_one_key_share_a_load_even_where_the_store_fails() {
    let db = hold(blog::db()).cache_store(Broken::new(true)).build().unwrap();
    let source = &db.source().source;
    let (first, second) = (user(source, 1), user(source, 1));
    let (mut one, mut other) = (pin!(first.posts(&db)), pin!(second.posts(&db)));
    assert!(poll(one.as_mut()).is_pending() && poll(other.as_mut()).is_pending());
    db.source().permits.add_permits(9);
    assert_eq!((block_on(one).unwrap().len(), block_on(other).unwrap().len()), (2, 2));
    assert_eq!(db.source().started(), 1);
}

#[test]
fn those_who_find_the_same_old_entry_share_one_load() {
    let (permits, clock) = (Arc::new(Semaphore::new(1)), ManualClock::new());
    let store = Shelves { pace: Pace::Permitted(Arc::clone(&permits)), ..Shelves::default() };
    let db = hold(blog::db()).cache_store(store).clock(clock.clone()).build().unwrap();
    let source = &db.source().source;
    db.source().permits.add_permits(1);
    block_on(user(source, 1).posts(&db)).unwrap();
    clock.advance(Duration::from_secs(300));
    let (first, second) = (user(source, 1), user(source, 1));
    let (mut one, mut other) = (pin!(first.posts(&db)), pin!(second.posts(&db)));
    // Both have looked before either goes on.
    assert!(poll(one.as_mut()).is_pending() && poll(other.as_mut()).is_pending());
    permits.add_permits(9);
    assert!(poll(one.as_mut()).is_pending() && poll(other.as_mut()).is_pending());
    db.source().permits.add_permits(9);
    assert_eq!((block_on(one).unwrap().len(), block_on(other).unwrap().len()), (2, 2));
    assert_eq!(db.source().started(), 2, "the first load, and one when it was old");
    let CacheStats { expired, fenced, entries, waits, .. } = db.cache().stats(User::POSTS);
    assert_eq!((expired, fenced, entries, waits), (1, 0, 1, 1));
}
