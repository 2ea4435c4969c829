//! Models of one tree in two databases, which have the same tables: each holds the rows of some, and other rows in the
//! tables of the rest. Each test's name is the sentence it proves.

mod caching;
mod conditions;
mod eager;
mod inheritance;
mod join_tables;
mod lazy;
mod members;
mod model;
mod polymorphic;
mod queries;
mod random;
mod through;

use relations_core::{Sources, Sqlite, StatementLog};
use relations_tests::{database, relations};

use model::{Comment, Post, PostTag, Profile, SCHEMA, Tag, Tagging, User, Video};

/// Two databases. The plain tables between them, `readings`, and `friendships` among users are in the first.
#[derive(Clone, Sources)]
struct App {
    #[holds(User, Comment, Video, PostTag, Tagging)]
    main: Sqlite,
    #[holds(Post, Tag, Profile)]
    other: Sqlite,
}

/// The tables of the second database.
const OTHER: [&str; 3] = ["posts", "tags", "profiles"];

/// Values of rows by their tables.
type Rows = Vec<(&'static str, String)>;

/// Ann leads Bob, who leads Cid. Post 1 and video 1 have two comments each. Post 1 has the tags rust and sql, post 2 sql
/// twice and one that does not exist.
fn rows() -> Rows {
    let rows = [
        ("users", "(1, 'Ann', NULL), (2, 'Bob', 1), (3, 'Cid', 2)"),
        ("profiles", "(1, 2, 'reads a lot')"),
        ("posts", "(1, 1, 'one', 10), (2, 1, 'two', 30), (3, 2, 'three', 20), (4, 9, 'nobody''s', 5)"),
        ("videos", "(1, 'first'), (2, 'second')"),
        (
            "comments",
            "(1, 'post', 1, 2), (2, 'post', 1, 3), (3, 'video', 1, 1), (4, 'post', 2, 2), (5, 'video', 1, 3), \
             (6, 'post', 99, 1), (7, 'photo', 1, 1)",
        ),
        ("tags", "(1, 'rust'), (2, 'sql'), (3, 'async')"),
        ("post_tags", "(1, 1, 1, 5), (2, 1, 2, 3), (3, 2, 2, 9), (4, 2, 99, 7), (5, 2, 2, 1), (6, 3, 3, 2)"),
        (
            "taggings",
            "(1, 1, 'post', 1), (2, 2, 'video', 1), (3, 3, 'photo', 1), (4, 2, 'post', 2), (5, 3, 'video', 2)",
        ),
        ("readings", "(1, 2), (1, 3), (3, 3), (9, 1)"),
        ("friendships", "(1, 2), (3, 1)"),
    ];
    rows.map(|(table, values)| (table, values.to_owned())).into()
}

/// Other rows with the same keys, and some more of each.
fn decoys() -> Rows {
    let rows = [
        ("users", "(1, 'no', 3), (2, 'no', 3), (3, 'no', NULL), (9, 'no', 1)"),
        ("profiles", "(1, 1, 'no'), (2, 3, 'no')"),
        ("posts", "(1, 2, 'no', 1), (2, 2, 'no', 1), (3, 3, 'no', 1), (99, 1, 'no', 1)"),
        ("videos", "(1, 'no'), (3, 'no')"),
        ("comments", "(1, 'video', 1, 1), (2, 'post', 2, 1), (8, 'post', 1, 1)"),
        ("tags", "(1, 'no'), (2, 'no'), (99, 'no')"),
        ("post_tags", "(1, 3, 3, 1), (2, 2, 1, 1), (7, 1, 3, 1)"),
        ("taggings", "(1, 3, 'video', 1), (6, 3, 'post', 1)"),
        ("readings", "(1, 1), (3, 2)"),
        ("friendships", "(2, 3)"),
    ];
    rows.map(|(table, values)| (table, values.to_owned())).into()
}

/// One database of these rows.
fn together(rows: &Rows) -> Sqlite {
    database(SCHEMA, &inserts(rows.iter()))
}

/// Two databases of these rows, each with others in the tables that the other one holds.
fn apart(rows: &Rows, decoys: &Rows) -> App {
    let of = |is_other: bool| {
        let holds = |table: &str| OTHER.contains(&table) == is_other;
        let held = rows.iter().filter(|(table, _)| holds(table));
        database(SCHEMA, &inserts(held.chain(decoys.iter().filter(|(table, _)| !holds(table)))))
    };
    App { main: of(false), other: of(true) }
}

fn inserts<'a>(rows: impl Iterator<Item = &'a (&'static str, String)>) -> String {
    rows.map(|(table, values)| format!("INSERT INTO {table} VALUES {values};")).collect()
}

/// The fixture.
fn app() -> App {
    apart(&rows(), &decoys())
}

/// The statements of each database.
fn record(app: &App) -> [StatementLog; 2] {
    [app.main.record(), app.other.record()]
}

/// What each log's statements were sent for, in order.
fn sent_for(logs: &[StatementLog; 2]) -> [Vec<String>; 2] {
    logs.each_ref().map(|log| relations(log).into_iter().map(|(relation, _)| relation).collect())
}
