//! Fills shared caches, and compares what they weigh by their own account with the bytes that the allocator has handed
//! out for them: `contender-ours-weights PATH USERS`. Of a few entries the hash table alone is most.

#![forbid(unsafe_code)]

use std::alloc::System;
use std::path::Path;

use bench_kit::Result;
use contender_ours::model::{Post, User};
use relations_core::cache::CacheStats;
use relations_core::{BelongsTo, CacheConfig, Db, HasMany, Many, ManyToMany, Sqlite, block_on};
use stats_alloc::{Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = bench_kit::count::ALLOCATOR;

/// What a cache is filled with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fill {
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
    fn read(self, db: &Db<Sqlite>, start: i64, keys: i64) -> Result<()> {
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
    fn held(self, db: &Db<Sqlite>) -> CacheStats {
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

fn main() -> Result<()> {
    let usage = "usage: contender-ours-weights PATH USERS";
    let mut words = std::env::args().skip(1);
    let path = words.next().ok_or(usage)?;
    let keys = words.next().ok_or(usage)?.parse()?;
    println!("{:<30} {:>8} {:>12} {:>12} {:>13}", "cache of", "entries", "weight each", "bytes each", "weight/bytes");
    let fills = [
        ("rows", Fill::Rows),
        ("lists of 10", Fill::Lists),
        ("absences", Fill::Absences),
        ("empty lists", Fill::EmptyLists),
    ];
    for (name, fill) in fills {
        for lives in [true, false] {
            let (entries, weight, held) = weigh(Path::new(&path), fill, lives, keys)?;
            let (each, bytes) = (weight / entries, held / entries);
            let name = if lives { name.to_owned() } else { format!("{name}, no time to live") };
            println!("{name:<30} {entries:>8} {each:>12.1} {bytes:>12.1} {:>13.2}", each / bytes);
        }
    }
    Ok(())
}

/// Fills a cache: the entries, what they weigh by its own account, and the bytes that the allocator has handed out more.
fn weigh(path: &Path, fill: Fill, lives: bool, keys: i64) -> Result<(f64, f64, f64)> {
    let config = CacheConfig::default().max_entries(100_000);
    let config = if lives { config } else { config.no_ttl() };
    let source = Sqlite::builder(path).connections(1).inline().open()?;
    let db = Db::builder(source).cache(config).build()?;
    // What the first entry brings with it, and the statement, is not what an entry takes.
    fill.read(&db, 1, 1)?;
    let before = fill.held(&db);
    let region = Region::new(ALLOCATOR);
    for start in (2..keys).step_by(999) {
        fill.read(&db, start, (keys + 1 - start).min(999))?;
        fill.held(&db);
    }
    let after = fill.held(&db);
    let change = region.change();
    let held = change.bytes_allocated.saturating_sub(change.bytes_deallocated);
    Ok(((after.entries - before.entries) as f64, (after.weight - before.weight) as f64, held as f64))
}
