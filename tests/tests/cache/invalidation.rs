//! Invalidating by hand: by key, by relation, by model, all of it, and by a row's own fields.

use relations_core::{Ref, Relations, block_on};
use relations_tests::blog::{self, Comment, Post, Profile, User};
use relations_tests::media::{self, Cover, Video};
use relations_tests::shop::{self, Article, Line, Order};
use relations_tests::tags;
use relations_tests::{database, execute};

use crate::cached;
use crate::kinds::fresh;
use crate::staleness::loads;

#[test]
fn a_key_of_a_relation_is_invalidated_and_no_other() {
    block_on(async {
        let db = cached(blog::db());
        User::query().with(User::POSTS).with(User::PROFILE).all(&db).await.unwrap();
        Post::query().with(Post::USER).all(&db).await.unwrap();
        let log = db.source().record();
        let key = &1_i64;
        db.cache().invalidate(User::POSTS, key);
        db.cache().invalidate(Post::USER, 2);
        User::query().with(User::POSTS).with(User::PROFILE).all(&db).await.unwrap();
        Post::query().with(Post::USER).all(&db).await.unwrap();
        assert_eq!(loads(&log), [("User.posts".to_owned(), 1), ("Post.user".to_owned(), 1)]);
    });
}

#[test]
fn text_and_composite_keys_are_given_by_their_parts() {
    block_on(async {
        let rows = "
            INSERT INTO articles VALUES ('A', NULL), ('B', NULL); INSERT INTO orders VALUES (1, 7, ''), (7, 1, '');
            INSERT INTO lines VALUES (1, 7, 1, 'A'), (7, 1, 1, 'B');
        ";
        let db = cached(database(shop::SCHEMA, rows));
        let all = async || {
            Article::query().with(Article::LINES).all(&db).await.unwrap();
            Order::query().with(Order::LINES).all(&db).await.unwrap();
            Line::query().with(Line::ORDER).all(&db).await.unwrap();
        };
        all().await;
        let log = db.source().record();
        let key = &(7, 1);
        db.cache().invalidate(Article::LINES, "A");
        db.cache().invalidate(Article::LINES, String::from("no such article"));
        db.cache().invalidate(Order::LINES, (1, 7));
        db.cache().invalidate(Line::ORDER, key);
        all().await;
        let one = |relation: &str| (relation.to_owned(), 1);
        assert_eq!(loads(&log), [one("Article.lines"), one("Order.lines"), one("Line.order")]);
    });
}

#[test]
fn a_composite_key_with_a_text_is_given_as_it_is_written() {
    block_on(async {
        let rows = "
            INSERT INTO crates VALUES ('A', 7), ('B', 7); INSERT INTO goods VALUES (x'01', 'nut');
            INSERT INTO routes VALUES ('A', 7, 'B', 7);
        ";
        let db = cached(database(tags::SCHEMA, rows));
        tags::Crate::query().with(tags::Crate::BESIDE).all(&db).await.unwrap();
        let log = db.source().record();
        db.cache().invalidate(tags::Crate::BESIDE, ("A", 7));
        let a: Ref<tags::Crate> = fresh(&db, ("A".to_owned(), 7)).await;
        a.beside(&db).await.unwrap();
        assert!(!loads(&log).is_empty());
    });
}

#[test]
fn a_key_of_a_polymorphic_relation_is_its_type_and_its_id() {
    block_on(async {
        let db = cached(media::db());
        let all = async || {
            media::Comment::query().with(media::Comment::COMMENTABLE).all(&db).await.unwrap();
            Cover::query().with(Cover::TARGET).all(&db).await.unwrap();
        };
        all().await;
        let log = db.source().record();
        db.cache().invalidate(media::Comment::COMMENTABLE, ("post", 1));
        db.cache().invalidate(media::Comment::COMMENTABLE, ("photo", 1));
        let kind = String::from("video");
        db.cache().invalidate(Cover::TARGET, (kind.as_str(), 1));
        all().await;
        let one = |relation: &str| (relation.to_owned(), 1);
        assert_eq!(loads(&log), [one("Comment.commentable"), one("Cover.target")]);
        let post: Ref<media::Post> = fresh(&db, 1).await;
        let video: Ref<Video> = fresh(&db, 1).await;
        post.comments(&db).await.unwrap();
        video.comments(&db).await.unwrap();
        loads(&log);
        db.cache().invalidate(media::Post::COMMENTS, 1);
        fresh::<media::Post>(&db, 1).await.comments(&db).await.unwrap();
        fresh::<Video>(&db, 1).await.comments(&db).await.unwrap();
        assert_eq!(loads(&log), [one("Post.comments")]);
    });
}

#[test]
fn a_key_of_a_relation_over_a_join_table_is_its_owners() {
    block_on(async {
        let db = cached(tags::db());
        fresh::<tags::Article>(&db, 1).await.readers(&db).await.unwrap();
        execute(
            db.source(),
            "DELETE FROM article_readers WHERE person_id = 1; UPDATE people SET name = 'Bea' WHERE id = 2",
        );
        db.cache().invalidate(tags::Article::READERS, 1);
        let article = fresh::<tags::Article>(&db, 1).await;
        let readers = article.readers(&db).await.unwrap();
        assert_eq!(readers.iter().map(|reader| reader.name.as_str()).collect::<Vec<_>>(), ["Bea"]);
    });
}

#[test]
fn a_relation_a_model_and_all_are_invalidated_whole() {
    block_on(async {
        let db = cached(blog::db());
        let all = async || {
            let users = User::query().with(User::POSTS).with(User::REVIEWS).with(User::PROFILE).all(&db).await.unwrap();
            let comments = Comment::query().with(Comment::POST).all(&db).await.unwrap();
            users.len() + comments.len()
        };
        let names = |loads: Vec<(String, usize)>| loads.into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        all().await;
        let log = db.source().record();
        db.cache().invalidate_relation(User::POSTS);
        all().await;
        assert_eq!(names(loads(&log)), ["User.posts"]);
        db.cache().invalidate_model::<Post>();
        all().await;
        assert_eq!(names(loads(&log)), ["User.posts", "User.reviews", "Comment.post"]);
        db.cache().invalidate_model::<Profile>();
        all().await;
        assert_eq!(names(loads(&log)), ["User.profile"]);
        db.cache().clear();
        all().await;
        assert_eq!(loads(&log).len(), 4);
        all().await;
        assert_eq!(loads(&log), []);
    });
}

#[test]
fn a_cleared_field_reads_from_the_database_and_renews_what_others_get() {
    block_on(async {
        let db = cached(blog::db());
        let ann: Ref<User> = fresh(&db, 1).await;
        let before = (ann.posts(&db).await.unwrap(), ann.profile(&db).await.unwrap());
        execute(db.source(), "UPDATE posts SET headline = 'new'; UPDATE profiles SET bio = 'new'");
        assert_eq!(fresh::<User>(&db, 1).await.posts(&db).await.unwrap()[0].title, "one");
        let log = db.source().record();
        ann.posts.clear();
        assert_eq!(ann.posts(&db).await.unwrap()[0].title, "new");
        assert_eq!(ann.profile(&db).await.unwrap().unwrap().bio, "writes", "the other field was not cleared");
        assert_eq!(before.0[0].title, "one", "what was handed out stays");
        assert_eq!(loads(&log), [("User.posts".to_owned(), 1)]);
        assert_eq!(fresh::<User>(&db, 1).await.posts(&db).await.unwrap()[0].title, "new");
        assert_eq!(loads(&log), []);
        ann.clear_relations();
        assert_eq!(ann.profile(&db).await.unwrap().unwrap().bio, "new");
        assert_eq!(fresh::<User>(&db, 1).await.profile(&db).await.unwrap().unwrap().bio, "new");
        assert_eq!(loads(&log), [("User.profile".to_owned(), 1)]);
    });
}

#[test]
fn clearing_a_row_leaves_other_rows_as_they_are() {
    block_on(async {
        let db = cached(blog::db());
        let users = User::query().with(User::POSTS).all(&db).await.unwrap();
        let log = db.source().record();
        users[0].posts.clear();
        assert!(users[1].posts.is_loaded());
        assert_eq!(users[0].posts(&db).await.unwrap().len(), 2);
        assert_eq!(loads(&log), [("User.posts".to_owned(), 1)]);
        users[1].clear_relations();
        assert_eq!(users[1].posts(&db).await.unwrap().len(), 1);
        assert!(users[0].posts.is_loaded());
    });
}

#[test]
fn a_cleared_polymorphic_field_and_one_over_a_join_table_read_from_the_database_too() {
    block_on(async {
        let db = cached(media::db());
        let comment: Ref<media::Comment> = fresh(&db, 1).await;
        assert_eq!(comment.commentable(&db).await.unwrap().title(), "p1");
        execute(db.source(), "UPDATE posts SET title = 'new'");
        comment.commentable.clear();
        assert_eq!(comment.commentable(&db).await.unwrap().title(), "new");
        assert_eq!(fresh::<media::Comment>(&db, 4).await.commentable(&db).await.unwrap().title(), "new");
        let post: Ref<media::Post> = fresh(&db, 1).await;
        assert_eq!(post.tags(&db).await.unwrap().len(), 2);
        execute(db.source(), "DELETE FROM taggings WHERE id = 2; UPDATE tags SET name = 'new'");
        post.tags.clear();
        let names = |tags: relations_core::Linked<media::Tag, media::Tagging>| -> Vec<_> {
            tags.iter().map(|tag| tag.name.clone()).collect()
        };
        assert_eq!(names(post.tags(&db).await.unwrap()), ["new"]);
        assert_eq!(names(fresh::<media::Post>(&db, 1).await.tags(&db).await.unwrap()), ["new"]);
    });
}
