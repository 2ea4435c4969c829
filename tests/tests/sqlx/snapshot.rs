//! One snapshot for a tree, where it is asked for.

use std::cell::RefCell;
use std::thread;

use relations_core::{HasMany, Relations, Sqlx};
use relations_tests::{Limits, TestSource, block_on};
use sqlx::{Connection, Database, Executor};

thread_local! {
    /// What is done while the next row is read, by another connection.
    static MEANWHILE: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) };
}

/// A text that lets another write while it is read.
#[derive(Debug, Clone)]
struct Slow(String);

impl<DB: Database> sqlx::Type<DB> for Slow
where
    String: sqlx::Type<DB>,
{
    fn type_info() -> DB::TypeInfo {
        <String as sqlx::Type<DB>>::type_info()
    }

    fn compatible(of: &DB::TypeInfo) -> bool {
        <String as sqlx::Type<DB>>::compatible(of)
    }
}

impl<'r, DB: Database> sqlx::Decode<'r, DB> for Slow
where
    String: sqlx::Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
        if let Some(work) = MEANWHILE.take() {
            work();
        }
        <String as sqlx::Decode<'r, DB>>::decode(value).map(Self)
    }
}

#[derive(Debug, Relations)]
#[relations(table = "shelves")]
struct Shelf {
    #[relations(key)]
    id: i64,
    name: Slow,
    #[has_many]
    books: HasMany<Book>,
}

#[derive(Debug, Relations)]
#[relations(table = "books")]
struct Book {
    #[relations(key)]
    id: i64,
    shelf_id: i64,
}

const SCHEMA: &str = "
    CREATE TABLE shelves (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE books (id INTEGER PRIMARY KEY, shelf_id INTEGER NOT NULL);
    INSERT INTO shelves VALUES (1, 'a'), (2, 'b');
    INSERT INTO books VALUES (1, 1), (2, 2);
";

macro_rules! snapshots {
    ($name:ident $database:ident [$when:meta] $open:expr) => {
        #[$when]
        #[test]
        fn $name() {
            block_on(async {
                let (_folder, db): (Option<tempfile::TempDir>, Sqlx<sqlx::$database>) = $open.await;
                db.run_sql(SCHEMA).await;
                for (snapshot, books) in [(true, 2), (false, 3)] {
                    let source = Sqlx::builder(db.pool().clone()).snapshot(snapshot).build().unwrap();
                    let options = db.pool().connect_options();
                    let write = async move {
                        let mut other =
                            <<sqlx::$database as Database>::Connection as Connection>::connect_with(&options)
                                .await
                                .unwrap();
                        other.execute("INSERT INTO books VALUES (3, 1)").await.unwrap();
                        other.close().await.unwrap();
                    };
                    MEANWHILE.set(Some(Box::new(move || {
                        let work = move || {
                            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                            runtime.block_on(write);
                        };
                        thread::spawn(work).join().unwrap();
                    })));
                    let shelves = Shelf::query().with(Shelf::BOOKS).all(&source).await.unwrap();
                    let seen: usize = shelves.iter().map(|shelf| shelf.books.get().unwrap().len()).sum();
                    assert!(MEANWHILE.take().is_none());
                    assert_eq!(seen, books, "snapshot: {snapshot}");
                    db.run_sql("DELETE FROM books WHERE id > 2").await;
                }
                let _ = |shelf: Shelf, book: Book| (shelf.id, shelf.name.0, book.id, book.shelf_id);
            });
        }
    };
}

snapshots!(postgres_shows_a_tree_in_one_state_if_asked Postgres [cfg(on_postgres)] async {
    (None, Sqlx::<sqlx::Postgres>::open(Limits::NONE).await)
});
snapshots!(mariadb_shows_a_tree_in_one_state_if_asked MySql [cfg(on_mysql)] async {
    (None, Sqlx::<sqlx::MySql>::open(Limits::NONE).await)
});
snapshots!(sqlite_shows_a_tree_in_one_state_if_asked Sqlite [cfg(all())] async {
    let folder = tempfile::tempdir().unwrap();
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(folder.path().join("shelves.db"))
        .create_if_missing(true)
        .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal);
    (Some(folder), Sqlx::new(sqlx::SqlitePool::connect_with(options).await.unwrap()))
});
