//! A query that says which key its rows have asks for the relations by that key together with the rows.

use relations_core::{CacheConfig, Db, HasMany, ManyToMany, Postgres, PostgresBuilder, Relations, StatementLog};
use relations_tests::blog::{self, Comment, Node, Post, User};
use relations_tests::school::{self, Person};
use tokio_postgres::Config;

use super::proxy::Proxy;
use super::{Polls, builder, config, database, execute, translated};

/// Loads twice, the second time with answers held back until so many statements have been sent.
async fn together<T>(schema: &str, sql: &[&str], statements: usize, load: impl AsyncFn(&Postgres) -> T) -> Option<T> {
    let config: Config = config(schema).await?;
    execute(&PostgresBuilder::from(config.clone()).build().unwrap(), &translated(sql)).await;
    let (proxy, config) = Proxy::before(&config).await;
    let db = PostgresBuilder::from(config).connections(1).build().unwrap();
    load(&db).await;
    Some(proxy.hold_until_asked(statements, load(&db)).await)
}

const BLOG: [&str; 2] = [blog::SCHEMA, blog::ROWS];

/// The models whose rows were read, in order.
fn models(log: &StatementLog) -> Vec<&'static str> {
    let models = log.statements().iter().map(|statement| statement.model).collect();
    log.clear();
    models
}

#[tokio::test]
async fn a_row_by_key_and_its_relations_by_that_key_are_asked_together() {
    let load = async |db: &Postgres| {
        let tree = User::by_key(1).with(User::POSTS.with(Post::COMMENTS)).with(User::PROFILE);
        tree.one(db).await.unwrap().unwrap()
    };
    let Some(ann) = together("early_by_key", &BLOG, 3, load).await else { return };
    let posts = ann.posts.get().unwrap();
    assert_eq!(posts.iter().map(|post| post.comments.get().unwrap().len()).collect::<Vec<_>>(), [3, 1]);
    assert_eq!(posts[0].user.get().unwrap().unwrap().name, "Ann");
    assert_eq!(ann.profile.get().unwrap().unwrap().bio, "writes");
}

#[tokio::test]
async fn a_filter_that_says_the_key_will_do() {
    let load = async |db: &Postgres| {
        let ann = User::NAME.eq("Ann").and(User::ID.eq(1));
        User::query().filter(ann).with(User::POSTS).all(db).await.unwrap()
    };
    let Some(users) = together("early_filter", &BLOG, 2, load).await else { return };
    assert_eq!((users.len(), users[0].posts.get().unwrap().len()), (1, 2));
}

#[tokio::test]
async fn the_rows_of_a_relation_and_what_their_key_leads_to_are_asked_together() {
    let Some(db) = database("early_query", &BLOG).await else { return };
    let users = User::query().order_by(User::ID.asc()).all(&db).await.unwrap();
    let log = db.record();
    let posts = users[1].posts_query().with(Post::USER).all(&db).await.unwrap();
    assert_eq!((posts.len(), &*posts[0].user.get().unwrap().unwrap().name), (1, "Bob"));
    // Cid has none, which is not known when he is asked for.
    assert!(users[2].posts_query().with(Post::USER).all(&db).await.unwrap().is_empty());
    assert_eq!(models(&log), ["Post", "User", "Post", "User"]);
}

#[tokio::test]
async fn the_first_level_of_a_recursion_is_asked_together_with_its_start() {
    let load = async |db: &Postgres| Node::by_key(1).with(Node::CHILDREN.recursive()).one(db).await.unwrap().unwrap();
    let Some(root) = together("early_recursion", &BLOG, 2, load).await else { return };
    let children = root.children.get().unwrap();
    assert_eq!(children.iter().map(|node| node.children.get().unwrap().len()).collect::<Vec<_>>(), [1, 0]);
}

#[tokio::test]
async fn join_tables_and_ways_over_others_start_together_with_the_row() {
    let load = async |db: &Postgres| {
        let tree = Person::by_key(1).with(Person::CLUBS).with(Person::CRITICS).with(Person::BADGE);
        tree.one(db).await.unwrap().unwrap()
    };
    let Some(ann) = together("early_join_tables", &[school::SCHEMA, school::ROWS], 4, load).await else { return };
    assert_eq!(ann.clubs.get().unwrap().iter().map(|club| club.id).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(ann.critics.get().unwrap().iter().map(|critic| critic.id).collect::<Vec<_>>(), [2]);
    assert_eq!(ann.badge.get().unwrap().unwrap().day, 30);
}

#[tokio::test]
async fn what_was_found_for_a_row_that_is_not_there_is_dropped() {
    let Some(db) = database("early_absent", &BLOG).await else { return };
    execute(&db, "INSERT INTO posts VALUES (6, 77, NULL, 'six', 60)").await;
    let log = db.record();
    assert!(User::by_key(77).with(User::POSTS).one(&db).await.unwrap().is_none());
    assert_eq!(models(&log), ["User", "Post"]);
    assert!(User::by_key(1).filter(User::NAME.eq("Bob")).with(User::POSTS).one(&db).await.unwrap().is_none());
    assert!(User::by_key(1).with(User::POSTS).offset(1).one(&db).await.unwrap().is_none());
}

#[tokio::test]
async fn a_key_that_is_not_said_is_waited_for() {
    let Some(db) = database("early_unknown", &BLOG).await else { return };
    let log = db.record();
    let either = User::ID.eq(7).or(User::NAME.eq("Nobody"));
    assert!(User::query().filter(either).with(User::POSTS).all(&db).await.unwrap().is_empty());
    let neither = (!User::ID.eq(7)).and(User::NAME.eq("Nobody"));
    assert!(User::query().filter(neither).with(User::POSTS).all(&db).await.unwrap().is_empty());
    // The key of a post does not tell who wrote it.
    assert!(Post::by_key(7).with(Post::USER).one(&db).await.unwrap().is_none());
    assert_eq!(models(&log), ["User", "User", "Post"]);
}

#[tokio::test]
async fn a_part_of_a_relation_is_the_part_that_it_is_of_a_row_that_is_there() {
    let Some(db) = database("early_part", &BLOG).await else { return };
    let part = || User::POSTS.filter(Post::SCORE.ge(10)).order_by(Post::SCORE.desc()).limit(1).with(Post::COMMENTS);
    let early = User::by_key(1).with(part()).one(&db).await.unwrap().unwrap();
    let late = User::find(&db, 1).await.unwrap().unwrap();
    late.load(part(), &db).await.unwrap();
    assert_eq!(early.posts.get_partial().unwrap()[..], late.posts.get_partial().unwrap()[..]);
    assert_eq!(early.posts.get_partial().unwrap()[0].title, "two");
    assert!(early.posts.get().is_err());
}

#[tokio::test]
async fn a_field_that_stands_in_the_tree_twice_is_asked_for_once() {
    let Some(db) = database("early_twice", &BLOG).await else { return };
    let log = db.record();
    let query = User::by_key(1).with(User::POSTS.with(Post::COMMENTS)).with(User::POSTS.with(Post::REVIEWER));
    let ann = query.one(&db).await.unwrap().unwrap();
    assert_eq!(models(&log), ["User", "Post", "Comment", "User"]);
    let posts = ann.posts.get().unwrap();
    assert!(posts.iter().all(|post| post.comments.is_loaded() && post.reviewer.is_loaded()));
}

#[derive(Debug, Relations)]
#[relations(table = "shelves")]
struct Shelf {
    #[relations(key)]
    name: String,
    #[has_many(foreign_key = shelf)]
    books: HasMany<Book>,
    #[many_to_many(table = "labels", foreign_key = shelf, target_key = book)]
    labelled: ManyToMany<Book>,
}

#[derive(Debug, Relations)]
#[relations(table = "books")]
struct Book {
    #[relations(key)]
    id: i64,
    shelf: String,
}

#[tokio::test]
async fn rows_whose_key_the_database_takes_for_equal_have_the_relations_of_their_own_key() {
    let shelves = "
        CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
        CREATE TABLE shelves (name text COLLATE any_case PRIMARY KEY); CREATE TABLE books (id int8, shelf text NOT NULL);
        CREATE TABLE labels (shelf text NOT NULL, book int8 NOT NULL);
        INSERT INTO shelves VALUES ('upper'); INSERT INTO books VALUES (1, 'upper'), (2, 'UPPER');
        INSERT INTO labels VALUES ('upper', 2), ('UPPER', 1);";
    let Some(db) = database("early_equal", &[shelves]).await else { return };
    let shelf = Shelf::by_key("UPPER").with(Shelf::BOOKS).with(Shelf::LABELLED).one(&db).await.unwrap().unwrap();
    assert_eq!(shelf.name, "upper");
    assert_eq!(shelf.books.get().unwrap().iter().map(|book| book.id).collect::<Vec<_>>(), [1]);
    assert_eq!(shelf.labelled.get().unwrap().iter().map(|book| book.id).collect::<Vec<_>>(), [2]);
}

#[tokio::test]
async fn a_statement_that_fails_fails_the_query() {
    let Some(db) = database("early_failure", &BLOG).await else { return };
    execute(&db, "ALTER TABLE posts DROP COLUMN score").await;
    for _ in 0..2 {
        let error = User::by_key(1).with(User::POSTS).one(&db).await.unwrap_err();
        assert!(error.to_string().contains("score"), "{error}");
        execute(&db, "SELECT 1").await;
    }
    execute(&db, "ALTER TABLE users DROP COLUMN name").await;
    let error = User::by_key(1).with(User::POSTS).one(&db).await.unwrap_err();
    assert!(error.to_string().contains("name"), "the first that failed: {error}");
}

#[tokio::test]
async fn transactions_and_snapshots_ask_together_too() {
    let Some(builder) = builder("early_transaction", &BLOG).await else { return };
    let db = builder.connections(1).snapshot(true).build().unwrap();
    let query = || User::by_key(4).with(User::POSTS);
    let transaction = db.begin().await.unwrap();
    let write = "INSERT INTO users VALUES (4, 'Dan'); INSERT INTO posts VALUES (6, 4, NULL, 'six', 60)";
    transaction.client().unwrap().batch_execute(write).await.unwrap();
    let log = db.record();
    let dan = query().one(&transaction).await.unwrap().unwrap();
    assert_eq!((dan.posts.get().unwrap().len(), models(&log)), (1, vec!["User", "Post"]));
    transaction.rollback().await.unwrap();
    assert!(query().one(&db).await.unwrap().is_none());
    assert_eq!(models(&log), ["User", "Post"]);
}

#[tokio::test]
async fn a_shared_cache_is_asked_first_and_keeps_what_was_found() {
    let Some(db) = database("early_cache", &BLOG).await else { return };
    let log = db.record();
    let db = Db::builder(db).cache(CacheConfig::default()).build().unwrap();
    let query = || User::by_key(1).with(User::POSTS);
    assert_eq!(query().one(&db).await.unwrap().unwrap().posts.get().unwrap().len(), 2);
    assert_eq!(models(&log), ["User", "Post"]);
    assert_eq!(query().one(&db).await.unwrap().unwrap().posts.get().unwrap().len(), 2);
    assert_eq!(models(&log), ["User"]);
}

async fn ann(db: &Postgres) -> usize {
    let tree = User::POSTS.with(Post::COMMENTS.with(Comment::USER));
    let ann = User::by_key(1).with(tree).with(User::REVIEWS).one(db).await.unwrap().unwrap();
    ann.posts.get().unwrap().len() + ann.reviews.get().unwrap().len()
}

#[tokio::test]
async fn a_query_that_is_dropped_at_any_await_leaves_its_connection_usable() {
    let Some(builder) = builder("early_dropped", &BLOG).await else { return };
    for snapshot in [false, true] {
        let db = builder.clone().connections(1).snapshot(snapshot).build().unwrap();
        let mut is_done = false;
        for polls in 0.. {
            if polls % 2 == 0 {
                db.client().await.unwrap().statement_cache.clear();
            }
            is_done |= polls % 2 == 0 && Polls::new(polls, ann(&db)).await.is_some();
            assert_eq!(ann(&db).await, 3);
            if is_done {
                break;
            }
            assert!(polls < 1_000, "a query ends");
        }
    }
}
