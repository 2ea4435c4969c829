//! A database in memory: every write is a version of it, a session reads one version, and a load may wait anywhere.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;

use relations_core::__private::{Backend, Bind, Decode, FromRow};
use relations_core::source::{Loaded, Plan, Reader, RelationLoader, Request, Settings, Source};
use relations_core::{BelongsTo, ErrorKind, HasMany, ManyToMany, Model, Relations, Result};

use super::executor::Random;
use super::oracle::History;

#[derive(Debug, Clone, Relations)]
#[relations(table = "users")]
pub(super) struct User {
    #[relations(key)]
    pub(super) id: i64,
    pub(super) version: i64,
    #[has_many]
    pub(super) posts: HasMany<Post>,
    #[many_to_many(table = "user_tags")]
    pub(super) tags: ManyToMany<Tag>,
    #[many_to_many(through = Member)]
    pub(super) clubs: ManyToMany<Club>,
    #[many_to_many(through = Friendship, symmetric)]
    pub(super) friends: ManyToMany<User>,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "posts")]
pub(super) struct Post {
    #[relations(key)]
    pub(super) id: i64,
    pub(super) user_id: Option<i64>,
    pub(super) version: i64,
    #[belongs_to]
    pub(super) user: BelongsTo<Option<User>>,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "tags")]
pub(super) struct Tag {
    #[relations(key)]
    pub(super) id: i64,
    pub(super) version: i64,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "clubs")]
pub(super) struct Club {
    #[relations(key)]
    pub(super) id: i64,
    pub(super) version: i64,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "members")]
pub(super) struct Member {
    #[relations(key)]
    pub(super) id: i64,
    pub(super) user_id: i64,
    pub(super) club_id: i64,
    #[belongs_to]
    pub(super) user: BelongsTo<User>,
    #[belongs_to]
    pub(super) club: BelongsTo<Club>,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "friendships")]
pub(super) struct Friendship {
    #[relations(key)]
    pub(super) id: i64,
    pub(super) one_id: i64,
    pub(super) other_id: i64,
    #[belongs_to]
    pub(super) one: BelongsTo<User>,
    #[belongs_to]
    pub(super) other: BelongsTo<User>,
}

/// A row as it is stored: its columns in the order of its model's.
pub(super) type Row = [Option<i64>; 3];

/// A table of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    Users,
    Posts,
    Tags,
    UserTags,
    Clubs,
    Members,
    Friendships,
}

impl Table {
    pub(super) const ALL: [Self; 7] =
        [Self::Users, Self::Posts, Self::Tags, Self::UserTags, Self::Clubs, Self::Members, Self::Friendships];
    const NAMES: [&'static str; 7] = ["users", "posts", "tags", "user_tags", "clubs", "members", "friendships"];
}

/// One version of the database.
#[derive(Clone, Default)]
pub(super) struct Tables([Vec<Row>; 7]);

impl Tables {
    pub(super) fn of(&self, table: Table) -> &[Row] {
        &self.0[table as usize]
    }

    fn named(&self, name: &str) -> &[Row] {
        let table = Table::NAMES.iter().position(|own| *own == name);
        table.map_or(&[], |at| &self.0[at])
    }
}

/// What a write has done to a row.
pub(super) struct Written {
    pub(super) table: Table,
    pub(super) before: Option<Row>,
    pub(super) after: Option<Row>,
}

/// The database, what it was, and what happens by chance.
pub(super) struct World {
    pub(super) random: Random,
    tables: Mutex<Arc<Tables>>,
    pub(super) history: Mutex<History>,
    versions: AtomicU64,
    /// One load of so many fails.
    failing: usize,
}

impl World {
    pub(super) fn new(seed: u64, failing: usize) -> Arc<Self> {
        let world = Self {
            random: Random::new(seed),
            tables: Mutex::default(),
            history: Mutex::default(),
            versions: AtomicU64::new(1),
            failing,
        };
        for _ in 0..20 {
            world.write();
        }
        Arc::new(world)
    }

    /// Lets others go first, or not.
    pub(super) fn pause(&self) -> impl Future<Output = ()> + use<> {
        let mut times = self.random.below(5).saturating_sub(2);
        std::future::poll_fn(move |context| {
            if times == 0 {
                return Poll::Ready(());
            }
            times -= 1;
            context.waker().wake_by_ref();
            Poll::Pending
        })
    }

    /// Writes some row, and commits that.
    pub(super) fn write(&self) -> Written {
        let mut current = self.tables.lock().unwrap();
        let tables = Arc::make_mut(&mut current);
        let table = Table::ALL[self.random.below(Table::ALL.len())];
        let rows = &mut tables.0[table as usize];
        let fresh = self.row(table, self.random.key());
        let is_it = |row: &Row| match table {
            Table::UserTags => row[..2] == fresh[..2],
            _ => row[0] == fresh[0],
        };
        let at = rows.iter().position(is_it);
        let written = match at {
            None => {
                rows.push(fresh);
                Written { table, before: None, after: Some(fresh) }
            }
            Some(at) if table == Table::UserTags || self.random.once_in(3) => {
                Written { table, before: Some(rows.swap_remove(at)), after: None }
            }
            Some(at) => {
                let before = std::mem::replace(&mut rows[at], fresh);
                if table == Table::Posts && self.random.once_in(2) {
                    rows[at][1] = before[1];
                }
                Written { table, before: Some(before), after: Some(rows[at]) }
            }
        };
        self.history.lock().unwrap().wrote(tables, table);
        written
    }

    fn row(&self, table: Table, id: i64) -> Row {
        let key = || Some(self.random.key());
        let version = || Some(self.versions.fetch_add(1, Ordering::Relaxed) as i64);
        match table {
            Table::Users | Table::Tags | Table::Clubs => [Some(id), version(), None],
            Table::Posts => {
                let id = id + 3 * self.random.below(2) as i64;
                [Some(id), key().filter(|_| !self.random.once_in(8)), version()]
            }
            Table::UserTags => [Some(id), key(), None],
            Table::Members | Table::Friendships => [Some(id), key(), key()],
        }
    }
}

/// The driver of this database.
pub(super) struct Memory;

impl Backend for Memory {
    type Row<'r> = Row;
    type Arguments = Vec<i64>;
}

impl Decode<Memory> for Option<i64> {
    fn decode(row: &Row, column: usize) -> Result<Self, String> {
        row.get(column).copied().ok_or_else(|| "there is no such column".to_owned())
    }
}

impl Decode<Memory> for i64 {
    fn decode(row: &Row, column: usize) -> Result<Self, String> {
        <Option<Self> as Decode<Memory>>::decode(row, column)?.ok_or_else(|| "it is null".to_owned())
    }
}

impl Bind<Memory> for i64 {
    fn bind(&self, arguments: &mut Vec<Self>) -> Result<(), String> {
        arguments.push(*self);
        Ok(())
    }
}

/// The database as a source.
pub(super) struct Database {
    pub(super) world: Arc<World>,
    pub(super) settings: Settings,
}

/// One version of the database, as a plan reads it.
pub(super) struct Session {
    world: Arc<World>,
    tables: Arc<Tables>,
}

impl Source for Database {
    type Session = Session;

    async fn run<P: Plan<Session>>(&self, plan: P) -> Result<P::Output> {
        self.world.pause().await;
        let tables = Arc::clone(&self.world.tables.lock().unwrap());
        let session = Session { world: Arc::clone(&self.world), tables };
        self.world.pause().await;
        let output = plan.run(Reader::new(&session)).await;
        self.world.pause().await;
        output
    }

    fn settings(&self) -> &Settings {
        &self.settings
    }
}

impl<T: FromRow<Memory> + Model> RelationLoader<T, (i64,)> for Session {
    async fn load(&self, request: Request<T, (i64,)>) -> Result<Loaded<T, (i64,)>> {
        self.world.pause().await;
        let random = &self.world.random;
        if random.once_in(self.world.failing) {
            return Err(ErrorKind::Closed.into());
        }
        let keys = request.keys.unwrap_or_default();
        let mut loaded = Loaded::default();
        if random.once_in(self.world.failing) {
            loaded.failures.extend(keys.first().map(|key| (*key, ErrorKind::Closed.into())));
        }
        for row in self.tables.named(T::TABLE) {
            let is_by = |columns: &[usize]| row[columns[0]].is_some_and(|key| keys.contains(&(key,)));
            if is_by(request.columns) || request.either.is_some_and(is_by) {
                loaded.rows.push(T::from_row(row, 0).expect("rows as they were written"));
            }
        }
        self.world.pause().await;
        Ok(loaded)
    }

    async fn count(&self, request: Request<T, (i64,)>) -> Result<u64> {
        Ok(self.load(request).await?.rows.rows().len() as u64)
    }
}
