//! The log of a `Db`: whatever its source is.

use std::time::Instant;

use relations_core::source::{Loaded, Plan, Reader, RelationLoader, Request, Settings, Source};
use relations_core::{CacheConfig, Db, HasMany, LoadMode, Relations, Result, block_on};
use relations_tests::blog::{self, Post, User};
use relations_tests::{relations, sent};

use super::{reading, users};

#[derive(Debug, Relations)]
struct Author {
    id: i64,
    #[has_many]
    books: HasMany<Book>,
}

#[derive(Debug, Relations)]
struct Book {
    id: i64,
    author_id: i64,
}

/// A server with two authors and a book of each.
#[derive(Default)]
struct Api(Settings);

struct Client;

impl Source for Api {
    type Session = Client;

    async fn run<P: Plan<Client>>(&self, plan: P) -> Result<P::Output> {
        plan.run(Reader::new(&Client)).await
    }

    fn settings(&self) -> &Settings {
        &self.0
    }
}

impl RelationLoader<Author, ()> for Client {
    async fn load(&self, request: Request<Author, ()>) -> Result<Loaded<Author, ()>> {
        let (started, mut loaded) = (Instant::now(), Loaded::default());
        [1, 2].into_iter().for_each(|id| loaded.rows.push(Author { id, books: HasMany::new() }));
        request.sent("GET /authors", 2, started);
        Ok(loaded)
    }

    async fn count(&self, _: Request<Author, ()>) -> Result<u64> {
        Ok(2)
    }
}

impl RelationLoader<Book, (i64,)> for Client {
    async fn load(&self, mut request: Request<Book, (i64,)>) -> Result<Loaded<Book, (i64,)>> {
        let mut loaded = Loaded::default();
        for (id,) in request.keys.take().unwrap_or_default() {
            let started = Instant::now();
            loaded.rows.push(Book { id: 10 * id, author_id: id });
            request.sent(format!("GET /authors/{id}/books"), 1, started);
        }
        Ok(loaded)
    }

    async fn count(&self, request: Request<Book, (i64,)>) -> Result<u64> {
        Ok(request.keys.map_or(0, |keys| keys.len() as u64))
    }
}

#[test]
fn a_source_of_ones_own_tells_what_it_sends() {
    let db = Db::builder(Api::default()).build().unwrap();
    let log = db.record();
    let authors = block_on(Author::all(&db)).unwrap();
    assert_eq!(block_on(authors[0].books(&db)).unwrap()[0].id, 10);
    let told: Vec<_> = log
        .statements()
        .into_iter()
        .map(|told| (told.sql.to_string(), told.relation, told.model, told.keys, told.rows))
        .collect();
    let books = Some("Author.books".to_owned());
    assert_eq!(
        told,
        [
            ("GET /authors".to_owned(), None, "Author", 0, 2),
            ("GET /authors/1/books".to_owned(), books.clone(), "Book", 2, 1),
            ("GET /authors/2/books".to_owned(), books, "Book", 2, 1),
        ]
    );
}

#[test]
fn a_log_holds_what_was_read_through_its_db_and_its_clones() {
    let db = reading(LoadMode::Batch);
    let (log, of_the_source) = (db.record(), db.source().record());
    block_on(async {
        let users = User::query().with(User::POSTS.with(Post::COMMENTS)).all(&db).await.unwrap();
        users[0].profile(&db.clone()).await.unwrap();
        users[0].reviews(&db.with_mode(LoadMode::Single)).await.unwrap();
        users.counts(User::POSTS, &db).await.unwrap();
        User::query().count(&db).await.unwrap();
        let names = [
            ("User", 0),
            ("User.posts", 3),
            ("Post.comments", 3),
            ("User.profile", 3),
            ("User.reviews", 1),
            ("User.posts", 3),
            ("User", 0),
        ];
        assert_eq!(relations(&log), names.map(|(name, keys)| (name.to_owned(), keys)));
        User::all(db.source()).await.unwrap();
        assert_eq!((sent(&log), sent(&of_the_source)), (7, 8), "the source's own log has more");
        let texts = |log: &relations_core::StatementLog| {
            log.statements().iter().map(|statement| statement.sql.clone()).take(7).collect::<Vec<_>>()
        };
        assert_eq!(texts(&log), texts(&of_the_source));
    });
}

#[test]
fn what_the_cache_answers_is_not_in_the_log() {
    let db = Db::builder(blog::db()).cache(CacheConfig::default()).build().unwrap();
    let log = db.record();
    for _ in 0..3 {
        assert_eq!(block_on(users(&db)[0].posts(&db)).unwrap().len(), 2);
    }
    assert_eq!(relations(&log).iter().filter(|(name, _)| name == "User.posts").count(), 1);
}

#[test]
fn a_transaction_has_a_log_of_its_own_and_is_in_that_of_its_db() {
    let db = reading(LoadMode::Batch);
    block_on(async {
        let log = db.record();
        User::all(&db).await.unwrap();
        let transaction = db.begin().await.unwrap();
        let own = transaction.record();
        User::all(&transaction).await.unwrap();
        transaction.rollback().await.unwrap();
        User::all(&db).await.unwrap();
        assert_eq!((sent(&log), sent(&own)), (3, 1));
    });
}

#[test]
fn a_db_on_another_is_in_the_logs_of_both() {
    let inner = reading(LoadMode::Batch);
    let outer = Db::builder(inner.clone()).build().unwrap();
    let (of_inner, of_outer) = (inner.record(), outer.record());
    block_on(async {
        User::all(&outer).await.unwrap();
        User::all(&inner).await.unwrap();
    });
    assert_eq!((sent(&of_inner), sent(&of_outer)), (2, 1));
}

#[test]
fn a_log_that_was_dropped_costs_nothing_more() {
    let db = reading(LoadMode::Batch);
    let log = db.record();
    users(&db);
    log.clear();
    assert_eq!(sent(&log), 0);
    drop(log);
    users(&db);
    let log = db.record();
    users(&db);
    assert_eq!(sent(&log), 1);
}
