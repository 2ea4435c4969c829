//! Sources of one's own, and the one in memory. Each test's name is the sentence it proves.

mod failures;
mod fetching;
mod join_tables;
mod library;
mod memory;
mod memory_and_sqlite;
mod narrowing;
mod random_queries;

relations_tests::on_source!(relations_core::Sqlite);

/// A source in memory with the rows that a database has of these models.
macro_rules! copied {
    ($db:expr; $($model:ty),+) => {
        relations_core::Memory::new()
            $(.with(relations_core::block_on(<$model>::all($db)).unwrap().iter().cloned().collect::<Vec<_>>()))+
    };
}

/// Reads by the same expressions from two sources: the same rows, by statements of the same relations, keys and rows.
macro_rules! same {
    ($one:expr, $other:expr; $db:ident: $($read:expr),+ $(,)?) => {
        $({
            let expected = { let $db = &$one; crate::outcome!($db, $read) };
            let found = { let $db = &$other; crate::outcome!($db, $read) };
            assert_eq!(found, expected, "{}", stringify!($read));
        })+
    };
}

macro_rules! outcome {
    ($db:ident, $read:expr) => {{
        let log = $db.record();
        let read = relations_core::block_on(async { serde_json::to_string_pretty(&$read.await.unwrap()).unwrap() });
        let sent = log.statements().iter().map(|it| (it.name().to_owned(), it.keys, it.rows)).collect::<Vec<_>>();
        (read, sent)
    }};
}

pub(crate) use {copied, outcome, same};
