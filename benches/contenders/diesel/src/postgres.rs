//! PostgreSQL, where a list of keys is one parameter.

use std::cell::RefCell;

use bench_kit::Result;
use bench_kit::worker::Serve;
use diesel::prelude::*;

use crate::locked;

type Db = PgConnection;

#[expect(clippy::duplicate_mod, reason = "written once, compiled for each database")]
#[path = "workloads.rs"]
mod workloads;

const LATEST_BY_USER: &str = "
    SELECT latest.* FROM users CROSS JOIN LATERAL (
        SELECT * FROM posts WHERE user_id = users.id ORDER BY id DESC LIMIT $2
    ) AS latest WHERE users.id <= $1";

/// Answers the runner from a server.
pub fn contend(url: &str, users: i64, serve: Serve) -> Result<()> {
    let (db, second) = (RefCell::new(Db::establish(url)?), RefCell::new(Db::establish(url)?));
    let mut variants = workloads::variants(&db, &second, users);
    variants.push(workloads::load(&db, "W8", "sql_query, lateral", |db| workloads::latest_by(db, LATEST_BY_USER)));
    let libpq = locked("pq-src").split_once("+libpq-").map_or("?", |(_, libpq)| libpq);
    serve.variants(&format!("diesel {}, libpq {libpq}", locked("diesel")), variants)
}
