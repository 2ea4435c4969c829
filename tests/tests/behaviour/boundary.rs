//! Null keys, dangling keys, empty sets: the outcome is the same by every way of reading.

use crate::blog::{self, Comment, Post, Profile, User};
use crate::shop::{self, Order};
use crate::{block_on, database, execute, relations, sent};
use relations_core::{BelongsTo, ErrorKind, HasMany, HasOne, Relations};

#[test]
fn null_foreign_keys_give_none_without_a_statement() {
    block_on(async {
        let db = blog::empty();
        execute(&db, "INSERT INTO posts (id, headline) VALUES (1, 'a'), (2, 'b')");
        let posts = Post::query().with(Post::USER).all(&db).await.unwrap();
        let log = db.record();
        for post in &posts {
            assert!(post.user.get().unwrap().is_none());
            assert!(post.user(&db).await.unwrap().is_none());
            assert!(post.reviewer(&db).await.unwrap().is_none());
        }
        posts.load(Post::REVIEWER, &db).await.unwrap();
        assert_eq!(sent(&log), 0);
    });
}

#[test]
fn null_keys_are_never_sent_and_duplicates_go_once() {
    block_on(async {
        let db = blog::db();
        let posts = Post::all(&db).await.unwrap();
        let log = db.record();
        posts[0].user(&db).await.unwrap();
        assert_eq!(relations(&log), [("Post.user".to_owned(), 3)], "1, 2 and 99: Ann has two posts");
        assert!(posts[3].user.is_loaded(), "the null key is settled by the same load");
    });
}

#[test]
fn a_dangling_key_is_none_by_lazy_single_lazy_batched_and_eager_reading() {
    block_on(async {
        let db = blog::db();
        let alone = Post::find(&db, 5).await.unwrap().unwrap();
        assert!(alone.user(&db).await.unwrap().is_none());
        let posts = Post::all(&db).await.unwrap();
        assert!(posts[4].user(&db).await.unwrap().is_none());
        let posts = Post::query().with(Post::USER).all(&db).await.unwrap();
        assert!(posts[4].user.get().unwrap().is_none());
        assert!(posts[4].user(&db).await.unwrap().is_none());
    });
}

#[test]
fn a_dangling_key_of_a_required_relation_is_not_found_for_that_row_only() {
    block_on(async {
        let db = blog::db();
        execute(&db, "INSERT INTO profiles VALUES (3, 77, 'lost')");
        let check = |error: &relations_core::Error| {
            let ErrorKind::NotFound { relation, target, key, .. } = error.kind() else {
                panic!("{error}");
            };
            assert_eq!((relation.as_str(), *target, key.as_str()), ("Profile.user", "User", "77"));
            assert_eq!(
                error.to_string(),
                "Profile.user: there is no `User` with id = 77; make the target an `Option` if it may be missing"
            );
        };
        let alone = Profile::find(&db, 3).await.unwrap().unwrap();
        check(&alone.user(&db).await.unwrap_err());
        let profiles = Profile::all(&db).await.unwrap();
        assert_eq!(profiles[0].user(&db).await.unwrap().name, "Ann");
        check(&profiles[2].user(&db).await.unwrap_err());
        let log = db.record();
        check(&profiles[2].user(&db).await.unwrap_err());
        assert_eq!(sent(&log), 0, "a row known to be missing is not looked for again");
        let profiles = Profile::query().with(Profile::USER).all(&db).await.unwrap();
        assert_eq!(profiles[1].user.get().unwrap().name, "Bob");
        check(&profiles[2].user(&db).await.unwrap_err());
        let not_loaded = profiles[2].user.get().unwrap_err();
        assert!(not_loaded.to_string().contains("there is no `User`"), "{not_loaded}");
    });
}

#[test]
fn an_absent_has_one_and_an_empty_has_many_are_remembered() {
    block_on(async {
        let db = blog::db();
        let users = User::query().with(User::PROFILE).with(User::POSTS).all(&db).await.unwrap();
        let log = db.record();
        assert!(users[2].profile(&db).await.unwrap().is_none());
        assert!(users[2].profile.get().unwrap().is_none());
        assert_eq!(users[2].posts(&db).await.unwrap().len(), 0);
        assert_eq!(users[2].posts.get().unwrap().len(), 0);
        assert_eq!(sent(&log), 0);
    });
}

#[test]
fn a_has_one_with_two_rows_is_the_one_with_the_smaller_key() {
    block_on(async {
        let db = blog::db();
        execute(&db, "INSERT INTO profiles VALUES (0, 1, 'earlier'), (9, 1, 'later')");
        let alone = User::find(&db, 1).await.unwrap().unwrap();
        let user = &User::all(&db).await.unwrap()[0];
        let eager = &User::query().with(User::PROFILE).all(&db).await.unwrap()[0];
        assert_eq!(alone.profile(&db).await.unwrap().unwrap().bio, "earlier");
        assert_eq!(user.profile(&db).await.unwrap().unwrap().bio, "earlier");
        assert_eq!(eager.profile.get().unwrap().unwrap().bio, "earlier");
    });
}

#[test]
fn no_rows_load_no_relations() {
    block_on(async {
        let db = blog::empty();
        let log = db.record();
        let users = User::query().with(User::POSTS.with(Post::COMMENTS)).all(&db).await.unwrap();
        assert!(users.is_empty());
        assert_eq!(sent(&log), 1);
        assert!(User::query().with(User::POSTS).one(&db).await.unwrap().is_none());
        assert_eq!(sent(&log), 2);
    });
}

#[test]
fn a_relation_query_of_a_null_key_has_no_rows() {
    block_on(async {
        let db = blog::db();
        let post = Post::find(&db, 4).await.unwrap().unwrap();
        let log = db.record();
        assert!(post.user_query().all(&db).await.unwrap().is_empty());
        assert!(post.user_query().one(&db).await.unwrap().is_none());
        assert_eq!(post.user_query().count(&db).await.unwrap(), 0);
        assert!(!post.user_query().exists(&db).await.unwrap());
        assert_eq!(sent(&log), 0);
    });
}

#[test]
fn null_and_dangling_keys_in_one_batch_are_both_none() {
    block_on(async {
        let db = blog::db();
        let comments = Comment::all(&db).await.unwrap();
        let log = db.record();
        let mut names = Vec::new();
        for comment in &comments {
            names.push(comment.user(&db).await.unwrap().map(|user| user.name.clone()));
        }
        let name = |name: &str| Some(name.to_owned());
        assert_eq!(names, [name("Bob"), name("Cid"), name("Ann"), None, None]);
        assert_eq!(sent(&log), 1);
    });
}

/// A user who must have a profile.
#[derive(Debug, Relations)]
#[relations(table = "users")]
struct Member {
    #[relations(key)]
    id: i64,
    #[has_one(foreign_key = user_id)]
    profile: HasOne<Profile>,
}

#[test]
fn a_required_has_one_that_is_absent_is_not_found_for_that_row_only() {
    block_on(async {
        let db = blog::db();
        let check = |error: &relations_core::Error| {
            let ErrorKind::NotFound { relation, target, key, .. } = error.kind() else { panic!("{error}") };
            assert_eq!((relation.as_str(), *target, key.as_str()), ("Member.profile", "Profile", "3"));
        };
        let alone = Member::find(&db, 3).await.unwrap().unwrap();
        check(&alone.profile(&db).await.unwrap_err());
        let lazy = Member::all(&db).await.unwrap();
        let log = db.record();
        assert_eq!(lazy[0].profile(&db).await.unwrap().bio, "writes");
        check(&lazy[2].profile(&db).await.unwrap_err());
        check(&lazy[2].profile(&db).await.unwrap_err());
        assert_eq!(sent(&log), 1, "absence is remembered");
        let eager = Member::query().with(Member::PROFILE).all(&db).await.unwrap();
        log.clear();
        assert_eq!(eager[1].profile.get().unwrap().bio, "reads");
        assert!(eager[2].profile.get().is_err());
        check(&eager[2].profile(&db).await.unwrap_err());
        assert_eq!((eager[1].id, sent(&log)), (2, 0));
    });
}

/// Joined by a column that may be null on both sides.
#[derive(Debug, Relations)]
#[relations(table = "boxes")]
struct Mailbox {
    #[relations(key)]
    id: i64,
    address: Option<String>,
    #[has_many(foreign_key = recipient, references = address)]
    mails: HasMany<Mail>,
}

#[derive(Debug, Relations)]
#[relations(table = "mails")]
struct Mail {
    #[relations(key)]
    id: i64,
    recipient: Option<String>,
    #[belongs_to(foreign_key = recipient, references = address, inverse = mails)]
    mailbox: BelongsTo<Option<Mailbox>>,
}

#[test]
fn an_owner_without_a_key_is_left_out_and_null_never_meets_null() {
    block_on(async {
        let db = database(
            "CREATE TABLE boxes (id INTEGER PRIMARY KEY, address TEXT UNIQUE);
             CREATE TABLE mails (id INTEGER PRIMARY KEY, recipient TEXT);",
            "INSERT INTO boxes VALUES (1, 'a@x'), (2, NULL), (3, NULL);
             INSERT INTO mails VALUES (1, 'a@x'), (2, NULL), (3, 'gone@x')",
        );
        let lazy = Mailbox::query().order_by(Mailbox::ID.asc()).all(&db).await.unwrap();
        let log = db.record();
        let mut mails: Vec<Vec<i64>> = Vec::new();
        for mailbox in &lazy {
            mails.push(mailbox.mails(&db).await.unwrap().iter().map(|mail| mail.id).collect());
        }
        assert_eq!(mails, [vec![1], vec![], vec![]]);
        assert_eq!(relations(&log), [("Mailbox.mails".to_owned(), 1)]);
        assert_eq!(lazy[1].mails_query().count(&db).await.unwrap(), 0);
        let mails = Mail::query().order_by(Mail::ID.asc()).with(Mail::MAILBOX).all(&db).await.unwrap();
        let boxes: Vec<_> = mails.iter().map(|mail| mail.mailbox.get().unwrap().map(|mailbox| mailbox.id)).collect();
        assert_eq!(boxes, [Some(1), None, None]);
    });
}

#[derive(Debug, Relations)]
#[relations(table = "remarks")]
struct Remark {
    #[relations(key)]
    id: i64,
    shop_id: i64,
    order_id: Option<i64>,
    #[belongs_to(foreign_key = (shop_id, order_id))]
    order: BelongsTo<Option<Order>>,
}

#[test]
fn a_composite_key_that_is_partly_null_leads_nowhere_and_is_not_sent() {
    block_on(async {
        let db = shop::empty();
        execute(
            &db,
            "CREATE TABLE remarks (id INTEGER PRIMARY KEY, shop_id INTEGER NOT NULL, order_id INTEGER);
             INSERT INTO orders VALUES (1, 0, 'zero'), (1, 1, 'one');
             INSERT INTO remarks VALUES (1, 1, NULL), (2, 1, 1), (3, 2, 1), (4, 2, NULL)",
        );
        let log = db.record();
        let remarks = Remark::query().with(Remark::ORDER).all(&db).await.unwrap();
        let notes: Vec<_> =
            remarks.iter().map(|remark| remark.order.get().unwrap().map(|order| order.note.clone())).collect();
        assert_eq!(notes, [None, Some("one".to_owned()), None, None]);
        assert_eq!(log.statements()[1].keys, 2);
        log.clear();
        let alone = Remark::find(&db, 4).await.unwrap().unwrap();
        assert!(alone.order(&db).await.unwrap().is_none());
        assert!(alone.order_query().all(&db).await.unwrap().is_empty());
        assert_eq!((alone.id, sent(&log)), (4, 1), "only the row itself is read");
    });
}
