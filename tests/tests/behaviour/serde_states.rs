//! Serialising rows: not loaded, loaded and absent, and loaded stay different, there and back.

use relations_core::{Relations, block_on};
use relations_tests::blog::{self, Post, User};
use relations_tests::execute;
use relations_tests::tags::{self, Article};
use serde_json::json;

#[test]
fn the_three_states_of_a_to_one_relation_differ() {
    block_on(async {
        let db = blog::db();
        let users = User::query().with(User::PROFILE).all(&db).await.unwrap();
        let not_loaded = serde_json::to_value(&*User::find(&db, 1).await.unwrap().unwrap()).unwrap();
        assert_eq!(not_loaded["profile"], json!("not_loaded"));
        let loaded = serde_json::to_value(&users[0]).unwrap();
        assert_eq!(loaded["profile"]["loaded"]["bio"], json!("writes"));
        let absent = serde_json::to_value(&users[2]).unwrap();
        assert_eq!(absent["profile"], json!({"loaded": null}));

        let back: User = serde_json::from_value(not_loaded).unwrap();
        assert!(!back.profile.is_loaded());
        let back: User = serde_json::from_value(loaded).unwrap();
        assert_eq!(back.profile.get().unwrap().unwrap().bio, "writes");
        let back: User = serde_json::from_value(absent).unwrap();
        assert!(back.profile.get().unwrap().is_none());
        let log = db.record();
        assert!(back.profile(&db).await.unwrap().is_none());
        assert!(log.statements().is_empty(), "what came back loaded is loaded");
    });
}

#[test]
fn lists_come_back_whole_in_part_or_not_loaded() {
    block_on(async {
        let db = blog::db();
        let whole = User::query().with(User::POSTS).one(&db).await.unwrap().unwrap();
        let json = serde_json::to_value(&whole).unwrap();
        assert_eq!(json["posts"]["loaded"].as_array().unwrap().len(), 2);
        assert_eq!(json["posts"]["loaded"][0]["user"], json!("not_loaded"), "the way back is not written again");
        let back: User = serde_json::from_value(json).unwrap();
        assert_eq!(back.posts.get().unwrap(), whole.posts.get().unwrap());

        let part = User::query().with(User::POSTS.filter(Post::SCORE.gt(10))).one(&db).await.unwrap().unwrap();
        let json = serde_json::to_value(&part).unwrap();
        assert_eq!(json["posts"]["partial"].as_array().unwrap().len(), 1);
        let back: User = serde_json::from_value(json).unwrap();
        assert!(back.posts.get().unwrap_err().is_partial());
        assert_eq!(back.posts.get_partial().unwrap()[0].title, "two");
    });
}

#[test]
fn lists_over_a_join_table_come_back_with_its_rows() {
    block_on(async {
        let db = tags::db();
        let article = Article::query().with(Article::TAGS).with(Article::READERS).one(&db).await.unwrap().unwrap();
        let json = serde_json::to_value(&article).unwrap();
        assert_eq!(json["tags"]["loaded"][0]["row"]["name"], json!("rust"));
        assert_eq!(json["tags"]["loaded"][0]["pivot"]["weight"], json!(5));
        assert_eq!(json["readers"]["loaded"][1]["name"], json!("Bob"), "a plain join table has no rows to show");
        assert_eq!(json["top_tags"], json!("not_loaded"));
        let back: Article = serde_json::from_value(json).unwrap();
        assert!(back.tags.get().unwrap().pivots().eq(article.tags.get().unwrap().pivots()));
        assert_eq!(back.readers.get().unwrap(), article.readers.get().unwrap());
        assert!(!back.top_tags.is_loaded());
        let log = db.record();
        assert_eq!(back.tags(&db).await.unwrap().len(), 2);
        assert!(log.statements().is_empty(), "what came back loaded is loaded");

        let part = Article::query().with(Article::TAGS.limit(1)).one(&db).await.unwrap().unwrap();
        let back: Article = serde_json::from_value(serde_json::to_value(&part).unwrap()).unwrap();
        assert!(back.tags.get().unwrap_err().is_partial());
        assert_eq!(back.tags.get_partial().unwrap().len(), 1);
    });
}

#[test]
fn handles_serialise_as_their_rows_without_their_peers() {
    block_on(async {
        let db = blog::db();
        let users = User::all(&db).await.unwrap();
        let all = serde_json::to_string(&users).unwrap();
        let one = serde_json::to_string(&users.get_ref(0).unwrap()).unwrap();
        assert_eq!(serde_json::from_str::<relations_core::Many<User>>(&all).unwrap(), users);
        users[0].posts(&db).await.unwrap();
        assert!(one.len() < all.len() / 2);
        let back: relations_core::Ref<User> = serde_json::from_str(&one).unwrap();
        assert_eq!(back.posts(&db).await.unwrap().len(), 2);
    });
}

#[test]
fn a_row_that_was_loaded_with_a_thousand_serialises_like_one_loaded_alone() {
    block_on(async {
        let db = blog::empty();
        execute(
            &db,
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
             INSERT INTO users SELECT i, 'u' FROM n;
             INSERT INTO posts (id, user_id, headline) SELECT id, id, 'p' FROM users;",
        );
        let users = User::all(&db).await.unwrap();
        let alone = User::find(&db, 500).await.unwrap().unwrap();
        assert_eq!(users[499].posts(&db).await.unwrap().len(), 1);
        assert_eq!(alone.posts(&db).await.unwrap().len(), 1);
        assert!(users[0].posts.is_loaded(), "its peers were loaded with it");
        assert_eq!(serde_json::to_string(&users[499]).unwrap(), serde_json::to_string(&alone).unwrap());
    });
}
