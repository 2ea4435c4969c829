//! Trees of relations: as deep as asked, back to where they started, and over circles in the data.

use crate::blog::{self, Comment, Node, Post, User};
use crate::{block_on, execute, relations, sent};
use relations_core::Relations;

/// A node with the loaded nodes below it, as text.
fn shape(node: &Node) -> String {
    match node.children.get() {
        Ok(children) if !children.is_empty() => {
            let children: Vec<_> = children.iter().map(shape).collect();
            format!("{}({})", node.id, children.join(" "))
        }
        _ => node.id.to_string(),
    }
}

#[test]
fn a_tree_of_three_levels_has_its_full_structure() {
    block_on(async {
        let db = blog::empty();
        execute(
            &db,
            "INSERT INTO nodes VALUES (1, NULL), (11, 1), (12, 1), (13, 1), (121, 12), (122, 12), (123, 12), (2, NULL)",
        );
        let log = db.record();
        let roots = Node::query()
            .filter(Node::PARENT_ID.is_null())
            .with(Node::CHILDREN.with(Node::CHILDREN.with(Node::CHILDREN)))
            .all(&db)
            .await
            .unwrap();
        assert_eq!(roots.iter().map(shape).collect::<Vec<_>>(), ["1(11 12(121 122 123) 13)", "2"]);
        let keys: Vec<_> = log.statements().iter().map(|statement| statement.keys).collect();
        assert_eq!(keys, [0, 2, 3, 3]);
    });
}

#[test]
fn a_circle_in_the_data_is_read_as_deep_as_asked() {
    block_on(async {
        let db = blog::empty();
        execute(&db, "INSERT INTO nodes VALUES (1, 3), (2, 1), (3, 2), (4, 4)");
        let log = db.record();
        let nodes = Node::query()
            .filter(Node::ID.is_in([1, 4]))
            .with(Node::CHILDREN.with(Node::CHILDREN.with(Node::CHILDREN.with(Node::CHILDREN))))
            .all(&db)
            .await
            .unwrap();
        assert_eq!(nodes.iter().map(shape).collect::<Vec<_>>(), ["1(2(3(1(2))))", "4(4(4(4(4))))"]);
        assert_eq!(sent(&log), 5);
    });
}

#[test]
fn a_circle_in_the_data_is_walked_row_by_row() {
    block_on(async {
        let db = blog::empty();
        execute(&db, "INSERT INTO nodes VALUES (1, 3), (2, 1), (3, 2)");
        let mut node = Node::find(&db, 1).await.unwrap().unwrap();
        let mut walked = Vec::new();
        for _ in 0..7 {
            node = node.parent(&db).await.unwrap().unwrap();
            walked.push(node.id);
        }
        assert_eq!(walked, [3, 2, 1, 3, 2, 1, 3]);
    });
}

#[test]
fn a_tree_of_seven_levels_may_come_back_to_the_model_it_started_from() {
    block_on(async {
        let db = blog::db();
        let log = db.record();
        let again = User::POSTS.with(Post::COMMENTS.with(Comment::USER.with(User::PROFILE)));
        let users = User::query()
            .with(User::POSTS.with(Post::COMMENTS.with(Comment::USER.with(again))))
            .all(&db)
            .await
            .unwrap();
        let names: Vec<_> = relations(&log).into_iter().map(|(name, _)| name).collect();
        let edges = ["User.posts", "Post.comments", "Comment.user"];
        assert_eq!(names, [&["User"], &edges[..], &edges[..], &["User.profile"]].concat());
        log.clear();
        let comment = &users[0].posts.get().unwrap()[1].comments.get().unwrap()[0];
        let ann = comment.user.get().unwrap().unwrap();
        assert_eq!(ann.name, "Ann");
        let comments = ann.posts.get().unwrap()[0].comments.get().unwrap();
        assert_eq!(comments.iter().map(|comment| comment.id).collect::<Vec<_>>(), [5, 2, 1]);
        let bob = comments[2].user.get().unwrap().unwrap();
        assert_eq!(bob.profile.get().unwrap().unwrap().bio, "reads");
        let cid = comments[1].user.get().unwrap().unwrap();
        assert!(cid.profile.get().unwrap().is_none());
        assert_eq!(sent(&log), 0);
    });
}

#[test]
fn rows_without_a_target_are_skipped_on_the_way_to_the_next_level() {
    block_on(async {
        let db = blog::db();
        let log = db.record();
        let posts = Post::query().with(Post::USER.with(User::PROFILE)).all(&db).await.unwrap();
        let keys: Vec<_> = log.statements().iter().map(|statement| statement.keys).collect();
        assert_eq!(keys, [0, 3, 2], "null is not sent, and the user that is missing has no profile");
        let bios: Vec<_> = posts
            .iter()
            .map(|post| post.user.get().unwrap().map(|user| user.profile.get().unwrap().unwrap().bio.clone()))
            .collect();
        assert_eq!(bios, [Some("writes".into()), Some("writes".into()), Some("reads".into()), None, None]);
        log.clear();
        let anonymous = Post::query().filter(Post::USER_ID.is_null()).with(Post::USER.with(User::PROFILE));
        assert_eq!(anonymous.all(&db).await.unwrap().len(), 1);
        assert_eq!(sent(&log), 1, "without a target no level below is asked for");
    });
}

#[test]
fn relations_beyond_a_tree_are_read_lazily_for_all_its_rows() {
    block_on(async {
        let db = blog::db();
        let users = User::query().with(User::POSTS).all(&db).await.unwrap();
        let log = db.record();
        let mut comments = Vec::new();
        for user in &users {
            for post in user.posts(&db).await.unwrap().iter() {
                comments.extend(post.comments(&db).await.unwrap().iter().map(|comment| comment.id));
            }
            user.profile(&db).await.unwrap();
        }
        assert_eq!(comments, [5, 2, 1, 3, 4]);
        assert_eq!(relations(&log), [("Post.comments".to_owned(), 3), ("User.profile".to_owned(), 3)]);
    });
}
