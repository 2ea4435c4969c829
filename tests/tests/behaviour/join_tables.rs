//! Join tables of every form: plain ones, those that lead both ways, and keys of every type.

use crate::tags::{self, Article, Crate, Friendship, Good, Person};
use crate::{block_on, execute, sent};
use relations_core::{Linked, Model, Relations};

fn ids<P>(people: &Linked<Person, P>) -> Vec<i64> {
    people.iter().map(|person| person.id).collect()
}

#[test]
fn a_plain_join_table_needs_no_model() {
    block_on(async {
        let db = tags::db();
        let log = db.record();
        let articles = Article::query().with(Article::READERS.with(Person::READ)).all(&db).await.unwrap();
        assert_eq!(sent(&log), 5);
        let readers: Vec<_> = articles.iter().map(|article| ids(article.readers.get().unwrap())).collect();
        assert_eq!(readers, [vec![1, 2], vec![2], vec![]]);
        let bob = &articles[1].readers.get().unwrap()[0];
        assert_eq!(bob.read.get().unwrap().iter().map(|article| article.id).collect::<Vec<_>>(), [1, 2]);
        let by_name = Article::query().with(Article::READERS_BY_NAME).all(&db).await.unwrap();
        assert_eq!(ids(by_name[0].readers_by_name.get().unwrap()), [2, 1]);
        let lazy = Article::find(&db, 1).await.unwrap().unwrap();
        assert_eq!(ids(&lazy.readers(&db).await.unwrap()), [1, 2]);
    });
}

#[test]
fn a_plain_join_table_that_is_missing_is_named() {
    block_on(async {
        let db = tags::db();
        execute(&db, "DROP TABLE article_readers");
        let article = Article::find(&db, 1).await.unwrap().unwrap();
        let error = article.readers(&db).await.unwrap_err().to_string();
        assert!(error.starts_with("Article.readers (`article_readers`): the table does not exist"), "{error}");
    });
}

#[test]
fn friends_stand_in_either_column() {
    block_on(async {
        let db = tags::db();
        let log = db.record();
        let lazy = Person::all(&db).await.unwrap();
        let mut found = Vec::new();
        for person in &lazy {
            let mut friends = ids(&person.friends(&db).await.unwrap());
            friends.sort_unstable();
            found.push(friends);
        }
        assert_eq!(found, [vec![2, 3, 4], vec![1], vec![1, 4], vec![1, 3], vec![]]);
        assert_eq!(sent(&log), 3);
        let eager = Person::query().with(Person::FRIENDS).all(&db).await.unwrap();
        for (lazy, eager) in lazy.iter().zip(&eager) {
            assert_eq!(lazy.friends.get().unwrap(), eager.friends.get().unwrap());
            let alone = Person::find(&db, lazy.id).await.unwrap().unwrap();
            let mut alone = ids(&alone.friends(&db).await.unwrap());
            let mut friends = ids(eager.friends.get().unwrap());
            alone.sort_unstable();
            friends.sort_unstable();
            assert_eq!(alone, friends);
        }
    });
}

#[test]
fn a_friend_by_several_rows_and_oneself_count_once() {
    block_on(async {
        let db = tags::db();
        execute(&db, "INSERT INTO friendships VALUES (8, 2, 1), (9, 1, 2), (10, 5, 5)");
        let people = Person::query().with(Person::FRIENDS.order_by(Person::ID.asc())).all(&db).await.unwrap();
        let friends: Vec<_> = people.iter().map(|person| ids(person.friends.get().unwrap())).collect();
        assert_eq!(friends, [vec![2, 3, 4], vec![1], vec![1, 4], vec![1, 3], vec![5]]);
        let pivots: Vec<_> = people[1].friends.get().unwrap().pivots().map(|(_, pivot)| pivot.id).collect();
        assert_eq!(pivots, [1], "the first row of several");
        let first = Person::query().with(Person::FRIENDS.order_by(Person::ID.desc()).limit(1)).all(&db).await.unwrap();
        let friends: Vec<_> = first.iter().map(|person| ids(person.friends.get_partial().unwrap())).collect();
        assert_eq!(friends, [vec![4], vec![1], vec![4], vec![3], vec![5]]);
    });
}

on_sqlite! {
#[test]
fn a_friendship_that_does_not_decode_fails_both_friends() {
    block_on(async {
        let db = tags::db();
        execute(
            &db,
            "CREATE TABLE f AS SELECT * FROM friendships; DROP TABLE friendships; ALTER TABLE f RENAME TO friendships",
        );
        execute(&db, "UPDATE friendships SET id = 'x' WHERE id = 1");
        let people = Person::query().with(Person::FRIENDS).all(&db).await.unwrap();
        let failed: Vec<_> = people.iter().map(|person| person.friends.get().is_err()).collect();
        assert_eq!(failed, [true, true, false, false, false]);
    });
}
}

#[test]
fn keys_of_several_columns_texts_and_uuids_join() {
    block_on(async {
        let db = tags::empty();
        execute(
            &db,
            "INSERT INTO crates VALUES ('a', 1), ('a', 2), ('b', 1);
             INSERT INTO goods VALUES (x'00000000000000000000000000000001', 'nail'),
                                      (x'00000000000000000000000000000002', 'nut');
             INSERT INTO packed VALUES ('a', 1, x'00000000000000000000000000000001'),
                                       ('a', 1, x'00000000000000000000000000000002'),
                                       ('b', 1, x'00000000000000000000000000000002'),
                                       ('b', 2, x'00000000000000000000000000000001');
             INSERT INTO routes VALUES ('a', 1, 'b', 1), ('a', 2, 'a', 1);",
        );
        let crates = Crate::query()
            .order_by(Crate::SHOP.asc())
            .with(Crate::GOODS.with(Good::CRATES))
            .with(Crate::BESIDE.order_by(Crate::SHOP.asc()))
            .with(Crate::NEXT)
            .all(&db)
            .await
            .unwrap();
        let goods: Vec<_> = crates
            .iter()
            .map(|it| it.goods.get().unwrap().iter().map(|good| good.name.as_str()).collect::<Vec<_>>())
            .collect();
        assert_eq!(goods, [vec!["nail", "nut"], vec![], vec!["nut"]]);
        let key = |it: &Crate| (it.shop.clone(), it.number);
        let of = |shop: &str, number| (shop.to_owned(), number);
        let nut = &crates[2].goods.get().unwrap()[0];
        assert_eq!(nut.crates.get().unwrap().iter().map(key).collect::<Vec<_>>(), [of("a", 1), of("b", 1)]);
        let beside: Vec<Vec<_>> = crates.iter().map(|it| it.beside.get().unwrap().iter().map(key).collect()).collect();
        assert_eq!(beside, [vec![of("a", 2), of("b", 1)], vec![of("a", 1)], vec![of("a", 1)]]);
        let next: Vec<Vec<_>> = crates.iter().map(|it| it.next.get().unwrap().iter().map(key).collect()).collect();
        assert_eq!(next, [vec![of("b", 1)], vec![of("a", 1)], vec![]]);
        assert_eq!(crates[0].goods_query().count(&db).await.unwrap(), 2);
        assert_eq!(crates[0].beside_query().count(&db).await.unwrap(), 2);
        assert_eq!(nut.crates_query().all(&db).await.unwrap().len(), 2);
    });
}

#[test]
fn a_symmetric_relation_has_its_rows_kept_and_described() {
    let friends = Person::descriptor().relation("friends").unwrap();
    let pivot = friends.pivot.unwrap();
    assert!(pivot.symmetric && std::ptr::eq((pivot.model)(), Friendship::descriptor()));
    let plain = Crate::model_descriptor().relation("goods").unwrap().pivot.unwrap();
    let columns: Vec<_> = (plain.model)().columns.iter().map(|c| (c.column, c.type_name)).collect();
    assert_eq!(columns, [("crate_shop", "String"), ("crate_number", "i64"), ("good_id", "Uuid")]);
}
