//! Queries by relation: conditions on owners and aggregates over what they lead to. Each test's name is the sentence it
//! proves.

#[path = "everywhere.rs"]
mod everywhere;

mod aggregates;
mod own_sql;
mod random_queries;
mod relation_filters;

use relations_core::{Relations, Sqlite, StatementLog};

relations_tests::on_source!(Sqlite);

/// The plans of so many statements of the log that ask for relations: they read by an index whatever a relation leads to,
/// and scan only the owners' table, the keys, and what was read for one owner.
fn assert_searches(db: &Sqlite, log: &StatementLog, expected: usize) {
    let statements = log.statements().into_iter().filter(|statement| statement.sql.contains("relation_1"));
    let mut seen = 0;
    for statement in statements {
        seen += 1;
        let owners = statement.sql.split(" FROM \"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        let owners = format!("SCAN {owners}");
        let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
        let plan = block_on(db.connection(move |c| {
            let mut prepared = c.prepare(&sql)?;
            // The plan does not depend on the values, so none is bound.
            let lines = prepared.raw_query().mapped(|row| row.get::<_, String>("detail"));
            lines.collect::<rusqlite::Result<Vec<_>>>()
        }))
        .unwrap();
        assert!(plan.iter().any(|line| line.starts_with("SEARCH")), "{}\n{plan:#?}", statement.sql);
        for line in plan.iter().filter(|line| line.starts_with("SCAN")) {
            let fine =
                ["rarray", "relation_keys", "relation_parts", "relation_1_first", "relation_1_ends", "(subquery"];
            assert!(*line == owners || fine.iter().any(|name| line.contains(name)), "{}\n{plan:#?}", statement.sql);
        }
    }
    assert_eq!(seen, expected);
}

#[test]
fn such_orders_read_by_an_index_whatever_they_lead_to() {
    use blog::{Comment, Post, Profile, User};
    block_on(async {
        let db = blog::db();
        let log = db.record();
        let by_name = || Post::USER.by(User::NAME).asc();
        Post::query().order_by(by_name()).all(&db).await.unwrap();
        Post::query().order_by(by_name()).limit(2).offset(1).all(&db).await.unwrap();
        Comment::query().order_by(Comment::POST.by(Post::USER.by(User::NAME)).desc()).all(&db).await.unwrap();
        User::query().order_by(User::PROFILE.by(Profile::BIO).asc()).all(&db).await.unwrap();
        let reviews = User::REVIEWS.order_by(Post::USER.by(User::NAME).asc());
        User::query().with(reviews.clone()).with(User::POSTS.order_by(by_name()).limit(2)).all(&db).await.unwrap();
        User::find(&db, 2).await.unwrap().unwrap().load(reviews, &db).await.unwrap();
        assert_searches(&db, &log, 7);
        assert_eq!(relations(&log).len(), 9);
    });
}
