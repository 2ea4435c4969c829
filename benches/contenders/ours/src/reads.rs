//! The reads of the workloads, as a user of the library writes them. The same for every source: which trees a source can
//! load is a bound for each of them, so the body is written once and compiled for each.

use std::hint::black_box;

use bench_kit::{LATEST, Result, SOME};
use relations_core::{Postgres, Relations, Sqlite};
use sqlx::PgPool;

use crate::model::{Comment, Post, User};
use crate::results::{Latest, Talk, UserWithPosts, UsersWithPosts, WithAuthors, WithTags};

/// The ways of W6.
#[derive(Debug, Clone, Copy)]
pub enum Request {
    /// Finds a user, then reads its posts: two loads.
    FindThenPosts,
    /// By key with posts, as one tree.
    ByKey,
    /// The same by a filter.
    ByFilter,
}

/// A source that the workloads are read from.
pub trait Reads: Clone + Send + Sync + 'static {
    /// W1.
    fn users_with_posts(&self) -> impl Future<Output = Result<UsersWithPosts>> + Send;
    /// W2.
    fn posts_with_author(&self) -> impl Future<Output = Result<WithAuthors>> + Send;
    /// W2k.
    fn first_posts_with_author(&self) -> impl Future<Output = Result<WithAuthors>> + Send;
    /// W3.
    fn posts_with_tags(&self) -> impl Future<Output = Result<WithTags>> + Send;
    /// W4.
    fn talk(&self) -> impl Future<Output = Result<Talk>> + Send;
    /// W5: a plain loop; the first read loads the authors of all posts.
    fn first_posts_author_by_author(&self) -> impl Future<Output = Result<WithAuthors>> + Send;
    /// W6.
    fn user_with_posts(&self, id: i64, how: Request) -> impl Future<Output = Result<UserWithPosts>> + Send;
    /// W8.
    fn first_users_with_latest(&self) -> impl Future<Output = Result<Latest>> + Send;
}

macro_rules! reads {
    ($source:ty) => {
        impl Reads for $source {
            async fn users_with_posts(&self) -> Result<UsersWithPosts> {
                Ok(UsersWithPosts(User::query().with(User::POSTS).all(self).await?))
            }

            async fn posts_with_author(&self) -> Result<WithAuthors> {
                Ok(WithAuthors(Post::query().with(Post::AUTHOR).all(self).await?))
            }

            async fn first_posts_with_author(&self) -> Result<WithAuthors> {
                Ok(WithAuthors(Post::query().filter(Post::ID.le(SOME)).with(Post::AUTHOR).all(self).await?))
            }

            async fn posts_with_tags(&self) -> Result<WithTags> {
                Ok(WithTags(Post::query().with(Post::TAGS).all(self).await?))
            }

            async fn talk(&self) -> Result<Talk> {
                let posts = User::POSTS.with(Post::COMMENTS.with(Comment::AUTHOR));
                Ok(Talk(User::query().with(posts).all(self).await?))
            }

            async fn first_posts_author_by_author(&self) -> Result<WithAuthors> {
                let posts = Post::query().filter(Post::ID.le(SOME)).all(self).await?;
                for post in &posts {
                    let author = post.author(self).await?;
                    black_box(&author.name);
                }
                Ok(WithAuthors(posts))
            }

            async fn user_with_posts(&self, id: i64, how: Request) -> Result<UserWithPosts> {
                let user = match how {
                    Request::FindThenPosts => {
                        let user = User::find(self, id).await?;
                        if let Some(user) = &user {
                            user.posts(self).await?;
                        }
                        user
                    }
                    Request::ByKey => User::by_key(id).with(User::POSTS).one(self).await?,
                    Request::ByFilter => User::query().filter(User::ID.eq(id)).with(User::POSTS).one(self).await?,
                };
                Ok(UserWithPosts(user.ok_or("there is no such user")?))
            }

            async fn first_users_with_latest(&self) -> Result<Latest> {
                let posts = User::POSTS.order_by(Post::ID.desc()).limit(LATEST as u32);
                Ok(Latest(User::query().filter(User::ID.le(SOME)).with(posts).all(self).await?))
            }
        }
    };
}

reads!(Sqlite);
reads!(Postgres);
reads!(PgPool);
