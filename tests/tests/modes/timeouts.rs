//! Time-outs of loads: a load that is given up says so, and everything stays usable.

use std::time::Duration;

use relations_core::cache::{Answer, CacheEntry, CacheKey, CacheStore, Count, RelationCache, Stamp, Usage};
use relations_core::source::{Plan, Settings, Source};
use relations_core::{CacheConfig, Db, Error, ErrorKind, Relations, Result, Sqlite, block_on};
use relations_tests::blog::{self, User};
use relations_tests::{execute, sent};
use tokio::sync::Semaphore;

const LIMIT: Duration = Duration::from_millis(30);

/// A source whose plans wait for permission, one each.
struct Held {
    db: Sqlite,
    permits: Semaphore,
}

impl Source for Held {
    type Session = <Sqlite as Source>::Session;

    async fn run<P: Plan<Self::Session>>(&self, plan: P) -> Result<P::Output> {
        self.permits.acquire().await.unwrap().forget();
        self.db.run(plan).await
    }

    fn settings(&self) -> &Settings {
        self.db.settings()
    }
}

fn held(permits: usize) -> Held {
    Held { db: blog::db(), permits: Semaphore::new(permits) }
}

/// What a load that was given up was about.
fn given_up(error: &Error) -> (&str, Option<String>, Duration) {
    match error.kind() {
        ErrorKind::Timeout { model, relation, limit, .. } => (model, relation.map(|name| name.to_string()), *limit),
        _ => panic!("{error}"),
    }
}

#[test]
fn a_load_that_takes_too_long_names_its_relation_and_the_limit() {
    let db = Db::builder(held(1)).timeout(LIMIT).build().unwrap();
    let users = block_on(User::all(&db)).unwrap();
    let error = block_on(users[0].posts(&db)).unwrap_err();
    assert_eq!(given_up(&error), ("Post", Some("User.posts".to_owned()), LIMIT));
    assert_eq!(
        error.to_string(),
        "User.posts (`Post`): the load was given up after 30ms; ask for less at a time, or raise the `timeout` of the `Db`"
    );
}

#[test]
fn queries_loads_and_aggregates_have_the_same_limit() {
    let db = Db::builder(held(0)).timeout(LIMIT).build().unwrap();
    block_on(async {
        let users = User::all(&db.source().db).await.unwrap();
        let posts = Some("User.posts".to_owned());
        assert_eq!(given_up(&User::all(&db).await.unwrap_err()), ("User", None, LIMIT));
        assert_eq!(given_up(&User::query().count(&db).await.unwrap_err()), ("User", None, LIMIT));
        assert_eq!(given_up(&users.load(User::POSTS, &db).await.unwrap_err()), ("Post", posts.clone(), LIMIT));
        let two = (User::POSTS, User::PROFILE);
        assert_eq!(given_up(&users.load(two, &db).await.unwrap_err()), ("User", None, LIMIT));
        assert_eq!(given_up(&users.counts(User::POSTS, &db).await.unwrap_err()), ("Post", posts, LIMIT));
    });
}

#[test]
fn the_rows_and_their_peers_read_again_after_a_load_was_given_up() {
    for builder in [Db::builder(held(0)), Db::builder(held(0)).cache(CacheConfig::default())] {
        let db = builder.timeout(LIMIT).build().unwrap();
        let users = block_on(User::all(&db.source().db)).unwrap();
        given_up(&block_on(users[0].posts(&db)).unwrap_err());
        let log = db.record();
        db.source().permits.add_permits(1);
        assert_eq!(block_on(users[1].posts(&db)).unwrap().len(), 1);
        assert_eq!(block_on(users[0].posts(&db)).unwrap().len(), 2);
        assert_eq!(sent(&log), 1);
    }
}

#[test]
fn readers_that_wait_for_a_load_that_is_given_up_are_told_of_it() {
    let db = Db::builder(held(0)).timeout(LIMIT).build().unwrap();
    let users = block_on(User::all(&db.source().db)).unwrap();
    let (one, two) = block_on(async { futures::join!(users[0].posts(&db), users[1].posts(&db)) });
    given_up(&one.unwrap_err());
    given_up(&two.unwrap_err());
}

#[test]
fn a_connection_that_was_busy_is_there_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("blog.db");
    let sqlite = Sqlite::builder(&path).connections(1).open().unwrap();
    execute(&sqlite, blog::SCHEMA);
    execute(&sqlite, blog::ROWS);
    let db = Db::builder(sqlite.clone()).timeout(LIMIT).build().unwrap();
    let users = block_on(User::all(&db)).unwrap();
    let (begun, wait) = std::sync::mpsc::channel();
    let (release, released) = std::sync::mpsc::channel::<()>();
    let lent = std::thread::spawn(move || {
        block_on(sqlite.connection(move |_| {
            begun.send(()).unwrap();
            released.recv().unwrap();
            Ok(())
        }))
    });
    wait.recv().unwrap();
    given_up(&block_on(users[0].posts(&db)).unwrap_err());
    release.send(()).unwrap();
    lent.join().unwrap().unwrap();
    assert_eq!(block_on(users[0].posts(&db)).unwrap().len(), 2);
}

#[test]
fn a_statement_that_has_begun_is_finished_and_its_connection_is_there_again() {
    #[derive(Debug, Relations)]
    #[relations(table = "slow")]
    struct Slow {
        id: i64,
    }

    let folder = tempfile::tempdir().unwrap();
    let sqlite = Sqlite::builder(folder.path().join("blog.db")).connections(1).open().unwrap();
    execute(
        &sqlite,
        "CREATE VIEW slow AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000)
         SELECT max(i) AS id FROM n",
    );
    let db = Db::builder(sqlite.clone()).timeout(LIMIT).build().unwrap();
    assert_eq!(given_up(&block_on(Slow::all(&db)).unwrap_err()), ("Slow", None, LIMIT));
    assert_eq!(block_on(Slow::all(&sqlite)).unwrap()[0].id, 2_000_000);
}

#[test]
fn a_transaction_has_the_limit_of_its_db_and_goes_on_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = Sqlite::open(folder.path().join("blog.db")).unwrap();
    execute(&sqlite, blog::SCHEMA);
    execute(&sqlite, blog::ROWS);
    let db = Db::builder(sqlite).timeout(Duration::from_millis(100)).build().unwrap();
    let transaction = block_on(db.begin()).unwrap();
    // The connection is busy with this, while the load waits for its turn.
    let (begun, wait) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        let busy = scope.spawn(|| {
            block_on(transaction.source().connection(move |c| {
                begun.send(()).unwrap();
                std::thread::sleep(Duration::from_millis(300));
                c.execute_batch("INSERT INTO users (name) VALUES ('Dan')")
            }))
        });
        wait.recv().unwrap();
        given_up(&block_on(User::all(&transaction)).unwrap_err());
        busy.join().unwrap().unwrap();
    });
    assert_eq!(block_on(User::all(&transaction)).unwrap().len(), 4);
    block_on(transaction.commit()).unwrap();
}

/// A store that never answers.
struct Silent(Count);

impl RelationCache for Silent {
    fn now(&self) -> Stamp {
        self.0.now()
    }

    fn advance(&self) {
        self.0.next();
    }

    fn open(&self, _: &str, _: &CacheConfig) -> Box<dyn CacheStore> {
        Box::new(Self(self.0.clone()))
    }
}

impl CacheStore for Silent {
    fn get(&self, _: &[&dyn CacheKey]) -> Answer<'_, Vec<Option<CacheEntry>>> {
        Answer::Later(Box::pin(std::future::pending()))
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

#[test]
fn a_store_that_does_not_answer_is_given_up_too() {
    let builder = Db::builder(blog::db()).cache(CacheConfig::default()).cache_store(Silent(Count::new()));
    let db = builder.timeout(LIMIT).build().unwrap();
    let posts = ("Post", Some("User.posts".to_owned()), LIMIT);
    let users = block_on(User::all(&db)).unwrap();
    assert_eq!(given_up(&block_on(users[0].posts(&db)).unwrap_err()), posts);
    assert_eq!(given_up(&block_on(users.load(User::POSTS, &db)).unwrap_err()), posts);
}

#[test]
fn what_is_done_in_time_is_not_held_up() {
    let db = Db::builder(blog::db()).timeout(Duration::MAX).build().unwrap();
    assert_eq!(block_on(User::query().with(User::POSTS).all(&db)).unwrap().len(), 3);
    let error = Db::builder(blog::db()).timeout(Duration::ZERO).build().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Setting { setting: "timeout", .. }), "{error}");
}
