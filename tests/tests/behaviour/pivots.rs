//! Filters, orders and limits of many-to-many relations, by the target and by the join table.

use crate::tags::{self, Article, ArticleTag, Person, Tag};
use crate::{Db, Limits, block_on, database_with, execute, sent};
use proptest::prelude::*;
use relations_core::{Linked, Relations};

/// Two articles with three tags each, in no order; tag 98 does not exist.
fn two_articles_with_three_tags() -> Db {
    let db = tags::empty();
    execute(
        &db,
        "INSERT INTO articles VALUES (1, 'one'), (2, 'two'), (3, 'three');
         INSERT INTO tags VALUES (1, 'f'), (2, 'e'), (3, 'd'), (4, 'c'), (5, 'b'), (6, 'a');
         INSERT INTO article_tags VALUES (1, 2, 4, 5), (2, 1, 1, 2), (3, 1, 2, 1), (4, 2, 5, 6), (5, 1, 3, 3), (6, 2, 6, 4)",
    );
    db
}

fn ids<P>(tags: &Linked<Tag, P>) -> Vec<i64> {
    tags.iter().map(|tag| tag.id).collect()
}

fn of_each(articles: &[Article]) -> Vec<Vec<i64>> {
    articles.iter().map(|article| ids(article.tags.get_partial().unwrap())).collect()
}

#[test]
fn the_latest_two_targets_of_each_owner() {
    block_on(async {
        let db = two_articles_with_three_tags();
        let log = db.record();
        let latest = Article::TAGS.order_by(Tag::ID.desc()).limit(2);
        let articles = Article::query().with(latest.clone()).all(&db).await.unwrap();
        assert_eq!(of_each(&articles), [vec![3, 2], vec![6, 5], vec![]]);
        assert!(articles[0].tags.get().unwrap_err().is_partial());
        let articles = Article::query().with(latest.offset(1)).all(&db).await.unwrap();
        assert_eq!(of_each(&articles), [vec![2, 1], vec![5, 4], vec![]]);
        assert_eq!(sent(&log), 6);
    });
}

#[test]
fn the_order_of_the_join_table_and_its_limit() {
    block_on(async {
        let db = two_articles_with_three_tags();
        let log = db.record();
        let heaviest = Article::TAGS.order_by_pivot(ArticleTag::WEIGHT.desc());
        let articles = Article::query().with(heaviest.clone()).all(&db).await.unwrap();
        assert_eq!(of_each(&articles), [vec![3, 1, 2], vec![5, 4, 6], vec![]]);
        assert!(articles[0].tags.is_loaded(), "an order leaves nothing out");
        log.clear();
        let articles = Article::query().with(heaviest.limit(1).with(Tag::ARTICLES)).all(&db).await.unwrap();
        assert_eq!(of_each(&articles), [vec![3], vec![5], vec![]]);
        let read: Vec<_> = log.statements().iter().map(|statement| statement.rows).collect();
        assert_eq!(read, [3, 2, 2, 2, 2], "only what the limit lets through is read");
    });
}

#[test]
fn a_limit_without_an_order_follows_the_key_of_the_join_table() {
    block_on(async {
        let db = two_articles_with_three_tags();
        let articles = Article::query().with(Article::TAGS.limit(2).offset(1)).all(&db).await.unwrap();
        assert_eq!(of_each(&articles), [vec![2, 3], vec![5, 6], vec![]]);
        let one = Article::find(&db, 2).await.unwrap().unwrap();
        one.load(Article::TAGS.limit(2).offset(1), &db).await.unwrap();
        assert_eq!(ids(one.tags.get_partial().unwrap()), [5, 6]);
        let none = Article::query().with(Article::TAGS.limit(0)).all(&db).await.unwrap();
        assert!(of_each(&none).concat().is_empty());
    });
}

#[test]
fn filters_by_the_target_and_by_the_join_table_both_apply() {
    block_on(async {
        let db = two_articles_with_three_tags();
        let load = Article::TAGS.filter_pivot(ArticleTag::WEIGHT.gt(1));
        let articles = Article::query().with(load.clone()).all(&db).await.unwrap();
        assert_eq!(of_each(&articles), [vec![1, 3], vec![4, 5, 6], vec![]]);
        let load = load.filter_pivot(ArticleTag::WEIGHT.lt(6)).filter(Tag::NAME.ne("c"));
        let articles = Article::query().with(load.clone()).all(&db).await.unwrap();
        assert_eq!(of_each(&articles), [vec![1, 3], vec![6], vec![]]);
        let articles = Article::query().with(load.order_by(Tag::NAME.asc()).limit(1)).all(&db).await.unwrap();
        assert_eq!(of_each(&articles), [vec![3], vec![6], vec![]]);
    });
}

#[test]
fn a_limit_looks_past_pivots_that_lead_nowhere() {
    block_on(async {
        let db = two_articles_with_three_tags();
        execute(&db, "INSERT INTO article_tags VALUES (-1, 1, 98, 0), (0, 1, NULL, 0), (-2, 3, 98, 0)");
        let log = db.record();
        let articles = Article::query().with(Article::TAGS.limit(2)).all(&db).await.unwrap();
        assert_eq!(of_each(&articles), [vec![1, 2], vec![4, 5], vec![]]);
        let keys: Vec<_> = log.statements()[1..].iter().map(|statement| statement.keys).collect();
        assert_eq!(keys, [3, 3, 1, 6], "only the owner that was cut short is read again");
        log.clear();
        Article::query().with(Article::TAGS.limit(6)).all(&db).await.unwrap();
        assert_eq!(sent(&log), 3, "an owner with no more pivots is not");
    });
}

#[test]
fn only_what_the_limit_lets_through_is_loaded_further() {
    block_on(async {
        let db = two_articles_with_three_tags();
        let log = db.record();
        let tree = Article::TAGS.order_by(Tag::NAME.asc()).limit(1).with(Tag::ARTICLES);
        Article::query().with(tree).all(&db).await.unwrap();
        let keys: Vec<_> = log.statements()[1..].iter().map(|statement| statement.keys).collect();
        assert_eq!(keys, [3, 6, 2, 2]);
    });
}

#[test]
fn an_order_by_target_holds_over_chunks_of_keys() {
    block_on(async {
        let db = database_with(Limits::keys(2), tags::SCHEMA, "");
        execute(
            &db,
            "INSERT INTO articles VALUES (1, 'one');
            INSERT INTO tags VALUES (1, 'f'), (2, 'e'), (3, 'd'), (4, 'c'), (5, 'b');
            INSERT INTO article_tags SELECT id, 1, id, 0 FROM tags",
        );
        let articles = Article::query().with(Article::TAGS.order_by(Tag::NAME.asc())).all(&db).await.unwrap();
        assert_eq!(ids(articles[0].tags.get().unwrap()), [5, 4, 3, 2, 1]);
    });
}

#[test]
fn an_order_by_a_symmetric_join_table_holds_over_chunks_of_keys() {
    block_on(async {
        let db = database_with(Limits::keys(1), tags::SCHEMA, "");
        execute(&db, tags::ROWS);
        let latest_first = Person::FRIENDS.order_by_pivot(tags::Friendship::ID.desc());
        let people = Person::query().with(latest_first).all(&db).await.unwrap();
        let friends: Vec<_> = people.iter().map(|person| person.friends.get().unwrap()).collect();
        let ids: Vec<Vec<_>> = friends.iter().map(|them| them.iter().map(|it| it.id).collect()).collect();
        assert_eq!(ids, [vec![4, 3, 2], vec![1], vec![4, 1], vec![3, 1], vec![]]);
    });
}

#[test]
fn friends_come_in_one_order_and_by_the_same_pivot_for_one_and_for_many() {
    block_on(async {
        let db = tags::db();
        execute(&db, "INSERT INTO friendships VALUES (9, 2, 3), (10, 3, 2), (11, 2, 1), (12, 5, 2)");
        let people = Person::all(&db).await.unwrap();
        for person in &people {
            let alone = Person::find(&db, person.id).await.unwrap().unwrap();
            let of = |friends: relations_core::Linked<Person, tags::Friendship>| {
                friends.pivots().map(|(friend, friendship)| (friend.id, friendship.id)).collect::<Vec<_>>()
            };
            assert_eq!(
                of(alone.friends(&db).await.unwrap()),
                of(person.friends(&db).await.unwrap()),
                "of {}",
                person.id
            );
        }
    });
}

#[test]
fn a_query_on_the_targets_of_one_row_is_one_statement() {
    block_on(async {
        let db = two_articles_with_three_tags();
        let article = Article::find(&db, 1).await.unwrap().unwrap();
        let log = db.record();
        let of = |tags: relations_core::Many<Tag>| tags.iter().map(|tag| tag.id).collect::<Vec<_>>();
        assert_eq!(of(article.tags_query().order_by(Tag::NAME.asc()).all(&db).await.unwrap()), [3, 2, 1]);
        let part = article.tags_query().filter(Tag::NAME.ne("e")).limit(1).offset(1).all(&db).await.unwrap();
        assert_eq!(of(part), [3]);
        assert_eq!(article.tags_query().count(&db).await.unwrap(), 3);
        assert!(article.tags_query().filter(Tag::ID.gt(2)).exists(&db).await.unwrap());
        assert_eq!(
            article.tags_query().with(Tag::ARTICLES).one(&db).await.unwrap().unwrap().articles.get().unwrap().len(),
            1
        );
        assert_eq!(sent(&log), 7);
        let mut windows = article.tags_query().windows(2, &db);
        assert_eq!(of(windows.next().await.unwrap().unwrap()), [1, 2]);
        assert_eq!(of(windows.next().await.unwrap().unwrap()), [3]);
        assert!(windows.next().await.unwrap().is_none());
        let db = tags::db();
        let ann = Person::find(&db, 1).await.unwrap().unwrap();
        let mut friends: Vec<_> = ann.friends_query().all(&db).await.unwrap().iter().map(|it| it.id).collect();
        friends.sort_unstable();
        assert_eq!(friends, [2, 3, 4]);
        assert_eq!(ann.followers_query().filter(Person::NAME.eq("Cid")).count(&db).await.unwrap(), 1);
    });
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(crate::cases(96)) })]

    #[test]
    fn a_limit_per_owner_is_that_of_a_loop_over_owners(
        pairs in proptest::collection::vec((1..6_i64, 1..9_i64, 0..4_i64), 0..30),
        limit in 0..4_u32, offset in 0..3_u32, by_weight: bool, by_name: bool, distinct: bool, filtered: bool,
    ) {
        let mut rows = String::from(
            "INSERT INTO articles VALUES (1, ''), (2, ''), (3, ''), (4, '');
             INSERT INTO tags VALUES (1, 'b'), (2, 'a'), (3, 'b'), (4, 'c'), (5, 'a'), (6, 'd');",
        );
        for (id, (article, tag, weight)) in pairs.iter().enumerate() {
            rows += &format!("INSERT INTO article_tags VALUES ({id}, {article}, {tag}, {weight});");
        }
        let db = relations_tests::database(tags::SCHEMA, &rows);
        let names = ["b", "a", "b", "c", "a", "d"];
        block_on(async {
            let mut load = Article::TAGS.limit(limit).offset(offset);
            if by_weight { load = load.order_by_pivot(ArticleTag::WEIGHT.desc()) }
            if by_name { load = load.order_by(Tag::NAME.asc()) }
            if distinct { load = load.distinct() }
            if filtered { load = load.filter(Tag::NAME.ne("a")).filter_pivot(ArticleTag::WEIGHT.gt(0)) }
            for article in &Article::query().with(load.clone()).all(&db).await.unwrap() {
                // By hand: pairs of this article, in order, then cut.
                let mut found: Vec<_> = pairs.iter().enumerate().filter(|(_, it)| it.0 == article.id && it.1 <= 6).collect();
                found.retain(|(_, it)| !filtered || (names[it.1 as usize - 1] != "a" && it.2 > 0));
                if by_weight { found.sort_by_key(|(id, it)| std::cmp::Reverse((it.2, *id))) }
                if by_name { found.sort_by_key(|(_, it)| (names[it.1 as usize - 1], it.1)) }
                let mut seen = std::collections::HashSet::new();
                found.retain(|(_, it)| !distinct || seen.insert(it.1));
                let expected: Vec<_> = found.iter().skip(offset as usize).take(limit as usize).map(|(id, _)| *id as i64).collect();
                let tags = article.tags.get_partial().unwrap();
                prop_assert_eq!(tags.pivots().map(|(_, pivot)| pivot.id).collect::<Vec<_>>(), expected.clone());
                let alone = Article::find(&db, article.id).await.unwrap().unwrap();
                alone.load(load.clone(), &db).await.unwrap();
                let alone = alone.tags.get_partial().unwrap();
                prop_assert_eq!(alone.pivots().map(|(_, pivot)| pivot.id).collect::<Vec<_>>(), expected);
            }
            Ok(())
        })?;
    }
}
