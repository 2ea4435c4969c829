//! What only the source in memory does: its rows are given and changed, its log is in words, and what it cannot find or
//! compare is an error.

use relations_core::{BelongsTo, ErrorKind, HasMany, Memory, Relations, Value, block_on};

use crate::blog::{Comment, Post, User};
use crate::tags::{Article, Person, Tag};
use crate::{relations, sent};

fn user(id: i64, name: &str) -> User {
    User {
        id,
        name: name.to_owned(),
        profile: Default::default(),
        posts: Default::default(),
        reviews: Default::default(),
        comments: Default::default(),
    }
}

fn post(id: i64, user_id: i64) -> Post {
    Post {
        id,
        user_id: Some(user_id),
        reviewer_id: None,
        title: format!("post {id}"),
        score: id,
        user: Default::default(),
        reviewer: Default::default(),
        comments: Default::default(),
    }
}

fn blog() -> Memory {
    Memory::new().with([user(1, "Ann"), user(2, "Bob")]).with([post(1, 1), post(2, 1), post(3, 2)])
}

#[test]
fn a_loop_is_a_statement_for_each_relation() {
    let db = blog().with(Vec::<Comment>::new());
    let log = db.record();
    block_on(async {
        for user in &User::all(&db).await.unwrap() {
            for post in user.posts(&db).await.unwrap().iter() {
                assert_eq!(post.user(&db).await.unwrap().unwrap().id, user.id);
                assert!(post.comments(&db).await.unwrap().is_empty());
            }
        }
    });
    assert_eq!(
        relations(&log),
        [("User".to_owned(), 0), ("User.posts".to_owned(), 2), ("Post.comments".to_owned(), 3)]
    );
}

#[test]
fn the_log_says_in_words_what_was_read() {
    let db = blog().with(Vec::<Comment>::new());
    let log = db.record();
    block_on(async {
        let users = User::query().filter(User::NAME.eq("Ann")).all(&db).await.unwrap();
        users.load(User::POSTS.order_by(Post::SCORE.desc()).limit(1).with(Post::COMMENTS), &db).await.unwrap();
        users.counts(User::POSTS, &db).await.unwrap();
        Post::query().offset(1).limit(2).count(&db).await.unwrap();
    });
    let texts: Vec<_> = log.statements().iter().map(|statement| statement.sql.to_string()).collect();
    assert_eq!(
        texts,
        [
            r#"users, filter name Compare(Eq, String(Some("Ann")))"#,
            "posts by user_id, order score desc, id desc, limit 1",
            "comments by post_id, order id desc",
            "count of posts by user_id",
            "count of posts, limit 2, offset 1",
        ]
    );
}

#[test]
fn a_table_that_was_never_given_is_an_error_and_an_empty_one_is_not() {
    let db = blog();
    block_on(async {
        let users = User::all(&db).await.unwrap();
        let error = users[0].profile(&db).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "User.profile (`Profile`): the source cannot find rows of `Profile`, of which it was given none; give it some by \
             `with(..)`, or by `joined(..)` if it is a plain join table; an empty list will do"
        );
        assert!(matches!(error.kind(), ErrorKind::Unsupported { model: "Profile", .. }));
        let error = User::query().filter(User::POSTS.any(Post::COMMENTS.exists())).all(&db).await.unwrap_err();
        assert!(error.to_string().contains("rows of `Comment`"), "{error}");
        assert!(User::all(&Memory::new().with(Vec::<User>::new())).await.unwrap().is_empty());
    });
}

#[test]
fn a_plain_join_table_stands_for_the_relations_of_both_sides() {
    let person = |id| Person {
        id,
        name: format!("reader {id}"),
        read: Default::default(),
        followers: Default::default(),
        followees: Default::default(),
        friends: Default::default(),
    };
    let article = |id| Article {
        id,
        title: format!("article {id}"),
        tags: Default::default(),
        top_tags: Default::default(),
        readers: Default::default(),
        readers_by_name: Default::default(),
    };
    let db = Memory::new()
        .with([article(1), article(2)])
        .with([person(7), person(8)])
        .joined(Article::READERS, [(1, 7), (1, 8)])
        .joined(Person::READ, [(8, 2)]);
    let log = db.record();
    block_on(async {
        let articles = Article::query().with(Article::READERS_BY_NAME).all(&db).await.unwrap();
        let readers =
            |at: usize| articles[at].readers_by_name.get().unwrap().iter().map(|it| it.id).collect::<Vec<_>>();
        assert_eq!((readers(0), readers(1)), (vec![8, 7], vec![8]));
        let people = Person::all(&db).await.unwrap();
        assert_eq!(people[1].read(&db).await.unwrap().len(), 2);
        assert_eq!(people[0].read_query().all(&db).await.unwrap()[0].id, 1);
    });
    assert_eq!(sent(&log), 3 + 3 + 1);
    assert_eq!(&*log.statements()[1].sql, "article_readers by article_id");
    assert_eq!(&*log.statements()[6].sql, "articles by id over article_readers");
}

#[test]
fn rows_come_out_fresh_whatever_their_fields_held_when_they_went_in() {
    let db = blog();
    block_on(async {
        let users = User::query().with(User::POSTS).all(&db).await.unwrap();
        let again = db.with(Vec::from_iter(users.iter().cloned().map(|user| User { id: user.id + 10, ..user })));
        let users = User::all(&again).await.unwrap();
        assert_eq!(users.iter().map(|user| user.id).collect::<Vec<_>>(), [1, 2, 11, 12]);
        assert!(users.iter().all(|user| !user.posts.is_loaded()));
        assert_eq!(users[3].posts(&again).await.unwrap().len(), 0);
    });
}

#[test]
fn rows_change_for_later_reads_only() {
    let db = blog();
    block_on(async {
        let users = User::all(&db).await.unwrap();
        db.change(|users: &mut Vec<User>| {
            users.retain(|user| user.id != 2);
            users[0].name = "Anna".to_owned();
        });
        assert_eq!((&*users[0].name, users.len()), ("Ann", 2));
        let users = User::all(&db).await.unwrap();
        assert_eq!((&*users[0].name, users.len()), ("Anna", 1));
    });
}

/// A name that filters know, and a mood that they do not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Name(String);

impl From<Name> for Value {
    fn from(name: Name) -> Self {
        name.0.into()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Mood(u8);

#[derive(Debug, Clone, Relations)]
#[relations(table = "cats")]
struct Cat {
    #[relations(key)]
    name: Name,
    mood: Mood,
    friend: Option<Mood>,
    #[has_many(foreign_key = cat, order_by(id))]
    toys: HasMany<Toy>,
    #[has_many(foreign_key = cat_mood, references = mood, order_by(id))]
    moody: HasMany<Toy>,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "toys")]
struct Toy {
    #[relations(key)]
    id: i64,
    cat: Name,
    cat_mood: Option<Mood>,
    #[belongs_to(foreign_key = cat)]
    of: BelongsTo<Cat>,
}

fn cats() -> Memory {
    let cat = |name: &str, mood| Cat {
        name: Name(name.to_owned()),
        mood: Mood(mood),
        friend: None,
        toys: HasMany::default(),
        moody: HasMany::default(),
    };
    let toy = |id, cat: &str, mood: Option<u8>| Toy {
        id,
        cat: Name(cat.to_owned()),
        cat_mood: mood.map(Mood),
        of: BelongsTo::default(),
    };
    Memory::new().with([cat("Tom", 1), cat("Mia", 2)]).with([
        toy(1, "Tom", Some(2)),
        toy(2, "Mia", None),
        toy(3, "Tom", Some(1)),
    ])
}

#[test]
fn types_of_ones_own_are_keys_and_with_a_value_filters() {
    let db = cats();
    block_on(async {
        let cats = Cat::query().order_by(Cat::NAME.asc()).filter(Cat::NAME.ne(Name("Zoe".to_owned()))).all(&db).await;
        let cats = cats.unwrap();
        assert_eq!((&*cats[0].name.0, cats[0].mood.0, &cats[0].friend), ("Mia", 2, &None));
        let toys = |toys: relations_core::Many<Toy>| toys.iter().map(|toy| toy.id).collect::<Vec<_>>();
        assert_eq!(toys(cats[1].toys(&db).await.unwrap()), [1, 3]);
        assert_eq!(toys(cats[0].moody(&db).await.unwrap()), [1], "no value is needed for a key");
        let toy = Toy::find(&db, 2).await.unwrap().unwrap();
        assert_eq!((toy.of(&db).await.unwrap().name.clone(), &toy.cat_mood), (Name("Mia".to_owned()), &None));
    });
}

#[test]
fn a_column_without_a_value_cannot_be_ordered_by() {
    let db = cats();
    let error = block_on(Cat::query().order_by(Cat::MOOD.desc()).all(&db)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`Cat`: `mood: Mood` cannot be compared in memory; implement `From<Mood>` for `Value`"
    );
    let error = block_on(Cat::query().filter(Cat::FRIEND.is_null()).all(&db)).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Incomparable { model: "Cat", field: "friend", .. }), "{error:?}");
}

#[test]
fn a_batch_limit_is_kept_and_none_at_all_is_refused() {
    let db = blog().batch_limit(1).unwrap();
    let log = db.record();
    block_on(async {
        for user in &User::all(&db).await.unwrap() {
            user.posts(&db).await.unwrap();
        }
    });
    assert_eq!(sent(&log), 3);
    assert!(matches!(Memory::new().batch_limit(0).unwrap_err().kind(), ErrorKind::Setting { .. }));
}

#[test]
fn a_sum_that_is_too_large_is_an_error() {
    let large = |id| Post { score: i64::MAX, ..post(id, 1) };
    let db = Memory::new().with([user(1, "Ann")]).with([large(1), large(2)]);
    block_on(async {
        let users = User::all(&db).await.unwrap();
        let error = users.sum(User::POSTS, Post::SCORE, &db).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "User.posts (`Post`): column `score` does not decode into `Post.score: i64` in a row looked up by 1: the sum is \
             larger than an `i64`"
        );
    });
}

#[test]
fn a_cache_over_it_is_made_stale_by_what_it_is_told() {
    use relations_core::{CacheConfig, Db};

    let db = Db::builder(blog().with(Vec::<Tag>::new())).cache(CacheConfig::default()).build().unwrap();
    let log = db.source().record();
    block_on(async {
        let posts = async || User::find(&db, 1).await.unwrap().unwrap().posts(&db).await.unwrap().len();
        assert_eq!((posts().await, posts().await), (2, 2));
        assert_eq!(sent(&log), 3, "the second list comes from the cache");
        db.source().change(|posts: &mut Vec<Post>| posts.push(post(4, 1)));
        assert_eq!(posts().await, 2);
        db.cache().inserted(&post(4, 1));
        assert_eq!(posts().await, 3);
    });
}
