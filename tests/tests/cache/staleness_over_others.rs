//! What a write makes stale of relations over join tables and through others.

use relations_core::{Db, Ref, Sqlite, block_on};
use relations_tests::media::{self, Tagging, Video};
use relations_tests::school::{self, Note, Student};
use relations_tests::tags::{self, Article, ArticleTag, Crate, Friendship, Person, Tag};
use relations_tests::{database, execute, world};

use crate::cached;
use crate::kinds::fresh;
use crate::staleness::loads;

async fn tags(db: &Db<Sqlite>, article: i64) -> Vec<(i64, i64)> {
    let article: Ref<Article> = fresh(db, article).await;
    article.tags(db).await.unwrap().pivots().map(|(tag, pivot)| (tag.id, pivot.weight)).collect()
}

async fn articles(db: &Db<Sqlite>, tag: i64) -> Vec<i64> {
    let tag: Ref<Tag> = fresh(db, tag).await;
    tag.articles(db).await.unwrap().iter().map(|article| article.id).collect()
}

async fn readers(db: &Db<Sqlite>, article: i64) -> Vec<String> {
    let article: Ref<Article> = fresh(db, article).await;
    article.readers(db).await.unwrap().iter().map(|person| person.name.clone()).collect()
}

async fn read(db: &Db<Sqlite>, person: i64) -> Vec<i64> {
    let person: Ref<Person> = fresh(db, person).await;
    person.read(db).await.unwrap().iter().map(|article| article.id).collect()
}

async fn friends(db: &Db<Sqlite>, person: i64) -> Vec<i64> {
    let person: Ref<Person> = fresh(db, person).await;
    let mut friends: Vec<_> = person.friends(db).await.unwrap().iter().map(|friend| friend.id).collect();
    friends.sort_unstable();
    friends
}

#[test]
fn a_row_of_a_join_table_is_seen_from_both_its_ends() {
    block_on(async {
        let db = cached(tags::db());
        assert_eq!((tags(&db, 3).await, articles(&db, 3).await), (vec![], vec![]));
        assert_eq!((tags(&db, 1).await, articles(&db, 1).await), (vec![(1, 5), (2, 3)], vec![1]));
        let log = db.source().record();
        execute(db.source(), "INSERT INTO article_tags VALUES (9, 3, 3, 7)");
        db.cache().inserted(&*fresh::<ArticleTag>(&db, 9).await);
        assert_eq!((tags(&db, 3).await, articles(&db, 3).await), (vec![(3, 7)], vec![3]));
        loads(&log);
        assert_eq!(tags(&db, 1).await, [(1, 5), (2, 3)]);
        assert_eq!(loads(&log), [], "the others' pivots and targets are kept");
        execute(db.source(), "UPDATE article_tags SET weight = 8 WHERE id = 9");
        db.cache().changed(&*fresh::<ArticleTag>(&db, 9).await);
        assert_eq!(tags(&db, 3).await, [(3, 8)]);
        assert_eq!(loads(&log).len(), 1, "its pivots; the tag has not changed");
        let before: Ref<ArticleTag> = fresh(&db, 9).await;
        execute(db.source(), "UPDATE article_tags SET article_id = 1, tag_id = 1 WHERE id = 9");
        db.cache().moved(&*before, &*fresh::<ArticleTag>(&db, 9).await);
        assert_eq!((tags(&db, 3).await, articles(&db, 3).await), (vec![], vec![]));
        assert_eq!((tags(&db, 1).await, articles(&db, 1).await), (vec![(1, 5), (2, 3), (1, 8)], vec![1, 1]));
        let pivot: Ref<ArticleTag> = fresh(&db, 9).await;
        execute(db.source(), "DELETE FROM article_tags WHERE id = 9");
        db.cache().deleted(&pivot);
        assert_eq!((tags(&db, 1).await, articles(&db, 1).await), (vec![(1, 5), (2, 3)], vec![1]));
    });
}

#[test]
fn a_target_over_a_join_table_is_read_anew_when_it_has_changed_or_is_gone() {
    block_on(async {
        let db = cached(tags::db());
        assert_eq!(
            (readers(&db, 1).await, readers(&db, 2).await),
            (vec!["Ann".into(), "Bob".into()], vec!["Bob".into()])
        );
        execute(db.source(), "UPDATE people SET name = 'Bea' WHERE id = 2");
        db.cache().changed(&*fresh::<Person>(&db, 2).await);
        assert_eq!(
            (readers(&db, 1).await, readers(&db, 2).await),
            (vec!["Ann".into(), "Bea".into()], vec!["Bea".into()])
        );
        let bea: Ref<Person> = fresh(&db, 2).await;
        execute(db.source(), "DELETE FROM people WHERE id = 2");
        db.cache().deleted(&bea);
        assert_eq!((readers(&db, 1).await, readers(&db, 2).await), (vec!["Ann".to_owned()], vec![]));
        execute(db.source(), "INSERT INTO people VALUES (2, 'Ben')");
        db.cache().inserted(&*fresh::<Person>(&db, 2).await);
        assert_eq!(readers(&db, 2).await, ["Ben"]);
    });
}

#[test]
fn a_target_that_was_missing_is_found_when_it_is_inserted() {
    block_on(async {
        let db = cached(tags::db());
        assert_eq!(tags(&db, 2).await, [(2, 9), (2, 1)]);
        execute(db.source(), "INSERT INTO tags VALUES (99, 'found')");
        db.cache().inserted(&*fresh::<Tag>(&db, 99).await);
        assert_eq!(tags(&db, 2).await.len(), 3);
    });
}

#[test]
fn a_deleted_owner_takes_its_pivots() {
    block_on(async {
        let db = cached(tags::db());
        readers(&db, 1).await;
        tags(&db, 1).await;
        let article: Ref<Article> = fresh(&db, 1).await;
        execute(
            db.source(),
            "DELETE FROM articles; DELETE FROM article_tags; DELETE FROM article_readers; INSERT INTO articles VALUES (1, '')",
        );
        db.cache().deleted(&article);
        assert_eq!((readers(&db, 1).await, tags(&db, 1).await), (vec![], vec![]));
    });
}

#[test]
fn a_row_of_a_plain_join_table_is_seen_from_both_its_ends_and_others_are_kept() {
    block_on(async {
        let db = cached(tags::db());
        for id in 1..=3 {
            readers(&db, id).await;
            read(&db, id).await;
        }
        let log = db.source().record();
        execute(db.source(), "INSERT INTO article_readers VALUES (3, 1)");
        db.cache().linked(Article::READERS, 3, 1);
        assert_eq!((readers(&db, 3).await, read(&db, 1).await), (vec!["Ann".into()], vec![1, 3]));
        assert_eq!(loads(&log).len(), 3, "the pivots of both ends, and the article, which no one has read");
        for id in 1..=2 {
            readers(&db, id).await;
            read(&db, id + 1).await;
        }
        assert_eq!(loads(&log), [], "the entries of others are kept");
        execute(db.source(), "DELETE FROM article_readers WHERE article_id = 3");
        db.cache().unlinked(Person::READ, 1, &3);
        assert_eq!((readers(&db, 3).await, read(&db, 1).await), (vec![], vec![1]));
        assert_eq!(loads(&log).len(), 2);
    });
}

#[test]
fn a_plain_join_table_by_composite_keys_is_told_of_by_their_parts() {
    block_on(async {
        let rows = "
            INSERT INTO crates VALUES ('A', 7), ('B', 7);
            INSERT INTO goods VALUES (x'00000000000000000000000000000001', 'nut');
        ";
        let db = cached(database(tags::SCHEMA, rows));
        let goods = async |shop: &str| {
            let of: Ref<Crate> = fresh(&db, (shop.to_owned(), 7)).await;
            of.goods(&db).await.unwrap().len()
        };
        assert_eq!((goods("A").await, goods("B").await), (0, 0));
        execute(db.source(), "INSERT INTO packed VALUES ('A', 7, x'00000000000000000000000000000001')");
        let log = db.source().record();
        db.cache().linked(Crate::GOODS, ("A", 7), uuid::Uuid::from_u128(1));
        assert_eq!((goods("A").await, goods("B").await), (1, 0));
        assert_eq!(loads(&log).len(), 2, "crate A's pivots and the good");
    });
}

#[test]
fn a_friendship_is_seen_by_both_friends_and_by_nobody_else() {
    block_on(async {
        let db = cached(tags::db());
        for id in 1..=5 {
            friends(&db, id).await;
        }
        let log = db.source().record();
        execute(db.source(), "INSERT INTO friendships VALUES (9, 5, 2)");
        db.cache().inserted(&*fresh::<Friendship>(&db, 9).await);
        assert_eq!((friends(&db, 5).await, friends(&db, 2).await), (vec![2], vec![1, 5]));
        loads(&log);
        for id in [1, 3, 4] {
            friends(&db, id).await;
        }
        assert_eq!(loads(&log), []);
        let before: Ref<Friendship> = fresh(&db, 9).await;
        execute(db.source(), "UPDATE friendships SET other_id = 3 WHERE id = 9");
        db.cache().moved(&*before, &*fresh::<Friendship>(&db, 9).await);
        assert_eq!(
            (friends(&db, 5).await, friends(&db, 2).await, friends(&db, 3).await),
            (vec![3], vec![1], vec![1, 4, 5])
        );
    });
}

#[test]
fn polymorphic_join_tables_follow_the_type_and_the_id() {
    block_on(async {
        let db = cached(media::db());
        let of_post = async |id| {
            let post: Ref<media::Post> = fresh(&db, id).await;
            let tags: Vec<_> = post.tags(&db).await.unwrap().iter().map(|tag| tag.id).collect();
            (tags, post.top_tags(&db).await.unwrap().len())
        };
        let of_video = async |id| fresh::<Video>(&db, id).await.tags(&db).await.unwrap().len();
        let with = async |id| {
            let tag: Ref<media::Tag> = fresh(&db, id).await;
            (tag.posts(&db).await.unwrap().len(), tag.videos(&db).await.unwrap().len())
        };
        assert_eq!((of_post(1).await, of_video(1).await, with(1).await), ((vec![1, 2], 2), 2, (1, 1)));
        let before: Ref<Tagging> = fresh(&db, 2).await;
        execute(db.source(), "UPDATE taggings SET taggable_type = 'video' WHERE id = 2");
        db.cache().moved(&*before, &*fresh::<Tagging>(&db, 2).await);
        assert_eq!((of_post(1).await, of_video(1).await, with(1).await), ((vec![2], 1), 3, (0, 2)));
    });
}

#[test]
fn what_leads_through_others_follows_each_row_on_the_way() {
    block_on(async {
        let db = cached(school::db());
        let critics = async || -> Vec<i64> {
            let ann: Ref<school::Person> = fresh(&db, 1).await;
            ann.critics(&db).await.unwrap().iter().map(|critic| critic.id).collect()
        };
        let name = async || {
            let ann: Ref<school::Person> = fresh(&db, 1).await;
            ann.last_critic(&db).await.unwrap().map(|critic| critic.name.clone())
        };
        assert_eq!((critics().await, name().await.as_deref()), (vec![2], Some("Bob")));
        execute(db.source(), "INSERT INTO notes VALUES (9, 'person', 1, 4, 'new')");
        db.cache().inserted(&*fresh::<Note>(&db, 9).await);
        assert_eq!((critics().await, name().await.as_deref()), (vec![2, 4], Some("Dan")));
        execute(db.source(), "UPDATE people SET name = 'Eve' WHERE id = 4");
        db.cache().changed(&*fresh::<school::Person>(&db, 4).await);
        assert_eq!(name().await.as_deref(), Some("Eve"));
        let before: Ref<Note> = fresh(&db, 9).await;
        execute(db.source(), "UPDATE notes SET author_id = 3 WHERE id = 9");
        db.cache().moved(&*before, &*fresh::<Note>(&db, 9).await);
        assert_eq!((critics().await, name().await.as_deref()), (vec![2, 3], Some("Cid")));
        execute(db.source(), "DELETE FROM notes WHERE id = 9");
        assert_eq!(critics().await, [2, 3], "nobody has told of it");
        db.cache().invalidate_relation(school::Person::CRITICS);
        assert_eq!(critics().await, [2]);
    });
}

#[test]
fn what_leads_through_a_join_table_follows_it() {
    block_on(async {
        let db = cached(school::db());
        let mates = async |id| fresh::<school::Person>(&db, id).await.clubmates(&db).await.unwrap().len();
        let teachers = async |id| fresh::<Student>(&db, id).await.teachers(&db).await.unwrap().len();
        assert_eq!((mates(4).await, mates(2).await, teachers(2).await), (0, 2, 1));
        execute(db.source(), "INSERT INTO members VALUES (1, 4); INSERT INTO enrolments VALUES (9, 1, 2, 1)");
        db.cache().linked(school::Person::CLUBS, 4, 1);
        db.cache().inserted(&*fresh::<school::Enrolment>(&db, 9).await);
        assert_eq!((mates(4).await, mates(2).await, teachers(2).await), (3, 3, 2));
    });
}

#[test]
fn the_latest_of_a_list_follows_what_is_inserted_moved_and_deleted() {
    block_on(async {
        let rows = "INSERT INTO authors VALUES (1, NULL), (2, 1); INSERT INTO posts VALUES (1, 1), (2, 2)";
        let db = cached(database(world::SCHEMA, rows));
        let latest = async || {
            let mut found = Vec::new();
            for id in 1..=2 {
                let author: Ref<world::Author> = fresh(&db, id).await;
                found.push(author.latest(&db).await.unwrap().map(|post| post.id));
                found.push(author.lesson(&db).await.unwrap().map(|post| post.id));
            }
            found
        };
        assert_eq!(latest().await, [Some(1), None, Some(2), Some(1)]);
        execute(db.source(), "INSERT INTO posts VALUES (3, 1)");
        db.cache().inserted(&*fresh::<world::Post>(&db, 3).await);
        assert_eq!(latest().await, [Some(3), None, Some(2), Some(3)]);
        let before: Ref<world::Post> = fresh(&db, 3).await;
        execute(db.source(), "UPDATE posts SET author_id = 2 WHERE id = 3");
        let after: Ref<world::Post> = fresh(&db, 3).await;
        db.cache().moved(&before, &after);
        assert_eq!(latest().await, [Some(1), None, Some(3), Some(1)]);
        execute(db.source(), "DELETE FROM posts WHERE id = 3");
        db.cache().deleted(&after);
        assert_eq!(latest().await, [Some(1), None, Some(2), Some(1)]);
    });
}
