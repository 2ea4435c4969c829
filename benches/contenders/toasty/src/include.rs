//! The workloads by what Toasty has for them: includes, and the relations' accessors.

use bench_kit::reach::{Nested, Paired};
use bench_kit::{LATEST, Result, SOME};
use toasty::Db;

use crate::model::{Post, User};
use crate::tree::{Cut, Included, Latest, PostAuthors, PostTags, UserPosts};

/// W1.
pub async fn posts(mut db: Db) -> Result<UserPosts> {
    Ok(UserPosts(User::all().include(User::fields().posts()).exec(&mut db).await?))
}

/// W2.
pub async fn authors(mut db: Db) -> Result<PostAuthors> {
    Ok(PostAuthors(Post::all().include(Post::fields().user()).exec(&mut db).await?))
}

/// W2k.
pub async fn some_authors(mut db: Db) -> Result<PostAuthors> {
    let posts = Post::filter(Post::fields().id().le(SOME)).include(Post::fields().user());
    Ok(PostAuthors(posts.exec(&mut db).await?))
}

/// W3, over the join model.
pub async fn tags(mut db: Db) -> Result<PostTags> {
    Ok(PostTags(Post::all().include(Post::fields().tags()).exec(&mut db).await?))
}

/// W4, as one path.
pub async fn tree(mut db: Db) -> Result<Included> {
    let users = User::all().include(User::fields().posts().comments().user());
    Ok(Included(users.exec(&mut db).await?))
}

/// W5: the author of one post after the other.
pub async fn lazy(mut db: Db) -> Result<Paired<Post, User>> {
    let mut all = Vec::new();
    for post in Post::filter(Post::fields().id().le(SOME)).exec(&mut db).await? {
        let author = post.user().exec(&mut db).await?;
        all.push((post, author));
    }
    Ok(Paired(all))
}

/// W6: a user, and its posts by the accessor.
pub async fn request(mut db: Db, id: i64) -> Result<Nested<User, Post>> {
    let user = User::get_by_id(&mut db, &id).await?;
    let posts = user.posts().exec(&mut db).await?;
    Ok(Nested(vec![(user, posts)]))
}

/// W6: both at once.
pub async fn request_batch(mut db: Db, id: i64) -> Result<Nested<User, Post>> {
    let (users, posts): (Vec<User>, Vec<Post>) =
        toasty::batch((User::filter_by_id(id), Post::filter_by_user_id(id))).exec(&mut db).await?;
    let user = users.into_iter().next().ok_or("the row is missing")?;
    Ok(Nested(vec![(user, posts)]))
}

/// W6 with the posts included.
pub async fn request_included(mut db: Db, id: i64) -> Result<UserPosts> {
    let user = User::filter_by_id(id).include(User::fields().posts()).get(&mut db).await?;
    Ok(UserPosts(vec![user]))
}

/// W8: a statement for each user.
pub async fn latest(mut db: Db) -> Result<Latest> {
    let mut all = Vec::new();
    for user in User::filter(User::fields().id().le(SOME)).exec(&mut db).await? {
        let posts = user.posts().order_by(Post::fields().id().desc()).limit(LATEST.unsigned_abs() as usize);
        let posts = posts.exec(&mut db).await?;
        all.push((user, posts));
    }
    Ok(Latest(all))
}

/// W8: all posts included in order, as an include has no limit.
pub async fn latest_cut(mut db: Db) -> Result<Cut> {
    let posts = User::fields().posts().order_by(Post::fields().id().desc());
    Ok(Cut(User::filter(User::fields().id().le(SOME)).include(posts).exec(&mut db).await?))
}
