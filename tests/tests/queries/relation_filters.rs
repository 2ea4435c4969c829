//! Conditions on rows by what their relations lead to.

use relations_core::{ErrorKind, Filter, Relations, Sqlite, block_on};
use relations_tests::blog::{self, Comment, Node, Post, Profile, User};
use relations_tests::media::{self, Cover};
use relations_tests::school::{self, Badge, Club, Note, Person, Student};
use relations_tests::shop::{self, Article, Letter, Line, Maker, Order};
use relations_tests::tags::{self, ArticleTag, Crate, Good, Tag};
use relations_tests::{execute, sent};

/// The ids of the rows that meet the condition.
macro_rules! ids {
    ($db:expr, $model:ident, $filter:expr) => {
        $model::query()
            .filter($filter)
            .order_by($model::ID.asc())
            .all($db)
            .await
            .unwrap()
            .iter()
            .map(|row| row.id)
            .collect::<Vec<_>>()
    };
}

#[test]
fn any_is_true_of_owners_with_a_target_that_meets_the_condition() {
    block_on(async {
        let db = blog::db();
        let log = db.record();
        assert_eq!(ids!(&db, User, User::POSTS.any(Post::SCORE.ge(20))), [1, 2]);
        assert_eq!(ids!(&db, User, User::POSTS.any(Post::SCORE.ge(30))), [2]);
        assert!(ids!(&db, User, User::POSTS.any(Post::SCORE.ge(40))).is_empty());
        assert_eq!(ids!(&db, User, User::PROFILE.any(Profile::BIO.eq("reads"))), [2]);
        assert_eq!(ids!(&db, Post, Post::USER.any(User::NAME.eq("Ann"))), [1, 2]);
        assert_eq!(sent(&log), 5);
    });
}

#[test]
fn none_is_true_of_owners_without_targets_with_null_keys_and_with_keys_that_lead_nowhere() {
    block_on(async {
        let db = blog::db();
        assert_eq!(ids!(&db, User, User::POSTS.none(Post::SCORE.ge(30))), [1, 3]);
        assert_eq!(ids!(&db, Post, Post::USER.none(User::NAME.eq("Ann"))), [3, 4, 5]);
        assert_eq!(ids!(&db, Post, !Post::USER.exists()), [4, 5]);
        assert_eq!(ids!(&db, Post, Post::USER.exists()), [1, 2, 3]);
        assert_eq!(ids!(&db, Node, !Node::PARENT.exists()), [1, 6]);
    });
}

#[test]
fn a_count_compares_in_all_six_ways() {
    block_on(async {
        let db = blog::db();
        let posts = || User::POSTS.count(Post::SCORE.gt(10));
        assert_eq!(ids!(&db, User, posts().eq(1)), [1, 2]);
        assert_eq!(ids!(&db, User, posts().ne(1)), [3]);
        assert_eq!(ids!(&db, User, posts().lt(1)), [3]);
        assert_eq!(ids!(&db, User, posts().le(1)), [1, 2, 3]);
        assert_eq!(ids!(&db, User, posts().gt(0)), [1, 2]);
        assert!(ids!(&db, User, posts().ge(2)).is_empty());
        assert_eq!(ids!(&db, User, User::POSTS.count_all().ge(2)), [1]);
        assert_eq!(ids!(&db, User, User::POSTS.count_all().eq(0)), [3]);
        assert_eq!(ids!(&db, User, User::POSTS.count_all().lt(u64::MAX)), [1, 2, 3]);
    });
}

#[test]
fn conditions_nest_to_any_depth_and_a_table_may_stand_inside_itself() {
    block_on(async {
        let db = blog::db();
        assert_eq!(ids!(&db, User, User::POSTS.any(Post::COMMENTS.any(Comment::TEXT.like("%c%")))), [1]);
        assert_eq!(ids!(&db, User, User::POSTS.any(Post::COMMENTS.any(Comment::USER.any(User::NAME.eq("Bob"))))), [1]);
        assert_eq!(ids!(&db, Node, Node::CHILDREN.any(Node::ID.gt(3))), [2, 4]);
        let grandchildren = Node::CHILDREN.any(Node::CHILDREN.any(Node::CHILDREN.exists()));
        assert_eq!(ids!(&db, Node, grandchildren), [1]);
        assert_eq!(ids!(&db, Node, Node::PARENT.any(Node::CHILDREN.count_all().eq(2))), [2, 3]);
        let own = Node::PARENT.any(Node::PARENT.none(Node::ID.is_not_null()));
        assert_eq!(ids!(&db, Node, own), [2, 3]);
    });
}

#[test]
fn and_or_and_not_keep_their_precedence_around_and_inside_conditions_on_relations() {
    block_on(async {
        let db = blog::db();
        let ann = || User::NAME.eq("Ann");
        let read = || User::POSTS.any(Post::SCORE.ge(30));
        let silent = || !User::POSTS.exists();
        assert_eq!(ids!(&db, User, ann().or(read()).and(User::ID.gt(1))), [2]);
        assert_eq!(ids!(&db, User, ann().or(read().and(User::ID.gt(1)))), [1, 2]);
        assert_eq!(ids!(&db, User, User::ID.gt(1).and(read().or(silent()))), [2, 3]);
        assert_eq!(ids!(&db, User, !(read().or(silent()))), [1]);
        let one_of = Post::SCORE.eq(10).or(Post::SCORE.eq(30));
        assert_eq!(ids!(&db, User, User::POSTS.any(one_of.clone())), [1, 2]);
        assert_eq!(ids!(&db, User, User::POSTS.none(one_of)), [3]);
        let mixed =
            User::POSTS.filter(Post::SCORE.eq(10).or(Post::SCORE.eq(30))).any(Post::ID.eq(3).or(Post::ID.eq(9)));
        assert_eq!(ids!(&db, User, mixed), [2]);
    });
}

#[test]
fn they_stand_wherever_filters_do() {
    block_on(async {
        let db = blog::db();
        let discussed = || Post::COMMENTS.count_all().ge(2);
        let users = User::query().with(User::POSTS.filter(discussed())).all(&db).await.unwrap();
        let ids = users.iter().map(|user| user.posts.get_partial().unwrap().iter().map(|post| post.id).collect());
        assert_eq!(ids.collect::<Vec<Vec<_>>>(), [vec![1], vec![], vec![]]);
        let limited = User::query().with(User::POSTS.filter(discussed()).limit(1)).all(&db).await.unwrap();
        assert_eq!(limited[0].posts.get_partial().unwrap().len(), 1);
        assert_eq!(users[0].posts_query().filter(discussed()).count(&db).await.unwrap(), 1);
        assert!(!users[1].posts_query().filter(discussed()).exists(&db).await.unwrap());
        assert_eq!(User::query().filter(User::POSTS.any(discussed())).count(&db).await.unwrap(), 1);
        let mut windows = Post::query().filter(Post::USER.exists()).windows(2, &db);
        let mut seen = Vec::new();
        while let Some(window) = windows.next().await.unwrap() {
            seen.push(window.iter().map(|post| post.id).collect::<Vec<_>>());
        }
        assert_eq!(seen, [vec![1, 2], vec![3]]);
        let db = school::db();
        let noted = || Club::NOTES.count(Note::ID.lt(6)).ge(1).and(Club::MEMBERS.any(Person::NAME.eq("Cid")));
        let people = Person::query().with(Person::CLUBS.filter(noted())).all(&db).await.unwrap();
        let clubs =
            people.iter().map(|person| person.clubs.get_partial().unwrap().iter().map(|club| club.id).collect());
        assert_eq!(clubs.collect::<Vec<Vec<_>>>(), [vec![2], vec![], vec![2], vec![]]);
        let of_one_club = Person::CLUBMATES.filter(Person::CLUBS.count_all().eq(1));
        let people = Person::query().with(of_one_club).all(&db).await.unwrap();
        let mates = people.iter().map(|person| person.clubmates.get_partial().unwrap().len());
        assert_eq!(mates.collect::<Vec<_>>(), [2, 1, 1, 0]);
    });
}

#[test]
fn over_join_tables_a_pivot_that_leads_nowhere_counts_for_nothing() {
    use tags::{Article, Person};
    block_on(async {
        let db = tags::db();
        assert_eq!(ids!(&db, Article, Article::TAGS.any(Tag::NAME.eq("sql"))), [1, 2]);
        assert_eq!(ids!(&db, Article, Article::TAGS.none(Tag::NAME.eq("rust"))), [2, 3]);
        assert_eq!(ids!(&db, Article, !Article::TAGS.exists()), [3]);
        // Two rows lead to sql, and one to no tag.
        assert_eq!(ids!(&db, Article, Article::TAGS.count_all().eq(2)), [1, 2]);
        assert_eq!(ids!(&db, Article, Article::TOP_TAGS.count_all().eq(1)), [2]);
        assert_eq!(ids!(&db, Article, Article::TAGS.distinct().count_all().eq(1)), [2]);
        let heavy = || Article::TAGS.filter_pivot(ArticleTag::WEIGHT.ge(5));
        assert_eq!(ids!(&db, Article, heavy().any(Tag::NAME.eq("sql"))), [2]);
        assert_eq!(ids!(&db, Article, heavy().count_all().eq(1)), [1, 2]);
        assert_eq!(ids!(&db, Article, heavy().distinct().any(Tag::NAME.eq("rust"))), [1]);
        // A plain table.
        assert_eq!(ids!(&db, Article, Article::READERS.any(Person::NAME.eq("Ann"))), [1]);
        assert_eq!(ids!(&db, Person, Person::READ.count_all().ge(2)), [2]);
    });
}

#[test]
fn of_symmetric_relations_both_ends_see_each_other_once() {
    use tags::Person;
    block_on(async {
        let db = tags::db();
        assert_eq!(ids!(&db, Person, Person::FRIENDS.any(Person::NAME.eq("Ann"))), [2, 3, 4]);
        assert_eq!(ids!(&db, Person, Person::FRIENDS.count_all().ge(2)), [1, 3, 4]);
        assert_eq!(ids!(&db, Person, !Person::FRIENDS.exists()), [5]);
        execute(&db, "INSERT INTO friendships VALUES (10, 2, 1), (11, 5, 5)");
        assert_eq!(ids!(&db, Person, Person::FRIENDS.count_all().eq(1)), [2, 5]);
        assert_eq!(ids!(&db, Person, Person::FOLLOWERS.any(Person::FOLLOWEES.count_all().eq(1))), [1, 3]);
        let friends_of_friends = Person::FRIENDS.any(Person::FRIENDS.any(Person::NAME.eq("Bob")));
        assert_eq!(ids!(&db, Person, friends_of_friends), [2, 3, 4]);
    });
}

#[test]
fn back_from_a_polymorphic_relation_the_same_id_of_another_type_does_not_count() {
    use media::{Comment, Post, Tag, Tagging, Video};
    block_on(async {
        let db = media::db();
        assert!(ids!(&db, Post, Post::COMMENTS.any(Comment::TEXT.eq("b"))).is_empty());
        assert_eq!(ids!(&db, Video, Video::COMMENTS.any(Comment::TEXT.eq("b"))), [1]);
        assert_eq!(ids!(&db, Post, Post::COMMENTS.count_all().eq(2)), [1]);
        assert_eq!(ids!(&db, Post, Post::COVER.exists()), [1]);
        assert_eq!(ids!(&db, Post, Post::TAGS.count_all().ge(2)), [1]);
        assert_eq!(ids!(&db, Post, Post::TOP_TAGS.any(Tag::NAME.eq("sql"))), [1, 2]);
        assert_eq!(ids!(&db, Tag, Tag::VIDEOS.any(Video::TITLE.eq("v1"))), [2, 3]);
        assert_eq!(ids!(&db, Tag, Tag::POSTS.filter_pivot(Tagging::WEIGHT.ge(5)).exists()), [1]);
    });
}

#[test]
fn a_polymorphic_relation_is_asked_for_one_model_and_null_types_are_of_none() {
    use media::{Comment, Post, Video};
    block_on(async {
        let db = media::db();
        assert_eq!(ids!(&db, Comment, Comment::COMMENTABLE.any_of(Post::TITLE.eq("p1"))), [1, 4]);
        assert_eq!(ids!(&db, Comment, !Comment::COMMENTABLE.any_of(Post::TITLE.eq("p1"))), [2, 3, 5]);
        let post = || Cover::TARGET.any_of(Post::ID.is_not_null());
        let video = || Cover::TARGET.any_of(Video::ID.is_not_null());
        assert_eq!(ids!(&db, Cover, post().or(video())), [1, 2]);
        assert_eq!(ids!(&db, Cover, !(post().or(video()))), [3, 4, 5, 6]);
        assert_eq!(ids!(&db, Cover, Cover::ID.gt(1).and(post().or(video()))), [2]);
        assert_eq!(ids!(&db, Cover, Cover::ID.gt(1).and(post()).or(Cover::ID.eq(6))), [6]);
    });
}

#[test]
fn of_a_relation_to_one_of_many_the_chosen_row_is_asked() {
    block_on(async {
        let db = school::db();
        // Ann's badges are of the days 10, 30 and 20: the latest is 30.
        assert_eq!(ids!(&db, Person, Person::BADGE.any(Badge::DAY.eq(30))), [1]);
        assert!(ids!(&db, Person, Person::BADGE.any(Badge::DAY.eq(20))).is_empty());
        assert_eq!(ids!(&db, Person, Person::BADGE.filter(Badge::DAY.lt(30)).any(Badge::DAY.eq(20))), [1]);
        assert_eq!(ids!(&db, Person, Person::BADGE.filter(Badge::DAY.lt(30)).exists()), [1, 2]);
        assert_eq!(ids!(&db, Person, Person::BADGE.count_all().eq(1)), [1, 2]);
        assert_eq!(ids!(&db, Person, Person::BADGE.count(Badge::DAY.lt(30)).eq(1)), [2]);
        assert_eq!(ids!(&db, Person, Person::LAST_NOTE.any(Note::TEXT.eq("c"))), [1]);
        // Of several rows without an order, the one with the smallest key.
        let db = blog::db();
        execute(&db, "INSERT INTO profiles VALUES (3, 1, 'again')");
        assert!(ids!(&db, User, User::PROFILE.any(Profile::BIO.eq("again"))).is_empty());
        assert_eq!(ids!(&db, User, User::PROFILE.any(Profile::BIO.eq("writes"))), [1]);
    });
}

#[test]
fn through_others_the_end_of_the_way_is_asked() {
    block_on(async {
        let db = school::db();
        for person in &Person::all(&db).await.unwrap() {
            let of = |filter: Filter<Person>| Person::query().filter(filter).filter(Person::ID.eq(person.id));
            let critics = person.critics(&db).await.unwrap();
            let circle = person.circle(&db).await.unwrap();
            let notes = person.club_notes(&db).await.unwrap();
            let critic = person.last_critic(&db).await.unwrap();
            for name in ["Ann", "Bob", "Cid", "Dan"] {
                let is = || Person::NAME.eq(name);
                let any = of(Person::CRITICS.any(is())).exists(&db).await.unwrap();
                assert_eq!(any, critics.iter().any(|critic| critic.name == name), "{name} of {}", person.name);
                let any = of(Person::CIRCLE.any(is())).exists(&db).await.unwrap();
                assert_eq!(any, circle.iter().any(|other| other.name == name), "{name} of {}", person.name);
                let none = of(Person::LAST_CRITIC.none(is())).exists(&db).await.unwrap();
                assert_eq!(none, critic.as_ref().is_none_or(|critic| critic.name != name), "{name} of {}", person.name);
            }
            let any = of(Person::CLUB_NOTES.filter(Note::ID.gt(1)).any(Note::TEXT.ne("f"))).exists(&db).await.unwrap();
            assert_eq!(any, notes.iter().any(|note| note.id > 1 && note.text != "f"), "{}", person.name);
            let any = of(Person::CLUB_NOTES.filter(Note::ID.gt(5)).exists()).exists(&db).await.unwrap();
            assert_eq!(any, notes.iter().any(|note| note.id > 5), "{}", person.name);
        }
    });
}

#[test]
fn inherited_relations_are_asked_on_a_model_that_extends() {
    block_on(async {
        let db = school::db();
        let students = |filter: Filter<Student>| {
            let db = &db;
            async move {
                let rows = Student::query().filter(filter).all(db).await.unwrap();
                rows.iter().map(|student| student.person.name.clone()).collect::<Vec<_>>()
            }
        };
        let any = |filter: Filter<Person>| Student::query().filter(filter).count(&db);
        // Relations of people, by the ids of the students and the type of people.
        assert_eq!(any(Person::BADGE.any(Badge::DAY.gt(5))).await.unwrap(), 1);
        assert_eq!(any(Person::NOTES.any(Note::TEXT.eq("c"))).await.unwrap(), 1);
        assert_eq!(any(Person::NOTES.any(Note::TEXT.eq("d"))).await.unwrap(), 0);
        assert_eq!(students(Student::REMARKS.any(Note::TEXT.eq("d"))).await, ["Sue"]);
        assert_eq!(students(Student::CLUBS.any(Club::NAME.eq("choir"))).await, ["Sam"]);
        assert_eq!(students(Student::TOPIC.any_of(Club::NAME.eq("choir"))).await, ["Sue"]);
        assert_eq!(any(Person::CLUBS.any(Club::NAME.eq("choir"))).await.unwrap(), 1);
        // The columns of a target are those that it inherits, too.
        assert_eq!(Person::query().filter(Person::ID.eq(4)).count(&db).await.unwrap(), 1);
        let teaches_sue = school::Course::STUDENTS.any(Person::NAME.eq("Sue"));
        assert_eq!(school::Course::query().filter(teaches_sue).count(&db).await.unwrap(), 2);
    });
}

#[test]
fn keys_of_several_columns_texts_and_uuids_are_compared_as_a_whole() {
    block_on(async {
        let db = shop::empty();
        execute(
            &db,
            "INSERT INTO orders VALUES (1, 1, 'a'), (1, 2, 'b'), (2, 1, 'c');
             INSERT INTO lines VALUES (1, 1, 1, 'nut'), (1, 1, 2, 'nail'), (2, 1, 1, NULL);
             INSERT INTO articles VALUES ('nut', x'00000000000000000000000000000001'), ('nail', NULL);
             INSERT INTO makers VALUES (x'00000000000000000000000000000001', 'm'),
                                       (x'00000000000000000000000000000002', 'n');
             INSERT INTO letters VALUES (1, 'm'), (2, 'x')",
        );
        let notes = |filter: Filter<Order>| {
            let db = &db;
            async move {
                let rows = Order::query().filter(filter).all(db).await.unwrap();
                rows.iter().map(|order| order.note.clone()).collect::<Vec<_>>()
            }
        };
        assert_eq!(notes(Order::LINES.exists()).await, ["a", "c"]);
        assert_eq!(notes(Order::LINES.count_all().eq(2)).await, ["a"]);
        assert_eq!(notes(Order::LINES.any(Line::ARTICLE.any(Article::MAKER.exists()))).await, ["a"]);
        assert_eq!(notes(Order::LINES.any(Line::ARTICLE.none(Article::CODE.eq("nut")))).await, ["a", "c"]);
        assert_eq!(Line::query().filter(Line::ORDER.any(Order::NOTE.eq("a"))).count(&db).await.unwrap(), 2);
        assert_eq!(Maker::query().filter(Maker::LETTERS.exists()).count(&db).await.unwrap(), 1);
        assert_eq!(ids!(&db, Letter, Letter::MAKER.none(Maker::EMAIL.eq("m"))), [2]);
        let db = tags::empty();
        execute(
            &db,
            "INSERT INTO crates VALUES ('a', 1), ('a', 2), ('b', 1);
             INSERT INTO goods VALUES (x'00000000000000000000000000000001', 'nail');
             INSERT INTO packed VALUES ('a', 2, x'00000000000000000000000000000001'), ('b', NULL, x'00000000000000000000000000000001');
             INSERT INTO routes VALUES ('a', 1, 'b', 1)",
        );
        let crates = |filter: Filter<Crate>| {
            let db = &db;
            async move {
                let rows = Crate::query().filter(filter).all(db).await.unwrap();
                rows.iter().map(|one| (one.shop.clone(), one.number)).collect::<Vec<_>>()
            }
        };
        assert_eq!(crates(Crate::GOODS.any(Good::NAME.eq("nail"))).await, [("a".to_owned(), 2)]);
        assert_eq!(crates(Crate::BESIDE.count_all().eq(1)).await, [("a".to_owned(), 1), ("b".to_owned(), 1)]);
        assert_eq!(crates(Crate::NEXT.any(Crate::SHOP.eq("b"))).await, [("a".to_owned(), 1)]);
    });
}

#[test]
fn a_limit_of_a_relation_by_key_chooses_the_rows_that_are_asked() {
    block_on(async {
        let db = blog::db();
        let latest = || User::POSTS.order_by(Post::ID.desc()).limit(1);
        assert_eq!(ids!(&db, User, latest().any(Post::SCORE.eq(20))), [1]);
        assert!(ids!(&db, User, latest().any(Post::SCORE.eq(10))).is_empty());
        assert_eq!(ids!(&db, User, latest().offset(1).any(Post::SCORE.eq(10))), [1]);
        assert_eq!(ids!(&db, User, User::POSTS.offset(1).exists()), [1]);
        assert!(ids!(&db, User, User::POSTS.limit(0).exists()).is_empty());
        // The declared order is by the id, last first.
        assert!(ids!(&db, Post, Post::COMMENTS.limit(2).any(Comment::ID.eq(1))).is_empty());
        assert_eq!(ids!(&db, Post, Post::COMMENTS.limit(2).any(Comment::ID.eq(2))), [1]);
    });
}

#[test]
fn a_limit_over_other_rows_is_refused_before_anything_is_sent() {
    block_on(async {
        let db = tags::db();
        let log = db.record();
        let limited = || tags::Article::TAGS.limit(1).any(Tag::NAME.eq("sql"));
        let nested = tags::Person::READ.any(tags::Article::ID.gt(0).and(!limited()));
        for error in [
            tags::Article::query().filter(limited()).all(&db).await.map(drop),
            tags::Article::query().filter(limited()).count(&db).await.map(drop),
            tags::Person::query().filter(nested).all(&db).await.map(drop),
        ] {
            let error = error.unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Limited { relation } if relation == "Article.tags"), "{error}");
        }
        let way = Person::CRITICS.limit(1).exists();
        let error = Person::query().filter(way).all(&db).await.unwrap_err();
        assert!(error.to_string().starts_with("Person.critics leads over other rows"), "{error}");
        assert_eq!(sent(&log), 0);
    });
}

#[test]
fn it_prints_as_it_was_written() {
    let filter =
        User::POSTS.filter(Post::SCORE.gt(1)).any(Post::COMMENTS.count_all().ge(2)).and(!User::PROFILE.exists());
    let printed = format!("{filter:?}");
    assert!(printed.starts_with("Filter<User>((posts.filter(score Compare(Gt"), "{printed}");
    assert!(printed.ends_with(").any(comments.count() Ge 2) and not profile.any()))"), "{printed}");
}

/// The statement of a query with this filter searches by an index.
async fn searches<M: relations_core::Model>(db: &Sqlite, filter: Filter<M>)
where
    Sqlite: relations_core::source::Holds<M>,
{
    let log = db.record();
    M::query().filter(filter).all(db).await.unwrap();
    crate::assert_searches(db, &log, 1);
}

#[test]
fn every_condition_on_a_relation_searches_by_the_keys_index() {
    block_on(async {
        let db = blog::db();
        searches(&db, User::POSTS.any(Post::SCORE.gt(1))).await;
        searches(&db, User::POSTS.count(Post::SCORE.gt(1)).ge(2)).await;
        searches(&db, User::POSTS.limit(2).any(Post::SCORE.gt(1))).await;
        searches(&db, User::PROFILE.any(Profile::BIO.eq("a"))).await;
        searches(&db, Post::USER.none(User::NAME.eq("a"))).await;
        searches(&db, Node::CHILDREN.any(Node::PARENT.any(Node::CHILDREN.exists()))).await;
        let db = tags::db();
        searches(&db, tags::Article::TAGS.any(Tag::NAME.eq("a"))).await;
        searches(&db, tags::Article::TOP_TAGS.count_all().gt(1)).await;
        searches(&db, tags::Article::READERS.count_all().gt(1)).await;
        searches(&db, tags::Person::FRIENDS.any(tags::Person::NAME.eq("a"))).await;
        searches(&db, tags::Person::FRIENDS.count_all().gt(1)).await;
        searches(&db, Crate::GOODS.exists()).await;
        searches(&db, Crate::BESIDE.count_all().gt(1)).await;
        let db = media::db();
        searches(&db, media::Post::COMMENTS.exists()).await;
        searches(&db, media::Post::TAGS.exists()).await;
        searches(&db, media::Comment::COMMENTABLE.any_of(media::Post::TITLE.eq("a"))).await;
    });
}
