//! Readers: one row, several at once, or a tree; each compares what it reads with what it may read.

use std::sync::Mutex;

use relations_core::{Db, Linked, Many, Model};

use super::Totals;
use super::database::{Club, Database, Post, Tag, User, World};
use super::executor::Task;
use super::oracle::{Entry, Floors, State};

/// What the readers of one schedule have seen.
#[derive(Default)]
pub(super) struct Outcome(Mutex<Totals>);

impl Outcome {
    pub(super) fn dropped(&self) {
        self.0.lock().unwrap().dropped += 1;
    }

    fn failed(&self) {
        self.0.lock().unwrap().failed += 1;
    }

    fn read(&self, is_allowed: bool, example: impl FnOnce() -> String) {
        let mut totals = self.0.lock().unwrap();
        totals.reads += 1;
        if !is_allowed {
            totals.stale += 1;
            totals.example.get_or_insert_with(example);
        }
    }

    pub(super) fn add_to(self, totals: &mut Totals, schedule: &str) {
        let own = self.0.into_inner().unwrap();
        totals.reads += own.reads;
        totals.failed += own.failed;
        totals.dropped += own.dropped;
        totals.stale += own.stale;
        if totals.example.is_none() {
            totals.example = own.example.map(|example| format!("{schedule}: {example}"));
        }
    }
}

/// A read in progress: what it may give, and where it is noted.
struct Reading<'a> {
    world: &'a World,
    outcome: &'a Outcome,
    floors: Floors,
    how: &'static str,
}

/// How many sorts of reads there are.
pub(super) const SORTS: usize = 7;

/// A read of this sort.
pub(super) fn read<'a>(world: &'a World, db: &'a Db<Database>, outcome: &'a Outcome, sort: usize) -> Task<'a> {
    match sort {
        0 => Box::pin(read_posts(world, db, outcome)),
        1 => Box::pin(read_authors(world, db, outcome)),
        2 => Box::pin(read_tags(world, db, outcome)),
        3 => Box::pin(read_clubs(world, db, outcome)),
        4 => Box::pin(read_friends(world, db, outcome)),
        5 => Box::pin(read_tree(world, db, outcome)),
        _ => Box::pin(read_joined_tree(world, db, outcome)),
    }
}

/// Owners that were not read with anything: one, or several.
fn users(world: &World) -> Many<User> {
    let first = world.random.key();
    let user = |id| User {
        id,
        version: 0,
        posts: Default::default(),
        tags: Default::default(),
        clubs: Default::default(),
        friends: Default::default(),
    };
    (0..world.random.key()).map(|at| user((first + at) % 3 + 1)).collect()
}

impl<'a> Reading<'a> {
    async fn begin(world: &'a World, outcome: &'a Outcome, how: &'static str) -> Self {
        world.pause().await;
        let floors = world.history.lock().unwrap().floors();
        Self { world, outcome, floors, how }
    }

    /// What one read gave; `None` for an error.
    fn gave(&self, entry: Entry, read: Option<State>) {
        let Some(mut read) = read else { return self.outcome.failed() };
        read.sort_unstable();
        let history = self.world.history.lock().unwrap();
        self.outcome.read(history.allows(entry, &self.floors, &read), || {
            let allowed: Vec<_> = history.allowed(entry, &self.floors).collect();
            format!("{}: {entry:?} gave {read:?}, allowed were {allowed:?}", self.how)
        });
    }

    /// What one read over a join table gave.
    fn joined(&self, pivots: Entry, target: fn(i64) -> Entry, read: Option<State>) {
        let Some(mut read) = read else { return self.outcome.failed() };
        read.sort_unstable();
        read.dedup();
        let history = self.world.history.lock().unwrap();
        self.outcome.read(history.allows_joined(pivots, target, &self.floors, &read), || {
            let states = |entry| history.allowed(entry, &self.floors).collect::<Vec<_>>();
            let targets: Vec<_> = (1..=3).map(|key| states(target(key))).collect();
            format!("{}: {pivots:?} gave {read:?}, allowed were {:?} to {targets:?}", self.how, states(pivots))
        });
    }

    async fn posts(&self, user: &User, db: &Db<Database>) -> Option<Many<Post>> {
        let posts = user.posts(db).await.ok();
        let state = posts.as_ref().map(|posts| posts.iter().map(|post| (post.id, post.version)).collect());
        self.gave(Entry::Posts(user.id), state);
        posts
    }

    async fn author(&self, post: &Post, db: &Db<Database>) {
        let user = post.user(db).await.ok();
        let state = user.map(|user| user.iter().map(|user| (user.id, user.version)).collect());
        if let Some(user_id) = post.user_id {
            self.gave(Entry::Author(user_id), state);
        }
    }

    async fn tags(&self, user: &User, db: &Db<Database>) {
        let tags = user.tags(db).await.ok();
        self.joined(
            Entry::Tagged(user.id),
            Entry::Tag,
            tags.map(|tags| states(&tags, |tag: &Tag| (tag.id, tag.version))),
        );
    }

    async fn clubs(&self, user: &User, db: &Db<Database>) {
        let clubs = user.clubs(db).await.ok();
        let state = clubs.map(|clubs| states(&clubs, |club: &Club| (club.id, club.version)));
        self.joined(Entry::Memberships(user.id), Entry::Club, state);
    }

    async fn friends(&self, user: &User, db: &Db<Database>) {
        let friends = user.friends(db).await.ok();
        let state = friends.map(|friends| states(&friends, |friend: &User| (friend.id, friend.version)));
        self.joined(Entry::Friendships(user.id), Entry::Friend, state);
    }
}

fn states<T: Model>(rows: &Linked<T>, state: impl Fn(&T) -> (i64, i64)) -> State {
    rows.iter().map(state).collect()
}

async fn read_posts(world: &World, db: &Db<Database>, outcome: &Outcome) {
    let reading = Reading::begin(world, outcome, "lazily").await;
    for user in &users(world) {
        reading.posts(user, db).await;
    }
}

async fn read_authors(world: &World, db: &Db<Database>, outcome: &Outcome) {
    let reading = Reading::begin(world, outcome, "lazily").await;
    let post = |id| Post { id, user_id: Some(world.random.key()), version: 0, user: Default::default() };
    let posts: Many<Post> = (0..world.random.key()).map(post).collect();
    for post in &posts {
        reading.author(post, db).await;
    }
}

async fn read_tags(world: &World, db: &Db<Database>, outcome: &Outcome) {
    let reading = Reading::begin(world, outcome, "lazily").await;
    for user in &users(world) {
        reading.tags(user, db).await;
    }
}

async fn read_clubs(world: &World, db: &Db<Database>, outcome: &Outcome) {
    let reading = Reading::begin(world, outcome, "lazily").await;
    for user in &users(world) {
        reading.clubs(user, db).await;
    }
}

async fn read_friends(world: &World, db: &Db<Database>, outcome: &Outcome) {
    let reading = Reading::begin(world, outcome, "lazily").await;
    for user in &users(world) {
        reading.friends(user, db).await;
    }
}

async fn read_tree(world: &World, db: &Db<Database>, outcome: &Outcome) {
    let reading = Reading::begin(world, outcome, "in a tree").await;
    let users = users(world);
    if users.load(User::POSTS.with(Post::USER), db).await.is_err() {
        return outcome.failed();
    }
    for user in &users {
        if let Some(posts) = reading.posts(user, db).await {
            for post in &posts {
                reading.author(post, db).await;
            }
        }
    }
}

async fn read_joined_tree(world: &World, db: &Db<Database>, outcome: &Outcome) {
    let reading = Reading::begin(world, outcome, "in a tree").await;
    let users = users(world);
    if users.load((User::CLUBS, User::FRIENDS.with(User::TAGS)), db).await.is_err() {
        return outcome.failed();
    }
    for user in &users {
        reading.clubs(user, db).await;
        reading.friends(user, db).await;
    }
}
