//! Hand-written code: rusqlite with cached statements, one read transaction, key lists by `rarray`, plain structs.

use std::hint::black_box;
use std::ops::Range;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use rusqlite::types::Value;
use rusqlite::{CachedStatement, Connection, OpenFlags, Row};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::Result;
use crate::reach::{Reached, Visitor};

pub mod cached;
pub mod tags;
pub mod tree;

const USERS: &str = "SELECT id, name, email, company_id FROM users";
const USERS_BY_KEYS: &str = "SELECT id, name, email, company_id FROM users WHERE id IN (SELECT value FROM rarray(?1))";
const FIRST_USERS: &str = "SELECT id, name, email, company_id FROM users WHERE id <= ?1";
const USER: &str = "SELECT id, name, email, company_id FROM users WHERE id = ?1";
const POSTS: &str = "SELECT id, user_id, title, body, views FROM posts";
const POSTS_BY_USERS: &str =
    "SELECT id, user_id, title, body, views FROM posts WHERE user_id IN (SELECT value FROM rarray(?1))";
const FIRST_POSTS: &str = "SELECT id, user_id, title, body, views FROM posts WHERE id <= ?1";
const POSTS_OF_USER: &str = "SELECT id, user_id, title, body, views FROM posts WHERE user_id = ?1";
// The limit is part of the text: SQLite prepares again for every limit that is bound.
const LATEST_POSTS: &str = "
    SELECT p.id, p.user_id, p.title, p.body, p.views FROM rarray(?1) AS k
    CROSS JOIN posts AS p ON p.id IN (SELECT id FROM posts WHERE user_id = k.value ORDER BY id DESC LIMIT 3)";

/// A user.
#[derive(Clone)]
pub struct User {
    /// The key.
    pub id: i64,
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// The company, if any.
    pub company_id: Option<i64>,
}

/// A post.
#[derive(Clone)]
pub struct Post {
    /// The key.
    pub id: i64,
    /// The author's key.
    pub user_id: i64,
    /// The title.
    pub title: String,
    /// The text.
    pub body: String,
    /// How often it was read.
    pub views: i64,
}

fn user(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User { id: row.get(0)?, name: row.get(1)?, email: row.get(2)?, company_id: row.get(3)? })
}

fn post(row: &Row<'_>) -> rusqlite::Result<Post> {
    Ok(Post { id: row.get(0)?, user_id: row.get(1)?, title: row.get(2)?, body: row.get(3)?, views: row.get(4)? })
}

/// A user with a vector of posts.
pub struct UserWithPosts {
    /// The user.
    pub user: User,
    /// The posts.
    pub posts: Vec<Post>,
}

impl Reached for UserWithPosts {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        visitor.row(0, 0, &self.user);
        self.posts.iter().for_each(|post| visitor.row(self.user.id, 0, post));
        Ok(())
    }
}

/// Users with a vector of posts each.
pub struct Nested(pub Vec<UserWithPosts>);

impl Reached for Nested {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        self.0.iter().try_for_each(|user| user.walk(visitor))
    }
}

/// Users and all their posts in one vector, of which each user has a range.
pub struct Flat {
    users: Vec<User>,
    posts: Vec<Post>,
    ranges: Vec<Range<usize>>,
}

impl Reached for Flat {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        for (user, range) in self.users.iter().zip(&self.ranges) {
            visitor.row(0, 0, user);
            self.posts[range.clone()].iter().for_each(|post| visitor.row(user.id, 0, post));
        }
        Ok(())
    }
}

/// Users with their latest posts, the latest first.
pub struct Latest(pub Vec<UserWithPosts>);

impl Reached for Latest {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        for UserWithPosts { user, posts } in &self.0 {
            visitor.row(0, 0, user);
            posts.iter().enumerate().for_each(|(place, post)| visitor.row(user.id, place, post));
        }
        Ok(())
    }
}

/// Posts with the positions of their authors.
pub struct WithAuthors {
    posts: Vec<Post>,
    authors: Vec<User>,
    author_of: Vec<usize>,
}

impl Reached for WithAuthors {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        for (post, &author) in self.posts.iter().zip(&self.author_of) {
            visitor.row(0, 0, post);
            visitor.row(post.id, 0, &self.authors[author]);
        }
        Ok(())
    }
}

/// The hand-written side: one connection with the settings that relations-core uses.
pub struct Hand {
    connection: Connection,
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
        Ok(Self { connection })
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

    fn posts_of(&self, users: &[User]) -> Result<Vec<Post>> {
        let keys: Vec<Value> = users.iter().map(|user| Value::Integer(user.id)).collect();
        self.rows(POSTS_BY_USERS, (Rc::new(keys),), post)
    }

    /// W1: users, then the posts of these keys.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn users_with_posts(&self) -> Result<Nested> {
        self.snapshot(|| {
            let users = self.rows(USERS, (), user)?;
            let posts = self.posts_of(&users)?;
            Ok(Nested(nest(users, posts)))
        })
    }

    /// W1 as above, into one vector of posts: the rows come key by key.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn users_with_posts_flat(&self) -> Result<Flat> {
        self.snapshot(|| {
            let users = self.rows(USERS, (), user)?;
            let posts = self.posts_of(&users)?;
            let mut runs: FxHashMap<i64, Range<usize>> = FxHashMap::default();
            runs.reserve(users.len());
            let mut start = 0;
            for run in posts.chunk_by(|one, other| one.user_id == other.user_id) {
                if runs.insert(run[0].user_id, start..start + run.len()).is_some() {
                    return Err("rows do not come key by key".into());
                }
                start += run.len();
            }
            let ranges = users.iter().map(|user| runs.get(&user.id).cloned().unwrap_or(0..0)).collect();
            Ok(Flat { users, posts, ranges })
        })
    }

    /// W1 without keys: both tables whole. Only right when all users are asked for.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn users_with_posts_scanned(&self) -> Result<Nested> {
        self.snapshot(|| {
            let users = self.rows(USERS, (), user)?;
            let posts = self.rows(POSTS, (), post)?;
            Ok(Nested(nest(users, posts)))
        })
    }

    /// The first users with their posts, for reading again and again.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn first_users_with_posts(&self, users: i64) -> Result<Nested> {
        let users = self.rows(FIRST_USERS, (users,), user)?;
        let posts = self.posts_of(&users)?;
        Ok(Nested(nest(users, posts)))
    }

    /// W2: posts, then the users of their distinct keys.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn posts_with_author(&self) -> Result<WithAuthors> {
        self.snapshot(|| self.with_authors(self.rows(POSTS, (), post)?))
    }

    /// W2 without keys: both tables whole.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn posts_with_author_scanned(&self) -> Result<WithAuthors> {
        self.snapshot(|| {
            let posts = self.rows(POSTS, (), post)?;
            let authors = self.rows(USERS, (), user)?;
            point(posts, authors)
        })
    }

    /// W2k: the first posts with their authors.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn first_posts_with_author(&self, posts: i64) -> Result<WithAuthors> {
        self.snapshot(|| self.with_authors(self.rows(FIRST_POSTS, (posts,), post)?))
    }

    fn with_authors(&self, posts: Vec<Post>) -> Result<WithAuthors> {
        let keys: FxHashSet<i64> = posts.iter().map(|post| post.user_id).collect();
        let keys: Vec<Value> = keys.into_iter().map(Value::Integer).collect();
        let authors = self.rows(USERS_BY_KEYS, (Rc::new(keys),), user)?;
        point(posts, authors)
    }

    /// W5: the first posts, then the author of each by itself.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn first_posts_author_by_author(&self, posts: i64) -> Result<WithAuthors> {
        let posts = self.rows(FIRST_POSTS, (posts,), post)?;
        let mut statement = self.statement(USER)?;
        let mut authors = Vec::with_capacity(posts.len());
        for post in &posts {
            authors.push(statement.query_row((post.user_id,), user)?);
        }
        Ok(WithAuthors { author_of: (0..posts.len()).collect(), posts, authors })
    }

    /// W6: one user, then its posts.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn user_with_posts(&self, id: i64) -> Result<UserWithPosts> {
        let user = self.statement(USER)?.query_row((id,), user)?;
        let posts = self.rows(POSTS_OF_USER, (id,), post)?;
        Ok(UserWithPosts { user, posts })
    }

    /// W6 in a transaction.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn user_with_posts_in_snapshot(&self, id: i64) -> Result<UserWithPosts> {
        self.snapshot(|| self.user_with_posts(id))
    }

    /// W8: the first users with their latest posts.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn first_users_with_latest(&self, users: i64) -> Result<Latest> {
        self.snapshot(|| {
            let users = self.rows(FIRST_USERS, (users,), user)?;
            let keys: Vec<Value> = users.iter().map(|user| Value::Integer(user.id)).collect();
            let posts = self.rows(LATEST_POSTS, (Rc::new(keys),), post)?;
            let mut nested = nest(users, posts);
            for user in &mut nested {
                user.posts.sort_unstable_by_key(|post| std::cmp::Reverse(post.id));
            }
            Ok(Latest(nested))
        })
    }
}

/// W7: the length of a plain vector so many times.
pub fn plain_list(user: &UserWithPosts, calls: usize) -> u64 {
    for _ in 0..calls {
        black_box(black_box(user).posts.len());
    }
    calls as u64
}

/// W7: a plain field so many times.
pub fn plain_field(post: &Post, calls: usize) -> u64 {
    for _ in 0..calls {
        black_box(black_box(post).id);
    }
    calls as u64
}

/// W7: clones a shared vector so many times: what any owned handle costs at least.
pub fn clone_shared(posts: &Arc<Vec<Post>>, calls: usize) -> u64 {
    for _ in 0..calls {
        black_box(Arc::clone(black_box(posts)));
    }
    calls as u64
}

/// Shares the posts out: counts, then moves each into a vector of the right size.
pub fn nest(users: Vec<User>, posts: Vec<Post>) -> Vec<UserWithPosts> {
    let mut places: FxHashMap<i64, usize> = FxHashMap::default();
    places.reserve(users.len());
    places.extend(users.iter().enumerate().map(|(place, user)| (user.id, place)));
    let mut counts = vec![0_usize; users.len()];
    let place_of: Vec<usize> = posts
        .iter()
        .map(|post| {
            let place = places.get(&post.user_id).copied().unwrap_or(usize::MAX);
            if let Some(count) = counts.get_mut(place) {
                *count += 1;
            }
            place
        })
        .collect();
    let mut nested: Vec<UserWithPosts> = users
        .into_iter()
        .zip(counts)
        .map(|(user, count)| UserWithPosts { user, posts: Vec::with_capacity(count) })
        .collect();
    for (post, place) in posts.into_iter().zip(place_of) {
        if let Some(user) = nested.get_mut(place) {
            user.posts.push(post);
        }
    }
    nested
}

/// Finds the author of each post.
///
/// # Errors
/// When one has none.
pub fn point(posts: Vec<Post>, authors: Vec<User>) -> Result<WithAuthors> {
    let mut places: FxHashMap<i64, usize> = FxHashMap::default();
    places.reserve(authors.len());
    places.extend(authors.iter().enumerate().map(|(place, author)| (author.id, place)));
    let author_of: Option<Vec<usize>> = posts.iter().map(|post| places.get(&post.user_id).copied()).collect();
    Ok(WithAuthors { posts, authors, author_of: author_of.ok_or("a post has no author")? })
}
