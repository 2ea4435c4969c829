//! What is written in the same way for either database: `Db` is the connection of the module around this one.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::sync::Arc;
use std::thread;

use bench_kit::by_hand::{distinct, nest, nest_joined, pair};
use bench_kit::{LATEST, Nested, Paired, Reached, Result, SOME, Variant, reach, request_keys};
use diesel::dsl::sql_query;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::Db;
use crate::schema::{Comment, Post, PostTag, Tag, User, comments, post_tags, posts, tags, users};

const LATEST_BY_WINDOW: &str = "
    SELECT id, user_id, title, body, views FROM (
        SELECT posts.*, row_number() OVER (PARTITION BY user_id ORDER BY id DESC) AS place
        FROM posts WHERE user_id <= $1
    ) AS numbered WHERE place <= $2";

pub(super) type Latest = reach::Latest<User, Post>;
pub(super) type Trees<A> = reach::Trees<User, Post, Comment, A>;

/// A variant that loads on this connection.
pub(super) fn load<'a, T: Reached + 'a>(
    db: &'a RefCell<Db>,
    workload: &'static str,
    name: &'static str,
    load: fn(&mut Db) -> Result<T>,
) -> Variant<'a> {
    Variant::load(workload, name, move || load(&mut db.borrow_mut()))
}

/// A variant of W6 on this connection.
pub(super) fn requests<'a, T: Reached + 'a>(
    db: &'a RefCell<Db>,
    users: i64,
    name: &'static str,
    load: fn(&mut Db, i64) -> Result<T>,
) -> Variant<'a> {
    Variant::requests("W6", name, request_keys(users), move |key| load(&mut db.borrow_mut(), key))
}

/// The variants that both databases have. The second connection is for the second thread.
pub(super) fn variants<'a>(db: &'a RefCell<Db>, second: &'a RefCell<Db>, users: i64) -> Vec<Variant<'a>> {
    let two_threads = |name, load: fn(&mut Db, i64) -> Result<Nested<User, Post>>| {
        let keys = request_keys(users);
        Variant::looks("W6t2", name, keys.len(), move |look| {
            by_two_threads([&mut db.borrow_mut(), &mut second.borrow_mut()], &keys, |db, key| look.see(&load(db, key)?))
        })
    };
    vec![
        load(db, "W1", "belonging_to", users_belonging_to),
        load(db, "W1", "scan and grouped_by", users_grouped_by),
        load(db, "W1", "scan and HashMap", users_by_hand),
        load(db, "W1", "left_join and HashMap", users_by_join),
        load(db, "W2", "inner_join", |db| authors_by_join(db, i64::MAX)),
        load(db, "W2", "eq_any and HashMap", |db| authors_by_keys(db, i64::MAX)),
        load(db, "W2", "scan and HashMap", authors_by_hand),
        load(db, "W2k", "inner_join", |db| authors_by_join(db, SOME)),
        load(db, "W2k", "eq_any and HashMap", |db| authors_by_keys(db, SOME)),
        load(db, "W3", "belonging_to", tags_belonging_to),
        load(db, "W3", "scan and grouped_by", tags_grouped_by),
        load(db, "W3", "scan and HashMap", tags_by_hand),
        load(db, "W4", "belonging_to", trees_belonging_to),
        load(db, "W4", "scan and grouped_by", trees_grouped_by),
        load(db, "W4", "scan and HashMap", trees_by_hand),
        load(db, "W5", "find, get_result", |db| authors_in_a_loop(db, get_result)),
        load(db, "W5", "find, first", |db| authors_in_a_loop(db, first)),
        requests(db, users, "belonging_to", request_belonging_to),
        requests(db, users, "left_join", request_by_join),
        two_threads("belonging_to", request_belonging_to),
        two_threads("left_join", request_by_join),
        load(db, "W8", "sql_query, window", latest_by_window),
        load(db, "W8", "belonging_to, then cut", latest_cut),
    ]
}

fn all_users(db: &mut Db) -> QueryResult<Vec<User>> {
    users::table.select(User::as_select()).load(db)
}

fn first_users(db: &mut Db) -> QueryResult<Vec<User>> {
    users::table.filter(users::id.le(SOME)).select(User::as_select()).load(db)
}

fn all_posts(db: &mut Db) -> QueryResult<Vec<Post>> {
    posts::table.select(Post::as_select()).load(db)
}

fn first_posts(db: &mut Db, last: i64) -> QueryResult<Vec<Post>> {
    posts::table.filter(posts::id.le(last)).select(Post::as_select()).load(db)
}

fn users_belonging_to(db: &mut Db) -> Result<Nested<User, Post>> {
    let users = all_users(db)?;
    let posts = Post::belonging_to(&users).select(Post::as_select()).load(db)?.grouped_by(&users);
    Ok(Nested(users.into_iter().zip(posts).collect()))
}

fn users_grouped_by(db: &mut Db) -> Result<Nested<User, Post>> {
    let users = all_users(db)?;
    let posts = all_posts(db)?.grouped_by(&users);
    Ok(Nested(users.into_iter().zip(posts).collect()))
}

fn users_by_hand(db: &mut Db) -> Result<Nested<User, Post>> {
    let (users, posts) = (all_users(db)?, all_posts(db)?);
    Ok(Nested(nest(users, posts.into_iter().map(|post| (post.user_id, post)))))
}

fn users_by_join(db: &mut Db) -> Result<Nested<User, Post>> {
    let rows = users::table.left_join(posts::table).select((User::as_select(), Option::<Post>::as_select()));
    Ok(Nested(nest_joined(rows.load(db)?)))
}

fn authors_by_join(db: &mut Db, last: i64) -> Result<Paired<Post, User>> {
    let rows = posts::table.inner_join(users::table).filter(posts::id.le(last));
    Ok(Paired(rows.select((Post::as_select(), User::as_select())).load(db)?))
}

fn authors_by_keys(db: &mut Db, last: i64) -> Result<Paired<Post, Arc<User>>> {
    let posts = first_posts(db, last)?;
    let keys = distinct(&posts, |post| post.user_id);
    let authors = users::table.filter(users::id.eq_any(keys)).select(User::as_select()).load(db)?;
    Ok(Paired(pair(posts, authors, |post| post.user_id)?))
}

fn authors_by_hand(db: &mut Db) -> Result<Paired<Post, Arc<User>>> {
    let (posts, authors) = (all_posts(db)?, all_users(db)?);
    Ok(Paired(pair(posts, authors, |post| post.user_id)?))
}

/// W5 with one of the two below.
pub(super) fn authors_in_a_loop(
    db: &mut Db,
    find: fn(&mut Db, i64) -> QueryResult<User>,
) -> Result<Paired<Post, User>> {
    let posts = first_posts(db, SOME)?;
    let mut paired = Vec::with_capacity(posts.len());
    for post in posts {
        let author = find(db, post.user_id)?;
        paired.push((post, author));
    }
    Ok(Paired(paired))
}

/// Finds a user as Diesel's guides do, with a limit. It is bound, so SQLite prepares the statement anew at each use.
fn first(db: &mut Db, id: i64) -> QueryResult<User> {
    users::table.find(id).select(User::as_select()).first(db)
}

/// Finds a user without a limit.
pub(super) fn get_result(db: &mut Db, id: i64) -> QueryResult<User> {
    users::table.find(id).select(User::as_select()).get_result(db)
}

/// The tags of posts, the rows of the join table with them.
pub(super) fn tags_of(db: &mut Db, posts: &[Post]) -> QueryResult<Vec<(PostTag, Tag)>> {
    let rows = PostTag::belonging_to(posts).inner_join(tags::table);
    rows.select((PostTag::as_select(), Tag::as_select())).load(db)
}

/// Posts with what `tags_of` gave for them.
pub(super) fn with_tags(posts: Vec<Post>, tags: Vec<(PostTag, Tag)>) -> Nested<Post, Tag> {
    let tags = tags.grouped_by(&posts).into_iter().map(|tags| tags.into_iter().map(|(_, tag)| tag).collect());
    Nested(posts.into_iter().zip(tags).collect())
}

fn tags_belonging_to(db: &mut Db) -> Result<Nested<Post, Tag>> {
    let posts = all_posts(db)?;
    let tags = tags_of(db, &posts)?;
    Ok(with_tags(posts, tags))
}

fn tags_grouped_by(db: &mut Db) -> Result<Nested<Post, Tag>> {
    let posts = all_posts(db)?;
    let tags = post_tags::table.inner_join(tags::table).select((PostTag::as_select(), Tag::as_select())).load(db)?;
    Ok(with_tags(posts, tags))
}

fn tags_by_hand(db: &mut Db) -> Result<Nested<Post, Arc<Tag>>> {
    let posts = all_posts(db)?;
    let pivots = post_tags::table.select(PostTag::as_select()).load(db)?;
    let tags = tags::table.select(Tag::as_select()).load(db)?;
    let tags = pair(pivots, tags, |pivot: &PostTag| pivot.tag_id)?;
    Ok(Nested(nest(posts, tags.into_iter().map(|(pivot, tag)| (pivot.post_id, tag)))))
}

/// The comments on posts, with their authors.
pub(super) fn comments_of(db: &mut Db, posts: &[Post]) -> QueryResult<Vec<(Comment, User)>> {
    let rows = Comment::belonging_to(posts).inner_join(users::table);
    rows.select((Comment::as_select(), User::as_select())).load(db)
}

/// Users with their posts, and what `comments_of` gave for these.
pub(super) fn with_comments(users: Vec<User>, posts: Vec<Post>, comments: Vec<(Comment, User)>) -> Trees<User> {
    let comments = comments.grouped_by(&posts);
    let posts = posts.into_iter().zip(comments).collect::<Vec<_>>().grouped_by(&users);
    reach::Trees(users.into_iter().zip(posts).collect())
}

fn trees_belonging_to(db: &mut Db) -> Result<Trees<User>> {
    let users = all_users(db)?;
    let posts = Post::belonging_to(&users).select(Post::as_select()).load(db)?;
    let comments = comments_of(db, &posts)?;
    Ok(with_comments(users, posts, comments))
}

fn trees_grouped_by(db: &mut Db) -> Result<Trees<User>> {
    let (users, posts) = (all_users(db)?, all_posts(db)?);
    let comments = comments::table.inner_join(users::table).select((Comment::as_select(), User::as_select()));
    Ok(with_comments(users, posts, comments.load(db)?))
}

fn trees_by_hand(db: &mut Db) -> Result<Trees<Arc<User>>> {
    let (users, posts) = (all_users(db)?, all_posts(db)?);
    let comments = comments::table.select(Comment::as_select()).load(db)?;
    let comments = pair(comments, all_users(db)?, |comment: &Comment| comment.user_id)?;
    let posts = nest(posts, comments.into_iter().map(|comment| (comment.0.post_id, comment)));
    Ok(reach::Trees(nest(users, posts.into_iter().map(|post| (post.0.user_id, post)))))
}

/// W6.
pub(super) fn request_belonging_to(db: &mut Db, id: i64) -> Result<Nested<User, Post>> {
    let user = get_result(db, id)?;
    let posts = Post::belonging_to(&user).select(Post::as_select()).load(db)?;
    Ok(Nested(vec![(user, posts)]))
}

fn request_by_join(db: &mut Db, id: i64) -> Result<Nested<User, Post>> {
    let rows = users::table.find(id).left_join(posts::table);
    Ok(Nested(nest_joined(rows.select((User::as_select(), Option::<Post>::as_select())).load(db)?)))
}

/// Each of two threads, with a connection of its own, takes half of the requests.
fn by_two_threads(
    [one, two]: [&mut Db; 2],
    keys: &[i64],
    request: impl Fn(&mut Db, i64) -> Result<u64> + Sync,
) -> Result<u64> {
    let half = |db: &mut Db, keys: &[i64]| -> Result<u64> {
        keys.iter().try_fold(0, |sum: u64, &key| Ok(sum.wrapping_add(request(db, key)?)))
    };
    let (first, second) = keys.split_at(keys.len() / 2);
    thread::scope(|scope| {
        let first = scope.spawn(|| half(one, first));
        let second = half(two, second)?;
        let first = first.join().map_err(|_| "a thread ended early")??;
        Ok(first.wrapping_add(second))
    })
}

fn latest_by_window(db: &mut Db) -> Result<Latest> {
    latest_by(db, LATEST_BY_WINDOW)
}

/// W8 with the posts by this statement, whose parameters are the last user and the number of posts.
pub(super) fn latest_by(db: &mut Db, posts: &str) -> Result<Latest> {
    let users = first_users(db)?;
    let posts: Vec<Post> = sql_query(posts).bind::<BigInt, _>(SOME).bind::<BigInt, _>(LATEST).load(db)?;
    let mut users = nest(users, posts.into_iter().map(|post| (post.user_id, post)));
    users.iter_mut().for_each(|(_, posts)| posts.sort_unstable_by_key(|post| Reverse(post.id)));
    Ok(reach::Latest(users))
}

fn latest_cut(db: &mut Db) -> Result<Latest> {
    let users = first_users(db)?;
    let posts = Post::belonging_to(&users).order(posts::id.desc()).select(Post::as_select()).load(db)?;
    let posts = posts.grouped_by(&users).into_iter().map(|posts| posts.into_iter().take(LATEST as usize).collect());
    Ok(reach::Latest(users.into_iter().zip(posts).collect()))
}
