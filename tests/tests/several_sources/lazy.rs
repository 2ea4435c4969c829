//! Relations read by accessors, each batch from the source that holds its rows.

use relations_core::{Relations, Sqlite, block_on};
use relations_tests::sent;

use crate::model::{Comment, Post, Profile, Tag, User};
use crate::{app, record, sent_for};

#[test]
fn each_relation_is_read_for_all_rows_from_the_source_that_holds_it() {
    block_on(async {
        let app = app();
        let logs = record(&app);
        let mut read = Vec::new();
        for user in &User::all(&app).await.unwrap() {
            let bio = user.profile(&app).await.unwrap().map(|profile| profile.bio.clone());
            let posts = user.posts(&app).await.unwrap();
            let comments: Vec<_> = {
                let mut ids = Vec::new();
                for post in posts.iter() {
                    ids.extend(post.comments(&app).await.unwrap().iter().map(|comment| comment.id));
                }
                ids
            };
            let titles: Vec<_> = posts.iter().map(|post| post.title.clone()).collect();
            read.push((user.name.clone(), bio, titles.join(" "), comments));
        }
        let expected = [
            ("Ann".to_owned(), None, "one two".to_owned(), vec![1, 2, 4]),
            ("Bob".to_owned(), Some("reads a lot".to_owned()), "three".to_owned(), vec![]),
            ("Cid".to_owned(), None, String::new(), vec![]),
        ];
        assert_eq!(read, expected);
        assert_eq!(sent_for(&logs), [vec!["User", "Post.comments"], vec!["User.profile", "User.posts"]]);
    });
}

#[test]
fn rows_of_one_source_load_their_batch_from_that_source_only() {
    block_on(async {
        let app = app();
        let logs = record(&app);
        for tag in &Tag::all(&app).await.unwrap() {
            assert_ne!(tag.name, "no");
        }
        for post in &Post::all(&app).await.unwrap() {
            assert_ne!(post.title, "no");
        }
        assert_eq!(logs.each_ref().map(sent), [0, 2]);
        for user in &User::all(&app).await.unwrap() {
            user.boss(&app).await.unwrap();
            user.team(&app).await.unwrap();
            user.friends(&app).await.unwrap();
        }
        assert_eq!(logs.each_ref().map(sent), [1 + 1 + 1 + 2, 2]);
    });
}

#[test]
fn an_inverse_over_two_sources_needs_no_statement() {
    block_on(async {
        let app = app();
        let users = User::query().with(User::POSTS).all(&app).await.unwrap();
        let logs = record(&app);
        let post = &users[0].posts.get().unwrap()[0];
        assert_eq!(post.user(&app).await.unwrap().unwrap().name, "Ann");
        assert_eq!(logs.each_ref().map(sent), [0, 0]);
    });
}

#[test]
fn a_key_that_leads_nowhere_is_not_found_among_the_rows_of_the_other_source() {
    block_on(async {
        let app = app();
        let posts = Post::query().order_by(Post::ID.asc()).all(&app).await.unwrap();
        // The other database has a user 9.
        assert!(posts[3].user(&app).await.unwrap().is_none());
        assert_eq!(posts[0].user(&app).await.unwrap().unwrap().name, "Ann");
        let comment = Comment::find(&app, 6).await.unwrap().unwrap();
        assert!(comment.subject(&app).await.unwrap().is_none());
    });
}

#[test]
fn the_same_rows_are_found_by_key_through_the_struct_and_alone() {
    block_on(async {
        let app = app();
        assert_eq!(Profile::find(&app, 1).await.unwrap().unwrap().bio, "reads a lot");
        assert!(Profile::find(&app, 2).await.unwrap().is_none());
        assert_eq!(User::by_key(2).with(User::PROFILE).one(&app).await.unwrap().unwrap().name, "Bob");
        assert_eq!(User::query().filter(User::NAME.like("%n%")).count(&app).await.unwrap(), 1);
        let mut windows = Post::query().windows(3, &app);
        let mut sizes = Vec::new();
        while let Some(posts) = windows.next().await.unwrap() {
            for post in &posts {
                post.user(&app).await.unwrap();
            }
            sizes.push(posts.len());
        }
        assert_eq!(sizes, [3, 1]);
    });
}

#[test]
fn lazy_reads_batch_for_as_many_owners_as_the_smallest_source_limits() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let small = Sqlite::builder(folder.path().join("other.db")).batch_limit(2).inline().open().unwrap();
        relations_tests::execute(&small, crate::model::SCHEMA);
        let app = crate::App { other: small, ..app() };
        let logs = record(&app);
        for user in &User::all(&app).await.unwrap() {
            user.profile(&app).await.unwrap();
            user.boss(&app).await.unwrap();
        }
        let keys = |at: usize| logs[at].statements().iter().map(|statement| statement.keys).collect::<Vec<_>>();
        assert_eq!((keys(0), keys(1)), (vec![0, 1, 1], vec![2, 1]));
    });
}
