//! What is written in the same way for either database. `Db`, `Keys`, `keys` and the condition `among!` are those of the
//! module around this one.

use std::cmp::Reverse;
use std::sync::Arc;

use bench_kit::by_hand::{distinct, nest, nest_joined, pair};
use bench_kit::{LATEST, Look, Nested, Paired, Reached, Result, SOME, Variant, reach, request_keys};
use sqlx::{Pool, query_as};
use tokio::runtime::Runtime;

use super::{Db, keys};
use crate::rows::{Comment, Post, PostTag, PostWithAuthor, Tag, TagOfPost, User, UserWithPost};

pub(super) type Latest = reach::Latest<User, Post>;
type Trees = reach::Trees<User, Post, Comment, Arc<User>>;

const USERS: &str = "SELECT id, name, email, company_id FROM users";
const FIRST_USERS: &str = "SELECT id, name, email, company_id FROM users WHERE id <= $1";
const USER: &str = "SELECT id, name, email, company_id FROM users WHERE id = $1";
const USERS_BY_KEYS: &str = concat!("SELECT id, name, email, company_id FROM users WHERE id ", among!());
const POSTS: &str = "SELECT id, user_id, title, body, views FROM posts";
const FIRST_POSTS: &str = "SELECT id, user_id, title, body, views FROM posts WHERE id <= $1";
const POSTS_OF_USER: &str = "SELECT id, user_id, title, body, views FROM posts WHERE user_id = $1";
const POSTS_BY_USERS: &str = concat!("SELECT id, user_id, title, body, views FROM posts WHERE user_id ", among!());
const COMMENTS: &str = "SELECT id, post_id, user_id, body FROM comments";
const COMMENTS_BY_POSTS: &str = concat!("SELECT id, post_id, user_id, body FROM comments WHERE post_id ", among!());
const PIVOTS: &str = "SELECT post_id, tag_id FROM post_tags";
const PIVOTS_BY_POSTS: &str = concat!("SELECT post_id, tag_id FROM post_tags WHERE post_id ", among!());
const TAGS: &str = "SELECT id, name FROM tags";
const TAGS_BY_KEYS: &str = concat!("SELECT id, name FROM tags WHERE id ", among!());
const TAGS_BY_POSTS: &str =
    concat!("SELECT post_id, id, name FROM post_tags JOIN tags ON tags.id = tag_id WHERE post_id ", among!());

const POSTS_WITH_AUTHOR: &str = "
    SELECT posts.id, posts.user_id, posts.title, posts.body, posts.views,
           users.name AS author_name, users.email AS author_email, users.company_id AS author_company_id
    FROM posts JOIN users ON users.id = posts.user_id WHERE posts.id <= $1";
const USERS_WITH_POSTS: &str = "
    SELECT users.id, users.name, users.email, users.company_id, posts.id AS post_id, posts.title, posts.body, posts.views
    FROM users LEFT JOIN posts ON posts.user_id = users.id";
const USER_WITH_POSTS: &str = "
    SELECT users.id, users.name, users.email, users.company_id, posts.id AS post_id, posts.title, posts.body, posts.views
    FROM users LEFT JOIN posts ON posts.user_id = users.id WHERE users.id = $1";

const LATEST_BY_WINDOW: &str = "
    SELECT id, user_id, title, body, views FROM (
        SELECT posts.*, row_number() OVER (PARTITION BY user_id ORDER BY id DESC) AS place
        FROM posts WHERE user_id <= $1
    ) AS numbered WHERE place <= $2";

/// A runtime, and the connections that live on it.
pub(super) struct Side {
    pub(super) runtime: Runtime,
    pub(super) pool: Pool<Db>,
}

impl Side {
    /// A variant that loads by the pool.
    pub(super) fn load<'a, T: Reached + 'a>(
        &'a self,
        workload: &'static str,
        name: &'static str,
        load: impl AsyncFn(&'a Pool<Db>) -> Result<T> + 'a,
    ) -> Variant<'a> {
        Variant::load(workload, name, move || self.runtime.block_on(load(&self.pool)))
    }

    fn requests<'a, T: Reached + 'a>(
        &'a self,
        users: i64,
        name: &'static str,
        load: impl AsyncFn(&'a Pool<Db>, i64) -> Result<T> + 'a,
    ) -> Variant<'a> {
        Variant::requests("W6", name, request_keys(users), move |key| self.runtime.block_on(load(&self.pool, key)))
    }

    /// Each of two tasks takes half of the requests.
    fn two_tasks<'a, F: Future<Output = Result<Nested<User, Post>>> + Send + 'static>(
        &'a self,
        users: i64,
        name: &'static str,
        load: fn(Pool<Db>, i64) -> F,
    ) -> Variant<'a> {
        let keys = request_keys(users);
        let (units, half) = (keys.len(), keys.len() / 2);
        let halves: [Arc<[i64]>; 2] = [keys[..half].into(), keys[half..].into()];
        let task = move |keys: &Arc<[i64]>, look: Look| {
            let (pool, keys) = (self.pool.clone(), Arc::clone(keys));
            self.runtime.spawn(async move {
                let mut sum = 0_u64;
                for &key in &*keys {
                    sum = sum.wrapping_add(look.see(&load(pool.clone(), key).await?)?);
                }
                Result::Ok(sum)
            })
        };
        Variant::looks("W6t2", name, units, move |look| {
            let [first, second] = halves.each_ref().map(|keys| task(keys, look));
            self.runtime.block_on(async { Ok(first.await??.wrapping_add(second.await??)) })
        })
    }
}

/// The variants that both databases have; `two` is for two tasks.
pub(super) fn variants<'a>(one: &'a Side, two: &'a Side, users: i64) -> Vec<Variant<'a>> {
    vec![
        one.load("W1", "key list and HashMap", users_by_keys),
        one.load("W1", "scan and HashMap", users_by_scan),
        one.load("W1", "left join and HashMap", users_by_join),
        one.load("W2", "key list and HashMap", async |db| authors_by_keys(db, i64::MAX).await),
        one.load("W2", "scan and HashMap", authors_by_scan),
        one.load("W2", "join", async |db| authors_by_join(db, i64::MAX).await),
        one.load("W2k", "key list and HashMap", async |db| authors_by_keys(db, SOME).await),
        one.load("W2k", "join", async |db| authors_by_join(db, SOME).await),
        one.load("W3", "key lists and HashMap", tags_by_keys),
        one.load("W3", "scan and HashMap", tags_by_scan),
        one.load("W3", "join and HashMap", tags_by_join),
        one.load("W4", "key lists and HashMap", trees_by_keys),
        one.load("W4", "scan and HashMap", trees_by_scan),
        one.load("W5", "by the pool in a loop", authors_in_a_loop),
        one.load("W5", "by one connection in a loop", authors_by_one_connection),
        one.requests(users, "by the pool", request_by_pool),
        one.requests(users, "by one connection", async |db, key| request(db.clone(), key).await),
        one.requests(users, "left join", async |db, key| request_by_join(db.clone(), key).await),
        two.two_tasks(users, "by one connection", request),
        two.two_tasks(users, "left join", request_by_join),
        one.load("W8", "window", async |db| latest_by(db, LATEST_BY_WINDOW).await),
    ]
}

fn with_posts(users: Vec<User>, posts: Vec<Post>) -> Nested<User, Post> {
    Nested(nest(users, posts.into_iter().map(|post| (post.user_id, post))))
}

fn with_author(posts: Vec<Post>, authors: Vec<User>) -> Result<Paired<Post, Arc<User>>> {
    Ok(Paired(pair(posts, authors, |post| post.user_id)?))
}

fn with_tags(posts: Vec<Post>, pivots: Vec<PostTag>, tags: Vec<Tag>) -> Result<Nested<Post, Arc<Tag>>> {
    let tags = pair(pivots, tags, |pivot| pivot.tag_id)?;
    Ok(Nested(nest(posts, tags.into_iter().map(|(pivot, tag)| (pivot.post_id, tag)))))
}

fn trees(users: Vec<User>, posts: Vec<Post>, comments: Vec<Comment>, authors: Vec<User>) -> Result<Trees> {
    let comments = pair(comments, authors, |comment| comment.user_id)?;
    let posts = nest(posts, comments.into_iter().map(|comment| (comment.0.post_id, comment)));
    Ok(reach::Trees(nest(users, posts.into_iter().map(|post| (post.0.user_id, post)))))
}

async fn users_by_keys(db: &Pool<Db>) -> Result<Nested<User, Post>> {
    let users: Vec<User> = query_as(USERS).fetch_all(db).await?;
    let ids = users.iter().map(|user| user.id).collect();
    let posts = query_as(POSTS_BY_USERS).bind(keys(ids)).fetch_all(db).await?;
    Ok(with_posts(users, posts))
}

async fn users_by_scan(db: &Pool<Db>) -> Result<Nested<User, Post>> {
    Ok(with_posts(query_as(USERS).fetch_all(db).await?, query_as(POSTS).fetch_all(db).await?))
}

async fn users_by_join(db: &Pool<Db>) -> Result<Nested<User, Post>> {
    let rows: Vec<UserWithPost> = query_as(USERS_WITH_POSTS).fetch_all(db).await?;
    Ok(Nested(nest_joined(rows.into_iter().map(UserWithPost::split))))
}

async fn authors_by_keys(db: &Pool<Db>, last: i64) -> Result<Paired<Post, Arc<User>>> {
    let posts: Vec<Post> = query_as(FIRST_POSTS).bind(last).fetch_all(db).await?;
    let ids = distinct(&posts, |post| post.user_id);
    with_author(posts, query_as(USERS_BY_KEYS).bind(keys(ids)).fetch_all(db).await?)
}

async fn authors_by_scan(db: &Pool<Db>) -> Result<Paired<Post, Arc<User>>> {
    with_author(query_as(POSTS).fetch_all(db).await?, query_as(USERS).fetch_all(db).await?)
}

async fn authors_by_join(db: &Pool<Db>, last: i64) -> Result<Paired<Post, User>> {
    let rows: Vec<PostWithAuthor> = query_as(POSTS_WITH_AUTHOR).bind(last).fetch_all(db).await?;
    Ok(Paired(rows.into_iter().map(PostWithAuthor::split).collect()))
}

async fn tags_by_keys(db: &Pool<Db>) -> Result<Nested<Post, Arc<Tag>>> {
    let posts: Vec<Post> = query_as(POSTS).fetch_all(db).await?;
    let ids = posts.iter().map(|post| post.id).collect();
    let pivots: Vec<PostTag> = query_as(PIVOTS_BY_POSTS).bind(keys(ids)).fetch_all(db).await?;
    let ids = distinct(&pivots, |pivot| pivot.tag_id);
    with_tags(posts, pivots, query_as(TAGS_BY_KEYS).bind(keys(ids)).fetch_all(db).await?)
}

async fn tags_by_scan(db: &Pool<Db>) -> Result<Nested<Post, Arc<Tag>>> {
    let posts = query_as(POSTS).fetch_all(db).await?;
    let pivots = query_as(PIVOTS).fetch_all(db).await?;
    with_tags(posts, pivots, query_as(TAGS).fetch_all(db).await?)
}

async fn tags_by_join(db: &Pool<Db>) -> Result<Nested<Post, Tag>> {
    let posts: Vec<Post> = query_as(POSTS).fetch_all(db).await?;
    let ids = posts.iter().map(|post| post.id).collect();
    let tags: Vec<TagOfPost> = query_as(TAGS_BY_POSTS).bind(keys(ids)).fetch_all(db).await?;
    Ok(Nested(nest(posts, tags.into_iter().map(|it| (it.post_id, it.tag)))))
}

async fn trees_by_keys(db: &Pool<Db>) -> Result<Trees> {
    let users: Vec<User> = query_as(USERS).fetch_all(db).await?;
    let ids = users.iter().map(|user| user.id).collect();
    let posts: Vec<Post> = query_as(POSTS_BY_USERS).bind(keys(ids)).fetch_all(db).await?;
    let ids = posts.iter().map(|post| post.id).collect();
    let comments: Vec<Comment> = query_as(COMMENTS_BY_POSTS).bind(keys(ids)).fetch_all(db).await?;
    let ids = distinct(&comments, |comment| comment.user_id);
    trees(users, posts, comments, query_as(USERS_BY_KEYS).bind(keys(ids)).fetch_all(db).await?)
}

async fn trees_by_scan(db: &Pool<Db>) -> Result<Trees> {
    let users = query_as(USERS).fetch_all(db).await?;
    let posts = query_as(POSTS).fetch_all(db).await?;
    let comments = query_as(COMMENTS).fetch_all(db).await?;
    trees(users, posts, comments, query_as(USERS).fetch_all(db).await?)
}

async fn authors_in_a_loop(db: &Pool<Db>) -> Result<Paired<Post, User>> {
    let posts: Vec<Post> = query_as(FIRST_POSTS).bind(SOME).fetch_all(db).await?;
    let mut paired = Vec::with_capacity(posts.len());
    for post in posts {
        let author = query_as(USER).bind(post.user_id).fetch_one(db).await?;
        paired.push((post, author));
    }
    Ok(Paired(paired))
}

async fn authors_by_one_connection(db: &Pool<Db>) -> Result<Paired<Post, User>> {
    let mut db = db.acquire().await?;
    let posts: Vec<Post> = query_as(FIRST_POSTS).bind(SOME).fetch_all(&mut *db).await?;
    let mut paired = Vec::with_capacity(posts.len());
    for post in posts {
        let author = query_as(USER).bind(post.user_id).fetch_one(&mut *db).await?;
        paired.push((post, author));
    }
    Ok(Paired(paired))
}

async fn request_by_pool(db: &Pool<Db>, id: i64) -> Result<Nested<User, Post>> {
    let user = query_as(USER).bind(id).fetch_one(db).await?;
    let posts = query_as(POSTS_OF_USER).bind(id).fetch_all(db).await?;
    Ok(Nested(vec![(user, posts)]))
}

async fn request(db: Pool<Db>, id: i64) -> Result<Nested<User, Post>> {
    let mut db = db.acquire().await?;
    let user = query_as(USER).bind(id).fetch_one(&mut *db).await?;
    let posts = query_as(POSTS_OF_USER).bind(id).fetch_all(&mut *db).await?;
    Ok(Nested(vec![(user, posts)]))
}

async fn request_by_join(db: Pool<Db>, id: i64) -> Result<Nested<User, Post>> {
    let rows: Vec<UserWithPost> = query_as(USER_WITH_POSTS).bind(id).fetch_all(&db).await?;
    Ok(Nested(nest_joined(rows.into_iter().map(UserWithPost::split))))
}

/// W8 with the posts by this statement, whose parameters are the last user and the number of posts.
pub(super) async fn latest_by(db: &Pool<Db>, posts: &'static str) -> Result<Latest> {
    let users = query_as(FIRST_USERS).bind(SOME).fetch_all(db).await?;
    let posts = query_as(posts).bind(SOME).bind(LATEST).fetch_all(db).await?;
    let Nested(mut users) = with_posts(users, posts);
    users.iter_mut().for_each(|(_, posts)| posts.sort_unstable_by_key(|post| Reverse(post.id)));
    Ok(reach::Latest(users))
}
