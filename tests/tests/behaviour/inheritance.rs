//! Models that extend others: inherited columns and relations, and those that are overridden.

use crate::staff::{self, Director, Manager, Person, Report, Team};
use crate::{block_on, blog, database, execute, relations, sent};
use relations_core::{HasOne, Relations};

#[test]
fn a_row_of_a_child_is_read_with_the_columns_of_its_parent() {
    block_on(async {
        let db = staff::db();
        let managers = Manager::all(&db).await.unwrap();
        let read: Vec<_> = managers.iter().map(|it| (it.id, it.name.as_str(), it.boss_id, it.team_id)).collect();
        assert_eq!(read, [(1, "Mia", Some(1), 10), (2, "Max", Some(2), 10), (3, "Abe", None, 20)]);
        let dan = Director::find(&db, 1).await.unwrap().unwrap();
        assert_eq!((dan.name.as_str(), dan.team_id, dan.board.as_deref()), ("Dan", 20, Some("east")));
        assert_eq!(dan.manager.person.name, "Dan");
    });
}

#[test]
fn inherited_relations_load_for_all_rows_of_the_child_at_once() {
    block_on(async {
        let db = staff::db();
        let log = db.record();
        let managers = Manager::all(&db).await.unwrap();
        let mut bosses = Vec::new();
        for manager in &managers {
            bosses.push(manager.boss(&db).await.unwrap().map(|boss| boss.name.clone()));
        }
        assert_eq!(bosses, [Some("Ann".to_owned()), Some("Bob".to_owned()), None]);
        assert_eq!(relations(&log)[1..], [("Person.boss".to_owned(), 2)]);
        let directors = Director::all(&db).await.unwrap();
        for director in &directors {
            assert_eq!(director.badge(&db).await.unwrap().map(|badge| badge.person_id), Some(director.id));
            assert_eq!(director.team(&db).await.unwrap().id, director.team_id);
        }
        assert_eq!(sent(&log), 5, "rows two levels down are peers as well");
    });
}

#[test]
fn windows_of_a_batch_are_kept_for_inherited_relations() {
    block_on(async {
        let db = staff::db();
        execute(
            &db,
            "INSERT INTO managers
                      WITH RECURSIVE n(i) AS (SELECT 4 UNION ALL SELECT i + 1 FROM n WHERE i < 2500) SELECT i, 'm', i, 10 FROM n",
        );
        let log = db.record();
        let managers = Manager::all(&db).await.unwrap();
        for at in [0, 1_500, 2_499, 999, 1_000] {
            managers[at].badge(&db).await.unwrap();
        }
        let keys: Vec<_> = relations(&log)[1..].iter().map(|(_, keys)| *keys).collect();
        assert_eq!(keys, [1_000, 1_000, 500]);
    });
}

#[test]
fn inherited_relations_load_eagerly_by_the_ancestors_constants() {
    block_on(async {
        let db = staff::db();
        let log = db.record();
        let directors = Director::query()
            .with(Person::BADGE)
            .with(Manager::TEAM.with(Team::MANAGERS.with(Person::BOSS.with(Person::DOCUMENTS))))
            .all(&db)
            .await
            .unwrap();
        assert_eq!(sent(&log), 6, "one for each edge, and one");
        assert_eq!(directors[1].badge.get().unwrap().unwrap().id, 2);
        let managers = directors[1].team.get().unwrap().to_ref().managers(&db).await.unwrap();
        let boss = managers[0].boss.get().unwrap().unwrap().to_ref();
        assert_eq!((boss.name.as_str(), boss.documents.get().unwrap().len()), ("Ann", 2));
        directors.load(Director::DOCUMENTS, &db).await.unwrap();
        directors[0].badge(&db).await.unwrap();
        assert!(directors[0].documents(&db).await.unwrap().is_some());
        assert_eq!(sent(&log), 7);
    });
}

#[test]
fn filters_and_orders_take_columns_of_ancestors_in_any_place() {
    block_on(async {
        let db = staff::db();
        let names = |rows: &[Manager]| rows.iter().map(|it| it.name.clone()).collect::<Vec<_>>();
        let managers = Manager::query()
            .filter(Manager::TEAM_ID.eq(10).and(Person::NAME.like("M%")))
            .filter(Person::ID.gt(0).or(Person::BOSS_ID.is_null()))
            .order_by(Person::NAME.asc())
            .all(&db)
            .await
            .unwrap();
        assert_eq!(names(&managers), ["Max", "Mia"]);
        let teams = Team::query()
            .with(
                Team::MANAGERS
                    .filter(Person::NAME.ne("Mia"))
                    .filter(Manager::TEAM_ID.gt(1))
                    .order_by(Person::ID.desc()),
            )
            .all(&db)
            .await
            .unwrap();
        assert_eq!(names(teams[0].managers.get_partial().unwrap()), ["Max"]);
        let directors = Director::query().filter(Manager::TEAM_ID.eq(20).and(Person::NAME.eq("Dan")));
        assert_eq!(directors.count(&db).await.unwrap(), 1);
    });
}

#[test]
fn children_are_found_counted_and_windowed_by_the_inherited_key() {
    block_on(async {
        let db = staff::db();
        assert_eq!(Manager::by_key(2).with(Person::BOSS).one(&db).await.unwrap().unwrap().name, "Max");
        assert!(Director::find(&db, 9).await.unwrap().is_none());
        assert_eq!(Director::query().count(&db).await.unwrap(), 2);
        let mut windows = Manager::query().windows(2, &db);
        let mut sizes = Vec::new();
        while let Some(managers) = windows.next().await.unwrap() {
            sizes.push(managers.len());
        }
        assert_eq!(sizes, [2, 1]);
    });
}

#[test]
fn relations_lead_to_children_and_come_back() {
    block_on(async {
        let db = staff::db();
        let log = db.record();
        let reports = Report::query().with(Report::MANAGER).all(&db).await.unwrap();
        assert_eq!(reports[2].manager.get().unwrap().name, "Max");
        let teams = Team::query().with(Team::MANAGERS).all(&db).await.unwrap();
        let managers = teams[0].managers.get().unwrap();
        assert_eq!((managers.len(), managers[0].team(&db).await.unwrap().label.as_str()), (2, "ten"));
        assert_eq!(sent(&log), 4);
    });
}

#[test]
fn an_inverse_leads_to_rows_of_the_parents_own_table() {
    block_on(async {
        let db = staff::db();
        let manager = Manager::find(&db, 2).await.unwrap().unwrap();
        let documents = manager.person.documents(&db).await.unwrap();
        assert!(documents[0].owner.get().is_err(), "the manager is no row of `people`");
        assert_eq!(documents[0].owner(&db).await.unwrap().name, "Bob");
    });
}

on_sqlite! {
#[test]
fn an_inherited_column_that_does_not_decode_is_named_with_the_child() {
    block_on(async {
        let db = staff::db();
        execute(&db, "UPDATE managers SET name = x'00' WHERE id = 1");
        let error = Manager::find(&db, 1).await.unwrap_err().to_string();
        assert!(error.starts_with("`Manager`: column `name` does not decode into `Manager.name: String`"), "{error}");
        execute(&db, "UPDATE managers SET name = 'Mia', team_id = 'x' WHERE id = 1");
        let error = Manager::find(&db, 1).await.unwrap_err().to_string();
        assert!(error.contains("`Manager.team_id: i64`"), "{error}");
    });
}
}

#[test]
fn clearing_a_child_clears_what_it_inherits() {
    block_on(async {
        let db = staff::db();
        let director = Director::query().with(Person::BADGE).with(Manager::TEAM).with(Director::BOSS).one(&db);
        let director = director.await.unwrap().unwrap();
        assert!(director.badge.is_loaded() && director.team.is_loaded() && director.boss.is_loaded());
        director.clear_relations();
        assert!(!director.badge.is_loaded() && !director.team.is_loaded() && !director.boss.is_loaded());
    });
}

#[test]
fn a_copied_child_loads_inherited_relations_for_itself_alone() {
    block_on(async {
        let db = staff::db();
        let log = db.record();
        let managers = Manager::all(&db).await.unwrap();
        let copy = managers[1].clone();
        assert_eq!((&copy, format!("{copy:?}")), (&managers[1], format!("{:?}", managers[1])));
        assert_eq!(copy.boss(&db).await.unwrap().unwrap().name, "Bob");
        assert_eq!(relations(&log)[1..], [("Person.boss".to_owned(), 1)]);
        let person = managers[0].person.clone();
        drop(managers);
        assert_eq!(person.boss(&db).await.unwrap().unwrap().name, "Ann");
        let json = serde_json::to_string(&copy).unwrap();
        assert_eq!(serde_json::from_str::<Manager>(&json).unwrap(), copy);
    });
}

#[test]
fn readers_of_an_inherited_relation_share_one_load() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    let db = staff::db();
    let log = db.record();
    runtime.block_on(async {
        let managers = Manager::all(&db).await.unwrap();
        let tasks: Vec<_> = (0..30)
            .map(|at| {
                let (managers, db) = (managers.clone(), db.clone());
                tokio::spawn(async move { managers[at % 3].badge(&db).await.unwrap().map(|badge| badge.id) })
            })
            .collect();
        for task in tasks {
            assert!(task.await.unwrap().is_some());
        }
    });
    assert_eq!(sent(&log), 2);
}

/// Private fields, a composite key, and relations of a child by inherited columns.
mod elsewhere {
    use relations_core::{BelongsTo, HasMany, Relations};

    #[derive(Debug, Relations)]
    #[relations(table = "parcels")]
    pub struct Parcel {
        #[relations(key)]
        shop: i64,
        #[relations(key)]
        number: String,
        sender: Option<i64>,
        #[has_many(foreign_key = (shop, parcel))]
        pub stamps: HasMany<Stamp>,
    }

    #[derive(Debug, Relations)]
    #[relations(table = "letters")]
    pub struct Letter {
        #[relations(extends)]
        parcel: Parcel,
        weight: i64,
        #[belongs_to(foreign_key = (shop, number))]
        pub itself: BelongsTo<Option<Parcel>>,
        #[belongs_to(foreign_key = sender)]
        pub by: BelongsTo<Option<Sender>>,
        #[has_many(foreign_key = (shop, parcel), order_by(id desc))]
        pub marks: HasMany<Stamp>,
    }

    #[derive(Debug, Relations)]
    #[relations(table = "users")]
    pub struct Sender {
        pub id: i64,
    }

    #[derive(Debug, Relations)]
    #[relations(table = "stamps")]
    pub struct Stamp {
        #[relations(key)]
        pub id: i64,
        pub shop: i64,
        pub parcel: String,
        #[belongs_to(foreign_key = (shop, parcel))]
        pub letter: BelongsTo<Option<Letter>>,
    }

    impl Letter {
        pub fn weight(&self) -> i64 {
            self.weight
        }
    }
}

#[test]
fn a_child_relates_by_inherited_columns_and_by_an_inherited_composite_key() {
    block_on(async {
        let db = database(
            "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
             CREATE TABLE parcels (shop INTEGER, number TEXT, sender INTEGER, PRIMARY KEY (shop, number));
             CREATE TABLE letters (shop INTEGER, number TEXT, sender INTEGER, weight INTEGER);
             CREATE TABLE stamps (id INTEGER PRIMARY KEY, shop INTEGER, parcel TEXT);",
            "INSERT INTO users VALUES (1, 'Ann');
             INSERT INTO parcels VALUES (1, 'a', NULL);
             INSERT INTO letters VALUES (1, 'a', 1, 20), (2, 'a', NULL, 30);
             INSERT INTO stamps VALUES (1, 1, 'a'), (2, 1, 'a'), (3, 2, 'a');",
        );
        let log = db.record();
        let letters = elsewhere::Letter::all(&db).await.unwrap();
        assert!(letters[0].itself(&db).await.unwrap().is_some() && letters[1].itself(&db).await.unwrap().is_none());
        assert_eq!(letters[0].by(&db).await.unwrap().map(|user| user.id), Some(1));
        assert!(letters[1].by(&db).await.unwrap().is_none());
        let marks: Vec<_> = letters[0].marks(&db).await.unwrap().iter().map(|stamp| stamp.id).collect();
        assert_eq!((marks, letters[1].marks(&db).await.unwrap().len()), (vec![2, 1], 1));
        assert_eq!(letters[0].stamps(&db).await.unwrap().len(), 2);
        assert_eq!(sent(&log), 5);
        let stamps = elsewhere::Stamp::query().with(elsewhere::Stamp::LETTER).all(&db).await.unwrap();
        assert_eq!(stamps[2].letter.get().unwrap().map(|letter| letter.weight()), Some(30));
        assert!(elsewhere::Letter::find(&db, (2, "a".to_owned())).await.unwrap().is_some());
    });
}

/// A model of another crate is extended, and one of its relations overridden.
#[derive(Debug, Clone, Relations)]
#[relations(table = "users")]
struct Writer {
    #[relations(extends)]
    user: blog::User,
    #[has_one(overrides, foreign_key = user_id, order_by(score desc))]
    posts: HasOne<Option<blog::Post>>,
}

/// Adds nothing.
#[derive(Debug, Relations)]
#[relations(table = "users")]
struct Reader {
    #[relations(extends)]
    writer: Writer,
}

#[test]
fn a_model_of_another_crate_can_be_extended() {
    block_on(async {
        let db = blog::db();
        let readers = Reader::query().with(Writer::POSTS).with(blog::User::COMMENTS).all(&db).await.unwrap();
        assert_eq!(readers[0].posts.get().unwrap().unwrap().score, 20);
        assert_eq!(readers[0].comments(&db).await.unwrap().len(), 1);
        assert_eq!(readers[0].profile(&db).await.unwrap().unwrap().bio, "writes");
        let names: Vec<_> =
            Reader::descriptor().relations().iter().map(|it| (it.name, it.declared_in().name)).collect();
        assert_eq!(names, [("profile", "User"), ("posts", "Writer"), ("reviews", "User"), ("comments", "User")]);
        assert!(Reader::descriptor().own_relations().is_empty());
        assert_eq!(Reader::query().filter(blog::User::NAME.eq("Bob")).count(&db).await.unwrap(), 1);
    });
}

/// Parent and child without a relation between them.
mod bare {
    use relations_core::Relations;

    #[derive(Debug, Relations)]
    #[relations(table = "teams")]
    pub struct Place {
        pub id: i64,
    }

    #[derive(Debug, Relations)]
    #[relations(table = "teams")]
    pub struct Town {
        #[relations(extends)]
        pub place: Place,
        pub label: String,
    }
}

#[test]
fn models_without_relations_extend_one_another() {
    block_on(async {
        let towns = bare::Town::all(&staff::db()).await.unwrap();
        assert_eq!((towns[0].id, towns[0].label.as_str()), (10, "ten"));
        assert!(bare::Town::descriptor().relations().is_empty());
    });
}
