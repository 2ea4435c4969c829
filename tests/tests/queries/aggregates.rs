//! Counts, sums and the like of what relations lead to, aligned with rows.

use relations_core::{Db, ErrorKind, Fault, Many, Relations, Sqlite, block_on};
use relations_tests::blog::{self, Comment, Node, Post, Profile, User};
use relations_tests::media;
use relations_tests::school::{self, Badge, Course, Enrolment, Note, Person, Student};
use relations_tests::shop::{self, Line, Maker, Order};
use relations_tests::tags::{self, ArticleTag, Crate, Tag};
use relations_tests::{execute, relations, sent};

#[test]
fn all_aggregates_of_all_rows_are_one_statement_each() {
    block_on(async {
        let db = blog::db();
        let users = User::all(&db).await.unwrap();
        let log = db.record();
        assert_eq!(users.counts(User::POSTS, &db).await.unwrap(), [2, 1, 0]);
        assert_eq!(users.exists(User::POSTS, &db).await.unwrap(), [true, true, false]);
        assert_eq!(users.sum(User::POSTS, Post::SCORE, &db).await.unwrap(), [30, 30, 0]);
        assert_eq!(users.avg(User::POSTS, Post::SCORE, &db).await.unwrap(), [Some(15.0), Some(30.0), None]);
        assert_eq!(users.min(User::POSTS, Post::SCORE, &db).await.unwrap(), [Some(10), Some(30), None]);
        assert_eq!(users.max(User::POSTS, Post::SCORE, &db).await.unwrap(), [Some(20), Some(30), None]);
        let max = users.max(User::POSTS, Post::TITLE, &db).await.unwrap();
        assert_eq!(max, [Some("two".to_owned()), Some("three".to_owned()), None]);
        assert_eq!(relations(&log), vec![("User.posts".to_owned(), 3); 7]);
    });
}

#[test]
fn a_nullable_column_has_the_aggregates_of_its_values() {
    block_on(async {
        let db = blog::db();
        let users = User::all(&db).await.unwrap();
        assert_eq!(users.max(User::POSTS, Post::REVIEWER_ID, &db).await.unwrap(), [Some(2), Some(1), None]);
        assert_eq!(users.sum(User::POSTS, Post::REVIEWER_ID, &db).await.unwrap(), [2, 1, 0]);
        assert_eq!(users.avg(User::POSTS, Post::REVIEWER_ID, &db).await.unwrap(), [Some(2.0), Some(1.0), None]);
        let unreviewed = || User::POSTS.filter(Post::REVIEWER_ID.is_null());
        assert_eq!(users.min(unreviewed(), Post::REVIEWER_ID, &db).await.unwrap(), [None::<i64>, None, None]);
        assert_eq!(users.sum(unreviewed(), Post::REVIEWER_ID, &db).await.unwrap(), [0, 0, 0]);
    });
}

#[test]
fn null_keys_and_keys_that_lead_nowhere_count_0_and_each_key_is_sent_once() {
    block_on(async {
        let db = blog::db();
        let posts = Post::all(&db).await.unwrap();
        let log = db.record();
        assert_eq!(posts.counts(Post::USER, &db).await.unwrap(), [1, 1, 1, 0, 0]);
        assert_eq!(posts.exists(Post::USER, &db).await.unwrap(), [true, true, true, false, false]);
        let names = posts.max(Post::USER, User::NAME, &db).await.unwrap();
        assert_eq!(names[..3], [Some("Ann".to_owned()), Some("Ann".to_owned()), Some("Bob".to_owned())]);
        assert_eq!(names[3..], [None, None]);
        assert_eq!(relations(&log), vec![("Post.user".to_owned(), 3); 3]);
    });
}

#[test]
fn without_keys_nothing_is_sent() {
    block_on(async {
        let db = blog::db();
        let log = db.record();
        let nobody = Many::<User>::default();
        assert!(nobody.counts(User::POSTS, &db).await.unwrap().is_empty());
        let orphan = Many::from(vec![Node { id: 1, parent_id: None, ..Node::from_id(1) }]);
        assert_eq!(orphan.counts(Node::PARENT, &db).await.unwrap(), [0]);
        assert_eq!(sent(&log), 0);
    });
}

/// A row that no database has.
trait FromId {
    fn from_id(id: i64) -> Self;
}

impl FromId for Node {
    fn from_id(id: i64) -> Self {
        Self { id, parent_id: None, parent: Default::default(), children: Default::default() }
    }
}

#[test]
fn more_keys_than_a_statement_takes_go_in_several() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let db = Sqlite::builder(folder.path().join("keys.db")).keys_per_statement(10).inline().open().unwrap();
        execute(&db, blog::SCHEMA);
        for id in 1..=13 {
            execute(
                &db,
                &format!("INSERT INTO users VALUES ({id}, ''); INSERT INTO posts VALUES ({id}, {id}, 1, '', {id})"),
            );
        }
        let users = User::all(&db).await.unwrap();
        let log = db.record();
        assert_eq!(users.counts(User::POSTS, &db).await.unwrap(), [1; 13]);
        assert_eq!(relations(&log), [("User.posts".to_owned(), 10), ("User.posts".to_owned(), 3)]);
        let sums = users.sum(User::POSTS.filter(Post::SCORE.gt(9)), Post::SCORE, &db).await.unwrap();
        assert_eq!(sums, [0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 11, 12, 13]);
    });
}

#[test]
fn what_narrows_the_relation_is_kept() {
    block_on(async {
        let db = blog::db();
        let users = User::all(&db).await.unwrap();
        let read = || User::POSTS.filter(Post::SCORE.gt(10));
        assert_eq!(users.counts(read(), &db).await.unwrap(), [1, 1, 0]);
        assert_eq!(users.sum(read().filter(Post::SCORE.lt(30)), Post::SCORE, &db).await.unwrap(), [20, 0, 0]);
        let discussed = User::POSTS.filter(Post::COMMENTS.count(Comment::USER.exists()).ge(2));
        assert_eq!(users.counts(discussed, &db).await.unwrap(), [1, 0, 0]);
        let latest = || User::POSTS.order_by(Post::ID.desc()).limit(1);
        assert_eq!(users.sum(latest(), Post::SCORE, &db).await.unwrap(), [20, 30, 0]);
        assert_eq!(users.counts(User::POSTS.offset(1), &db).await.unwrap(), [1, 0, 0]);
    });
}

#[test]
fn of_one_of_many_it_is_of_the_chosen_row() {
    block_on(async {
        let db = school::db();
        let people = Person::all(&db).await.unwrap();
        assert_eq!(people.counts(Person::BADGE, &db).await.unwrap(), [1, 1, 0, 0]);
        assert_eq!(people.sum(Person::BADGE, Badge::DAY, &db).await.unwrap(), [30, 5, 0, 0]);
        let earlier = Person::BADGE.filter(Badge::DAY.lt(30));
        assert_eq!(people.max(earlier, Badge::DAY, &db).await.unwrap(), [Some(20), Some(5), None, None]);
        let db = blog::db();
        execute(&db, "INSERT INTO profiles VALUES (3, 1, 'again')");
        let users = User::all(&db).await.unwrap();
        assert_eq!(users.counts(User::PROFILE, &db).await.unwrap(), [1, 1, 0]);
        assert_eq!(users.max(User::PROFILE, Profile::ID, &db).await.unwrap(), [Some(1), Some(2), None]);
    });
}

#[test]
fn over_join_tables_each_way_counts_unless_the_relation_is_distinct() {
    use tags::{Article, Person};
    block_on(async {
        let db = tags::db();
        let articles = Article::all(&db).await.unwrap();
        assert_eq!(articles.counts(Article::TAGS, &db).await.unwrap(), [2, 2, 0]);
        assert_eq!(articles.counts(Article::TAGS.distinct(), &db).await.unwrap(), [2, 1, 0]);
        assert_eq!(articles.counts(Article::TOP_TAGS, &db).await.unwrap(), [2, 1, 0]);
        assert_eq!(articles.sum(Article::TAGS, Tag::ID, &db).await.unwrap(), [3, 4, 0]);
        assert_eq!(articles.sum(Article::TOP_TAGS, Tag::ID, &db).await.unwrap(), [3, 2, 0]);
        let heavy = || Article::TAGS.filter_pivot(ArticleTag::WEIGHT.ge(4));
        assert_eq!(articles.counts(heavy(), &db).await.unwrap(), [1, 1, 0]);
        assert_eq!(articles.exists(heavy().filter(Tag::NAME.eq("sql")), &db).await.unwrap(), [false, true, false]);
        assert_eq!(articles.counts(Article::READERS, &db).await.unwrap(), [2, 1, 0]);
        let people = Person::all(&db).await.unwrap();
        assert_eq!(people.counts(Person::FRIENDS, &db).await.unwrap(), [3, 1, 2, 2, 0]);
        execute(&db, "INSERT INTO friendships VALUES (10, 2, 1), (11, 5, 5)");
        assert_eq!(people.counts(Person::FRIENDS, &db).await.unwrap(), [3, 1, 2, 2, 1]);
        assert_eq!(people.max(Person::FRIENDS, Person::NAME, &db).await.unwrap()[0], Some("Dan".to_owned()));
        for (rows, friends) in people.iter().zip(people.counts(Person::FRIENDS, &db).await.unwrap()) {
            assert_eq!(rows.friends(&db).await.unwrap().len() as u64, friends);
        }
    });
}

#[test]
fn back_from_polymorphic_relations_each_type_counts_its_own() {
    use media::{Comment, Post, Tag, Tagging, Video};
    block_on(async {
        let db = media::db();
        let (posts, videos) = (Post::all(&db).await.unwrap(), Video::all(&db).await.unwrap());
        assert_eq!(posts.counts(Post::COMMENTS, &db).await.unwrap(), [2, 1, 0]);
        assert_eq!(videos.counts(Video::COMMENTS, &db).await.unwrap(), [2, 0]);
        assert_eq!(posts.max(Post::COMMENTS, Comment::TEXT, &db).await.unwrap()[0], Some("d".to_owned()));
        assert_eq!(posts.counts(Post::COVER, &db).await.unwrap(), [1, 0, 0]);
        assert_eq!(posts.counts(Post::TAGS, &db).await.unwrap(), [2, 1, 0]);
        assert_eq!(videos.counts(Video::TAGS.filter_pivot(Tagging::WEIGHT.gt(5)), &db).await.unwrap(), [1, 1]);
        let tags = Tag::all(&db).await.unwrap();
        assert_eq!(tags.counts(Tag::VIDEOS, &db).await.unwrap(), [1, 1, 1, 0]);
        assert_eq!(tags.counts(Tag::POSTS, &db).await.unwrap(), [1, 2, 0, 0]);
    });
}

#[test]
fn rows_of_a_model_that_extends_another_and_rows_over_a_join_table_have_them_too() {
    block_on(async {
        let db = school::db();
        let students = Student::all(&db).await.unwrap();
        assert_eq!(students.counts(Person::BADGE, &db).await.unwrap(), [1, 1]);
        assert_eq!(students.counts(Person::NOTES, &db).await.unwrap(), [1, 1]);
        assert_eq!(students.counts(Student::REMARKS, &db).await.unwrap(), [2, 0]);
        assert_eq!(students.counts(Student::CLUBS, &db).await.unwrap(), [1, 2]);
        assert_eq!(students.counts(Person::CLUBS, &db).await.unwrap(), [2, 1]);
        let courses = Course::all(&db).await.unwrap();
        let hard = Course::STUDENTS.filter_pivot(Enrolment::GRADE.ge(4)).filter(Person::NAME.eq("Sue"));
        assert_eq!(courses.counts(hard, &db).await.unwrap(), [1, 0, 0]);
        assert_eq!(courses.sum(Course::STUDENTS, Person::ID, &db).await.unwrap(), [1, 1, 2]);
        let linked = students[0].courses(&db).await.unwrap();
        assert_eq!(linked.counts(Course::STUDENTS, &db).await.unwrap(), [1, 1]);
        let clubs = Person::by_key(1).one(&db).await.unwrap().unwrap().clubs(&db).await.unwrap();
        assert_eq!(clubs.max(school::Club::NOTES, Note::TEXT, &db).await.unwrap().len(), 2);
    });
}

#[test]
fn keys_of_several_columns_texts_and_uuids_are_keys_like_others() {
    block_on(async {
        let db = shop::empty();
        execute(
            &db,
            "INSERT INTO orders VALUES (1, 1, ''), (1, 2, ''), (2, 1, '');
             INSERT INTO lines VALUES (1, 1, 1, 'nut'), (1, 1, 2, 'nail'), (2, 1, 7, NULL);
             INSERT INTO articles VALUES ('nut', x'00000000000000000000000000000001'), ('nail', NULL);
             INSERT INTO makers VALUES (x'00000000000000000000000000000001', 'm');
             INSERT INTO letters VALUES (1, 'm'), (2, 'm'), (3, 'x')",
        );
        let orders = Order::query().order_by(Order::SHOP_ID.asc()).order_by(Order::ID.asc()).all(&db).await.unwrap();
        assert_eq!(orders.counts(Order::LINES, &db).await.unwrap(), [2, 0, 1]);
        assert_eq!(orders.sum(Order::LINES, Line::N, &db).await.unwrap(), [3, 0, 7]);
        assert_eq!(orders.max(Order::LINES, Line::N, &db).await.unwrap(), [Some(2_i32), None, Some(7)]);
        let codes = orders.min(Order::LINES, Line::ARTICLE_CODE, &db).await.unwrap();
        assert_eq!(codes, [Some("nail".to_owned()), None, None]);
        let makers = Maker::all(&db).await.unwrap();
        assert_eq!(makers.counts(Maker::ARTICLES, &db).await.unwrap(), [1]);
        assert_eq!(makers.counts(Maker::LETTERS, &db).await.unwrap(), [2]);
        let db = tags::empty();
        execute(
            &db,
            "INSERT INTO crates VALUES ('a', 1), ('a', 2), ('b', 1);
             INSERT INTO routes VALUES ('a', 1, 'b', 1), ('b', 1, 'a', 1), ('a', 1, 'a', 2)",
        );
        let crates = Crate::all(&db).await.unwrap();
        assert_eq!(crates.counts(Crate::BESIDE, &db).await.unwrap(), [2, 1, 1]);
        assert_eq!(crates.counts(Crate::NEXT, &db).await.unwrap(), [2, 0, 1]);
    });
}

mod money {
    use relations_core::{HasMany, Relations};

    #[derive(Debug, Relations)]
    #[relations(table = "accounts")]
    pub struct Account {
        pub id: i64,
        #[has_many]
        pub entries: HasMany<Entry>,
    }

    #[derive(Debug, Relations)]
    #[relations(table = "entries")]
    pub struct Entry {
        pub id: i64,
        pub account_id: i64,
        pub amount: i64,
        pub rate: Option<f64>,
    }

    pub const SCHEMA: &str = "
        CREATE TABLE accounts (id INTEGER PRIMARY KEY);
        CREATE TABLE entries (id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL, amount, rate);
        CREATE INDEX entries_account ON entries (account_id);
        INSERT INTO accounts VALUES (1), (2);";
}

#[test]
fn a_sum_that_is_too_large_and_a_value_that_does_not_decode_are_typed_errors() {
    use money::{Account, Entry};
    block_on(async {
        let db = relations_tests::database(money::SCHEMA, "");
        let accounts = Account::all(&db).await.unwrap();
        execute(&db, "INSERT INTO entries VALUES (1, 1, 9223372036854775807, 0.5), (2, 2, 3, 2)");
        let sums = accounts.sum(Account::ENTRIES, Entry::AMOUNT, &db).await.unwrap();
        assert_eq!(sums, [i64::MAX, 3]);
        assert_eq!(accounts.sum(Account::ENTRIES, Entry::RATE, &db).await.unwrap(), [0.5, 2.0]);
        execute(&db, "INSERT INTO entries VALUES (3, 1, 1, NULL)");
        let error = accounts.sum(Account::ENTRIES, Entry::AMOUNT, &db).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Statement { fault: Fault::Other, .. }), "{:?}", error.kind());
        assert!(error.to_string().contains("Account.entries") && error.to_string().contains("overflow"), "{error}");
        execute(&db, "UPDATE entries SET amount = 'much' WHERE account_id = 1");
        let error = accounts.max(Account::ENTRIES, Entry::AMOUNT, &db).await.unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Decode { field: "amount", key: Some(key), .. } if key == "1"),
            "{error}"
        );
        execute(&db, "DROP TABLE entries");
        let error = accounts.counts(Account::ENTRIES, &db).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Statement { fault: Fault::MissingTable, .. }), "{error}");
    });
}

#[test]
fn a_limit_over_a_join_table_is_refused_before_anything_is_sent() {
    block_on(async {
        let db = tags::db();
        let articles = tags::Article::all(&db).await.unwrap();
        let log = db.record();
        let error = articles.counts(tags::Article::TAGS.limit(1), &db).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Limited { relation } if relation == "Article.tags"), "{error}");
        let inside = tags::Article::READERS.filter(tags::Person::READ.limit(2).exists());
        let error = articles.exists(inside, &db).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Limited { relation } if relation == "Person.read"), "{error}");
        assert_eq!(sent(&log), 0);
    });
}

#[test]
fn they_load_nothing_and_read_through_transactions_and_past_the_shared_cache() {
    block_on(async {
        let source = blog::db();
        let db = Db::builder(source.clone()).cache(relations_core::CacheConfig::default()).build().unwrap();
        let users = User::all(&db).await.unwrap();
        users[0].posts(&db).await.unwrap();
        execute(&source, "INSERT INTO posts VALUES (6, 1, NULL, 'six', 60)");
        assert_eq!(users.counts(User::POSTS, &db).await.unwrap(), [3, 1, 0]);
        assert_eq!(users[0].posts.get().unwrap().len(), 2);
        assert!(!users[0].reviews.is_loaded());
        let transaction = source.begin().await.unwrap();
        assert_eq!(users.counts(User::POSTS, &transaction).await.unwrap(), [3, 1, 0]);
        transaction.rollback().await.unwrap();
    });
}

#[test]
fn every_aggregate_searches_by_the_keys_index() {
    block_on(async {
        let db = blog::db();
        let users = User::all(&db).await.unwrap();
        let log = db.record();
        users.counts(User::POSTS, &db).await.unwrap();
        users.sum(User::POSTS.filter(Post::SCORE.gt(1)).limit(2), Post::SCORE, &db).await.unwrap();
        users.max(User::PROFILE, Profile::BIO, &db).await.unwrap();
        Post::all(&db).await.unwrap().exists(Post::USER, &db).await.unwrap();
        crate::assert_searches(&db, &log, 4);
        let db = tags::db();
        execute(&db, "INSERT INTO crates VALUES ('a', 1), ('a', 2)");
        let log = db.record();
        let articles = tags::Article::all(&db).await.unwrap();
        articles.counts(tags::Article::TAGS, &db).await.unwrap();
        articles.counts(tags::Article::TOP_TAGS, &db).await.unwrap();
        tags::Person::all(&db).await.unwrap().counts(tags::Person::FRIENDS, &db).await.unwrap();
        let crates = Crate::all(&db).await.unwrap();
        crates.counts(Crate::GOODS, &db).await.unwrap();
        crates.counts(Crate::BESIDE, &db).await.unwrap();
        crate::assert_searches(&db, &log, 5);
        let db = media::db();
        let log = db.record();
        let posts = media::Post::all(&db).await.unwrap();
        posts.counts(media::Post::COMMENTS, &db).await.unwrap();
        posts.counts(media::Post::TAGS, &db).await.unwrap();
        crate::assert_searches(&db, &log, 2);
    });
}

#[test]
fn a_query_on_the_targets_of_one_row_searches_by_the_keys_index_both_ways() {
    block_on(async {
        let db = tags::db();
        execute(
            &db,
            "INSERT INTO crates VALUES ('a', 1), ('a', 2), ('b', 1);
             INSERT INTO routes VALUES ('a', 1, 'b', 1), ('b', 1, 'a', 1), ('a', 1, 'a', 2)",
        );
        let crates = Crate::all(&db).await.unwrap();
        let ann = tags::Person::find(&db, 1).await.unwrap().unwrap();
        let log = db.record();
        assert_eq!(crates[0].beside_query().count(&db).await.unwrap(), 2);
        assert_eq!(ann.friends_query().count(&db).await.unwrap(), 3);
        for statement in log.statements() {
            let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
            let plan = db.connection(move |c| {
                let mut prepared = c.prepare(&sql)?;
                let lines = prepared.raw_query().mapped(|row| row.get::<_, String>("detail"));
                lines.collect::<rusqlite::Result<Vec<_>>>()
            });
            let plan = plan.await.unwrap();
            let scanned = plan.iter().find(|line| line.starts_with("SCAN") && *line != "SCAN relation_rows");
            assert_eq!(scanned, None, "{}\n{plan:#?}", statement.sql);
        }
    });
}
