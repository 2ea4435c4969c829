//! `LoadMode::Single`: each row loads for itself, and rows that do so again and again are reported.

use std::panic::Location;
use std::sync::{Arc, Mutex};

use relations_core::{Db, DbBuilder, ErrorKind, LoadMode, NPlusOne, Sqlite, block_on};
use relations_tests::blog::{self, User};
use relations_tests::{relations, sent};

use super::{reading, user, users};

type Found = Arc<Mutex<Vec<NPlusOne>>>;

/// Reads row by row, and keeps what is reported.
fn audited(set: impl FnOnce(DbBuilder<Sqlite>) -> DbBuilder<Sqlite>) -> (Db<Sqlite>, Found) {
    let found = Found::default();
    let keep = Arc::clone(&found);
    let builder = Db::builder(blog::db()).load_mode(LoadMode::Single);
    let builder = builder.on_n_plus_one(move |one| keep.lock().unwrap().push(one.clone()));
    (set(builder).build().unwrap(), found)
}

fn reports(found: &Found) -> Vec<String> {
    found.lock().unwrap().iter().map(|one| format!("{}:{}", one.relation, one.location.line())).collect()
}

#[test]
fn a_loop_sends_a_statement_for_each_row_and_in_batches_one() {
    for (mode, expected) in [(LoadMode::Single, 4), (LoadMode::Batch, 2)] {
        let db = reading(mode);
        let log = db.record();
        let posts: Vec<_> = users(&db).iter().map(|user| block_on(user.posts(&db)).unwrap().len()).collect();
        assert_eq!((posts, sent(&log)), (vec![2, 1, 0], expected));
    }
}

#[test]
fn what_is_loaded_for_one_row_is_not_loaded_again() {
    let db = reading(LoadMode::Single);
    let users = users(&db);
    let log = db.record();
    for _ in 0..3 {
        block_on(users[1].posts(&db)).unwrap();
    }
    assert_eq!(relations(&log), [("User.posts".to_owned(), 1)]);
    assert!(!users[0].posts.is_loaded());
}

#[test]
fn rows_that_load_one_by_one_from_one_place_are_reported_once() {
    let (db, found) = audited(|builder| builder.n_plus_one_after(3));
    let line = line!() + 3;
    for _ in 0..3 {
        for user in &users(&db) {
            block_on(user.posts(&db)).unwrap();
        }
    }
    assert_eq!(reports(&found), [format!("User.posts:{line}")]);
    let found = found.lock().unwrap();
    assert_eq!(
        found[0].to_string(),
        format!(
            "User.posts was loaded for 3 rows one by one at {}:{line}:27; load it for all of them with \
             `.with(User::POSTS)`, or read it in `LoadMode::Batch`",
            file!()
        )
    );
    assert_eq!((found[0].model, found[0].location.file()), ("User", file!()));
}

#[test]
fn each_relation_and_each_place_is_reported_by_itself() {
    let (db, found) = audited(|builder| builder.n_plus_one_after(2));
    let line = line!() + 3;
    for user in &users(&db) {
        let _ = block_on(async {
            user.posts(&db).await.unwrap();
            user.profile(&db).await.unwrap()
        });
    }
    for user in &users(&db) {
        block_on(user.posts(&db)).unwrap();
    }
    let expected = [("posts", line), ("profile", line + 1), ("posts", line + 5)];
    assert_eq!(reports(&found), expected.map(|(relation, line)| format!("User.{relation}:{line}")));
}

#[test]
fn a_function_that_passes_its_caller_on_is_not_the_place() {
    #[track_caller]
    fn posts(user: &User, db: &Db<Sqlite>) -> u32 {
        block_on(user.posts(db)).unwrap();
        Location::caller().line()
    }

    let (db, found) = audited(|builder| builder.n_plus_one_after(2));
    let users = users(&db);
    let lines: Vec<_> = users.iter().map(|user| posts(user, &db)).collect();
    assert_eq!(reports(&found), [format!("User.posts:{}", lines[0])]);
}

#[test]
fn ten_is_too_many_if_not_said_otherwise() {
    let (db, found) = audited(|builder| builder);
    for _ in 0..4 {
        assert!(found.lock().unwrap().is_empty());
        users(&db).iter().for_each(|user| drop(block_on(user.posts(&db))));
    }
    assert_eq!(found.lock().unwrap()[0].loads, 10);
}

#[test]
fn rows_found_by_themselves_and_batches_do_not_count() {
    let (db, found) = audited(|builder| builder.n_plus_one_after(1));
    for id in [1, 2, 3] {
        block_on(user(&db, id).posts(&db)).unwrap();
        block_on(users(&db)[0].posts(&db.with_mode(LoadMode::Batch))).unwrap();
    }
    assert_eq!(reports(&found), [""; 0]);
}

#[test]
fn copies_of_the_rows_of_a_list_count() {
    let (db, found) = audited(|builder| builder.n_plus_one_after(3));
    for user in users(&db).to_vec() {
        block_on(user.posts(&db)).unwrap();
    }
    assert_eq!(found.lock().unwrap().len(), 1);
}

#[test]
fn a_mode_for_one_call_counts_with_the_rest() {
    let (db, found) = audited(|builder| builder.load_mode(LoadMode::Batch).n_plus_one_after(3));
    for user in &users(&db) {
        block_on(user.posts(&db.with_mode(LoadMode::Single))).unwrap();
    }
    assert_eq!(found.lock().unwrap().len(), 1);
}

#[test]
fn a_count_of_none_is_refused() {
    let error = Db::builder(blog::db()).n_plus_one_after(0).build().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Setting { setting: "n_plus_one_after", .. }), "{error}");
}
