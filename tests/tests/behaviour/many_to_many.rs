//! Many-to-many: the same rows by every way of reading, in three statements for owners, pairs and targets.

use crate::tags::{self, Article, ArticleTag, Person, Tag};
use crate::{block_on, execute, relations, sent};
use relations_core::{Linked, ManyToMany, Relations};

fn names<P>(tags: &Linked<Tag, P>) -> Vec<&str> {
    tags.iter().map(|tag| tag.name.as_str()).collect()
}

#[test]
fn a_loop_over_owners_is_three_statements() {
    block_on(async {
        let db = tags::db();
        let log = db.record();
        let mut found = Vec::new();
        for article in &Article::all(&db).await.unwrap() {
            let tags = article.tags(&db).await.unwrap();
            found.push(names(&tags).join(" "));
        }
        assert_eq!(found, ["rust sql", "sql sql", ""]);
        assert_eq!(relations(&log)[1..], [("Article.tags".to_owned(), 3), ("Article.tags".to_owned(), 3)]);
        assert_eq!(sent(&log), 3);
    });
}

#[test]
fn a_single_row_a_batch_and_a_tree_give_the_same() {
    block_on(async {
        let db = tags::db();
        let lazy = Article::all(&db).await.unwrap();
        let eager = Article::query().with(Article::TAGS).all(&db).await.unwrap();
        for (lazy, eager) in lazy.iter().zip(&eager) {
            let alone = Article::find(&db, lazy.id).await.unwrap().unwrap();
            let tags = lazy.tags(&db).await.unwrap();
            assert_eq!(&tags, eager.tags.get().unwrap());
            assert_eq!(tags, alone.tags(&db).await.unwrap());
            assert!(tags.pivots().eq(eager.tags.get().unwrap().pivots()));
        }
    });
}

#[test]
fn both_directions_are_two_statements_each_beside_the_owners() {
    block_on(async {
        let db = tags::db();
        let log = db.record();
        let articles = Article::query().with(Article::TAGS).all(&db).await.unwrap();
        assert_eq!(names(articles[0].tags.get().unwrap()), ["rust", "sql"]);
        assert_eq!(sent(&log), 3);
        log.clear();
        let tags = Tag::query().with(Tag::ARTICLES).all(&db).await.unwrap();
        let titles = |tag: &Tag| tag.articles.get().unwrap().iter().map(|it| it.title.clone()).collect::<Vec<_>>();
        assert_eq!(tags.iter().map(titles).collect::<Vec<_>>(), [vec!["one"], vec!["one", "two", "two"], vec![]]);
        assert_eq!(sent(&log), 3);
    });
}

#[test]
fn trees_go_on_above_and_below() {
    block_on(async {
        let db = tags::db();
        let log = db.record();
        let tree = Article::TAGS.with(Tag::ARTICLES.with(Article::TOP_TAGS));
        let articles = Article::query().with(tree).all(&db).await.unwrap();
        assert_eq!(sent(&log), 7);
        let sql = &articles[1].tags.get().unwrap()[0];
        let one = &sql.articles.get().unwrap()[0];
        assert_eq!((one.id, names(one.top_tags.get().unwrap())), (1, vec!["rust", "sql"]));
        log.clear();
        let pivots = ArticleTag::query().with(ArticleTag::ARTICLE.with(Article::TAGS)).all(&db).await.unwrap();
        let article = pivots[0].article.get().unwrap().unwrap();
        assert_eq!(article.tags.get().unwrap().len(), 2);
        assert_eq!(sent(&log), 4);
    });
}

#[test]
fn each_target_comes_with_its_own_row_of_the_join_table() {
    block_on(async {
        let db = tags::db();
        let articles = Article::query().with(Article::TAGS).all(&db).await.unwrap();
        let weights = |article: &Article| -> Vec<(i64, i64)> {
            article.tags.get().unwrap().pivots().map(|(tag, pivot)| (tag.id, pivot.weight)).collect()
        };
        assert_eq!(
            articles.iter().map(weights).collect::<Vec<_>>(),
            [vec![(1, 5), (2, 3)], vec![(2, 9), (2, 1)], vec![]]
        );
        let log = db.record();
        let tags = articles[0].tags.get().unwrap();
        let (_, pivot) = tags.pivots().next().unwrap();
        assert!(!pivot.tag.is_loaded(), "a pivot's own relations are left alone");
        assert_eq!(pivot.tag(&db).await.unwrap().unwrap().id, 1);
        assert_eq!(sent(&log), 1);
    });
}

#[test]
fn targets_that_owners_share_are_read_and_stored_once() {
    block_on(async {
        let db = tags::db();
        let articles = Article::query().with(Article::TAGS).all(&db).await.unwrap();
        let sql = |at: usize, tag: usize| articles[at].tags.get().unwrap().get_ref(tag).unwrap();
        assert!(sql(0, 1).ptr_eq(&sql(1, 0)));
        assert!(sql(1, 0).ptr_eq(&sql(1, 1)));
    });
}

#[test]
fn distinct_keeps_the_first_of_each_target() {
    block_on(async {
        let db = tags::db();
        let articles = Article::query().with(Article::TOP_TAGS).all(&db).await.unwrap();
        let ids = |tags: &Linked<Tag>| tags.iter().map(|tag| tag.id).collect::<Vec<_>>();
        assert_eq!(ids(articles[1].top_tags.get().unwrap()), [2]);
        let articles = Article::query().with(Article::TAGS.distinct()).all(&db).await.unwrap();
        assert!(articles[1].tags.get().unwrap_err().is_partial(), "a duplicate was left out");
        let once = articles[1].tags.get_partial().unwrap();
        assert_eq!(once.pivots().map(|(_, pivot)| pivot.weight).collect::<Vec<_>>(), [9]);
    });
}

#[test]
fn a_pivot_that_leads_nowhere_is_left_out() {
    block_on(async {
        let db = tags::db();
        execute(&db, "INSERT INTO article_tags VALUES (6, 3, NULL, 1), (7, NULL, 1, 1), (8, 3, 98, 1)");
        let articles = Article::all(&db).await.unwrap();
        assert!(articles[2].tags(&db).await.unwrap().is_empty());
        assert_eq!(names(&articles[0].tags(&db).await.unwrap()), ["rust", "sql"]);
        let eager = Article::query().with(Article::TAGS).all(&db).await.unwrap();
        assert!(eager[2].tags.get().unwrap().is_empty());
    });
}

#[test]
fn no_owners_and_owners_without_pivots_send_no_more_than_needed() {
    block_on(async {
        let db = tags::empty();
        let log = db.record();
        Article::query().with(Article::TAGS).all(&db).await.unwrap();
        assert_eq!(sent(&log), 1);
        execute(&db, "INSERT INTO articles VALUES (1, 'one')");
        log.clear();
        let articles = Article::query().with(Article::TAGS).all(&db).await.unwrap();
        assert!(articles[0].tags.get().unwrap().is_empty());
        assert_eq!(sent(&log), 2, "without pivots there are no targets to ask for");
        assert!(articles[0].tags(&db).await.unwrap().is_empty());
        assert_eq!(sent(&log), 2, "an empty list is remembered");
    });
}

#[test]
fn a_cleared_relation_is_read_again() {
    block_on(async {
        let db = tags::db();
        let articles = Article::query().with(Article::TAGS).all(&db).await.unwrap();
        execute(&db, "INSERT INTO article_tags VALUES (9, 1, 3, 1)");
        assert_eq!(articles[0].tags(&db).await.unwrap().len(), 2);
        articles[0].tags.clear();
        assert_eq!(names(&articles[0].tags(&db).await.unwrap()), ["rust", "sql", "async"]);
        assert_eq!(articles[1].tags.get().unwrap().len(), 2, "its peers keep what they have");
    });
}

#[test]
fn a_changed_key_is_noticed() {
    block_on(async {
        let db = tags::db();
        let mut article = (*Article::query().with(Article::TAGS).one(&db).await.unwrap().unwrap()).clone();
        article.id = 2;
        assert_eq!(names(&article.tags(&db).await.unwrap()), ["sql", "sql"]);
        article.id = 3;
        assert!(article.tags(&db).await.unwrap().is_empty());
        article.id = 1;
        assert_eq!(names(&article.tags(&db).await.unwrap()), ["rust", "sql"]);
    });
}

#[test]
fn an_inverse_is_described_but_not_filled() {
    block_on(async {
        let db = tags::db();
        let articles = Article::query().with(Article::TAGS).all(&db).await.unwrap();
        let tag = &articles[0].tags.get().unwrap()[0];
        assert!(!tag.articles.is_loaded(), "a tag may have more articles than the one it was reached from");
        assert_eq!(Tag::descriptor().relation("articles").unwrap().inverse, Some("tags"));
        assert_eq!(Article::descriptor().relation("top_tags").unwrap().inverse, None, "an inverse is not guessed");
    });
}

#[test]
fn a_model_may_lead_to_itself_in_two_directions() {
    block_on(async {
        let db = tags::db();
        let people = Person::query().with(Person::FOLLOWERS).with(Person::FOLLOWEES).all(&db).await.unwrap();
        let ids = |people: &Linked<Person, _>| people.iter().map(|person| person.id).collect::<Vec<_>>();
        let followers: Vec<_> = people.iter().map(|person| ids(person.followers.get().unwrap())).collect();
        let followees: Vec<_> = people.iter().map(|person| ids(person.followees.get().unwrap())).collect();
        assert_eq!(followers, [vec![3], vec![], vec![1, 2], vec![], vec![]]);
        assert_eq!(followees, [vec![3], vec![3], vec![1], vec![], vec![]]);
    });
}

on_sqlite! {
#[test]
fn a_target_that_does_not_decode_fails_the_owners_that_lead_to_it() {
    block_on(async {
        let db = tags::db();
        execute(&db, "UPDATE tags SET name = x'ff' WHERE id = 1");
        let articles = Article::all(&db).await.unwrap();
        let error = articles[0].tags(&db).await.unwrap_err().to_string();
        assert!(error.contains("Article.tags (`Tag`)") && error.contains("`name`"), "{error}");
        assert_eq!(names(&articles[1].tags(&db).await.unwrap()), ["sql", "sql"]);
        assert!(articles[0].tags.get().unwrap_err().error().is_some());
    });
}
}

on_sqlite! {
#[test]
fn a_pivot_that_does_not_decode_fails_its_owner() {
    block_on(async {
        let db = tags::db();
        execute(&db, "UPDATE article_tags SET weight = 'heavy' WHERE id = 2");
        let eager = Article::query().with(Article::TAGS).all(&db).await.unwrap();
        let error = eager[0].tags.get().unwrap_err().to_string();
        assert!(error.contains("Article.tags (`ArticleTag`)") && error.contains("`weight`"), "{error}");
        assert_eq!(eager[1].tags.get().unwrap().len(), 2);
    });
}
}

#[test]
fn the_field_keeps_the_derives_of_its_model_working() {
    block_on(async {
        let db = tags::db();
        let articles = Article::query().with(Article::TAGS).all(&db).await.unwrap();
        assert_eq!(format!("{:?}", articles[0].tags), "ManyToMany(2 rows)");
        assert_eq!(format!("{:?}", ManyToMany::<Tag>::new()), "ManyToMany(not loaded)");
        let alone = Article::find(&db, 1).await.unwrap().unwrap();
        assert_eq!(*alone, articles[0], "relation fields are neutral in comparison");
        let log = db.record();
        assert_eq!(articles[0].clone().tags(&db).await.unwrap().len(), 2);
        assert_eq!(sent(&log), 0, "a clone holds what is loaded");
        assert!(alone.tags.get().unwrap_err().to_string().contains("call `.tags(&db).await`"));
    });
}
