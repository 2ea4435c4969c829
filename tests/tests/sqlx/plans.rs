//! Every sort of statement finds rows by the key's index, on MariaDB and on SQLite.

use relations_core::{Relations, Sqlx, StatementLog};
use relations_tests::blog::{self, Comment, Node, Post, Profile, User};
use relations_tests::tags::{self, Article, Crate, Person, Tag};
use relations_tests::{Limits, TestSource, block_on};
use sqlx::{AssertSqlSafe, Row};

/// How a database explains a statement: the tables that it reads whole.
trait Explains: TestSource {
    async fn whole_reads(&self, sql: &str) -> Vec<String>;
}

impl Explains for Sqlx<sqlx::Sqlite> {
    async fn whole_reads(&self, sql: &str) -> Vec<String> {
        // The values are not looked at.
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
        let lines = sqlx::query(explain).fetch_all(self.pool()).await.unwrap();
        let scans = lines.iter().map(|line| line.get::<String, _>("detail"));
        let keys =
            ["relation_keys", "relation_1_first", "relation_1_ends", "(subquery", "VALUES CLAUSE", "CONSTANT ROW"];
        scans.filter(|line| line.starts_with("SCAN") && !keys.iter().any(|name| line.contains(name))).collect()
    }
}

#[cfg(on_mysql)]
impl Explains for Sqlx<sqlx::MySql> {
    async fn whole_reads(&self, sql: &str) -> Vec<String> {
        let mut number = 0;
        let filled: String = sql
            .split_inclusive('?')
            .map(|part| match part.strip_suffix('?') {
                None => part.to_owned(),
                Some(before) if before.ends_with("LIMIT ") || before.ends_with("OFFSET ") => format!("{before}1"),
                Some(before) if before.ends_with("`relation_row` <= ") => format!("{before}1"),
                Some(before) => {
                    number += 1;
                    format!("{before}'{number}'")
                }
            })
            .collect();
        let explain = AssertSqlSafe(format!("EXPLAIN {filled}"));
        let lines = sqlx::raw_sql(explain).fetch_all(self.pool()).await.unwrap();
        let whole = lines.iter().filter(|line| line.get::<Option<String>, _>("type").as_deref() == Some("ALL"));
        let tables = whole.map(|line| line.get::<Option<String>, _>("table").unwrap_or_default());
        // What a part of the statement itself has made.
        tables.filter(|table| !table.starts_with('<') && !table.starts_with("relation_keys")).collect()
    }
}

/// Only these tables are read whole by the statements for relations.
async fn assert_searches(db: &impl Explains, log: &StatementLog, expected: usize, owners: &[&str]) {
    let statements = log.statements();
    let statements = statements.iter().filter(|statement| statement.relation.is_some() || !owners.is_empty());
    let mut seen = 0;
    for statement in statements {
        seen += 1;
        let whole = db.whole_reads(&statement.sql).await;
        let unexpected: Vec<_> =
            whole.iter().filter(|table| !owners.iter().any(|owner| table.contains(owner))).collect();
        assert!(unexpected.is_empty(), "{}\n{unexpected:?}", statement.sql);
    }
    assert_eq!(seen, expected);
}

/// Many rows in the tables of the fixtures, so that an index is worth it.
fn rows() -> [String; 2] {
    let many = |table: &str, row: &dyn Fn(usize) -> String| {
        let rows: Vec<_> = (1..=3_000).map(row).collect();
        format!("INSERT INTO {table} VALUES {};", rows.join(", "))
    };
    let blog = [
        many("users", &|n| format!("({n}, 'u{n}')")),
        many("profiles", &|n| format!("({n}, {n}, '')")),
        many("posts", &|n| format!("({n}, {n} % 1000 + 1, {n} % 999 + 1, '', {n})")),
        many("comments", &|n| format!("({n}, {n} % 1000 + 1, {n} % 998 + 1, '')")),
        many("nodes", &|n| format!("({n}, {n} / 3 + 1)")),
    ];
    let tags = [
        many("articles", &|n| format!("({n}, '')")),
        many("tags", &|n| format!("({n}, '')")),
        many("people", &|n| format!("({n}, '')")),
        many("article_tags", &|n| format!("({n}, {n} % 1000 + 1, {n} % 999 + 1, {n})")),
        many("article_readers", &|n| format!("({n} % 1000 + 1, {n} % 999 + 1)")),
        many("follows", &|n| format!("({n}, {n} % 1000 + 1, {n} % 999 + 1)")),
        many("friendships", &|n| format!("({n}, {n} % 1000 + 1, {n} % 999 + 1)")),
        many("crates", &|n| format!("('{}', {n})", n % 50)),
        many("goods", &|n| format!("(x'{n:032x}', '')")),
        many("packed", &|n| format!("('{}', {n}, x'{n:032x}')", n % 50)),
        many("routes", &|n| format!("('{}', {n}, '{}', {n})", n % 50, n % 49)),
    ];
    [blog.concat(), tags.concat()]
}

macro_rules! plans {
    ($module:ident $database:ident [$when:meta]) => {
        #[$when]
        mod $module {
            use super::*;

            async fn open() -> Sqlx<sqlx::$database> {
                Sqlx::<sqlx::$database>::open(Limits::NONE).await
            }

            async fn analyzed(db: &Sqlx<sqlx::$database>, schema: &str, rows: &str, tables: &[&str]) {
                db.run_sql(schema).await;
                db.run_sql(rows).await;
                for table in tables {
                    let analyze = if stringify!($module) == "mysql" { "ANALYZE TABLE" } else { "ANALYZE" };
                    db.run_sql(&format!("{analyze} {table}")).await;
                }
            }

            #[test]
            fn loads_by_key_search() {
                block_on(async {
                    let db = open().await;
                    analyzed(&db, blog::SCHEMA, &rows()[0], &["users", "posts", "comments", "profiles", "nodes"]).await;
                    let log = db.record();
                    let few = || User::query().filter(User::ID.le(20));
                    few()
                        .with(User::PROFILE.with(Profile::USER))
                        .with(User::POSTS.with(Post::COMMENTS.with(Comment::USER)).with(Post::REVIEWER))
                        .with(User::REVIEWS.filter(Post::SCORE.gt(0)))
                        .with(User::COMMENTS.order_by(Comment::ID.desc()).limit(2).offset(1))
                        .all(&db)
                        .await
                        .unwrap();
                    Node::query()
                        .filter(Node::ID.le(9))
                        .with(Node::CHILDREN)
                        .with(Node::PARENT)
                        .all(&db)
                        .await
                        .unwrap();
                    let user = User::find(&db, 1).await.unwrap().unwrap();
                    user.posts(&db).await.unwrap();
                    user.load(User::POSTS.limit(1), &db).await.unwrap();
                    user.posts_query().count(&db).await.unwrap();
                    assert_searches(&db, &log, 12, &[]).await;
                });
            }

            #[test]
            fn conditions_on_relations_and_aggregates_search() {
                block_on(async {
                    let db = open().await;
                    analyzed(&db, blog::SCHEMA, &rows()[0], &["users", "posts", "comments", "profiles", "nodes"]).await;
                    let users = User::query().filter(User::ID.le(20)).all(&db).await.unwrap();
                    let log = db.record();
                    users.counts(User::POSTS, &db).await.unwrap();
                    users.sum(User::POSTS, Post::SCORE, &db).await.unwrap();
                    users.max(User::REVIEWS, Post::SCORE, &db).await.unwrap();
                    users.exists(User::COMMENTS, &db).await.unwrap();
                    User::query()
                        .filter(User::POSTS.any(Post::COMMENTS.any(Comment::ID.eq(7))))
                        .all(&db)
                        .await
                        .unwrap();
                    User::query().filter(User::POSTS.count_all().ge(2)).limit(3).all(&db).await.unwrap();
                    // Here the rows are read whole from where they are asked for.
                    assert_searches(&db, &log, 6, &["users", "posts", "comments", "relation_1", "relation_2"]).await;
                });
            }

            #[test]
            fn loads_over_join_tables_search() {
                block_on(async {
                    let db = open().await;
                    let tables = [
                        "articles",
                        "tags",
                        "people",
                        "article_tags",
                        "article_readers",
                        "follows",
                        "friendships",
                        "crates",
                        "goods",
                        "packed",
                        "routes",
                    ];
                    analyzed(&db, tags::SCHEMA, &rows()[1], &tables).await;
                    let log = db.record();
                    Article::query()
                        .filter(Article::ID.le(9))
                        .with(Article::TAGS.with(Tag::ARTICLES.limit(1)))
                        .with(Article::TOP_TAGS.limit(1))
                        .with(Article::READERS_BY_NAME)
                        .all(&db)
                        .await
                        .unwrap();
                    Person::query()
                        .filter(Person::ID.le(9))
                        .with(Person::FOLLOWERS)
                        .with(Person::FRIENDS.limit(2))
                        .all(&db)
                        .await
                        .unwrap();
                    Crate::query()
                        .filter(Crate::NUMBER.le(9))
                        .with(Crate::GOODS)
                        .with(Crate::NEXT)
                        .all(&db)
                        .await
                        .unwrap();
                    let sent = log.statements().iter().filter(|statement| statement.relation.is_some()).count();
                    assert_searches(&db, &log, sent, &[]).await;
                    assert!(sent >= 16, "{sent}");
                });
            }
        }
    };
}

plans!(mysql MySql [cfg(on_mysql)]);
plans!(sqlite Sqlite [cfg(all())]);
