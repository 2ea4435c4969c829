//! The workloads by SeaORM: the same code on SQLite and PostgreSQL. W4 is by the loader only: the entity loader stops
//! at two levels below the first. W8 is by the query builder, or raw SQL: the loader has no limit for each parent.

#![forbid(unsafe_code)]

pub mod entity;
pub mod latest;
pub mod load;
pub mod tree;

use std::future::Future;

use bench_kit::worker::Serve;
use bench_kit::{Database, Look, Reached, Result, Setup, Variant, request_keys};
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use tokio::runtime::{Builder, Runtime};

/// What it is built on, as in the manifest and the lock file.
const BUILT: &str = "SeaORM 2.0.4, sqlx 0.9.0";

/// Connects and answers the runner.
///
/// # Errors
/// Where the database cannot be reached, or the runner be answered.
pub fn contend(setup: &Setup, serve: Serve) -> Result<()> {
    let (one, two) = (Side::open(setup, 1)?, Side::open(setup, 2)?);
    let built = match setup.database {
        Database::Sqlite(_) => format!("{BUILT}, SQLite {}", one.block_on(version(&one.db))?),
        Database::Postgres(_) => BUILT.to_owned(),
    };
    let mut all = loads(&one);
    all.extend(requests(&one, &two, setup.users));
    serve.variants(&built, all)
}

/// A pool, and the runtime that it lives on.
struct Side {
    db: DatabaseConnection,
    runtime: Runtime,
}

impl Side {
    fn open(setup: &Setup, workers: usize) -> Result<Self> {
        let url = match &setup.database {
            Database::Sqlite(path) => format!("sqlite://{}?mode=rw", path.display()),
            Database::Postgres(url) => url.clone(),
        };
        let mut options = ConnectOptions::new(url);
        options.max_connections(2).test_before_acquire(false).sqlx_logging(false);
        let runtime = Builder::new_multi_thread().worker_threads(workers).enable_all().build()?;
        let db = runtime.block_on(sea_orm::Database::connect(options))?;
        Ok(Self { db, runtime })
    }

    fn block_on<T>(&self, load: impl Future<Output = Result<T>>) -> Result<T> {
        self.runtime.block_on(load)
    }
}

async fn version(db: &DatabaseConnection) -> Result<String> {
    let statement = Statement::from_string(DbBackend::Sqlite, "SELECT sqlite_version()");
    let row = db.query_one_raw(statement).await?.ok_or("SQLite does not tell its version")?;
    Ok(row.try_get_by_index(0)?)
}

/// W1 to W5 and W8.
fn loads(side: &Side) -> Vec<Variant<'_>> {
    macro_rules! variants {
        ($($workload:literal, $name:literal: $load:ident::$name_of:ident $(($($argument:expr),+))?;)+) => {
            vec![$(Variant::load($workload, $name, || side.block_on($load::$name_of(&side.db $(, $($argument),+)?))),)+]
        };
    }
    variants! {
        "W1", "loader": load::posts;
        "W1", "entity loader": load::posts_ex;
        "W1", "find_with_related (join)": load::posts_joined;
        "W2", "loader": load::authors(load::all_posts());
        "W2", "entity loader": load::authors_ex;
        "W2", "find_also_related (join)": load::authors_joined(load::all_posts());
        "W2k", "loader": load::authors(load::some_posts());
        "W2k", "entity loader": load::some_authors_ex;
        "W2k", "find_also_related (join)": load::authors_joined(load::some_posts());
        "W3", "loader": load::tags;
        "W3", "loader, chunked by hand": load::tags_in_chunks;
        "W3", "entity loader": load::tags_ex;
        "W3", "find_with_related (join)": load::tags_joined;
        "W4", "loader": load::tree;
        "W4", "loader, chunked by hand": load::tree_in_chunks;
        "W5", "find_related": load::lazy;
        "W5", "find_by_id": load::lazy_by_id;
        "W8", "loader, cut in memory": latest::cut;
        "W8", "find_related with a limit, user by user": latest::one_by_one;
        "W8", "window by the query builder": latest::window;
        "W8", "raw SQL": latest::raw;
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
        "find_related": load::request;
        "filtered by column": load::request_by_column;
        "entity loader": load::request_ex;
        "find_with_related (join)": load::request_joined;
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
    L: Fn(DatabaseConnection, i64) -> F + Copy + Send + 'static,
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
