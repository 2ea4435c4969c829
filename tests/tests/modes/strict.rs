//! `LoadMode::Raise`: what is not loaded is an error, and what is reads as ever.

use relations_core::{CacheConfig, Db, ErrorKind, LoadMode, Relations, block_on};
use relations_tests::blog::{self, Comment, Node, Post, User};
use relations_tests::{sent, staff};

use super::{reading, refused, user, users};

#[test]
fn a_lazy_read_is_an_error_that_names_the_relation_the_call_and_what_to_load() {
    let db = reading(LoadMode::Raise);
    let users = users(&db);
    let (error, line) = (block_on(users[0].posts(&db)).unwrap_err(), line!());
    assert_eq!(
        error.to_string(),
        format!(
            "User.posts is not loaded, and `LoadMode::Raise` does not load it at {}:{line}:44; load it beforehand, with \
             `.with(User::POSTS)` or `.load(User::POSTS, &db)`, or read it through `db.with_mode(LoadMode::Batch)`",
            file!()
        )
    );
    let ErrorKind::LazyRead { model, relation, location, mode, .. } = error.kind() else { panic!("{error}") };
    assert_eq!((*model, relation.to_string().as_str(), *mode), ("User", "User.posts", LoadMode::Raise));
    assert_eq!((location.file(), location.line()), (file!(), line));
}

#[test]
fn a_lazy_read_that_is_refused_sends_nothing_and_leaves_the_field_as_it_was() {
    let db = reading(LoadMode::Raise);
    let users = users(&db);
    let log = db.record();
    for user in &users {
        assert_eq!(refused(block_on(user.posts(&db))).as_deref(), Some("User.posts"));
        assert_eq!(refused(block_on(user.profile(&db))).as_deref(), Some("User.profile"));
    }
    assert_eq!(sent(&log), 0);
    assert!(!users[0].posts.is_loaded());
    assert_eq!(block_on(users[0].posts(&db.with_mode(LoadMode::Batch))).unwrap().len(), 2);
}

#[test]
fn what_a_tree_or_a_load_has_loaded_reads() {
    let db = reading(LoadMode::Raise);
    block_on(async {
        let users = User::query().with(User::POSTS.with(Post::COMMENTS)).all(&db).await.unwrap();
        users.load(User::PROFILE, &db).await.unwrap();
        let log = db.record();
        assert_eq!(users[0].posts(&db).await.unwrap()[0].comments(&db).await.unwrap().len(), 3);
        assert!(users[2].posts(&db).await.unwrap().is_empty());
        assert!(users[2].profile(&db).await.unwrap().is_none());
        assert_eq!(sent(&log), 0);
        assert_eq!(refused(users[0].reviews(&db).await).as_deref(), Some("User.reviews"));
    });
}

#[test]
fn an_inverse_that_was_filled_and_a_null_key_read() {
    let db = reading(LoadMode::Raise);
    block_on(async {
        let users = User::query().with(User::POSTS).all(&db).await.unwrap();
        assert_eq!(users[0].posts.get().unwrap()[0].user(&db).await.unwrap().unwrap().name, "Ann");
        let posts = Post::all(&db).await.unwrap();
        assert!(posts[3].user(&db).await.unwrap().is_none(), "its key is null");
        assert_eq!(refused(posts[0].user(&db).await).as_deref(), Some("Post.user"));
    });
}

#[test]
fn a_part_of_a_relation_is_not_the_relation() {
    let db = reading(LoadMode::Raise);
    block_on(async {
        let users = User::query().with(User::POSTS.filter(Post::SCORE.gt(10))).all(&db).await.unwrap();
        assert_eq!(users[0].posts.get_partial().unwrap().len(), 1);
        assert_eq!(refused(users[0].posts(&db).await).as_deref(), Some("User.posts"));
    });
}

#[test]
fn a_relation_that_was_cleared_or_whose_key_has_changed_is_not_loaded() {
    let db = reading(LoadMode::Raise);
    block_on(async {
        let users = User::query().with(User::POSTS).all(&db).await.unwrap();
        users[0].posts.clear();
        assert_eq!(refused(users[0].posts(&db).await).as_deref(), Some("User.posts"));
        let posts = Post::query().with(Post::USER).all(&db).await.unwrap();
        let mut post = posts[0].clone();
        post.user_id = Some(2);
        assert_eq!(refused(post.user(&db).await).as_deref(), Some("Post.user"));
    });
}

#[test]
fn whatever_says_that_it_loads_does() {
    let db = reading(LoadMode::Raise);
    block_on(async {
        let ann = User::find(&db, 1).await.unwrap().unwrap();
        assert_eq!(ann.posts_query().count(&db).await.unwrap(), 2);
        let users = User::all(&db).await.unwrap();
        assert_eq!(users.counts(User::POSTS, &db).await.unwrap(), [2, 1, 0]);
        let mut windows = Comment::query().with(Comment::POST).windows(2, &db);
        assert_eq!(windows.next().await.unwrap().unwrap()[0].post(&db).await.unwrap().id, 1);
        let root = Node::find(&db, 1).await.unwrap().unwrap();
        assert_eq!(root.descendants(Node::CHILDREN, &db).await.unwrap().len(), 4);
    });
}

#[test]
fn an_inherited_relation_is_refused_as_the_model_declares_it() {
    let db = Db::builder(staff::db()).load_mode(LoadMode::Raise).build().unwrap();
    block_on(async {
        let managers = staff::Manager::all(&db).await.unwrap();
        assert_eq!(refused(managers[0].boss(&db).await).as_deref(), Some("Person.boss"));
        let loaded = staff::Manager::query().with(staff::Person::BOSS).all(&db).await.unwrap();
        assert_eq!(loaded[0].boss(&db).await.unwrap().unwrap().name, "Ann");
    });
}

#[test]
fn what_the_shared_cache_holds_makes_no_difference() {
    let db = Db::builder(blog::db()).cache(CacheConfig::default()).build().unwrap();
    let strict = db.with_mode(LoadMode::Raise);
    block_on(user(&db, 1).posts(&db)).unwrap();
    assert_eq!(refused(block_on(user(&strict, 1).posts(&strict))).as_deref(), Some("User.posts"));
}

#[test]
fn a_mode_for_one_call_shares_the_cache_and_the_log() {
    let db = Db::builder(blog::db()).load_mode(LoadMode::Raise).cache(CacheConfig::default()).build().unwrap();
    let log = db.record();
    for _ in 0..2 {
        let ann = user(&db, 1);
        assert!(block_on(ann.posts(&db)).is_err());
        assert_eq!(block_on(ann.posts(&db.with_mode(LoadMode::Batch))).unwrap().len(), 2);
        assert_eq!(block_on(ann.posts(&db)).unwrap().len(), 2, "it is loaded now");
    }
    assert_eq!(sent(&log), 3, "twice the user, and once the posts");
}

#[test]
fn a_strict_part_of_a_program_keeps_its_own_handle() {
    let lenient = reading(LoadMode::Batch);
    let strict = lenient.with_mode(LoadMode::Raise);
    let users = users(&strict);
    assert!(block_on(users[0].posts(&strict.clone())).is_err());
    assert!(block_on(users[0].posts(&&strict)).is_err());
    assert_eq!(block_on(users[0].posts(&lenient)).unwrap().len(), 2);
}

#[test]
fn a_transaction_reads_in_the_mode_of_the_db_that_began_it() {
    let db = reading(LoadMode::Raise);
    block_on(async {
        let transaction = db.begin().await.unwrap();
        let users = User::all(&transaction).await.unwrap();
        assert_eq!(refused(users[0].posts(&transaction).await).as_deref(), Some("User.posts"));
        assert_eq!(users[0].posts(transaction.source()).await.unwrap().len(), 2);
        transaction.rollback().await.unwrap();
        let transaction = db.with_mode(LoadMode::Batch).begin().await.unwrap();
        assert_eq!(users[0].reviews(&transaction).await.unwrap().len(), 1);
    });
}

#[test]
fn a_db_on_another_reads_in_its_mode_unless_it_says_otherwise() {
    let inner = reading(LoadMode::Raise);
    let (same, other) = (
        Db::builder(inner.clone()).build().unwrap(),
        Db::builder(inner.clone()).load_mode(LoadMode::Batch).build().unwrap(),
    );
    let users = users(&inner);
    assert!(block_on(users[0].posts(&same)).is_err());
    assert_eq!(block_on(users[0].posts(&other)).unwrap().len(), 2);
}

#[test]
fn building_and_changing_rows_reads_nothing() {
    let db = reading(LoadMode::Raise);
    let log = db.record();
    let mut post = Post {
        id: 9,
        user_id: None,
        reviewer_id: None,
        title: "new".to_owned(),
        score: 0,
        user: Default::default(),
        reviewer: Default::default(),
        comments: Default::default(),
    };
    post.user_id = Some(1);
    assert_eq!(refused(block_on(post.user(&db))).as_deref(), Some("Post.user"));
    post.user_id = None;
    assert!(block_on(post.user(&db)).unwrap().is_none());
    assert_eq!(sent(&log), 0);
}
