//! What a source of one's own has to do, and what is made of it: relations, trees, batches, caches.

use std::sync::Mutex;

use relations_core::source::{By, Fetched, Lookup};
use relations_core::{CacheConfig, CustomSource, Db, ErrorKind, Fetch, Relations, block_on};

use crate::blog::{Comment, Post, User};
use crate::library::service;
use crate::shop::{Line, Order};
use crate::staff::{Manager, Person};
use crate::{relations, sent};

#[test]
fn a_loop_is_one_call_for_each_relation() {
    let source = service();
    let log = source.record();
    block_on(async {
        for user in &User::all(&source).await.unwrap() {
            for post in user.posts(&source).await.unwrap().iter() {
                assert_eq!(post.user(&source).await.unwrap().unwrap().name, user.name);
            }
        }
    });
    assert_eq!(source.fetcher().taken(), ["users  []", "posts user_id [1, 2, 3]"]);
    assert_eq!(relations(&log), [("User".to_owned(), 0), ("User.posts".to_owned(), 3)]);
    let texts: Vec<_> = log.statements().iter().map(|statement| statement.sql.to_string()).collect();
    assert_eq!(texts, ["users", "posts by user_id"]);
}

#[test]
fn trees_and_rows_by_key_are_fetched() {
    let source = service();
    block_on(async {
        let post = Post::by_key(1).with((Post::USER, Post::COMMENTS)).one(&source).await.unwrap().unwrap();
        assert_eq!(post.user.get().unwrap().as_ref().unwrap().name, "Ann");
        assert_eq!(post.comments.get().unwrap().iter().map(|it| it.id).collect::<Vec<_>>(), [5, 2, 1]);
        assert!(User::find(&source, 99).await.unwrap().is_none());
    });
    let asked = ["posts id [1]", "users id [1]", "comments post_id [1]", "users id [99]"];
    assert_eq!(source.fetcher().taken(), asked);
}

#[test]
fn rows_that_are_here_are_loaded_onto_and_a_dangling_key_is_none() {
    let source = service();
    block_on(async {
        let posts = Post::query().all(&crate::blog::db()).await.unwrap();
        posts.load(Post::USER, &source).await.unwrap();
        let names = posts.iter().map(|post| post.user.get().unwrap().as_ref().map(|user| user.name.clone()));
        let names: Vec<_> = names.map(Option::unwrap_or_default).collect();
        assert_eq!(names, ["Ann", "Ann", "Bob", "", ""]);
    });
    assert_eq!(source.fetcher().taken(), ["users id [1, 2, 99]"]);
}

#[test]
fn a_cache_keeps_what_was_fetched() {
    let db = Db::builder(service()).cache(CacheConfig::default()).build().unwrap();
    block_on(async {
        for _ in 0..2 {
            let user = User::find(&db, 1).await.unwrap().unwrap();
            assert_eq!(user.posts(&db).await.unwrap().len(), 2);
        }
    });
    assert_eq!(db.source().fetcher().taken(), ["users id [1]", "posts user_id [1]", "users id [1]"]);
    assert_eq!(db.cache().stats(User::POSTS).hits, 1);
}

#[test]
fn more_keys_than_one_call_takes_go_in_several() {
    let source = service().keys_per_fetch(2).unwrap();
    block_on(async {
        let users = User::all(&source).await.unwrap();
        users.load(User::POSTS.order_by(Post::SCORE.desc()), &source).await.unwrap();
        let posts = |at: usize| users[at].posts.get().unwrap().iter().map(|post| post.id).collect::<Vec<_>>();
        assert_eq!((posts(0), posts(1), posts(2)), (vec![2, 1], vec![3], vec![]));
    });
    assert_eq!(source.fetcher().taken(), ["users  []", "posts user_id [1, 2]", "posts user_id [3]"]);
    assert!(matches!(service().keys_per_fetch(0).unwrap_err().kind(), ErrorKind::Setting { .. }));
}

#[test]
fn a_batch_limit_is_kept_and_none_at_all_is_refused() {
    let source = service().batch_limit(1).unwrap();
    let log = source.record();
    block_on(async {
        for user in &User::all(&source).await.unwrap() {
            user.posts(&source).await.unwrap();
        }
    });
    assert_eq!(sent(&log), 4);
    assert!(matches!(service().batch_limit(0).unwrap_err().kind(), ErrorKind::Setting { .. }));
}

/// Keeps the keys that it was asked for.
#[derive(Default)]
struct Keys(Mutex<Vec<(i64, i64)>>);

impl Fetch<Line, (i64, i64)> for Keys {
    type Error = String;
    const BY: &'static [By<Line, (i64, i64)>] = &[By::two(Line::SHOP_ID, Line::ORDER_ID)];

    async fn fetch(&self, lookup: Lookup<Line, (i64, i64)>) -> Result<Fetched<Line, (i64, i64)>, String> {
        self.0.lock().unwrap().extend(&lookup.keys);
        let line = |&(shop_id, order_id): &(i64, i64)| Line {
            shop_id,
            order_id,
            n: 7,
            article_code: None,
            order: Default::default(),
            article: Default::default(),
        };
        Ok(lookup.keys.iter().map(line).collect())
    }
}

#[test]
fn composite_keys_are_tuples() {
    let order = |id| Order { shop_id: 1, id, note: String::new(), lines: Default::default() };
    let orders = relations_core::Memory::new().with([order(5), order(6)]);
    let lines = CustomSource::new(Keys::default());
    block_on(async {
        let orders = Order::all(&orders).await.unwrap();
        assert_eq!(orders[1].lines(&lines).await.unwrap()[0].order_id, 6);
    });
    assert_eq!(*lines.fetcher().0.lock().unwrap(), [(1, 5), (1, 6)]);
}

/// Managers by a column that they inherit.
struct Staff;

impl Fetch<Manager, i64> for Staff {
    type Error = String;
    const BY: &'static [By<Manager, i64>] = &[By::column(Person::ID)];

    async fn fetch(&self, lookup: Lookup<Manager, i64>) -> Result<Fetched<Manager, i64>, String> {
        let all = Manager::all(&crate::staff::db()).await.map_err(|error| error.to_string())?;
        Ok(all.iter().filter(|manager| lookup.keys.contains(&manager.id)).cloned().collect())
    }
}

#[test]
fn rows_are_fetched_by_inherited_columns() {
    let manager = block_on(Manager::find(&CustomSource::new(Staff), 2)).unwrap().unwrap();
    assert_eq!((&*manager.name, manager.team_id), ("Max", 10));
}

#[test]
fn one_relation_is_fetched_and_another_read_from_a_database() {
    let (source, db) = (service(), crate::blog::db());
    block_on(async {
        let users = User::all(&source).await.unwrap();
        let profiles: Vec<_> = users.iter().map(async |user| user.profile(&db).await.unwrap().is_some()).collect();
        assert_eq!(futures::future::join_all(profiles).await, [true, true, false]);
        users.load(User::POSTS, &source).await.unwrap();
        let comments: Vec<Comment> = users[0].posts.get().unwrap()[1].comments(&db).await.unwrap().to_vec();
        assert_eq!(comments[0].id, 3);
    });
}
