//! SQLite by rusqlite: cached statements, one read transaction, key lists by `rarray`.

use std::path::Path;
use std::rc::Rc;

use bench_kit::{LATEST, Result};
use rusqlite::types::Value;
use rusqlite::{CachedStatement, Connection, OpenFlags, Row};

use crate::By;
use crate::results::{UserWithPosts, talk};
use crate::rows::{Comment, Pair, Post, Tag, User, keys};
use crate::share::distinct;

mod cached;
mod side;
mod tree;

pub use side::Side;

const USERS: &str = "SELECT id, name, email, company_id FROM users";
const USERS_BY_KEYS: &str = "SELECT id, name, email, company_id FROM users WHERE id IN (SELECT value FROM rarray(?1))";
const FIRST_USERS: &str = "SELECT id, name, email, company_id FROM users WHERE id <= ?1";
const USER: &str = "SELECT id, name, email, company_id FROM users WHERE id = ?1";
const POSTS: &str = "SELECT id, user_id, title, body, views FROM posts";
const POSTS_BY_USERS: &str =
    "SELECT id, user_id, title, body, views FROM posts WHERE user_id IN (SELECT value FROM rarray(?1))";
const FIRST_POSTS: &str = "SELECT id, user_id, title, body, views FROM posts WHERE id <= ?1";
const POSTS_OF_USER: &str = "SELECT id, user_id, title, body, views FROM posts WHERE user_id = ?1";
const COMMENTS: &str = "SELECT id, post_id, user_id, body FROM comments";
const COMMENTS_BY_POSTS: &str =
    "SELECT id, post_id, user_id, body FROM comments WHERE post_id IN (SELECT value FROM rarray(?1))";
// SQLite sorts the inner keys first, so it finds the rows page by page where those of a post lie scattered.
const COMMENTS_BY_POSTS_IN_ORDER: &str = "
    SELECT id, post_id, user_id, body FROM comments
    WHERE id IN (SELECT id FROM comments WHERE post_id IN (SELECT value FROM rarray(?1)))";
const PAIRS: &str = "SELECT post_id, tag_id FROM post_tags";
const PAIRS_BY_POSTS: &str = "SELECT post_id, tag_id FROM post_tags WHERE post_id IN (SELECT value FROM rarray(?1))";
const TAGS: &str = "SELECT id, name FROM tags";
const TAGS_BY_KEYS: &str = "SELECT id, name FROM tags WHERE id IN (SELECT value FROM rarray(?1))";

fn user(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User { id: row.get(0)?, name: row.get(1)?, email: row.get(2)?, company_id: row.get(3)? })
}

fn post(row: &Row<'_>) -> rusqlite::Result<Post> {
    Ok(Post { id: row.get(0)?, user_id: row.get(1)?, title: row.get(2)?, body: row.get(3)?, views: row.get(4)? })
}

fn comment(row: &Row<'_>) -> rusqlite::Result<Comment> {
    Ok(Comment { id: row.get(0)?, post_id: row.get(1)?, user_id: row.get(2)?, body: row.get(3)? })
}

fn tag(row: &Row<'_>) -> rusqlite::Result<Tag> {
    Ok(Tag { id: row.get(0)?, name: row.get(1)? })
}

fn pair(row: &Row<'_>) -> rusqlite::Result<Pair> {
    Ok(Pair { post_id: row.get(0)?, tag_id: row.get(1)? })
}

/// Keys as the one value that `rarray` takes.
type Keys = (Rc<Vec<Value>>,);

fn list(keys: impl IntoIterator<Item = i64>) -> Keys {
    (Rc::new(keys.into_iter().map(Value::Integer).collect()),)
}

/// One connection, with the settings that relations-core uses.
pub struct Hand {
    connection: Connection,
    latest_posts: String,
}

impl Hand {
    /// Opens the database.
    ///
    /// # Errors
    /// When SQLite cannot.
    pub fn open(path: &Path) -> Result<Self> {
        let connection = Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        connection.set_prepared_statement_cache_capacity(256);
        rusqlite::vtab::array::load_module(&connection)?;
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        // The limit is part of the text: SQLite prepares again for every limit that is bound.
        let latest_posts = format!(
            "SELECT p.id, p.user_id, p.title, p.body, p.views FROM rarray(?1) AS k
             CROSS JOIN posts AS p
             ON p.id IN (SELECT id FROM posts WHERE user_id = k.value ORDER BY id DESC LIMIT {LATEST})"
        );
        Ok(Self { connection, latest_posts })
    }

    fn statement(&self, sql: &str) -> Result<CachedStatement<'_>> {
        Ok(self.connection.prepare_cached(sql)?)
    }

    /// One read transaction.
    fn snapshot<T>(&self, read: impl FnOnce() -> Result<T>) -> Result<T> {
        self.statement("BEGIN")?.execute(())?;
        let result = read();
        self.statement("COMMIT")?.execute(())?;
        result
    }

    fn rows<T, P: rusqlite::Params>(
        &self,
        sql: &str,
        params: P,
        read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.statement(sql)?;
        let mut rows = statement.query(params)?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(read(row)?);
        }
        Ok(all)
    }

    /// W1: all users, and their posts.
    fn users_and_posts(&self, by: By) -> Result<(Vec<User>, Vec<Post>)> {
        self.snapshot(|| {
            let users = self.rows(USERS, (), user)?;
            let posts = self.posts_of(&users, by)?;
            Ok((users, posts))
        })
    }

    /// The first users, and their posts.
    fn first_users_and_posts(&self, users: i64) -> Result<(Vec<User>, Vec<Post>)> {
        self.snapshot(|| {
            let users = self.rows(FIRST_USERS, (users,), user)?;
            let posts = self.posts_of(&users, By::Keys)?;
            Ok((users, posts))
        })
    }

    fn posts_of(&self, users: &[User], by: By) -> Result<Vec<Post>> {
        match by {
            By::Keys => self.rows(POSTS_BY_USERS, list(keys(users)), post),
            By::Scan => self.rows(POSTS, (), post),
        }
    }

    /// W2: all posts, and their authors.
    fn posts_and_authors(&self, by: By) -> Result<(Vec<Post>, Vec<User>)> {
        self.snapshot(|| {
            let posts = self.rows(POSTS, (), post)?;
            let authors = match by {
                By::Keys => self.users_with(posts.iter().map(|post| post.user_id))?,
                By::Scan => self.rows(USERS, (), user)?,
            };
            Ok((posts, authors))
        })
    }

    /// W2k: the first posts, and their authors.
    fn first_posts_and_authors(&self, posts: i64) -> Result<(Vec<Post>, Vec<User>)> {
        self.snapshot(|| {
            let posts = self.rows(FIRST_POSTS, (posts,), post)?;
            let authors = self.users_with(posts.iter().map(|post| post.user_id))?;
            Ok((posts, authors))
        })
    }

    fn users_with(&self, keys: impl Iterator<Item = i64>) -> Result<Vec<User>> {
        self.rows(USERS_BY_KEYS, list(distinct(keys)), user)
    }

    /// W3: all posts, the pairs of the join table, and the tags of these.
    fn posts_and_tags(&self, by: By) -> Result<(Vec<Post>, Vec<Pair>, Vec<Tag>)> {
        self.snapshot(|| {
            let posts = self.rows(POSTS, (), post)?;
            let (pairs, tags) = match by {
                By::Keys => {
                    let pairs = self.rows(PAIRS_BY_POSTS, list(keys(&posts)), pair)?;
                    let tags = list(distinct(pairs.iter().map(|pair| pair.tag_id)));
                    (pairs, self.rows(TAGS_BY_KEYS, tags, tag)?)
                }
                By::Scan => (self.rows(PAIRS, (), pair)?, self.rows(TAGS, (), tag)?),
            };
            Ok((posts, pairs, tags))
        })
    }

    /// W4: all users, their posts, the comments on these by this statement, and who wrote them.
    fn talk_by_keys(&self, comments: &str) -> Result<talk::Rows> {
        self.snapshot(|| {
            let users = self.rows(USERS, (), user)?;
            let posts = self.posts_of(&users, By::Keys)?;
            let comments = self.rows(comments, list(keys(&posts)), comment)?;
            let authors = Some(self.users_with(comments.iter().map(|comment| comment.user_id))?);
            Ok(talk::Rows { users, posts, comments, authors })
        })
    }

    /// W4: the three tables whole; the authors are among the users.
    fn talk_scanned(&self) -> Result<talk::Rows> {
        self.snapshot(|| {
            let (users, posts) = (self.rows(USERS, (), user)?, self.rows(POSTS, (), post)?);
            Ok(talk::Rows { users, posts, comments: self.rows(COMMENTS, (), comment)?, authors: None })
        })
    }

    /// W5: the first posts, then the author of each by itself.
    fn posts_then_each_author(&self, posts: i64) -> Result<(Vec<Post>, Vec<User>)> {
        let posts = self.rows(FIRST_POSTS, (posts,), post)?;
        let mut statement = self.statement(USER)?;
        let mut authors = Vec::with_capacity(posts.len());
        for post in &posts {
            authors.push(statement.query_row((post.user_id,), user)?);
        }
        Ok((posts, authors))
    }

    /// W6: one user, then its posts.
    fn user_then_posts(&self, id: i64) -> Result<UserWithPosts> {
        let user = self.statement(USER)?.query_row((id,), user)?;
        Ok(UserWithPosts(user, self.rows(POSTS_OF_USER, (id,), post)?))
    }

    /// W8: the first users, and their latest posts.
    fn users_and_latest(&self, users: i64) -> Result<(Vec<User>, Vec<Post>)> {
        self.snapshot(|| {
            let users = self.rows(FIRST_USERS, (users,), user)?;
            let posts = self.rows(&self.latest_posts, list(keys(&users)), post)?;
            Ok((users, posts))
        })
    }
}
