//! Eager trees and the cache: what is cached is not loaded, what is not is loaded once; parts of a relation go past it.

use relations_core::{Relations, block_on};
use relations_tests::blog::{self, Comment, Post, User};
use relations_tests::media;
use relations_tests::tags::{self, Article};
use relations_tests::{execute, relations, sent};

use crate::cached;
use crate::kinds::fresh;

fn ids(posts: &[Post]) -> Vec<i64> {
    posts.iter().map(|post| post.id).collect()
}

#[test]
fn a_tree_whose_relations_are_cached_sends_only_its_root() {
    block_on(async {
        let db = cached(blog::db());
        let log = db.source().record();
        let mut found = Vec::new();
        for statements in [5, 1, 1] {
            log.clear();
            let users = User::query()
                .with(User::PROFILE)
                .with(User::POSTS.with(Post::COMMENTS.with(Comment::USER)))
                .all(&db)
                .await
                .unwrap();
            assert_eq!(sent(&log), statements, "{:?}", relations(&log));
            log.clear();
            let mut texts = Vec::new();
            for user in &users {
                texts.push(user.profile(&db).await.unwrap().map_or_else(String::new, |profile| profile.bio.clone()));
                for post in user.posts.get().unwrap() {
                    for comment in post.comments.get().unwrap() {
                        texts.push(format!("{} {} {:?}", post.title, comment.text, comment.user.get().unwrap()));
                    }
                }
            }
            assert_eq!(sent(&log), 0);
            found.push(texts);
        }
        assert_eq!(found[0], found[1]);
        assert_eq!(found[0], found[2]);
    });
}

#[test]
fn lazy_reads_and_trees_share_what_they_load() {
    block_on(async {
        let db = cached(blog::db());
        let users = User::query().with(User::POSTS.with(Post::COMMENTS)).all(&db).await.unwrap();
        let log = db.source().record();
        let ann = fresh::<User>(&db, 1).await;
        for post in &ann.posts(&db).await.unwrap() {
            post.comments(&db).await.unwrap();
        }
        assert_eq!(relations(&log), [("User".to_owned(), 1)]);
        log.clear();
        let again = User::all(db.source()).await.unwrap();
        again.load(User::POSTS.with(Post::COMMENTS), &db).await.unwrap();
        assert_eq!(sent(&log), 1, "the users");
        assert_eq!(ids(again[0].posts.get().unwrap()), ids(users[0].posts.get().unwrap()));
    });
}

#[test]
fn all_kinds_in_a_tree_are_cached() {
    block_on(async {
        let db = cached(media::db());
        let log = db.source().record();
        for statements in [8, 2] {
            log.clear();
            let comments = media::Comment::query()
                .with(media::Comment::COMMENTABLE.with(media::Post::AUTHOR).with(media::Post::TAGS))
                .all(&db)
                .await
                .unwrap();
            assert_eq!(comments.len(), 5);
            let covers = media::Cover::query().with(media::Cover::TARGET).all(&db).await.unwrap();
            assert_eq!(covers.len(), 6);
            assert_eq!(sent(&log), statements + usize::from(statements == 8), "{:?}", relations(&log));
        }
        let db = cached(tags::db());
        let log = db.source().record();
        for statements in [3, 1] {
            log.clear();
            let articles = Article::query().with(Article::TAGS).all(&db).await.unwrap();
            let pivots: Vec<_> = articles.iter().map(|it| it.tags.get().unwrap().pivots().count()).collect();
            assert_eq!(pivots, [2, 2, 0]);
            assert_eq!(sent(&log), statements);
        }
    });
}

#[test]
fn keys_that_are_not_cached_are_loaded_in_one_statement_each_once_and_the_order_is_kept() {
    block_on(async {
        let db = cached(blog::db());
        fresh::<Comment>(&db, 2).await.user(&db).await.unwrap();
        fresh::<Comment>(&db, 1).await.post(&db).await.unwrap();
        let log = db.source().record();
        let comments = Comment::query().with(Comment::POST).with(Comment::USER).all(&db).await.unwrap();
        // Posts 2 and 3 besides 1; users 2, 1 and the dangling 99 besides 3.
        let keys: Vec<_> = log.statements().iter().map(|statement| statement.keys).collect();
        assert_eq!(keys, [0, 2, 3]);
        let found: Vec<_> = comments
            .iter()
            .map(|comment| {
                let user = comment.user.get().unwrap().map(|user| user.id);
                (comment.id, comment.post.get().unwrap().id, user)
            })
            .collect();
        assert_eq!(found, [(1, 1, Some(2)), (2, 1, Some(3)), (3, 2, Some(1)), (4, 3, None), (5, 1, None)]);
    });
}

#[test]
fn lists_of_some_keys_from_the_cache_and_of_others_from_the_database_keep_their_order() {
    block_on(async {
        let db = cached(blog::db());
        execute(db.source(), "INSERT INTO comments VALUES (6, 2, 1, 'f'), (7, 3, 1, 'g'), (8, 2, 1, 'h')");
        fresh::<Post>(&db, 2).await.comments(&db).await.unwrap();
        let posts = Post::query().order_by(Post::ID.desc()).with(Post::COMMENTS).all(&db).await.unwrap();
        let found: Vec<Vec<i64>> =
            posts.iter().map(|post| post.comments.get().unwrap().iter().map(|comment| comment.id).collect()).collect();
        assert_eq!(found, [vec![], vec![], vec![7, 4], vec![8, 6, 3], vec![5, 2, 1]]);
    });
}

#[test]
fn a_part_of_a_relation_neither_reads_nor_fills_the_cache() {
    block_on(async {
        let db = cached(blog::db());
        let log = db.source().record();
        for relation in [
            User::POSTS.filter(Post::SCORE.gt(10)),
            User::POSTS.limit(1),
            User::POSTS.order_by(Post::ID.desc()),
            User::POSTS.offset(1),
        ] {
            log.clear();
            User::query().with(relation.clone()).all(&db).await.unwrap();
            assert_eq!(db.cache().report().total.entries, 0);
            User::query().with(relation.clone()).all(&db).await.unwrap();
            assert_eq!(sent(&log), 4, "nothing was kept");
        }
        let users = User::query().with(User::POSTS).all(&db).await.unwrap();
        assert_eq!(ids(users[0].posts.get().unwrap()), [1, 2]);
        let users = User::query().with(User::POSTS.filter(Post::SCORE.gt(10))).all(&db).await.unwrap();
        assert_eq!(ids(users[0].posts.get_partial().unwrap()), [2], "it is not the whole that is cached");
        let users = User::query().with(User::POSTS).all(&db).await.unwrap();
        assert_eq!(ids(users[0].posts.get().unwrap()), [1, 2], "nor has it become what is cached");
    });
}

#[test]
fn different_parts_of_a_relation_do_not_interfere() {
    block_on(async {
        let db = cached(blog::db());
        let len = async |relation| {
            let users = User::by_key(2).with(relation).all(&db).await.unwrap();
            users[0].posts.get_partial().unwrap().len()
        };
        for _ in 0..2 {
            assert_eq!(len(User::POSTS).await, 1);
            assert_eq!(len(User::POSTS.filter(Post::SCORE.gt(0))).await, 1);
            assert_eq!(len(User::POSTS.filter(Post::SCORE.lt(0))).await, 0);
        }
    });
}

#[test]
fn the_limit_of_a_part_leads_on_to_what_is_cached() {
    block_on(async {
        let db = cached(blog::db());
        let log = db.source().record();
        for statements in [3, 2] {
            log.clear();
            let users = User::query().with(User::POSTS.limit(1).with(Post::COMMENTS)).all(&db).await.unwrap();
            assert_eq!(users[0].posts.get_partial().unwrap()[0].comments.get().unwrap().len(), 3);
            assert_eq!(sent(&log), statements);
        }
    });
}

#[test]
fn a_query_on_a_relation_and_queries_on_models_are_never_cached() {
    block_on(async {
        let db = cached(blog::db());
        let log = db.source().record();
        let ann = fresh::<User>(&db, 1).await;
        ann.posts(&db).await.unwrap();
        let entries = db.cache().report().total.entries;
        log.clear();
        for _ in 0..2 {
            assert_eq!(ann.posts_query().filter(Post::SCORE.gt(10)).all(&db).await.unwrap().len(), 1);
            assert_eq!(ann.posts_query().count(&db).await.unwrap(), 2);
            User::find(&db, 1).await.unwrap();
            User::all(&db).await.unwrap();
        }
        assert_eq!(sent(&log), 8);
        assert_eq!(db.cache().report().total.entries, entries);
    });
}

#[test]
fn a_tree_onto_no_rows_sends_and_keeps_nothing() {
    block_on(async {
        let db = cached(blog::db());
        let log = db.source().record();
        let none = User::query().filter(User::ID.gt(99)).with(User::POSTS).all(&db).await.unwrap();
        assert!(none.is_empty());
        assert_eq!((sent(&log), db.cache().report().total.entries), (1, 0));
    });
}
