//! Transactions: sources whose reads see their writes, and which end whole, whatever is dropped and whoever fails.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::{Arc, mpsc};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use relations_core::source::{Transaction, Transactional};
use relations_core::{Error, ErrorKind, Fault, Relations, Sqlite, SqliteTransaction, block_on};
use relations_tests::blog::{self, Comment, Post, User};
use relations_tests::{execute, sent};

const ADD_DAN: &str = "INSERT INTO users (name) VALUES ('Dan')";

/// A database, and the folder in which it is.
type Place = (Option<tempfile::TempDir>, Sqlite);

fn file(connections: usize) -> Place {
    let folder = tempfile::tempdir().unwrap();
    let db = Sqlite::builder(folder.path().join("blog.db")).connections(connections).open().unwrap();
    execute(&db, blog::SCHEMA);
    execute(&db, blog::ROWS);
    (Some(folder), db)
}

/// With threads and inline.
fn both() -> [Place; 2] {
    [file(2), (None, blog::db())]
}

fn write(transaction: &SqliteTransaction, sql: &'static str) -> Result<(), Error> {
    block_on(transaction.connection(move |c| c.execute_batch(sql)))
}

/// A transaction that has added a user to three.
fn with_dan(db: &Sqlite) -> SqliteTransaction {
    let transaction = block_on(db.begin()).unwrap();
    write(&transaction, ADD_DAN).unwrap();
    transaction
}

fn users(db: &Sqlite) -> usize {
    block_on(User::all(db)).unwrap().len()
}

fn is_at_rest(db: &Sqlite) -> bool {
    block_on(db.connection(|c| Ok(c.is_autocommit()))).unwrap()
}

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// Polls so often, with a pause after each, then drops the future.
fn drop_after(polls: usize, pause: Duration, future: impl Future) {
    let mut future = pin!(future);
    for _ in 0..polls {
        if poll(future.as_mut()).is_ready() {
            return;
        }
        thread::sleep(pause);
    }
}

/// Numbers of polls and pauses: work that has not begun, is under way, or is done when its future is dropped.
fn drops() -> impl Iterator<Item = (usize, Duration)> {
    (0..40).map(|at| (at % 4, Duration::from_micros([0, 20, 100, 2_000][at / 4 % 4])))
}

#[test]
fn reads_in_a_transaction_see_its_writes_and_others_see_them_when_it_is_committed() {
    let (_folder, db) = file(2);
    let transaction = with_dan(&db);
    assert_eq!(block_on(User::all(&transaction)).unwrap().len(), 4);
    assert_eq!((users(&db), users(&db.inline())), (3, 3));
    block_on(transaction.commit()).unwrap();
    assert_eq!((users(&db), users(&db.inline())), (4, 4));
}

#[test]
fn nothing_is_left_of_a_transaction_that_is_rolled_back_or_dropped() {
    for (_folder, db) in both() {
        block_on(with_dan(&db).rollback()).unwrap();
        assert_eq!((users(&db), is_at_rest(&db)), (3, true));
        drop(with_dan(&db));
        assert_eq!((users(&db), is_at_rest(&db)), (3, true));
    }
}

#[test]
fn a_tree_in_a_transaction_sends_one_statement_for_a_relation_and_leaves_it_open() {
    for (_folder, db) in both() {
        let transaction = with_dan(&db);
        write(&transaction, "INSERT INTO posts (user_id, headline) VALUES (4, 'by Dan')").unwrap();
        let log = db.record();
        let tree = User::query().with(User::POSTS.with(Post::COMMENTS.with(Comment::USER))).with(User::PROFILE);
        let loaded = block_on(tree.all(&transaction)).unwrap();
        assert_eq!(sent(&log), 5);
        assert_eq!(loaded[3].posts.get().unwrap()[0].title, "by Dan");
        block_on(transaction.rollback()).unwrap();
        assert_eq!(users(&db), 3);
    }
}

#[test]
fn lazy_accessors_in_a_transaction_batch() {
    let (_folder, db) = file(2);
    let transaction = with_dan(&db);
    block_on(async {
        let users = User::all(&transaction).await.unwrap();
        let log = db.record();
        for (user, posts) in users.iter().zip([2, 1, 0, 0]) {
            assert_eq!(user.posts(&transaction).await.unwrap().len(), posts);
        }
        assert_eq!(sent(&log), 1);
        let (profile, comments) = futures::join!(users[0].profile(&transaction), users[1].comments(&transaction));
        assert!(profile.unwrap().is_some());
        assert_eq!(comments.unwrap().len(), 1);
    });
}

#[test]
fn a_statement_that_fails_leaves_the_transaction_open() {
    for (_folder, db) in both() {
        let transaction = with_dan(&db);
        let error = write(&transaction, "INSERT INTO users (id, name) VALUES (1, 'again')").unwrap_err();
        assert!(error.to_string().contains("UNIQUE constraint failed: users.id"), "{error}");
        write(&transaction, "ALTER TABLE users RENAME TO people").unwrap();
        let error = block_on(User::all(&transaction)).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Statement { fault: Fault::MissingTable, .. }), "{error}");
        write(&transaction, "ALTER TABLE people RENAME TO users").unwrap();
        block_on(transaction.commit()).unwrap();
        assert_eq!(users(&db), 4);
    }
}

#[test]
fn a_closure_that_ends_the_transaction_is_an_error_then_and_after() {
    for (end, left) in [("COMMIT", 4), ("ROLLBACK", 3)] {
        for (_folder, db) in both() {
            let transaction = with_dan(&db);
            let error = write(&transaction, end).unwrap_err();
            assert!(error.to_string().starts_with("the transaction has ended: SQL inside it"), "{error}");
            let read = block_on(User::all(&transaction)).unwrap_err();
            let written = write(&transaction, ADD_DAN).unwrap_err();
            assert_eq!(users(&db), left, "its connection is back");
            let committed = block_on(transaction.commit()).unwrap_err();
            for error in [error, read, written, committed] {
                assert!(matches!(error.kind(), ErrorKind::TransactionEnded), "{error}");
            }
            assert_eq!(users(&db), left);
        }
    }
}

#[test]
fn a_statement_that_fails_and_rolls_back_says_both() {
    let (_folder, db) = file(1);
    let transaction = with_dan(&db);
    let error = write(&transaction, "INSERT OR ROLLBACK INTO users VALUES (1, 'again')").unwrap_err();
    assert!(error.to_string().contains("blog.db, which ended the transaction: "), "{error}");
    assert!(error.to_string().contains("UNIQUE constraint failed"), "{error}");
    let error = block_on(transaction.rollback()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TransactionEnded), "{error}");
    assert_eq!(users(&db), 3);
}

#[test]
fn a_commit_that_fails_rolls_back_and_says_so() {
    for (_folder, db) in both() {
        execute(
            &db,
            "PRAGMA foreign_keys = ON;
             CREATE TABLE badges (user_id INTEGER REFERENCES users (id) DEFERRABLE INITIALLY DEFERRED)",
        );
        let transaction = with_dan(&db);
        write(&transaction, "INSERT INTO badges VALUES (99)").unwrap();
        let error = block_on(transaction.commit()).unwrap_err();
        assert!(error.to_string().starts_with("committing a transaction on "), "{error}");
        assert!(error.to_string().contains(", which has been rolled back: "), "{error}");
        assert!(error.to_string().contains("FOREIGN KEY constraint failed"), "{error}");
        assert_eq!((users(&db), is_at_rest(&db)), (3, true));
    }
}

#[test]
fn a_begin_that_is_dropped_at_any_point_leaves_no_transaction() {
    let (_folder, db) = file(1);
    for (polls, pause) in drops() {
        drop_after(polls, pause, db.begin());
        assert!(is_at_rest(&db));
    }
    block_on(with_dan(&db).commit()).unwrap();
    assert_eq!(users(&db), 4);
}

#[test]
fn a_commit_that_is_dropped_at_any_point_has_happened_whole_or_not_at_all() {
    let (_folder, db) = file(1);
    let mut before = users(&db);
    for (polls, pause) in drops() {
        let transaction = with_dan(&db);
        write(&transaction, ADD_DAN).unwrap();
        drop_after(polls, pause, transaction.commit());
        assert!(is_at_rest(&db));
        let after = users(&db);
        assert!(after == before || after == before + 2 && polls > 0, "{before} {after}");
        before = after;
    }
}

#[test]
fn work_that_is_dropped_at_any_point_leaves_the_transaction_usable() {
    let (_folder, db) = file(1);
    let transaction = with_dan(&db);
    let loaded = block_on(User::all(&transaction)).unwrap();
    for (polls, pause) in drops() {
        drop_after(polls, pause, loaded[0].posts(&transaction));
        drop_after(polls, pause, User::query().with(User::POSTS).all(&transaction));
        drop_after(polls, pause, transaction.connection(|c| c.execute_batch("SELECT 1")));
        loaded[0].posts.clear();
        assert_eq!(block_on(loaded[0].posts(&transaction)).unwrap().len(), 2);
    }
    block_on(transaction.commit()).unwrap();
    assert_eq!(users(&db), 4);
}

#[test]
fn what_is_under_way_is_finished_before_what_follows() {
    let (_folder, db) = file(1);
    let transaction = block_on(db.begin()).unwrap();
    let (begun, is_begun) = mpsc::channel();
    {
        let mut work = pin!(transaction.connection(move |c| {
            begun.send(()).unwrap();
            thread::sleep(Duration::from_millis(20));
            c.execute_batch(ADD_DAN)
        }));
        assert!(poll(work.as_mut()).is_pending());
        is_begun.recv().unwrap();
    }
    assert_eq!(block_on(User::all(&transaction)).unwrap().len(), 4);
    block_on(transaction.commit()).unwrap();
    assert_eq!(users(&db), 4);
}

#[test]
fn a_transaction_that_is_dropped_while_its_thread_works_is_rolled_back() {
    let (_folder, db) = file(1);
    let transaction = with_dan(&db);
    let (begun, is_begun) = mpsc::channel();
    let (go_on, may_go_on) = mpsc::channel::<()>();
    {
        let mut work = pin!(transaction.connection(move |c| {
            begun.send(()).unwrap();
            may_go_on.recv().unwrap();
            c.execute_batch(ADD_DAN)
        }));
        assert!(poll(work.as_mut()).is_pending());
        is_begun.recv().unwrap();
    }
    drop(transaction);
    let mut next = pin!(db.begin());
    assert!(poll(next.as_mut()).is_pending(), "the thread is at work");
    go_on.send(()).unwrap();
    block_on(block_on(next).unwrap().rollback()).unwrap();
    assert_eq!((users(&db), is_at_rest(&db)), (3, true));
}

#[test]
fn readers_and_transactions_wait_for_the_only_connection() {
    for (_folder, db) in [file(1), (None, blog::db())] {
        let transaction = with_dan(&db);
        let mut read = pin!(User::all(&db));
        let mut begin = pin!(db.begin());
        assert!(poll(read.as_mut()).is_pending());
        assert!(poll(begin.as_mut()).is_pending());
        block_on(transaction.commit()).unwrap();
        assert_eq!(block_on(read).unwrap().len(), 4);
        block_on(block_on(begin).unwrap().rollback()).unwrap();
    }
}

#[test]
fn a_second_transaction_on_a_file_waits_without_a_connection() {
    let (_folder, db) = file(2);
    let transaction = with_dan(&db.inline());
    let mut begin = pin!(db.begin());
    assert!(poll(begin.as_mut()).is_pending());
    assert_eq!(users(&db), 3);
    drop(transaction);
    block_on(block_on(begin).unwrap().commit()).unwrap();
}

#[test]
fn another_writer_is_waited_for_as_long_as_the_busy_timeout() {
    let (folder, _) = file(1);
    let path = folder.as_ref().unwrap().path().join("blog.db");
    let db = Sqlite::builder(&path).busy_timeout(Duration::from_millis(5)).open().unwrap();
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = block_on(db.begin()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Connection { fault: Fault::Busy, .. }), "{error}");
    assert!(error.to_string().contains("beginning a transaction on "), "{error}");
    other.execute_batch("COMMIT").unwrap();
    block_on(with_dan(&db).commit()).unwrap();
    assert_eq!(users(&db), 4);
}

#[test]
fn a_database_that_may_only_be_read_has_transactions_that_read() {
    let (folder, db) = file(1);
    let path = folder.as_ref().unwrap().path().join("blog.db");
    let reads = Sqlite::builder(&path).read_only().open().unwrap();
    let transaction = block_on(reads.begin()).unwrap();
    assert_eq!(block_on(User::all(&transaction)).unwrap().len(), 3);
    execute(&db, ADD_DAN);
    assert_eq!(block_on(User::all(&transaction)).unwrap().len(), 3, "one snapshot");
    assert!(write(&transaction, ADD_DAN).unwrap_err().to_string().contains("read-only"));
    block_on(transaction.commit()).unwrap();
    assert_eq!(users(&reads), 4);
}

#[test]
fn asking_for_what_a_closure_holds_is_an_error_inside_it() {
    for (_folder, db) in [file(1), (None, blog::db())] {
        let transaction = Arc::new(with_dan(&db));
        let (again, same) = (db.clone(), Arc::clone(&transaction));
        let inside = move |_: &mut rusqlite::Connection| {
            let errors = [
                block_on(User::all(&again)).unwrap_err(),
                block_on(User::all(&*same)).unwrap_err(),
                block_on(again.begin()).unwrap_err(),
            ];
            Ok(errors)
        };
        for error in block_on(transaction.connection(inside)).unwrap() {
            assert!(matches!(error.kind(), ErrorKind::Reentrant), "{error}");
        }
        assert_eq!(block_on(User::all(&*transaction)).unwrap().len(), 4);
    }
}

#[test]
fn a_panic_inside_a_transaction_rolls_it_back() {
    for (_folder, db) in both() {
        let transaction = with_dan(&db);
        let panics = || block_on(transaction.connection(|_| -> rusqlite::Result<()> { panic!("on purpose") }));
        match catch_unwind(AssertUnwindSafe(panics)) {
            Ok(outcome) => assert!(matches!(outcome.unwrap_err().kind(), ErrorKind::Closed)),
            Err(_) => assert!(format!("{db:?}").contains("inline: true")),
        }
        let error = block_on(User::all(&transaction)).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::TransactionEnded), "{error}");
        assert_eq!(users(&db), 3);
        block_on(with_dan(&db).commit()).unwrap();
        assert_eq!(users(&db), 4);
    }
}

#[test]
fn four_threads_commit_transactions_of_their_own() {
    let (_folder, db) = file(4);
    thread::scope(|scope| {
        for at in 0..4 {
            let db = if at % 2 == 0 { db.clone() } else { db.inline() };
            scope.spawn(move || {
                for _ in 0..25 {
                    let transaction = block_on(db.begin()).unwrap();
                    let before = block_on(User::all(&transaction)).unwrap().len();
                    write(&transaction, ADD_DAN).unwrap();
                    assert_eq!(block_on(User::all(&transaction)).unwrap().len(), before + 1);
                    block_on(transaction.commit()).unwrap();
                }
            });
        }
    });
    assert_eq!(users(&db), 103);
}

#[test]
fn generic_code_begins_and_ends_transactions_and_they_cross_threads() {
    async fn add<S: Transactional>(source: S, commit: bool) -> Result<(), Error> {
        let transaction = source.begin().await?;
        if commit { transaction.commit(|| ()).await } else { transaction.rollback().await }
    }
    fn crosses<T: Send + Sync + 'static>(_: &T) {}
    fn sends<T: Send>(future: T) -> T {
        future
    }
    let db = blog::db();
    let transaction = block_on(sends(db.begin())).unwrap();
    crosses(&transaction);
    drop(sends(User::query().with(User::POSTS).all(&transaction)));
    block_on(sends(transaction.commit())).unwrap();
    block_on(add(&db, true)).unwrap();
    block_on(add(db, false)).unwrap();
}
