//! Polymorphic relations whose models are in two sources: the same id of another type, or of the other database, never
//! shows.

use relations_core::{Relations, block_on};
use relations_tests::sent;

use crate::model::{Comment, Post, Subject, Tag, Video};
use crate::{app, record, sent_for};

#[test]
fn a_polymorphic_relation_asks_each_variants_source_once() {
    block_on(async {
        let app = app();
        let logs = record(&app);
        let lazy = Comment::query().filter(Comment::ID.lt(7)).all(&app).await.unwrap();
        let mut titles = Vec::new();
        for comment in &lazy {
            titles.push(comment.subject(&app).await.unwrap().map_or("-".to_owned(), |it| it.title().to_owned()));
        }
        assert_eq!(titles, ["one", "one", "first", "two", "first", "-"]);
        assert_eq!(sent_for(&logs), [vec!["Comment", "Comment.subject"], vec!["Comment.subject"]]);
        let eager = Comment::query().filter(Comment::ID.lt(7)).with(Comment::SUBJECT.with(Post::USER));
        let eager = eager.all(&app).await.unwrap();
        let eager_titles = eager.iter().map(|comment| comment.subject.get().unwrap());
        let eager_titles = eager_titles.map(|it| it.map_or("-".to_owned(), |it| it.title().to_owned()));
        assert_eq!(eager_titles.collect::<Vec<_>>(), titles);
        assert!(matches!(eager[0].subject.get().unwrap(), Some(Subject::Post(post)) if post.user.is_loaded()));
    });
}

#[test]
fn an_unknown_type_fails_its_own_row_only() {
    block_on(async {
        let app = app();
        let comments = Comment::all(&app).await.unwrap();
        assert_eq!(comments[2].subject(&app).await.unwrap().unwrap().title(), "first");
        let error = comments[6].subject(&app).await.unwrap_err().to_string();
        assert!(error.starts_with("Comment.subject: `photo` is no type of `Subject`"), "{error}");
    });
}

#[test]
fn the_way_back_reads_only_rows_of_its_own_type() {
    block_on(async {
        let app = app();
        let logs = record(&app);
        let posts = Post::query().with(Post::COMMENTS).all(&app).await.unwrap();
        let of_posts = posts.iter().map(|post| post.comments.get().unwrap().iter().map(|it| it.id).collect());
        assert_eq!(of_posts.collect::<Vec<Vec<_>>>(), [vec![1, 2], vec![4], vec![], vec![]]);
        let videos = Video::query().with(Video::COMMENTS).all(&app).await.unwrap();
        let of_videos = videos.iter().map(|video| video.comments.get().unwrap().iter().map(|it| it.id).collect());
        assert_eq!(of_videos.collect::<Vec<Vec<_>>>(), [vec![3, 5], vec![]]);
        assert_eq!(logs.each_ref().map(sent), [3, 1]);
    });
}

#[test]
fn a_tag_on_a_video_never_shows_on_the_post_of_the_same_id() {
    block_on(async {
        let app = app();
        let logs = record(&app);
        let posts = Post::query().with(Post::LABELS).all(&app).await.unwrap();
        let of_posts = posts.iter().map(|post| post.labels.get().unwrap().iter().map(|tag| &*tag.name).collect());
        assert_eq!(of_posts.collect::<Vec<Vec<_>>>(), [vec!["rust"], vec!["sql"], vec![], vec![]]);
        assert_eq!(sent_for(&logs), [vec!["Post.labels"], vec!["Post", "Post.labels"]]);
        let videos = Video::all(&app).await.unwrap();
        for (video, expected) in videos.iter().zip(["sql", "async"]) {
            let labels = video.labels(&app).await.unwrap();
            assert_eq!(labels.iter().map(|tag| &*tag.name).collect::<Vec<_>>(), [expected]);
        }
    });
}

#[test]
fn a_tag_leads_to_rows_of_one_type_whichever_source_holds_them() {
    block_on(async {
        let app = app();
        let tags = Tag::query().with(Tag::LABELLED_POSTS).with(Tag::LABELLED_VIDEOS).all(&app).await.unwrap();
        let posts = tags.iter().map(|tag| tag.labelled_posts.get().unwrap().iter().map(|post| post.id).collect());
        assert_eq!(posts.collect::<Vec<Vec<_>>>(), [vec![1], vec![2], vec![]]);
        let videos = tags.iter().map(|tag| tag.labelled_videos.get().unwrap().iter().map(|it| it.id).collect());
        assert_eq!(videos.collect::<Vec<Vec<_>>>(), [vec![], vec![1], vec![2]]);
    });
}
