//! Rows whose keys were changed, and rows that only an order tells apart.

use crate::blog::{self, Post, Profile, User};
use crate::{block_on, database, execute, sent};
use relations_core::{BelongsTo, HasMany, HasOne, Many, Relations};

#[test]
fn a_changed_key_reads_the_new_list_where_the_old_one_was_empty() {
    block_on(async {
        let db = blog::db();
        let users = User::query().with(User::POSTS).all(&db).await.unwrap();
        let mut cid = users[2].clone();
        assert!(cid.posts(&db).await.unwrap().is_empty());
        cid.id = 1;
        assert_eq!(cid.posts(&db).await.unwrap().len(), 2);
    });
}

#[test]
fn loading_onto_rows_whose_foreign_key_was_changed_loads_the_new_target() {
    block_on(async {
        let db = blog::db();
        let posts = Post::query().with(Post::USER).all(&db).await.unwrap();
        let mut post = posts[0].clone();
        post.user_id = Some(2);
        let posts = Many::from(vec![post]);
        posts.load(Post::USER.with(User::PROFILE), &db).await.unwrap();
        let log = db.record();
        assert_eq!(posts[0].user.get().unwrap().unwrap().name, "Bob");
        let bob = posts[0].user(&db).await.unwrap().unwrap();
        assert_eq!(bob.profile.get().unwrap().unwrap().bio, "reads");
        assert_eq!(sent(&log), 0);
    });
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "authors")]
struct Author {
    #[relations(key)]
    id: i64,
    #[has_many]
    books: HasMany<Book>,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "books")]
struct Book {
    #[relations(key)]
    id: i64,
    author_id: i64,
    pages: i64,
    #[belongs_to]
    author: BelongsTo<Option<Author>>,
}

on_sqlite! {
#[test]
fn a_changed_key_leaves_the_failure_of_the_old_one_behind() {
    block_on(async {
        let db = database(
            "CREATE TABLE authors (id INTEGER PRIMARY KEY); INSERT INTO authors VALUES (1), (2);
             CREATE TABLE books (id INTEGER PRIMARY KEY, author_id INTEGER, pages);",
            "INSERT INTO books VALUES (1, 1, 100), (2, 2, 'many')",
        );
        let authors = Author::query().with(Author::BOOKS).all(&db).await.unwrap();
        let mut author = authors[1].clone();
        assert!(author.books(&db).await.is_err());
        author.id = 1;
        assert_eq!(author.books(&db).await.unwrap().len(), 1);
    });
}
}

#[test]
fn the_way_back_of_a_has_one_with_two_rows_is_the_row_that_every_other_way_gives() {
    block_on(async {
        let db = blog::db();
        execute(&db, "INSERT INTO profiles VALUES (9, 1, 'later')");
        let profile = Profile::find(&db, 9).await.unwrap().unwrap();
        let ann = profile.user(&db).await.unwrap();
        assert_eq!(ann.profile(&db).await.unwrap().unwrap().bio, "writes");
        let profiles = Profile::query().order_by(Profile::ID.desc()).with(Profile::USER).all(&db).await.unwrap();
        let ann = profiles[0].user(&db).await.unwrap();
        assert_eq!(ann.profile(&db).await.unwrap().unwrap().bio, "writes");
    });
}

#[derive(Debug, Relations)]
#[relations(table = "users")]
struct Ranked {
    #[relations(key)]
    id: i64,
    #[has_one(foreign_key = user_id, order_by(score desc))]
    best: HasOne<Option<Post>>,
    #[has_one(foreign_key = user_id, order_by(score))]
    worst: HasOne<Option<Post>>,
    #[has_many(foreign_key = user_id, order_by(score desc))]
    ranked: HasMany<Post>,
}

fn ties() -> crate::Db {
    let db = blog::empty();
    execute(
        &db,
        "INSERT INTO users VALUES (1, 'Ann'), (2, 'Bob');
         INSERT INTO posts (id, user_id, headline, score) VALUES (1, 1, 'a', 5), (2, 1, 'b', 5), (3, 2, 'c', 5);
         DROP INDEX posts_user; CREATE INDEX posts_best ON posts (user_id, score)",
    );
    db
}

#[test]
fn a_has_one_with_an_order_breaks_ties_by_the_key_in_the_direction_of_the_order() {
    block_on(async {
        let db = ties();
        let users = Ranked::query().with(Ranked::BEST).with(Ranked::WORST).all(&db).await.unwrap();
        assert_eq!(users[0].best.get().unwrap().unwrap().id, 2);
        assert_eq!(users[0].worst.get().unwrap().unwrap().id, 1);
        assert_eq!(users[0].id, 1);
    });
}

#[test]
fn a_limit_of_one_owner_orders_ties_like_that_of_many() {
    block_on(async {
        let db = ties();
        let users = Ranked::query().with(Ranked::RANKED.limit(2)).all(&db).await.unwrap();
        let alone = Ranked::find(&db, 1).await.unwrap().unwrap();
        alone.load(Ranked::RANKED.limit(2), &db).await.unwrap();
        assert_eq!(users[0].ranked.get_partial().unwrap(), alone.ranked.get_partial().unwrap());
    });
}
