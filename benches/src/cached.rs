//! Reading through the shared cache, by relations-core.

use relations_core::cache::CacheStats;
use relations_core::source::Source;
use relations_core::{BelongsTo, CacheConfig, Db, HasMany, Many, ManyToMany, Ref, Sqlite, block_on};

use crate::Result;
use crate::model::{Post, User};
use crate::reach::{Reached, Visitor};

/// The source with a cache of all relations, large enough for every workload.
///
/// # Errors
/// When a setting is refused.
pub fn cached(source: Sqlite) -> Result<Db<Sqlite>> {
    Ok(Db::builder(source).cache(CacheConfig::default().max_entries(100_000)).build()?)
}

impl Reached for Ref<User> {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        visitor.row(0, 0, &**self);
        Ok(())
    }
}

impl Reached for Many<Post> {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        self.iter().for_each(|post| visitor.row(post.user_id, 0, post));
        Ok(())
    }
}

/// The authors of all these posts, in their order, each as a handle.
pub struct Authors(Vec<Ref<User>>);

impl Reached for Authors {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        self.0.iter().try_for_each(|author| author.walk(visitor))
    }
}

/// The posts of all these users.
pub struct Lists(Vec<Many<Post>>);

impl Reached for Lists {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        self.0.iter().try_for_each(|posts| posts.walk(visitor))
    }
}

/// W7c: the author of a post.
///
/// # Errors
/// What the database reports.
pub fn author<S>(db: &S, post: &Post) -> Result<Ref<User>>
where
    S: Source<Session = <Sqlite as Source>::Session>,
{
    Ok(block_on(post.author(db))?)
}

/// W7c: the posts of a user.
///
/// # Errors
/// What the database reports.
pub fn posts<S>(db: &S, user: &User) -> Result<Many<Post>>
where
    S: Source<Session = <Sqlite as Source>::Session>,
{
    Ok(block_on(user.posts(db))?)
}

/// W7c: the authors of all these posts. The first read loads them.
///
/// # Errors
/// What the database reports.
pub fn authors_of_all<S>(db: &S, posts: &Many<Post>) -> Result<Authors>
where
    S: Source<Session = <Sqlite as Source>::Session>,
{
    let authors: relations_core::Result<_> = block_on(async {
        let mut authors = Vec::with_capacity(posts.len());
        for post in posts {
            authors.push(post.author(db).await?);
        }
        Ok(authors)
    });
    Ok(Authors(authors?))
}

/// W7c: the same, as one request for all of them.
///
/// # Errors
/// What the database reports.
pub fn load_authors<S>(db: &S, posts: &Many<Post>) -> Result<Authors>
where
    S: Source<Session = <Sqlite as Source>::Session>,
{
    block_on(posts.load(Post::AUTHOR, db))?;
    let authors = posts.iter().map(|post| Ok(post.author.get()?.to_ref()));
    Ok(Authors(authors.collect::<Result<_>>()?))
}

/// W7c: the posts of all these users. The first read loads them.
///
/// # Errors
/// What the database reports.
pub fn posts_of_all<S>(db: &S, users: &Many<User>) -> Result<Lists>
where
    S: Source<Session = <Sqlite as Source>::Session>,
{
    let lists: relations_core::Result<_> = block_on(async {
        let mut lists = Vec::with_capacity(users.len());
        for user in users {
            lists.push(user.posts(db).await?);
        }
        Ok(lists)
    });
    Ok(Lists(lists?))
}

/// W7c: the same, as one request for all of them.
///
/// # Errors
/// What the database reports.
pub fn load_posts<S>(db: &S, users: &Many<User>) -> Result<Lists>
where
    S: Source<Session = <Sqlite as Source>::Session>,
{
    block_on(users.load(User::POSTS, db))?;
    Ok(Lists(users.iter().map(|user| Ok(user.posts.get()?.clone())).collect::<Result<_>>()?))
}

/// What a cache is filled with, to see what it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// One row with texts for each key.
    Rows,
    /// Ten rows with texts for each key.
    Lists,
    /// The knowledge that there is no row.
    Absences,
    /// The same of a list.
    EmptyLists,
}

impl Fill {
    /// Reads the relation of so many owners, made by hand, by keys from `start` on.
    ///
    /// # Errors
    /// What the database reports.
    pub fn read(self, db: &Db<Sqlite>, start: i64, keys: i64) -> Result<()> {
        let is_there = matches!(self, Self::Rows | Self::Lists);
        let keys = (start..start + keys).map(|key| if is_there { key } else { -key });
        match self {
            Self::Rows | Self::Absences => {
                let posts: Many<Post> = keys.map(post_of).collect();
                // An author who is missing is an error to the reader.
                block_on(posts.load(Post::AUTHOR, db))?;
            }
            Self::Lists | Self::EmptyLists => {
                let users: Many<User> = keys.map(user).collect();
                block_on(users.load(User::POSTS, db))?;
            }
        }
        Ok(())
    }

    /// The entries and their weight.
    pub fn held(self, db: &Db<Sqlite>) -> CacheStats {
        match self {
            Self::Rows | Self::Absences => db.cache().stats(Post::AUTHOR),
            Self::Lists | Self::EmptyLists => db.cache().stats(User::POSTS),
        }
    }
}

fn post_of(user_id: i64) -> Post {
    let (title, body) = (String::new(), String::new());
    let (author, comments, tags) = (BelongsTo::new(), HasMany::new(), ManyToMany::new());
    Post { id: 0, user_id, title, body, views: 0, author, comments, tags }
}

fn user(id: i64) -> User {
    let (name, email) = (String::new(), String::new());
    User { id, name, email, company_id: None, posts: HasMany::new(), comments: HasMany::new() }
}
