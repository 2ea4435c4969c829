//! Every statement that loads a relation uses the key's index.

use relations_core::{Relations, Sqlite, StatementLog, block_on};
use relations_tests::blog::{self, Comment, Node, Post, Profile, User};
use relations_tests::shop::{self, Article, Letter, Line, Maker, Order, Ticket, TicketId};
use relations_tests::tags::{self, Crate, Good, Person};
use relations_tests::{database, execute};

/// The plans of all statements for relations in the log.
fn plans(db: &Sqlite, log: &StatementLog) -> Vec<(String, String)> {
    let statements = log.statements().into_iter().filter(|statement| statement.relation.is_some());
    statements
        .map(|statement| {
            let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
            let plan = block_on(db.connection(move |c| {
                let mut prepared = c.prepare(&sql)?;
                // The plan does not depend on the values, so none is bound.
                let lines = prepared.raw_query().mapped(|row| row.get::<_, String>("detail"));
                Ok(lines.collect::<rusqlite::Result<Vec<_>>>()?.join("\n"))
            }));
            (statement.sql.to_string(), plan.unwrap())
        })
        .collect()
}

/// Each plan searches, and scans nothing but the keys.
fn assert_searches(plans: &[(String, String)], expected: usize) {
    assert_eq!(plans.len(), expected);
    for (sql, plan) in plans {
        assert!(plan.contains("SEARCH"), "{sql}\n{plan}");
        for line in plan.lines().filter(|line| line.contains("SCAN")) {
            let keys = ["rarray", "relation_keys", "relation_parts", "(subquery"];
            assert!(keys.iter().any(|name| line.contains(name)), "{sql}\n{plan}");
        }
    }
}

#[test]
fn loads_of_every_kind_search_by_an_index() {
    block_on(async {
        let db = blog::db();
        let log = db.record();
        User::query()
            .with(User::PROFILE.with(Profile::USER))
            .with(User::POSTS.with(Post::COMMENTS.with(Comment::USER)).with(Post::REVIEWER))
            .with(User::REVIEWS.filter(Post::SCORE.gt(0)))
            .with(User::COMMENTS.order_by(Comment::ID.desc()).limit(2))
            .all(&db)
            .await
            .unwrap();
        Node::query().with(Node::CHILDREN).with(Node::PARENT).all(&db).await.unwrap();
        let user = User::find(&db, 1).await.unwrap().unwrap();
        user.posts(&db).await.unwrap();
        user.load(User::POSTS.limit(1), &db).await.unwrap();
        assert_searches(&plans(&db, &log), 11);
    });
}

#[test]
fn loads_by_composite_text_and_uuid_keys_search_by_an_index() {
    block_on(async {
        let db = shop::empty();
        execute(
            &db,
            "INSERT INTO orders VALUES (1, 1, ''), (1, 2, '');
             INSERT INTO lines VALUES (1, 1, 1, 'a'), (1, 2, 1, 'b');
             INSERT INTO articles VALUES ('a', x'00000000000000000000000000000001'),
                                         ('b', x'00000000000000000000000000000002');
             INSERT INTO makers VALUES (x'00000000000000000000000000000001', 'm'),
                                       (x'00000000000000000000000000000002', 'n');
             INSERT INTO letters VALUES (1, 'm'), (2, 'n');
             INSERT INTO tickets VALUES (1, 2), (2, 1)",
        );
        let log = db.record();
        Order::query().with(Order::LINES.with(Line::ARTICLE.with(Article::MAKER))).all(&db).await.unwrap();
        Order::query().with(Order::LINES.limit(1)).all(&db).await.unwrap();
        Line::query().with(Line::ORDER).all(&db).await.unwrap();
        Maker::query().with(Maker::LETTERS).with(Maker::ARTICLES).all(&db).await.unwrap();
        Letter::query().with(Letter::MAKER).all(&db).await.unwrap();
        Ticket::query().with(Ticket::LAST).with(Ticket::WITH).all(&db).await.unwrap();
        Ticket::find(&db, TicketId(1)).await.unwrap();
        // The article's lines have no index of their own: not among these.
        assert_searches(&plans(&db, &log), 10);
    });
}

/// One of many by a column with an index, never null or nullable.
mod one_of_many {
    use relations_core::{HasOne, Relations};

    #[derive(Debug, Relations)]
    #[relations(table = "users")]
    pub struct User {
        #[relations(key)]
        id: i64,
        #[has_one(latest_by = at)]
        pub latest: HasOne<Option<Login>>,
        #[has_one(oldest_by = at)]
        pub oldest: HasOne<Option<Login>>,
        #[has_one(of_many(max = score))]
        pub best: HasOne<Option<Login>>,
        #[has_one(of_many(min = score))]
        pub worst: HasOne<Option<Login>>,
    }

    #[derive(Debug, Relations)]
    #[relations(table = "logins")]
    pub struct Login {
        #[relations(key)]
        id: i64,
        user_id: i64,
        at: i64,
        score: Option<i64>,
    }
}

#[test]
fn one_of_many_reads_an_index_in_its_order_without_sorting() {
    use one_of_many::User;
    block_on(async {
        let db = database(
            "CREATE TABLE users (id INTEGER PRIMARY KEY);
             CREATE TABLE logins (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, at INTEGER NOT NULL, score INTEGER);
             CREATE INDEX logins_at ON logins (user_id, at);
             CREATE INDEX logins_score ON logins (user_id, score);",
            "INSERT INTO users VALUES (1), (2)",
        );
        let log = db.record();
        let query = || User::query().with(User::LATEST).with(User::OLDEST).with(User::BEST).with(User::WORST);
        query().all(&db).await.unwrap();
        query().limit(1).all(&db).await.unwrap();
        let plans = plans(&db, &log);
        assert_searches(&plans, 8);
        for (sql, plan) in &plans {
            // The rows of all owners together are sorted once; those of one owner never.
            let sorts = plan.lines().filter(|line| line.contains("TEMP B-TREE")).count();
            assert_eq!(sorts, usize::from(sql.contains("rarray")), "{sql}\n{plan}");
        }
    });
}

#[test]
fn loads_over_join_tables_search_by_an_index() {
    block_on(async {
        let db = tags::db();
        execute(
            &db,
            "INSERT INTO crates VALUES ('a', 1), ('a', 2);
             INSERT INTO goods VALUES (x'00000000000000000000000000000001', 'nail'),
                                      (x'00000000000000000000000000000002', 'nut');
             INSERT INTO packed VALUES ('a', 1, x'00000000000000000000000000000001'),
                                       ('a', 2, x'00000000000000000000000000000002');
             INSERT INTO routes VALUES ('a', 1, 'a', 2)",
        );
        let log = db.record();
        tags::Article::query()
            .with(tags::Article::TAGS.order_by(tags::Tag::NAME.asc()))
            .with(tags::Article::READERS.with(Person::FRIENDS))
            .all(&db)
            .await
            .unwrap();
        tags::Article::query()
            .with(tags::Article::TAGS.order_by_pivot(tags::ArticleTag::WEIGHT.desc()).limit(1))
            .all(&db)
            .await
            .unwrap();
        let ann = Person::find(&db, 1).await.unwrap().unwrap();
        ann.friends(&db).await.unwrap();
        ann.friends_query().all(&db).await.unwrap();
        ann.followers_query().count(&db).await.unwrap();
        Crate::query().with(Crate::GOODS.with(Good::CRATES)).with(Crate::BESIDE).all(&db).await.unwrap();
        assert_searches(&plans(&db, &log), 18);
    });
}

/// Each search is by an index, and by both the type and the id where it is one.
#[test]
fn polymorphic_loads_search_by_the_index_on_type_and_id() {
    use relations_tests::media::{self, Post};
    block_on(async {
        let db = media::db();
        let log = db.record();
        Post::query().with(Post::COMMENTS).with(Post::COVER).all(&db).await.unwrap();
        Post::query().with(Post::COMMENTS.limit(1)).all(&db).await.unwrap();
        let post = Post::find(&db, 1).await.unwrap().unwrap();
        post.comments(&db).await.unwrap();
        post.comments_query().count(&db).await.unwrap();
        let plans = plans(&db, &log);
        assert_eq!(plans.len(), 5);
        for (sql, plan) in plans {
            let by_both = ["(commentable_type=? AND commentable_id=?)", "(kind=? AND target_id=?)"];
            assert!(by_both.iter().any(|index| plan.contains(index)), "{sql}\n{plan}");
        }
    });
}

#[test]
fn every_statement_over_polymorphic_pivots_searches_by_an_index() {
    use relations_tests::media::{self, Post};
    block_on(async {
        let db = media::db();
        let log = db.record();
        Post::query().with(Post::TAGS).with(Post::TOP_TAGS.limit(1)).all(&db).await.unwrap();
        Post::query().with(Post::TAGS.limit(1)).all(&db).await.unwrap();
        let post = Post::find(&db, 1).await.unwrap().unwrap();
        post.tags(&db).await.unwrap();
        post.tags_query().count(&db).await.unwrap();
        let plans: Vec<_> = plans(&db, &log).into_iter().filter(|(sql, _)| sql.contains("taggings")).collect();
        assert_eq!(plans.len(), 5);
        for (sql, plan) in plans {
            assert!(plan.contains("(taggable_type=? AND taggable_id=?)"), "{sql}\n{plan}");
            assert!(!plan.contains("SCAN taggings") && !plan.contains("SCAN tags"), "{sql}\n{plan}");
        }
    });
}
