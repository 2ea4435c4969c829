//! Bad input: a typed error that names model, relation and column; nothing lost, nothing silently empty, no panic.

use relations_core::{BelongsTo, ErrorKind, Fault, HasMany, Relations, Sqlite, SqliteBuilder, block_on};
use relations_tests::blog::{self, Post, User};
use relations_tests::{database, execute, sent};

#[derive(Debug, Clone, Relations)]
#[relations(table = "authors")]
struct Author {
    #[relations(key)]
    id: i64,
    #[has_many]
    books: HasMany<Book>,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "books")]
struct Book {
    #[relations(key)]
    id: i64,
    author_id: i64,
    #[relations(column = "page_count")]
    pages: i64,
    #[belongs_to]
    author: BelongsTo<Option<Author>>,
}

const AUTHORS: &str = "CREATE TABLE authors (id INTEGER PRIMARY KEY); INSERT INTO authors VALUES (1), (2), (3);";

#[test]
fn a_missing_table_names_the_model_the_relation_and_the_table() {
    block_on(async {
        let db = database(AUTHORS, "");
        let authors = Author::all(&db).await.unwrap();
        let error = authors[0].books(&db).await.unwrap_err();
        let ErrorKind::Statement { model, table, fault, .. } = error.kind() else { panic!("{error}") };
        assert_eq!((*model, *table, *fault), ("Book", "books", Fault::MissingTable));
        assert_eq!(
            error.to_string(),
            "Author.books (`Book`): the table does not exist: no such table: books; \
             create the table `books` or correct `#[relations(table = ..)]`"
        );
        let error = Author::query().with(Author::BOOKS).all(&db).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Statement { fault: Fault::MissingTable, .. }));
        let error = Book::all(&db).await.unwrap_err();
        assert!(error.to_string().starts_with("`Book`: the table does not exist"), "{error}");
    });
}

#[test]
fn a_missing_column_is_an_error_and_never_a_text() {
    block_on(async {
        let db = database(AUTHORS, "CREATE TABLE books (id INTEGER PRIMARY KEY, author_id INTEGER, pages INTEGER)");
        let authors = Author::all(&db).await.unwrap();
        let error = authors[0].books(&db).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Statement { fault: Fault::MissingColumn, .. }), "{error:?}");
        let text = error.to_string();
        assert!(text.starts_with("Author.books (`Book`): a column does not exist: no such column: books.page_count"));
        assert!(text.ends_with("correct `#[relations(column = ..)]`"), "{text}");
        let log = db.record();
        assert!(authors[1].books(&db).await.is_err());
        assert_eq!(sent(&log), 0, "a statement that was refused gave no rows");
    });
}

#[test]
fn a_row_that_does_not_decode_fails_its_own_owner_only() {
    block_on(async {
        let db = database(
            AUTHORS,
            "CREATE TABLE books (id INTEGER PRIMARY KEY, author_id INTEGER, page_count);
             INSERT INTO books VALUES (1, 1, 100), (2, 2, 'many'), (3, 2, 5), (4, 3, NULL), (5, 3, 7)",
        );
        let check = |error: &relations_core::Error| {
            let ErrorKind::Decode { model, column, field, key, .. } = error.kind() else { panic!("{error}") };
            assert_eq!((*model, *column, *field, key.as_deref()), ("Book", "page_count", "pages", Some("2")));
            assert_eq!(
                error.to_string(),
                "Author.books (`Book`): column `page_count` does not decode into `Book.pages: i64` \
                 in a row looked up by 2: it holds text"
            );
        };
        let lazy = Author::all(&db).await.unwrap();
        let log = db.record();
        assert_eq!(lazy[0].books(&db).await.unwrap().len(), 1);
        check(&lazy[1].books(&db).await.unwrap_err());
        let null = lazy[2].books(&db).await.unwrap_err().to_string();
        assert!(null.ends_with("it is null; make the field an `Option`"), "{null}");
        assert_eq!(sent(&log), 1, "a row known to fail is not read again");

        let eager = Author::query().with(Author::BOOKS).all(&db).await.unwrap();
        assert_eq!(eager[0].books.get().unwrap().len(), 1);
        let not_loaded = eager[1].books.get().unwrap_err();
        check(not_loaded.error().unwrap());
        check(&eager[1].books(&db).await.unwrap_err());

        let alone = Author::find(&db, 2).await.unwrap().unwrap();
        check(&alone.books(&db).await.unwrap_err());
        execute(&db, "UPDATE books SET page_count = 9 WHERE id = 2");
        assert!(alone.books(&db).await.is_err());
        alone.books.clear();
        assert_eq!(alone.books(&db).await.unwrap().len(), 2, "cleared, it is read again");
    });
}

#[test]
fn a_row_that_does_not_decode_in_a_query_is_an_error() {
    block_on(async {
        let db = database(
            AUTHORS,
            "CREATE TABLE books (id INTEGER PRIMARY KEY, author_id INTEGER, page_count);
             INSERT INTO books VALUES (1, 1, 100), (2, 2, 'many')",
        );
        let error = Book::all(&db).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "`Book`: column `page_count` does not decode into `Book.pages: i64`: it holds text"
        );
        assert!(Book::find(&db, 2).await.is_err());
        assert_eq!(Book::find(&db, 1).await.unwrap().unwrap().pages, 100);
    });
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "select \"from\" `where`")]
struct Hostile {
    #[relations(key, column = "order")]
    id: i64,
    #[relations(column = "a\"b'; DROP TABLE x; --")]
    quoted: String,
    #[relations(column = "größe ?1")]
    r#type: Option<i64>,
    #[belongs_to(foreign_key = r#type)]
    r#loop: BelongsTo<Option<Hostile>>,
    #[has_many(foreign_key = r#type, order_by(quoted desc))]
    group: HasMany<Hostile>,
}

#[test]
fn hostile_names_are_quoted() {
    block_on(async {
        let db = database(
            "CREATE TABLE \"select \"\"from\"\" `where`\" (
                \"order\" INTEGER PRIMARY KEY, \"a\"\"b'; DROP TABLE x; --\" TEXT, \"größe ?1\" INTEGER)",
            "INSERT INTO \"select \"\"from\"\" `where`\" VALUES (1, 'x', NULL), (2, 'y', 1), (3, 'z', 1)",
        );
        let rows = Hostile::query()
            .filter(Hostile::QUOTED.ne("no").and(Hostile::TYPE.is_null()))
            .order_by(Hostile::QUOTED.asc())
            .with(Hostile::GROUP.limit(5).with(Hostile::LOOP))
            .all(&db)
            .await
            .unwrap();
        let group = rows[0].group.get_partial().unwrap();
        assert_eq!(group.iter().map(|row| row.quoted.as_str()).collect::<Vec<_>>(), ["z", "y"]);
        assert_eq!(group[0].r#loop(&db).await.unwrap().unwrap().id, 1);
        assert_eq!(rows[0].group(&db).await.unwrap().len(), 2);
    });
}

#[test]
fn a_file_that_is_no_database_is_refused_when_opened() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("letter.txt");
    std::fs::write(&path, "Dear reader, this is no database. ".repeat(100)).unwrap();
    let error = Sqlite::open(&path).unwrap_err();
    let ErrorKind::Connection { fault, action, .. } = error.kind() else { panic!("{error}") };
    assert_eq!(*fault, Fault::Corrupt);
    assert!(action.contains("letter.txt"), "{error}");
    let error = Sqlite::open(folder.path().join("no/such/folder/x.db")).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Connection { fault: Fault::CannotOpen, .. }), "{error:?}");
    let error = Sqlite::builder(folder.path().join("new.db")).read_only().open().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Connection { fault: Fault::CannotOpen, .. }), "{error:?}");
}

#[test]
fn a_damaged_file_is_an_error_of_the_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("blog.db");
    {
        let db = Sqlite::builder(&path).inline().open().unwrap();
        execute(&db, blog::SCHEMA);
        execute(
            &db,
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
             INSERT INTO users SELECT i, 'a name of some length ' || i FROM n; PRAGMA wal_checkpoint(TRUNCATE);",
        );
    }
    let mut bytes = std::fs::read(&path).unwrap();
    let half = bytes.len() / 2;
    bytes[half..].fill(0xA5);
    std::fs::write(&path, bytes).unwrap();
    block_on(async {
        let db = Sqlite::builder(&path).inline().open().unwrap();
        let error = User::all(&db).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Statement { model: "User", fault: Fault::Corrupt, .. }), "{error:?}");
    });
}

#[test]
fn a_read_only_database_reads_and_refuses_to_write() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("blog.db");
    {
        let db = Sqlite::builder(&path).inline().open().unwrap();
        execute(&db, blog::SCHEMA);
        execute(&db, blog::ROWS);
    }
    block_on(async {
        let db = Sqlite::builder(&path).read_only().open().unwrap();
        let users = User::query().with(User::POSTS).all(&db).await.unwrap();
        assert_eq!(users[0].posts.get().unwrap().len(), 2);
        let error = db.connection(|c| c.execute_batch("DELETE FROM users")).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Connection { fault: Fault::ReadOnly, .. }), "{error:?}");
    });
}

#[test]
fn a_locked_database_is_busy_and_recovers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("blog.db");
    let timeout = std::time::Duration::from_millis(20);
    let db = Sqlite::builder(&path).busy_timeout(timeout).inline().open().unwrap();
    execute(&db, blog::SCHEMA);
    execute(&db, blog::ROWS);
    // Readers of a WAL database are never locked out, so this one goes back to a rollback journal.
    execute(&db, "PRAGMA journal_mode = DELETE");
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    block_on(async {
        let error = User::query().with(User::POSTS).all(&db).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Statement { fault: Fault::Busy, .. }), "{error:?}");
        assert!(error.to_string().ends_with("try again, or raise `busy_timeout`"), "{error}");
        other.execute_batch("ROLLBACK").unwrap();
        assert_eq!(User::query().with(User::POSTS).all(&db).await.unwrap().len(), 3);
    });
}

#[test]
fn settings_of_zero_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let builder = || Sqlite::builder(folder.path().join("x.db"));
    let cases: [(SqliteBuilder, &str); 3] = [
        (builder().batch_limit(0), "batch_limit = 0: give at least 1"),
        (builder().keys_per_statement(0), "keys_per_statement = 0: give at least 1"),
        (builder().connections(0), "connections = 0: give at least 1"),
    ];
    for (builder, message) in cases {
        assert_eq!(builder.open().unwrap_err().to_string(), message);
    }
}

#[test]
fn a_failed_load_leaves_the_rows_as_they_were() {
    block_on(async {
        let db = blog::db();
        let users = User::all(&db).await.unwrap();
        execute(&db, "ALTER TABLE posts RENAME TO away");
        assert!(users[0].posts(&db).await.is_err());
        assert!(!users[0].posts.is_loaded());
        execute(&db, "ALTER TABLE away RENAME TO posts");
        assert_eq!(users[0].posts(&db).await.unwrap().len(), 2);
    });
}

#[test]
fn a_failure_in_the_middle_of_a_tree_ends_its_transaction() {
    block_on(async {
        let db = blog::db();
        execute(&db, "DROP TABLE comments");
        let error = User::query().with(User::POSTS.with(Post::COMMENTS)).all(&db).await.unwrap_err();
        assert!(error.to_string().starts_with("Post.comments (`Comment`): the table does not exist"), "{error}");
        let autocommit = db.connection(|c| Ok(c.is_autocommit())).await.unwrap();
        assert!(autocommit);
        assert_eq!(User::query().with(User::POSTS).all(&db).await.unwrap().len(), 3);
    });
}

#[test]
fn values_that_the_database_has_no_room_for_are_refused() {
    use relations_core::Value;

    #[derive(Debug, Relations)]
    #[relations(table = "users")]
    struct Big {
        #[relations(key)]
        id: Wide,
    }

    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
    struct Wide(u64);

    impl rusqlite::types::FromSql for Wide {
        fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
            i64::column_result(value).map(|value| Self(value.unsigned_abs()))
        }
    }

    impl rusqlite::ToSql for Wide {
        fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
            let value = i64::try_from(self.0).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
            Ok(value.into())
        }
    }

    impl From<Wide> for Value {
        fn from(value: Wide) -> Self {
            value.0.into()
        }
    }

    block_on(async {
        let db = blog::db();
        let error = Big::query().filter(Big::ID.eq(Wide(u64::MAX))).all(&db).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Value { model: "Big", .. }), "{error:?}");
        let error = Big::find(&db, Wide(u64::MAX)).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Key { model: "Big", .. }), "{error:?}");
    });
}
