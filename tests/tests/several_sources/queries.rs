//! Queries on the targets of one row: by a key in one statement, over a join table of another source in two.

use relations_core::{Relations, block_on};
use relations_tests::sent;

use crate::model::{Post, Tag, User};
use crate::{app, record, sent_for};

#[test]
fn a_query_by_a_key_is_one_statement_at_the_targets_source() {
    block_on(async {
        let app = app();
        let user = User::find(&app, 1).await.unwrap().unwrap();
        let logs = record(&app);
        let posts = user.posts_query().filter(Post::VIEWS.gt(10)).all(&app).await.unwrap();
        assert_eq!(posts.iter().map(|post| &*post.title).collect::<Vec<_>>(), ["two"]);
        assert_eq!(user.posts_query().count(&app).await.unwrap(), 2);
        assert_eq!(logs.each_ref().map(sent), [0, 2]);
    });
}

#[test]
fn a_query_over_a_join_table_of_another_source_goes_in_two_steps() {
    block_on(async {
        let app = app();
        let post = Post::find(&app, 1).await.unwrap().unwrap();
        let logs = record(&app);
        assert_eq!(post.tags_query().count(&app).await.unwrap(), 2);
        assert_eq!(sent_for(&logs), [vec!["Post.tags"], vec!["Post.tags"]]);
        let names = |tags: &[Tag]| tags.iter().map(|tag| tag.name.clone()).collect::<Vec<_>>();
        let all = post.tags_query().order_by(Tag::NAME.desc()).all(&app).await.unwrap();
        assert_eq!(names(&all), ["sql", "rust"]);
        assert_eq!(logs.each_ref().map(sent), [2, 2]);
        let filtered = post.tags_query().filter(Tag::NAME.ne("sql")).with(Tag::POSTS).all(&app).await.unwrap();
        assert_eq!((names(&filtered), filtered[0].posts.get().unwrap().len()), (vec!["rust".to_owned()], 1));
    });
}

#[test]
fn an_order_a_limit_and_an_offset_of_such_a_query_are_those_of_all_its_rows() {
    block_on(async {
        let app = app();
        let post = Post::find(&app, 1).await.unwrap().unwrap();
        let by_name = || post.tags_query().order_by(Tag::NAME.desc());
        let names = |tags: &[Tag]| tags.iter().map(|tag| tag.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&by_name().limit(1).all(&app).await.unwrap()), ["sql"]);
        assert_eq!(names(&by_name().limit(1).offset(1).all(&app).await.unwrap()), ["rust"]);
        assert_eq!(by_name().one(&app).await.unwrap().unwrap().name, "sql");
        assert_eq!(by_name().limit(5).offset(1).count(&app).await.unwrap(), 1);
        assert!(by_name().exists(&app).await.unwrap());
        assert!(!by_name().filter(Tag::NAME.eq("async")).exists(&app).await.unwrap());
        let mut windows = by_name().windows(1, &app);
        let mut read = Vec::new();
        while let Some(tags) = windows.next().await.unwrap() {
            read.extend(names(&tags));
        }
        assert_eq!(read, ["sql", "rust"]);
        let mut windows = post.tags_query().windows(1, &app);
        let mut ids = Vec::new();
        while let Some(tags) = windows.next().await.unwrap() {
            ids.extend(tags.iter().map(|tag| tag.id));
        }
        assert_eq!(ids, [1, 2]);
    });
}

#[test]
fn rows_that_the_join_table_names_twice_come_once_and_those_it_lacks_not_at_all() {
    block_on(async {
        let app = app();
        let post = Post::find(&app, 2).await.unwrap().unwrap();
        assert_eq!(post.tags_query().count(&app).await.unwrap(), 1);
        assert_eq!(post.tags_query().all(&app).await.unwrap().len(), 1);
        let none = Post::find(&app, 4).await.unwrap().unwrap();
        let logs = record(&app);
        assert_eq!(none.tags_query().count(&app).await.unwrap(), 0);
        assert!(none.tags_query().all(&app).await.unwrap().is_empty());
        assert_eq!(logs.each_ref().map(sent), [2, 0]);
    });
}

#[test]
fn a_query_whose_join_table_is_beside_its_targets_is_one_statement() {
    block_on(async {
        let app = app();
        let logs = record(&app);
        let post = Post::find(&app, 1).await.unwrap().unwrap();
        assert_eq!(post.readers_query().all(&app).await.unwrap().len(), 2);
        assert_eq!(sent_for(&logs), [vec!["Post.readers"], vec!["Post"]]);
        let user = User::find(&app, 1).await.unwrap().unwrap();
        let friends = user.friends_query().all(&app).await.unwrap();
        assert_eq!(friends.iter().map(|user| user.id).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(logs.each_ref().map(sent), [3, 1]);
        let tag = Tag::find(&app, 2).await.unwrap().unwrap();
        let videos = tag.labelled_videos_query().all(&app).await.unwrap();
        assert_eq!(videos.iter().map(|video| &*video.title).collect::<Vec<_>>(), ["first"]);
        assert_eq!(logs.each_ref().map(sent), [4, 2]);
    });
}
