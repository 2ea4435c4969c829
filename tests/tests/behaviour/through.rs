//! Relations through others: any number of hops, distinct targets, and the rows on the way.

use crate::{Db, block_on, database, execute, relations, sent};
use relations_core::{BelongsTo, HasMany, HasManyThrough, HasOne, HasOneThrough, Relations};

pub const SCHEMA: &str = "
    CREATE TABLE countries (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE profiles (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, country_id INTEGER);
    CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER, title TEXT NOT NULL);
    CREATE TABLE comments (id INTEGER PRIMARY KEY, post_id INTEGER NOT NULL, user_id INTEGER, text TEXT NOT NULL);
";

/// Post 1 has the comments of users 1, 1 and 2; Bob's only post has none; Cid has written nothing.
const ROWS: &str = "
    INSERT INTO countries VALUES (1, 'Norway'), (2, 'Peru');
    INSERT INTO users VALUES (1, 'Ann'), (2, 'Bob'), (3, 'Cid'), (4, 'Dan');
    INSERT INTO profiles VALUES (1, 1, 2), (2, 2, NULL), (3, 3, 99);
    INSERT INTO posts VALUES (1, 1, 'one'), (2, 1, 'two'), (3, 2, 'three'), (4, NULL, 'four');
    INSERT INTO comments VALUES (1, 1, 1, 'a'), (2, 1, 1, 'b'), (3, 1, 2, 'c'), (4, 2, 3, 'd'), (5, 2, NULL, 'e'),
                                (6, 2, 99, 'f'), (7, 4, 2, 'g');
";

fn db() -> Db {
    database(SCHEMA, ROWS)
}

#[derive(Debug, Clone, PartialEq, Relations)]
pub struct Country {
    id: i64,
    name: String,
    #[has_many]
    profiles: HasMany<Profile>,
}

#[derive(Debug, Clone, PartialEq, Relations)]
pub struct User {
    pub id: i64,
    pub name: String,
    #[has_one(inverse = user)]
    pub profile: HasOne<Option<Profile>>,
    #[has_many(inverse = user, order_by(id))]
    pub posts: HasMany<Post>,
    #[has_many(through = posts.comments)]
    pub comments: HasManyThrough<Comment>,
    #[has_many(through = posts.comments.user)]
    pub commenters: HasManyThrough<User>,
    #[has_many(through = comments.user)]
    pub commenters_over_comments: HasManyThrough<User>,
    #[has_many(through = commenters.commenters)]
    pub circle: HasManyThrough<User>,
    #[has_one(through = profile.country)]
    pub country: HasOneThrough<Option<Country>>,
    #[has_one(through = profile.country)]
    home: HasOneThrough<Country>,
}

#[derive(Debug, Clone, PartialEq, Relations)]
pub struct Profile {
    pub id: i64,
    pub user_id: i64,
    pub country_id: Option<i64>,
    #[belongs_to]
    pub user: BelongsTo<User>,
    #[belongs_to]
    pub country: BelongsTo<Option<Country>>,
}

#[derive(Debug, Clone, PartialEq, Relations)]
pub struct Post {
    pub id: i64,
    pub user_id: Option<i64>,
    pub title: String,
    #[belongs_to]
    pub user: BelongsTo<Option<User>>,
    #[has_many(inverse = post, order_by(id))]
    pub comments: HasMany<Comment>,
    #[has_many(through = comments.user)]
    pub commenters: HasManyThrough<User>,
    #[has_one(through = user.profile)]
    pub profile: HasOneThrough<Option<Profile>>,
}

#[derive(Debug, Clone, PartialEq, Relations)]
pub struct Comment {
    pub id: i64,
    pub post_id: i64,
    pub user_id: Option<i64>,
    pub text: String,
    #[belongs_to]
    pub post: BelongsTo<Post>,
    #[belongs_to]
    pub user: BelongsTo<Option<User>>,
    #[has_many(through = post.comments)]
    pub siblings: HasManyThrough<Comment>,
}

#[test]
fn targets_are_distinct_and_stand_in_the_order_in_which_they_are_met() {
    block_on(async {
        let db = db();
        let post = Post::find(&db, 1).await.unwrap().unwrap();
        let commenters = post.commenters(&db).await.unwrap();
        assert_eq!(commenters.iter().map(|user| user.id).collect::<Vec<_>>(), [1, 2]);
    });
}

fn names(users: &relations_core::Linked<User>) -> Vec<&str> {
    users.iter().map(|user| user.name.as_str()).collect()
}

fn statements(log: &relations_core::StatementLog) -> Vec<(String, usize)> {
    let statements = relations(log);
    log.clear();
    statements
}

fn step(name: &str, keys: usize) -> (String, usize) {
    (name.to_owned(), keys)
}

#[test]
fn a_load_for_all_peers_is_one_statement_for_each_hop_and_fills_the_rows_on_the_way() {
    block_on(async {
        let db = db();
        let users = User::all(&db).await.unwrap();
        let log = db.record();
        let of_users: Vec<_> =
            futures::future::join_all(users.iter().map(async |user| user.commenters(&db).await.unwrap())).await;
        assert_eq!(statements(&log), [step("User.posts", 4), step("Post.comments", 3), step("Comment.user", 4)]);
        assert_eq!(of_users.iter().map(names).collect::<Vec<_>>(), [vec!["Ann", "Bob", "Cid"], vec![], vec![], vec![]]);
        for user in &users {
            for post in user.posts.get().unwrap().iter() {
                for comment in post.comments.get().unwrap().iter() {
                    comment.user.get().unwrap();
                }
            }
            assert_eq!(user.commenters(&db).await.unwrap(), user.commenters.get().unwrap());
        }
        assert_eq!(sent(&log), 0);
    });
}

#[test]
fn a_way_over_200_rows_is_a_statement_for_each_hop() {
    block_on(async {
        let db = database(SCHEMA, "");
        for id in 1..=200 {
            execute(
                &db,
                &format!("INSERT INTO users VALUES ({id}, 'u'); INSERT INTO profiles VALUES ({id}, {id}, NULL)"),
            );
            execute(&db, &format!("INSERT INTO posts VALUES ({id}, {id}, 'p')"));
        }
        let posts = Post::all(&db).await.unwrap();
        let log = db.record();
        for post in &posts {
            assert_eq!(post.profile(&db).await.unwrap().unwrap().user_id, post.user_id.unwrap());
        }
        assert_eq!(statements(&log), [step("Post.user", 200), step("User.profile", 200)]);
    });
}

#[test]
fn a_way_serialises_as_any_relation() {
    #[derive(serde::Serialize, serde::Deserialize, Relations)]
    struct Reader {
        id: i64,
        #[has_one(foreign_key = user_id)]
        profile: HasOne<Option<Address>>,
        #[has_one(through = profile.country)]
        country: HasOneThrough<Option<Land>>,
        #[has_many(through = profile.country)]
        countries: HasManyThrough<Land>,
    }
    #[derive(serde::Serialize, serde::Deserialize, Relations)]
    #[relations(table = "profiles")]
    struct Address {
        id: i64,
        user_id: i64,
        country_id: Option<i64>,
        #[belongs_to]
        country: BelongsTo<Option<Land>>,
    }
    #[derive(serde::Serialize, serde::Deserialize, Relations)]
    #[relations(table = "countries")]
    struct Land {
        id: i64,
        name: String,
    }
    block_on(async {
        let db = database("CREATE TABLE readers (id INTEGER PRIMARY KEY)", &[SCHEMA, ROWS].concat());
        execute(&db, "INSERT INTO readers VALUES (1), (2)");
        let readers = Reader::query().with(Reader::COUNTRY).with(Reader::COUNTRIES.limit(1)).all(&db).await.unwrap();
        let json = serde_json::to_value(&readers[0]).unwrap();
        assert_eq!(json["country"]["loaded"]["name"], "Peru");
        assert_eq!(json["countries"]["partial"][0]["name"], "Peru");
        let back: Reader = serde_json::from_value(json).unwrap();
        assert_eq!(back.country.get().unwrap().unwrap().name, "Peru");
        assert_eq!(back.countries.get_partial().unwrap().len(), 1);
        assert!(back.countries.get().is_err());
        let json = serde_json::to_value(&readers[1]).unwrap();
        assert_eq!(json["country"], serde_json::json!({"loaded": null}));
        let back: Reader = serde_json::from_value(json).unwrap();
        assert!(back.country.get().unwrap().is_none());
        let fresh = Reader::find(&db, 1).await.unwrap().unwrap();
        assert_eq!(serde_json::to_value(&*fresh).unwrap()["country"], "not_loaded");
    });
}

#[test]
fn lazy_single_and_eager_reading_and_plain_loops_give_the_same() {
    block_on(async {
        let db = db();
        let eager =
            User::query().with(User::COMMENTERS).with(User::COMMENTS).with(User::COUNTRY).all(&db).await.unwrap();
        for user in &eager {
            let alone = User::find(&db, user.id).await.unwrap().unwrap();
            assert_eq!(user.commenters.get().unwrap(), alone.commenters(&db).await.unwrap());
            assert_eq!(user.comments.get().unwrap(), alone.comments(&db).await.unwrap());
            let country = alone.country(&db).await.unwrap().map(|country| country.id);
            assert_eq!(user.country.get().unwrap().map(|country| country.id), country);
            let copy = user.clone();
            copy.clear_relations();
            assert_eq!(user.commenters.get().unwrap(), copy.commenters(&db).await.unwrap());
        }
    });
}

#[test]
fn what_is_loaded_on_the_way_is_not_read_again() {
    block_on(async {
        let db = db();
        let users = User::query().with(User::POSTS).all(&db).await.unwrap();
        let log = db.record();
        users[0].commenters(&db).await.unwrap();
        assert_eq!(statements(&log), [step("Post.comments", 3), step("Comment.user", 4)]);
        users[0].comments(&db).await.unwrap();
        users[0].posts.get().unwrap()[0].commenters(&db).await.unwrap();
        assert_eq!(statements(&log), [], "all hops of these are there");
        let users = User::all(&db).await.unwrap();
        users.load(User::COMMENTS, &db).await.unwrap();
        assert_eq!(statements(&log), [step("User", 0), step("User.posts", 4), step("Post.comments", 3)]);
        users.load(User::COMMENTERS, &db).await.unwrap();
        assert_eq!(statements(&log), [step("Comment.user", 4)]);
    });
}

#[test]
fn a_way_may_lead_over_ways() {
    block_on(async {
        let db = db();
        let users = User::query().with(User::COMMENTERS_OVER_COMMENTS).with(User::CIRCLE).all(&db).await.unwrap();
        for user in &users {
            let over = user.commenters_over_comments.get().unwrap();
            assert_eq!(names(&over), names(&user.commenters(&db).await.unwrap()));
        }
        assert_eq!(names(&users[0].circle.get().unwrap()), ["Ann", "Bob", "Cid"]);
        assert!(users[1].circle.get().unwrap().is_empty());
    });
}

#[test]
fn a_way_to_one_row_may_break_off_anywhere() {
    block_on(async {
        let db = db();
        let users = User::all(&db).await.unwrap();
        let log = db.record();
        let mut countries = Vec::new();
        for user in &users {
            countries.push(user.country(&db).await.unwrap().map(|country| country.name.clone()));
        }
        assert_eq!(countries, [Some("Peru".to_owned()), None, None, None]);
        assert_eq!(statements(&log), [step("User.profile", 4), step("Profile.country", 2)]);
        assert_eq!(users[0].home(&db).await.unwrap().name, "Peru");
        let missing = users[1].home(&db).await.unwrap_err();
        assert!(matches!(missing.kind(), relations_core::ErrorKind::NotFound { .. }), "{missing}");
        assert_eq!(
            missing.to_string(),
            "User.home: there is no `Country` with User key = 2; make the target an `Option` if it may be missing"
        );
        assert_eq!(sent(&log), 0);
    });
}

#[test]
fn a_null_key_at_the_start_sends_nothing() {
    block_on(async {
        let db = db();
        let post = Post::find(&db, 4).await.unwrap().unwrap();
        let log = db.record();
        assert!(post.profile(&db).await.unwrap().is_none());
        assert_eq!(sent(&log), 0);
        assert!(post.user.get().unwrap().is_none());
    });
}

#[test]
fn filter_order_and_limit_apply_to_the_targets_of_each_owner() {
    block_on(async {
        let db = db();
        let log = db.record();
        let query = Post::COMMENTERS.filter(User::ID.lt(9)).order_by(User::NAME.desc()).limit(1);
        let posts = Post::query().with(query).all(&db).await.unwrap();
        assert_eq!(
            statements(&log),
            [step("Post", 0), step("Post.comments", 4), step("Comment.user", 4), step("User", 3)]
        );
        let of = |post: &Post| post.commenters.get_partial().unwrap().iter().map(|user| user.id).collect::<Vec<_>>();
        assert_eq!(posts.iter().map(of).collect::<Vec<_>>(), [vec![2], vec![3], vec![], vec![2]]);
        assert!(posts[0].commenters.get().is_err(), "a part never passes for the whole");
        assert_eq!(names(&posts[0].commenters(&db).await.unwrap()), ["Ann", "Bob"]);
        assert_eq!(sent(&log), 0, "the hops were loaded whole");
    });
}

#[test]
fn a_limit_alone_needs_no_further_statement_and_an_offset_goes_with_it() {
    block_on(async {
        let db = db();
        let log = db.record();
        let users = User::query().with(User::COMMENTERS.limit(1).offset(1)).all(&db).await.unwrap();
        assert_eq!(sent(&log), 4);
        assert_eq!(names(&users[0].commenters.get_partial().unwrap()), ["Bob"]);
        assert!(users[1].commenters.get_partial().unwrap().is_empty());
    });
}

#[test]
fn an_order_alone_orders_the_whole() {
    block_on(async {
        let db = db();
        let users = User::query().with(User::COMMENTERS.order_by(User::ID.desc())).all(&db).await.unwrap();
        assert_eq!(names(&users[0].commenters.get().unwrap()), ["Cid", "Bob", "Ann"]);
    });
}

#[test]
fn trees_grow_beside_a_way_and_beyond_it() {
    block_on(async {
        let db = db();
        let log = db.record();
        let users = User::query()
            .with(User::COMMENTERS.with(User::PROFILE.with(Profile::COUNTRY)).with(User::POSTS))
            .with(User::PROFILE)
            .all(&db)
            .await
            .unwrap();
        assert_eq!(sent(&log), 8);
        let commenters = users[0].commenters.get().unwrap();
        let profile = commenters[0].profile.get().unwrap().unwrap();
        assert_eq!(profile.country.get().unwrap().unwrap().name, "Peru");
        assert_eq!(commenters[1].posts.get().unwrap()[0].title, "three");
        commenters.load(User::COUNTRY, &db).await.unwrap();
        assert_eq!(sent(&log), 8, "its hops are there");
    });
}

on_sqlite! {
#[test]
fn a_failure_on_the_way_fails_the_owners_that_lead_over_it_and_no_other() {
    block_on(async {
        let db = db();
        execute(&db, "INSERT INTO posts VALUES (5, 3, 'five'); INSERT INTO comments VALUES (8, 5, 2, 'h')");
        execute(&db, "UPDATE users SET name = x'00' WHERE id = 3");
        let posts = Post::query().with(Post::COMMENTERS).all(&db).await.unwrap();
        let of: Vec<_> = posts.iter().map(|post| post.commenters.get().map(|users| users.len()).ok()).collect();
        assert_eq!(of, [Some(2), None, Some(0), Some(1), Some(1)]);
        let eager = posts[1].commenters(&db).await.unwrap_err().to_string();
        let alone = Post::find(&db, 2).await.unwrap().unwrap();
        assert_eq!(alone.commenters(&db).await.unwrap_err().to_string(), eager);
        let lazily = Post::all(&db).await.unwrap();
        assert_eq!(lazily[0].commenters(&db).await.unwrap().len(), 2);
        assert_eq!(lazily[1].commenters(&db).await.unwrap_err().to_string(), eager);
    });
}
}

#[test]
fn a_middle_row_that_is_missing_although_promised_fails_its_owner() {
    block_on(async {
        let db = db();
        execute(&db, "INSERT INTO comments VALUES (9, 77, 1, 'i')");
        let comments = Comment::all(&db).await.unwrap();
        let error = comments[7].siblings(&db).await.unwrap_err();
        assert!(error.to_string().starts_with("Comment.post: there is no `Post`"), "{error}");
        assert_eq!(comments[0].siblings(&db).await.unwrap().len(), 3);
    });
}

#[test]
fn a_middle_row_that_is_deleted_between_two_steps_is_still_led_over_or_not_found_again() {
    block_on(async {
        let db = db();
        let users = User::query().with(User::POSTS).all(&db).await.unwrap();
        execute(&db, "DELETE FROM posts WHERE id = 1; DELETE FROM comments WHERE id = 4");
        assert_eq!(
            names(&users[0].commenters(&db).await.unwrap()),
            ["Ann", "Bob"],
            "post 1 is held, comment 4 is gone"
        );
        users[0].clear_relations();
        assert_eq!(names(&users[0].commenters(&db).await.unwrap()), Vec::<&str>::new());
    });
}

#[test]
fn a_way_back_is_used_as_it_is() {
    block_on(async {
        let db = db();
        let log = db.record();
        let posts = Post::query().with(Post::COMMENTS.with(Comment::SIBLINGS)).all(&db).await.unwrap();
        assert_eq!(sent(&log), 2, "the comments' posts and their comments are there");
        let comment = &posts[0].comments.get().unwrap()[0];
        let siblings = comment.siblings.get().unwrap();
        assert_eq!(siblings.iter().map(|comment| comment.id).collect::<Vec<_>>(), [1, 2, 3]);
        assert!(std::ptr::eq(comment, &siblings[0]), "the same row");
    });
}

#[test]
fn a_copied_owner_with_another_key_leads_elsewhere() {
    block_on(async {
        let db = db();
        let posts = Post::query().with(Post::PROFILE).all(&db).await.unwrap();
        assert_eq!(posts[0].profile.get().unwrap().unwrap().id, 1);
        let mut copy = posts[0].clone();
        copy.user_id = Some(2);
        assert_eq!(copy.profile(&db).await.unwrap().unwrap().id, 2);
    });
}

#[test]
fn a_way_is_described() {
    let user = User::descriptor();
    assert_eq!(
        user.relation("commenters").unwrap().to_string(),
        "commenters: has_many User (through posts.comments.user)"
    );
    assert_eq!(user.relation("country").unwrap().to_string(), "country: has_one Country? (through profile.country)");
    assert_eq!(user.relation("comments").unwrap().through, ["posts", "comments"]);
    let json = serde_json::to_value(user.relation("comments").unwrap()).unwrap();
    assert_eq!(json["kind"], "has_many_through");
    assert_eq!(json["through"], serde_json::json!(["posts", "comments"]));
    let picture = relations_core::diagram::mermaid(&[user]);
    assert!(picture.contains("User ||..o{ Comment : \"comments\""), "{picture}");
    assert!(picture.contains("User ||..o| Country : \"country\""), "{picture}");
}

#[test]
fn models_that_are_private_may_lead_over_one_another() {
    block_on(async {
        let db = db();
        let country = Country::find(&db, 2).await.unwrap().unwrap();
        assert_eq!(country.name, "Peru");
        assert_eq!(country.profiles(&db).await.unwrap().len(), 1);
    });
}
