//! The data that all workloads read, the same every time and on both databases.

pub mod postgres;
pub mod sqlite;

use fastrand::Rng;

/// Whose post comes after whose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Layout {
    /// Users take turns: the posts of users with neighbouring keys lie beside one another, as they do where people
    /// who joined at one time are active at one time. The figures that the targets were set by are from such data.
    Turns,
    /// At random: reading by user misses SQLite's page cache with every post of a big table.
    Scattered,
}

/// How much there is, and how it lies.
#[derive(Debug, Clone, Copy)]
pub struct Data {
    /// Their keys are 1 to this. Ten times as many posts, fifty times as many comments.
    pub users: i64,
    /// Whose post comes after whose.
    pub layout: Layout,
    /// Only users and posts, where a workload reads nothing else; the other tables are empty.
    pub only_posts: bool,
}

/// The tables, in an order in which they can be filled.
pub const TABLES: [Table; 7] =
    [Table::Companies, Table::Users, Table::Posts, Table::Comments, Table::Tags, Table::PostTags, Table::Nodes];

/// One of the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    Companies,
    Users,
    Posts,
    Comments,
    Tags,
    PostTags,
    Nodes,
}

impl Table {
    /// What it is called on both databases.
    pub fn name(self) -> &'static str {
        match self {
            Self::Companies => "companies",
            Self::Users => "users",
            Self::Posts => "posts",
            Self::Comments => "comments",
            Self::Tags => "tags",
            Self::PostTags => "post_tags",
            Self::Nodes => "nodes",
        }
    }
}

/// A value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    Int(i64),
    Text(String),
    Null,
}

/// As SQLite reads it; see [`schema`].
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

/// On every foreign key; made after the rows.
const INDEXES: &str = "
    CREATE INDEX users_company_id ON users (company_id);
    CREATE INDEX posts_user_id ON posts (user_id);
    CREATE INDEX comments_post_id ON comments (post_id);
    CREATE INDEX comments_user_id ON comments (user_id);
    CREATE INDEX post_tags_tag_id ON post_tags (tag_id);
    CREATE INDEX nodes_parent_id ON nodes (parent_id);";

impl Data {
    /// How many rows a table has.
    fn rows(&self, table: Table) -> i64 {
        match table {
            Table::Companies => (self.users / 10).max(1),
            Table::Users => self.users,
            Table::Posts => self.posts(),
            _ if self.only_posts => 0,
            Table::Comments => self.users * 50,
            Table::Tags => self.tags(),
            Table::PostTags => self.posts() * 3,
            Table::Nodes => self.users * 10,
        }
    }

    fn posts(&self) -> i64 {
        self.users * 10
    }

    fn tags(&self) -> i64 {
        if self.users < 10_000 { 100 } else { 1_000 }
    }

    /// The row with this key, or (for a table without one) in this place. Rows are drawn in order: `rng` is the same
    /// for all tables, and the next row depends on it.
    fn row(&self, table: Table, id: i64, rng: &mut Rng) -> Vec<Cell> {
        let (int, text) = (Cell::Int, Cell::Text);
        match table {
            Table::Companies => vec![int(id), text(format!("Company {id}"))],
            Table::Users => {
                let companies = self.rows(Table::Companies);
                let company = if rng.bool() { int(rng.i64(1..=companies)) } else { Cell::Null };
                vec![int(id), text(format!("User Number {id}")), text(format!("user{id}@example.com")), company]
            }
            Table::Posts => {
                let author = match self.layout {
                    Layout::Turns => (id - 1) % self.users + 1,
                    Layout::Scattered => rng.i64(1..=self.users),
                };
                let body = words(rng, 80..120);
                vec![int(id), int(author), text(format!("Post {id}")), text(body), int(rng.i64(0..10_000))]
            }
            Table::Comments => {
                let (post, author) = (rng.i64(1..=self.posts()), rng.i64(1..=self.users));
                vec![int(id), int(post), int(author), text(words(rng, 30..50))]
            }
            Table::Tags => vec![int(id), text(format!("tag{id}"))],
            Table::PostTags => {
                // Three neighbours from a random start: no pair twice.
                let post = (id - 1) / 3 + 1;
                vec![int(post), int((post * 7_919 + (id - 1) % 3) % self.tags() + 1)]
            }
            Table::Nodes => {
                // Node 1 is the root; every node has ten children, as far as there are nodes.
                let parent = if id > 1 { int((id + 8) / 10) } else { Cell::Null };
                vec![int(id), parent, text(format!("node {id}"))]
            }
        }
    }
}

/// The same data every time.
fn rng() -> Rng {
    Rng::with_seed(7)
}

/// Lower-case words of about this length together.
fn words(rng: &mut Rng, length: std::ops::Range<usize>) -> String {
    let length = rng.usize(length);
    (0..length).map(|at| if at % 7 == 6 { ' ' } else { rng.lowercase() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_the_same_every_time() {
        let data = Data { users: 10, layout: Layout::Turns, only_posts: false };
        let all = || {
            let mut rng = rng();
            let rows = TABLES.iter().flat_map(|&table| (1..=data.rows(table)).map(move |id| (table, id)));
            rows.map(|(table, id)| data.row(table, id, &mut rng)).collect::<Vec<_>>()
        };
        assert_eq!(all(), all());
        assert_eq!(all().len(), 1 + 10 + 100 + 500 + 100 + 300 + 100);
    }

    #[test]
    fn no_pair_of_post_and_tag_comes_twice() {
        let data = Data { users: 100, layout: Layout::Turns, only_posts: false };
        let mut rng = rng();
        let pairs = (1..=data.rows(Table::PostTags)).map(|id| format!("{:?}", data.row(Table::PostTags, id, &mut rng)));
        assert_eq!(pairs.collect::<std::collections::BTreeSet<_>>().len(), 3_000);
    }
}
