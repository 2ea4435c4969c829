//! Every shape of statement: what it gives, and that its plan goes by the index of the key.

use relations_core::{BelongsTo, HasMany, ManyToMany, Postgres, Relations, Statement};
use relations_tests::blog::{self, Comment, Node, Post, User};
use relations_tests::media;
use relations_tests::school::{self, Person, Student};
use relations_tests::tags::{self, Article, ArticleTag, Crate};
use tokio_postgres::types::{ToSql, Type};

use super::{database, execute, sent};

/// The plan of a statement, with values of the types that the server expects.
async fn plan(db: &Postgres, statement: &Statement) -> String {
    let client = db.client().await.unwrap();
    let explain = client.prepare(&format!("EXPLAIN {}", statement.sql)).await.unwrap();
    let values: Vec<Box<dyn ToSql + Sync>> = explain
        .params()
        .iter()
        .map(|of| -> Box<dyn ToSql + Sync> {
            match *of {
                Type::INT8 => Box::new(7_i64),
                Type::INT8_ARRAY => Box::new((1..=20_i64).collect::<Vec<_>>()),
                Type::TEXT => Box::new("a"),
                Type::TEXT_ARRAY => Box::new(vec!["a"; 20]),
                ref other => panic!("a value of type {other}"),
            }
        })
        .collect();
    let values: Vec<_> = values.iter().map(|value| &**value).collect();
    let lines = client.query(&explain, &values).await.unwrap();
    lines.iter().map(|line| line.get::<_, String>(0)).collect::<Vec<_>>().join("\n")
}

/// The statements of the log for relations search by an index and read none of these tables whole.
async fn assert_searches(db: &Postgres, log: &relations_core::StatementLog, expected: usize, tables: &[&str]) {
    let mut seen = 0;
    for statement in log.statements().iter().filter(|statement| statement.relation.is_some()) {
        let plan = plan(db, statement).await;
        seen += 1;
        assert!(plan.contains("Index"), "{}\n{plan}", statement.sql);
        for table in tables {
            assert!(!plan.contains(&format!("Seq Scan on {table}")), "{}\n{plan}", statement.sql);
        }
    }
    assert_eq!(seen, expected);
}

#[derive(Debug, Relations)]
#[relations(table = "tenants")]
struct Tenant {
    #[relations(key)]
    shop: String,
    #[relations(key)]
    id: i64,
    #[has_many(foreign_key = (shop, tenant_id), order_by(n desc), inverse = tenant)]
    bills: HasMany<Bill>,
    #[many_to_many(table = "beside", foreign_key = (shop, tenant_id), target_key = (other_shop, other_id), symmetric)]
    beside: ManyToMany<Tenant>,
}

#[derive(Debug, Relations)]
#[relations(table = "bills")]
struct Bill {
    #[relations(key)]
    n: i64,
    shop: String,
    tenant_id: i64,
    #[belongs_to(foreign_key = (shop, tenant_id))]
    tenant: BelongsTo<Tenant>,
}

const TENANTS: &str = "
    CREATE TABLE tenants (shop text, id int8, PRIMARY KEY (shop, id));
    CREATE TABLE bills (n int8 PRIMARY KEY, shop text NOT NULL, tenant_id int8 NOT NULL);
    CREATE INDEX bills_tenant ON bills (shop, tenant_id);
    CREATE TABLE beside (shop text NOT NULL, tenant_id int8 NOT NULL, other_shop text NOT NULL, other_id int8 NOT NULL);
    CREATE INDEX beside_one ON beside (shop, tenant_id);
    CREATE INDEX beside_other ON beside (other_shop, other_id);";

#[tokio::test]
async fn keys_of_one_column_are_searched_by_their_index() {
    let Some(db) = database("shapes_explain", &[blog::SCHEMA]).await else { return };
    execute(
        &db,
        "INSERT INTO users SELECT g, 'u' || g FROM generate_series(1, 20000) g;
         INSERT INTO profiles SELECT g, g, 'b' FROM generate_series(1, 20000) g;
         INSERT INTO posts SELECT g, g % 20000 + 1, g % 19000 + 1, 't', g FROM generate_series(1, 40000) g;
         INSERT INTO comments SELECT g, g % 40000 + 1, g % 20000 + 1, 'c' FROM generate_series(1, 80000) g;
         ANALYZE users, profiles, posts, comments;",
    )
    .await;
    let log = db.record();
    let users = User::query().order_by(User::ID.asc()).limit(20).all(&db).await.unwrap();
    users[0].posts(&db).await.unwrap();
    users[1].reviews(&db).await.unwrap();
    users[2].profile(&db).await.unwrap();
    users[3].posts(&db).await.unwrap()[0].comments(&db).await.unwrap();
    users[4].posts_query().filter(Post::SCORE.gt(1)).limit(3).all(&db).await.unwrap();
    let newest = User::POSTS.filter(Post::SCORE.ge(0)).order_by(Post::SCORE.desc()).offset(1).limit(2);
    users[0].posts.clear();
    users.load(newest.with(Post::REVIEWER), &db).await.unwrap();
    users.counts(User::POSTS, &db).await.unwrap();
    users.exists(User::COMMENTS, &db).await.unwrap();
    users.sum(User::POSTS, Post::SCORE, &db).await.unwrap();
    users.counts(User::POSTS.order_by(Post::ID.desc()).limit(1), &db).await.unwrap();
    assert_searches(&db, &log, 11, &["users", "profiles", "posts", "comments"]).await;
}

#[tokio::test]
async fn keys_of_several_columns_are_searched_by_their_index() {
    let Some(db) = database("shapes_explain_composite", &[TENANTS]).await else { return };
    execute(
        &db,
        "INSERT INTO tenants SELECT 's' || g % 20, g FROM generate_series(1, 20000) g;
         INSERT INTO bills SELECT g, 's' || g % 20, g % 20000 FROM generate_series(1, 60000) g;
         INSERT INTO beside SELECT 's' || g % 20, g, 's' || g % 10, g + 1 FROM generate_series(1, 20000) g;
         ANALYZE tenants, bills, beside;",
    )
    .await;
    let log = db.record();
    let tenants = Tenant::query().order_by(Tenant::ID.asc()).limit(20).all(&db).await.unwrap();
    assert_eq!(tenants[6].bills(&db).await.unwrap().iter().map(|bill| bill.n).collect::<Vec<_>>(), [40_007, 20_007, 7]);
    tenants[0].beside(&db).await.unwrap();
    tenants.counts(Tenant::BILLS, &db).await.unwrap();
    let bills = Bill::query().order_by(Bill::N.asc()).limit(20).all(&db).await.unwrap();
    assert_eq!(bills[0].tenant(&db).await.unwrap().id, 1);
    tenants[0].bills_query().all(&db).await.unwrap();
    for tenant in &tenants {
        tenant.bills.clear();
    }
    tenants.load(Tenant::BILLS.offset(1).limit(1), &db).await.unwrap();
    assert_eq!(tenants[6].bills.get_partial().unwrap()[0].n, 20_007);
    assert_searches(&db, &log, 7, &["tenants", "bills", "beside"]).await;
}

#[tokio::test]
async fn filter_order_limit_and_offset_apply_to_each_owner() {
    let Some(db) = database("shapes_limits", &[blog::SCHEMA, blog::ROWS]).await else { return };
    execute(&db, "INSERT INTO posts VALUES (6, 1, 2, 'six', 5), (7, 2, 2, 'seven', 1), (8, 2, NULL, 'eight', 30)")
        .await;
    let ids = async |query: relations_core::RelationQuery<_>| {
        let users = User::query().order_by(User::ID.asc()).with(query).all(&db).await.unwrap();
        users
            .iter()
            .map(|user| user.posts.get_partial().unwrap().iter().map(|post| post.id).collect::<Vec<_>>())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(User::POSTS.order_by(Post::SCORE.desc()).limit(2)).await, [vec![2, 1], vec![8, 3], vec![]]);
    assert_eq!(ids(User::POSTS.order_by(Post::SCORE.asc()).offset(1).limit(1)).await, [vec![1], vec![3], vec![]]);
    assert_eq!(ids(User::POSTS.order_by(Post::ID.asc()).offset(2)).await, [vec![6], vec![8], vec![]]);
    // Null comes last in either direction.
    assert_eq!(ids(User::POSTS.order_by(Post::REVIEWER_ID.asc()).limit(3)).await[1], [3, 7, 8]);
    assert_eq!(ids(User::POSTS.order_by(Post::REVIEWER_ID.desc()).limit(3)).await[1], [7, 3, 8]);
    assert_eq!(ids(User::POSTS.limit(0)).await, [vec![], vec![], Vec::<i64>::new()]);
}

#[tokio::test]
async fn conditions_on_relations_nest() {
    let Some(db) = database("shapes_conditions", &[blog::SCHEMA, blog::ROWS]).await else { return };
    let ids = async |filter: relations_core::Filter<User>| {
        let users = User::query().filter(filter).order_by(User::ID.asc()).all(&db).await.unwrap();
        users.iter().map(|user| user.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(User::POSTS.any(Post::SCORE.ge(30))).await, [2]);
    assert_eq!(ids(User::POSTS.none(Post::SCORE.ge(30))).await, [1, 3]);
    assert_eq!(ids(User::POSTS.count(Post::SCORE.gt(5)).ge(2)).await, [1]);
    assert_eq!(ids(User::POSTS.any(Post::COMMENTS.any(Comment::USER.any(User::NAME.eq("Bob"))))).await, [1]);
    assert_eq!(ids(!User::PROFILE.exists()).await, [3]);
    assert_eq!(ids(User::POSTS.any(Post::COMMENTS.count_all().ge(3))).await, [1]);
    let nodes = Node::query().filter(Node::CHILDREN.any(Node::CHILDREN.exists())).order_by(Node::ID.asc());
    assert_eq!(nodes.all(&db).await.unwrap().iter().map(|node| node.id).collect::<Vec<_>>(), [1, 2]);
}

#[tokio::test]
async fn aggregates_have_their_types_and_zeros() {
    let Some(db) = database("shapes_aggregates", &[blog::SCHEMA, blog::ROWS]).await else { return };
    execute(
        &db,
        "CREATE TABLE prices (id int8 PRIMARY KEY, user_id int8 NOT NULL, small int2 NOT NULL, whole int4,
                                       part float4 NOT NULL, exact float8);
                  INSERT INTO prices VALUES (1, 1, 30000, 2000000000, 0.5, 0.25), (2, 1, 30000, 2000000000, 1.5, NULL)",
    )
    .await;
    #[derive(Debug, Relations)]
    #[relations(table = "users")]
    struct Buyer {
        id: i64,
        #[has_many(foreign_key = user_id)]
        prices: HasMany<Price>,
    }
    #[derive(Debug, Relations)]
    #[relations(table = "prices")]
    struct Price {
        id: i64,
        user_id: i64,
        small: i16,
        whole: Option<i32>,
        part: f32,
        exact: Option<f64>,
    }
    let buyers = Buyer::query().order_by(Buyer::ID.asc()).all(&db).await.unwrap();
    assert_eq!(buyers.counts(Buyer::PRICES, &db).await.unwrap(), [2, 0, 0]);
    assert_eq!(buyers.exists(Buyer::PRICES, &db).await.unwrap(), [true, false, false]);
    assert_eq!(buyers.sum(Buyer::PRICES, Price::SMALL, &db).await.unwrap(), [60_000, 0, 0]);
    assert_eq!(buyers.sum(Buyer::PRICES, Price::WHOLE, &db).await.unwrap(), [4_000_000_000, 0, 0]);
    assert_eq!(buyers.sum(Buyer::PRICES, Price::USER_ID, &db).await.unwrap(), [2, 0, 0]);
    assert_eq!(buyers.sum(Buyer::PRICES, Price::PART, &db).await.unwrap(), [2.0, 0.0, 0.0]);
    assert_eq!(buyers.sum(Buyer::PRICES, Price::EXACT, &db).await.unwrap(), [0.25, 0.0, 0.0]);
    assert_eq!(buyers.avg(Buyer::PRICES, Price::WHOLE, &db).await.unwrap(), [Some(2e9), None, None]);
    assert_eq!(buyers.avg(Buyer::PRICES, Price::PART, &db).await.unwrap(), [Some(1.0), None, None]);
    assert_eq!(buyers.min(Buyer::PRICES, Price::SMALL, &db).await.unwrap(), [Some(30_000), None, None]);
    assert_eq!(buyers.max(Buyer::PRICES, Price::EXACT, &db).await.unwrap(), [Some(0.25), None, None]);
    let limited = Buyer::PRICES.order_by(Price::ID.desc()).limit(1);
    assert_eq!(buyers.sum(limited, Price::PART, &db).await.unwrap(), [1.5, 0.0, 0.0]);
    execute(&db, "UPDATE prices SET user_id = 9223372036854775807").await;
    let all = Price::all(&db).await.unwrap();
    assert_eq!(all.len(), 2);
}

#[tokio::test]
async fn many_to_many_is_ordered_limited_distinct_and_symmetric() {
    let Some(db) = database("shapes_many", &[tags::SCHEMA, tags::ROWS]).await else { return };
    execute(
        &db,
        "INSERT INTO crates VALUES ('a', 1), ('a', 2), ('b', 1);
         INSERT INTO routes VALUES ('a', 1, 'a', 2), ('b', 1, 'a', 1);",
    )
    .await;
    let top = Article::query().order_by(Article::ID.asc()).with(Article::TOP_TAGS).all(&db).await.unwrap();
    let ids: Vec<Vec<_>> =
        top.iter().map(|one| one.top_tags.get().unwrap().iter().map(|tag| tag.id).collect()).collect();
    assert_eq!(ids, [vec![1, 2], vec![2], vec![]]);
    let heavy = Article::TAGS.filter_pivot(ArticleTag::WEIGHT.gt(3)).order_by_pivot(ArticleTag::WEIGHT.desc()).limit(1);
    let articles = Article::query().order_by(Article::ID.asc()).with(heavy).all(&db).await.unwrap();
    let weights: Vec<Vec<_>> = articles
        .iter()
        .map(|one| one.tags.get_partial().unwrap().pivots().map(|(_, pivot)| pivot.weight).collect())
        .collect();
    assert_eq!(weights, [vec![5], vec![9], vec![]]);
    let people = tags::Person::query()
        .order_by(tags::Person::ID.asc())
        .with(tags::Person::FRIENDS.order_by(tags::Person::ID.asc()));
    let people = people.all(&db).await.unwrap();
    let friends: Vec<Vec<_>> = people
        .iter()
        .map(|one| one.friends.get().or(one.friends.get_partial()).unwrap().iter().map(|friend| friend.id).collect())
        .collect();
    assert_eq!(friends, [vec![2, 3, 4], vec![1], vec![1, 4], vec![1, 3], vec![]]);
    assert_eq!(people.counts(tags::Person::FRIENDS, &db).await.unwrap(), [3, 1, 2, 2, 0]);
    let crates = Crate::query().order_by(Crate::SHOP.asc()).order_by(Crate::NUMBER.asc()).all(&db).await.unwrap();
    let beside: Vec<_> = [&crates[0], &crates[1], &crates[2]].map(|one| one.beside(&db)).into_iter().collect();
    let mut found = Vec::new();
    for one in beside {
        found.push(one.await.unwrap().len());
    }
    assert_eq!(found, [2, 1, 1]);
    assert_eq!(crates.counts(Crate::BESIDE, &db).await.unwrap(), [2, 1, 1]);
    let next = Crate::query().filter(Crate::NEXT.any(Crate::NUMBER.eq(2))).all(&db).await.unwrap();
    assert_eq!((next.len(), &*next[0].shop, next[0].number), (1, "a", 1));
}

#[tokio::test]
async fn all_kinds_load_lazily_and_in_trees() {
    let Some(db) = database("shapes_kinds", &[school::SCHEMA, school::ROWS]).await else { return };
    let people = Person::query().order_by(Person::ID.asc()).all(&db).await.unwrap();
    let mut clubmates = Vec::new();
    for person in &people {
        let mates = person.clubmates(&db).await.unwrap();
        let mut ids: Vec<_> = mates.iter().map(|mate| mate.id).collect();
        ids.sort_unstable();
        clubmates.push(ids);
    }
    assert_eq!(clubmates, [vec![1, 2, 3], vec![1, 2], vec![1, 3], vec![]]);
    assert_eq!(people[0].badge(&db).await.unwrap().unwrap().day, 30);
    assert_eq!(people[0].notes(&db).await.unwrap().len(), 1);
    assert!(people[0].likes(&db).await.unwrap().is_some_and(|likes| likes.name() == "chess"));
    assert_eq!(people.counts(Person::CLUBS, &db).await.unwrap(), [2, 1, 1, 0]);
    let students = Student::query()
        .order_by(Person::ID.asc())
        .with(Student::COURSES)
        .with(Student::TEACHERS)
        .with(Student::CLUBS)
        .with(Student::MENTORS)
        .all(&db)
        .await
        .unwrap();
    assert_eq!(students[0].courses.get().unwrap().len(), 2);
    assert_eq!(students[0].teachers.get().unwrap().len(), 1);
    assert_eq!(students[1].clubs.get().unwrap().iter().map(|club| club.id).collect::<Vec<_>>(), [3, 2]);
}

#[tokio::test]
async fn siblings_use_what_a_way_over_others_fills_as_they_do_one_after_the_other() {
    let Some(db) = database("shapes_ways", &[school::SCHEMA, school::ROWS]).await else { return };
    let log = db.record();
    // Clubs: two statements. Clubmates: two more. Notes of the clubs: one. The way over both: their authors.
    let query = Person::query().with(Person::CLUBS).with(Person::CLUBMATES).with(Person::CLUB_NOTES);
    query.with(Person::CLUB_CRITICS).all(&db).await.unwrap();
    assert_eq!(sent(&log), 1 + 2 + 2 + 1 + 1);
}

#[tokio::test]
async fn the_same_relation_twice_in_a_tree_is_loaded_once() {
    let Some(db) = database("shapes_twice", &[blog::SCHEMA, blog::ROWS]).await else { return };
    let log = db.record();
    let query = User::query().with(User::POSTS.with(Post::COMMENTS)).with(User::POSTS.with(Post::REVIEWER));
    let users = query.all(&db).await.unwrap();
    assert_eq!(sent(&log), 4);
    let posts = users.iter().find(|user| user.id == 1).unwrap().posts.get().unwrap();
    assert!(posts.iter().all(|post| post.comments.is_loaded() && post.reviewer.is_loaded()));
}

#[tokio::test]
async fn polymorphic_relations_lead_both_ways() {
    let Some(db) = database("shapes_morph", &[media::SCHEMA, media::ROWS]).await else { return };
    let log = db.record();
    let comments = media::Comment::query().order_by(media::Comment::ID.asc()).all(&db).await.unwrap();
    let mut titles = Vec::new();
    for comment in &comments {
        titles.push(comment.commentable(&db).await.unwrap().title().to_owned());
    }
    assert_eq!(titles, ["p1", "v1", "p2", "p1", "v1"]);
    assert_eq!(sent(&log), 3);
    let posts = media::Post::query().order_by(media::Post::ID.asc()).with(media::Post::TAGS).all(&db).await.unwrap();
    assert_eq!(posts.iter().map(|post| post.tags.get().unwrap().len()).collect::<Vec<_>>(), [2, 1, 0]);
    assert_eq!(posts.counts(media::Post::COMMENTS, &db).await.unwrap(), [2, 1, 0]);
}

#[tokio::test]
async fn windows_over_keys_of_several_columns_pass_every_row_once() {
    let Some(db) = database("shapes_windows", &[TENANTS]).await else { return };
    execute(
        &db,
        "INSERT INTO tenants SELECT 's' || g % 3, g FROM generate_series(1, 100) g;
         INSERT INTO bills SELECT g, 's' || g % 3, g FROM generate_series(1, 100) g;",
    )
    .await;
    let log = db.record();
    let mut windows = Tenant::query().with(Tenant::BILLS).windows(30, &db);
    let mut seen = Vec::new();
    while let Some(tenants) = windows.next().await.unwrap() {
        assert!(tenants.iter().all(|tenant| tenant.bills.get().unwrap().len() == 1));
        seen.extend(tenants.iter().map(|tenant| (tenant.shop.clone(), tenant.id)));
    }
    assert_eq!((seen.len(), sent(&log)), (100, 8));
    seen.dedup();
    assert!(seen.len() == 100 && seen.is_sorted());
}

#[tokio::test]
async fn a_tree_of_rows_loads_to_its_end() {
    let Some(db) = database("shapes_recursive", &[blog::SCHEMA, blog::ROWS]).await else { return };
    let roots =
        Node::query().filter(Node::PARENT_ID.is_null()).with(Node::CHILDREN.recursive()).all(&db).await.unwrap();
    let below = roots[0].descendants(Node::CHILDREN, &db).await.unwrap();
    let mut ids: Vec<_> = below.iter().map(|node| node.id).collect();
    ids.sort_unstable();
    assert_eq!(ids, [2, 3, 4, 5]);
}
