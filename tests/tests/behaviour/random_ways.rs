//! On random graphs with null and dangling keys and circles, ways over relations and recursion give what plain loops
//! give.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::blog::{self, Node};
use crate::{Db, block_on, database, execute, sent};
use proptest::prelude::*;
use relations_core::{Linked, Relations, Result};

use super::through::{Comment, Post, SCHEMA, User};

/// The posts' users, the comments' posts and users.
#[derive(Debug, Clone)]
struct Graph {
    posts: Vec<Option<i64>>,
    comments: Vec<(i64, Option<i64>)>,
}

fn graph() -> impl Strategy<Value = Graph> {
    let key = || proptest::option::of(1..6_i64);
    let comments = proptest::collection::vec((1..8_i64, key()), 0..14);
    (proptest::collection::vec(key(), 0..7), comments).prop_map(|(posts, comments)| Graph { posts, comments })
}

fn sql(key: Option<i64>) -> String {
    key.map_or("NULL".to_owned(), |key| key.to_string())
}

/// Users 1 to 4; keys up to 5.
fn ways(graph: &Graph) -> Db {
    let mut rows = String::from("INSERT INTO users VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd');");
    for (id, user) in (1..).zip(&graph.posts) {
        rows += &format!("INSERT INTO posts VALUES ({id}, {}, 'p');", sql(*user));
    }
    for (id, (post, user)) in (1..).zip(&graph.comments) {
        rows += &format!("INSERT INTO comments VALUES ({id}, {post}, {}, 'c');", sql(*user));
    }
    database(SCHEMA, &rows)
}

fn ids<T: relations_core::Model<Id = i64, Key = (i64,)>>(rows: &Linked<T>) -> Vec<i64> {
    rows.iter().map(|row| row.key().0).collect()
}

/// The commenters of a user's posts, by loops over rows that were read alone.
async fn commenters(user: i64, db: &Db) -> Result<Vec<i64>> {
    let mut found = Vec::new();
    let user = User::find(db, user).await?.unwrap();
    for post in user.posts(db).await?.iter() {
        for comment in post.comments(db).await?.iter() {
            if let Some(user) = comment.user(db).await?
                && !found.contains(&user.id)
            {
                found.push(user.id);
            }
        }
    }
    Ok(found)
}

/// A comment's siblings, by loops; the post of a comment may be missing although it is promised.
async fn siblings(comment: i64, db: &Db) -> Result<Vec<i64>> {
    let comment = Comment::find(db, comment).await?.unwrap();
    Ok(comment.post(db).await?.comments(db).await?.iter().map(|comment| comment.id).collect())
}

fn tree() -> impl Strategy<Value = Vec<Option<i64>>> {
    proptest::collection::vec(proptest::option::weighted(0.8, 1..11_i64), 1..10)
}

/// Nodes 1 and up with these parents, some of them missing.
fn nodes(parents: &[Option<i64>]) -> Db {
    let db = blog::empty();
    for (id, parent) in (1..).zip(parents) {
        execute(&db, &format!("INSERT INTO nodes VALUES ({id}, {})", sql(*parent)));
    }
    db
}

/// The tree below a node as recursion should load it; `?` where a node stands below itself.
fn expected(node: i64, children: &BTreeMap<i64, BTreeSet<i64>>, above: &mut Vec<i64>) -> String {
    if above.contains(&node) {
        return format!("{node}?");
    }
    above.push(node);
    let below = children.get(&node).into_iter().flatten();
    let below: Vec<_> = below.map(|&child| expected(child, children, above)).collect();
    above.pop();
    format!("{node}({})", below.join(" "))
}

fn loaded(node: &Node) -> String {
    match node.children.get() {
        Err(_) => format!("{}?", node.id),
        Ok(children) => {
            let below: BTreeMap<_, _> = children.iter().map(|child| (child.id, loaded(child))).collect();
            format!("{}({})", node.id, below.into_values().collect::<Vec<_>>().join(" "))
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::cases(96), ..ProptestConfig::default() })]

    #[test]
    fn ways_lead_where_loops_lead(graph in graph()) {
        block_on(async {
            let db = ways(&graph);
            let log = db.record();
            let eager = User::query().with(User::COMMENTERS).with(User::CIRCLE).all(&db).await.unwrap();
            prop_assert!(sent(&log) <= 4 + 3);
            let lazy = User::all(&db).await.unwrap();
            let limited = User::query().with(User::COMMENTERS.order_by(User::ID.desc()).limit(2)).all(&db).await.unwrap();
            for ((eager, lazy), limited) in eager.iter().zip(&lazy).zip(&limited) {
                let of_loops = commenters(eager.id, &db).await.unwrap();
                prop_assert_eq!(&ids(&eager.commenters.get().unwrap()), &of_loops);
                prop_assert_eq!(&ids(&lazy.commenters(&db).await.unwrap()), &of_loops);
                let alone = User::find(&db, eager.id).await.unwrap().unwrap();
                prop_assert_eq!(&ids(&alone.commenters_over_comments(&db).await.unwrap()), &of_loops);
                let mut circle = Vec::new();
                for user in &of_loops {
                    for user in commenters(*user, &db).await.unwrap() {
                        if !circle.contains(&user) {
                            circle.push(user);
                        }
                    }
                }
                prop_assert_eq!(&ids(&eager.circle.get().unwrap()), &circle);
                let mut first = of_loops;
                first.sort_by_key(|id| std::cmp::Reverse(*id));
                first.truncate(2);
                prop_assert_eq!(&ids(&limited.commenters.get_partial().unwrap()), &first);
            }
            let eager = Comment::query().with(Comment::SIBLINGS).all(&db).await.unwrap();
            let of_posts = Post::query().with(Post::COMMENTS.with(Comment::SIBLINGS)).all(&db).await.unwrap();
            for comment in eager.iter().chain(of_posts.iter().flat_map(|post| post.comments.get().unwrap().iter())) {
                let of_loops = siblings(comment.id, &db).await.map_err(|error| error.to_string());
                let siblings = comment.siblings(&db).await.map_err(|error| error.to_string());
                prop_assert_eq!(siblings.map(|rows| ids(&rows)), of_loops);
            }
            Ok(())
        })?;
    }

    #[test]
    fn recursion_leads_where_loops_lead(parents in tree()) {
        block_on(async {
            let db = nodes(&parents);
            let mut children: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
            for (id, parent) in (1..).zip(&parents) {
                children.entry(parent.unwrap_or(0)).or_default().insert(id);
            }
            let all = Node::query().with(Node::CHILDREN.recursive()).all(&db).await.unwrap();
            let upwards = Node::query().with(Node::PARENT.recursive()).all(&db).await.unwrap();
            for (node, upwards) in all.iter().zip(&upwards) {
                prop_assert_eq!(loaded(node), expected(node.id, &children, &mut Vec::new()));
                let alone = Node::by_key(node.id).with(Node::CHILDREN.recursive()).one(&db).await.unwrap().unwrap();
                prop_assert_eq!(loaded(&alone), loaded(node));

                let (mut below, mut open) = (Vec::new(), VecDeque::from([node.id]));
                while let Some(id) = open.pop_front() {
                    for &child in children.get(&id).into_iter().flatten() {
                        if child != node.id && !below.contains(&child) {
                            below.push(child);
                            open.push_back(child);
                        }
                    }
                }
                let fresh = Node::find(&db, node.id).await.unwrap().unwrap();
                let found: BTreeSet<_> =
                    ids(&fresh.descendants(Node::CHILDREN, &db).await.unwrap()).into_iter().collect();
                prop_assert_eq!(found.len(), below.len());
                prop_assert_eq!(found, below.into_iter().collect::<BTreeSet<_>>());

                let (mut above, mut id) = (Vec::new(), node.id);
                while let Some(parent) = parents[id as usize - 1].filter(|&parent| parent <= parents.len() as i64)
                    && parent != node.id
                    && !above.contains(&parent)
                {
                    above.push(parent);
                    id = parent;
                }
                prop_assert_eq!(&ids(&fresh.ancestors(Node::PARENT, &db).await.unwrap()), &above);
                let mut next = upwards.parent.get().unwrap().map(|parent| parent.to_ref());
                for id in above {
                    let parent = next.take().unwrap();
                    prop_assert_eq!(parent.id, id);
                    next = parent.parent.get().unwrap().map(|parent| parent.to_ref());
                }
            }
            Ok(())
        })?;
    }
}
