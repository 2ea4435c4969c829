//! Users in a database, and their profiles from a service on the network, which gives those of a list of users and cannot
//! give all. A small trait says what can be fetched; batches, errors and the cache are those of any other source.
//! `cargo run --example remote_service`
//!
//! It prints:
//! ```text
//! == A loop over users is one request
//! GET /profiles?user_ids=1,2,3,4
//! Ada: wrote the first program
//! Grace: found a moth
//! Alan: ran for the train
//! Cid: no profile
//!
//! == With a cache, nobody is asked for twice
//! GET /profiles?user_ids=1,2
//! GET /profiles?user_ids=3,4
//! 4 hits, 4 misses
//!
//! == Who is private fails alone
//! GET /profiles?user_ids=1,5
//! Ada: wrote the first program
//! Eve: User.profile (`Profile`): the source failed for the key 5: 403 Forbidden
//!
//! == What the service cannot do is an error before any request
//! `Profile`: the source cannot fetch rows by `id`; it can by `user_id`; name what else it can in its `Fetch::BY`
//!
//! == A service that is down is an error, until it is up again
//! GET /profiles?user_ids=1
//! User.profile (`Profile`): the source failed: 503 Service Unavailable
//! GET /profiles?user_ids=1
//! Ada: wrote the first program
//! ```

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

use relations_core::source::{By, Fetched, Lookup};
use relations_core::{
    BelongsTo, CacheConfig, CustomSource, Db, Fetch, HasOne, Many, Relations, Result, Sqlite, block_on,
};

#[derive(Debug, Clone, Relations)]
#[relations(table = "users")]
pub struct User {
    #[relations(key)]
    pub id: i64,
    pub name: String,
    #[has_one]
    pub profile: HasOne<Option<Profile>>,
}

#[derive(Debug, Clone, Relations)]
pub struct Profile {
    #[relations(key)]
    pub id: i64,
    pub user_id: i64,
    pub text: String,
    #[belongs_to]
    pub user: BelongsTo<User>,
}

/// Stands for a client of the service: it prints what it would send.
#[derive(Default)]
pub struct Client {
    is_down: AtomicBool,
}

/// What the service sends for each user.
struct Answer {
    user_id: i64,
    profile: Result<(i64, &'static str), Status>,
}

/// What went wrong, as HTTP says it.
#[derive(Debug, Clone, Copy)]
pub struct Status(u16, &'static str);

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0, self.1)
    }
}

impl std::error::Error for Status {}

impl Client {
    async fn profiles(&self, users: &[i64]) -> Result<Vec<Answer>, Status> {
        let ids: Vec<_> = users.iter().map(i64::to_string).collect();
        println!("GET /profiles?user_ids={}", ids.join(","));
        if self.is_down.load(Ordering::Relaxed) {
            return Err(Status(503, "Service Unavailable"));
        }
        let answer = |&user_id: &i64| {
            let profile = match user_id {
                1 => Ok((11, "wrote the first program")),
                2 => Ok((12, "found a moth")),
                3 => Ok((13, "ran for the train")),
                5 => Err(Status(403, "Forbidden")),
                _ => return None,
            };
            Some(Answer { user_id, profile })
        };
        Ok(users.iter().filter_map(answer).collect())
    }
}

/// All that is written for the service: profiles by their users.
impl Fetch<Profile, i64> for Client {
    type Error = Status;
    const BY: &'static [By<Profile, i64>] = &[By::column(Profile::USER_ID)];

    async fn fetch(&self, lookup: Lookup<Profile, i64>) -> Result<Fetched<Profile, i64>, Status> {
        let mut fetched = Fetched::default();
        for Answer { user_id, profile } in self.profiles(&lookup.keys).await? {
            match profile {
                Ok((id, text)) => {
                    fetched.push(Profile { id, user_id, text: text.to_owned(), user: BelongsTo::default() });
                }
                Err(status) => fetched.fail(user_id, status),
            }
        }
        Ok(fetched)
    }
}

const USERS: &str = "
    CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    INSERT INTO users VALUES (1, 'Ada'), (2, 'Grace'), (3, 'Alan'), (4, 'Cid'), (5, 'Eve');";

fn main() -> Result<()> {
    let db = Sqlite::memory()?;
    let service = CustomSource::new(Client::default());
    block_on(async {
        db.connection(|connection| connection.execute_batch(USERS)).await?;

        println!("== A loop over users is one request");
        print(&users(&db, &[1, 2, 3, 4]).await?, &service).await;

        println!("\n== With a cache, nobody is asked for twice");
        let cached = Db::builder(service.clone()).cache(CacheConfig::default()).build()?;
        for page in [[1, 2], [3, 4], [2, 3], [4, 1]] {
            for user in &users(&db, &page).await? {
                user.profile(&cached).await?;
            }
        }
        let stats = cached.cache().stats(User::PROFILE);
        println!("{} hits, {} misses", stats.hits, stats.misses);

        println!("\n== Who is private fails alone");
        print(&users(&db, &[1, 5]).await?, &service).await;

        println!("\n== What the service cannot do is an error before any request");
        if let Err(error) = Profile::find(&service, 11).await {
            println!("{error}");
        }

        println!("\n== A service that is down is an error, until it is up again");
        let ada = users(&db, &[1]).await?;
        service.fetcher().is_down.store(true, Ordering::Relaxed);
        if let Err(error) = ada[0].profile(&service).await {
            println!("{error}");
        }
        service.fetcher().is_down.store(false, Ordering::Relaxed);
        print(&ada, &service).await;
        Ok(())
    })
}

async fn users(db: &Sqlite, ids: &[i64]) -> Result<Many<User>> {
    User::query().filter(User::ID.is_in(ids)).order_by(User::ID.asc()).all(db).await
}

/// Prints the users with their profiles, or why these cannot be had.
async fn print(users: &Many<User>, service: &CustomSource<Client>) {
    for user in users {
        match user.profile(service).await {
            Ok(Some(profile)) => println!("{}: {}", user.name, profile.text),
            Ok(None) => println!("{}: no profile", user.name),
            Err(error) => println!("{}: {error}", user.name),
        }
    }
}
