//! The database that all workloads read: one SQLite file in WAL mode, the same for every run of a size.

use std::path::Path;
use std::time::Instant;

use fastrand::Rng;
use rusqlite::{Connection, Transaction, params};

use crate::Result;

/// How much data there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// 100 users, 1,000 posts, 5,000 comments, 100 tags, 3,000 tagged posts, a tree of 1,000 nodes.
    Small,
    /// 10,000 users, 100,000 posts, 500,000 comments, 1,000 tags, 300,000 tagged posts, a tree of 100,000 nodes.
    Big,
}

impl Size {
    /// The size of this name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "small" => Some(Self::Small),
            "big" => Some(Self::Big),
            _ => None,
        }
    }

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Big => "big",
        }
    }

    /// The number of users; their keys are 1 to this.
    pub fn users(self) -> i64 {
        match self {
            Self::Small => 100,
            Self::Big => 10_000,
        }
    }

    fn tags(self) -> i64 {
        match self {
            Self::Small => 100,
            Self::Big => 1_000,
        }
    }
}

/// Whose post comes after whose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Users take turns: the posts of users with neighbouring keys lie beside one another, as they do where people
    /// who joined at one time are active at one time. The figures that the targets were set by are from such data.
    Turns,
    /// At random: reading by user misses SQLite's page cache with every post of a big table.
    Scattered,
}

impl Layout {
    /// The layout of this name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "turns" => Some(Self::Turns),
            "scattered" => Some(Self::Scattered),
            _ => None,
        }
    }

    /// How to call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Turns => "in turns",
            Self::Scattered => "scattered",
        }
    }
}

const SCHEMA: &str = "
    CREATE TABLE companies (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE users (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL,
        company_id INTEGER REFERENCES companies (id)
    );
    CREATE TABLE posts (
        id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id), title TEXT NOT NULL,
        body TEXT NOT NULL, views INTEGER NOT NULL
    );
    CREATE TABLE comments (
        id INTEGER PRIMARY KEY, post_id INTEGER NOT NULL REFERENCES posts (id),
        user_id INTEGER NOT NULL REFERENCES users (id), body TEXT NOT NULL
    );
    CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE post_tags (
        post_id INTEGER NOT NULL REFERENCES posts (id), tag_id INTEGER NOT NULL REFERENCES tags (id),
        PRIMARY KEY (post_id, tag_id)
    ) WITHOUT ROWID;
    CREATE TABLE nodes (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES nodes (id), name TEXT NOT NULL);";

/// No `ANALYZE`: with its statistics SQLite prepares some statements again for every value that is bound.
const INDEXES: &str = "
    CREATE INDEX users_company_id ON users (company_id);
    CREATE INDEX posts_user_id ON posts (user_id);
    CREATE INDEX comments_post_id ON comments (post_id);
    CREATE INDEX comments_user_id ON comments (user_id);
    CREATE INDEX post_tags_tag_id ON post_tags (tag_id);
    CREATE INDEX nodes_parent_id ON nodes (parent_id);";

/// Makes the database.
///
/// # Errors
/// When SQLite cannot write the file.
pub fn generate(path: &Path, size: Size, layout: Layout) -> Result<()> {
    let started = Instant::now();
    let mut connection = Connection::open(path)?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.execute_batch(SCHEMA)?;
    let transaction = connection.transaction()?;
    let mut rng = Rng::with_seed(7);
    let (users, companies) = (size.users(), size.users() / 10);
    let (posts, comments) = (users * 10, users * 50);

    fill(&transaction, "companies (id, name)", companies, |id, insert| {
        insert.execute(params![id, format!("Company {id}")])
    })?;
    fill(&transaction, "users (id, name, email, company_id)", users, |id, insert| {
        let company = rng.bool().then(|| rng.i64(1..=companies));
        insert.execute(params![id, format!("User Number {id}"), format!("user{id}@example.com"), company])
    })?;
    fill(&transaction, "posts (id, user_id, title, body, views)", posts, |id, insert| {
        let author = match layout {
            Layout::Turns => (id - 1) % users + 1,
            Layout::Scattered => rng.i64(1..=users),
        };
        insert.execute(params![id, author, format!("Post {id}"), words(&mut rng, 80..120), rng.i64(0..10_000)])
    })?;
    fill(&transaction, "comments (id, post_id, user_id, body)", comments, |id, insert| {
        let (post, author) = (rng.i64(1..=posts), rng.i64(1..=users));
        insert.execute(params![id, post, author, words(&mut rng, 30..50)])
    })?;
    fill(&transaction, "tags (id, name)", size.tags(), |id, insert| insert.execute(params![id, format!("tag{id}")]))?;
    let tags = size.tags();
    fill(&transaction, "post_tags (post_id, tag_id)", posts * 3, |id, insert| {
        // Three neighbours from a random start: no pair twice.
        let post = (id - 1) / 3 + 1;
        let tag = (post * 7_919 + (id - 1) % 3) % tags + 1;
        insert.execute(params![post, tag])
    })?;
    fill(&transaction, "nodes (id, parent_id, name)", users * 10, |id, insert| {
        // Node 1 is the root; every node has ten children, as far as there are nodes.
        let parent = (id > 1).then_some((id + 8) / 10);
        insert.execute(params![id, parent, format!("node {id}")])
    })?;

    transaction.commit()?;
    connection.execute_batch(INDEXES)?;
    connection.pragma_update_and_check(None, "wal_checkpoint", "TRUNCATE", |_| Ok(()))?;
    eprintln!("data: {} written in {:.1} s", size.name(), started.elapsed().as_secs_f64());
    Ok(())
}

/// Inserts rows 1 to `rows`.
fn fill(
    transaction: &Transaction<'_>,
    into: &str,
    rows: i64,
    mut insert: impl FnMut(i64, &mut rusqlite::Statement<'_>) -> rusqlite::Result<usize>,
) -> Result<()> {
    let columns = into.matches(',').count() + 1;
    let sql = format!("INSERT INTO {into} VALUES (?{})", ", ?".repeat(columns - 1));
    let mut statement = transaction.prepare(&sql)?;
    for id in 1..=rows {
        insert(id, &mut statement)?;
    }
    eprintln!("data: {rows} {}", into.split(' ').next().unwrap_or(into));
    Ok(())
}

/// Lower-case words of about this length together.
fn words(rng: &mut Rng, length: std::ops::Range<usize>) -> String {
    let length = rng.usize(length);
    (0..length).map(|at| if at % 7 == 6 { ' ' } else { rng.lowercase() }).collect()
}
