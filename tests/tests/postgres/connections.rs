//! Connections: lost ones, dropped futures, prepared statements, and many keys.

use std::time::Duration;

use relations_core::{ErrorKind, Fault, HasMany, Postgres, PostgresBuilder, Relations, block_on};
use relations_tests::blog::{self, Comment, Post, User};

use super::proxy::Proxy;
use super::{Polls, builder, config, database, execute, sent, translated};

/// The number that a statement gives.
async fn number(db: &Postgres, sql: &str) -> i64 {
    db.client().await.unwrap().query_one(sql, &[]).await.unwrap().get(0)
}

/// Ends all other connections that see this schema.
async fn terminate(schema: &str) {
    let url = std::env::var("RELATIONS_TEST_POSTGRES_URL").unwrap();
    let db = Postgres::connect(&url).await.unwrap();
    let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1";
    db.client().await.unwrap().query(sql, &[&schema]).await.unwrap();
}

fn is_lost(error: &relations_core::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Statement { fault: Fault::Disconnected, .. }
            | ErrorKind::Connection { fault: Fault::Disconnected, .. }
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_end_in_the_middle_of_loads_give_errors_that_say_so_and_then_loads_go_on() {
    let Some(builder) = builder("connections_ended", &[blog::SCHEMA, blog::ROWS]).await else { return };
    for snapshot in [false, true] {
        let db = builder.clone().connections(3).snapshot(snapshot).build().unwrap();
        let loads: Vec<_> = (0..4)
            .map(|_| {
                let db = db.clone();
                tokio::spawn(async move {
                    let (mut lost, mut read) = (0, 0);
                    while lost + read < 400 || read == 0 {
                        match User::query().with(User::POSTS.with(Post::COMMENTS)).with(User::PROFILE).all(&db).await {
                            Ok(users) => {
                                assert_eq!(users.len(), 3);
                                read += 1;
                            }
                            Err(error) => {
                                assert!(is_lost(&error), "{error}");
                                lost += 1;
                            }
                        }
                    }
                    lost
                })
            })
            .collect();
        for _ in 0..5 {
            tokio::time::sleep(Duration::from_millis(20)).await;
            terminate("connections_ended").await;
        }
        for load in loads {
            load.await.unwrap();
        }
        assert_eq!(User::all(&db).await.unwrap().len(), 3);
    }
}

#[tokio::test]
async fn a_server_that_is_gone_is_an_error_and_once_it_is_back_the_next_load_works() {
    let Some(config) = config("connections_cut").await else { return };
    execute(&PostgresBuilder::from(config.clone()).build().unwrap(), &translated(&[blog::SCHEMA, blog::ROWS])).await;
    let (proxy, through) = Proxy::before(&config).await;
    let db = PostgresBuilder::from(through).connections(2).build().unwrap();
    let users = User::all(&db).await.unwrap();
    proxy.cut();
    for _ in 0..3 {
        let error = users[0].posts(&db).await.unwrap_err();
        assert!(is_lost(&error), "{error}");
        users[0].posts.clear();
    }
    proxy.mend();
    assert_eq!(users[0].posts(&db).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_future_that_is_dropped_at_any_await_leaves_the_pool_and_the_peers_usable() {
    let Some(builder) = builder("connections_dropped", &[blog::SCHEMA, blog::ROWS]).await else { return };
    for snapshot in [false, true] {
        let db = builder.clone().connections(1).snapshot(snapshot).build().unwrap();
        let mut is_done = false;
        for polls in 0.. {
            // Cold, so that statements are prepared, too.
            if polls % 2 == 0 {
                db.client().await.unwrap().statement_cache.clear();
            }
            let users = User::query().order_by(User::ID.asc()).all(&db).await.unwrap();
            let tree = User::POSTS.with(Post::COMMENTS.with(Comment::USER)).with(Post::REVIEWER);
            let lazy = Polls::new(polls, users[0].reviews(&db)).await;
            let eager = Polls::new(polls, users.load((tree, User::PROFILE), &db)).await;
            assert_eq!(users[1].reviews(&db).await.unwrap().len(), 1);
            let posts: Vec<_> = [&users[0], &users[1], &users[2]].into_iter().map(|user| user.posts(&db)).collect();
            for (posts, expected) in posts.into_iter().zip([2, 1, 0]) {
                assert_eq!(posts.await.unwrap().len(), expected);
            }
            users.load(User::POSTS.with(Post::COMMENTS), &db).await.unwrap();
            if is_done {
                break;
            }
            is_done = polls > 3 && lazy.is_some() && eager.is_some();
            assert!(polls < 1_000, "a load ends");
        }
        let open = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'connections_dropped'
                    AND state LIKE 'idle in transaction%'";
        assert_eq!(number(&db, open).await, 0);
    }
}

#[derive(Debug, Relations)]
#[relations(table = "owners")]
struct Owner {
    #[relations(key)]
    id: i64,
    #[has_many(foreign_key = owner_id)]
    items: HasMany<Item>,
}

#[derive(Debug, Relations)]
#[relations(table = "items")]
struct Item {
    #[relations(key)]
    id: i64,
    owner_id: i64,
}

const OWNERS: &str = "
    CREATE TABLE owners (id int8 PRIMARY KEY);
    CREATE TABLE items (id int8 PRIMARY KEY, owner_id int8 NOT NULL);
    CREATE INDEX items_owner ON items (owner_id);";

const PREPARED: &str = "SELECT count(*) FROM pg_prepared_statements";

#[tokio::test]
async fn ten_thousand_sets_of_keys_are_two_texts_and_as_many_prepared_statements() {
    let Some(builder) = builder("connections_texts", &[OWNERS]).await else { return };
    let db = builder.connections(1).build().unwrap();
    execute(&db, "INSERT INTO owners SELECT generate_series(1, 50); INSERT INTO items SELECT g, g % 50 + 1 FROM generate_series(1, 200) g").await;
    let owners = Owner::query().order_by(Owner::ID.asc()).all(&db).await.unwrap();
    let log = db.record();
    let (mut seed, mut prepared) = (1_u64, None);
    for at in 0..10_000_u64 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let start = (seed >> 33) as usize % 50;
        for owner in owners.iter().skip(start).take((at % 7 + 1) as usize) {
            owner.items.clear();
        }
        owners[start].items(&db).await.unwrap();
        if at == 20 {
            prepared = Some(number(&db, PREPARED).await);
        }
    }
    assert_eq!((sent(&log), Some(number(&db, PREPARED).await)), (10_000, prepared));
    let mut texts: Vec<_> = log.statements().into_iter().map(|statement| statement.sql).collect();
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), 2, "for one key and for several");
}

#[tokio::test]
async fn the_number_of_prepared_statements_is_bounded() {
    let Some(builder) = builder("connections_bounded", &[OWNERS]).await else { return };
    let db = builder.connections(1).build().unwrap();
    for many in 1..1_200 {
        Owner::query().filter(Owner::ID.is_in(0..many)).count(&db).await.unwrap();
    }
    let prepared = number(&db, PREPARED).await;
    assert!((1..=513).contains(&prepared), "{prepared}");
}

#[tokio::test]
async fn a_million_keys_are_one_array() {
    let Some(db) = database("connections_million", &[OWNERS]).await else { return };
    execute(
        &db,
        "INSERT INTO owners SELECT generate_series(1, 1000000);
         INSERT INTO items SELECT g, g FROM generate_series(1, 1000000, 10) g; ANALYZE items;",
    )
    .await;
    let owners = Owner::all(&db).await.unwrap();
    let log = db.record();
    owners.load(Owner::ITEMS, &db).await.unwrap();
    let statements = log.statements();
    assert_eq!((statements.len(), statements[0].keys, statements[0].rows), (1, 1_000_000, 100_000));
    assert_eq!(owners.iter().map(|owner| owner.items.get().unwrap().len()).sum::<usize>(), 100_000);
}

#[tokio::test]
async fn a_statement_whose_columns_change_their_types_is_prepared_anew() {
    let Some(builder) = builder("connections_altered", &[OWNERS]).await else { return };
    let db = builder.connections(1).build().unwrap();
    execute(&db, "ALTER TABLE owners ALTER id TYPE int4").await;
    Owner::all(&db).await.unwrap();
    execute(&db, "INSERT INTO owners VALUES (1)").await;
    Owner::all(&db).await.unwrap_err();
    execute(&db, "ALTER TABLE owners ALTER id TYPE int8").await;
    assert_eq!(Owner::all(&db).await.unwrap()[0].id, 1);
    execute(&db, "DEALLOCATE ALL").await;
    assert_eq!(Owner::all(&db).await.unwrap()[0].id, 1);
}

#[tokio::test]
async fn a_missing_table_and_a_missing_column_say_what_to_do() {
    let Some(db) = database("connections_missing", &["CREATE TABLE items (id int8)"]).await else { return };
    let error = Owner::all(&db).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Statement { fault: Fault::MissingTable, .. }), "{error}");
    let error = Item::all(&db).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Statement { fault: Fault::MissingColumn, .. }), "{error}");
}

#[tokio::test]
async fn no_server_and_a_wrong_url_are_errors_that_name_it() {
    let error = Postgres::connect("postgres://postgres@127.0.0.1:1/none").await.unwrap_err();
    assert!(is_lost(&error), "{error}");
    assert!(error.to_string().starts_with("connecting to the database `none` at 127.0.0.1: "), "{error}");
    let error = Postgres::connect("postgres://user:secret@host:port/x").await.unwrap_err();
    assert!(error.to_string().starts_with("reading the URL of a PostgreSQL server: "), "{error}");
    assert!(!error.to_string().contains("secret"), "{error}");
    let error = Postgres::builder("postgres://localhost").connections(0).build().unwrap_err();
    assert_eq!(error.to_string(), "connections = 0: give at least 1");
}

#[test]
fn without_a_runtime_there_is_an_error_and_no_panic() {
    let db = Postgres::builder("postgres://postgres@127.0.0.1/none").build().unwrap();
    let error = block_on(User::all(&db)).unwrap_err();
    assert!(error.to_string().contains("there is no tokio runtime here"), "{error}");
}

#[tokio::test]
async fn a_pool_of_ones_own_is_a_source() {
    let Some(config) = config("connections_pool").await else { return };
    let manager = deadpool_postgres::Manager::new(config, tokio_postgres::NoTls);
    let pool = deadpool_postgres::Pool::builder(manager).max_size(1).build().unwrap();
    let db = Postgres::from(pool.clone());
    execute(&db, OWNERS).await;
    assert_eq!(Owner::all(&db).await.unwrap().len(), 0);
    let limited = PostgresBuilder::from(pool).keys_per_statement(2).build().unwrap();
    execute(&limited, "INSERT INTO owners SELECT generate_series(1, 5)").await;
    let owners = Owner::all(&limited).await.unwrap();
    let log = limited.record();
    owners[0].items(&limited).await.unwrap();
    assert_eq!(sent(&log), 3);
}
