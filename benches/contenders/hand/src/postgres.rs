//! PostgreSQL by tokio-postgres: statements prepared once, a key list is one array, and what does not depend on an answer
//! is sent without waiting for it.

use bench_kit::{LATEST, Result};
use futures_util::TryStreamExt;
use futures_util::future::{try_join, try_join_all, try_join3};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls, Row, Statement};

use crate::By;
use crate::results::{UserWithPosts, talk};
use crate::rows::{Comment, Pair, Post, Tag, User, keys};
use crate::share::distinct;

mod side;

pub use side::Side;

fn user(row: &Row) -> Result<User> {
    user_from(row, 0)
}

/// A user beside other columns.
fn user_from(row: &Row, at: usize) -> Result<User> {
    let (id, name, email) = (row.try_get(at)?, row.try_get(at + 1)?, row.try_get(at + 2)?);
    Ok(User { id, name, email, company_id: row.try_get(at + 3)? })
}

fn post(row: &Row) -> Result<Post> {
    let (id, user_id, title) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    Ok(Post { id, user_id, title, body: row.try_get(3)?, views: row.try_get(4)? })
}

fn comment(row: &Row) -> Result<Comment> {
    Ok(Comment { id: row.try_get(0)?, post_id: row.try_get(1)?, user_id: row.try_get(2)?, body: row.try_get(3)? })
}

fn tag(row: &Row) -> Result<Tag> {
    Ok(Tag { id: row.try_get(0)?, name: row.try_get(1)? })
}

fn pair(row: &Row) -> Result<Pair> {
    Ok(Pair { post_id: row.try_get(0)?, tag_id: row.try_get(1)? })
}

fn list(keys: impl Iterator<Item = i64>) -> Vec<i64> {
    keys.collect()
}

/// The ways to the latest posts of each user.
#[derive(Debug, Clone, Copy)]
pub enum Way {
    /// Rows are numbered for each user.
    Window,
    /// A statement of its own for each user.
    Lateral,
    /// All posts come, and the first are kept.
    All,
}

/// One connection and its statements.
pub struct Hand {
    client: Client,
    users: Statement,
    users_by_keys: Statement,
    first_users: Statement,
    user: Statement,
    posts: Statement,
    posts_by_users: Statement,
    first_posts: Statement,
    posts_of_user: Statement,
    user_with_posts: Statement,
    first_posts_with_author: Statement,
    comments: Statement,
    comments_by_posts: Statement,
    pairs: Statement,
    pairs_by_posts: Statement,
    tags: Statement,
    tags_by_keys: Statement,
    latest_by_window: Statement,
    latest_by_lateral: Statement,
}

impl Hand {
    /// Connects; the connection is driven by the runtime that this is called on.
    ///
    /// # Errors
    /// What the server says.
    pub async fn connect(url: &str) -> Result<Self> {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        tokio::spawn(connection);
        let users = "SELECT id, name, email, company_id FROM users";
        let posts = "SELECT id, user_id, title, body, views FROM posts";
        let comments = "SELECT id, post_id, user_id, body FROM comments";
        let (pairs, tags) = ("SELECT post_id, tag_id FROM post_tags", "SELECT id, name FROM tags");
        let joined = "SELECT p.id, p.user_id, p.title, p.body, p.views, u.id, u.name, u.email, u.company_id \
                      FROM posts AS p JOIN users AS u ON u.id = p.user_id WHERE p.id <= $1";
        let left_joined = "SELECT p.id, p.user_id, p.title, p.body, p.views, u.id, u.name, u.email, u.company_id \
                           FROM users AS u LEFT JOIN posts AS p ON p.user_id = u.id WHERE u.id = $1";
        let window = "SELECT id, user_id, title, body, views FROM (SELECT *, row_number() OVER (PARTITION BY user_id \
                      ORDER BY id DESC) AS place FROM posts WHERE user_id = ANY($1)) AS numbered WHERE place <= $2";
        let lateral = "SELECT p.id, p.user_id, p.title, p.body, p.views FROM unnest($1::bigint[]) AS k (id) CROSS JOIN \
                       LATERAL (SELECT * FROM posts WHERE user_id = k.id ORDER BY id DESC LIMIT $2) AS p";
        Ok(Self {
            users: client.prepare(users).await?,
            users_by_keys: client.prepare(&format!("{users} WHERE id = ANY($1)")).await?,
            first_users: client.prepare(&format!("{users} WHERE id <= $1")).await?,
            user: client.prepare(&format!("{users} WHERE id = $1")).await?,
            posts: client.prepare(posts).await?,
            posts_by_users: client.prepare(&format!("{posts} WHERE user_id = ANY($1)")).await?,
            first_posts: client.prepare(&format!("{posts} WHERE id <= $1")).await?,
            posts_of_user: client.prepare(&format!("{posts} WHERE user_id = $1")).await?,
            user_with_posts: client.prepare(left_joined).await?,
            first_posts_with_author: client.prepare(joined).await?,
            comments: client.prepare(comments).await?,
            comments_by_posts: client.prepare(&format!("{comments} WHERE post_id = ANY($1)")).await?,
            pairs: client.prepare(pairs).await?,
            pairs_by_posts: client.prepare(&format!("{pairs} WHERE post_id = ANY($1)")).await?,
            tags: client.prepare(tags).await?,
            tags_by_keys: client.prepare(&format!("{tags} WHERE id = ANY($1)")).await?,
            latest_by_window: client.prepare(window).await?,
            latest_by_lateral: client.prepare(lateral).await?,
            client,
        })
    }

    /// All rows, each read as it comes.
    async fn rows<T>(
        &self,
        statement: &Statement,
        params: &[&(dyn ToSql + Sync)],
        read: fn(&Row) -> Result<T>,
    ) -> Result<Vec<T>> {
        let rows = self.client.query_raw(statement, params.iter().copied()).await?;
        let mut rows = std::pin::pin!(rows);
        let mut all = Vec::new();
        while let Some(row) = rows.try_next().await? {
            all.push(read(&row)?);
        }
        Ok(all)
    }

    /// W1: all users, and their posts.
    async fn users_and_posts(&self, by: By) -> Result<(Vec<User>, Vec<Post>)> {
        let users = self.rows(&self.users, &[], user);
        match by {
            By::Keys => {
                let users = users.await?;
                let posts = self.rows(&self.posts_by_users, &[&list(keys(&users))], post).await?;
                Ok((users, posts))
            }
            By::Scan => try_join(users, self.rows(&self.posts, &[], post)).await,
        }
    }

    /// W2: all posts, and their authors.
    async fn posts_and_authors(&self, by: By) -> Result<(Vec<Post>, Vec<User>)> {
        let posts = self.rows(&self.posts, &[], post);
        match by {
            By::Keys => self.with_authors(posts.await?).await,
            By::Scan => try_join(posts, self.rows(&self.users, &[], user)).await,
        }
    }

    /// W2k: the first posts, and their authors.
    async fn first_posts_and_authors(&self, posts: i64) -> Result<(Vec<Post>, Vec<User>)> {
        self.with_authors(self.rows(&self.first_posts, &[&posts], post).await?).await
    }

    async fn with_authors(&self, posts: Vec<Post>) -> Result<(Vec<Post>, Vec<User>)> {
        let keys = list(distinct(posts.iter().map(|post| post.user_id)));
        let authors = self.rows(&self.users_by_keys, &[&keys], user).await?;
        Ok((posts, authors))
    }

    /// W2k: the first posts, each beside its author.
    async fn first_posts_joined(&self, posts: i64) -> Result<(Vec<Post>, Vec<User>)> {
        let both = |row: &Row| Result::Ok((post(row)?, user_from(row, 5)?));
        Ok(self.rows(&self.first_posts_with_author, &[&posts], both).await?.into_iter().unzip())
    }

    /// W3: all posts, the pairs of the join table, and the tags of these.
    async fn posts_and_tags(&self, by: By) -> Result<(Vec<Post>, Vec<Pair>, Vec<Tag>)> {
        let posts = self.rows(&self.posts, &[], post);
        match by {
            By::Keys => {
                let posts = posts.await?;
                let pairs = self.rows(&self.pairs_by_posts, &[&list(keys(&posts))], pair).await?;
                let tags = list(distinct(pairs.iter().map(|pair| pair.tag_id)));
                let tags = self.rows(&self.tags_by_keys, &[&tags], tag).await?;
                Ok((posts, pairs, tags))
            }
            By::Scan => try_join3(posts, self.rows(&self.pairs, &[], pair), self.rows(&self.tags, &[], tag)).await,
        }
    }

    /// W4: all users, their posts, the comments on these, and who wrote them.
    async fn talk(&self, by: By) -> Result<talk::Rows> {
        match by {
            By::Keys => {
                let (users, posts) = self.users_and_posts(by).await?;
                let comments = self.rows(&self.comments_by_posts, &[&list(keys(&posts))], comment).await?;
                let authors = list(distinct(comments.iter().map(|comment| comment.user_id)));
                let authors = Some(self.rows(&self.users_by_keys, &[&authors], user).await?);
                Ok(talk::Rows { users, posts, comments, authors })
            }
            By::Scan => {
                let comments = self.rows(&self.comments, &[], comment);
                let ((users, posts), comments) = try_join(self.users_and_posts(by), comments).await?;
                Ok(talk::Rows { users, posts, comments, authors: None })
            }
        }
    }

    /// W5: the first posts, then the author of each by itself.
    async fn posts_then_each_author(&self, posts: i64) -> Result<(Vec<Post>, Vec<User>)> {
        let posts = self.rows(&self.first_posts, &[&posts], post).await?;
        let mut authors = Vec::with_capacity(posts.len());
        for post in &posts {
            authors.push(self.find(post.user_id).await?);
        }
        Ok((posts, authors))
    }

    /// W5: the same, all authors asked for before the first answer is awaited.
    async fn posts_then_authors_pipelined(&self, posts: i64) -> Result<(Vec<Post>, Vec<User>)> {
        let posts = self.rows(&self.first_posts, &[&posts], post).await?;
        let authors = try_join_all(posts.iter().map(|post| self.find(post.user_id))).await?;
        Ok((posts, authors))
    }

    async fn find(&self, id: i64) -> Result<User> {
        user(&self.client.query_one(&self.user, &[&id]).await?)
    }

    async fn posts_of(&self, id: i64) -> Result<Vec<Post>> {
        self.rows(&self.posts_of_user, &[&id], post).await
    }

    /// W6: one user, then its posts.
    async fn user_then_posts(&self, id: i64) -> Result<UserWithPosts> {
        Ok(UserWithPosts(self.find(id).await?, self.posts_of(id).await?))
    }

    /// W6: both asked for at once, as only the key is needed.
    async fn user_and_posts(&self, id: i64) -> Result<UserWithPosts> {
        let (user, posts) = try_join(self.find(id), self.posts_of(id)).await?;
        Ok(UserWithPosts(user, posts))
    }

    /// W6: one statement, which repeats the user beside each post; only the first is read.
    async fn user_joined(&self, id: i64) -> Result<UserWithPosts> {
        let rows = self.client.query_raw(&self.user_with_posts, &[&id]).await?;
        let mut rows = std::pin::pin!(rows);
        let (mut found, mut posts) = (None, Vec::new());
        while let Some(row) = rows.try_next().await? {
            if found.is_none() {
                found = Some(user_from(&row, 5)?);
            }
            if row.try_get::<_, Option<i64>>(0)?.is_some() {
                posts.push(post(&row)?);
            }
        }
        Ok(UserWithPosts(found.ok_or("there is no such user")?, posts))
    }

    /// W8: the first users, and their latest posts.
    async fn users_and_latest(&self, users: i64, way: Way) -> Result<(Vec<User>, Vec<Post>)> {
        let users = self.rows(&self.first_users, &[&users], user).await?;
        let keys = list(keys(&users));
        let posts = match way {
            Way::Window => self.rows(&self.latest_by_window, &[&keys, &LATEST], post).await?,
            Way::Lateral => self.rows(&self.latest_by_lateral, &[&keys, &LATEST], post).await?,
            Way::All => self.rows(&self.posts_by_users, &[&keys], post).await?,
        };
        Ok((users, posts))
    }
}
