//! Trees over two sources: one statement for each edge, at the source that holds its rows, and limits for each owner.

use relations_core::{Relations, block_on};

use crate::model::{Comment, Post, User};
use crate::{app, record, sent_for};

#[test]
fn a_tree_sends_each_edge_to_the_source_that_holds_its_rows() {
    block_on(async {
        let app = app();
        let logs = record(&app);
        let users = User::query()
            .order_by(User::ID.asc())
            .with(User::PROFILE)
            .with(User::POSTS.with(Post::COMMENTS.with(Comment::USER)))
            .all(&app)
            .await
            .unwrap();
        let expected = [vec!["User", "Post.comments", "Comment.user"], vec!["User.profile", "User.posts"]];
        assert_eq!(sent_for(&logs), expected);
        let comments = users[0].posts.get().unwrap()[0].comments.get().unwrap().clone();
        let names: Vec<_> = comments.iter().map(|it| it.user.get().unwrap().unwrap().name.clone()).collect();
        assert_eq!(names, ["Bob", "Cid"]);
    });
}

#[test]
fn a_filter_an_order_and_a_limit_apply_to_each_owner_of_the_other_source() {
    block_on(async {
        let app = app();
        let posts = User::POSTS.filter(Post::VIEWS.gt(5)).order_by(Post::VIEWS.desc());
        let users = User::query().with(posts.clone().limit(1)).all(&app).await.unwrap();
        let titles = |users: &[User]| -> Vec<Vec<String>> {
            let posts = users.iter().map(|user| user.posts.get_partial().unwrap());
            posts.map(|posts| posts.iter().map(|post| post.title.clone()).collect()).collect()
        };
        assert_eq!(titles(&users), [vec!["two"], vec!["three"], vec![]]);
        let users = User::query().with(posts.limit(5).offset(1)).all(&app).await.unwrap();
        assert_eq!(titles(&users), [vec!["one"], vec![], vec![]]);
    });
}

#[test]
fn both_orders_hold_also_where_the_keys_go_in_several_statements() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let other = relations_core::Sqlite::builder(folder.path().join("other.db"));
        let other = other.keys_per_statement(2).inline().open().unwrap();
        relations_tests::execute(&other, crate::model::SCHEMA);
        let posts =
            "INSERT INTO posts VALUES (1, 1, 'a', 1), (2, 2, 'b', 9), (3, 1, 'c', 8), (4, 3, 'd', 7), (5, 2, 'e', 2)";
        relations_tests::execute(&other, posts);
        let app = crate::App { other, ..app() };
        let logs = record(&app);
        let users = User::query()
            .order_by(User::NAME.desc())
            .with(User::POSTS.order_by(Post::VIEWS.desc()))
            .all(&app)
            .await
            .unwrap();
        let titles = users.iter().map(|user| user.posts.get().unwrap().iter().map(|post| &*post.title).collect());
        assert_eq!(titles.collect::<Vec<String>>(), ["d", "be", "ca"]);
        let keys: Vec<_> = logs[1].statements().iter().map(|statement| statement.keys).collect();
        assert_eq!(keys, [2, 1]);
    });
}

#[test]
fn a_relation_to_one_of_many_is_chosen_by_the_source_that_holds_it() {
    block_on(async {
        let app = app();
        let logs = record(&app);
        let users = User::query().with(User::BEST).with(User::EXAMPLE).all(&app).await.unwrap();
        let best: Vec<_> = users.iter().map(|user| user.best.get().unwrap().map(|post| post.title.clone())).collect();
        assert_eq!(best, [Some("two".to_owned()), Some("three".to_owned()), None]);
        let example = users[2].example.get().unwrap().map(|post| post.title.clone());
        assert_eq!(example.as_deref(), Some("three"));
        assert_eq!(sent_for(&logs), [vec!["User", "User.boss"], vec!["User.best", "User.best"]]);
        assert_eq!(logs[1].statements().iter().map(|statement| statement.rows).sum::<usize>(), 2 + 2);
    });
}

#[test]
fn a_tree_of_rows_of_one_source_is_loaded_to_its_end() {
    block_on(async {
        let app = app();
        let logs = record(&app);
        let roots = User::query().filter(User::BOSS_ID.is_null()).with(User::TEAM.with(User::POSTS).recursive());
        let roots = roots.all(&app).await.unwrap();
        let bob = &roots[0].team.get().unwrap()[0];
        assert_eq!(bob.posts.get().unwrap()[0].title, "three");
        assert_eq!(bob.team.get().unwrap()[0].name, "Cid");
        let below = roots[0].descendants(User::TEAM, &app).await.unwrap();
        assert_eq!(below.iter().map(|user| user.id).collect::<Vec<_>>(), [2, 3]);
        assert!(sent_for(&logs)[1].iter().all(|relation| relation == "User.posts"));
    });
}
