//! SQLite, which takes no list as one parameter: `eq_any` and `belonging_to` bind key by key, at most 32,766 of them.

use std::cell::RefCell;
use std::path::Path;

use bench_kit::worker::Serve;
use bench_kit::{Nested, Result};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::locked;
use crate::schema::{Post, Tag, User, posts, users};

type Db = SqliteConnection;

#[path = "workloads.rs"]
mod workloads;

use workloads::Trees;

/// How many keys a user who chunks by hand takes at once.
const CHUNK: usize = 10_000;

const LATEST_BY_USER: &str = "
    SELECT posts.* FROM users CROSS JOIN posts ON posts.id IN (
        SELECT id FROM posts WHERE user_id = users.id ORDER BY id DESC LIMIT ?2
    ) WHERE users.id <= ?1";

/// Answers the runner from a file.
pub fn contend(path: &Path, users: i64, serve: Serve) -> Result<()> {
    let path = path.to_str().ok_or("the path is no text")?;
    let (db, second) = (RefCell::new(Db::establish(path)?), RefCell::new(Db::establish(path)?));
    let mut variants = workloads::variants(&db, &second, users);
    variants.extend([
        workloads::load(&db, "W3", "belonging_to, chunked by hand", tags_by_chunks),
        workloads::load(&db, "W4", "belonging_to, chunked by hand", trees_by_chunks),
        workloads::load(&db, "W5", "find, get_result, in a transaction", |db| {
            db.transaction(|db| workloads::authors_in_a_loop(db, workloads::get_result))
        }),
        workloads::requests(&db, users, "belonging_to, in a transaction", |db, id| {
            db.transaction(|db| workloads::request_belonging_to(db, id))
        }),
        workloads::load(&db, "W8", "sql_query, subquery", |db| workloads::latest_by(db, LATEST_BY_USER)),
    ]);
    let version: String = diesel::select(sql::<Text>("sqlite_version()")).get_result(&mut *db.borrow_mut())?;
    serve.variants(&format!("diesel {}, SQLite {version}", locked("diesel")), variants)
}

fn tags_by_chunks(db: &mut Db) -> Result<Nested<Post, Tag>> {
    let posts = posts::table.select(Post::as_select()).load(db)?;
    let mut tags = Vec::new();
    for posts in posts.chunks(CHUNK) {
        tags.extend(workloads::tags_of(db, posts)?);
    }
    Ok(workloads::with_tags(posts, tags))
}

fn trees_by_chunks(db: &mut Db) -> Result<Trees<User>> {
    let users = users::table.select(User::as_select()).load(db)?;
    let mut posts = Vec::new();
    for users in users.chunks(CHUNK) {
        posts.extend(Post::belonging_to(users).select(Post::as_select()).load(db)?);
    }
    let mut comments = Vec::new();
    for posts in posts.chunks(CHUNK) {
        comments.extend(workloads::comments_of(db, posts)?);
    }
    Ok(workloads::with_comments(users, posts, comments))
}
