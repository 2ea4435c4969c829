//! On random rows, two databases together give what one gives, however it is read. The tables that a database does not
//! hold have other random rows.

use proptest::prelude::*;
use relations_core::{CacheConfig, Db, Relations, Sqlite, block_on};
use serde_json::to_string;

use crate::model::{Comment, Post, PostTag, Tag, User, Video};
use crate::{App, Rows, apart, together};

/// Rows whose keys are 1 to 6, and sometimes lead nowhere.
fn rows() -> impl Strategy<Value = Rows> {
    let key = || 1..8_i64;
    let list = |table: &'static str, row: BoxedStrategy<String>, has_id: bool| {
        proptest::collection::vec(row, 0..9).prop_map(move |rows| {
            let id = |at: i64| if has_id { format!("{at}, ") } else { String::new() };
            let values: Vec<_> = (1..).zip(rows).map(|(at, row)| format!("({}{row})", id(at))).collect();
            (table, values.join(", "))
        })
    };
    let subject = || prop_oneof![Just("post"), Just("video")];
    let pairs = || (key(), key()).prop_map(|(one, other)| format!("{one}, {other}")).boxed();
    let named = || (0..4_u8).prop_map(|name| format!("'n{name}'")).boxed();
    let users = proptest::option::of(key()).prop_map(|boss| match boss {
        Some(boss) => format!("'u{boss}', {boss}"),
        None => "'u', NULL".to_owned(),
    });
    let tables = vec![
        list("users", users.boxed(), true),
        list("profiles", key().prop_map(|user| format!("{user}, 'bio'")).boxed(), true),
        list("posts", (key(), 0..4_i64).prop_map(|(user, views)| format!("{user}, 'p{views}', {views}")).boxed(), true),
        list("videos", named(), true),
        list(
            "comments",
            (subject(), key(), key()).prop_map(|(of, id, user)| format!("'{of}', {id}, {user}")).boxed(),
            true,
        ),
        list("tags", named(), true),
        list("post_tags", (key(), key(), 0..4_i64).prop_map(|(a, b, c)| format!("{a}, {b}, {c}")).boxed(), true),
        list(
            "taggings",
            (key(), subject(), key()).prop_map(|(tag, of, id)| format!("{tag}, '{of}', {id}")).boxed(),
            true,
        ),
        list("readings", pairs(), false),
        list("friendships", pairs(), false),
    ];
    tables.prop_map(|tables| tables.into_iter().filter(|(_, values)| !values.is_empty()).collect())
}

/// How the targets of each owner are narrowed.
#[derive(Debug, Clone, Copy)]
struct Narrowed {
    limit: u32,
    offset: u32,
    descending: bool,
}

fn narrowed() -> impl Strategy<Value = Narrowed> {
    (0..4_u32, 0..3_u32, any::<bool>()).prop_map(|(limit, offset, descending)| Narrowed { limit, offset, descending })
}

/// All that is read from a source, as texts: the same source code for each sort of source.
macro_rules! texts {
    ($db:expr, $by:expr) => {{
        let (db, Narrowed { limit, offset, descending }) = ($db, $by);
        let mut texts = Vec::new();
        let users = User::query()
            .with(User::BOSS)
            .with(User::TEAM.with(User::FRIENDS).recursive_to(3))
            .with(User::PROFILE)
            .with(User::BEST)
            .with(User::READS.with(Post::READERS))
            .with(User::TAGS)
            .with(User::COMMENTERS)
            .with(User::EXAMPLE)
            .with(User::POSTS.with(Post::TAGS.with(Tag::POSTS)).with(Post::COMMENTS.with(Comment::USER)))
            .all(db)
            .await
            .unwrap();
        texts.push(to_string(&users).unwrap());
        let comments = Comment::query().with(Comment::SUBJECT.with(Post::LABELS).with(Video::LABELS)).all(db);
        texts.push(to_string(&comments.await.unwrap()).unwrap());
        let (views, name, weight) = match descending {
            true => (Post::VIEWS.desc(), Tag::NAME.desc(), PostTag::WEIGHT.desc()),
            false => (Post::VIEWS.asc(), Tag::NAME.asc(), PostTag::WEIGHT.asc()),
        };
        let users = User::query()
            .with(User::POSTS.filter(Post::VIEWS.gt(0)).order_by(views.clone()).limit(limit).offset(offset))
            .with(User::READS.order_by(views.clone()).limit(limit).offset(offset))
            .with(User::RECEIVED.order_by(Comment::USER_ID.desc()).limit(limit).offset(offset))
            .all(db)
            .await
            .unwrap();
        for user in &users {
            texts.push(format!("{:?}", user.posts.get_partial().unwrap()));
            texts.push(format!("{:?}", user.reads.get_partial().unwrap()));
            texts.push(format!("{:?}", user.received.get_partial().unwrap()));
        }
        let posts = Post::query()
            .with(Post::TAGS.order_by_pivot(weight).limit(limit).offset(offset))
            .with(Post::LABELS.filter(Tag::NAME.ne("n1")).order_by(name.clone()).limit(limit).offset(offset))
            .all(db)
            .await
            .unwrap();
        for post in &posts {
            texts.push(format!("{:?}", post.tags.get_partial().unwrap().pivots().collect::<Vec<_>>()));
            texts.push(format!("{:?}", post.labels.get_partial().unwrap()));
            let query = || post.tags_query().filter(Tag::NAME.ne("n2")).order_by(name.clone());
            texts.push(format!("{}", query().count(db).await.unwrap()));
            texts.push(format!("{}", query().offset(offset.into()).limit(limit.into()).count(db).await.unwrap()));
            let rows = query().offset(offset.into()).limit(limit.into()).all(db).await.unwrap();
            texts.push(format!("{rows:?}"));
            texts.push(format!("{}", post.readers_query().count(db).await.unwrap()));
        }
        let users = User::all(db).await.unwrap();
        texts.push(format!("{:?}", users.counts(User::POSTS.filter(Post::VIEWS.gt(1)), db).await.unwrap()));
        for user in &users {
            let profile = user.profile(db).await.unwrap();
            let friends = user.friends(db).await.unwrap();
            let commenters = user.commenters(db).await.unwrap();
            texts.push(format!("{profile:?} {friends:?} {commenters:?}"));
            for post in user.posts(db).await.unwrap().iter() {
                let comments = post.comments(db).await.unwrap();
                let (labels, readers) = (post.labels(db).await.unwrap(), post.readers(db).await.unwrap());
                texts.push(format!("{:?} {comments:?} {labels:?} {readers:?}", post.user(db).await.unwrap()));
            }
        }
        texts
    }};
}

async fn of_one(db: &Sqlite, by: Narrowed) -> Vec<String> {
    texts!(db, by)
}

async fn of_two(app: &App, by: Narrowed) -> Vec<String> {
    texts!(app, by)
}

async fn of_two_cached(app: &Db<App>, by: Narrowed) -> Vec<String> {
    texts!(app, by)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    #[test]
    fn two_databases_give_what_one_gives(rows in rows(), decoys in rows(), by in narrowed()) {
        let (one, two) = (together(&rows), apart(&rows, &decoys));
        block_on(async {
            let expected = of_one(&one, by).await;
            prop_assert_eq!(&of_two(&two, by).await, &expected);
            let cached = Db::builder(two).cache(CacheConfig::default()).build().unwrap();
            for _ in 0..2 {
                prop_assert_eq!(&of_two_cached(&cached, by).await, &expected, "cached");
            }
            Ok(())
        })?;
    }
}
