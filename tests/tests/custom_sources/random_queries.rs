//! On random rows with nulls and dangling keys, random filters, orders and limits read from memory what SQLite reads.

use proptest::prelude::*;
use relations_core::{Filter, HasMany, Memory, Order, Relations, Sqlite, block_on};
use serde::Serialize;

use crate::copied;
use crate::world::{self, Author, Friendship, Video};
use crate::{database, execute};

#[derive(Debug, Clone, Serialize, Relations)]
#[relations(table = "shelves")]
struct Shelf {
    #[relations(key)]
    id: i64,
    #[has_many]
    things: HasMany<Thing>,
}

#[derive(Debug, Clone, Serialize, Relations)]
#[relations(table = "things")]
struct Thing {
    #[relations(key)]
    id: i64,
    shelf_id: Option<i64>,
    size: Option<f64>,
    name: Option<String>,
    seen: bool,
}

const SCHEMA: &str = "
    CREATE TABLE shelves (id INTEGER PRIMARY KEY);
    CREATE TABLE things (id INTEGER PRIMARY KEY, shelf_id INTEGER, size REAL, name TEXT, seen INTEGER NOT NULL);
    INSERT INTO shelves VALUES (1), (2), (3);";

fn things() -> impl Strategy<Value = Vec<Thing>> {
    let size = prop::option::of(prop_oneof![Just(0.5), Just(1.0), Just(2.5)]);
    let thing = (prop::option::of(1..5_i64), size, prop::option::of("[aAbB%_é]{0,3}"), any::<bool>());
    prop::collection::vec(thing, 0..12).prop_map(|things| {
        let thing = |(id, (shelf_id, size, name, seen))| Thing { id, shelf_id, size, name, seen };
        (1..).zip(things).map(thing).collect()
    })
}

fn filter() -> impl Strategy<Value = Filter<Thing>> {
    let id = -1..6_i64;
    let leaf = prop_oneof![
        (prop::option::of(id.clone()), 0..6).prop_map(|(id, how)| match how {
            0 => Thing::SHELF_ID.eq(id),
            1 => Thing::SHELF_ID.ne(id),
            2 => Thing::SHELF_ID.lt(id),
            3 => Thing::SHELF_ID.le(id),
            4 => Thing::SHELF_ID.gt(id),
            _ => Thing::SHELF_ID.ge(id),
        }),
        prop::collection::vec(prop::option::of(id), 0..3).prop_map(|ids| Thing::SHELF_ID.is_in(ids)),
        (0..3_i64, 0..3_i64).prop_map(|(low, high)| Thing::SIZE.between(low as f64, high as f64)),
        "[aAb%_é]{0,4}".prop_map(|pattern| Thing::NAME.like(pattern)),
        "[aAbB]{0,2}".prop_map(|name| Thing::NAME.ge(name)),
        any::<bool>().prop_map(|seen| Thing::SEEN.eq(seen)),
        Just(Thing::NAME.is_null()),
        Just(Thing::SIZE.is_not_null()),
    ];
    leaf.prop_recursive(3, 8, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(left, right)| left.and(right)),
            (inner.clone(), inner.clone()).prop_map(|(left, right)| left.or(right)),
            inner.prop_map(|filter| !filter),
        ]
    })
}

fn order() -> impl Strategy<Value = Vec<Order<Thing>>> {
    let term = (0..4, any::<bool>()).prop_map(|(column, descending)| match (column, descending) {
        (0, false) => Thing::SHELF_ID.asc(),
        (0, true) => Thing::SHELF_ID.desc(),
        (1, false) => Thing::SIZE.asc(),
        (1, true) => Thing::SIZE.desc(),
        (2, false) => Thing::NAME.asc(),
        (2, true) => Thing::NAME.desc(),
        (_, false) => Thing::SEEN.asc(),
        (_, true) => Thing::SEEN.desc(),
    });
    prop::collection::vec(term, 0..3)
}

fn stored(things: &[Thing]) -> Sqlite {
    let db = database(SCHEMA, "");
    let things = things.to_vec();
    let insert = db.connection(move |c| {
        let mut insert = c.prepare("INSERT INTO things VALUES (?1, ?2, ?3, ?4, ?5)")?;
        for Thing { id, shelf_id, size, name, seen, .. } in &things {
            insert.execute((id, shelf_id, size, name, seen))?;
        }
        Ok(())
    });
    block_on(insert).unwrap();
    db
}

fn text(read: &impl Serialize) -> String {
    serde_json::to_string(read).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn queries_and_trees_are_the_same(
        things in things(),
        filter in filter(),
        order in order(),
        limit in prop::option::of(0..5_u32),
        offset in 0..3_u32,
    ) {
        let sqlite = stored(&things);
        let memory = copied!(&sqlite; Shelf, Thing);
        macro_rules! both {
            ($db:ident => $read:expr) => {{
                let of_sqlite = { let $db = &sqlite; block_on($read).unwrap() };
                let of_memory = { let $db = &memory; block_on($read).unwrap() };
                prop_assert_eq!(text(&of_memory), text(&of_sqlite));
            }};
        }
        let query = || {
            // The last term settles the order of all: without it, rows come as each finds them.
            let terms = order.iter().cloned().chain([Thing::ID.asc()]);
            terms.fold(Thing::query().filter(filter.clone()).offset(offset.into()), |query, term| query.order_by(term))
        };
        let query = || match limit {
            Some(rows) => query().limit(rows.into()),
            None => query(),
        };
        both!(db => query().all(db));
        both!(db => query().count(db));
        let relation = || {
            let relation = order.iter().fold(Shelf::THINGS.filter(filter.clone()), |all, term| all.order_by(term.clone()));
            let relation = relation.offset(offset);
            match limit {
                Some(rows) => relation.limit(rows),
                None => relation,
            }
        };
        both!(db => Shelf::query().with(relation()).all(db));
        both!(db => Shelf::query().filter(Shelf::THINGS.any(filter.clone())).all(db));
        both!(db => async { Shelf::all(db).await?.counts(relation(), db).await });
        both!(db => async { Shelf::all(db).await?.sum(relation(), Thing::SIZE, db).await });
        both!(db => async { Shelf::all(db).await?.max(relation(), Thing::NAME, db).await });
        both!(db => async { Shelf::all(db).await?.avg(relation(), Thing::SIZE, db).await });
    }

    #[test]
    fn all_kinds_of_relations_are_the_same(
        mentors in prop::collection::vec(prop::option::of(1..8_i64), 1..6),
        authors in prop::collection::vec(prop::option::of(1..8_i64), 0..8),
        comments in prop::collection::vec((prop_oneof![Just("post"), Just("video"), Just("photo")], 1..6_i64), 0..8),
        post_tags in prop::collection::vec((1..9_i64, 1..5_i64), 0..10),
        friendships in prop::collection::vec((1..7_i64, 1..7_i64), 0..8),
        count in 0..4_u64,
    ) {
        let sqlite = database(world::SCHEMA, "INSERT INTO videos VALUES (1, 1), (2, NULL); INSERT INTO tags VALUES (1), (2), (4)");
        let key = |key: &Option<i64>| key.map_or("NULL".to_owned(), |key| key.to_string());
        let mut rows = String::new();
        for (id, mentor) in (1..).zip(&mentors) {
            rows += &format!("INSERT INTO authors VALUES ({id}, {});", key(mentor));
        }
        for (id, author) in (1..).zip(&authors) {
            rows += &format!("INSERT INTO posts VALUES ({id}, {});", key(author));
        }
        for (id, (of, to)) in (1..).zip(&comments) {
            rows += &format!("INSERT INTO comments VALUES ({id}, '{of}', {to});");
        }
        for (post, tag) in &post_tags {
            rows += &format!("INSERT INTO post_tags VALUES ({post}, {tag});");
        }
        for (id, (one, other)) in (1..).zip(&friendships) {
            rows += &format!("INSERT INTO friendships VALUES ({id}, {one}, {other});");
        }
        execute(&sqlite, &rows);
        let memory: Memory = copied!(&sqlite; Author, world::Post, Video, world::Comment, world::Tag, Friendship)
            .joined(world::Post::TAGS, post_tags);
        macro_rules! both {
            ($db:ident => $read:expr) => {{
                let of_sqlite = { let $db = &sqlite; block_on($read).unwrap() };
                let of_memory = { let $db = &memory; block_on($read).unwrap() };
                prop_assert_eq!(of_memory, of_sqlite);
            }};
        }
        macro_rules! ids {
            ($rows:expr) => { $rows.iter().map(|row| row.id).collect::<Vec<_>>() };
        }
        both!(db => async {
            let mut all = Vec::new();
            for author in &Author::all(db).await? {
                let posts = author.posts(db).await?;
                all.push((author.id, ids!(posts), ids!(author.friends(db).await?), ids!(author.tags(db).await?)));
                all.push((0, ids!(author.discussed(db).await?), ids!(author.students(db).await?), vec![]));
                all.push((0, ids!(author.lesson(db).await?), ids!(author.latest(db).await?), ids!(author.mentor(db).await?)));
                for post in &posts {
                    all.push((post.id, ids!(post.tags(db).await?), ids!(post.comments(db).await?), vec![]));
                }
            }
            Ok::<_, relations_core::Error>(all)
        });
        both!(db => async { Ok::<_, relations_core::Error>(ids!(Author::query().filter(Author::TAGS.exists()).all(db).await?)) });
        both!(db => async {
            let filter = Author::FRIENDS.count(Author::POSTS.exists()).ge(count);
            Ok::<_, relations_core::Error>(ids!(Author::query().filter(filter).all(db).await?))
        });
        both!(db => async {
            let filter = world::Post::TAGS.count_all().eq(count).or(world::Post::COMMENTS.count_all().gt(count));
            Ok::<_, relations_core::Error>(ids!(world::Post::query().filter(filter).all(db).await?))
        });
        both!(db => async { world::Post::all(db).await?.counts(world::Post::TAGS, db).await });
        both!(db => async { Author::all(db).await?.sum(Author::FRIENDS, Author::ID, db).await });
    }
}
