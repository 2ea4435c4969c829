//! On random graphs with null and dangling keys, every way of reading gives the same rows, in few statements.

use std::collections::BTreeMap;

use crate::blog::{self, Comment, Node, Post, User};
use crate::{Db, Limits, block_on, database_with, sent};
use proptest::prelude::*;
use relations_core::{Many, Relations};

/// Rows by their foreign keys; `None` is null, and some keys lead nowhere.
#[derive(Debug, Clone)]
struct Graph {
    users: Vec<i64>,
    posts: Vec<(i64, Option<i64>, Option<i64>)>,
    comments: Vec<(i64, i64, Option<i64>)>,
    nodes: Vec<(i64, Option<i64>)>,
}

fn graph() -> impl Strategy<Value = Graph> {
    let key = || 1..12_i64;
    let ids = |rows: usize| proptest::sample::subsequence((1..=rows as i64).collect::<Vec<_>>(), 0..=rows);
    (
        ids(9),
        ids(14).prop_flat_map(move |ids| {
            let keys = (proptest::option::of(key()), proptest::option::of(key()));
            let keys = proptest::collection::vec(keys, ids.len());
            keys.prop_map(move |keys| {
                ids.iter().zip(keys).map(|(&id, (user, reviewer))| (id, user, reviewer)).collect()
            })
        }),
        ids(20).prop_flat_map(move |ids| {
            let keys = proptest::collection::vec((1..16_i64, proptest::option::of(key())), ids.len());
            keys.prop_map(move |keys| ids.iter().zip(keys).map(|(&id, (post, user))| (id, post, user)).collect())
        }),
        ids(10).prop_flat_map(move |ids| {
            let keys = proptest::collection::vec(proptest::option::of(key()), ids.len());
            keys.prop_map(move |keys| ids.iter().copied().zip(keys).collect())
        }),
    )
        .prop_map(|(users, posts, comments, nodes)| Graph { users, posts, comments, nodes })
}

fn sql(key: Option<i64>) -> String {
    key.map_or("NULL".to_owned(), |key| key.to_string())
}

impl Graph {
    fn database(&self, batch_limit: u32, keys: usize) -> Db {
        let mut rows = String::from("BEGIN;");
        for id in &self.users {
            rows += &format!("INSERT INTO users VALUES ({id}, 'user {id}');");
        }
        for (id, user, reviewer) in &self.posts {
            let (user, reviewer) = (sql(*user), sql(*reviewer));
            rows += &format!("INSERT INTO posts VALUES ({id}, {user}, {reviewer}, 'post {id}', 0);");
        }
        for (id, post, user) in &self.comments {
            rows += &format!("INSERT INTO comments VALUES ({id}, {post}, {}, 'comment {id}');", sql(*user));
        }
        for (id, parent) in &self.nodes {
            rows += &format!("INSERT INTO nodes VALUES ({id}, {});", sql(*parent));
        }
        rows += "COMMIT";
        database_with(Limits { batch: Some(batch_limit), keys: Some(keys) }, blog::SCHEMA, &rows)
    }

    /// What a loop over plain rows finds, written by hand.
    fn expected(&self) -> Found {
        let known = |user: Option<i64>| user.filter(|user| self.users.contains(user));
        let mut found = Found::default();
        for &user in &self.users {
            let posts = self.posts.iter().filter(|post| post.1 == Some(user)).map(|post| post.0);
            found.posts.insert(user, posts.collect());
            let reviews = self.posts.iter().filter(|post| post.2 == Some(user)).map(|post| post.0);
            found.reviews.insert(user, reviews.collect());
        }
        for &(post, user, _) in &self.posts {
            found.author.insert(post, known(user));
            // The declared order is by id, last first.
            let comments = self.comments.iter().filter(|comment| comment.1 == post);
            let comments: Vec<_> = comments.rev().map(|comment| (comment.0, known(comment.2))).collect();
            found.comments.insert(post, comments);
        }
        for &(node, parent) in &self.nodes {
            let exists = |id: &i64| self.nodes.iter().any(|node| node.0 == *id);
            found.parent.insert(node, parent.filter(exists));
            found.children.insert(node, self.nodes.iter().filter(|n| n.1 == Some(node)).map(|n| n.0).collect());
        }
        found
    }
}

/// What was found, by the id of the row it was read from.
#[derive(Debug, Default, PartialEq)]
struct Found {
    posts: BTreeMap<i64, Vec<i64>>,
    reviews: BTreeMap<i64, Vec<i64>>,
    author: BTreeMap<i64, Option<i64>>,
    comments: BTreeMap<i64, Vec<(i64, Option<i64>)>>,
    parent: BTreeMap<i64, Option<i64>>,
    children: BTreeMap<i64, Vec<i64>>,
}

/// Reads all relations of these rows, by whatever is loaded and from the database for the rest.
async fn walk(db: &Db, users: &[User], posts: &[Post], nodes: &[Node]) -> Found {
    let ids = |posts: Many<Post>| posts.iter().map(|post| post.id).collect::<Vec<_>>();
    let mut found = Found::default();
    for user in users {
        found.posts.insert(user.id, ids(user.posts(db).await.unwrap()));
        found.reviews.insert(user.id, ids(user.reviews(db).await.unwrap()));
    }
    for post in posts {
        found.author.insert(post.id, post.user(db).await.unwrap().map(|user| user.id));
        let mut comments = Vec::new();
        for comment in post.comments(db).await.unwrap().iter() {
            assert_eq!(comment.post(db).await.unwrap().id, post.id);
            comments.push((comment.id, comment.user(db).await.unwrap().map(|user| user.id)));
        }
        found.comments.insert(post.id, comments);
    }
    for node in nodes {
        found.parent.insert(node.id, node.parent(db).await.unwrap().map(|parent| parent.id));
        found.children.insert(node.id, node.children(db).await.unwrap().iter().map(|child| child.id).collect());
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(crate::cases(192)) })]

    #[test]
    fn every_way_of_reading_gives_the_same(graph in graph(), limit in 1..6_u32, keys in 1..6_usize) {
        let expected = graph.expected();
        let db = graph.database(limit, keys);
        block_on(async {
            let (users, posts, nodes) =
                (User::all(&db).await.unwrap(), Post::all(&db).await.unwrap(), Node::all(&db).await.unwrap());

            let single = (users.to_vec(), posts.to_vec(), nodes.to_vec());
            prop_assert_eq!(&walk(&db, &single.0, &single.1, &single.2).await, &expected, "one by one");

            let log = db.record();
            prop_assert_eq!(&walk(&db, &users, &posts, &nodes).await, &expected, "lazy, batched");
            // Windows of owners, and of each window's keys; comments hang below windows of posts.
            let most = |owners: usize| owners.div_ceil(limit as usize) * (limit as usize).div_ceil(keys);
            let comments: usize = graph.comments.len();
            let bound = 2 * most(users.len()) + 2 * most(posts.len()) + 2 * most(nodes.len())
                + most(comments) + posts.len().div_ceil(limit as usize);
            prop_assert!(sent(&log) <= bound, "{} statements, at most {bound}", sent(&log));

            log.clear();
            let eager_users = User::query().with(User::POSTS).with(User::REVIEWS).all(&db).await.unwrap();
            let eager_posts =
                Post::query().with(Post::USER).with(Post::COMMENTS.with(Comment::USER)).all(&db).await.unwrap();
            let eager_nodes = Node::query().with(Node::PARENT).with(Node::CHILDREN).all(&db).await.unwrap();
            let chunks = |owners: usize| owners.div_ceil(keys);
            let bound = 3 + 2 * chunks(users.len()) + 2 * chunks(posts.len()) + 2 * chunks(nodes.len())
                + chunks(comments);
            prop_assert!(sent(&log) <= bound, "{} statements, at most {bound}", sent(&log));
            log.clear();
            prop_assert_eq!(&walk(&db, &eager_users, &eager_posts, &eager_nodes).await, &expected, "eager");
            prop_assert_eq!(sent(&log), 0, "everything was there");
            Ok(())
        })?;
    }

    #[test]
    fn a_limit_per_parent_is_that_of_a_loop_over_parents(
        graph in graph(), limit in 0..4_u32, offset in 0..3_u32, descending: bool,
    ) {
        let db = graph.database(1_000, 1_000);
        block_on(async {
            let order = if descending { Post::ID.desc() } else { Post::ID.asc() };
            let users = User::query()
                .with(User::POSTS.order_by(order.clone()).limit(limit).offset(offset))
                .all(&db)
                .await
                .unwrap();
            for user in &users {
                let of_loop = user
                    .posts_query()
                    .order_by(order.clone())
                    .limit(limit.into())
                    .offset(offset.into())
                    .all(&db)
                    .await
                    .unwrap();
                prop_assert_eq!(user.posts.get_partial().unwrap(), &of_loop);
            }
            Ok(())
        })?;
    }
}
