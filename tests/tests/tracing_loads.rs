//! What loads say of themselves to `tracing`: a process of its own, as `tracing` remembers for all threads what nobody
//! listens to.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex};
use std::thread::{self, ThreadId};

use relations_core::{CacheConfig, Db, LoadMode, Relations, Sqlite, block_on};
use relations_tests::blog::{self, Post, User};
use relations_tests::execute;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use tracing_core::span::Current;

/// Keeps each span of a load as a line, with the span it is in before it, and each event.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    spans: Vec<String>,
    metadata: Vec<&'static Metadata<'static>>,
    events: Vec<String>,
    entered: HashMap<ThreadId, Vec<usize>>,
}

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0, " {}={value:?}", field.name()).unwrap();
    }
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        ["relations::load", "test"].contains(&metadata.target())
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let mut state = self.0.lock().unwrap();
        let within = state.entered.get(&thread::current().id()).and_then(|stack| stack.last()).copied();
        let mut line = within.map_or(String::new(), |at| format!("{}: ", state.spans[at]));
        line.push_str(attributes.metadata().name());
        attributes.record(&mut Line(&mut line));
        state.spans.push(line);
        state.metadata.push(attributes.metadata());
        Id::from_u64(state.spans.len() as u64)
    }

    fn record(&self, id: &Id, record: &Record<'_>) {
        record.record(&mut Line(&mut self.0.lock().unwrap().spans[id.into_u64() as usize - 1]));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = event.metadata().level().to_string();
        event.record(&mut Line(&mut line));
        self.0.lock().unwrap().events.push(line);
    }

    fn enter(&self, id: &Id) {
        let mut state = self.0.lock().unwrap();
        state.entered.entry(thread::current().id()).or_default().push(id.into_u64() as usize - 1);
    }

    fn current_span(&self) -> Current {
        let state = self.0.lock().unwrap();
        let current = state.entered.get(&thread::current().id()).and_then(|stack| stack.last());
        current.map_or_else(Current::none, |&at| Current::new(Id::from_u64(at as u64 + 1), state.metadata[at]))
    }

    fn exit(&self, _: &Id) {
        self.0.lock().unwrap().entered.entry(thread::current().id()).or_default().pop();
    }
}

/// The spans and the events of what is done.
fn told(work: impl Future<Output = relations_core::Result<()>>) -> (Vec<String>, Vec<String>) {
    let lines = Lines::default();
    tracing::subscriber::with_default(lines.clone(), || block_on(work)).unwrap();
    let state = std::mem::take(&mut *lines.0.lock().unwrap());
    (state.spans, state.events)
}

#[test]
fn each_load_is_a_span_with_its_relation_keys_statements_and_rows() {
    let db = blog::db();
    let (spans, _) = told(async {
        let users = User::query().with(User::POSTS.with(Post::COMMENTS)).all(&db).await?;
        users[0].profile(&db).await?;
        users[0].posts(&db).await?;
        users.counts(User::REVIEWS, &db).await?;
        User::query().filter(User::ID.gt(1)).count(&db).await?;
        Ok(())
    });
    assert_eq!(
        spans,
        [
            r#"load model="User" keys=0 statements=1 rows=3"#,
            r#"load model="Post" relation=User.posts keys=3 statements=1 rows=3"#,
            r#"load model="Comment" relation=Post.comments keys=3 statements=1 rows=5"#,
            r#"load model="Profile" relation=User.profile keys=3 statements=1 rows=2"#,
            r#"load model="Post" relation=User.reviews keys=3 statements=1"#,
            r#"load model="User" keys=0 statements=1"#,
        ]
    );
}

#[test]
fn the_span_of_a_load_says_what_the_cache_had_of_it() {
    let db = Db::builder(blog::db()).cache(CacheConfig::default()).build().unwrap();
    let (spans, _) = told(async {
        for _ in 0..2 {
            User::find(&db, 1).await?.unwrap().posts(&db).await?;
        }
        User::query().with(User::POSTS).all(&db).await?;
        Ok(())
    });
    let posts: Vec<_> = spans.iter().filter(|span| span.contains("User.posts")).collect();
    assert_eq!(
        posts,
        [
            r#"load model="Post" relation=User.posts keys=1 hits=0 misses=1 statements=1 rows=2"#,
            r#"load model="Post" relation=User.posts keys=1 hits=1 misses=0 statements=0 rows=2"#,
            r#"load model="Post" relation=User.posts keys=3 hits=1 misses=2 statements=1 rows=3"#,
        ]
    );
}

#[test]
fn a_load_on_a_connections_thread_is_in_the_span_of_its_reader() {
    let folder = tempfile::tempdir().unwrap();
    let db = Sqlite::open(folder.path().join("blog.db")).unwrap();
    execute(&db, blog::SCHEMA);
    execute(&db, blog::ROWS);
    let (spans, _) = told(async {
        let request = tracing::info_span!(target: "test", "request");
        tracing::Instrument::instrument(async { User::all(&db).await.map(drop) }, request).await
    });
    assert_eq!(spans, ["request", r#"request: load model="User" keys=0 statements=1 rows=3"#]);
}

#[test]
fn a_db_around_another_tells_of_a_load_once() {
    let inner = Db::builder(blog::db()).build().unwrap();
    let db = Db::builder(inner).build().unwrap();
    let (spans, _) = told(async { User::all(&db).await.map(drop) });
    assert_eq!(spans, [r#"load model="User" keys=0 statements=1 rows=3"#]);
}

#[test]
fn a_load_that_is_sent_in_parts_counts_its_statements() {
    let folder = tempfile::tempdir().unwrap();
    let db = Sqlite::builder(folder.path().join("blog.db")).inline().keys_per_statement(2).open().unwrap();
    execute(&db, blog::SCHEMA);
    execute(&db, blog::ROWS);
    let (spans, _) = told(async {
        let users = User::all(&db).await?;
        users[0].posts(&db).await.map(drop)
    });
    assert_eq!(spans[1], r#"load model="Post" relation=User.posts keys=3 statements=2 rows=3"#);
}

#[test]
fn rows_that_load_one_by_one_are_a_warning() {
    let db = Db::builder(blog::db()).load_mode(LoadMode::Single).n_plus_one_after(2).build().unwrap();
    let line = line!() + 3;
    let (_, events) = told(async {
        for user in &User::all(&db).await? {
            user.posts(&db).await?;
        }
        Ok(())
    });
    let place = format!("{}:{line}:18", file!());
    assert_eq!(
        events,
        [format!(
            "WARN message=User.posts was loaded for 2 rows one by one at {place}; load it for all of them with \
             `.with(User::POSTS)`, or read it in `LoadMode::Batch` relation=User.posts file={:?} line={line} loads=2",
            file!()
        )]
    );
}
