//! Models that extend others: inherited columns and relations, and those that are overridden.

use relations_core::{Relations, block_on};
use relations_tests::staff::{self, Badge, Director, Document, Manager, Person, Report, Team};
use relations_tests::{execute, relations, sent};

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
        assert_eq!(sent(&log), 2);
        assert_eq!(relations(&log)[1], ("Person.boss".to_owned(), 2));
        let directors = Director::all(&db).await.unwrap();
        for director in &directors {
            assert_eq!(director.badge(&db).await.unwrap().map(|badge| badge.person_id), Some(director.id));
        }
        assert_eq!(sent(&log), 4, "two levels down the rows are peers as well");
    });
}
