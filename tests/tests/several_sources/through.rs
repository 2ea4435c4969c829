//! Relations through others whose rows are in two sources: each step at the source of its rows.

use relations_core::{Relations, block_on};
use relations_tests::sent;

use crate::model::{Comment, Post, Tag, User};
use crate::{app, record, sent_for};

#[test]
fn each_step_of_a_way_goes_to_the_source_of_its_rows() {
    block_on(async {
        let app = app();
        let logs = record(&app);
        let users = User::all(&app).await.unwrap();
        let received = users[0].received(&app).await.unwrap();
        assert_eq!(received.iter().map(|comment| comment.id).collect::<Vec<_>>(), [1, 2, 4]);
        assert_eq!(sent_for(&logs), [vec!["User", "Post.comments"], vec!["User.posts"]]);
        let commenters = users[0].commenters(&app).await.unwrap();
        assert_eq!(commenters.iter().map(|user| user.id).collect::<Vec<_>>(), [2, 3]);
        // The posts and the comments were there.
        assert_eq!(logs.each_ref().map(sent), [3, 1]);
    });
}

#[test]
fn a_way_over_a_join_table_takes_both_of_its_steps() {
    block_on(async {
        let app = app();
        let logs = record(&app);
        let users = User::query().with(User::TAGS).all(&app).await.unwrap();
        let tags = users.iter().map(|user| user.tags.get().unwrap().iter().map(|tag| tag.name.clone()).collect());
        assert_eq!(tags.collect::<Vec<Vec<_>>>(), [vec!["rust", "sql"], vec!["async"], vec![]]);
        assert_eq!(sent_for(&logs), [vec!["User", "Post.tags"], vec!["User.posts", "Post.tags"]]);
    });
}

#[test]
fn an_order_and_a_limit_of_the_end_hold_for_each_owner() {
    block_on(async {
        let app = app();
        let logs = record(&app);
        let latest = User::RECEIVED.order_by(Comment::ID.desc()).limit(1);
        let users = User::query().with(latest).all(&app).await.unwrap();
        let ids = users.iter().map(|user| user.received.get_partial().unwrap().iter().map(|it| it.id).collect());
        assert_eq!(ids.collect::<Vec<Vec<_>>>(), [vec![4], vec![], vec![]]);
        // The owners, the posts, the comments, and one more statement that orders these.
        assert_eq!(logs.each_ref().map(sent), [3, 1]);
        let filtered = User::TAGS.filter(Tag::NAME.gt("b")).order_by(Tag::NAME.desc()).limit(1);
        let users = User::query().with(filtered).all(&app).await.unwrap();
        let names =
            users.iter().map(|user| user.tags.get_partial().unwrap().iter().map(|it| it.name.clone()).collect());
        assert_eq!(names.collect::<Vec<Vec<_>>>(), [vec!["sql"], vec![], vec![]]);
    });
}

#[test]
fn the_order_of_the_middle_with_a_limit_is_that_of_its_own_source() {
    block_on(async {
        let app = app();
        let logs = record(&app);
        // By the views of the posts, which are the middle, in the other source.
        let best = User::POSTS.order_by(Post::VIEWS.desc()).limit(1).with(Post::COMMENTS);
        let users = User::query().filter(User::ID.eq(1)).with(best).all(&app).await.unwrap();
        let post = &users[0].posts.get_partial().unwrap()[0];
        assert_eq!(post.comments.get().unwrap().iter().map(|it| it.id).collect::<Vec<_>>(), [4]);
        assert_eq!(logs.each_ref().map(sent), [2, 1]);
    });
}
