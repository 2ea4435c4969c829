//! The workloads where rows are asked for by lists of keys, some at a time, and grouped by hand.

use std::collections::{BTreeSet, HashMap};

use bench_kit::reach::{Nested, Paired};
use bench_kit::{LATEST, Result, SOME};
use toasty::Db;

use crate::model::{Comment, Post, PostTag, Tag, User};
use crate::tree::{Discussed, Latest, Tree};

/// How many keys a statement gets: below both databases' limits.
const CHUNK: usize = 1_000;

/// W1.
pub async fn posts(mut db: Db) -> Result<Nested<User, Post>> {
    let users = User::all().exec(&mut db).await?;
    let mut posts = grouped(posts_of(&mut db, &users).await?, |post| post.user_id);
    Ok(Nested(users.into_iter().map(|user| shared(user, |user| user.id, &mut posts)).collect()))
}

/// W2.
pub async fn authors(mut db: Db) -> Result<Paired<Post, User>> {
    let posts = Post::all().exec(&mut db).await?;
    paired(&mut db, posts, |post| post.user_id).await.map(Paired)
}

/// W2k.
pub async fn some_authors(mut db: Db) -> Result<Paired<Post, User>> {
    let posts = Post::filter(Post::fields().id().le(SOME)).exec(&mut db).await?;
    paired(&mut db, posts, |post| post.user_id).await.map(Paired)
}

/// W3.
pub async fn tags(mut db: Db) -> Result<Nested<Post, Tag>> {
    let posts = Post::all().exec(&mut db).await?;
    let (mut pairs, mut tags) = (Vec::new(), HashMap::new());
    for keys in chunks(posts.iter().map(|post| post.id)) {
        pairs.extend(PostTag::filter(PostTag::fields().post_id().in_list(keys)).exec(&mut db).await?);
    }
    for keys in chunks(pairs.iter().map(|pair| pair.tag_id)) {
        let found = Tag::filter(Tag::fields().id().in_list(keys)).exec(&mut db).await?;
        tags.extend(found.into_iter().map(|tag| (tag.id, tag)));
    }
    let mut pairs = grouped(pairs, |pair| pair.post_id);
    let all = posts.into_iter().map(|post| {
        let (post, pairs) = shared(post, |post| post.id, &mut pairs);
        let tags = pairs.iter().map(|pair| tags.get(&pair.tag_id).cloned().ok_or_else(|| MISSING.into()));
        Ok((post, tags.collect::<Result<_>>()?))
    });
    Ok(Nested(all.collect::<Result<_>>()?))
}

/// W4.
pub async fn tree(mut db: Db) -> Result<Tree> {
    let users = User::all().exec(&mut db).await?;
    let posts = posts_of(&mut db, &users).await?;
    let mut comments = Vec::new();
    for keys in chunks(posts.iter().map(|post| post.id)) {
        comments.extend(Comment::filter(Comment::fields().post_id().in_list(keys)).exec(&mut db).await?);
    }
    let said = paired(&mut db, comments, |comment| comment.user_id).await?;
    let mut said = grouped(said, |(comment, _)| comment.post_id);
    let discussed = posts.into_iter().map(|post| shared(post, |post| post.id, &mut said));
    let mut discussed = grouped(discussed.collect::<Vec<Discussed>>(), |(post, _)| post.user_id);
    Ok(Tree(users.into_iter().map(|user| shared(user, |user| user.id, &mut discussed)).collect()))
}

/// W8: all posts in order; those past the limit are thrown away.
pub async fn latest(mut db: Db) -> Result<Latest> {
    let users = User::filter(User::fields().id().le(SOME)).exec(&mut db).await?;
    let posts = Post::filter(Post::fields().user_id().le(SOME)).order_by(Post::fields().id().desc());
    let mut posts = grouped(posts.exec(&mut db).await?, |post| post.user_id);
    let all = users.into_iter().map(|user| {
        let (user, mut posts) = shared(user, |user| user.id, &mut posts);
        posts.truncate(LATEST.unsigned_abs() as usize);
        (user, posts)
    });
    Ok(Latest(all.collect()))
}

const MISSING: &str = "the row is missing";

async fn posts_of(db: &mut Db, users: &[User]) -> Result<Vec<Post>> {
    let mut posts = Vec::new();
    for keys in chunks(users.iter().map(|user| user.id)) {
        posts.extend(Post::filter(Post::fields().user_id().in_list(keys)).exec(db).await?);
    }
    Ok(posts)
}

/// Each row with the user that it belongs to.
async fn paired<T>(db: &mut Db, rows: Vec<T>, key: impl Fn(&T) -> i64) -> Result<Vec<(T, User)>> {
    let mut users = HashMap::new();
    for keys in chunks(rows.iter().map(&key)) {
        let found = User::filter(User::fields().id().in_list(keys)).exec(db).await?;
        users.extend(found.into_iter().map(|user| (user.id, user)));
    }
    let rows = rows.into_iter().map(|row| {
        let user = users.get(&key(&row)).cloned().ok_or(MISSING)?;
        Ok((row, user))
    });
    rows.collect()
}

/// The keys, each once, some at a time.
fn chunks(keys: impl Iterator<Item = i64>) -> Vec<Vec<i64>> {
    let keys: Vec<i64> = keys.collect::<BTreeSet<_>>().into_iter().collect();
    keys.chunks(CHUNK).map(<[i64]>::to_vec).collect()
}

fn grouped<T>(rows: Vec<T>, key: impl Fn(&T) -> i64) -> HashMap<i64, Vec<T>> {
    let mut groups: HashMap<i64, Vec<T>> = HashMap::new();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups
}

/// An owner with its rows.
fn shared<O, T>(owner: O, key: impl Fn(&O) -> i64, groups: &mut HashMap<i64, Vec<T>>) -> (O, Vec<T>) {
    let rows = groups.remove(&key(&owner)).unwrap_or_default();
    (owner, rows)
}
