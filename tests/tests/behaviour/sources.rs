//! The SQLite source: threads and inline, lending connections, recording statements.

use relations_core::{ErrorKind, Relations, Sqlite, block_on};
use relations_tests::blog::{self, Comment, Post, User};
use relations_tests::{execute, sent};

fn file() -> (tempfile::TempDir, Sqlite) {
    let folder = tempfile::tempdir().unwrap();
    let db = Sqlite::open(folder.path().join("blog.db")).unwrap();
    execute(&db, blog::SCHEMA);
    execute(&db, blog::ROWS);
    (folder, db)
}

#[test]
fn threads_and_inline_give_the_same() {
    let (_folder, db) = file();
    block_on(async {
        let tree = || User::query().with(User::POSTS.with(Post::COMMENTS.with(Comment::USER)));
        let threads = tree().all(&db).await.unwrap();
        let inline = tree().all(&db.inline()).await.unwrap();
        assert_eq!(serde_json::to_string(&threads).unwrap(), serde_json::to_string(&inline).unwrap());
    });
}

#[test]
fn rows_read_by_one_handle_read_their_relations_by_another() {
    let (_folder, db) = file();
    block_on(async {
        let users = User::all(&db).await.unwrap();
        assert_eq!(users[0].posts(&db.inline()).await.unwrap().len(), 2);
    });
}

#[test]
fn a_runtime_is_not_needed() {
    let (_folder, db) = file();
    assert_eq!(block_on(User::all(&db)).unwrap().len(), 3);
    assert_eq!(block_on(User::all(&db.inline())).unwrap().len(), 3);
}

#[test]
fn a_lent_connection_runs_sql_of_ones_own() {
    let (_folder, db) = file();
    block_on(async {
        let id = db
            .connection(|c| {
                let transaction = c.transaction()?;
                transaction.execute("INSERT INTO users (name) VALUES (?1)", ["Dan"])?;
                let id = transaction.last_insert_rowid();
                transaction.commit()?;
                Ok(id)
            })
            .await
            .unwrap();
        assert_eq!(User::find(&db, id).await.unwrap().unwrap().name, "Dan");
    });
}

#[test]
fn sql_of_ones_own_that_fails_says_which_database() {
    let (_folder, db) = file();
    let error = block_on(db.connection(|c| c.execute_batch("SELECT nonsense"))).unwrap_err();
    assert!(error.to_string().contains("blog.db"), "{error}");
    assert!(error.to_string().contains("no such column: nonsense"), "{error}");
}

#[test]
fn a_transaction_left_open_is_rolled_back_and_said() {
    for db in [blog::db(), file().1] {
        let open = db.connection(|c| c.execute_batch("BEGIN; DELETE FROM users"));
        let error = block_on(open).unwrap_err();
        assert!(error.to_string().contains("a transaction was left open"), "{error}");
        assert_eq!(block_on(User::all(&db)).unwrap().len(), 3);
    }
}

#[test]
fn reading_inside_a_lent_connection_does_not_hang() {
    let db = blog::db();
    let again = db.clone();
    let outcome = block_on(db.connection(move |_| Ok(block_on(User::all(&again)))));
    let error = outcome.unwrap().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Reentrant), "{error:?}");
    assert_eq!(block_on(User::all(&db)).unwrap().len(), 3);
}

#[test]
fn a_panic_in_a_types_own_decoding_is_an_error_and_the_database_goes_on() {
    use rusqlite::types::{FromSql, FromSqlResult, ValueRef};

    #[derive(Debug)]
    struct Fragile;

    impl FromSql for Fragile {
        fn column_result(_: ValueRef<'_>) -> FromSqlResult<Self> {
            panic!("this type panics on purpose")
        }
    }

    #[derive(Debug, Relations)]
    #[relations(table = "users")]
    struct Victim {
        #[relations(key)]
        id: i64,
        name: Fragile,
    }

    let (_folder, db) = file();
    for _ in 0..5 {
        let error = block_on(Victim::all(&db)).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Closed), "{error:?}");
        assert_eq!(block_on(User::all(&db)).unwrap().len(), 3);
    }
}

#[test]
fn a_log_holds_what_was_sent_while_it_lived() {
    let (_folder, db) = file();
    block_on(async {
        let log = db.record();
        let users = User::all(&db.inline()).await.unwrap();
        users[0].posts(&db).await.unwrap();
        let statements = log.statements();
        assert_eq!(sent(&log), 2);
        assert_eq!(statements[1].relation.as_deref(), Some("User.posts"));
        assert_eq!((statements[1].keys, statements[1].rows), (3, 3));
        assert!(statements[1].sql.contains(r#"FROM "posts""#));
        let second = db.record();
        User::all(&db).await.unwrap();
        assert_eq!((sent(&log), sent(&second)), (3, 1));
        drop(log);
        User::all(&db).await.unwrap();
        assert_eq!(sent(&second), 2);
    });
}

#[test]
fn many_tasks_share_few_connections() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let db = Sqlite::builder(folder.path().join("blog.db")).connections(2).open().unwrap();
    execute(&db, blog::SCHEMA);
    execute(&db, blog::ROWS);
    runtime.block_on(async {
        let tasks: Vec<_> = (0..200)
            .map(|at| {
                let db = if at % 2 == 0 { db.clone() } else { db.inline() };
                tokio::spawn(async move { User::query().with(User::POSTS).all(&db).await.unwrap().len() })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await.unwrap(), 3);
        }
    });
}

#[test]
fn several_databases_are_several_sources() {
    let (one, two) = (blog::db(), blog::db());
    execute(&two, "UPDATE users SET name = name || ' the second'; DELETE FROM posts WHERE id = 2");
    block_on(async {
        let (log_one, log_two) = (one.record(), two.record());
        let users = User::all(&two).await.unwrap();
        assert_eq!(users[0].posts(&two).await.unwrap().len(), 1);
        assert_eq!((sent(&log_one), sent(&log_two)), (0, 2));
        let users = User::all(&one).await.unwrap();
        assert_eq!(users[0].posts(&two).await.unwrap().len(), 1, "a relation is read from where it is told");
    });
}
