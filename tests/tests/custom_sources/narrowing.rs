//! Filters, orders and limits: what a source does itself is passed on to it; the rest is done on the rows that were
//! fetched by keys, and never by reading all rows to keep a few.

use std::sync::Mutex;

use relations_core::source::{By, Fetched, Limit, Lookup};
use relations_core::{CustomSource, ErrorKind, Fetch, Filter, Order, Relations, block_on};

use crate::blog::{self, Comment, Post, User};
use crate::library::service;
use crate::media;

#[test]
fn rows_by_key_are_filtered_ordered_and_limited_for_each_parent() {
    let source = service();
    block_on(async {
        let users = User::all(&source).await.unwrap();
        let ids = |at: usize| users[at].posts.get_partial().unwrap().iter().map(|post| post.id).collect::<Vec<_>>();
        users.load(User::POSTS.order_by(Post::SCORE.desc()).limit(1), &source).await.unwrap();
        assert_eq!((ids(0), ids(1), ids(2)), (vec![2], vec![3], vec![]));
        users.load(User::POSTS.filter(Post::TITLE.like("t%").and(Post::SCORE.lt(30))), &source).await.unwrap();
        assert_eq!((ids(0), ids(1), ids(2)), (vec![2], vec![], vec![]));
        let query = users[0].posts_query().filter(Post::SCORE.gt(10)).offset(0).limit(5);
        assert_eq!(query.count(&source).await.unwrap(), 1);
        assert!(users[0].posts_query().exists(&source).await.unwrap());
    });
    assert!(source.fetcher().taken().iter().skip(1).all(|asked| asked.starts_with("posts user_id ")));
}

#[test]
fn windows_of_one_parents_rows_are_read() {
    let source = service();
    block_on(async {
        let user = User::find(&source, 1).await.unwrap().unwrap();
        let mut windows = user.posts_query().windows(1, &source);
        assert_eq!(windows.next().await.unwrap().unwrap()[0].id, 1);
        assert_eq!(windows.next().await.unwrap().unwrap()[0].id, 2);
        assert!(windows.next().await.unwrap().is_none());
    });
}

#[test]
fn all_rows_are_ordered_but_neither_filtered_limited_nor_counted() {
    let source = service();
    block_on(async {
        let users = User::query().order_by(User::NAME.desc()).all(&source).await.unwrap();
        assert_eq!(users.iter().map(|user| user.id).collect::<Vec<_>>(), [3, 2, 1]);
        source.fetcher().taken();
        let refused = |what: &str| {
            format!(
                "`User`: the source cannot {what} rows without reading them all; read by key, or say in its `Fetch` that it \
                 `filters`, `orders`, `limits` or `seeks`"
            )
        };
        let error = User::query().filter(User::NAME.eq("Ann")).all(&source).await.unwrap_err();
        assert_eq!(error.to_string(), refused("filter"));
        assert!(matches!(error.kind(), ErrorKind::Unsupported { model: "User", relation: None, .. }));
        let error = User::query().limit(1).all(&source).await.unwrap_err();
        assert_eq!(error.to_string(), refused("limit"));
        assert_eq!(User::query().exists(&source).await.unwrap_err().to_string(), refused("limit"));
        let mut windows = User::query().windows(2, &source);
        assert_eq!(windows.next().await.unwrap_err().to_string(), refused("limit"));
        assert_eq!(
            User::query().count(&source).await.unwrap_err().to_string(),
            "`User`: the source cannot count rows without reading them all; read the rows, or ask for what a limit bounds, as \
             `exists()` does"
        );
    });
    assert!(source.fetcher().taken().is_empty(), "nothing was asked of it");
}

#[test]
fn conditions_on_relations_are_errors() {
    let source = service();
    block_on(async {
        let user = User::find(&source, 1).await.unwrap().unwrap();
        let asked = user.posts_query().filter(Post::COMMENTS.any(Comment::ID.gt(1)));
        assert_eq!(
            asked.all(&source).await.unwrap_err().to_string(),
            "User.posts (`Post`): the source cannot look into `Comment` for a condition on a relation or an order by one; load \
             the relation, and look at what is loaded"
        );
    });
}

/// Comments by the id of what they are on, whatever it is.
struct Media;

impl Fetch<media::Comment, i64> for Media {
    type Error = String;
    const BY: &'static [By<media::Comment, i64>] = &[By::column(media::Comment::COMMENTABLE_ID)];

    async fn fetch(&self, lookup: Lookup<media::Comment, i64>) -> Result<Fetched<media::Comment, i64>, String> {
        let all = media::Comment::all(&media::db()).await.map_err(|error| error.to_string())?;
        Ok(all.iter().filter(|comment| lookup.keys.contains(&comment.commentable_id)).cloned().collect())
    }
}

#[test]
fn rows_of_another_type_under_the_same_id_are_left_out() {
    block_on(async {
        let post = media::Post::find(&media::db(), 1).await.unwrap().unwrap();
        let comments = post.comments(&CustomSource::new(Media)).await.unwrap();
        assert_eq!(comments.iter().map(|comment| comment.id).collect::<Vec<_>>(), [1, 4]);
    });
}

/// Does what it says that it does, and keeps what it was asked for.
#[derive(Default)]
struct Able {
    filters: bool,
    orders: bool,
    asked: Mutex<Vec<String>>,
}

impl Able {
    fn note(&self, lookup: &Lookup<Post, impl std::fmt::Debug>) {
        let asked = format!("{} {:?} {:?} {:?}", lookup.filter.is_some(), lookup.order, lookup.limit, lookup.after);
        self.asked.lock().unwrap().push(asked);
    }

    fn taken(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

impl Fetch<Post> for Able {
    type Error = relations_core::Error;

    async fn fetch(&self, lookup: Lookup<Post, ()>) -> Result<Fetched<Post, ()>, Self::Error> {
        self.note(&lookup);
        let mut query = Post::query();
        if let Some(filter) = lookup.filter {
            query = query.filter(filter);
        }
        if let Some((after,)) = lookup.after {
            query = query.filter(Post::ID.gt(after));
        }
        for order in lookup.order {
            query = query.order_by(order);
        }
        query = query.offset(lookup.limit.offset());
        if let Some(rows) = lookup.limit.limit() {
            query = query.limit(rows);
        }
        Ok(query.all(&blog::db()).await?.iter().cloned().collect())
    }

    fn filters(&self, _: &Filter<Post>) -> bool {
        self.filters
    }

    fn orders(&self, order: &[Order<Post>]) -> bool {
        self.orders && order.iter().all(|order| order.column().is_some_and(|column| column.field != "score"))
    }

    fn limits(&self) -> bool {
        true
    }

    fn seeks(&self) -> bool {
        true
    }
}

impl Fetch<Post, i64> for Able {
    type Error = relations_core::Error;
    const BY: &'static [By<Post, i64>] = &[By::column(Post::USER_ID)];

    async fn fetch(&self, lookup: Lookup<Post, i64>) -> Result<Fetched<Post, i64>, Self::Error> {
        self.note(&lookup);
        let rows =
            Post::query().filter(Post::USER_ID.is_in(lookup.keys)).order_by(Post::ID.asc()).all(&blog::db()).await?;
        let few = lookup.limit.limit().map_or(usize::MAX, |rows| rows as usize);
        Ok(rows.iter().take(few).cloned().collect())
    }

    fn limits(&self) -> bool {
        true
    }
}

#[test]
fn what_a_source_does_itself_is_passed_on() {
    let source = CustomSource::new(Able { filters: true, orders: true, ..Able::default() });
    block_on(async {
        let query = Post::query().filter(Post::SCORE.gt(10)).order_by(Post::TITLE.asc()).limit(2);
        assert_eq!(query.all(&source).await.unwrap().iter().map(|post| post.id).collect::<Vec<_>>(), [5, 4]);
        assert_eq!(
            source.fetcher().taken(),
            ["true [Post.title asc, Post.id asc] Rows { limit: Some(2), offset: 0 } None"]
        );
        assert_eq!(Post::query().filter(Post::ID.gt(3)).limit(9).count(&source).await.unwrap(), 2);
        source.fetcher().taken();
        let mut windows = Post::query().windows(4, &source);
        assert_eq!(windows.next().await.unwrap().unwrap().len(), 4);
        assert_eq!(windows.next().await.unwrap().unwrap().len(), 1);
        let (first, second) = ("[Post.id asc] Rows { limit: Some(5), offset: 0 }", "Some((4,))");
        assert_eq!(source.fetcher().taken(), [format!("false {first} None"), format!("false {first} {second}")]);
    });
}

#[test]
fn a_limit_waits_for_a_filter_or_an_order_that_is_left_to_do() {
    let source = CustomSource::new(Able { orders: true, ..Able::default() });
    block_on(async {
        let error = Post::query().filter(Post::SCORE.gt(10)).limit(2).all(&source).await.unwrap_err();
        assert!(error.to_string().contains("cannot filter rows"), "{error}");
        let error = Post::query().order_by(Post::SCORE.asc()).limit(2).all(&source).await.unwrap_err();
        assert!(error.to_string().contains("cannot limit rows"), "{error}");
        assert!(source.fetcher().taken().is_empty());

        let user = User::find(&blog::db(), 1).await.unwrap().unwrap();
        let latest = user.posts_query().order_by(Post::SCORE.desc()).limit(1).all(&source).await.unwrap();
        assert_eq!(latest[0].id, 2, "ordered in memory, so limited there");
        assert!(user.posts_query().exists(&source).await.unwrap());
    });
    let of_one = format!("false [] {:?} None", Limit::Rows { limit: Some(1), offset: 0 });
    assert_eq!(source.fetcher().taken(), ["false [] None None".to_owned(), of_one]);
}

/// Orders by itself, and cannot start after a key.
struct Ordering;

impl Fetch<Post, i64> for Ordering {
    type Error = relations_core::Error;
    const BY: &'static [By<Post, i64>] = &[By::column(Post::USER_ID)];

    async fn fetch(&self, lookup: Lookup<Post, i64>) -> Result<Fetched<Post, i64>, Self::Error> {
        let query = Post::query().filter(Post::USER_ID.is_in(lookup.keys));
        let query = lookup.order.into_iter().fold(query, |query, order| query.order_by(order));
        Ok(query.all(&blog::db()).await?.iter().cloned().collect())
    }

    fn orders(&self, _: &[Order<Post>]) -> bool {
        true
    }
}

#[test]
fn windows_down_the_key_go_on_after_it_whoever_orders() {
    let source = CustomSource::new(Ordering);
    block_on(async {
        let user = User::find(&blog::db(), 1).await.unwrap().unwrap();
        let mut windows = user.posts_query().order_by(Post::ID.desc()).windows(1, &source);
        assert_eq!(windows.next().await.unwrap().unwrap()[0].id, 2);
        assert_eq!(windows.next().await.unwrap().unwrap()[0].id, 1);
        assert!(windows.next().await.unwrap().is_none());
    });
}
