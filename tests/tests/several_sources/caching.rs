//! A shared cache before several sources: it keeps rows by relation, so those of tables of one name never mix.

use relations_core::{CacheConfig, Db, Relations, StatementLog, block_on};
use relations_tests::{execute, sent};

use crate::model::{Comment, Post, Tag, User, Video};
use crate::{App, app, record};

fn cached() -> (Db<App>, App) {
    let app = app();
    (Db::builder(app.clone()).cache(CacheConfig::default()).build().unwrap(), app)
}

#[test]
fn relations_over_two_sources_are_cached() {
    block_on(async {
        let (db, app) = cached();
        let logs = record(&app);
        let mut read = Vec::new();
        for expected in [[2, 2], [1, 0]] {
            let mut texts = Vec::new();
            for user in &User::query().order_by(User::ID.asc()).all(&db).await.unwrap() {
                for post in user.posts(&db).await.unwrap().iter() {
                    let tags = post.tags(&db).await.unwrap();
                    texts.push(format!("{} {:?}", post.title, tags.iter().map(|tag| &*tag.name).collect::<Vec<_>>()));
                }
            }
            assert_eq!(logs.each_ref().map(sent), expected);
            logs.iter().for_each(StatementLog::clear);
            read.push(texts);
        }
        assert_eq!(read[0], read[1]);
        assert_eq!(read[0], ["one [\"rust\", \"sql\"]", "two [\"sql\", \"sql\"]", "three [\"async\"]"]);
        let users = User::query().with(User::POSTS.with(Post::TAGS)).all(&db).await.unwrap();
        assert_eq!(users[0].posts.get().unwrap()[1].tags.get().unwrap().len(), 2);
        assert_eq!(logs.each_ref().map(sent), [1, 0]);
    });
}

#[test]
fn the_same_key_of_two_types_is_two_entries() {
    block_on(async {
        let (db, app) = cached();
        for _ in 0..2 {
            let comments = Comment::query().filter(Comment::ID.lt(4)).all(&db).await.unwrap();
            let mut titles = Vec::new();
            for comment in &comments {
                titles.push(comment.subject(&db).await.unwrap().unwrap().title().to_owned());
            }
            assert_eq!(titles, ["one", "one", "first"]);
            let post = Post::find(&db, 1).await.unwrap().unwrap();
            let video = Video::find(&db, 1).await.unwrap().unwrap();
            let of_post = post.labels(&db).await.unwrap().iter().map(|tag| tag.id).collect::<Vec<_>>();
            let of_video = video.labels(&db).await.unwrap().iter().map(|tag| tag.id).collect::<Vec<_>>();
            assert_eq!((of_post, of_video), (vec![1], vec![2]));
        }
        let logs = record(&app);
        let comments = Comment::query().filter(Comment::ID.lt(4)).all(&db).await.unwrap();
        comments[0].subject(&db).await.unwrap();
        assert_eq!(logs.each_ref().map(sent), [1, 0]);
    });
}

#[test]
fn a_write_to_either_source_makes_its_own_rows_stale() {
    block_on(async {
        let (db, app) = cached();
        let title = || async {
            let user = User::find(&db, 2).await.unwrap().unwrap();
            user.posts(&db).await.unwrap().iter().map(|post| post.title.clone()).collect::<Vec<_>>()
        };
        assert_eq!(title().await, ["three"]);
        execute(&app.other, "UPDATE posts SET title = 'new' WHERE id = 3");
        execute(&app.main, "UPDATE posts SET title = 'wrong'");
        assert_eq!(title().await, ["three"]);
        let post = Post::find(&db, 3).await.unwrap().unwrap();
        db.cache().changed(&post);
        assert_eq!(title().await, ["new"]);
    });
}

#[test]
fn a_query_goes_past_the_cache_in_steps_too() {
    block_on(async {
        let (db, app) = cached();
        let post = Post::find(&db, 1).await.unwrap().unwrap();
        post.tags(&db).await.unwrap();
        execute(&app.other, "UPDATE tags SET name = 'new' WHERE id = 1");
        let names = post.tags_query().order_by(Tag::ID.asc()).all(&db).await.unwrap();
        assert_eq!(names.iter().map(|tag| &*tag.name).collect::<Vec<_>>(), ["new", "sql"]);
    });
}
