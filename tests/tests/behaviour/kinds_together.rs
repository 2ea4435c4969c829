//! Relations of one kind over and beside those of the others: ways over join tables and polymorphic relations,
//! recursion over join tables, and every kind inherited, overridden, and on a variant that extends another model.

use crate::school::{self, Club, Course, Note, Person, Student, Subject};
use crate::tags::{self, Person as Reader};
use crate::{Db, block_on, execute, relations, sent};
use relations_core::{Linked, Relations, StatementLog};

fn names(people: &Linked<Person>) -> Vec<&str> {
    people.iter().map(|person| person.name.as_str()).collect()
}

fn texts(notes: &Linked<Note>) -> String {
    notes.iter().map(|note| note.text.as_str()).collect()
}

/// What each statement was for, and the number of its keys.
fn statements(log: &StatementLog) -> Vec<(String, usize)> {
    let statements = relations(log);
    log.clear();
    statements
}

fn steps(steps: &[(&str, usize)]) -> Vec<(String, usize)> {
    steps.iter().map(|&(name, keys)| (name.to_owned(), keys)).collect()
}

#[test]
fn a_way_starts_and_ends_with_many_to_many_relations() {
    block_on(async {
        let db = school::db();
        let log = db.record();
        let people = Person::all(&db).await.unwrap();
        let mut found = Vec::new();
        for person in &people {
            found.push(names(&person.clubmates(&db).await.unwrap()).join(" "));
        }
        assert_eq!(found, ["Ann Bob Cid", "Ann Bob", "Ann Cid", ""]);
        assert_eq!(sent(&log), 5, "people, and for each join table its rows and its targets");
        assert_eq!(people[0].clubs.get().unwrap().len(), 2, "what is on the way is loaded");
        assert_eq!(sent(&log), 5);
    });
}

#[test]
fn a_way_leads_over_a_many_to_many_relation_in_its_middle_and_at_its_end() {
    block_on(async {
        let db = school::db();
        let notes = Note::query().order_by(Note::ID.asc()).all(&db).await.unwrap();
        let log = db.record();
        let clubmates = notes[1].clubmates_of_author(&db).await.unwrap();
        assert_eq!(names(&clubmates), ["Ann", "Bob"]);
        assert_eq!(sent(&log), 5, "authors, then twice a join table and its targets");
        let clubs = notes[0].clubs_of_author(&db).await.unwrap();
        assert_eq!(clubs.iter().map(|club| club.name.as_str()).collect::<Vec<_>>(), ["choir"]);
        assert!(notes[4].clubs_of_author(&db).await.unwrap().is_empty());
        assert_eq!(sent(&log), 5, "the way to the clubs is loaded");
    });
}

#[test]
fn a_way_leads_over_relations_that_go_back_by_a_polymorphic_one() {
    block_on(async {
        let db = school::db();
        let log = db.record();
        let people = Person::all(&db).await.unwrap();
        let mut found = Vec::new();
        for person in &people {
            let critics = names(&person.critics(&db).await.unwrap()).join(" ");
            let notes = texts(&person.club_notes(&db).await.unwrap());
            let of_clubs = names(&person.club_critics(&db).await.unwrap()).join(" ");
            found.push([critics, notes, of_clubs]);
        }
        let expected = [["Bob", "afb", "Cid Bob"], ["Dan", "af", "Cid Bob"], ["", "b", "Bob"], ["", "", ""]];
        assert_eq!(found, expected);
        let expected = [
            ("Person", 0),
            ("Person.notes", 4),
            ("Note.author", 2),
            ("Person.clubs", 4),
            ("Person.clubs", 2),
            ("Club.notes", 2),
            ("Note.author", 2),
        ];
        assert_eq!(statements(&log)[1..], steps(&expected)[1..]);
    });
}

#[test]
fn ways_over_every_kind_load_eagerly_as_they_do_lazily() {
    block_on(async {
        let db = school::db();
        let lazy = Person::all(&db).await.unwrap();
        let eager = Person::query().with(Person::CLUBMATES).with(Person::CRITICS).with(Person::CLUB_NOTES);
        let eager = eager.with(Person::CLUB_CRITICS).with(Person::CIRCLE).all(&db).await.unwrap();
        for (eager, lazy) in eager.iter().zip(&lazy) {
            assert_eq!(names(&eager.clubmates.get().unwrap()), names(&lazy.clubmates(&db).await.unwrap()));
            assert_eq!(names(&eager.critics.get().unwrap()), names(&lazy.critics(&db).await.unwrap()));
            assert_eq!(texts(&eager.club_notes.get().unwrap()), texts(&lazy.club_notes(&db).await.unwrap()));
            assert_eq!(names(&eager.club_critics.get().unwrap()), names(&lazy.club_critics(&db).await.unwrap()));
            assert_eq!(names(&eager.circle.get().unwrap()), names(&lazy.circle(&db).await.unwrap()));
        }
    });
}

#[test]
fn a_way_over_a_way_over_join_tables_is_a_way() {
    block_on(async {
        let db = school::db();
        let log = db.record();
        let people = Person::all(&db).await.unwrap();
        let mut found = Vec::new();
        for person in &people {
            found.push(names(&person.circle(&db).await.unwrap()).join(" "));
        }
        assert_eq!(found, ["Ann Bob Cid", "Ann Bob Cid", "Ann Bob Cid", ""]);
        assert_eq!(sent(&log), 9, "people, and twice two join tables with their targets");
    });
}

#[test]
fn filters_and_limits_of_such_ways_apply_to_each_owner() {
    block_on(async {
        let db = school::db();
        let latest = Person::CLUB_NOTES.order_by(Note::ID.desc()).limit(1);
        let other = Person::CLUBMATES.filter(Person::NAME.ne("Ann")).limit(1);
        let people = Person::query().with(latest).with(other).all(&db).await.unwrap();
        let latest: Vec<_> = people.iter().map(|it| texts(&it.club_notes.get_partial().unwrap())).collect();
        assert_eq!(latest, ["f", "f", "b", ""]);
        let clubmates = people.iter().map(|it| names(&it.clubmates.get_partial().unwrap()).join(" "));
        assert_eq!(clubmates.collect::<Vec<_>>(), ["Bob", "Bob", "Cid", ""]);
        assert!(people[0].club_notes.get().is_err(), "a part is not the whole");
    });
}

#[test]
fn one_of_many_goes_by_a_polymorphic_relation() {
    block_on(async {
        let db = school::db();
        execute(&db, "INSERT INTO notes VALUES (9, 'person', 1, 4, 'h')");
        let log = db.record();
        let people = Person::query().with(Person::LAST_NOTE).with(Person::LAST_CRITIC).all(&db).await.unwrap();
        let last = people.iter().map(|it| it.last_note.get().unwrap().map(|note| note.text.clone()));
        assert_eq!(last.collect::<Vec<_>>(), [Some("h".to_owned()), Some("e".to_owned()), None, None]);
        let critics = people.iter().map(|it| it.last_critic.get().unwrap().map(|person| person.name.clone()));
        assert_eq!(critics.collect::<Vec<_>>(), [Some("Dan".to_owned()), Some("Dan".to_owned()), None, None]);
        assert_eq!(log.statements()[1].rows, 2, "only the last of each is read");
        assert_eq!(sent(&log), 3);
    });
}

fn ids<P: 'static>(readers: &Linked<Reader, P>) -> Vec<i64> {
    readers.iter().map(|reader| reader.id).collect()
}

/// Followers in a chain of 1 to 4 that closes to a circle: 2 follows 1, 3 follows 2, 4 follows 3, 1 follows 4; and 4
/// follows 1 as well, so that it is reached at two depths.
fn followers() -> Db {
    let db = tags::empty();
    execute(&db, "INSERT INTO people VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd'), (5, 'e')");
    execute(&db, "INSERT INTO follows VALUES (1, 2, 1), (2, 3, 2), (3, 4, 3), (4, 1, 4), (5, 4, 1)");
    db
}

#[test]
fn recursion_over_a_join_table_asks_each_row_once_and_ends_on_circles() {
    block_on(async {
        let db = followers();
        let log = db.record();
        let first = Reader::by_key(1).with(Reader::FOLLOWERS.recursive()).one(&db).await.unwrap().unwrap();
        let keys: Vec<_> = statements(&log).into_iter().map(|(_, keys)| keys).collect();
        assert_eq!(keys, [1, 1, 2, 2, 2, 1, 1], "two for each level: of 1, of 2 and 4, of 3; 1 and 4 are known then");
        let followers = first.followers.get().unwrap();
        assert_eq!(ids(followers), [2, 4]);
        let second = followers[0].followers.get().unwrap();
        assert_eq!(ids(second), [3]);
        assert_eq!(ids(second[0].followers.get().unwrap()), [4]);
        assert_eq!(sent(&log), 0);
    });
}

#[test]
fn the_rows_beyond_one_over_a_join_table_come_each_once_the_nearest_first() {
    block_on(async {
        let db = followers();
        let first = Reader::find(&db, 1).await.unwrap().unwrap();
        let log = db.record();
        let beyond = first.descendants(Reader::FOLLOWERS, &db).await.unwrap();
        assert_eq!(ids(&beyond), [2, 4, 3]);
        let loaded = sent(&log);
        assert!(loaded <= 8, "{loaded}");
        first.descendants(Reader::FOLLOWERS, &db).await.unwrap();
        assert_eq!(sent(&log), loaded, "all of it is loaded");
        let none = Reader::find(&db, 5).await.unwrap().unwrap();
        assert!(none.descendants(Reader::FOLLOWERS, &db).await.unwrap().is_empty());
    });
}

#[test]
fn recursion_over_a_symmetric_relation_finds_all_that_are_connected() {
    block_on(async {
        let db = tags::db();
        let ann = Reader::find(&db, 1).await.unwrap().unwrap();
        let friends = ann.descendants(Reader::FRIENDS, &db).await.unwrap();
        let mut friends = ids(&friends);
        friends.sort_unstable();
        assert_eq!(friends, [2, 3, 4]);
        let eve = Reader::by_key(5).with(Reader::FRIENDS.recursive()).one(&db).await.unwrap().unwrap();
        assert!(eve.friends.get().unwrap().is_empty());
    });
}

#[test]
fn recursion_over_a_join_table_goes_as_deep_as_asked() {
    block_on(async {
        let db = followers();
        let log = db.record();
        let first = Reader::by_key(1).with(Reader::FOLLOWERS.recursive_to(1)).one(&db).await.unwrap().unwrap();
        assert_eq!(sent(&log), 3);
        assert!(!first.followers.get().unwrap()[0].followers.is_loaded());
    });
}

#[test]
fn inherited_relations_of_every_kind_load_for_all_rows_of_the_child() {
    block_on(async {
        let db = school::db();
        execute(&db, "UPDATE students SET likes_id = 3 WHERE id = 1");
        let log = db.record();
        let students = Student::query().order_by(school::Person::ID.asc()).all(&db).await.unwrap();
        let mut found = Vec::new();
        for student in &students {
            let likes = student.likes(&db).await.unwrap().map(|likes| likes.name().to_owned());
            let badge = student.badge(&db).await.unwrap().map(|badge| badge.day);
            let notes: String = student.notes(&db).await.unwrap().iter().map(|note| note.text.as_str()).collect();
            let clubs = student.person.clubs(&db).await.unwrap().len();
            let clubmates = names(&student.clubmates(&db).await.unwrap()).join(" ");
            found.push((likes, badge, notes, clubs, clubmates));
        }
        let expected = [
            (Some("Cid".to_owned()), Some(30), "c".to_owned(), 2, "Ann Bob Cid".to_owned()),
            (Some("Sue".to_owned()), Some(5), "e".to_owned(), 1, "Ann Bob".to_owned()),
        ];
        assert_eq!(found, expected, "those of the people with these ids");
        let expected = [
            ("Person.likes", 1),
            ("Person.likes", 1),
            ("Person.badge", 2),
            ("Person.notes", 2),
            ("Person.clubs", 2),
            ("Person.clubs", 2),
            ("Club.members", 2),
            ("Club.members", 3),
        ];
        assert_eq!(statements(&log)[1..], steps(&expected));
    });
}

#[test]
fn inherited_relations_of_every_kind_load_eagerly_by_the_ancestors_constants() {
    block_on(async {
        let db = school::db();
        let log = db.record();
        let students = Student::query().with(Person::LIKES.with(Person::CLUBS)).with(Person::BADGE);
        let students = students.with(Person::NOTES).with(Person::CLUBS).with(Person::CLUBMATES);
        let students = students.all(&db).await.unwrap();
        assert_eq!(sent(&log), 11, "the ways lead over the clubs that are loaded");
        let sue = &students[0];
        let likes = sue.likes.get().unwrap().unwrap();
        assert!(matches!(&likes, Subject::Person(cid) if cid.clubs.get().unwrap().len() == 1));
        assert_eq!(sue.badge.get().unwrap().map(|badge| badge.day), Some(30));
        assert_eq!(sue.notes.get().unwrap().len(), 1);
        assert_eq!(sue.person.clubs.get().unwrap().len(), 2);
        assert_eq!(names(&sue.clubmates.get().unwrap()), ["Ann", "Bob", "Cid"]);
        assert_eq!(sent(&log), 11);
    });
}

#[test]
fn a_many_to_many_relation_that_is_overridden_leaves_the_ancestors_ways_alone() {
    block_on(async {
        let db = school::db();
        let log = db.record();
        let students = Student::query().with(Student::CLUBS).all(&db).await.unwrap();
        let clubs = |student: &Student| -> Vec<_> {
            student.clubs.get().unwrap().iter().map(|club| club.name.clone()).collect()
        };
        assert_eq!(students.iter().map(clubs).collect::<Vec<_>>(), [vec!["chat"], vec!["chat", "choir"]]);
        assert_eq!(sent(&log), 3);
        assert_eq!(names(&students[1].clubmates(&db).await.unwrap()), ["Ann", "Bob"], "over the clubs of `Person`");
        let ann = Person::find(&db, 1).await.unwrap().unwrap();
        assert_eq!(ann.clubs(&db).await.unwrap().len(), 2, "a parent is unaffected");
    });
}

#[test]
fn a_child_has_relations_of_every_kind_by_its_inherited_key() {
    block_on(async {
        let db = school::db();
        let log = db.record();
        let students = Student::all(&db).await.unwrap();
        let mut found = Vec::new();
        for student in &students {
            let topic = student.topic(&db).await.unwrap().map(|topic| topic.name().to_owned());
            let remarks: String = student.remarks(&db).await.unwrap().iter().map(|note| note.text.as_str()).collect();
            let mentors = names(&student.mentors(&db).await.unwrap()).join(" ");
            let courses = student.courses(&db).await.unwrap();
            let grades: Vec<_> = courses.pivots().map(|(course, row)| (course.id, row.grade)).collect();
            let teachers = names(&student.teachers(&db).await.unwrap()).join(" ");
            found.push((topic, remarks, mentors, grades, teachers));
        }
        let expected = [
            (Some("choir".to_owned()), "dg".to_owned(), "Ann Dan".to_owned(), vec![(1, 5), (2, 3)], "Dan".to_owned()),
            (None, String::new(), String::new(), vec![(3, 4)], "Ann".to_owned()),
        ];
        assert_eq!(found, expected);
        let expected = [
            ("Student.topic", 1),
            ("Student.remarks", 2),
            ("Note.author", 2),
            ("Student.courses", 2),
            ("Student.courses", 3),
            ("Course.teacher", 2),
        ];
        assert_eq!(statements(&log)[1..], steps(&expected));
    });
}

#[test]
fn relations_of_other_models_lead_to_children_over_join_tables() {
    block_on(async {
        let db = school::db();
        let tree = Course::STUDENTS.with((Person::BADGE, Student::CLUBS));
        let courses = Course::query().with(tree).all(&db).await.unwrap();
        let students = courses[0].students.get().unwrap();
        assert_eq!(students[0].badge.get().unwrap().map(|badge| badge.day), Some(30));
        assert_eq!(students[0].clubs.get().unwrap().len(), 1);
        assert_eq!(students[0].courses(&db).await.unwrap().len(), 2, "the way back over the same join table");
    });
}

#[test]
fn a_row_leads_to_a_model_and_to_one_that_extends_it_by_their_own_names() {
    block_on(async {
        let db = school::db();
        let log = db.record();
        let notes = Note::query().order_by(Note::ID.asc()).all(&db).await.unwrap();
        let mut found = Vec::new();
        for note in &notes {
            found.push(match note.subject(&db).await.unwrap() {
                Subject::Person(person) => format!("person {}", person.name),
                Subject::Student(student) => format!("student {}", student.name),
                Subject::Club(club) => format!("club {}", club.name),
            });
        }
        let expected =
            ["club chess", "club choir", "person Ann", "student Sue", "person Bob", "club chess", "student Sue"];
        assert_eq!(found, expected);
        assert_eq!(sent(&log), 4, "one for each variant");
    });
}

#[test]
fn a_tree_goes_on_from_a_variant_that_is_a_child_by_its_own_and_by_inherited_relations() {
    block_on(async {
        let db = school::db();
        let log = db.record();
        let tree = Note::SUBJECT.with(Student::CLUBS).with(Person::BADGE).with(Club::MEMBERS);
        let notes = Note::query().order_by(Note::ID.asc()).with(tree).all(&db).await.unwrap();
        assert_eq!(
            sent(&log),
            9,
            "notes, three variants, two join tables, and the badges of people and students at once"
        );
        let Subject::Student(sue) = notes[3].subject.get().unwrap() else { panic!("a student") };
        assert_eq!(sue.clubs.get().unwrap().len(), 1);
        assert_eq!(sue.badge.get().unwrap().map(|badge| badge.day), Some(30));
        let Subject::Person(ann) = notes[2].subject.get().unwrap() else { panic!("a person") };
        assert_eq!(ann.badge.get().unwrap().map(|badge| badge.day), Some(30));
        let Subject::Club(chess) = notes[0].subject.get().unwrap() else { panic!("a club") };
        assert_eq!(chess.members.get().unwrap().len(), 2);
    });
}
