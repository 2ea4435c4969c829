//! Eager loading: the shape of the data, whatever the tree.

use crate::blog::{self, Comment, Node, Post, User};
use crate::{block_on, execute, sent};
use relations_core::{ErrorKind, Many, Relations};

fn ids(posts: &[Post]) -> Vec<i64> {
    posts.iter().map(|post| post.id).collect()
}

#[test]
fn a_belongs_to_is_loaded_with_the_right_row() {
    block_on(async {
        let db = blog::db();
        let posts = Post::query().with(Post::USER).all(&db).await.unwrap();
        let names: Vec<_> = posts.iter().map(|post| post.user.get().unwrap().map(|user| user.name.clone())).collect();
        assert_eq!(names, [Some("Ann".into()), Some("Ann".into()), Some("Bob".into()), None, None]);
    });
}

#[test]
fn targets_that_owners_share_are_stored_once() {
    block_on(async {
        let db = blog::db();
        let posts = Post::query().with(Post::USER).all(&db).await.unwrap();
        let first = posts[0].user(&db).await.unwrap().unwrap();
        let second = posts[1].user(&db).await.unwrap().unwrap();
        assert!(first.ptr_eq(&second));
    });
}

#[test]
fn a_has_many_gives_each_owner_its_own_rows_and_empty_lists() {
    block_on(async {
        let db = blog::db();
        let users = User::query().with(User::POSTS).all(&db).await.unwrap();
        let posts: Vec<_> = users.iter().map(|user| ids(user.posts.get().unwrap())).collect();
        assert_eq!(posts, [vec![1, 2], vec![3], vec![]]);
    });
}

#[test]
fn siblings_and_nested_relations_load_in_one_tree() {
    block_on(async {
        let db = blog::db();
        let users = User::query()
            .with(User::PROFILE)
            .with(User::POSTS.with(Post::COMMENTS.with(Comment::USER)).with(Post::REVIEWER))
            .with(User::REVIEWS)
            .all(&db)
            .await
            .unwrap();
        let log = db.record();
        let ann = &users[0];
        assert_eq!(ann.profile.get().unwrap().unwrap().bio, "writes");
        assert_eq!(ids(ann.reviews.get().unwrap()), [3]);
        let posts = ann.posts.get().unwrap();
        assert_eq!(posts[0].reviewer.get().unwrap().unwrap().name, "Bob");
        assert!(posts[1].reviewer.get().unwrap().is_none());
        let commenters: Vec<_> = posts[0]
            .comments
            .get()
            .unwrap()
            .iter()
            .map(|comment| comment.user.get().unwrap().map(|user| user.name.clone()))
            .collect();
        assert_eq!(commenters, [None, Some("Cid".into()), Some("Bob".into())]);
        assert_eq!(sent(&log), 0);
    });
}

#[test]
fn depth_four_with_siblings_at_every_level() {
    block_on(async {
        let db = blog::db();
        let log = db.record();
        let nodes = Node::query()
            .filter(Node::PARENT_ID.is_null())
            .with(Node::CHILDREN.with(Node::CHILDREN.with(Node::CHILDREN.with(Node::CHILDREN).with(Node::PARENT))))
            .all(&db)
            .await
            .unwrap();
        let mut depth = 0;
        let mut level: Many<Node> = nodes;
        while let Some(children) = level.iter().map(|node| node.children.get().unwrap()).find(|c| !c.is_empty()) {
            level = children.clone();
            depth += 1;
            if depth == 4 {
                break;
            }
        }
        // 1 > 2 > 4 > 5, whose children are loaded and none.
        assert_eq!((depth, level[0].id), (3, 5));
        assert_eq!(sent(&log), 5, "one for each level; `parent` is filled by its inverse");
    });
}

#[test]
fn a_filtered_load_is_a_part_and_never_passes_for_the_whole() {
    block_on(async {
        let db = blog::db();
        let users = User::query().with(User::POSTS.filter(Post::SCORE.gt(10))).all(&db).await.unwrap();
        let ann = &users[0];
        assert_eq!(ids(ann.posts.get_partial().unwrap()), [2]);
        let not_loaded = ann.posts.get().unwrap_err();
        assert!(not_loaded.is_partial());
        assert_eq!(
            not_loaded.to_string(),
            "User.posts is loaded in part, by a filter or a limit; read the part with `.posts.get_partial()`, \
             or all of it with `.posts(&db).await`"
        );
        assert!(!ann.posts.is_loaded());
        let log = db.record();
        assert_eq!(ids(&ann.posts(&db).await.unwrap()), [1, 2], "the accessor reads the whole");
        assert_eq!(ids(&users[1].posts(&db).await.unwrap()), [3]);
        assert_eq!(sent(&log), 1);
        assert_eq!(ids(ann.posts.get().unwrap()), [1, 2]);
    });
}

#[test]
fn a_filter_on_a_nested_relation_filters_that_level_only() {
    block_on(async {
        let db = blog::db();
        let users =
            User::query().with(User::POSTS.with(Post::COMMENTS.filter(Comment::TEXT.eq("b")))).all(&db).await.unwrap();
        let posts = users[0].posts.get().unwrap();
        assert_eq!(ids(posts), [1, 2]);
        let texts: Vec<_> =
            posts[0].comments.get_partial().unwrap().iter().map(|comment| comment.text.as_str()).collect();
        assert_eq!(texts, ["b"]);
        assert!(posts[1].comments.get_partial().unwrap().is_empty());
    });
}

#[test]
fn filters_at_two_levels_both_apply() {
    block_on(async {
        let db = blog::db();
        let users = User::query()
            .with(User::POSTS.filter(Post::SCORE.lt(20)).with(Post::COMMENTS.filter(Comment::ID.lt(2))))
            .all(&db)
            .await
            .unwrap();
        let posts = users[0].posts.get_partial().unwrap();
        assert_eq!(ids(posts), [1]);
        assert_eq!(posts[0].comments.get_partial().unwrap().len(), 1);
    });
}

#[test]
fn a_filter_on_a_to_one_relation_leaves_a_part() {
    block_on(async {
        let db = blog::db();
        let posts = Post::query().with(Post::USER.filter(User::NAME.eq("Bob"))).all(&db).await.unwrap();
        assert!(posts[0].user.get_partial().unwrap().is_none());
        assert!(posts[0].user.get().unwrap_err().is_partial());
        assert_eq!(posts[2].user.get_partial().unwrap().unwrap().name, "Bob");
        assert_eq!(posts[0].user(&db).await.unwrap().unwrap().name, "Ann");
    });
}

#[test]
fn the_same_relation_asked_for_twice_whole_is_loaded_once_with_both_branches() {
    block_on(async {
        let db = blog::db();
        let log = db.record();
        let users = User::query()
            .with(User::POSTS.with(Post::COMMENTS))
            .with(User::POSTS.with(Post::REVIEWER))
            .all(&db)
            .await
            .unwrap();
        let post = &users[0].posts.get().unwrap()[0];
        assert!(post.comments.is_loaded() && post.reviewer.is_loaded());
        assert_eq!(sent(&log), 4);
    });
}

#[test]
fn the_same_relation_asked_for_with_two_filters_is_refused_before_anything_is_sent() {
    block_on(async {
        let db = blog::db();
        let log = db.record();
        let nested =
            User::POSTS.with(Post::COMMENTS.filter(Comment::ID.lt(2))).with(Post::COMMENTS.filter(Comment::ID.gt(2)));
        let error = User::query().with(nested).all(&db).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::ConflictingLoads { relation } if relation == "Post.comments"));
        let error = User::query().with(User::POSTS).with(User::POSTS.limit(1)).all(&db).await.unwrap_err();
        assert!(error.to_string().starts_with("User.posts is loaded twice in one tree"), "{error}");
        assert_eq!(sent(&log), 0);
    });
}

#[test]
fn loading_onto_rows_skips_what_is_loaded_and_goes_on_below_it() {
    block_on(async {
        let db = blog::db();
        let users = User::all(&db).await.unwrap();
        users.load(User::POSTS, &db).await.unwrap();
        let before = users[0].posts.get().unwrap().get_ref(0).unwrap();
        let log = db.record();
        users.load(User::POSTS, &db).await.unwrap();
        assert_eq!(sent(&log), 0);
        users.load((User::POSTS.with(Post::COMMENTS), User::PROFILE), &db).await.unwrap();
        assert_eq!(sent(&log), 2);
        assert!(before.comments.is_loaded(), "the rows that were there got their comments");
        assert!(before.ptr_eq(&users[0].posts.get().unwrap().get_ref(0).unwrap()));
    });
}

#[test]
fn loading_onto_rows_of_which_some_are_loaded_sends_the_missing_keys() {
    block_on(async {
        let db = blog::db();
        let users = User::query().with(User::POSTS).all(&db).await.unwrap();
        users[1].posts.clear();
        let log = db.record();
        users.load(User::POSTS, &db).await.unwrap();
        assert_eq!(log.statements()[0].keys, 1);
        assert_eq!(ids(users[1].posts.get().unwrap()), [3]);
    });
}

#[test]
fn a_single_row_loads_a_tree_too() {
    block_on(async {
        let db = blog::db();
        let user = User::find(&db, 1).await.unwrap().unwrap();
        user.load(User::POSTS.with(Post::COMMENTS), &db).await.unwrap();
        assert_eq!(user.posts.get().unwrap()[0].comments.get().unwrap().len(), 3);
    });
}

#[test]
fn the_whole_relation_counts_before_a_later_part() {
    block_on(async {
        let db = blog::db();
        let users = User::query().with(User::POSTS).all(&db).await.unwrap();
        users.load(User::POSTS.limit(1), &db).await.unwrap();
        assert_eq!(ids(users[0].posts.get().unwrap()), [1, 2]);
        assert_eq!(ids(users[0].posts.get_partial().unwrap()), [1]);
    });
}

#[test]
fn rows_that_stand_twice_in_a_result_are_filled_twice() {
    block_on(async {
        let db = blog::db();
        let twice: Many<User> = {
            let users = User::all(&db).await.unwrap();
            users.iter().chain(users.iter()).cloned().collect()
        };
        let log = db.record();
        twice.load(User::POSTS, &db).await.unwrap();
        assert_eq!(log.statements()[0].keys, 3);
        assert_eq!(ids(twice[0].posts.get().unwrap()), ids(twice[3].posts.get().unwrap()));
    });
}

#[test]
fn children_come_in_the_declared_order_and_parents_in_theirs() {
    block_on(async {
        let db = blog::db();
        let posts = Post::query().order_by(Post::ID.desc()).with(Post::COMMENTS).all(&db).await.unwrap();
        assert_eq!(ids(&posts), [5, 4, 3, 2, 1]);
        let comments: Vec<_> = posts[4].comments.get().unwrap().iter().map(|comment| comment.id).collect();
        assert_eq!(comments, [5, 2, 1]);
        let posts = Post::query().with(Post::COMMENTS.order_by(Comment::TEXT.asc())).all(&db).await.unwrap();
        let texts: Vec<_> = posts[0].comments.get().unwrap().iter().map(|comment| comment.text.as_str()).collect();
        assert_eq!(texts, ["a", "b", "e"], "an order of one's own replaces the declared one, and is not a part");
    });
}

#[test]
fn a_branch_can_be_left_out_at_run_time() {
    block_on(async {
        let db = blog::db();
        for wanted in [true, false] {
            let users = User::query().with(wanted.then_some(User::POSTS)).all(&db).await.unwrap();
            assert_eq!(users[0].posts.is_loaded(), wanted);
        }
    });
}

#[test]
fn eager_and_lazy_reading_give_the_same() {
    block_on(async {
        let db = blog::db();
        execute(&db, "INSERT INTO posts (id, user_id, headline) VALUES (20, 2, 'later'), (21, 1, 'last')");
        let eager = User::query().with(User::POSTS).all(&db).await.unwrap();
        let lazy = User::all(&db).await.unwrap();
        for (eager, lazy) in eager.iter().zip(&lazy) {
            assert_eq!(eager.posts.get().unwrap(), &lazy.posts(&db).await.unwrap());
        }
    });
}

#[test]
fn what_is_loaded_stays_the_same_row_while_what_is_missing_is_loaded_beside_it() {
    block_on(async {
        let db = blog::db();
        let users = User::query().with(User::POSTS).with(User::PROFILE).all(&db).await.unwrap();
        let post = users[0].posts.get().unwrap().get_ref(0).unwrap();
        let profile = users[0].profile.get().unwrap().unwrap().to_ref();
        users[1].clear_relations();
        let log = db.record();
        users.load((User::POSTS, User::PROFILE), &db).await.unwrap();
        let keys: Vec<_> = log.statements().iter().map(|statement| statement.keys).collect();
        assert_eq!(keys, [1, 1]);
        assert!(post.ptr_eq(&users[0].posts.get().unwrap().get_ref(0).unwrap()));
        assert!(profile.ptr_eq(&users[0].profile.get().unwrap().unwrap().to_ref()));
        assert_eq!(ids(users[1].posts.get().unwrap()), [3]);
        assert_eq!(users[1].profile.get().unwrap().unwrap().bio, "reads");
    });
}
