//! SQLite, on a connection's thread and inline: what every source has, and what is only measured here.

use std::hint::black_box;
use std::path::Path;

use bench_kit::{Result, SOME, Variant};
use relations_core::{Many, Relations, Sqlite, block_on};

use crate::cached::Cached;
use crate::model::{Node, Post, User};
use crate::results::Tree;
use crate::workloads::{Wait, variants};

/// The root of the tree.
const ROOT: i64 = 1;
/// Calls in a run.
const CALLS: u64 = 1_000_000;

/// The database, open, and what is read again and again.
pub struct Side {
    /// Loads run on a connection's thread, the ordinary way.
    pub db: Sqlite,
    inline: Sqlite,
    users: i64,
    loaded: Many<User>,
    posts: Many<Post>,
    cached: Cached,
}

impl Side {
    /// Opens the database.
    ///
    /// # Errors
    /// When it cannot be opened or read.
    pub fn open(path: &Path, users: i64) -> Result<Self> {
        let db = Sqlite::builder(path).connections(2).open()?;
        let inline = Sqlite::builder(path).connections(2).inline().open()?;
        let loaded = block_on(User::query().filter(User::ID.le(100)).with(User::POSTS).all(&inline))?;
        let posts = block_on(Post::query().filter(Post::ID.le(100)).with(Post::AUTHOR).all(&inline))?;
        let cached = Cached::open(path, SOME.min(users))?;
        Ok(Self { db, inline, users, loaded, posts, cached })
    }

    /// All variants.
    pub fn variants(&self) -> Vec<Variant<'_>> {
        let (db, inline) = (&self.db, &self.inline);
        let mut all = variants(db, db, "on a thread", Wait::Thread, self.users);
        all.extend(variants(inline, inline, "inline", Wait::Thread, self.users));
        all.push(Variant::load("W9", "recursive(), on a thread", || tree(db)));
        all.push(Variant::load("W9", "recursive(), inline", || tree(inline)));
        all.extend(self.of_what_is_loaded());
        all.extend(self.cached.variants());
        all
    }

    fn of_what_is_loaded(&self) -> [Variant<'_>; 4] {
        let (db, user, post) = (&self.inline, &self.loaded[7], &self.posts[7]);
        [
            Variant::calls("W7 accessor", "accessor to many", move || {
                block_on(async {
                    for _ in 0..CALLS {
                        black_box(black_box(user).posts(db).await?);
                    }
                    Ok(CALLS)
                })
            }),
            Variant::calls("W7 accessor", "accessor to one", move || {
                block_on(async {
                    for _ in 0..CALLS {
                        black_box(black_box(post).author(db).await?);
                    }
                    Ok(CALLS)
                })
            }),
            Variant::calls("W7 list", "get() to many", move || {
                for _ in 0..CALLS {
                    black_box(black_box(user).posts.get()?.len());
                }
                Ok(CALLS)
            }),
            Variant::calls("W7 row", "get() to one", move || {
                for _ in 0..CALLS {
                    black_box(black_box(post).author.get()?.id);
                }
                Ok(CALLS)
            }),
        ]
    }
}

fn tree(db: &Sqlite) -> Result<Tree> {
    let root = block_on(Node::by_key(ROOT).with(Node::CHILDREN.recursive()).one(db))?;
    Ok(Tree(root.ok_or("there is no such node")?))
}
