//! What does not depend on another's result is sent without waiting for it, on one connection.

use relations_core::{Postgres, PostgresBuilder, Relations};
use relations_tests::blog::{self, Post, User};
use relations_tests::media::{self, Comment};
use tokio_postgres::Config;

use super::proxy::Proxy;
use super::{config, execute, translated};

/// A database through a proxy, with one connection.
async fn through_proxy(schema: &str, sql: &[&str], snapshot: bool) -> Option<(Proxy, Postgres)> {
    let config: Config = config(schema).await?;
    execute(&PostgresBuilder::from(config.clone()).build().unwrap(), &translated(sql)).await;
    let (proxy, config) = Proxy::before(&config).await;
    Some((proxy, PostgresBuilder::from(config).connections(1).snapshot(snapshot).build().unwrap()))
}

#[tokio::test]
async fn siblings_of_a_tree_are_sent_together() {
    let Some((proxy, db)) = through_proxy("pipelining_siblings", &[blog::SCHEMA, blog::ROWS], false).await else {
        return;
    };
    // Prepares the statements.
    let prepared = User::query().with(User::POSTS).with(User::REVIEWS).with(User::COMMENTS).all(&db).await.unwrap();
    assert_eq!(prepared.len(), 3);
    let users = User::all(&db).await.unwrap();
    let tree = users.load((User::POSTS, (User::REVIEWS, User::COMMENTS)), &db);
    proxy.hold_until_asked(3, tree).await.unwrap();
    assert_eq!(users[0].posts.get().unwrap().len(), 2);
    assert!(users.iter().all(|user| user.reviews.is_loaded() && user.comments.is_loaded()));
}

#[tokio::test]
async fn the_models_that_a_polymorphic_relation_leads_to_are_asked_together() {
    let Some((proxy, db)) = through_proxy("pipelining_variants", &[media::SCHEMA, media::ROWS], false).await else {
        return;
    };
    Comment::query().with(Comment::COMMENTABLE).all(&db).await.unwrap();
    let comments = Comment::all(&db).await.unwrap();
    let commentable = proxy.hold_until_asked(2, comments[0].commentable(&db)).await.unwrap();
    assert_eq!(commentable.title(), "p1");
}

#[tokio::test]
async fn a_snapshot_begins_with_its_first_statement() {
    let Some((proxy, db)) = through_proxy("pipelining_snapshot", &[blog::SCHEMA, blog::ROWS], true).await else {
        return;
    };
    let query = || User::query().with(User::POSTS);
    query().all(&db).await.unwrap();
    // The answer to `BEGIN` is held back, too.
    let users = User::all(&db).await.unwrap();
    proxy.hold_until_asked(1, users.load(User::POSTS, &db)).await.unwrap();
    assert_eq!(users[0].posts.get().unwrap().len(), 2);
}

#[tokio::test]
async fn in_a_transaction_everything_goes_over_its_connection_in_order() {
    let Some((_proxy, db)) = through_proxy("pipelining_transaction", &[blog::SCHEMA, blog::ROWS], false).await else {
        return;
    };
    // There is one connection, so that any other would be waited for.
    let transaction = db.begin().await.unwrap();
    transaction.client().unwrap().batch_execute("INSERT INTO users VALUES (4, 'Dan')").await.unwrap();
    let log = db.record();
    let users = User::query().with(User::POSTS.with(Post::COMMENTS)).with(User::PROFILE).all(&transaction);
    let users = users.await.unwrap();
    assert_eq!(users.len(), 4);
    for user in &users {
        user.reviews(&transaction).await.unwrap();
    }
    assert_eq!(log.statements().len(), 5);
    transaction.rollback().await.unwrap();
    assert_eq!(User::all(&db).await.unwrap().len(), 3);
}
