//! What a read may give: of each key, what it was at some moment since its last acknowledged invalidation.

use super::database::{Row, Table, Tables};

/// What an entry of the cache is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    /// `User.posts`, by user.
    Posts(i64),
    /// `Post.user`, by user.
    Author(i64),
    /// `User.tags` over `user_tags`, by user.
    Tagged(i64),
    /// `User.tags`, by tag.
    Tag(i64),
    /// `User.clubs` over `Member`, by user.
    Memberships(i64),
    /// `User.clubs`, by club.
    Club(i64),
    /// `User.friends` over `Friendship`, by user.
    Friendships(i64),
    /// `User.friends`, by user.
    Friend(i64),
}

impl Entry {
    const SORTS: [fn(i64) -> Self; 8] = [
        Self::Posts,
        Self::Author,
        Self::Tagged,
        Self::Tag,
        Self::Memberships,
        Self::Club,
        Self::Friendships,
        Self::Friend,
    ];

    pub(super) fn all() -> impl Iterator<Item = Self> {
        Self::SORTS.into_iter().flat_map(|sort| (1..=3).map(sort))
    }

    fn at(self) -> usize {
        let (sort, key) = match self {
            Self::Posts(key) => (0, key),
            Self::Author(key) => (1, key),
            Self::Tagged(key) => (2, key),
            Self::Tag(key) => (3, key),
            Self::Memberships(key) => (4, key),
            Self::Club(key) => (5, key),
            Self::Friendships(key) => (6, key),
            Self::Friend(key) => (7, key),
        };
        sort * 3 + key as usize - 1
    }

    /// The table that it holds rows of.
    fn table(self) -> Table {
        match self {
            Self::Posts(_) => Table::Posts,
            Self::Author(_) | Self::Friend(_) => Table::Users,
            Self::Tagged(_) => Table::UserTags,
            Self::Tag(_) => Table::Tags,
            Self::Memberships(_) => Table::Members,
            Self::Club(_) => Table::Clubs,
            Self::Friendships(_) => Table::Friendships,
        }
    }

    /// What the database holds of it: ids with versions, or the keys of targets.
    fn state(self, tables: &Tables) -> State {
        let own = |table, key: i64| tables.of(table).iter().filter(move |row| row[0] == Some(key)).map(versioned);
        let of = |row: &Row, near: usize, key, far: usize| {
            if row[near] == Some(key) { row[far].map(|far| (far, 0)) } else { None }
        };
        let mut state: State = match self {
            Self::Posts(key) => {
                let posts = tables.of(Table::Posts).iter().filter(|row| row[1] == Some(key));
                posts.map(|row| (row[0].unwrap_or_default(), row[2].unwrap_or_default())).collect()
            }
            Self::Author(key) | Self::Friend(key) => own(Table::Users, key).collect(),
            Self::Tag(key) => own(Table::Tags, key).collect(),
            Self::Club(key) => own(Table::Clubs, key).collect(),
            Self::Tagged(key) => tables.of(Table::UserTags).iter().filter_map(|row| of(row, 0, key, 1)).collect(),
            Self::Memberships(key) => tables.of(Table::Members).iter().filter_map(|row| of(row, 1, key, 2)).collect(),
            Self::Friendships(key) => {
                let rows = tables.of(Table::Friendships);
                let one = rows.iter().filter_map(|row| of(row, 1, key, 2));
                let other = rows.iter().filter(|row| row[1] != row[2]).filter_map(|row| of(row, 2, key, 1));
                one.chain(other).collect()
            }
        };
        state.sort_unstable();
        state.dedup();
        state
    }
}

fn versioned(row: &Row) -> (i64, i64) {
    (row[0].unwrap_or_default(), row[1].unwrap_or_default())
}

/// Ids with versions, sorted.
pub(super) type State = Vec<(i64, i64)>;

/// What one entry has been.
#[derive(Default, Clone)]
struct Past {
    /// Each state, and from which version of the database on.
    states: Vec<(u64, State)>,
    /// The version at the last acknowledged invalidation.
    floor: u64,
}

/// What all entries have been.
pub(super) struct History {
    version: u64,
    entries: Vec<Past>,
}

impl Default for History {
    fn default() -> Self {
        let past = Past { states: vec![(0, State::new())], floor: 0 };
        Self { version: 0, entries: vec![past; Entry::all().count()] }
    }
}

/// The floors of all entries when a read began.
#[derive(Clone)]
pub(super) struct Floors(Vec<u64>);

impl History {
    /// A version was committed, in which this table has changed.
    pub(super) fn wrote(&mut self, tables: &Tables, table: Table) {
        self.version += 1;
        for (entry, past) in Entry::all().zip(&mut self.entries).filter(|(entry, _)| entry.table() == table) {
            let state = entry.state(tables);
            if past.states.last().is_none_or(|(_, last)| *last != state) {
                past.states.push((self.version, state));
            }
        }
    }

    /// These entries were invalidated, and that is acknowledged.
    pub(super) fn invalidated(&mut self, covers: impl Fn(Entry) -> bool) {
        for (entry, past) in Entry::all().zip(&mut self.entries) {
            if covers(entry) {
                past.floor = self.version;
                // What was before is not looked at by anyone who begins to read from now on.
                let first = past.states.iter().rposition(|(since, _)| *since <= past.floor).unwrap_or_default();
                past.states.drain(..first.saturating_sub(64));
            }
        }
    }

    /// A read begins.
    pub(super) fn floors(&self) -> Floors {
        Floors(self.entries.iter().map(|past| past.floor).collect())
    }

    /// Those states of an entry that a read may give which began with these floors and ends now, the last one first.
    pub(super) fn allowed(&self, entry: Entry, floors: &Floors) -> impl Iterator<Item = &State> {
        let floor = floors.0[entry.at()];
        let mut done = false;
        self.entries[entry.at()].states.iter().rev().map_while(move |(since, state)| {
            if std::mem::replace(&mut done, *since <= floor) { None } else { Some(state) }
        })
    }

    /// Whether a read may give this.
    pub(super) fn allows(&self, entry: Entry, floors: &Floors, read: &State) -> bool {
        self.allowed(entry, floors).any(|state| state == read)
    }

    /// Whether a read over a join table may give these targets.
    pub(super) fn allows_joined(&self, pivots: Entry, target: fn(i64) -> Entry, floors: &Floors, read: &State) -> bool {
        self.allowed(pivots, floors).any(|state| {
            let is_allowed = |far: i64| {
                let own: State = read.iter().filter(|(id, _)| *id == far).copied().collect();
                self.allows(target(far), floors, &own)
            };
            state.iter().all(|(far, _)| is_allowed(*far))
                && read.iter().all(|(id, _)| state.iter().any(|(far, _)| far == id))
        })
    }
}
