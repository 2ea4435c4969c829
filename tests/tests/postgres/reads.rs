//! Every kind of relation, lazily and in trees.

use relations_core::Relations;
use relations_tests::blog::{self, Post, User};
use relations_tests::tags::{self, Article};

use super::{database, sent};

#[tokio::test]
async fn reading_a_relation_on_one_row_loads_it_for_all() {
    let Some(db) = database("lazy", &[blog::SCHEMA, blog::ROWS]).await else { return };
    let log = db.record();
    let users = User::query().order_by(User::ID.asc()).all(&db).await.unwrap();
    let mut posts = Vec::new();
    for user in &users {
        posts.push(user.posts(&db).await.unwrap().len());
    }
    assert_eq!((posts, sent(&log)), (vec![2, 1, 0], 2));
}

#[tokio::test]
async fn a_tree_sends_one_statement_for_each_edge() {
    let Some(db) = database("tree", &[blog::SCHEMA, blog::ROWS]).await else { return };
    let log = db.record();
    let tree = User::POSTS.with(Post::COMMENTS).with(Post::REVIEWER);
    let query = User::query().order_by(User::ID.asc()).with(tree).with(User::PROFILE);
    let users = query.all(&db).await.unwrap();
    assert_eq!(sent(&log), 5);
    let posts = users[0].posts.get().unwrap();
    assert_eq!(posts[0].comments.get().unwrap().iter().map(|comment| comment.id).collect::<Vec<_>>(), [5, 2, 1]);
    assert_eq!(posts[0].reviewer.get().unwrap().unwrap().name, "Bob");
}

#[tokio::test]
async fn many_to_many_loads_in_two_statements() {
    let Some(db) = database("many_to_many", &[tags::SCHEMA, tags::ROWS]).await else { return };
    let log = db.record();
    let articles = Article::query().order_by(Article::ID.asc()).all(&db).await.unwrap();
    let mut found = Vec::new();
    for article in &articles {
        for (tag, pivot) in article.tags(&db).await.unwrap().pivots() {
            found.push((article.id, tag.name.clone(), pivot.weight));
        }
    }
    let expected = [(1, "rust", 5), (1, "sql", 3), (2, "sql", 9), (2, "sql", 1)];
    assert_eq!(found, expected.map(|(id, name, weight)| (id, name.to_owned(), weight)));
    assert_eq!(sent(&log), 3);
}
