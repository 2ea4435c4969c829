//! The workloads by Toasty: the same code on SQLite and PostgreSQL. An include has no limit for each parent, so W8 asks
//! user by user, or throws away what is past the limit; raw SQL gives no models.

#![forbid(unsafe_code)]

pub mod grouped;
pub mod include;
pub mod model;
pub mod tree;

use std::future::Future;

use bench_kit::worker::Serve;
use bench_kit::{Database, Look, Reached, Result, Setup, Variant, request_keys};
use toasty::Db;
use toasty::stmt::Value;
use tokio::runtime::{Builder, Runtime};

use crate::model::{Comment, Post, PostTag, Tag, User};

/// What it is built on, as in the manifest and the lock file.
const BUILT: &str = "Toasty 0.11.0";

/// Connects and answers the runner.
///
/// # Errors
/// Where the database cannot be reached, or the runner be answered.
pub fn contend(setup: &Setup, serve: Serve) -> Result<()> {
    let (one, two) = (Side::open(setup, 1)?, Side::open(setup, 2)?);
    let built = match setup.database {
        Database::Sqlite(_) => format!("{BUILT}, rusqlite 0.40, SQLite {}", one.block_on(version(one.db.clone()))?),
        Database::Postgres(_) => format!("{BUILT}, tokio-postgres 0.7"),
    };
    let mut all = loads(&one);
    all.extend(requests(&one, &two, setup.users));
    serve.variants(&built, all)
}

/// A pool, and the runtime that it lives on.
struct Side {
    db: Db,
    runtime: Runtime,
}

impl Side {
    fn open(setup: &Setup, workers: usize) -> Result<Self> {
        let url = match &setup.database {
            Database::Sqlite(path) => format!("sqlite:{}", path.display()),
            Database::Postgres(url) => url.clone(),
        };
        let runtime = Builder::new_multi_thread().worker_threads(workers).enable_all().build()?;
        let models = toasty::models!(User, Post, Comment, Tag, PostTag);
        let db = runtime.block_on(Db::builder().models(models).max_pool_size(2).connect(&url))?;
        Ok(Self { db, runtime })
    }

    fn block_on<T>(&self, load: impl Future<Output = Result<T>>) -> Result<T> {
        self.runtime.block_on(load)
    }
}

async fn version(mut db: Db) -> Result<String> {
    let rows = toasty::sql::query("SELECT sqlite_version()").exec(&mut db).await?;
    match rows.into_iter().next() {
        Some(Value::Record(row)) => match row.fields.into_iter().next() {
            Some(Value::String(version)) => Ok(version),
            _ => Err("SQLite does not tell its version".into()),
        },
        _ => Err("SQLite does not tell its version".into()),
    }
}

/// W1 to W5 and W8.
fn loads(side: &Side) -> Vec<Variant<'_>> {
    macro_rules! variants {
        ($($workload:literal, $name:literal: $load:expr;)+) => {
            vec![$(Variant::load($workload, $name, || side.block_on($load(side.db.clone()))),)+]
        };
    }
    variants! {
        "W1", "include": include::posts;
        "W1", "in_list, chunked and grouped by hand": grouped::posts;
        "W2", "include": include::authors;
        "W2", "in_list, chunked and grouped by hand": grouped::authors;
        "W2k", "include": include::some_authors;
        "W2k", "in_list, grouped by hand": grouped::some_authors;
        "W3", "include": include::tags;
        "W3", "in_list, chunked and grouped by hand": grouped::tags;
        "W4", "include": include::tree;
        "W4", "in_list, chunked and grouped by hand": grouped::tree;
        "W5", "accessor": include::lazy;
        "W8", "accessor with a limit, user by user": include::latest;
        "W8", "include, cut in memory": include::latest_cut;
        "W8", "filter, grouped by hand and cut in memory": grouped::latest;
    }
}

/// W6 from one task, and from two.
fn requests<'a>(one: &'a Side, two: &'a Side, users: i64) -> Vec<Variant<'a>> {
    let keys = request_keys(users);
    let mut all = Vec::new();
    macro_rules! variants {
        ($($name:literal: $load:expr;)+) => {
            $(
                all.push(Variant::requests("W6", $name, keys.clone(), |key| one.block_on($load(one.db.clone(), key))));
                all.push(Variant::looks("W6t2", $name, keys.len(), in_two_tasks(two, &keys, $load)));
            )+
        };
    }
    variants! {
        "accessor": include::request;
        "batch": include::request_batch;
        "include": include::request_included;
    }
    all
}

/// Each task takes half of the keys.
fn in_two_tasks<'a, T, F, L>(
    side: &'a Side,
    keys: &[i64],
    load: L,
) -> impl FnMut(Look) -> Result<u64> + use<'a, T, F, L>
where
    T: Reached,
    F: Future<Output = Result<T>> + Send,
    L: Fn(Db, i64) -> F + Copy + Send + 'static,
{
    let halves: Vec<Vec<i64>> = keys.chunks(keys.len().div_ceil(2)).map(<[i64]>::to_vec).collect();
    move |look| {
        let tasks = halves.clone().into_iter().map(|half| {
            let db = side.db.clone();
            side.runtime.spawn(async move {
                let mut sum = 0_u64;
                for key in half {
                    sum = sum.wrapping_add(look.see(&load(db.clone(), key).await?)?);
                }
                Result::Ok(sum)
            })
        });
        let tasks: Vec<_> = tasks.collect();
        side.block_on(async {
            let mut sum = 0_u64;
            for task in tasks {
                sum = sum.wrapping_add(task.await??);
            }
            Ok(sum)
        })
    }
}
