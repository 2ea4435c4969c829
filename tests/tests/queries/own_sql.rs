//! Rows that were fetched by SQL of one's own: they are one another's peers, and all else works on them.

use std::sync::Arc;

use relations_core::{CacheConfig, Db, Error, ErrorKind, Fault, HasMany, Many, Ref, Relations, Sqlite, block_on};
use relations_tests::blog::{self, Comment, Node, Post, Profile, User};
use relations_tests::shop::{self, Maker, Order};
use relations_tests::staff::{self, Director, Manager, Person};
use relations_tests::{execute, relations, sent};

/// Users by a join that gives those with posts, once for each post.
const BY_POSTS: &str = "SELECT u.* FROM users u JOIN posts p ON p.user_id = u.id ORDER BY p.id";

fn fetch<T>(
    db: &Sqlite,
    sql: &str,
    mut read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T> + Send + 'static,
) -> Vec<T>
where
    T: Send + 'static,
{
    try_fetch(db, sql, move |row| read(row)).unwrap()
}

fn try_fetch<T>(
    db: &Sqlite,
    sql: &str,
    read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T> + Send + 'static,
) -> Result<Vec<T>, Error>
where
    T: Send + 'static,
{
    let sql = sql.to_owned();
    block_on(db.connection(move |c| c.prepare(&sql)?.query_map((), read)?.collect()))
}

fn users(db: &Sqlite) -> Many<User> {
    let sql = format!("SELECT {} FROM users ORDER BY id", User::select_list());
    Many::from_rows(fetch(db, &sql, |row| User::from_row(row)))
}

#[test]
fn reading_a_relation_of_one_row_loads_it_for_all_that_were_fetched_with_it() {
    block_on(async {
        let db = blog::db();
        let users = users(&db);
        let log = db.record();
        let mut titles = Vec::new();
        for user in &users {
            for post in user.posts(&db).await.unwrap().iter() {
                titles.push((post.title.clone(), post.comments(&db).await.unwrap().len()));
            }
            user.profile(&db).await.unwrap();
        }
        assert_eq!(titles, [("one".to_owned(), 3), ("two".to_owned(), 1), ("three".to_owned(), 1)]);
        let expected = [("User.posts", 3), ("Post.comments", 3), ("User.profile", 3)];
        assert_eq!(relations(&log), expected.map(|(name, keys)| (name.to_owned(), keys)));
    });
}

#[test]
fn rows_that_are_collected_are_peers_as_well() {
    block_on(async {
        let db = blog::db();
        let users: Many<User> = db
            .connection(|c| c.prepare("SELECT * FROM users")?.query_map((), |row| User::from_row(row))?.collect())
            .await
            .unwrap();
        let log = db.record();
        users[2].posts(&db).await.unwrap();
        assert_eq!(relations(&log), [("User.posts".to_owned(), 3)]);
        assert!(users.iter().all(|user| user.posts.is_loaded()));
    });
}

#[test]
fn trees_and_aggregates_work_on_rows_that_were_fetched() {
    block_on(async {
        let db = blog::db();
        let users = users(&db);
        let log = db.record();
        let latest = User::POSTS.order_by(Post::ID.desc()).limit(1);
        users.load(User::PROFILE, &db).await.unwrap();
        users.load(latest.with(Post::COMMENTS.with(Comment::USER)), &db).await.unwrap();
        assert_eq!(sent(&log), 4);
        let of = |user: &User| user.posts.get_partial().unwrap().iter().map(|post| post.id).collect::<Vec<_>>();
        assert_eq!(users.iter().map(of).collect::<Vec<_>>(), [vec![2], vec![3], vec![]]);
        assert_eq!(users.counts(User::POSTS, &db).await.unwrap(), [2, 1, 0]);
        assert_eq!(users.sum(User::POSTS, Post::SCORE, &db).await.unwrap(), [30, 30, 0]);
        assert_eq!(users.exists(User::PROFILE, &db).await.unwrap(), [true, true, false]);
    });
}

#[test]
fn rows_out_of_a_common_table_expression_load_trees() {
    block_on(async {
        let db = blog::db();
        let sql = format!(
            "WITH RECURSIVE below AS (SELECT * FROM nodes WHERE id = 2
                 UNION ALL SELECT n.* FROM nodes n JOIN below b ON n.parent_id = b.id)
             SELECT {} FROM below",
            Node::select_list().of("below")
        );
        let nodes = Many::from_rows(fetch(&db, &sql, |row| Node::from_row(row)));
        let log = db.record();
        nodes.load(Node::PARENT.with(Node::CHILDREN), &db).await.unwrap();
        let siblings = |node: &Node| node.parent.get().unwrap().map(|parent| parent.children.get().unwrap().len());
        assert_eq!(nodes.iter().map(siblings).collect::<Vec<_>>(), [Some(2), Some(1), Some(1)]);
        assert_eq!(sent(&log), 2);
    });
}

#[test]
fn targets_lead_back_to_the_rows_that_were_fetched() {
    block_on(async {
        let db = blog::db();
        let users = users(&db);
        let posts = users[0].posts(&db).await.unwrap();
        let log = db.record();
        let author = posts[0].user(&db).await.unwrap().unwrap();
        assert!(author.ptr_eq(&users.get_ref(0).unwrap()));
        assert_eq!(sent(&log), 0);
    });
}

#[test]
fn a_row_that_was_fetched_twice_is_filled_twice_and_its_key_sent_once() {
    block_on(async {
        let db = blog::db();
        let users = Many::from_rows(fetch(&db, BY_POSTS, |row| User::from_row(row)));
        assert_eq!(users.iter().map(|user| user.id).collect::<Vec<_>>(), [1, 1, 2]);
        let log = db.record();
        let mut counts = Vec::new();
        for user in &users {
            counts.push(user.posts(&db).await.unwrap().len());
        }
        assert_eq!(counts, [2, 2, 1]);
        assert_eq!(users.counts(User::POSTS, &db).await.unwrap(), [2, 2, 1]);
        let expected = ("User.posts".to_owned(), 2);
        assert_eq!(relations(&log), [expected.clone(), expected]);
    });
}

#[test]
fn rows_that_were_cloned_out_of_a_list_are_peers_in_the_new_one_only() {
    block_on(async {
        let db = blog::db();
        let all = User::all(&db).await.unwrap();
        let two = Many::from_rows(vec![all[2].clone(), all[0].clone()]);
        let log = db.record();
        two[1].posts(&db).await.unwrap();
        assert_eq!(relations(&log), [("User.posts".to_owned(), 2)]);
        assert!(two[0].posts.is_loaded() && !all[0].posts.is_loaded());
    });
}

#[test]
fn what_a_row_had_loaded_it_keeps_and_only_the_rest_is_loaded() {
    block_on(async {
        let db = blog::db();
        let ann = User::by_key(1).with(User::POSTS).one(&db).await.unwrap().unwrap();
        let posts = ann.posts.get().unwrap().get_ref(0).unwrap();
        let mut rows = fetch(&db, "SELECT * FROM users WHERE id > 1", |row| User::from_row(row));
        rows.push((*ann).clone());
        drop(ann);
        let users = Many::from_rows(rows);
        let log = db.record();
        users.load(User::POSTS, &db).await.unwrap();
        assert_eq!(relations(&log), [("User.posts".to_owned(), 2)]);
        assert!(users[2].posts.get().unwrap().get_ref(0).unwrap().ptr_eq(&posts));
        // The row that it was loaded for is gone: the way back is read again.
        assert_eq!(posts.user(&db).await.unwrap().unwrap().name, "Ann");
    });
}

#[test]
fn no_rows_are_an_empty_list_that_sends_nothing() {
    block_on(async {
        let db = blog::db();
        let nobody = Many::<User>::from_rows(Vec::new());
        let log = db.record();
        nobody.load(User::POSTS.with(Post::COMMENTS), &db).await.unwrap();
        assert!(nobody.is_empty() && nobody.counts(User::POSTS, &db).await.unwrap().is_empty());
        assert_eq!(sent(&log), 0);
    });
}

#[test]
fn one_row_is_a_handle_that_reads_for_itself() {
    block_on(async {
        let db = blog::db();
        let user = fetch(&db, "SELECT * FROM users WHERE id = 1", |row| User::from_row(row).map(Ref::from)).remove(0);
        let log = db.record();
        assert_eq!(user.posts(&db).await.unwrap().len(), 2);
        user.load(User::PROFILE, &db).await.unwrap();
        assert_eq!(user.profile.get().unwrap().map(|profile| profile.id), Some(1));
        let expected = [("User.posts", 1), ("User.profile", 1)];
        assert_eq!(relations(&log), expected.map(|(name, keys)| (name.to_owned(), keys)));
    });
}

#[test]
fn one_row_of_a_join_holds_several_models() {
    block_on(async {
        let db = blog::db();
        let (users, posts) = (User::select_list().of("author"), Post::select_list());
        let sql = format!("SELECT {users}, {posts} FROM posts JOIN users author ON author.id = posts.user_id");
        let first_of_post = users.len();
        let read = move |row: &rusqlite::Row<'_>| Ok((User::from_row(row)?, Post::from_row_at(row, first_of_post)?));
        let (users, posts): (Vec<_>, Vec<_>) = fetch(&db, &sql, read).into_iter().unzip();
        let (users, posts) = (Many::from_rows(users), Many::from_rows(posts));
        assert_eq!(posts.iter().map(|post| &*post.title).collect::<Vec<_>>(), ["one", "two", "three"]);
        let log = db.record();
        assert_eq!(posts[0].comments(&db).await.unwrap().len(), 3);
        assert_eq!(users[2].profile(&db).await.unwrap().unwrap().bio, "reads");
        let expected = [("Post.comments", 3), ("User.profile", 2)];
        assert_eq!(relations(&log), expected.map(|(name, keys)| (name.to_owned(), keys)));
    });
}

#[test]
fn rows_with_composite_and_uuid_keys_and_skipped_fields_are_read() {
    block_on(async {
        let db = shop::empty();
        execute(
            &db,
            "INSERT INTO orders VALUES (1, 1, 'a'), (2, 1, 'b');
             INSERT INTO lines VALUES (1, 1, 1, NULL), (2, 1, 1, NULL), (2, 1, 2, NULL);
             INSERT INTO makers VALUES (x'00000000000000000000000000000001', 'm');
             INSERT INTO letters VALUES (1, 'm'), (2, 'm')",
        );
        let orders = Many::from_rows(fetch(&db, "SELECT * FROM orders", |row| Order::from_row(row)));
        assert_eq!(orders.counts(Order::LINES, &db).await.unwrap(), [1, 2]);
        assert_eq!(orders[1].lines(&db).await.unwrap().len(), 2);
        let makers = Many::from_rows(fetch(&db, "SELECT * FROM makers", |row| Maker::from_row(row)));
        assert_eq!(makers[0].letters(&db).await.unwrap().len(), 2);
        let letters = fetch(&db, "SELECT * FROM letters", |row| shop::Letter::from_row(row));
        assert!(letters.iter().all(|letter| !letter.read_aloud));
    });
}

#[test]
fn inherited_relations_load_for_all_rows_that_were_fetched() {
    block_on(async {
        let db = staff::db();
        let sql = format!("SELECT {} FROM directors d ORDER BY id", Director::select_list().of("d"));
        let directors = Many::from_rows(fetch(&db, &sql, |row| Director::from_row(row)));
        let log = db.record();
        let badges = [directors[1].badge(&db).await.unwrap(), directors[0].badge(&db).await.unwrap()];
        assert_eq!(badges.map(|badge| badge.map(|badge| badge.person_id)), [Some(2), Some(1)]);
        directors.load(Manager::TEAM, &db).await.unwrap();
        let expected = [("Person.badge", 2), ("Manager.team", 2)];
        assert_eq!(relations(&log), expected.map(|(name, keys)| (name.to_owned(), keys)));
        assert_eq!(Person::select_list().len() + 2, Director::select_list().len());
    });
}

#[test]
fn rows_that_a_transaction_fetched_read_what_it_wrote() {
    block_on(async {
        let db = blog::db();
        let transaction = db.begin().await.unwrap();
        let insert = |c: &mut rusqlite::Connection| {
            c.execute("INSERT INTO posts (id, user_id, headline) VALUES (6, 4, 'six')", ())?;
            let sql = "INSERT INTO users VALUES (4, 'Dan'), (5, 'Eve') RETURNING *";
            c.prepare(sql)?.query_map((), |row| User::from_row(row))?.collect::<rusqlite::Result<Many<_>>>()
        };
        let users = transaction.connection(insert).await.unwrap();
        assert_eq!(users[0].posts(&transaction).await.unwrap()[0].title, "six");
        assert!(users[1].posts.get().unwrap().is_empty());
        transaction.rollback().await.unwrap();
    });
}

/// Of a source with a cache, too: what is cached comes out for rows that it has never seen.
#[test]
fn rows_that_were_fetched_read_from_the_cache() {
    block_on(async {
        let sqlite = blog::db();
        let db = Db::builder(sqlite.clone()).cache(CacheConfig::default()).build().unwrap();
        User::query().with(User::POSTS).all(&db).await.unwrap();
        let users = users(&sqlite);
        let log = sqlite.record();
        assert_eq!(users[0].posts(&db).await.unwrap().len(), 2);
        assert_eq!(sent(&log), 0);
    });
}

#[test]
fn columns_in_another_order_are_an_error_and_never_read_into_one_anothers_fields() {
    let db = blog::db();
    let error = try_fetch(&db, "SELECT id, post_id AS user_id, user_id AS post_id, text FROM comments", |row| {
        Comment::from_row(row)
    });
    let error = error.unwrap_err();
    let ErrorKind::Decode { model: "Comment", column: "post_id", field: "post_id", .. } = error.kind() else {
        panic!("{error}");
    };
    assert_eq!(
        error.to_string(),
        "`Comment`: column `post_id` does not decode into `Comment.post_id: i64`: the row has `user_id` in its place; \
         select `Comment::select_list()`"
    );
}

#[test]
fn too_few_columns_are_an_error_that_names_the_first_that_is_missing() {
    let db = blog::db();
    let error = try_fetch(&db, "SELECT id FROM users", |row| User::from_row(row)).unwrap_err();
    let missing = "`User`: column `name` does not decode into `User.name: String`: the row has no column in its place; \
                   select `User::select_list()`";
    assert_eq!(error.to_string(), missing);
    let past = try_fetch(&db, "SELECT id, name FROM users", |row| User::from_row_at(row, usize::MAX)).unwrap_err();
    assert!(past.to_string().contains("the row has no column in its place"), "{past}");
}

#[test]
fn a_column_that_does_not_decode_is_rusqlites_error_with_one_of_ours_as_its_source() {
    let db = blog::db();
    execute(&db, "CREATE TABLE odd (id INTEGER PRIMARY KEY, name BLOB); INSERT INTO odd VALUES (1, x'00')");
    let read = |c: &mut rusqlite::Connection| {
        Ok(c.query_row("SELECT 0, id, name FROM odd", (), |row| User::from_row_at(row, 1)).map_err(Arc::new))
    };
    let error = block_on(db.connection(read)).unwrap().unwrap_err();
    let rusqlite::Error::FromSqlConversionFailure(2, rusqlite::types::Type::Blob, source) = &*error else {
        panic!("{error}");
    };
    let Some(ErrorKind::Decode { model: "User", column: "name", reason, .. }) =
        source.downcast_ref::<Error>().map(Error::kind)
    else {
        panic!("{source}");
    };
    assert_eq!(reason, "it holds blob");
}

#[test]
fn other_failures_of_ones_own_sql_stay_what_they_are() {
    let error = try_fetch(&blog::db(), "SELECT * FROM nowhere", |row| User::from_row(row)).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Connection { fault: Fault::MissingTable, .. }), "{error}");
}

/// Some of the columns of `users`, and of its relations.
#[derive(Debug, Clone, Relations)]
#[relations(table = "users")]
struct Author {
    id: i64,
    #[has_many(foreign_key = user_id)]
    posts: HasMany<Title>,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "posts")]
struct Title {
    id: i64,
    user_id: Option<i64>,
    #[relations(column = "headline")]
    title: String,
    #[has_many(foreign_key = post_id)]
    comments: HasMany<Comment>,
}

#[test]
fn a_model_of_some_columns_of_a_table_has_relations_of_its_own() {
    block_on(async {
        let db = blog::db();
        let log = db.record();
        let authors = Author::query().with(Author::POSTS).all(&db).await.unwrap();
        let texts: Vec<_> = log.statements().iter().map(|statement| statement.sql.to_string()).collect();
        assert!(texts.iter().all(|sql| !sql.contains("name") && !sql.contains("score")), "{texts:?}");
        let of =
            |author: &Author| author.posts.get().unwrap().iter().map(|post| post.title.clone()).collect::<Vec<_>>();
        assert_eq!(authors.iter().map(of).collect::<Vec<_>>().concat(), ["one", "two", "three"]);
        let posts = authors[0].posts(&db).await.unwrap();
        assert_eq!(posts[0].comments(&db).await.unwrap().len(), 3);
        assert_eq!(sent(&log), 3);
    });
}

#[test]
fn a_row_of_some_columns_with_something_computed_joins_in() {
    #[derive(Debug, Relations)]
    #[relations(table = "users")]
    struct Ranked {
        id: i64,
        rank: i64,
        #[has_many(foreign_key = user_id)]
        posts: HasMany<Title>,
    }
    block_on(async {
        let db = blog::db();
        let sql = "SELECT id, row_number() OVER (ORDER BY name DESC) AS rank FROM users ORDER BY rank";
        let ranked = Many::from_rows(fetch(&db, sql, |row| Ranked::from_row(row)));
        assert_eq!(ranked.iter().map(|user| (user.rank, user.id)).collect::<Vec<_>>(), [(1, 3), (2, 2), (3, 1)]);
        ranked.load(Ranked::POSTS.filter(Title::TITLE.like("t%")), &db).await.unwrap();
        assert_eq!(ranked.counts(Ranked::POSTS, &db).await.unwrap(), [0, 1, 2]);
        assert_eq!(ranked[2].posts.get_partial().unwrap()[0].user_id, Some(1));
    });
}

#[test]
fn a_list_of_columns_quotes_whatever_the_names_are() {
    #[derive(Debug, Relations)]
    #[relations(table = "ta\"b`le")]
    struct Odd {
        #[relations(key, column = "i\"d")]
        id: i64,
        #[relations(column = "sel`ect")]
        select: i64,
    }
    assert_eq!(Odd::select_list().to_string(), "\"ta\"\"b`le\".\"i\"\"d\", \"ta\"\"b`le\".\"sel`ect\"");
    assert_eq!(Odd::select_list().quoted('`').to_string(), "`ta\"b``le`.`i\"d`, `ta\"b``le`.`sel``ect`");
    let db = relations_tests::database("CREATE TABLE \"ta\"\"b`le\" (\"i\"\"d\" INTEGER, \"sel`ect\" INTEGER)", "");
    execute(&db, "INSERT INTO \"ta\"\"b`le\" VALUES (1, 2)");
    let rows = fetch(&db, &format!("SELECT {} FROM \"ta\"\"b`le\"", Odd::select_list()), |row| Odd::from_row(row));
    assert_eq!((rows[0].id, rows[0].select), (1, 2));
}

#[test]
fn rows_that_were_fetched_are_freed_with_their_list() {
    block_on(async {
        let db = blog::db();
        let users = users(&db);
        let copy = Many::from_rows(users.iter().cloned().collect());
        users.load(User::POSTS.with(Post::USER.with(User::PROFILE.with(Profile::USER))), &db).await.unwrap();
        copy.load(User::POSTS.with(Post::USER), &db).await.unwrap();
        let post = users[0].posts.get().unwrap().get_ref(0).unwrap();
        assert!(post.user.get().unwrap().is_some());
        drop((users, copy));
        // Held weakly: nothing but the list kept its rows.
        assert!(post.user.get().is_err());
    });
}

#[test]
fn rows_may_be_fetched_on_one_thread_and_read_on_another() {
    let db = blog::db();
    let users = users(&db);
    let posts = std::thread::spawn(move || block_on(users[0].posts(&db)).unwrap().len()).join();
    assert_eq!(posts.unwrap(), 2);
}
