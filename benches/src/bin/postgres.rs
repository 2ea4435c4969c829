//! The workloads on PostgreSQL, beside hand-written tokio-postgres and sqlx code by key lists:
//! `cargo run --release --features postgres --bin postgres -- postgres://postgres@localhost/bench big`. The tables are made
//! anew in a schema `relations_bench` of that database. After the size may follow the number of repetitions, and the start of
//! the names of the workloads to run.

use std::cmp::Reverse;
use std::hint::black_box;

use futures_util::future::{try_join, try_join_all};
use relations_benches::data::{Layout, Size, generate};
use relations_benches::hand::{Latest, Nested, Post, User, UserWithPosts, WithAuthors, nest, point};
use relations_benches::reach::{Reached, Visitor};
use relations_benches::runner::{Target, Variant, Workload, sample, sample_requests};
use relations_benches::workloads::{LATEST, SOME};
use relations_benches::{Result, model, ours, table};
use relations_core::{Postgres, Relations};
use rustc_hash::FxHashSet;
use sqlx::{PgPool, Row as _};
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls, Row, Statement};

const USERS: &str = "SELECT id, name, email, company_id FROM users";
const POSTS: &str = "SELECT id, user_id, title, body, views FROM posts";

const SCHEMA: &str = "
    DROP SCHEMA IF EXISTS relations_bench CASCADE; CREATE SCHEMA relations_bench;
    CREATE TABLE users (id BIGINT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, company_id BIGINT);
    CREATE TABLE posts (id BIGINT PRIMARY KEY, user_id BIGINT NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL,
                        views BIGINT NOT NULL);";

/// Hand-written tokio-postgres: statements prepared once, keys as one array.
struct Hand {
    client: Client,
    users: Statement,
    users_by_keys: Statement,
    first_users: Statement,
    user: Statement,
    posts: Statement,
    posts_by_users: Statement,
    first_posts: Statement,
    latest_posts: Statement,
}

fn user(row: &Row) -> Result<User> {
    let (id, name, email) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    Ok(User { id, name, email, company_id: row.try_get(3)? })
}

fn post(row: &Row) -> Result<Post> {
    let (id, user_id, title) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    Ok(Post { id, user_id, title, body: row.try_get(3)?, views: row.try_get(4)? })
}

fn all<T>(rows: &[Row], read: fn(&Row) -> Result<T>) -> Result<Vec<T>> {
    rows.iter().map(read).collect()
}

impl Hand {
    async fn new(client: Client) -> Result<Self> {
        let window = "SELECT id, user_id, title, body, views FROM (SELECT *, row_number() OVER (PARTITION BY user_id \
                      ORDER BY id DESC) AS place FROM posts WHERE user_id = ANY($1)) AS numbered WHERE place <= $2";
        Ok(Self {
            users: client.prepare(USERS).await?,
            users_by_keys: client.prepare(&format!("{USERS} WHERE id = ANY($1)")).await?,
            first_users: client.prepare(&format!("{USERS} WHERE id <= $1")).await?,
            user: client.prepare(&format!("{USERS} WHERE id = $1")).await?,
            posts: client.prepare(POSTS).await?,
            posts_by_users: client.prepare(&format!("{POSTS} WHERE user_id = ANY($1)")).await?,
            first_posts: client.prepare(&format!("{POSTS} WHERE id <= $1")).await?,
            latest_posts: client.prepare(window).await?,
            client,
        })
    }

    async fn users_with_posts(&self) -> Result<Nested> {
        let users = all(&self.client.query(&self.users, &[]).await?, user)?;
        let keys: Vec<i64> = users.iter().map(|user| user.id).collect();
        let posts = all(&self.client.query(&self.posts_by_users, &[&keys]).await?, post)?;
        Ok(Nested(nest(users, posts)))
    }

    async fn with_authors(&self, posts: Vec<Post>) -> Result<WithAuthors> {
        let keys: FxHashSet<i64> = posts.iter().map(|post| post.user_id).collect();
        let keys = Vec::from_iter(keys);
        point(posts, all(&self.client.query(&self.users_by_keys, &[&keys]).await?, user)?)
    }

    /// The authors one by one, all asked for before the first answer is awaited.
    async fn author_by_author(&self, posts: i64) -> Result<WithAuthors> {
        let posts = all(&self.client.query(&self.first_posts, &[&posts]).await?, post)?;
        let authors = try_join_all(posts.iter().map(|post| self.find(post.user_id))).await?;
        let mut seen = FxHashSet::default();
        let authors = authors.into_iter().filter(|author| seen.insert(author.id)).collect();
        point(posts, authors)
    }

    async fn find(&self, id: i64) -> Result<User> {
        user(&self.client.query_one(&self.user, &[&id]).await?)
    }

    async fn posts_of(&self, id: i64) -> Result<Vec<Post>> {
        all(&self.client.query(&self.posts_by_users, &[&[id].as_slice()]).await?, post)
    }

    async fn user_with_posts(&self, id: i64) -> Result<UserWithPosts> {
        Ok(UserWithPosts { user: self.find(id).await?, posts: self.posts_of(id).await? })
    }

    /// Both asked for at once, as only the key is needed.
    async fn user_and_posts(&self, id: i64) -> Result<UserWithPosts> {
        let (user, posts) = try_join(self.find(id), self.posts_of(id)).await?;
        Ok(UserWithPosts { user, posts })
    }

    async fn latest(&self, users: i64) -> Result<Latest> {
        let users = all(&self.client.query(&self.first_users, &[&users]).await?, user)?;
        let keys: Vec<i64> = users.iter().map(|user| user.id).collect();
        let posts = all(&self.client.query(&self.latest_posts, &[&keys, &i64::from(LATEST)]).await?, post)?;
        let mut nested = nest(users, posts);
        for user in &mut nested {
            user.posts.sort_unstable_by_key(|post| Reverse(post.id));
        }
        Ok(Latest(nested))
    }
}

/// Hand-written sqlx, with the same statements.
struct BySqlx(PgPool);

impl BySqlx {
    async fn users(&self, rows: Vec<sqlx::postgres::PgRow>) -> Result<Vec<User>> {
        let read = |row: &sqlx::postgres::PgRow| -> sqlx::Result<User> {
            let (id, name, email) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            Ok(User { id, name, email, company_id: row.try_get(3)? })
        };
        Ok(rows.iter().map(read).collect::<sqlx::Result<_>>()?)
    }

    async fn posts(&self, rows: Vec<sqlx::postgres::PgRow>) -> Result<Vec<Post>> {
        let read = |row: &sqlx::postgres::PgRow| -> sqlx::Result<Post> {
            let (id, user_id, title) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            Ok(Post { id, user_id, title, body: row.try_get(3)?, views: row.try_get(4)? })
        };
        Ok(rows.iter().map(read).collect::<sqlx::Result<_>>()?)
    }

    async fn users_with_posts(&self) -> Result<Nested> {
        let mut connection = self.0.acquire().await?;
        let users = sqlx::query("SELECT id, name, email, company_id FROM users").fetch_all(&mut *connection).await?;
        let users = self.users(users).await?;
        let keys: Vec<i64> = users.iter().map(|user| user.id).collect();
        let posts = sqlx::query("SELECT id, user_id, title, body, views FROM posts WHERE user_id = ANY($1)").bind(keys);
        let posts = self.posts(posts.fetch_all(&mut *connection).await?).await?;
        Ok(Nested(nest(users, posts)))
    }

    async fn posts_with_author(&self) -> Result<WithAuthors> {
        let mut connection = self.0.acquire().await?;
        let posts =
            sqlx::query("SELECT id, user_id, title, body, views FROM posts").fetch_all(&mut *connection).await?;
        let posts = self.posts(posts).await?;
        let keys: FxHashSet<i64> = posts.iter().map(|post| post.user_id).collect();
        let users = sqlx::query("SELECT id, name, email, company_id FROM users WHERE id = ANY($1)");
        let users = users.bind(Vec::from_iter(keys)).fetch_all(&mut *connection).await?;
        point(posts, self.users(users).await?)
    }
}

/// What two tasks reached.
struct Two<T>(T, T);

impl<T: Reached> Reached for Two<T> {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        self.0.walk(visitor)?;
        self.1.walk(visitor)
    }
}

/// One user with its posts, as one tree.
async fn tree(db: &Postgres, id: i64) -> Result<ours::UserWithPosts> {
    let user = model::User::by_key(id).with(model::User::POSTS).one(db).await?;
    Ok(ours::UserWithPosts(user.ok_or("there is no such user")?))
}

/// One user with its posts, by two loads.
async fn find_then_posts(db: &Postgres, id: i64) -> Result<ours::UserWithPosts> {
    let user = model::User::find(db, id).await?.ok_or("there is no such user")?;
    user.posts(db).await?;
    Ok(ours::UserWithPosts(user))
}

/// Copies users and posts from the SQLite file that the other workloads read.
async fn fill(client: &Client, size: Size) -> Result<()> {
    let directory = tempfile::tempdir()?;
    let path = directory.path().join("bench.db");
    generate(&path, size, Layout::Turns)?;
    let from = rusqlite::Connection::open(path)?;
    client.batch_execute(SCHEMA).await?;
    type Column<T> = Vec<T>;
    let mut users: (Column<i64>, Column<String>, Column<String>, Column<Option<i64>>) = Default::default();
    let mut statement = from.prepare(USERS)?;
    let mut rows = statement.query(())?;
    while let Some(row) = rows.next()? {
        users.0.push(row.get(0)?);
        users.1.push(row.get(1)?);
        users.2.push(row.get(2)?);
        users.3.push(row.get(3)?);
    }
    let insert = "INSERT INTO users SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[])";
    client.execute(insert, &[&users.0, &users.1, &users.2, &users.3]).await?;
    let mut posts: (Column<i64>, Column<i64>, Column<String>, Column<String>, Column<i64>) = Default::default();
    let mut statement = from.prepare(POSTS)?;
    let mut rows = statement.query(())?;
    while let Some(row) = rows.next()? {
        posts.0.push(row.get(0)?);
        posts.1.push(row.get(1)?);
        posts.2.push(row.get(2)?);
        posts.3.push(row.get(3)?);
        posts.4.push(row.get(4)?);
    }
    let insert =
        "INSERT INTO posts SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::bigint[])";
    client.execute(insert, &[&posts.0, &posts.1, &posts.2, &posts.3, &posts.4]).await?;
    client.batch_execute("CREATE INDEX posts_user_id ON posts (user_id); ANALYZE users; ANALYZE posts").await?;
    Ok(())
}

/// Both sides, each with its connections.
struct Sides {
    runtime: Runtime,
    hand: Hand,
    by_sqlx: BySqlx,
    db: Postgres,
    users: i64,
}

impl Sides {
    fn workloads(&self) -> Vec<Workload<'_>> {
        let Self { runtime, hand, by_sqlx, db, users } = self;
        let pool = &by_sqlx.0;
        let keys: Vec<i64> = (0..200).map(|at| at * 7_919 % users + 1).collect();
        let (lone, pipelined, by_find, by_key) = (keys.clone(), keys.clone(), keys.clone(), keys.clone());
        let (pairs, by_two, in_turn, two_trees) = (keys.clone(), keys.clone(), keys.clone(), keys);
        let first_posts = model::Post::ID.le(SOME);
        let second = first_posts.clone();
        vec![
            Workload {
                name: "W1",
                title: "all users with their posts",
                variants: vec![
                    Variant::new("hand, tokio-postgres", Target::Base, || {
                        sample(|| runtime.block_on(hand.users_with_posts()))
                    }),
                    Variant::new("ours, Postgres", Target::Ratio(1.15), || {
                        let query = model::User::query().with(model::User::POSTS);
                        sample(|| Ok(ours::UsersWithPosts(runtime.block_on(query.all(db))?)))
                    }),
                ],
            },
            Workload {
                name: "W1s",
                title: "the same by sqlx",
                variants: vec![
                    Variant::new("hand, sqlx", Target::Base, || {
                        sample(|| runtime.block_on(by_sqlx.users_with_posts()))
                    }),
                    Variant::new("ours, PgPool", Target::Ratio(1.1), || {
                        let query = model::User::query().with(model::User::POSTS);
                        sample(|| Ok(ours::UsersWithPosts(runtime.block_on(query.all(pool))?)))
                    }),
                ],
            },
            Workload {
                name: "W2",
                title: "all posts with their author",
                variants: vec![
                    Variant::new("hand, tokio-postgres", Target::Base, || {
                        sample(|| {
                            runtime.block_on(async {
                                hand.with_authors(all(&hand.client.query(&hand.posts, &[]).await?, post)?).await
                            })
                        })
                    }),
                    Variant::new("ours, Postgres", Target::Ratio(1.15), || {
                        let query = model::Post::query().with(model::Post::AUTHOR);
                        sample(|| Ok(ours::WithAuthors(runtime.block_on(query.all(db))?)))
                    }),
                ],
            },
            Workload {
                name: "W2s",
                title: "the same by sqlx",
                variants: vec![
                    Variant::new("hand, sqlx", Target::Base, || {
                        sample(|| runtime.block_on(by_sqlx.posts_with_author()))
                    }),
                    Variant::new("ours, PgPool", Target::Ratio(1.1), || {
                        let query = model::Post::query().with(model::Post::AUTHOR);
                        sample(|| Ok(ours::WithAuthors(runtime.block_on(query.all(pool))?)))
                    }),
                ],
            },
            Workload {
                name: "W2k",
                title: "1,000 posts with their author",
                variants: vec![
                    Variant::new("hand, tokio-postgres", Target::Base, || {
                        sample(|| {
                            runtime.block_on(async {
                                let posts = hand.client.query(&hand.first_posts, &[&SOME]).await?;
                                hand.with_authors(all(&posts, post)?).await
                            })
                        })
                    }),
                    Variant::new("ours, Postgres", Target::Ratio(1.15), move || {
                        let query = model::Post::query().filter(first_posts.clone()).with(model::Post::AUTHOR);
                        sample(|| Ok(ours::WithAuthors(runtime.block_on(query.all(db))?)))
                    }),
                ],
            },
            Workload {
                name: "W5",
                title: "the author of 1,000 posts, read in a loop",
                variants: vec![
                    Variant::new("hand, pipelined", Target::Base, || {
                        sample(|| runtime.block_on(hand.author_by_author(SOME)))
                    }),
                    Variant::new("ours, Postgres, a plain loop", Target::Ratio(0.2), move || {
                        sample(|| {
                            let read = async {
                                let posts = model::Post::query().filter(second.clone()).all(db).await?;
                                for post in &posts {
                                    black_box(&post.author(db).await?.name);
                                }
                                relations_core::Result::<_, relations_core::Error>::Ok(posts)
                            };
                            Ok(ours::WithAuthors(runtime.block_on(read)?))
                        })
                    }),
                ],
            },
            Workload {
                name: "W6",
                title: "one user by key with its posts",
                variants: vec![
                    Variant::new("hand, one after the other", Target::None, move || {
                        sample_requests(&lone, |id| runtime.block_on(hand.user_with_posts(id)))
                    }),
                    Variant::new("hand, pipelined", Target::Base, move || {
                        sample_requests(&pipelined, |id| runtime.block_on(hand.user_and_posts(id)))
                    }),
                    Variant::new("ours, find and accessor", Target::None, move || {
                        sample_requests(&by_find, |id| runtime.block_on(find_then_posts(db, id)))
                    }),
                    Variant::new("ours, as one tree", Target::Ratio(1.1), move || {
                        sample_requests(&by_key, |id| runtime.block_on(tree(db, id)))
                    }),
                ],
            },
            Workload {
                name: "W6t2",
                title: "the same by two at the same time, a pair of requests",
                variants: vec![
                    Variant::new("hand, one after the other on one connection", Target::None, move || {
                        sample_requests(&in_turn, |id| {
                            let both = try_join(hand.user_with_posts(id), hand.user_with_posts(id % users + 1));
                            runtime.block_on(both).map(|(one, other)| Two(one, other))
                        })
                    }),
                    Variant::new("hand, pipelined on one connection", Target::Base, move || {
                        sample_requests(&pairs, |id| {
                            let both = try_join(hand.user_and_posts(id), hand.user_and_posts(id % users + 1));
                            runtime.block_on(both).map(|(one, other)| Two(one, other))
                        })
                    }),
                    Variant::new("ours, find and accessor", Target::None, move || {
                        sample_requests(&by_two, |id| {
                            let both = try_join(find_then_posts(db, id), find_then_posts(db, id % users + 1));
                            runtime.block_on(both).map(|(one, other)| Two(one, other))
                        })
                    }),
                    Variant::new("ours, as one tree", Target::Ratio(1.2), move || {
                        sample_requests(&two_trees, |id| {
                            let both = try_join(tree(db, id), tree(db, id % users + 1));
                            runtime.block_on(both).map(|(one, other)| Two(one, other))
                        })
                    }),
                ],
            },
            Workload {
                name: "W8",
                title: "the latest 3 posts of 1,000 users",
                variants: vec![
                    Variant::new("hand, window", Target::Base, || sample(|| runtime.block_on(hand.latest(SOME)))),
                    Variant::new("ours, Postgres", Target::Ratio(1.15), || {
                        let posts = model::User::POSTS.order_by(model::Post::ID.desc()).limit(LATEST);
                        let query = model::User::query().filter(model::User::ID.le(SOME)).with(posts);
                        sample(|| Ok(ours::Latest(runtime.block_on(query.all(db))?)))
                    }),
                ],
            },
        ]
    }
}

fn main() -> Result<()> {
    let mut words = std::env::args().skip(1);
    let usage = "usage: postgres URL small|big [REPETITIONS [WORKLOADS]]";
    let url = words.next().ok_or(usage)?;
    let size = Size::parse(&words.next().ok_or(usage)?).ok_or(usage)?;
    let repetitions = words.next().map_or(Ok(9), |number| number.parse())?;
    let only = words.next().unwrap_or_default();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let mut config: tokio_postgres::Config = url.parse()?;
    config.options("-c search_path=relations_bench");
    let (hand, by_sqlx, db) = runtime.block_on(async {
        let (client, connection) = config.connect(NoTls).await?;
        tokio::spawn(connection);
        fill(&client, size).await?;
        let options: sqlx::postgres::PgConnectOptions = url.parse()?;
        let pool = PgPool::connect_with(options.options([("search_path", "relations_bench")])).await?;
        let db = relations_core::PostgresBuilder::from(config.clone()).connections(2).build()?;
        Result::Ok((Hand::new(client).await?, BySqlx(pool), db))
    })?;
    let sides = Sides { runtime, hand, by_sqlx, db, users: size.users() };
    let mut measured = Vec::new();
    for mut workload in sides.workloads().into_iter().filter(|workload| workload.name.starts_with(&only)) {
        measured.push((workload.name, workload.title, workload.measure(repetitions)?));
    }
    println!("\nPostgreSQL, data {}, medians of {repetitions} interleaved repetitions", size.name());
    table::head();
    let missed: usize = measured.iter().map(|(name, title, rows)| table::workload(name, title, rows)).sum();
    println!("\n{missed} targets missed; all results equal");
    Ok(())
}
