//! Relations that a model declares anew although it inherits one of the name, and what it says of them.

use crate::staff::{self, Director, Manager, Person, Report};
use crate::{block_on, blog, relations, sent};
use relations_core::{BelongsTo, HasMany, Relations};

#[test]
fn an_override_takes_the_place_of_the_inherited_relation() {
    block_on(async {
        let db = staff::db();
        let log = db.record();
        let managers = Manager::all(&db).await.unwrap();
        let mut pages = Vec::new();
        for manager in &managers {
            pages.push(manager.documents(&db).await.unwrap().iter().map(|it| it.pages).collect::<Vec<_>>());
        }
        assert_eq!(pages, [vec![50, 5], vec![500], vec![]]);
        assert_eq!(relations(&log)[1..], [("Manager.documents".to_owned(), 3)]);
        let report = &managers[0].documents.get().unwrap()[0];
        assert_eq!(report.manager(&db).await.unwrap().name, "Mia", "the inverse is filled");
        assert_eq!(managers[0].documents_query().count(&db).await.unwrap(), 2);
        assert_eq!(sent(&log), 3);
    });
}

#[test]
fn an_override_of_an_override_may_be_of_another_kind() {
    block_on(async {
        let db = staff::db();
        let directors = Director::query().with(Director::DOCUMENTS).with(Director::BOSS).all(&db).await.unwrap();
        let pages: Vec<_> = directors.iter().map(|it| it.documents.get().unwrap().map(|it| it.pages)).collect();
        assert_eq!(pages, [Some(5), Some(500)]);
        let boss = directors[0].boss(&db).await.unwrap().unwrap();
        assert_eq!((boss.name.as_str(), boss.team_id), ("Max", 10));
    });
}

#[test]
fn a_parent_is_unaffected_by_an_override() {
    block_on(async {
        let db = staff::db();
        let person = Person::query().with(Person::DOCUMENTS).one(&db).await.unwrap().unwrap();
        assert_eq!(person.documents.get().unwrap().iter().map(|it| &*it.title).collect::<Vec<_>>(), ["a", "b"]);
        let manager = Manager::query().with(Manager::DOCUMENTS).one(&db).await.unwrap().unwrap();
        assert!(manager.documents.is_loaded() && !manager.person.documents.is_loaded());
        assert_eq!(manager.person.documents(&db).await.unwrap().len(), 2, "the parent's is still there");
        assert_eq!(manager.documents.get().unwrap()[0].pages, 50);
    });
}

#[test]
fn an_override_is_narrowed_like_any_relation() {
    block_on(async {
        let db = staff::db();
        let managers =
            Manager::query().with(Manager::DOCUMENTS.filter(Report::PAGES.gt(10)).limit(1)).all(&db).await.unwrap();
        assert_eq!(managers[0].documents.get_partial().unwrap().len(), 1);
        assert_eq!(managers[0].documents(&db).await.unwrap().len(), 2);
        assert!(managers[0].person.documents.get().is_err());
    });
}

#[test]
fn a_child_lists_inherited_relations_with_overrides_in_their_places() {
    let names = |list: &[relations_core::RelationDescriptor]| list.iter().map(|it| it.name).collect::<Vec<_>>();
    let (person, manager, director) = (Person::descriptor(), Manager::descriptor(), Director::descriptor());
    assert_eq!(names(person.relations()), ["boss", "badge", "documents"]);
    assert_eq!(names(manager.relations()), ["boss", "badge", "documents", "team"]);
    assert_eq!(names(director.relations()), ["boss", "badge", "documents", "team"]);
    assert_eq!(names(manager.own_relations()), ["team", "documents"]);
    assert_eq!(names(director.own_relations()), ["boss", "documents"]);
    assert_eq!(names(person.own_relations()), names(person.relations()));
    let declared: Vec<_> = director.relations().iter().map(|it| it.declared_in().name).collect();
    assert_eq!(declared, ["Director", "Person", "Director", "Manager"]);
    let overridden: Vec<_> =
        director.relations().iter().map(|it| it.overrides().map(|overridden| overridden.name)).collect();
    assert_eq!(overridden, [Some("Person"), None, Some("Manager"), None]);
    let target = |model: &relations_core::ModelDescriptor| model.relation("documents").unwrap().target().unwrap().name;
    assert_eq!([person, manager, director].map(target), ["Document", "Report", "Report"]);
    assert_eq!(
        [person, manager, director].map(|it| it.relation("documents").unwrap().kind.is_many()),
        [true, true, false]
    );
}

#[test]
fn a_child_describes_its_columns_key_and_parent() {
    let manager = Manager::descriptor();
    assert_eq!(manager.columns.iter().map(|it| it.field).collect::<Vec<_>>(), ["id", "name", "boss_id", "team_id"]);
    assert_eq!(manager.key().map(|it| it.field).collect::<Vec<_>>(), ["id"]);
    assert!(std::ptr::eq(manager.extends().unwrap(), Person::descriptor()));
    assert!(Person::descriptor().extends().is_none());
    assert_eq!(
        Director::descriptor().to_string(),
        "Director extends Manager (table directors, key id)
  id: i64
  name: String
  boss_id: Option<i64>
  team_id: i64
  board: Option<String>
  boss: belongs_to Manager? (boss_id -> id, overrides that of Person)
  badge: has_one Badge? (person_id -> id)
  documents: has_one Report? (manager_id -> id, overrides that of Manager, order pages)
  team: belongs_to Team (team_id -> id, inverse managers)
"
    );
    let json = serde_json::to_value(manager).unwrap();
    assert_eq!(json["extends"], "Person");
    assert_eq!(json["relations"][2]["overrides"], "Person");
    assert_eq!(json["relations"][0]["declared_in"], "Person");
}

#[test]
fn a_picture_draws_a_line_from_a_child_to_its_parent() {
    let picture = relations_core::diagram::mermaid(&[Director::descriptor()]);
    let lines: Vec<_> = picture.lines().filter(|line| line.contains(" : ")).map(str::trim).collect();
    assert_eq!(
        lines,
        [
            "Director ||--|| Manager : \"extends\"",
            "Director }o--o| Manager : \"boss\"",
            "Director ||--o| Report : \"documents\"",
            "Manager ||--|| Person : \"extends\"",
            "Manager ||--o{ Report : \"documents / manager\"",
            "Person }o--o| Person : \"boss\"",
            "Person ||--o| Badge : \"badge\"",
            "Person ||--o{ Document : \"documents / owner\"",
            "Team ||--o{ Manager : \"managers / team\"",
        ]
    );
    assert!(picture.contains("int64 boss_id FK") || picture.contains("i64 boss_id FK"), "{picture}");
}

#[test]
fn errors_name_the_model_that_declares_the_relation() {
    block_on(async {
        let db = staff::db();
        let manager = Manager::find(&db, 1).await.unwrap().unwrap();
        let error = manager.boss.get().unwrap_err();
        assert_eq!((error.model(), error.relation()), (Some("Person"), Some("boss")));
        assert_eq!(
            manager.documents.get().unwrap_err().to_string(),
            "Manager.documents is not loaded; call `.documents(&db).await`, or load it with `.with(Manager::DOCUMENTS)`"
        );
    });
}

#[derive(Debug, Relations)]
#[relations(table = "nodes")]
struct Folder {
    #[relations(extends)]
    node: blog::Node,
    #[belongs_to(overrides, inverse = children, foreign_key = parent_id)]
    parent: BelongsTo<Option<Folder>>,
    #[has_many(overrides, foreign_key = parent_id)]
    children: HasMany<Folder>,
}

#[test]
fn a_tree_of_children_is_closed_by_overrides() {
    block_on(async {
        let db = blog::db();
        let log = db.record();
        let folders = Folder::query().with(Folder::CHILDREN.with(Folder::CHILDREN)).all(&db).await.unwrap();
        let children = folders[0].children.get().unwrap();
        assert_eq!(children.iter().map(|it| it.id).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(children[0].parent(&db).await.unwrap().unwrap().id, 1);
        assert_eq!(sent(&log), 3, "the inverse is filled");
    });
}
