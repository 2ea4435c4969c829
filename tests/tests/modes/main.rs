//! How the lazy reads of a `Db` load, what it logs, and how long it lets loads take. Each test's name is the sentence it
//! proves.

mod batch_limit;
mod lists;
mod recording;
mod single;
mod strict;
mod timeouts;

use relations_core::{Db, Error, ErrorKind, LoadMode, Many, Ref, Relations, Sqlite, block_on};
use relations_tests::blog::{self, User};

/// The fixture, with a log of what is sent to it, read in this mode.
fn reading(mode: LoadMode) -> Db<Sqlite> {
    Db::builder(blog::db()).load_mode(mode).build().expect("the ordinary settings")
}

fn users(db: &Db<Sqlite>) -> Many<User> {
    block_on(User::all(db)).expect("the test's own database")
}

fn user(db: &Db<Sqlite>, id: i64) -> Ref<User> {
    block_on(User::find(db, id)).expect("the test's own database").expect("a user who is there")
}

/// The relation that a read was refused for; nothing if it was not.
fn refused<T>(read: Result<T, Error>) -> Option<String> {
    match read.err()?.kind() {
        ErrorKind::LazyRead { relation, .. } => Some(relation.to_string()),
        other => panic!("{other}"),
    }
}
