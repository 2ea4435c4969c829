//! Lazy reading: one read loads for all peers, so N+1 cannot be written by accident.

use crate::blog::{self, Comment, Node, Post, Profile, User};
use crate::{Db, Limits, block_on, database, database_with, execute, relations, sent};
use relations_core::{Many, Relations};

/// `users` users, each with `posts` posts.
fn users_with_posts(users: u32, posts: u32) -> Db {
    let db = blog::empty();
    execute(
        &db,
        &format!(
            "INSERT INTO users
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {users}) SELECT i, 'user ' || i FROM n;
             INSERT INTO posts (user_id, headline, score)
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {posts}) SELECT users.id, 'post ' || n.i, n.i FROM users, n;
             INSERT INTO profiles (user_id, bio) SELECT id, 'bio ' || id FROM users;"
        ),
    );
    db
}

#[test]
fn reading_a_relation_of_one_row_loads_it_for_its_peers() {
    block_on(async {
        let db = blog::db();
        let posts = Post::query().filter(Post::ID.is_in([1, 3])).all(&db).await.unwrap();
        let log = db.record();
        assert_eq!(posts[0].user(&db).await.unwrap().unwrap().name, "Ann");
        assert_eq!(sent(&log), 1);
        assert_eq!(posts[1].user(&db).await.unwrap().unwrap().name, "Bob");
        assert_eq!(sent(&log), 1);
    });
}

#[test]
fn both_sides_of_a_one_to_one_relation_load_for_their_peers() {
    block_on(async {
        let db = blog::db();
        let profiles = Profile::all(&db).await.unwrap();
        let log = db.record();
        assert_eq!(profiles[0].user(&db).await.unwrap().name, "Ann");
        assert_eq!(profiles[1].user(&db).await.unwrap().name, "Bob");
        assert_eq!(sent(&log), 1);
        let users = User::all(&db).await.unwrap();
        log.clear();
        assert_eq!(users[0].profile(&db).await.unwrap().unwrap().bio, "writes");
        assert_eq!(users[1].profile(&db).await.unwrap().unwrap().bio, "reads");
        assert!(users[2].profile(&db).await.unwrap().is_none());
        assert_eq!(sent(&log), 1);
    });
}

#[test]
fn a_chain_from_200_posts_to_user_to_profile_is_three_statements() {
    block_on(async {
        let db = users_with_posts(20, 10);
        let log = db.record();
        for post in &Post::all(&db).await.unwrap() {
            let user = post.user(&db).await.unwrap().unwrap();
            let profile = user.profile(&db).await.unwrap().unwrap();
            assert_eq!(profile.user_id, post.user_id.unwrap());
        }
        assert_eq!(sent(&log), 3);
    });
}

#[test]
fn the_posts_of_200_users_in_a_loop_are_two_statements() {
    block_on(async {
        let db = users_with_posts(200, 2);
        let log = db.record();
        for user in &User::all(&db).await.unwrap() {
            let posts = user.posts(&db).await.unwrap();
            assert_eq!(posts.len(), 2);
            assert!(posts.iter().all(|post| post.user_id == Some(user.id)));
        }
        assert_eq!(relations(&log), [("User".to_owned(), 0), ("User.posts".to_owned(), 200)]);
    });
}

#[test]
fn a_stream_of_windows_loads_each_windows_relations_at_once() {
    block_on(async {
        let db = users_with_posts(200, 2);
        let log = db.record();
        let mut windows = User::query().windows(50, &db);
        let mut seen = 0;
        while let Some(users) = windows.next().await.unwrap() {
            for user in &users {
                seen += user.posts(&db).await.unwrap().len();
            }
        }
        assert_eq!(seen, 400);
        assert_eq!(log.statements().iter().filter(|s| s.relation.is_some()).count(), 4);
        assert_eq!(sent(&log), 8, "a statement for each window and one for its posts");
    });
}

#[test]
fn one_touch_among_20_000_rows_sends_at_most_1_000_keys() {
    block_on(async {
        let db = users_with_posts(20_000, 1);
        let users = User::all(&db).await.unwrap();
        let log = db.record();
        assert_eq!(users[10_500].posts(&db).await.unwrap()[0].user_id, Some(10_501));
        assert_eq!(relations(&log), [("User.posts".to_owned(), 1_000)]);
        assert!(users[10_000].posts.is_loaded() && users[10_999].posts.is_loaded());
        assert!(!users[9_999].posts.is_loaded() && !users[11_000].posts.is_loaded());
    });
}

#[test]
fn whatever_the_order_of_reading_each_window_is_loaded_once() {
    block_on(async {
        let db = users_with_posts(2_500, 1);
        let users = User::all(&db).await.unwrap();
        let log = db.record();
        for step in 0..users.len() {
            let at = step * 1_009 % users.len();
            users[at].posts(&db).await.unwrap();
        }
        assert_eq!(sent(&log), 3);
    });
}

#[test]
fn the_batch_limit_can_be_set() {
    block_on(async {
        let db = database_with(Limits::batch(2), blog::SCHEMA, "");
        execute(&db, blog::ROWS);
        let users = User::all(&db).await.unwrap();
        let log = db.record();
        for user in &users {
            user.posts(&db).await.unwrap();
        }
        let keys: Vec<_> = log.statements().iter().map(|s| s.keys).collect();
        assert_eq!(keys, [2, 1]);
    });
}

#[test]
fn rows_collected_out_of_a_list_are_peers_of_one_another_only() {
    block_on(async {
        let db = users_with_posts(20_000, 1);
        let users = User::all(&db).await.unwrap();
        let five: Many<User> = users.iter().step_by(4_000).cloned().collect();
        drop(users);
        let log = db.record();
        for user in &five {
            assert_eq!(user.posts(&db).await.unwrap().len(), 1);
        }
        assert_eq!(relations(&log), [("User.posts".to_owned(), 5)]);
    });
}

#[test]
fn a_row_copied_out_of_its_list_loads_for_itself_alone() {
    block_on(async {
        let db = blog::db();
        let users = User::all(&db).await.unwrap();
        let ann = users[0].clone();
        let log = db.record();
        assert_eq!(ann.posts(&db).await.unwrap().len(), 2);
        assert_eq!(relations(&log), [("User.posts".to_owned(), 1)]);
        assert!(!users[0].posts.is_loaded());
    });
}

#[test]
fn the_relations_of_a_single_root_load_for_all_its_children() {
    block_on(async {
        let db = blog::db();
        let ann = User::find(&db, 1).await.unwrap().unwrap();
        let log = db.record();
        let mut texts = Vec::new();
        for post in ann.posts(&db).await.unwrap().iter() {
            for comment in post.comments(&db).await.unwrap().iter() {
                texts.push(comment.text.clone());
            }
        }
        assert_eq!(texts, ["e", "b", "a", "c"]);
        assert_eq!(sent(&log), 2);
    });
}

#[test]
fn reading_in_a_circle_terminates_and_the_way_back_costs_nothing() {
    block_on(async {
        let db = blog::db();
        let users = User::all(&db).await.unwrap();
        let log = db.record();
        for user in &users {
            for post in user.posts(&db).await.unwrap().iter() {
                let author = post.user(&db).await.unwrap().unwrap();
                assert_eq!(author.posts(&db).await.unwrap().len(), user.posts(&db).await.unwrap().len());
                author.profile(&db).await.unwrap();
            }
        }
        assert_eq!(sent(&log), 2);
    });
}

#[test]
fn a_row_edited_in_memory_keeps_its_edit_when_a_peer_loads() {
    block_on(async {
        let db = blog::db();
        let edited: Many<User> = User::all(&db)
            .await
            .unwrap()
            .iter()
            .cloned()
            .map(|mut user| {
                user.name.push('!');
                user
            })
            .collect();
        assert_eq!(edited[1].posts(&db).await.unwrap().len(), 1);
        assert_eq!(edited[0].name, "Ann!");
    });
}

#[test]
fn two_relations_to_one_target_are_two_relations() {
    block_on(async {
        let db = blog::db();
        let users = User::all(&db).await.unwrap();
        let ids = |posts: &Many<Post>| posts.iter().map(|post| post.id).collect::<Vec<_>>();
        assert_eq!(ids(&users[0].posts(&db).await.unwrap()), [1, 2]);
        assert_eq!(ids(&users[0].reviews(&db).await.unwrap()), [3]);
        let posts = Post::all(&db).await.unwrap();
        assert_eq!(posts[0].user(&db).await.unwrap().unwrap().name, "Ann");
        assert_eq!(posts[0].reviewer(&db).await.unwrap().unwrap().name, "Bob");
    });
}

#[test]
fn a_relation_to_the_model_itself_reads_level_by_level() {
    block_on(async {
        let db = blog::db();
        let nodes = Node::all(&db).await.unwrap();
        let log = db.record();
        let children: Vec<Vec<i64>> = {
            let mut all = Vec::new();
            for node in &nodes {
                all.push(node.children(&db).await.unwrap().iter().map(|child| child.id).collect());
            }
            all
        };
        assert_eq!(children, [vec![2, 3], vec![4], vec![], vec![5], vec![], vec![]]);
        assert_eq!(sent(&log), 1);
        let mut depth = 0;
        let mut node = nodes.get_ref(4).unwrap();
        while let Some(parent) = node.parent(&db).await.unwrap() {
            node = parent;
            depth += 1;
        }
        assert_eq!((node.id, depth), (1, 3));
    });
}

#[test]
fn a_loop_over_all_kinds_reads_the_same_as_single_reads() {
    block_on(async {
        let db = blog::db();
        for comment in &Comment::all(&db).await.unwrap() {
            let alone = comment.clone();
            let user = comment.user(&db).await.unwrap().map(|user| user.id);
            assert_eq!(user, alone.user(&db).await.unwrap().map(|user| user.id));
            let post = comment.post(&db).await.unwrap().id;
            assert_eq!(post, alone.post(&db).await.unwrap().id);
        }
    });
}

#[test]
fn an_unnamed_database_needs_no_runtime_and_no_thread() {
    let db = database(blog::SCHEMA, blog::ROWS);
    assert_eq!(block_on(User::all(&db)).unwrap().len(), 3);
}

#[test]
fn a_loop_over_the_lists_of_several_roots_is_one_statement_for_each_level() {
    block_on(async {
        let db = blog::db();
        let users = User::all(&db).await.unwrap();
        let log = db.record();
        let mut texts = Vec::new();
        for user in &users {
            for post in user.posts(&db).await.unwrap().iter() {
                texts.extend(post.comments(&db).await.unwrap().iter().map(|comment| comment.text.clone()));
            }
        }
        assert_eq!(texts, ["e", "b", "a", "c", "d"]);
        assert_eq!(relations(&log), [("User.posts".to_owned(), 3), ("Post.comments".to_owned(), 3)]);
    });
}

#[test]
fn the_first_read_of_each_kind_sends_a_statement_and_five_more_send_none() {
    block_on(async {
        let db = blog::db();
        let (ann, cid) = (User::find(&db, 1).await.unwrap().unwrap(), User::find(&db, 3).await.unwrap().unwrap());
        let (post, lost) = (Post::find(&db, 1).await.unwrap().unwrap(), Post::find(&db, 5).await.unwrap().unwrap());
        let log = db.record();
        for _ in 0..6 {
            assert_eq!(ann.posts(&db).await.unwrap().len(), 2);
            assert!(cid.posts(&db).await.unwrap().is_empty());
            assert_eq!(ann.profile(&db).await.unwrap().unwrap().bio, "writes");
            assert!(cid.profile(&db).await.unwrap().is_none());
            assert_eq!(post.user(&db).await.unwrap().unwrap().name, "Ann");
            assert!(lost.user(&db).await.unwrap().is_none());
            assert_eq!(sent(&log), 6, "each row keeps its own, and what is absent is kept too");
        }
    });
}
