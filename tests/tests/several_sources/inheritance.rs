//! Models that extend one of another source: each is read where it is held, and inherited relations lead to where they
//! lead for the parent.

use relations_core::{Relations, Sources, Sqlite, block_on};
use relations_tests::school::{self, Badge, Club, Course, Enrolment, Note, Person, ROWS, SCHEMA, Student};
use relations_tests::{database, execute, relations};

#[derive(Sources)]
struct School {
    #[holds(Person, Badge)]
    people: Sqlite,
    #[holds(Student, Club, Course, Enrolment, Note)]
    rest: Sqlite,
}

/// The fixture in two databases, without the rows that are held by the other. The plain table `members` is beside
/// people, `school_clubs` beside students.
fn school() -> School {
    let without = |tables: &[&str]| {
        let db = database(SCHEMA, ROWS);
        tables.iter().for_each(|table| execute(&db, &format!("DELETE FROM {table}")));
        db
    };
    School {
        people: without(&["students", "clubs", "school_clubs", "courses", "enrolments", "notes"]),
        rest: without(&["people", "badges", "members"]),
    }
}

/// What students and people lead to, as texts.
macro_rules! texts {
    ($db:expr) => {{
        let db = $db;
        let students = Student::query().order_by(Person::ID.asc()).with(Person::BADGE).with(Student::COURSES);
        let mut texts = Vec::new();
        for student in &students.all(db).await.unwrap() {
            let courses = student.courses.get().unwrap().iter().map(|course| course.id).collect::<Vec<_>>();
            let clubs = student.clubs(db).await.unwrap().iter().map(|club| club.id).collect::<Vec<_>>();
            let likes = student.likes(db).await.unwrap().map(|likes| likes.name().to_owned());
            let day = student.badge.get().unwrap().map(|badge| badge.day);
            let teachers = student.teachers(db).await.unwrap().iter().map(|it| it.name.clone()).collect::<Vec<_>>();
            texts.push(format!("{} {courses:?} {clubs:?} {likes:?} {day:?} {teachers:?}", student.name));
        }
        for person in &Person::query().order_by(Person::ID.asc()).with(Person::CLUBS).all(db).await.unwrap() {
            let clubs = person.clubs.get().unwrap().iter().map(|club| club.name.clone()).collect::<Vec<_>>();
            let critics = person.club_critics(db).await.unwrap().iter().map(|it| it.id).collect::<Vec<_>>();
            let queried = person.clubs_query().count(db).await.unwrap();
            texts.push(format!("{} {clubs:?} {critics:?} {queried}", person.name));
        }
        texts
    }};
}

#[test]
fn a_child_in_another_source_than_its_parent_reads_as_from_one() {
    block_on(async {
        let (one, two) = (school::db(), school());
        assert_eq!(texts!(&two), texts!(&one));
        let log = two.rest.record();
        Student::query().with(Person::BADGE).with(Student::CLUBS).all(&two).await.unwrap();
        let sent_for: Vec<_> = relations(&log).into_iter().map(|(relation, _)| relation).collect();
        assert_eq!(sent_for, ["Student", "Student.clubs", "Student.clubs"]);
    });
}
