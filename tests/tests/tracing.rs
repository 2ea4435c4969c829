//! What the cache says of itself to `tracing`: a process of its own, as `tracing` remembers for all threads what nobody
//! listens to.

use std::fmt::Write;
use std::sync::{Arc, Mutex};

use relations_core::{CacheConfig, Db, Relations, block_on};
use relations_tests::blog::{self, User};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Keeps each event of the cache as a line.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0, " {}={value:?}", field.name()).unwrap();
    }
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "relations::cache"
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        self.0.lock().unwrap().push(line.0.trim_start().to_owned());
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[test]
fn reads_fills_and_invalidations_are_events() {
    let lines = Lines::default();
    tracing::subscriber::with_default(lines.clone(), || {
        block_on(async {
            let db = Db::builder(blog::db()).cache(CacheConfig::default()).build().unwrap();
            for _ in 0..2 {
                let ann = User::find(&db, 1).await.unwrap().unwrap();
                ann.posts(&db).await.unwrap();
            }
            db.cache().invalidate(User::POSTS, 1);
            db.cache().invalidate_relation(User::POSTS);
        });
    });
    let lines = lines.0.lock().unwrap();
    assert_eq!(
        *lines,
        [
            r#"message=read relation="User.posts" hits=0 misses=1"#,
            r#"message=kept relation="User.posts" entries=1 fenced=0"#,
            r#"message=read relation="User.posts" hits=1 misses=0"#,
            r#"message=invalidated relation="User.posts" key=(1,)"#,
            r#"message=invalidated relation="User.posts""#,
        ]
    );
}
