//! What a write makes stale: the entries of the values that the row has, and had, and no others.

use relations_core::{BelongsTo, Db, HasMany, Ref, Relations, Sqlite, StatementLog, block_on};
use relations_tests::blog::{self, Comment, Node, Post, Profile, User};
use relations_tests::media::{self, Video};
use relations_tests::shop::{self, Letter, Maker};
use relations_tests::staff::{self, Manager, Person};
use relations_tests::{database, execute, relations};

use crate::cached;
use crate::kinds::fresh;

/// What was sent for relations since the last look.
pub(crate) fn loads(log: &StatementLog) -> Vec<(String, usize)> {
    let loads = relations(log).into_iter().filter(|(name, _)| name.contains('.')).collect();
    log.clear();
    loads
}

fn load(relation: &str, keys: usize) -> (String, usize) {
    (relation.to_owned(), keys)
}

async fn posts(db: &Db<Sqlite>, user: i64) -> Vec<i64> {
    let user: Ref<User> = fresh(db, user).await;
    user.posts(db).await.unwrap().iter().map(|post| post.id).collect()
}

async fn author(db: &Db<Sqlite>, post: i64) -> Option<String> {
    let post: Ref<Post> = fresh(db, post).await;
    post.user(db).await.unwrap().map(|user| user.name.clone())
}

/// A cache that holds the posts of all users and the authors of all posts, and the log of what is sent from then on.
async fn warm() -> (Db<Sqlite>, StatementLog) {
    let db = cached(blog::db());
    User::query().with(User::POSTS).with(User::PROFILE).all(&db).await.unwrap();
    Post::query().with(Post::USER).all(&db).await.unwrap();
    let log = db.source().record();
    (db, log)
}

#[test]
fn what_is_not_told_of_is_not_seen_until_it_is_cleared() {
    block_on(async {
        let (db, log) = warm().await;
        execute(db.source(), "INSERT INTO posts (user_id, headline) VALUES (1, 'six')");
        assert_eq!(posts(&db, 1).await, [1, 2]);
        assert_eq!(loads(&log), []);
        db.cache().clear();
        assert_eq!(posts(&db, 1).await, [1, 2, 6]);
    });
}

#[test]
fn an_inserted_row_is_in_the_list_of_its_owner_and_other_lists_are_kept() {
    block_on(async {
        let (db, log) = warm().await;
        execute(db.source(), "INSERT INTO posts (user_id, headline) VALUES (3, 'six')");
        db.cache().inserted(&*fresh::<Post>(&db, 6).await);
        let old: Ref<User> = fresh(&db, 3).await;
        assert_eq!((posts(&db, 1).await, posts(&db, 2).await, posts(&db, 3).await), (vec![1, 2], vec![3], vec![6]));
        assert_eq!(loads(&log), [load("User.posts", 1)]);
        assert_eq!(old.posts(&db).await.unwrap().len(), 1);
    });
}

#[test]
fn rows_that_hold_a_relation_keep_it_when_the_cache_is_told_of_a_write() {
    block_on(async {
        let db = cached(blog::db());
        let before: Ref<User> = fresh(&db, 3).await;
        assert!(before.posts(&db).await.unwrap().is_empty());
        execute(db.source(), "INSERT INTO posts (user_id, headline) VALUES (3, 'six')");
        db.cache().inserted(&*fresh::<Post>(&db, 6).await);
        assert_eq!(posts(&db, 3).await, [6]);
        assert!(before.posts(&db).await.unwrap().is_empty(), "a row is what it was when it was read");
        before.clear_relations();
        assert_eq!(before.posts(&db).await.unwrap().len(), 1);
    });
}

#[test]
fn an_inserted_row_is_found_where_it_was_known_to_be_missing() {
    block_on(async {
        let (db, log) = warm().await;
        assert_eq!(author(&db, 5).await, None);
        execute(db.source(), "INSERT INTO users VALUES (99, 'New'); INSERT INTO profiles VALUES (3, 3, 'new')");
        assert_eq!(author(&db, 5).await, None);
        db.cache().inserted(&*fresh::<User>(&db, 99).await);
        assert_eq!(author(&db, 5).await.as_deref(), Some("New"));
        let cid: Ref<User> = fresh(&db, 3).await;
        assert!(cid.profile(&db).await.unwrap().is_none());
        db.cache().inserted(&*fresh::<Profile>(&db, 3).await);
        let cid: Ref<User> = fresh(&db, 3).await;
        assert_eq!(cid.profile(&db).await.unwrap().unwrap().bio, "new");
        author(&db, 1).await;
        assert_eq!(loads(&log), [load("Post.user", 1), load("User.profile", 1)]);
    });
}

#[test]
fn a_changed_row_is_read_anew_and_the_entries_of_others_are_kept() {
    block_on(async {
        let (db, log) = warm().await;
        execute(
            db.source(),
            "UPDATE posts SET headline = 'new' WHERE id = 1; UPDATE users SET name = 'Eve' WHERE id = 2",
        );
        db.cache().changed(&*fresh::<Post>(&db, 1).await);
        db.cache().changed(&*fresh::<User>(&db, 2).await);
        let ann: Ref<User> = fresh(&db, 1).await;
        assert_eq!(ann.posts(&db).await.unwrap()[0].title, "new");
        assert_eq!(author(&db, 3).await.as_deref(), Some("Eve"));
        assert_eq!(loads(&log), [load("User.posts", 1), load("Post.user", 1)]);
        // A user who changes keeps the posts, and a post that changes its author and the lists of others.
        assert_eq!((posts(&db, 2).await, posts(&db, 3).await), (vec![3], vec![]));
        assert_eq!(author(&db, 1).await.as_deref(), Some("Ann"));
        assert_eq!(loads(&log), []);
    });
}

#[test]
fn a_moved_row_leaves_the_lists_of_others() {
    block_on(async {
        let (db, log) = warm().await;
        let before: Ref<Post> = fresh(&db, 3).await;
        execute(db.source(), "UPDATE posts SET user_id = 3 WHERE id = 3");
        db.cache().moved(&*before, &*fresh::<Post>(&db, 3).await);
        assert_eq!((posts(&db, 1).await, posts(&db, 2).await, posts(&db, 3).await), (vec![1, 2], vec![], vec![3]));
        assert_eq!(loads(&log), [load("User.posts", 1), load("User.posts", 1)]);
        assert_eq!(author(&db, 3).await.as_deref(), Some("Cid"));
        execute(db.source(), "UPDATE posts SET user_id = NULL WHERE id = 3");
        db.cache().moved(&*fresh::<Post>(&db, 3).await, &*fresh::<Post>(&db, 3).await);
        let (before, after) = (before, fresh::<Post>(&db, 3).await);
        db.cache().moved(&before, &after);
        assert_eq!(posts(&db, 2).await, Vec::<i64>::new());
    });
}

#[test]
fn a_row_whose_key_changed_takes_its_lists_along() {
    block_on(async {
        let (db, _) = warm().await;
        let before: Ref<User> = fresh(&db, 1).await;
        execute(
            db.source(),
            "UPDATE users SET id = 99 WHERE id = 1; UPDATE posts SET user_id = 99 WHERE user_id = 1;
             INSERT INTO users VALUES (1, 'Other')",
        );
        db.cache().moved(&*before, &*fresh::<User>(&db, 99).await);
        db.cache().inserted(&*fresh::<User>(&db, 1).await);
        assert_eq!((posts(&db, 1).await, posts(&db, 99).await), (vec![], vec![1, 2, 5]));
        assert_eq!(author(&db, 5).await.as_deref(), Some("Ann"));
        assert_eq!(author(&db, 1).await.as_deref(), Some("Ann"));
    });
}

#[derive(Clone, Relations)]
#[relations(table = "shops")]
struct Shop {
    id: i64,
    code: String,
    #[has_many(foreign_key = shop_code, references = code)]
    signs: HasMany<Sign>,
}

#[derive(Clone, Relations)]
#[relations(table = "signs")]
struct Sign {
    id: i64,
    shop_code: String,
}

#[test]
fn a_row_whose_other_unique_column_changed_takes_its_lists_along() {
    block_on(async {
        let db = cached(database(
            "CREATE TABLE shops (id INTEGER PRIMARY KEY, code TEXT UNIQUE NOT NULL);
             CREATE TABLE signs (id INTEGER PRIMARY KEY, shop_code TEXT NOT NULL);",
            "INSERT INTO shops VALUES (1, 'A'), (2, 'B'); INSERT INTO signs VALUES (7, 'A')",
        ));
        let shops = Shop::all(&db).await.unwrap();
        assert_eq!(shops[0].signs(&db).await.unwrap().len(), 1);
        let before = shops.get_ref(0).unwrap();
        execute(
            db.source(),
            "UPDATE shops SET code = 'C' WHERE id = 2; UPDATE shops SET code = 'B' WHERE id = 1;
             UPDATE signs SET shop_code = 'B'",
        );
        let after: Ref<Shop> = fresh(&db, 1).await;
        db.cache().moved(&before, &after);
        assert_eq!(after.signs(&db).await.unwrap().iter().map(|sign| sign.id).collect::<Vec<_>>(), [7]);
        let other = Shop { id: 3, code: "A".to_owned(), signs: HasMany::default() };
        assert!(Ref::new(other).signs(&db).await.unwrap().is_empty());
    });
}

#[test]
fn a_deleted_row_is_gone_with_the_lists_it_was_in_and_what_it_owned() {
    block_on(async {
        let (db, log) = warm().await;
        let (post, ann) = (fresh::<Post>(&db, 3).await, fresh::<User>(&db, 1).await);
        execute(
            db.source(),
            "DELETE FROM posts WHERE id = 3; DELETE FROM users WHERE id = 1; DELETE FROM posts WHERE user_id = 1;
             DELETE FROM profiles WHERE user_id = 1",
        );
        db.cache().deleted(&post);
        db.cache().deleted(&ann);
        assert_eq!(author(&db, 5).await, None);
        assert_eq!((posts(&db, 2).await, posts(&db, 3).await), (vec![], vec![]));
        assert_eq!(loads(&log), [load("User.posts", 1)]);
        let again = User::clone(&ann);
        assert!(again.posts(&db).await.unwrap().is_empty());
        assert!(again.profile(&db).await.unwrap().is_none());
        execute(db.source(), "INSERT INTO posts VALUES (9, 1, NULL, 'nine', 0)");
        assert_eq!(author(&db, 9).await, None, "and it is not found by its key");
    });
}

#[test]
fn a_deleted_row_takes_what_it_owned_by_relations_that_it_inherits() {
    block_on(async {
        let db = cached(staff::db());
        let mia: Ref<Manager> = fresh(&db, 1).await;
        assert!(mia.badge(&db).await.unwrap().is_some());
        execute(db.source(), "DELETE FROM managers WHERE id = 1; DELETE FROM badges WHERE person_id = 1");
        db.cache().deleted(&mia);
        execute(db.source(), "INSERT INTO managers VALUES (1, 'New', NULL, 10)");
        db.cache().inserted(&*fresh::<Manager>(&db, 1).await);
        assert!(fresh::<Manager>(&db, 1).await.badge(&db).await.unwrap().is_none());
        assert!(fresh::<Person>(&db, 1).await.badge(&db).await.unwrap().is_none());
    });
}

#[test]
fn a_list_by_a_column_that_is_not_the_key_follows_that_column() {
    block_on(async {
        let rows = "
            INSERT INTO makers VALUES (x'00000000000000000000000000000001', 'a@b');
            INSERT INTO letters VALUES (1, 'a@b'), (2, 'c@d');
        ";
        let db = cached(database(shop::SCHEMA, rows));
        let letters = async || {
            let maker: Ref<Maker> = fresh(&db, uuid::Uuid::from_u128(1)).await;
            let letters: Vec<_> = maker.letters(&db).await.unwrap().iter().map(|letter| letter.id).collect();
            let found = fresh::<Letter>(&db, 2).await.maker(&db).await.unwrap().is_some();
            (letters, found)
        };
        assert_eq!(letters().await, (vec![1], false));
        let before: Ref<Maker> = fresh(&db, uuid::Uuid::from_u128(1)).await;
        execute(db.source(), "UPDATE makers SET email = 'c@d'");
        db.cache().moved(&*before, &*fresh::<Maker>(&db, uuid::Uuid::from_u128(1)).await);
        assert_eq!(letters().await, (vec![2], true));
        assert!(fresh::<Letter>(&db, 1).await.maker(&db).await.unwrap().is_none());
    });
}

#[test]
fn both_directions_of_a_relation_of_a_model_to_itself_follow_a_move() {
    block_on(async {
        let db = cached(blog::db());
        let children = async |id| fresh::<Node>(&db, id).await.children(&db).await.unwrap().len();
        let parent = async |id| fresh::<Node>(&db, id).await.parent(&db).await.unwrap().map(|node| node.parent_id);
        assert_eq!((children(1).await, children(2).await, parent(4).await), (2, 1, Some(Some(1))));
        let before: Ref<Node> = fresh(&db, 2).await;
        execute(db.source(), "UPDATE nodes SET parent_id = 3 WHERE id = 2");
        db.cache().moved(&*before, &*fresh::<Node>(&db, 2).await);
        assert_eq!((children(1).await, children(2).await, children(3).await), (1, 1, 1));
        assert_eq!(parent(4).await, Some(Some(3)));
    });
}

/// The headlines of posts: another model on the table.
#[derive(Debug, Clone, Relations)]
#[relations(table = "posts")]
struct Headline {
    id: i64,
    headline: String,
    user_id: Option<i64>,
    #[belongs_to]
    user: BelongsTo<Option<Name>>,
}

/// The names of users: another model on the table.
#[derive(Debug, Clone, Relations)]
#[relations(table = "users")]
struct Name {
    id: i64,
    name: String,
    #[has_many(foreign_key = user_id)]
    headlines: HasMany<Headline>,
}

#[test]
fn a_row_of_another_model_on_the_table_makes_stale_what_holds_its_rows() {
    block_on(async {
        let (db, log) = warm().await;
        let headlines = async |id| {
            let name: Ref<Name> = fresh(&db, id).await;
            name.headlines(&db).await.unwrap().iter().map(|it| it.headline.clone()).collect::<Vec<_>>()
        };
        assert_eq!(headlines(2).await, ["three"]);
        execute(db.source(), "UPDATE posts SET headline = 'new' WHERE id = 3");
        db.cache().changed(&*fresh::<Headline>(&db, 3).await);
        let bob: Ref<User> = fresh(&db, 2).await;
        assert_eq!(bob.posts(&db).await.unwrap()[0].title, "new");
        assert_eq!(headlines(2).await, ["new"]);
        loads(&log);
        assert_eq!(fresh::<Headline>(&db, 3).await.user(&db).await.unwrap().unwrap().name, "Bob");
        assert_eq!(author(&db, 1).await.as_deref(), Some("Ann"));
        assert_eq!(loads(&log), [load("Headline.user", 1)], "the users have not changed");
        execute(db.source(), "UPDATE users SET name = 'Eve' WHERE id = 2");
        db.cache().changed(&*fresh::<Name>(&db, 2).await);
        assert_eq!(author(&db, 3).await.as_deref(), Some("Eve"));
    });
}

#[test]
fn a_deleted_row_of_another_model_on_the_table_takes_what_it_owned() {
    block_on(async {
        let (db, _) = warm().await;
        let (ann, name) = (fresh::<User>(&db, 1).await, fresh::<Name>(&db, 1).await);
        execute(db.source(), "DELETE FROM users WHERE id = 1; DELETE FROM posts WHERE user_id = 1");
        db.cache().deleted(&name);
        assert!(ann.posts(&db).await.unwrap().is_empty());
    });
}

#[test]
fn polymorphic_lists_and_targets_follow_the_type_and_the_id() {
    block_on(async {
        let db = cached(media::db());
        let on_post = async |id| fresh::<media::Post>(&db, id).await.comments(&db).await.unwrap().len();
        let on_video = async |id| fresh::<Video>(&db, id).await.comments(&db).await.unwrap().len();
        let subject = async |id| {
            let comment: Ref<media::Comment> = fresh(&db, id).await;
            comment.commentable(&db).await.unwrap().title().to_owned()
        };
        assert_eq!((on_post(1).await, on_video(1).await, on_post(2).await), (2, 2, 1));
        assert_eq!((subject(1).await, subject(2).await, subject(3).await), ("p1".into(), "v1".into(), "p2".into()));
        let log = db.source().record();
        let before: Ref<media::Comment> = fresh(&db, 1).await;
        execute(db.source(), "UPDATE comments SET commentable_type = 'video' WHERE id = 1");
        db.cache().moved(&*before, &*fresh::<media::Comment>(&db, 1).await);
        assert_eq!((on_post(1).await, on_video(1).await, on_post(2).await), (1, 3, 1));
        assert_eq!(loads(&log), [load("Post.comments", 1), load("Video.comments", 1)]);
        execute(db.source(), "UPDATE posts SET title = 'new' WHERE id IN (1, 2); UPDATE videos SET title = 'old'");
        db.cache().changed(&*fresh::<media::Post>(&db, 2).await);
        assert_eq!((subject(3).await, subject(2).await, subject(1).await), ("new".into(), "v1".into(), "v1".into()));
        assert_eq!(loads(&log), [load("Comment.commentable", 1)], "that of the post");
        let video: Ref<Video> = fresh(&db, 1).await;
        execute(db.source(), "DELETE FROM videos WHERE id = 1; DELETE FROM comments WHERE commentable_type = 'video'");
        db.cache().deleted(&video);
        assert_eq!(video.comments(&db).await.unwrap().len(), 0);
        assert_eq!(on_post(1).await, 1, "the post of that id has kept its list");
        assert_eq!(loads(&log), [load("Video.comments", 1)]);
    });
}

#[test]
fn a_relation_that_nobody_has_read_is_told_of_without_effect() {
    block_on(async {
        let db = cached(blog::db());
        let post: Ref<Post> = fresh(&db, 1).await;
        db.cache().inserted(&post);
        db.cache().changed(&post);
        db.cache().moved(&post, &post);
        db.cache().deleted(&*fresh::<Comment>(&db, 1).await);
        db.cache().clear();
        assert_eq!(db.cache().report().total.entries, 0);
        assert_eq!(posts(&db, 1).await, [1, 2]);
    });
}
