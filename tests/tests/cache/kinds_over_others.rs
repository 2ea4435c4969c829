//! Relations over join tables, polymorphic ones, and those through others, read through one row and then through a
//! fresh one.

use relations_core::{Linked, Ref, Relations, block_on};
use relations_tests::media::{self, Comment, Commentable, Cover, Tagging, Video};
use relations_tests::school::{self, Note, Student};
use relations_tests::tags::{self, Article, Crate, Good, Person, Tag};
use relations_tests::{database, execute, relations, sent};

use crate::cached;
use crate::kinds::{fresh, is_read_once};

fn names<P>(rows: &Linked<Person, P>) -> Vec<String> {
    rows.iter().map(|person| person.name.clone()).collect()
}

#[test]
fn targets_over_a_model_are_read_once_and_their_pivots_with_them() {
    for id in 1..=3 {
        // Article 3 has no pivots, so that no targets are asked for.
        is_read_once(&tags::db(), if id == 3 { 1 } else { 2 }, async |db| {
            let article: Ref<Article> = fresh(db, id).await;
            let tags = article.tags(db).await.unwrap();
            tags.pivots().map(|(tag, pivot)| (tag.clone(), pivot.clone())).collect::<Vec<_>>()
        });
    }
}

#[test]
fn targets_over_a_plain_table_are_read_once() {
    for id in 1..=3 {
        is_read_once(&tags::db(), if id == 3 { 1 } else { 2 }, async |db| {
            let article: Ref<Article> = fresh(db, id).await;
            names(&article.readers(db).await.unwrap())
        });
    }
}

#[test]
fn targets_that_owners_share_are_loaded_for_the_first_of_them() {
    block_on(async {
        let db = cached(tags::db());
        let log = db.source().record();
        let one: Ref<Article> = fresh(&db, 1).await;
        assert_eq!(names(&one.readers(&db).await.unwrap()), ["Ann", "Bob"]);
        log.clear();
        let two: Ref<Article> = fresh(&db, 2).await;
        assert_eq!(names(&two.readers(&db).await.unwrap()), ["Bob"]);
        assert_eq!(relations(&log)[1..], [("Article.readers".to_owned(), 1)], "its pivots; Bob is there");
    });
}

#[test]
fn the_order_of_a_join_table_and_distinct_targets_are_kept() {
    for id in 1..=3 {
        is_read_once(&tags::db(), if id == 3 { 1 } else { 2 }, async |db| {
            let article: Ref<Article> = fresh(db, id).await;
            article.top_tags(db).await.unwrap().iter().map(|tag| tag.id).collect::<Vec<_>>()
        });
    }
}

#[test]
fn both_sides_of_a_join_table_of_a_model_with_itself_are_read_once() {
    for id in 1..=3 {
        is_read_once(&tags::db(), if id == 2 { 3 } else { 4 }, async |db| {
            let person: Ref<Person> = fresh(db, id).await;
            let followers = names(&person.followers(db).await.unwrap());
            (followers, names(&person.followees(db).await.unwrap()))
        });
    }
}

#[test]
fn a_symmetric_relation_is_read_once_with_its_pivots() {
    let source = tags::db();
    execute(&source, "INSERT INTO friendships VALUES (9, 2, 2), (10, 2, 1)");
    for id in 1..=5 {
        is_read_once(&source, if id == 5 { 1 } else { 2 }, async |db| {
            let person: Ref<Person> = fresh(db, id).await;
            let friends = person.friends(db).await.unwrap();
            friends.pivots().map(|(friend, pivot)| (friend.name.clone(), pivot.id)).collect::<Vec<_>>()
        });
    }
}

#[test]
fn friends_of_all_are_those_that_each_was_read_with() {
    let source = tags::db();
    execute(&source, "INSERT INTO friendships VALUES (9, 2, 2), (10, 2, 1), (11, 5, 5)");
    block_on(async {
        let db = cached(source.clone());
        let ids = |friends: Linked<Person, tags::Friendship>| -> Vec<_> {
            friends.pivots().map(|(friend, pivot)| (friend.id, pivot.id)).collect()
        };
        let mut alone = Vec::new();
        for id in 1..=5 {
            alone.push(ids(fresh::<Person>(&db, id).await.friends(&db).await.unwrap()));
        }
        let log = source.record();
        let mut together = Vec::new();
        for person in &Person::all(&db).await.unwrap() {
            together.push(ids(person.friends(&db).await.unwrap()));
        }
        assert_eq!(together, alone);
        assert_eq!(sent(&log), 1, "the people");
    });
}

#[test]
fn composite_and_uuid_keys_over_a_join_table_are_read_once() {
    let rows = "
        INSERT INTO crates VALUES ('A', 1), ('A', 2), ('B', 1);
        INSERT INTO goods VALUES (x'00000000000000000000000000000001', 'nut'), (x'00000000000000000000000000000002', 'egg');
        INSERT INTO packed VALUES ('A', 1, x'00000000000000000000000000000002'), ('A', 1, x'00000000000000000000000000000001'),
                                  ('B', 1, x'00000000000000000000000000000001'), ('A', 1, x'00000000000000000000000000000001');
        INSERT INTO routes VALUES ('A', 1, 'A', 2), ('B', 1, 'A', 1), ('A', 2, 'A', 2);
    ";
    let source = database(tags::SCHEMA, rows);
    for (shop, number) in [("A", 1), ("A", 2), ("B", 1)] {
        let key = |of: &Crate| (of.shop.clone(), of.number);
        // Crate A 2 is empty, and crate A 2 leads to itself.
        is_read_once(&source, if (shop, number) == ("A", 2) { 5 } else { 6 }, async |db| {
            let of: Ref<Crate> = fresh(db, (shop.to_owned(), number)).await;
            let goods: Vec<_> = of.goods(db).await.unwrap().iter().map(|good| good.name.clone()).collect();
            let beside: Vec<_> = of.beside(db).await.unwrap().iter().map(key).collect();
            (goods, beside, of.next(db).await.unwrap().iter().map(key).collect::<Vec<_>>())
        });
    }
    is_read_once(&source, 2, async |db| {
        let nut: Ref<Good> = fresh(db, uuid::Uuid::from_u128(1)).await;
        nut.crates(db).await.unwrap().iter().map(|of| (of.shop.clone(), of.number)).collect::<Vec<_>>()
    });
}

#[test]
fn ordered_targets_send_only_themselves_again() {
    // A rank among all targets is not that among those of one owner.
    block_on(async {
        let db = cached(tags::db());
        let log = db.source().record();
        for time in 0..2 {
            log.clear();
            let tag: Ref<Tag> = fresh(&db, 2).await;
            let titles: Vec<_> = tag.articles(&db).await.unwrap().iter().map(|article| article.id).collect();
            assert_eq!(titles, [1, 2, 2]);
            assert!(time == 0 || relations(&log).len() <= 2, "{:?}", relations(&log));
        }
    });
}

#[test]
fn a_polymorphic_relation_sends_one_statement_for_each_variant_once() {
    is_read_once(&media::db(), 2, async |db| {
        // A list of comments: two variants, one statement each.
        let comments = Comment::all(db.source()).await.unwrap();
        let mut found = Vec::new();
        for comment in &comments {
            found.push(comment.commentable(db).await.unwrap().title().to_owned());
        }
        found
    });
}

#[test]
fn the_same_id_under_another_type_is_another_entry() {
    is_read_once(&media::db(), 2, async |db| {
        let (on_post, on_video) = (fresh::<Comment>(db, 1).await, fresh::<Comment>(db, 2).await);
        let post = on_post.commentable(db).await.unwrap();
        let video = on_video.commentable(db).await.unwrap();
        assert!(matches!((&post, &video), (Commentable::Post(_), Commentable::Video(_))));
        (post.title().to_owned(), video.title().to_owned())
    });
    is_read_once(&media::db(), 4, async |db| {
        let (post, video) = (fresh::<media::Post>(db, 1).await, fresh::<Video>(db, 1).await);
        let of_post: Vec<_> = post.comments(db).await.unwrap().iter().map(|comment| comment.id).collect();
        let of_video: Vec<_> = video.comments(db).await.unwrap().iter().map(|comment| comment.id).collect();
        let covers = (post.cover(db).await.unwrap(), video.cover(db).await.unwrap());
        (of_post, of_video, covers.0.map(|cover| cover.id), covers.1.map(|cover| cover.id))
    });
}

#[test]
fn a_polymorphic_relation_to_nothing_is_known_to_be() {
    is_read_once(&media::db(), 3, async |db| {
        let mut found = Vec::new();
        for id in 1..=6 {
            let cover: Ref<Cover> = fresh(db, id).await;
            found.push(cover.target(db).await.unwrap().map(|target| target.title().to_owned()));
        }
        found
    });
    let source = media::db();
    execute(&source, "INSERT INTO comments VALUES (9, 'video', 77, 'lost')");
    is_read_once(&source, 1, async |db| {
        fresh::<Comment>(db, 9).await.commentable(db).await.map(|_| ()).map_err(|error| error.to_string())
    });
}

#[test]
fn an_unknown_type_is_the_same_error_and_sends_nothing() {
    is_read_once(&media::db(), 0, async |db| {
        fresh::<Tagging>(db, 3).await.taggable(db).await.map(|_| ()).map_err(|error| error.to_string())
    });
}

#[test]
fn polymorphic_join_tables_are_read_once_from_either_side() {
    for id in 1..=3 {
        is_read_once(&media::db(), if id == 3 { 2 } else { 4 }, async |db| {
            let post: Ref<media::Post> = fresh(db, id).await;
            let tags: Vec<_> =
                post.tags(db).await.unwrap().pivots().map(|(tag, pivot)| (tag.id, pivot.weight)).collect();
            (tags, post.top_tags(db).await.unwrap().iter().map(|tag| tag.id).collect::<Vec<_>>())
        });
    }
    for id in [1, 2, 4] {
        is_read_once(&media::db(), if id == 4 { 1 } else { 2 }, async |db| {
            let tag: Ref<media::Tag> = fresh(db, id).await;
            tag.posts(db).await.unwrap().pivots().map(|(post, pivot)| (post.id, pivot.id)).collect::<Vec<_>>()
        });
    }
}

#[test]
fn a_relation_through_others_is_read_once_over_theirs() {
    is_read_once(&school::db(), 3, async |db| {
        let person: Ref<school::Person> = fresh(db, 1).await;
        let critic = person.last_critic(db).await.unwrap().map(|critic| critic.id);
        (critic, person.critics(db).await.unwrap().iter().map(|critic| critic.id).collect::<Vec<_>>())
    });
    is_read_once(&school::db(), 2, async |db| {
        let note: Ref<Note> = fresh(db, 3).await;
        let author = note.author(db).await.unwrap().id;
        (author, fresh::<school::Person>(db, 2).await.badge(db).await.unwrap().map(|badge| badge.id))
    });
    is_read_once(&school::db(), 3, async |db| {
        let sue: Ref<Student> = fresh(db, 1).await;
        let teachers: Vec<_> = sue.teachers(db).await.unwrap().iter().map(|teacher| teacher.id).collect();
        let courses: Vec<_> = sue.courses(db).await.unwrap().iter().map(|course| course.id).collect();
        (teachers, courses)
    });
    is_read_once(&school::db(), 2, async |db| {
        let sue: Ref<Student> = fresh(db, 1).await;
        sue.mentors(db).await.unwrap().iter().map(|mentor| mentor.id).collect::<Vec<_>>()
    });
}

#[test]
fn a_relation_through_others_uses_what_they_were_read_for() {
    block_on(async {
        let db = cached(school::db());
        let ann: Ref<school::Person> = fresh(&db, 1).await;
        for note in &ann.notes(&db).await.unwrap() {
            note.author(&db).await.unwrap();
        }
        let log = db.source().record();
        let ann: Ref<school::Person> = fresh(&db, 1).await;
        assert_eq!(ann.critics(&db).await.unwrap().len(), 1);
        assert_eq!(relations(&log).len(), 1, "the row itself");
    });
}

/// Relations that send again what the cache does not keep: the targets of a declared order.
#[test]
fn relations_over_ordered_targets_give_the_same_again() {
    block_on(async {
        let db = cached(school::db());
        for id in 1..=4 {
            let bare: Ref<school::Person> = fresh(&db, id).await;
            let bare = all_of(&bare, db.source()).await;
            for _ in 0..2 {
                assert_eq!(all_of(&*fresh::<school::Person>(&db, id).await, &db).await, bare);
            }
        }
        for id in 1..=2 {
            let clubs =
                |student: Ref<Student>| async move { student.clubs(&cached(school::db())).await.unwrap().len() };
            assert_eq!(
                clubs(fresh(&db, id).await).await,
                fresh::<Student>(&db, id).await.clubs(&db).await.unwrap().len()
            );
        }
    });
}

/// The keys of whatever a person's relations lead to.
async fn all_of<S>(person: &school::Person, db: &S) -> Vec<Vec<i64>>
where
    S: relations_core::source::Source<Session = <relations_core::Sqlite as relations_core::source::Source>::Session>,
{
    let mut found = Vec::new();
    found.push(person.clubs(db).await.unwrap().iter().map(|club| club.id).collect());
    found.push(person.clubmates(db).await.unwrap().iter().map(|person| person.id).collect());
    found.push(person.club_notes(db).await.unwrap().iter().map(|note| note.id).collect());
    found.push(person.club_critics(db).await.unwrap().iter().map(|person| person.id).collect());
    found.push(person.circle(db).await.unwrap().iter().map(|person| person.id).collect());
    found.push(person.likes(db).await.unwrap().iter().map(|it| it.name().len() as i64).collect());
    found
}
