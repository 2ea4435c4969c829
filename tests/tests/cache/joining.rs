//! Readers that wait for a load under way take of it only what was not invalidated since it began.

use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use relations_core::source::{Loaded, Plan, Reader, RelationLoader, Request, Settings, Source};
use relations_core::{CacheConfig, Db, Many, Result, block_on};
use relations_tests::blog::{Post, User};
use tokio::sync::Semaphore;

/// Posts in memory, whose loads wait for permission after their snapshot has begun.
#[derive(Clone)]
struct Posts(Arc<Table>);

struct Table {
    rows: Mutex<Vec<Post>>,
    permits: Semaphore,
    settings: Settings,
}

struct Snapshot {
    rows: Vec<Post>,
    table: Arc<Table>,
}

impl Source for Posts {
    type Session = Snapshot;

    async fn run<P: Plan<Snapshot>>(&self, plan: P) -> Result<P::Output> {
        let rows = self.0.rows.lock().unwrap().clone();
        let snapshot = Snapshot { rows, table: Arc::clone(&self.0) };
        plan.run(Reader::new(&snapshot)).await
    }

    fn settings(&self) -> &Settings {
        &self.0.settings
    }
}

impl RelationLoader<Post, (i64,)> for Snapshot {
    async fn load(&self, request: Request<Post, (i64,)>) -> Result<Loaded<Post, (i64,)>> {
        self.table.permits.acquire().await.unwrap().forget();
        let keys = request.keys.unwrap_or_default();
        let is_asked_for = |post: &&Post| post.user_id.is_some_and(|user| keys.contains(&(user,)));
        let rows = self.rows.iter().filter(is_asked_for).cloned().collect();
        Ok(Loaded { rows, failures: Vec::new() })
    }

    async fn count(&self, _: Request<Post, (i64,)>) -> Result<u64> {
        Ok(0)
    }
}

fn user(id: i64) -> User {
    User {
        id,
        name: String::new(),
        profile: Default::default(),
        posts: Default::default(),
        reviews: Default::default(),
        comments: Default::default(),
    }
}

fn post(id: i64, user_id: i64) -> Post {
    Post {
        id,
        user_id: Some(user_id),
        reviewer_id: None,
        title: String::new(),
        score: 0,
        user: Default::default(),
        reviewer: Default::default(),
        comments: Default::default(),
    }
}

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn who_waits_for_one_key_of_a_load_does_not_take_another_that_was_invalidated() {
    let table = Table { rows: Mutex::default(), permits: Semaphore::new(0), settings: Settings::default() };
    let posts = Posts(Arc::new(table));
    posts.0.rows.lock().unwrap().push(post(1, 1));
    let db = Db::builder(posts.clone()).cache(CacheConfig::default()).build().unwrap();

    let early = Many::from(vec![user(1), user(2)]);
    let mut load = pin!(early[0].posts(&db));
    assert!(poll(load.as_mut()).is_pending());

    posts.0.rows.lock().unwrap().push(post(2, 2));
    db.cache().inserted(&post(2, 2));

    let late = Many::from(vec![user(1), user(2)]);
    let mut wait = pin!(late[0].posts(&db));
    assert!(poll(wait.as_mut()).is_pending());

    posts.0.permits.add_permits(2);
    assert_eq!(block_on(load).unwrap().len(), 1);
    assert_eq!(block_on(wait).unwrap().len(), 1);
    assert_eq!(block_on(late[1].posts(&db)).unwrap().len(), 1, "it was inserted before anyone read this");
}
