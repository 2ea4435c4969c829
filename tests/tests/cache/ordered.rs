//! Lists that are in the order of their targets, which only the database knows.

use relations_core::{Db, Relations, Sqlite, block_on};
use relations_tests::media::{self, Tag, Video};
use relations_tests::{execute, sent};

use crate::cached;

async fn names(db: &Db<Sqlite>, video: i64) -> Vec<(String, i64)> {
    let video = Video::find(db, video).await.unwrap().unwrap();
    let tags = video.tags(db).await.unwrap();
    tags.pivots().map(|(tag, tagging)| (tag.name.clone(), tagging.weight)).collect()
}

fn rows<const N: usize>(rows: [(&str, i64); N]) -> Vec<(String, i64)> {
    rows.map(|(name, weight)| (name.to_owned(), weight)).to_vec()
}

#[test]
fn a_list_in_the_order_of_its_targets_is_read_once_and_stays_in_order() {
    block_on(async {
        let db = cached(media::db());
        assert_eq!(names(&db, 1).await, rows([("async", 2), ("sql", 7)]));
        let log = db.source().record();
        assert_eq!(names(&db, 1).await, rows([("async", 2), ("sql", 7)]));
        // The video itself.
        assert_eq!(sent(&log), 1);
    });
}

#[test]
fn a_batch_of_lists_of_which_one_is_cached_is_in_order() {
    block_on(async {
        let db = cached(media::db());
        names(&db, 2).await;
        let videos = Video::all(&db).await.unwrap();
        let first = videos[0].tags(&db).await.unwrap();
        assert_eq!(first.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>(), ["async", "sql"]);
        assert_eq!(names(&db, 1).await, rows([("async", 2), ("sql", 7)]));
        assert_eq!(names(&db, 2).await, rows([("rust", 6)]));
    });
}

#[test]
fn a_target_that_changes_reorders_the_lists_that_it_is_in() {
    block_on(async {
        let db = cached(media::db());
        names(&db, 1).await;
        execute(db.source(), "UPDATE tags SET name = 'zinc' WHERE id = 3");
        let tag = Tag::find(&db, 3).await.unwrap().unwrap();
        db.cache().changed(&tag);
        assert_eq!(names(&db, 1).await, rows([("sql", 7), ("zinc", 2)]));
    });
}

#[test]
fn a_list_that_was_cleared_is_kept_in_order() {
    block_on(async {
        let db = cached(media::db());
        names(&db, 1).await;
        execute(db.source(), "INSERT INTO taggings VALUES (9, 1, 'video', 1, 1)");
        let video = Video::find(&db, 1).await.unwrap().unwrap();
        video.tags(&db).await.unwrap();
        video.tags.clear();
        assert_eq!(video.tags(&db).await.unwrap().len(), 3);
        // The targets were loaded in a snapshot from before they were invalidated, so they are not kept at first.
        assert_eq!(names(&db, 1).await, rows([("async", 2), ("rust", 1), ("sql", 7)]));
        let log = db.source().record();
        assert_eq!(names(&db, 1).await, rows([("async", 2), ("rust", 1), ("sql", 7)]));
        assert_eq!(sent(&log), 1);
    });
}
