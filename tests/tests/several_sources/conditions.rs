//! Conditions and aggregates: within one source as ever; over two they are an error before anything is sent.

use relations_core::{ErrorKind, Relations, Result, Sources, Sqlite, block_on};
use relations_tests::sent;

use crate::model::{Comment, Post, PostTag, Profile, Tag, User};
use crate::{app, record};

/// What such an error says.
fn refused<T>(result: Result<T>) -> String {
    let error = result.err().expect("an error");
    assert!(matches!(error.kind(), ErrorKind::SeveralSources { .. }), "{error}");
    error.to_string()
}

#[test]
fn a_condition_on_rows_of_another_source_is_an_error_that_names_both() {
    block_on(async {
        let app = app();
        let logs = record(&app);
        let error = refused(User::query().filter(User::POSTS.any(Post::VIEWS.gt(1))).all(&app).await);
        assert_eq!(
            error,
            "User.posts leads to `Post`, held by `App.other`, but the statement reads `User` from `App.main`, and one \
             statement reads one source; load the relation, and look at what is loaded"
        );
        for filter in [
            !User::POSTS.exists(),
            User::POSTS.count_all().ge(1),
            User::TEAM.any(User::READS.exists()),
            User::NAME.eq("Ann").or(User::TEAM.filter(User::BEST.exists()).any(User::ID.gt(0))),
            User::COMMENTERS.exists(),
        ] {
            refused(User::query().filter(filter.clone()).all(&app).await);
            refused(User::query().filter(filter).count(&app).await);
        }
        refused(Post::query().filter(Post::TAGS.exists()).all(&app).await);
        refused(Comment::query().filter(Comment::SUBJECT.any_of(Post::ID.gt(0))).all(&app).await);
        refused(Post::query().order_by(Post::USER.by(User::NAME).asc()).all(&app).await);
        refused(Comment::query().order_by(Comment::USER.by(User::BEST.by(Post::VIEWS)).asc()).all(&app).await);
        assert_eq!(logs.each_ref().map(sent), [0, 0]);
    });
}

#[test]
fn a_condition_in_a_tree_or_on_a_join_table_is_looked_at_too() {
    block_on(async {
        let app = app();
        let posts = User::POSTS.filter(Post::COMMENTS.exists());
        refused(User::query().with(posts).all(&app).await);
        let tags = Post::TAGS.filter_pivot(PostTag::TAG.any(Tag::NAME.eq("rust")));
        refused(Post::query().with(tags).all(&app).await);
        let post = Post::find(&app, 1).await.unwrap().unwrap();
        refused(post.tags_query().filter(Tag::LABELLED_VIDEOS.exists()).count(&app).await);
    });
}

#[test]
fn a_condition_within_one_source_is_asked_there() {
    block_on(async {
        let app = app();
        let logs = record(&app);
        let leaders = User::query().filter(User::TEAM.any(User::NAME.like("B%"))).all(&app).await.unwrap();
        assert_eq!(leaders.iter().map(|user| &*user.name).collect::<Vec<_>>(), ["Ann"]);
        let befriended = User::query().filter(User::FRIENDS.count_all().ge(2)).count(&app).await.unwrap();
        assert_eq!(befriended, 1);
        let by_bob = Comment::query().filter(Comment::USER.any(User::NAME.eq("Bob"))).count(&app).await.unwrap();
        assert_eq!(by_bob, 2);
        assert_eq!(logs.each_ref().map(sent), [3, 0]);
    });
}

#[test]
fn an_aggregate_by_a_key_is_computed_by_the_source_of_the_targets() {
    block_on(async {
        let app = app();
        let users = User::all(&app).await.unwrap();
        let logs = record(&app);
        assert_eq!(users.counts(User::POSTS, &app).await.unwrap(), [2, 1, 0]);
        assert_eq!(users.sum(User::POSTS, Post::VIEWS, &app).await.unwrap(), [40, 20, 0]);
        assert_eq!(users.exists(User::PROFILE, &app).await.unwrap(), [false, true, false]);
        assert_eq!(logs.each_ref().map(sent), [0, 3]);
        // The join table is beside its targets.
        let posts = Post::all(&app).await.unwrap();
        assert_eq!(posts.counts(Post::READERS, &app).await.unwrap(), [2, 0, 1, 0]);
    });
}

#[test]
fn an_aggregate_over_a_join_table_of_another_source_is_an_error() {
    block_on(async {
        let app = app();
        let (posts, users) = (Post::all(&app).await.unwrap(), User::all(&app).await.unwrap());
        let logs = record(&app);
        let error = refused(posts.counts(Post::TAGS, &app).await);
        let expected =
            "Post.tags leads to `PostTag`, held by `App.main`, but the statement reads `Tag` from `App.other`";
        assert!(error.starts_with(expected), "{error}");
        let error = refused(users.counts(User::READS, &app).await);
        assert!(error.starts_with("User.reads leads to `readings`, held by `App.main`, but"), "{error}");
        refused(users.counts(User::POSTS.filter(Post::USER.exists()), &app).await);
        assert_eq!(logs.each_ref().map(sent), [0, 0]);
    });
}

/// Holds some of the models only.
#[derive(Sources)]
struct Part {
    #[holds(User, Profile)]
    main: Sqlite,
}

#[test]
fn a_condition_on_a_model_that_no_source_holds_is_an_error() {
    block_on(async {
        let part = Part { main: app().main };
        let log = part.main.record();
        let error = refused(User::query().filter(User::POSTS.exists()).all(&part).await);
        assert!(error.starts_with("User.posts leads to `Post`, held by no source, but"), "{error}");
        let error = refused(User::query().filter(User::READS.exists()).all(&part).await);
        assert!(error.starts_with("User.reads leads to `readings`, held by no source, but"), "{error}");
        assert_eq!(sent(&log), 0);
    });
}
