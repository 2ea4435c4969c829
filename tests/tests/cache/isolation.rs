//! What is shared and what is not: rows from the cache are fresh rows, and a `Db` shares with nobody but its clones.

use relations_core::{Ref, Relations, block_on};
use relations_tests::blog::{self, Post, User};
use relations_tests::tags::{self, Article};
use relations_tests::{execute, relations, sent};

use crate::cached;
use crate::kinds::fresh;

#[test]
fn what_one_reader_loads_onto_a_cached_row_another_does_not_see() {
    block_on(async {
        let db = cached(blog::db());
        let readers: [Ref<User>; 3] = [fresh(&db, 1).await, fresh(&db, 1).await, fresh(&db, 1).await];
        for reader in &readers {
            assert!(!reader.posts.is_loaded());
            reader.posts(&db).await.unwrap();
            assert!(reader.posts.get().unwrap().iter().all(|post| !post.comments.is_loaded()));
            reader.posts.get().unwrap()[0].comments(&db).await.unwrap();
        }
        let (one, other) = (readers[0].posts.get().unwrap(), readers[1].posts.get().unwrap());
        assert!(!std::ptr::eq(&raw const one[0], &raw const other[0]));
        one[0].comments.clear();
        assert!(other[0].comments.is_loaded());
    });
}

#[test]
fn rows_from_the_cache_are_one_anothers_peers() {
    block_on(async {
        let db = cached(blog::db());
        User::query().with(User::POSTS).all(&db).await.unwrap();
        let users = User::all(&db).await.unwrap();
        let log = db.source().record();
        users[0].posts(&db).await.unwrap()[0].comments(&db).await.unwrap();
        // Three posts of all users came from the cache as one list.
        assert_eq!(relations(&log), [("Post.comments".to_owned(), 3)]);
        for user in &users {
            for post in &user.posts(&db).await.unwrap() {
                post.comments(&db).await.unwrap();
            }
        }
        assert_eq!(sent(&log), 1);
    });
}

#[test]
fn rows_from_the_cache_and_rows_that_were_loaded_beside_them_are_peers() {
    block_on(async {
        let db = cached(blog::db());
        fresh::<User>(&db, 2).await.posts(&db).await.unwrap();
        let users = User::all(&db).await.unwrap();
        let log = db.source().record();
        for user in &users {
            for post in &user.posts(&db).await.unwrap() {
                post.comments(&db).await.unwrap();
            }
        }
        assert_eq!(relations(&log), [("User.posts".to_owned(), 2), ("Post.comments".to_owned(), 3)]);
    });
}

#[test]
fn a_clone_of_a_row_from_the_cache_is_a_row_of_its_own() {
    block_on(async {
        let db = cached(blog::db());
        for _ in 0..2 {
            let ann: Ref<User> = fresh(&db, 1).await;
            let posts = ann.posts(&db).await.unwrap();
            let copy = Post::clone(&posts[0]);
            assert_eq!(copy.comments(&db).await.unwrap().len(), 3);
            assert!(!posts[0].comments.is_loaded());
        }
        let log = db.source().record();
        let copy = User::clone(&*fresh::<User>(&db, 1).await);
        assert_eq!(copy.posts(&db).await.unwrap().len(), 2);
        assert_eq!(sent(&log), 1, "the row");
    });
}

#[test]
fn a_row_whose_key_was_assigned_reads_the_entry_of_its_new_key() {
    block_on(async {
        let db = cached(blog::db());
        let mut post = Post::clone(&*fresh::<Post>(&db, 1).await);
        assert_eq!(post.user(&db).await.unwrap().unwrap().name, "Ann");
        fresh::<Post>(&db, 3).await.user(&db).await.unwrap();
        let log = db.source().record();
        post.user_id = Some(2);
        assert_eq!(post.user(&db).await.unwrap().unwrap().name, "Bob");
        post.user_id = Some(1);
        assert_eq!(post.user(&db).await.unwrap().unwrap().name, "Ann");
        assert_eq!(sent(&log), 0);
    });
}

#[test]
fn a_row_of_one_database_read_by_another_gets_the_others_rows() {
    block_on(async {
        let (one, other) = (cached(blog::db()), cached(blog::db()));
        execute(other.source(), "UPDATE posts SET headline = 'other'; UPDATE users SET name = 'other'");
        let titles = async |db| {
            let ann: Ref<User> = fresh(db, 1).await;
            ann.posts(db).await.unwrap().iter().map(|post| post.title.clone()).collect::<Vec<_>>()
        };
        for _ in 0..2 {
            assert_eq!(titles(&one).await, ["one", "two"]);
            assert_eq!(titles(&other).await, ["other", "other"]);
        }
        one.cache().clear();
        let log = other.source().record();
        assert_eq!(titles(&other).await, ["other", "other"]);
        assert_eq!(sent(&log), 1, "the other's entries are kept");
        let ann: Ref<User> = fresh(&one, 1).await;
        assert_eq!(ann.posts(&other).await.unwrap()[0].title, "other");
        assert_eq!(fresh::<User>(&one, 1).await.posts(&one).await.unwrap()[0].title, "one");
    });
}

#[test]
fn clones_of_a_db_share_its_cache() {
    block_on(async {
        let db = cached(blog::db());
        fresh::<User>(&db, 1).await.posts(&db).await.unwrap();
        let (clone, log) = (db.clone(), db.source().record());
        fresh::<User>(&db, 1).await.posts(&clone).await.unwrap();
        assert_eq!(sent(&log), 1, "the row");
        clone.cache().clear();
        fresh::<User>(&db, 1).await.posts(&db).await.unwrap();
        assert_eq!(sent(&log), 3);
    });
}

#[test]
fn the_bare_source_goes_past_the_cache() {
    block_on(async {
        let db = cached(blog::db());
        let log = db.source().record();
        for _ in 0..2 {
            assert_eq!(fresh::<User>(&db, 1).await.posts(db.source()).await.unwrap().len(), 2);
        }
        assert_eq!((sent(&log), db.cache().report().total.entries), (4, 0));
        fresh::<User>(&db, 1).await.posts(&db).await.unwrap();
        execute(db.source(), "DELETE FROM posts");
        assert!(fresh::<User>(&db, 1).await.posts(db.source()).await.unwrap().is_empty());
        assert_eq!(fresh::<User>(&db, 1).await.posts(&db).await.unwrap().len(), 2, "nobody has told of it");
    });
}

#[test]
fn a_transaction_reads_past_the_cache_and_what_it_has_read_is_not_kept() {
    block_on(async {
        let db = cached(blog::db());
        fresh::<User>(&db, 1).await.posts(&db).await.unwrap();
        let transaction = relations_core::source::Transactional::begin(db.source()).await.unwrap();
        transaction.connection(|c| c.execute_batch("DELETE FROM posts WHERE id = 1")).await.unwrap();
        let ann = User::find(&transaction, 1).await.unwrap().unwrap();
        assert_eq!(ann.posts(&transaction).await.unwrap().len(), 1, "its own write");
        let bob = User::query().with(User::POSTS).all(&transaction).await.unwrap();
        assert_eq!(bob.len(), 3);
        drop((ann, bob));
        drop(transaction);
        assert_eq!(fresh::<User>(&db, 1).await.posts(&db).await.unwrap().len(), 2, "it was rolled back");
        assert_eq!(db.cache().stats(User::POSTS).entries, 1);
    });
}

#[test]
fn pivots_from_the_cache_are_fresh_rows_too() {
    block_on(async {
        let db = cached(tags::db());
        for _ in 0..2 {
            let article: Ref<Article> = fresh(&db, 1).await;
            let tags = article.tags(&db).await.unwrap();
            let (_, pivot) = tags.pivots().next().unwrap();
            assert!(!pivot.tag.is_loaded());
            assert_eq!(pivot.tag(&db).await.unwrap().unwrap().id, 1);
            assert!(!tags.first().unwrap().articles.is_loaded());
            tags.first().unwrap().articles(&db).await.unwrap();
        }
    });
}

#[test]
fn one_batch_with_and_without_children_gives_each_its_own() {
    block_on(async {
        let db = cached(blog::db());
        for _ in 0..2 {
            let users = User::query().with(User::POSTS).with(User::PROFILE).all(&db).await.unwrap();
            let counts: Vec<_> = users.iter().map(|user| user.posts.get().unwrap().len()).collect();
            assert_eq!(counts, [2, 1, 0]);
            assert!(users[2].profile.get().unwrap().is_none());
        }
    });
}
