//! A has_one that is one of many rows: the latest, the oldest, the one with the largest or the smallest value.

use std::ops::Deref;

use crate::{Db, block_on, database, execute, sent};
use relations_core::{ErrorKind, HasMany, HasOne, Relations};

const SCHEMA: &str = "
    CREATE TABLE users (id INTEGER PRIMARY KEY);
    CREATE TABLE logins (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, at INTEGER NOT NULL, score INTEGER);
    CREATE INDEX logins_at ON logins (user_id, at);
    CREATE INDEX logins_score ON logins (user_id, score);
    CREATE TABLE rooms (building INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (building, number));
    CREATE TABLE readings (station INTEGER NOT NULL, n INTEGER NOT NULL, building INTEGER NOT NULL,
                           room INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (station, n));
    CREATE INDEX readings_at ON readings (building, room, at);
";

#[derive(Debug, Clone, Relations)]
#[relations(table = "users")]
struct User {
    #[relations(key)]
    id: i64,
    #[has_one(latest_by = at)]
    latest: HasOne<Option<Login>>,
    #[has_one(oldest_by = at)]
    oldest: HasOne<Option<Login>>,
    #[has_one(of_many(max = score))]
    best: HasOne<Option<Login>>,
    #[has_one(of_many(min = score))]
    worst: HasOne<Option<Login>>,
    #[has_one(latest_by = at)]
    required: HasOne<Login>,
    #[has_many(order_by(score))]
    logins: HasMany<Login>,
}

#[derive(Debug, Clone, PartialEq, Relations)]
#[relations(table = "logins")]
struct Login {
    #[relations(key)]
    id: i64,
    user_id: i64,
    at: i64,
    score: Option<i64>,
}

#[derive(Debug, Relations)]
#[relations(table = "rooms")]
struct Room {
    #[relations(key)]
    building: i64,
    #[relations(key)]
    number: i64,
    #[has_one(foreign_key = (building, room), latest_by = at)]
    latest: HasOne<Option<Reading>>,
    #[has_one(foreign_key = (building, room), oldest_by = at)]
    oldest: HasOne<Option<Reading>>,
}

#[derive(Debug, Relations)]
#[relations(table = "readings")]
struct Reading {
    #[relations(key)]
    station: i64,
    #[relations(key)]
    n: i64,
    building: i64,
    room: i64,
    at: i64,
}

/// User 1 has logins that differ in everything, 2 has equals, 3 has values that are null, 4 has only such, 5 has none.
fn logins() -> Db {
    database(
        SCHEMA,
        "INSERT INTO users VALUES (1), (2), (3), (4), (5);
         INSERT INTO logins (id, user_id, at, score) VALUES
            (1, 1, 20, 7), (2, 1, 30, 8), (3, 1, 10, 9),
            (4, 2, 50, 5), (5, 2, 50, 5), (6, 2, 50, 5),
            (7, 3, 10, NULL), (8, 3, 20, 3), (9, 3, 30, 4), (10, 3, 40, NULL),
            (11, 4, 10, NULL), (12, 4, 20, NULL)",
    )
}

/// The key of a reading.
fn key(reading: Option<impl Deref<Target = Reading>>) -> Option<(i64, i64)> {
    reading.map(|reading| (reading.station, reading.n))
}

fn id(login: Option<impl Deref<Target = Login>>) -> Option<i64> {
    login.map(|login| login.id)
}

/// What each of the relations should be, for each user.
const LATEST: [Option<i64>; 5] = [Some(2), Some(6), Some(10), Some(12), None];
const OLDEST: [Option<i64>; 5] = [Some(3), Some(4), Some(7), Some(11), None];
const BEST: [Option<i64>; 5] = [Some(3), Some(6), Some(9), Some(12), None];
const WORST: [Option<i64>; 5] = [Some(1), Some(4), Some(8), Some(11), None];

#[test]
fn one_of_many_in_a_tree_is_a_statement_each_and_reads_one_row_for_each_owner_that_has_one() {
    block_on(async {
        let db = logins();
        let log = db.record();
        let query = User::query().with(User::LATEST).with(User::OLDEST).with(User::BEST).with(User::WORST);
        let users = query.all(&db).await.unwrap();
        for (at, user) in users.iter().enumerate() {
            assert_eq!(id(user.latest.get().unwrap()), LATEST[at]);
            assert_eq!(id(user.oldest.get().unwrap()), OLDEST[at]);
            assert_eq!(id(user.best.get().unwrap()), BEST[at]);
            assert_eq!(id(user.worst.get().unwrap()), WORST[at]);
        }
        let rows: Vec<_> = log.statements().iter().map(|statement| statement.rows).collect();
        assert_eq!(rows, [5, 4, 4, 4, 4]);
    });
}

#[test]
fn one_of_many_read_in_a_loop_is_one_statement_and_reads_one_row_for_each_owner_that_has_one() {
    block_on(async {
        let db = logins();
        let users = User::all(&db).await.unwrap();
        let log = db.record();
        for (at, user) in users.iter().enumerate() {
            assert_eq!(id(user.latest(&db).await.unwrap()), LATEST[at]);
            assert_eq!(id(user.oldest(&db).await.unwrap()), OLDEST[at]);
            assert_eq!(id(user.best(&db).await.unwrap()), BEST[at]);
            assert_eq!(id(user.worst(&db).await.unwrap()), WORST[at]);
        }
        let rows: Vec<_> = log.statements().iter().map(|statement| statement.rows).collect();
        assert_eq!(rows, [4, 4, 4, 4]);
    });
}

#[test]
fn one_of_many_of_a_row_alone_is_that_of_the_row_among_others() {
    block_on(async {
        let db = logins();
        for at in 0..5 {
            let user = User::find(&db, i64::try_from(at).unwrap() + 1).await.unwrap().unwrap();
            let log = db.record();
            assert_eq!(id(user.latest(&db).await.unwrap()), LATEST[at]);
            assert_eq!(id(user.oldest(&db).await.unwrap()), OLDEST[at]);
            assert_eq!(id(user.best(&db).await.unwrap()), BEST[at]);
            assert_eq!(id(user.worst(&db).await.unwrap()), WORST[at]);
            assert!(log.statements().iter().all(|statement| statement.rows == usize::from(user.id < 5)));
        }
    });
}

#[test]
fn of_equals_the_latest_has_the_largest_key_and_the_oldest_the_smallest() {
    block_on(async {
        let db = logins();
        let user = User::by_key(2).with(User::LATEST).with(User::OLDEST).one(&db).await.unwrap().unwrap();
        assert_eq!((id(user.latest.get().unwrap()), id(user.oldest.get().unwrap())), (Some(6), Some(4)));
    });
}

#[test]
fn a_row_without_a_value_is_the_one_only_where_no_row_has_a_value() {
    block_on(async {
        let db = logins();
        let users = User::query().with(User::BEST).with(User::WORST).all(&db).await.unwrap();
        let ids = |user: &User| (id(user.best.get().unwrap()), id(user.worst.get().unwrap()));
        assert_eq!(ids(&users[2]), (Some(9), Some(8)));
        assert_eq!(ids(&users[3]), (Some(12), Some(11)));
    });
}

#[test]
fn an_owner_without_rows_has_none_of_many_and_a_required_one_is_not_found() {
    block_on(async {
        let db = logins();
        let users = User::all(&db).await.unwrap();
        assert!(users[4].latest(&db).await.unwrap().is_none());
        assert!(matches!(users[4].required(&db).await.unwrap_err().kind(), ErrorKind::NotFound { .. }));
        assert_eq!(users[0].required(&db).await.unwrap().id, 2);
    });
}

#[test]
fn a_filter_on_one_of_many_chooses_among_the_rows_that_meet_it() {
    block_on(async {
        let db = logins();
        let log = db.record();
        let users = User::query().with(User::LATEST.filter(Login::SCORE.le(7))).all(&db).await.unwrap();
        let inside: Vec<_> = users.iter().map(|user| id(user.latest.get_partial().unwrap())).collect();
        assert_eq!(inside, [Some(1), Some(6), Some(9), None, None]);
        assert_eq!(log.statements()[1].rows, 3);

        let users = User::query().with(User::LATEST).all(&db).await.unwrap();
        let meets = |login: &relations_core::Row<'_, Login>| login.score.is_some_and(|score| score <= 7);
        let outside: Vec<_> = users.iter().map(|user| id(user.latest.get().unwrap().filter(meets))).collect();
        assert_eq!(outside, [None, Some(6), None, None, None]);
        assert_eq!(sent(&log), 4);
    });
}

#[test]
fn one_of_many_works_with_composite_keys_on_both_sides() {
    block_on(async {
        let db = database(
            SCHEMA,
            "INSERT INTO rooms VALUES (1, 1), (1, 2), (2, 1), (2, 2);
             INSERT INTO readings (station, n, building, room, at) VALUES
                (1, 1, 1, 1, 10), (1, 2, 1, 1, 20), (2, 1, 1, 1, 20), (2, 2, 1, 1, 10),
                (1, 3, 1, 2, 30), (1, 4, 2, 1, 40), (1, 5, 2, 1, 39)",
        );
        let log = db.record();
        let rooms = Room::query().with(Room::LATEST).with(Room::OLDEST).all(&db).await.unwrap();
        let latest: Vec<_> = rooms.iter().map(|room| key(room.latest.get().unwrap())).collect();
        assert_eq!(latest, [Some((2, 1)), Some((1, 3)), Some((1, 4)), None]);
        let oldest: Vec<_> = rooms.iter().map(|room| key(room.oldest.get().unwrap())).collect();
        assert_eq!(oldest, [Some((1, 1)), Some((1, 3)), Some((1, 5)), None]);
        let rows: Vec<_> = log.statements().iter().map(|statement| statement.rows).collect();
        assert_eq!(rows, [4, 3, 3]);
        let alone = Room::find(&db, (1, 1)).await.unwrap().unwrap();
        assert_eq!(key(alone.latest(&db).await.unwrap()), Some((2, 1)));
        assert_eq!(key(alone.oldest(&db).await.unwrap()), Some((1, 1)));
    });
}

#[test]
fn one_of_many_is_the_first_of_the_list_in_the_same_order() {
    block_on(async {
        let db = logins();
        let users = User::query().with(User::WORST).with(User::LOGINS).all(&db).await.unwrap();
        for user in &users {
            assert_eq!(id(user.worst.get().unwrap()), id(user.logins.get().unwrap().first()));
        }
        let later = User::LOGINS.order_by(Login::SCORE.desc());
        let users = User::query().with(User::BEST).with(later).all(&db).await.unwrap();
        for user in &users {
            assert_eq!(id(user.best.get().unwrap()), id(user.logins.get_partial().unwrap().first()));
        }
    });
}

#[test]
fn of_many_equals_a_loop_over_all_rows() {
    block_on(async {
        let db = database(
            SCHEMA,
            "INSERT INTO users WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60) SELECT i FROM n",
        );
        execute(
            &db,
            "INSERT INTO logins WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
             SELECT i, i * i * 7 % 53, i * 31 % 5, nullif(i * i * 3 % 4, 0) FROM n",
        );
        let logins = Login::all(&db).await.unwrap();
        let query = User::query().with(User::LATEST).with(User::OLDEST).with(User::BEST).with(User::WORST);
        let users = query.all(&db).await.unwrap();
        for user in &users {
            let own = || logins.iter().filter(|login| login.user_id == user.id);
            let scored = || own().filter(|login| login.score.is_some());
            let best = scored().max_by_key(|login| (login.score, login.id));
            let worst = scored().min_by_key(|login| (login.score, login.id));
            assert_eq!(id(user.latest.get().unwrap()), id(own().max_by_key(|login| (login.at, login.id))));
            assert_eq!(id(user.oldest.get().unwrap()), id(own().min_by_key(|login| (login.at, login.id))));
            assert_eq!(id(user.best.get().unwrap()), id(best.or_else(|| own().max_by_key(|login| login.id))));
            assert_eq!(id(user.worst.get().unwrap()), id(worst.or_else(|| own().min_by_key(|login| login.id))));
        }
    });
}
