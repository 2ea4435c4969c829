//! The `Db`'s own batch limit.

use relations_core::{Db, ErrorKind, Sqlite, block_on};
use relations_tests::{blog, execute, relations};

use super::users;

#[test]
fn the_batch_limit_of_a_db_goes_before_that_of_its_source() {
    let folder = tempfile::tempdir().unwrap();
    let source = Sqlite::builder(folder.path().join("blog.db")).batch_limit(1).open().unwrap();
    execute(&source, blog::SCHEMA);
    execute(&source, blog::ROWS);
    for (limit, keys) in [(None, vec![1, 1, 1]), (Some(2), vec![2, 1]), (Some(100), vec![3])] {
        let builder = Db::builder(source.clone());
        let builder = match limit {
            Some(limit) => builder.batch_limit(limit),
            None => builder,
        };
        let db = builder.build().unwrap();
        let users = users(&db);
        let log = db.record();
        users.iter().for_each(|user| drop(block_on(user.posts(&db)).unwrap()));
        let expected: Vec<_> = keys.into_iter().map(|keys| ("User.posts".to_owned(), keys)).collect();
        assert_eq!(relations(&log), expected);
    }
}

#[test]
fn a_batch_of_none_is_refused() {
    let error = Db::builder(blog::db()).batch_limit(0).build().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Setting { setting: "batch_limit", .. }), "{error}");
}
