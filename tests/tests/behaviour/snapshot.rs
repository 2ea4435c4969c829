//! One tree is one snapshot: a writer that commits between two of its levels does not show.

use std::cell::RefCell;

use relations_core::{HasMany, Relations, Sqlite, block_on};
use relations_tests::blog::Post;
use relations_tests::{blog, execute};
use rusqlite::types::{FromSql, FromSqlResult, ValueRef};

thread_local! {
    static WRITER: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) };
}

/// A name whose reading lets a writer in.
#[derive(Debug)]
struct Name;

impl FromSql for Name {
    fn column_result(_: ValueRef<'_>) -> FromSqlResult<Self> {
        if let Some(write) = WRITER.take() {
            write();
        }
        Ok(Self)
    }
}

#[derive(Debug, Relations)]
#[relations(table = "users")]
struct Author {
    #[relations(key)]
    id: i64,
    name: Name,
    #[has_many(foreign_key = user_id)]
    posts: HasMany<Post>,
}

#[test]
fn a_tree_shows_one_state_of_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("blog.db");
    let db = Sqlite::builder(&path).inline().open().unwrap();
    execute(&db, blog::SCHEMA);
    execute(&db, blog::ROWS);
    let write = move || {
        let other = rusqlite::Connection::open(&path).unwrap();
        other.execute_batch("INSERT INTO posts (user_id, headline) VALUES (1, 'meanwhile')").unwrap();
    };
    WRITER.set(Some(Box::new(write)));
    let authors = block_on(Author::query().with(Author::POSTS).all(&db)).unwrap();
    assert!(WRITER.take().is_none(), "the writer has written");
    assert_eq!(authors[0].posts.get().unwrap().len(), 2);
    authors[0].posts.clear();
    assert_eq!(block_on(authors[0].posts(&db)).unwrap().len(), 3);
    assert_eq!(authors[0].id, 1);
}
