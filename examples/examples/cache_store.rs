//! A cache of one's own behind a `Db`: maps in memory, bounded by their number, where the first in go first. What is
//! read twice is loaded once, a write that is told of is seen, and what is stale is refused.
//! `cargo run --example cache_store`
//!
//! It prints:
//! ```text
//! == Twice the same
//! a shelf for Author.books
//! Ada: Notes (loaded)
//! Ada: Notes (from the shelf)
//!
//! == A write, and what it makes stale
//! Ada: Notes (from the shelf)
//! Ada: Notes, Letters (loaded)
//!
//! == There is room for two
//! Grace: Compilers, Moths (loaded)
//! Alan: Machines (loaded)
//! Grace: Compilers, Moths (from the shelf)
//! Ada: Notes, Letters (loaded)
//!
//! == What it did
//! relation      hits  misses  hit rate  loads  waits  expired  evicted  invalidated  fenced  entries  weight
//! Author.books     3       5    37.5 %      5      0        0        2            1       0        2       0
//! total            3       5    37.5 %      5      0        0        2            1       0        2       0
//! ```

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use relations_core::cache::{Answer, CacheEntry, CacheKey, CacheStore, Count, Fence, RelationCache, Stamp, Usage};
use relations_core::{BelongsTo, CacheConfig, Db, HasMany, Relations, Result, Sqlite, block_on};

#[derive(Debug, Clone, Relations)]
#[relations(table = "authors")]
pub struct Author {
    #[relations(key)]
    pub id: i64,
    pub name: String,
    #[has_many(order_by(id))]
    pub books: HasMany<Book>,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "books")]
pub struct Book {
    #[relations(key)]
    pub id: i64,
    pub author_id: i64,
    pub title: String,
    #[belongs_to]
    pub author: BelongsTo<Author>,
}

/// Opens a [`Shelf`] for each relation. They share one count of invalidations.
#[derive(Debug, Default)]
pub struct Shelves {
    count: Count,
}

impl RelationCache for Shelves {
    fn now(&self) -> Stamp {
        self.count.now()
    }

    fn advance(&self) {
        self.count.next();
    }

    fn open(&self, name: &str, config: &CacheConfig) -> Box<dyn CacheStore> {
        println!("a shelf for {name}");
        let most = config.max_entries.and_then(|entries| entries.try_into().ok()).unwrap_or(usize::MAX);
        Box::new(Shelf { most, fence: Fence::new(&self.count), held: Mutex::default() })
    }
}

/// Keeps the entries of one relation.
struct Shelf {
    most: usize,
    /// Knows which keys were invalidated since when; it holds no entries.
    fence: Fence,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    /// Each with its number: the first in has the smallest.
    entries: HashMap<Box<dyn CacheKey>, (u64, CacheEntry)>,
    put: u64,
    evicted: u64,
}

impl Held {
    fn put(&mut self, key: Box<dyn CacheKey>, entry: CacheEntry, most: usize) {
        self.put += 1;
        self.entries.insert(key, (self.put, entry));
        if self.entries.len() > most {
            let first = self.entries.iter().min_by_key(|(_, (number, _))| *number).map(|(key, _)| key.boxed());
            if let Some(first) = first {
                self.entries.remove(&*first);
                self.evicted += 1;
            }
        }
    }
}

impl Shelf {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CacheStore for Shelf {
    fn get(&self, keys: &[&dyn CacheKey]) -> Answer<'_, Vec<Option<CacheEntry>>> {
        let held = self.held();
        let entry = |key: &&dyn CacheKey| {
            let (_, entry) = held.entries.get(*key)?;
            // What was put while all was being cleared is not handed out.
            self.fence.admits(entry.since()).then(|| entry.clone())
        };
        Answer::Now(keys.iter().map(entry).collect())
    }

    fn put(&self, entries: Vec<(Box<dyn CacheKey>, CacheEntry)>) -> Answer<'_, u64> {
        let mut refused = 0;
        for (key, entry) in entries {
            let (place, since) = (self.fence.place(&*key), entry.since());
            let is_published = self.fence.publish(place, since, || self.held().put(key, entry, self.most));
            refused += u64::from(!is_published);
        }
        Answer::Now(refused)
    }

    fn remove(&self, key: &dyn CacheKey) {
        self.fence.invalidate(self.fence.place(key), || {
            self.held().entries.remove(key);
        });
    }

    fn clear(&self) {
        self.fence.invalidate_all();
        self.held().entries.clear();
    }

    fn is_current(&self, key: &dyn CacheKey, since: Stamp) -> bool {
        self.fence.is_current(self.fence.place(key), since)
    }

    fn usage(&self) -> Usage {
        let held = self.held();
        // It is bounded by number, so it does not weigh.
        let mut usage = Usage::new(held.entries.len() as u64, 0);
        usage.evicted = held.evicted;
        usage
    }
}

const LIBRARY: &str = "
    CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE books (id INTEGER PRIMARY KEY, author_id INTEGER NOT NULL, title TEXT NOT NULL);
    CREATE INDEX books_author ON books (author_id);
    INSERT INTO authors VALUES (1, 'Ada'), (2, 'Grace'), (3, 'Alan');
    INSERT INTO books VALUES (1, 1, 'Notes'), (2, 2, 'Compilers'), (3, 2, 'Moths'), (4, 3, 'Machines');";

fn main() -> Result<()> {
    let config = CacheConfig::default().max_entries(2);
    let db = Db::builder(Sqlite::memory()?).cache(config).cache_store(Shelves::default()).build()?;
    block_on(async {
        db.source().connection(|connection| connection.execute_batch(LIBRARY)).await?;

        println!("== Twice the same");
        books(&db, 1).await?;
        books(&db, 1).await?;

        println!("\n== A write, and what it makes stale");
        db.source().connection(|c| c.execute("INSERT INTO books VALUES (5, 1, 'Letters')", ())).await?;
        books(&db, 1).await?;
        if let Some(book) = Book::find(&db, 5).await? {
            db.cache().inserted(&*book);
        }
        books(&db, 1).await?;

        println!("\n== There is room for two");
        for author in [2, 3, 2, 1] {
            books(&db, author).await?;
        }

        println!("\n== What it did\n{}", db.cache().report());
        Ok(())
    })
}

/// Prints an author's books, and whether they were in the cache.
async fn books(db: &Db<Sqlite>, author: i64) -> Result<()> {
    let Some(author) = Author::find(db, author).await? else { return Ok(()) };
    let log = db.source().record();
    let books = author.books(db).await?;
    let titles: Vec<_> = books.iter().map(|book| book.title.as_str()).collect();
    let way = if log.statements().is_empty() { "from the shelf" } else { "loaded" };
    println!("{}: {} ({way})", author.name, titles.join(", "));
    Ok(())
}
