//! Every kind of relation, read through one row and then through a fresh one: the second read sends nothing, and gives
//! what is read without a cache, in the same order.

use std::fmt::Debug;

use relations_core::{Db, Error, Many, Model, Ref, Relations, Sqlite, block_on};
use relations_tests::blog::{self, Comment, Node, Post, Profile, User};
use relations_tests::shop::{self, Article, Letter, Line, Maker, Order, Ticket, TicketId};
use relations_tests::staff::{self, Director, Manager, Person, Team};
use relations_tests::{relations, world};

use crate::cached;

/// Reads twice through a `Db` with a cache: the first time sends so many statements for relations, the second none, and
/// both give what a `Db` without a cache gives.
pub(crate) fn is_read_once<T: PartialEq + Debug>(
    source: &Sqlite,
    statements: usize,
    read: impl AsyncFn(&Db<Sqlite>) -> T,
) {
    block_on(async {
        let expected = read(&Db::builder(source.clone()).build().unwrap()).await;
        let db = cached(source.clone());
        let log = db.source().record();
        for (time, statements) in [("first", statements), ("second", 0)] {
            log.clear();
            assert_eq!(read(&db).await, expected, "the {time} time");
            let sent: Vec<_> = relations(&log).into_iter().filter(|(name, _)| name.contains('.')).collect();
            assert_eq!(sent.len(), statements, "the {time} time: {sent:?}");
        }
    });
}

/// The row with this key, which no load of a relation has seen.
pub(crate) async fn fresh<M>(db: &Db<Sqlite>, id: M::Id) -> Ref<M>
where
    M: Relations,
    Sqlite: relations_core::source::LoadsByKey<M>,
{
    M::find(db.source(), id).await.unwrap().unwrap()
}

fn text(error: Error) -> String {
    error.to_string()
}

fn copy<M: Model + Clone>(rows: &Many<M>) -> Vec<M> {
    rows.to_vec()
}

#[test]
fn the_owner_of_a_row_is_read_once() {
    is_read_once(&blog::db(), 1, async |db| {
        let profile: Ref<Profile> = fresh(db, 1).await;
        User::clone(&*profile.user(db).await.unwrap())
    });
    is_read_once(&blog::db(), 1, async |db| {
        let post: Ref<Post> = fresh(db, 1).await;
        post.user(db).await.unwrap().map(|user| user.name.clone())
    });
}

#[test]
fn an_owner_by_another_relation_is_read_for_that_relation() {
    is_read_once(&blog::db(), 2, async |db| {
        let post: Ref<Post> = fresh(db, 3).await;
        let user = post.user(db).await.unwrap().map(|user| user.id);
        (user, post.reviewer(db).await.unwrap().map(|user| user.id))
    });
}

#[test]
fn a_null_key_sends_nothing_and_keeps_nothing() {
    is_read_once(&blog::db(), 0, async |db| {
        let post: Ref<Post> = fresh(db, 4).await;
        assert_eq!(db.cache().report().total.entries, 0);
        post.user(db).await.unwrap().is_none()
    });
}

#[test]
fn a_dangling_key_is_known_to_lead_nowhere() {
    is_read_once(&blog::db(), 1, async |db| {
        let post: Ref<Post> = fresh(db, 5).await;
        assert!(post.user(db).await.unwrap().is_none());
    });
}

#[test]
fn a_required_owner_that_is_missing_is_known_to_be_and_is_the_same_error() {
    let source = blog::db();
    relations_tests::execute(&source, "INSERT INTO profiles VALUES (9, 77, 'lost')");
    is_read_once(&source, 1, async |db| {
        let profile: Ref<Profile> = fresh(db, 9).await;
        let error = profile.user(db).await.unwrap_err();
        assert!(matches!(error.kind(), relations_core::ErrorKind::NotFound { .. }));
        text(error)
    });
}

#[test]
fn the_one_row_of_an_owner_is_read_once_and_so_is_a_missing_one() {
    for id in [1, 2, 3] {
        is_read_once(&blog::db(), 1, async |db| {
            let user: Ref<User> = fresh(db, id).await;
            let profile = user.profile(db).await.unwrap().map(|profile| Profile::clone(&profile));
            assert_eq!(profile.is_none(), id == 3);
            profile
        });
    }
}

#[test]
fn a_list_is_read_once_and_so_is_an_empty_one() {
    for (id, len) in [(1, 2), (2, 1), (3, 0)] {
        is_read_once(&blog::db(), 1, async |db| {
            let user: Ref<User> = fresh(db, id).await;
            let posts = copy(&user.posts(db).await.unwrap());
            assert_eq!(posts.len(), len);
            posts
        });
    }
}

#[test]
fn a_declared_order_is_kept() {
    is_read_once(&blog::db(), 1, async |db| {
        let post: Ref<Post> = fresh(db, 1).await;
        let comments: Vec<i64> = post.comments(db).await.unwrap().iter().map(|comment| comment.id).collect();
        assert_eq!(comments, [5, 2, 1]);
        comments
    });
}

#[test]
fn the_latest_of_a_list_is_read_once() {
    let rows = "INSERT INTO authors VALUES (1, NULL), (2, 1); INSERT INTO posts VALUES (1, 1), (2, 1), (3, NULL)";
    let source = relations_tests::database(world::SCHEMA, rows);
    for (id, latest) in [(1, Some(2)), (2, None)] {
        is_read_once(&source, 1, async |db| {
            let author: Ref<world::Author> = fresh(db, id).await;
            let found = author.latest(db).await.unwrap().map(|post| post.id);
            assert_eq!(found, latest);
            found
        });
    }
}

#[test]
fn a_relation_of_a_model_to_itself_is_read_once_in_either_direction() {
    is_read_once(&blog::db(), 2, async |db| {
        let node: Ref<Node> = fresh(db, 2).await;
        let parent = node.parent(db).await.unwrap().map(|parent| parent.id);
        (parent, copy(&node.children(db).await.unwrap()))
    });
    is_read_once(&blog::db(), 1, async |db| {
        let lost: Ref<Node> = fresh(db, 6).await;
        lost.parent(db).await.unwrap().is_none()
    });
}

#[test]
fn a_recursion_is_read_once_level_by_level() {
    block_on(async {
        let db = cached(blog::db());
        let log = db.source().record();
        let mut found = Vec::new();
        for _ in 0..2 {
            let node: Ref<Node> = fresh(&db, 1).await;
            let below = node.descendants(Node::CHILDREN, &db).await.unwrap();
            found.push(below.iter().map(|node| node.id).collect::<Vec<_>>());
            let node: Ref<Node> = fresh(&db, 5).await;
            let above = node.ancestors(Node::PARENT, &db).await.unwrap();
            found.push(above.iter().map(|node| node.id).collect::<Vec<_>>());
            let of_relations = relations(&log).iter().filter(|(name, _)| name.contains('.')).count();
            assert_eq!(of_relations, if found.len() == 2 { 7 } else { 0 }, "{:?}", relations(&log));
            log.clear();
        }
        assert_eq!(found, [vec![2, 3, 4, 5], vec![4, 2, 1], vec![2, 3, 4, 5], vec![4, 2, 1]]);
    });
}

const SHOP: &str = "
    INSERT INTO orders VALUES (1, 1, '1/1'), (1, 2, '1/2'), (2, 1, '2/1');
    INSERT INTO lines VALUES (1, 2, 2, 'a,b'), (1, 2, 1, ''), (2, 1, 1, NULL), (3, 3, 1, 'lost');
    INSERT INTO articles VALUES ('a,b', x'00000000000000000000000000000001'), ('', NULL),
                                ('c', x'00000000000000000000000000000009');
    INSERT INTO makers VALUES (x'00000000000000000000000000000001', 'a@b');
    INSERT INTO letters VALUES (1, 'a@b'), (2, 'nobody');
    INSERT INTO tickets VALUES (1, NULL), (2, 1), (3, 1), (4, 99);
";

fn shop() -> Sqlite {
    relations_tests::database(shop::SCHEMA, SHOP)
}

#[test]
fn composite_keys_are_read_once() {
    for id in [(1, 1), (1, 2), (2, 1)] {
        is_read_once(&shop(), 1, async |db| {
            let order: Ref<Order> = fresh(db, id).await;
            let lines = order.lines(db).await.unwrap();
            lines.iter().map(|line| (line.shop_id, line.order_id, line.n)).collect::<Vec<_>>()
        });
    }
    is_read_once(&shop(), 2, async |db| {
        let mut notes = Vec::new();
        for id in [(1, 2, 1), (3, 3, 1)] {
            let line: Ref<Line> = fresh(db, id).await;
            notes.push(line.order(db).await.map(|order| order.note.clone()).map_err(text));
        }
        notes
    });
}

#[test]
fn a_list_by_a_part_of_a_composite_key_is_not_taken_for_another() {
    block_on(async {
        let db = cached(shop());
        for (id, lines) in [((1, 2), 2), ((2, 1), 1), ((1, 1), 0)] {
            let order: Ref<Order> = fresh(&db, id).await;
            assert_eq!(order.lines(&db).await.unwrap().len(), lines);
        }
    });
}

#[test]
fn text_keys_are_read_once() {
    for code in ["a,b", "", "c"] {
        is_read_once(&shop(), 1, async |db| {
            let article: Ref<Article> = fresh(db, code.to_owned()).await;
            let lines = article.lines(db).await.unwrap();
            lines.iter().map(|line| line.article_code.clone()).collect::<Vec<_>>()
        });
    }
    is_read_once(&shop(), 3, async |db| {
        let mut found = Vec::new();
        for id in [(1, 2, 2), (1, 2, 1), (2, 1, 1), (3, 3, 1)] {
            let line: Ref<Line> = fresh(db, id).await;
            found.push(line.article(db).await.unwrap().map(|article| article.code.clone()));
        }
        found
    });
}

#[test]
fn uuid_keys_are_read_once() {
    is_read_once(&shop(), 3, async |db| {
        let mut found = Vec::new();
        for code in ["a,b", "", "c"] {
            let article: Ref<Article> = fresh(db, code.to_owned()).await;
            found.push(article.maker(db).await.unwrap().map(|maker| maker.email.clone()));
        }
        let maker: Ref<Maker> = fresh(db, uuid::Uuid::from_u128(1)).await;
        found.extend(maker.articles(db).await.unwrap().iter().map(|article| Some(article.code.clone())));
        found
    });
}

#[test]
fn keys_that_are_not_the_models_own_are_read_once() {
    is_read_once(&shop(), 3, async |db| {
        let mut found = Vec::new();
        for id in [1, 2] {
            let letter: Ref<Letter> = fresh(db, id).await;
            found.push(letter.maker(db).await.unwrap().map(|maker| maker.email.clone()));
        }
        let maker: Ref<Maker> = fresh(db, uuid::Uuid::from_u128(1)).await;
        (found, maker.letters(db).await.unwrap().len())
    });
}

#[test]
fn keys_of_a_type_of_their_own_are_read_once() {
    is_read_once(&shop(), 4, async |db| {
        let mut found = Vec::new();
        for id in 1..5 {
            let ticket: Ref<Ticket> = fresh(db, TicketId(id)).await;
            found.push(ticket.with(db).await.unwrap().map(|ticket| ticket.id));
        }
        for id in 1..3 {
            let ticket: Ref<Ticket> = fresh(db, TicketId(id)).await;
            found.push(ticket.last(db).await.unwrap().map(|ticket| ticket.id));
        }
        found
    });
}

#[test]
fn inherited_relations_are_read_once_with_those_of_the_parents_own_rows() {
    block_on(async {
        let db = cached(staff::db());
        let log = db.source().record();
        let mia: Ref<Manager> = fresh(&db, 1).await;
        assert_eq!(mia.boss(&db).await.unwrap().unwrap().name, "Ann");
        assert_eq!(mia.badge(&db).await.unwrap().unwrap().id, 1);
        log.clear();
        let mia: Ref<Manager> = fresh(&db, 1).await;
        assert_eq!(mia.boss(&db).await.unwrap().unwrap().name, "Ann");
        let bob: Ref<Person> = fresh(&db, 2).await;
        assert_eq!(bob.boss(&db).await.unwrap().unwrap().name, "Ann");
        let ann: Ref<Person> = fresh(&db, 1).await;
        assert_eq!(ann.badge(&db).await.unwrap().unwrap().id, 1, "the same table by the same key");
        assert!(relations(&log).iter().all(|(name, _)| !name.contains('.')));
    });
}

#[test]
fn overrides_are_cached_apart_from_what_they_override() {
    is_read_once(&staff::db(), 3, async |db| {
        let ann: Ref<Person> = fresh(db, 1).await;
        let titles: Vec<_> = ann.documents(db).await.unwrap().iter().map(|document| document.id).collect();
        let mia: Ref<Manager> = fresh(db, 1).await;
        let pages: Vec<_> = mia.documents(db).await.unwrap().iter().map(|report| report.pages).collect();
        let dan: Ref<Director> = fresh(db, 1).await;
        let fewest = dan.documents(db).await.unwrap().map(|report| report.pages);
        (titles, pages, fewest)
    });
    is_read_once(&staff::db(), 2, async |db| {
        let mia: Ref<Manager> = fresh(db, 2).await;
        let dan: Ref<Director> = fresh(db, 1).await;
        let boss = mia.boss(db).await.unwrap().map(|boss| boss.name.clone());
        (boss, dan.boss(db).await.unwrap().map(|boss| boss.name.clone()))
    });
}

#[test]
fn lists_of_rows_that_extend_others_are_read_once() {
    is_read_once(&staff::db(), 3, async |db| {
        let team: Ref<Team> = fresh(db, 10).await;
        let managers = team.managers(db).await.unwrap();
        let mut found = copy(&managers).into_iter().map(|manager| (manager.name.clone(), None)).collect::<Vec<_>>();
        for (manager, found) in managers.iter().zip(&mut found) {
            let boss = manager.boss(db).await.unwrap();
            found.1 = boss.map(|boss| boss.name.clone());
            assert!(manager.badge(db).await.unwrap().is_some());
        }
        found
    });
}

#[test]
fn what_comes_from_the_cache_leads_back_to_its_owner() {
    is_read_once(&blog::db(), 1, async |db| {
        let user: Ref<User> = fresh(db, 1).await;
        let posts = user.posts(db).await.unwrap();
        let mut owners = Vec::new();
        for post in &posts {
            owners.push(post.user(db).await.unwrap().unwrap().ptr_eq(&user));
        }
        assert_eq!(owners, [true, true]);
        owners
    });
}

#[test]
fn a_way_back_that_is_not_filled_is_cached_for_itself() {
    is_read_once(&blog::db(), 2, async |db| {
        let comment: Ref<Comment> = fresh(db, 3).await;
        let post = comment.post(db).await.unwrap();
        post.comments(db).await.unwrap().iter().map(|comment| comment.id).collect::<Vec<_>>()
    });
}
