//! Relations of all rows that a table has: the table of the targets is read from end to end, without looking for keys.
//! What is loaded is the same either way.

use std::fmt::Write;
use std::sync::Arc;

use crate::blog::{self, Comment, Post, Profile, User};
use crate::shop::{self, Line, Order};
use crate::tags::{self, Article};
use crate::{Db, TestSource, block_on, database, execute};
use relations_core::{Relations, StatementLog};

/// More owners than are looked for by their keys in any case.
const MANY: i64 = 50;

/// Inserts rows by the number of each.
fn insert(db: &Db, into: &str, rows: i64, row: impl Fn(i64) -> String) {
    let mut sql = format!("INSERT INTO {into} VALUES ");
    for number in 1..=rows {
        let comma = if number > 1 { ", " } else { "" };
        write!(sql, "{comma}({})", row(number)).unwrap();
    }
    execute(db, &sql);
}

/// Posts of two users, each with three comments, the first of all with none; the comments take turns. Three comments are
/// of posts that are not there.
fn posts_with_comments() -> Db {
    let db = blog::empty();
    insert(&db, "users", MANY, |id| format!("{id}, 'User {id}'"));
    insert(&db, "profiles", MANY, |id| format!("{id}, {}, 'Bio {id}'", MANY + 1 - id));
    insert(&db, "posts", MANY, |id| format!("{id}, {}, NULL, 'Post {id}', {id}", id % 2 + 1));
    insert(&db, "comments", MANY * 3, |id| format!("{id}, {}, {}, 'Comment {id}'", id % MANY + 2, id % MANY + 1));
    db
}

fn last(log: &StatementLog) -> (Arc<str>, usize) {
    let last = log.statements().pop().unwrap();
    (last.sql, last.keys)
}

/// Whether the last statement read the table without keys.
fn is_scan(log: &StatementLog) -> bool {
    let (sql, keys) = last(log);
    keys == 0 && sql.contains("IS NOT NULL")
}

#[test]
fn targets_of_all_owners_are_read_without_their_keys() {
    block_on(async {
        let db = posts_with_comments();
        let log = db.log();
        let posts = Post::query().with(Post::COMMENTS).all(&db).await.unwrap();
        assert!(is_scan(&log), "{:?}", last(&log));
        assert_eq!(log.statements().len(), 2);
        for post in &posts {
            let comments: Vec<i64> = post.comments.get().unwrap().iter().map(|comment| comment.id).collect();
            // In the order that the relation declares.
            let expected = (1..=MANY * 3).rev().filter(|id| id % MANY + 2 == post.id);
            assert_eq!(comments, expected.collect::<Vec<_>>(), "of post {}", post.id);
        }
        assert!(posts[0].comments.get().unwrap().is_empty());
    });
}

#[test]
fn what_all_owners_lead_to_goes_on_without_keys() {
    block_on(async {
        let db = posts_with_comments();
        let log = db.log();
        let posts = Post::query().with(Post::COMMENTS.with(Comment::USER)).all(&db).await.unwrap();
        let statements = log.statements();
        assert!(statements[1].sql.contains("IS NOT NULL"));
        assert_eq!(statements[2].keys, usize::try_from(MANY).unwrap(), "users are looked for by their keys");
        let comment = &posts[4].comments.get().unwrap()[0];
        assert_eq!(comment.user.get().unwrap().map(|user| user.id), comment.user_id);
    });
}

#[test]
fn a_has_one_of_all_owners_is_read_without_their_keys() {
    block_on(async {
        let db = posts_with_comments();
        execute(&db, "INSERT INTO profiles VALUES (1000, 7, 'later')");
        let log = db.log();
        let users = User::query().with(User::PROFILE.with(Profile::USER)).all(&db).await.unwrap();
        assert!(log.statements()[1].sql.contains("IS NOT NULL"));
        let profile = users[6].profile.get().unwrap().unwrap();
        assert_eq!(profile.id, MANY + 1 - 7, "the smallest key of its own");
        assert_eq!(profile.user.get().unwrap().name, "User 7");
    });
}

#[test]
fn owners_under_a_condition_or_a_limit_are_looked_for_by_their_keys() {
    block_on(async {
        let db = posts_with_comments();
        let log = db.log();
        Post::query().filter(Post::ID.gt(0)).with(Post::COMMENTS).all(&db).await.unwrap();
        assert_eq!(last(&log).1, usize::try_from(MANY).unwrap());
        Post::query().limit(40).with(Post::COMMENTS).all(&db).await.unwrap();
        assert_eq!(last(&log).1, 40);
        let posts = Post::query().all(&db).await.unwrap();
        posts[0].comments(&db).await.unwrap();
        assert_eq!(last(&log).1, usize::try_from(MANY).unwrap(), "what is read later may have changed meanwhile");
    });
}

#[test]
fn few_owners_are_looked_for_by_their_keys() {
    block_on(async {
        let db = blog::db();
        let log = db.log();
        Post::query().with(Post::COMMENTS).all(&db).await.unwrap();
        assert_eq!(last(&log).1, 5);
    });
}

#[test]
fn targets_that_may_have_no_owner_are_looked_for_by_keys() {
    block_on(async {
        let db = posts_with_comments();
        let log = db.log();
        User::query().with(User::POSTS).all(&db).await.unwrap();
        assert_eq!(last(&log).1, usize::try_from(MANY).unwrap());
        User::query().with(User::POSTS.with(Post::COMMENTS)).all(&db).await.unwrap();
        assert_eq!(last(&log).1, usize::try_from(MANY).unwrap(), "nor are their own targets all that there are");
    });
}

#[test]
fn a_filter_on_the_targets_stays_and_a_limit_asks_by_keys() {
    block_on(async {
        let db = posts_with_comments();
        let log = db.log();
        let filtered = Post::COMMENTS.filter(Comment::ID.gt(MANY * 2));
        let posts = Post::query().with(filtered).all(&db).await.unwrap();
        assert!(is_scan(&log), "{:?}", last(&log));
        let comments: usize = posts.iter().map(|post| post.comments.get_partial().unwrap().len()).sum();
        assert_eq!(i64::try_from(comments).unwrap(), MANY - 1, "those of the last round, but one that leads nowhere");
        let latest = Post::COMMENTS.order_by(Comment::ID.desc()).limit(1);
        let posts = Post::query().with(latest).all(&db).await.unwrap();
        assert_eq!(last(&log).1, usize::try_from(MANY).unwrap());
        assert_eq!(posts[3].comments.get_partial().unwrap()[0].id, MANY * 2 + 2);
    });
}

#[test]
fn keys_of_several_columns_and_a_declared_order_hold_in_a_whole_table() {
    block_on(async {
        let db = shop::empty();
        insert(&db, "orders", MANY, |id| format!("{}, {id}, 'Order {id}'", id % 2));
        // The lines of an order come from the last to the first.
        insert(&db, "lines", MANY * 2, |at| {
            let id = (at - 1) % MANY + 1;
            format!("{}, {id}, {}, NULL", id % 2, 10 - at / MANY)
        });
        let log = db.log();
        let orders = Order::query().with(Order::LINES.with(Line::ORDER)).all(&db).await.unwrap();
        assert!(is_scan(&log), "{:?}", last(&log));
        for order in &orders {
            let lines = order.lines.get().unwrap();
            assert_eq!(lines.len(), 2, "of order {}", order.id);
            assert!(lines.iter().all(|line| (line.shop_id, line.order_id) == (order.shop_id, order.id)));
            assert!(lines[0].n < lines[1].n);
        }
    });
}

#[test]
fn a_join_table_of_all_owners_is_read_without_their_keys() {
    block_on(async {
        let db = tags::empty();
        insert(&db, "articles", MANY, |id| format!("{id}, 'Article {id}'"));
        insert(&db, "people", 5, |id| format!("{id}, 'Person {id}'"));
        insert(&db, "article_readers", MANY * 2, |at| format!("{}, {}", at % MANY + 1, at % 5 + 1));
        execute(&db, "INSERT INTO article_readers VALUES (NULL, 1), (999, 2)");
        let log = db.log();
        let articles = Article::query().with(Article::READERS).all(&db).await.unwrap();
        let statements = log.statements();
        assert!(statements[1].keys == 0 && statements[1].sql.contains("IS NOT NULL"), "{}", statements[1].sql);
        assert_eq!(statements[2].keys, 5, "each target once, by its key");
        for article in &articles {
            let readers: Vec<i64> = article.readers.get().unwrap().iter().map(|reader| reader.id).collect();
            let reader = (article.id + MANY - 1) % 5 + 1;
            assert_eq!(readers, [reader, reader], "of article {}", article.id);
        }
        Article::query().with(Article::TAGS).all(&db).await.unwrap();
        assert_eq!(last(&log).1, usize::try_from(MANY).unwrap(), "rows of this join table may have no article");
    });
}

on_sqlite! {
    #[test]
    fn a_row_that_does_not_decode_fails_its_own_owner() {
        block_on(async {
            let db = posts_with_comments();
            execute(&db, "UPDATE comments SET text = x'FF' WHERE id = 3");
            let log = db.log();
            let posts = Post::query().with(Post::COMMENTS).all(&db).await.unwrap();
            assert!(is_scan(&log), "{:?}", last(&log));
            let error = posts[4].comments.get().unwrap_err().to_string();
            assert!(error.contains("Comment") && error.contains("text") && error.contains('5'), "{error}");
            assert_eq!(posts[5].comments.get().unwrap().len(), 3);
        });
    }
}

#[test]
fn a_schema_without_rows_loads_nothing() {
    block_on(async {
        let db = database(blog::SCHEMA, "");
        let posts = Post::query().with(Post::COMMENTS).all(&db).await.unwrap();
        assert!(posts.is_empty());
    });
}
