//! Every kind of relation in models that lead to one another: people, students who extend them, clubs, courses, and
//! notes on any of these.

use relations_core::{
    BelongsTo, HasMany, HasManyThrough, HasOne, HasOneThrough, ManyToMany, Morph, MorphTo, Ref, Relations, Sqlite,
};

/// The tables. That of students has the columns of people, too.
pub const SCHEMA: &str = "
    CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL, likes_type TEXT, likes_id INTEGER);
    CREATE TABLE students (id INTEGER PRIMARY KEY, name TEXT NOT NULL, likes_type TEXT, likes_id INTEGER,
                           topic_type TEXT, topic_id INTEGER);
    CREATE TABLE clubs (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE members (club_id INTEGER NOT NULL, person_id INTEGER NOT NULL);
    CREATE TABLE school_clubs (club_id INTEGER NOT NULL, student_id INTEGER NOT NULL);
    CREATE TABLE courses (id INTEGER PRIMARY KEY, teacher_id INTEGER NOT NULL);
    CREATE TABLE enrolments (id INTEGER PRIMARY KEY, course_id INTEGER NOT NULL, student_id INTEGER NOT NULL,
                             grade INTEGER NOT NULL);
    CREATE TABLE badges (id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL, day INTEGER NOT NULL);
    CREATE TABLE notes (id INTEGER PRIMARY KEY, subject_type TEXT NOT NULL, subject_id INTEGER NOT NULL,
                        author_id INTEGER NOT NULL, text TEXT NOT NULL);
";

/// Ann is in both clubs, Bob in chess, Cid in choir, Dan in none; Sue and Sam are students, with the ids of Ann and Bob.
pub const ROWS: &str = "
    INSERT INTO people VALUES (1, 'Ann', 'club', 1), (2, 'Bob', 'student', 2), (3, 'Cid', NULL, NULL),
                              (4, 'Dan', 'person', 1);
    INSERT INTO students VALUES (1, 'Sue', 'person', 3, 'club', 2), (2, 'Sam', 'student', 1, NULL, NULL);
    INSERT INTO clubs VALUES (1, 'chess'), (2, 'choir'), (3, 'chat');
    INSERT INTO members VALUES (1, 1), (1, 2), (2, 1), (2, 3);
    INSERT INTO school_clubs VALUES (3, 1), (3, 2), (2, 2);
    INSERT INTO courses VALUES (1, 4), (2, 4), (3, 1);
    INSERT INTO enrolments VALUES (1, 1, 1, 5), (2, 2, 1, 3), (3, 3, 2, 4);
    INSERT INTO badges VALUES (1, 1, 10), (2, 1, 30), (3, 1, 20), (4, 2, 5);
    INSERT INTO notes VALUES (1, 'club', 1, 3, 'a'), (2, 'club', 2, 2, 'b'), (3, 'person', 1, 2, 'c'),
                             (4, 'student', 1, 1, 'd'), (5, 'person', 2, 4, 'e'), (6, 'club', 1, 2, 'f'),
                             (7, 'student', 1, 4, 'g');
";

/// The fixture, run inline.
pub fn db() -> Sqlite {
    crate::database(SCHEMA, ROWS)
}

/// What a note is on: a model, one that extends it, and another.
#[derive(Debug, Clone, PartialEq, Morph)]
pub enum Subject {
    #[morph("person")]
    Person(Ref<Person>),
    #[morph("student")]
    Student(Ref<Student>),
    #[morph("club")]
    Club(Ref<Club>),
}

impl Subject {
    /// The name of whatever it is.
    pub fn name(&self) -> &str {
        match self {
            Self::Person(person) => &person.name,
            Self::Student(student) => &student.name,
            Self::Club(club) => &club.name,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Relations)]
#[relations(table = "people")]
pub struct Person {
    pub id: i64,
    pub name: String,
    pub likes_type: Option<String>,
    pub likes_id: Option<i64>,
    #[morph_to]
    pub likes: MorphTo<Option<Subject>>,
    #[many_to_many(table = "members", order_by(id))]
    pub clubs: ManyToMany<Club>,
    #[has_one(latest_by = day)]
    pub badge: HasOne<Option<Badge>>,
    #[has_many(morph = subject)]
    pub notes: HasMany<Note>,
    #[has_one(morph = subject, latest_by = id)]
    pub last_note: HasOne<Option<Note>>,
    #[has_one(through = last_note.author)]
    pub last_critic: HasOneThrough<Option<Person>>,
    #[has_many(through = notes.author)]
    pub critics: HasManyThrough<Person>,
    #[has_many(through = clubs.members)]
    pub clubmates: HasManyThrough<Person>,
    #[has_many(through = clubs.notes)]
    pub club_notes: HasManyThrough<Note>,
    #[has_many(through = clubs.notes.author)]
    pub club_critics: HasManyThrough<Person>,
    #[has_many(through = clubmates.clubmates)]
    pub circle: HasManyThrough<Person>,
}

/// Overrides a many-to-many relation, and adds relations of its own by the inherited key.
#[derive(Debug, Clone, PartialEq, Relations)]
#[relations(table = "students")]
pub struct Student {
    #[relations(extends)]
    pub person: Person,
    pub topic_type: Option<String>,
    pub topic_id: Option<i64>,
    #[morph_to]
    pub topic: MorphTo<Option<Subject>>,
    #[many_to_many(overrides, table = "school_clubs", order_by(id desc))]
    pub clubs: ManyToMany<Club>,
    #[has_many(morph = subject)]
    pub remarks: HasMany<Note>,
    #[has_many(through = remarks.author)]
    pub mentors: HasManyThrough<Person>,
    #[many_to_many(through = Enrolment, inverse = students)]
    pub courses: ManyToMany<Course, Enrolment>,
    #[has_many(through = courses.teacher)]
    pub teachers: HasManyThrough<Person>,
}

#[derive(Debug, Clone, PartialEq, Relations)]
#[relations(table = "clubs")]
pub struct Club {
    pub id: i64,
    pub name: String,
    #[many_to_many(table = "members", order_by(id))]
    pub members: ManyToMany<Person>,
    #[has_many(morph = subject, order_by(id))]
    pub notes: HasMany<Note>,
}

#[derive(Debug, Clone, PartialEq, Relations)]
#[relations(table = "courses")]
pub struct Course {
    pub id: i64,
    pub teacher_id: i64,
    #[belongs_to]
    pub teacher: BelongsTo<Person>,
    #[many_to_many]
    pub students: ManyToMany<Student, Enrolment>,
}

#[derive(Debug, Clone, PartialEq, Relations)]
#[relations(table = "enrolments")]
pub struct Enrolment {
    pub id: i64,
    pub course_id: i64,
    pub student_id: i64,
    pub grade: i64,
    #[belongs_to]
    pub course: BelongsTo<Course>,
    #[belongs_to]
    pub student: BelongsTo<Student>,
}

#[derive(Debug, Clone, PartialEq, Relations)]
#[relations(table = "badges")]
pub struct Badge {
    pub id: i64,
    pub person_id: i64,
    pub day: i64,
}

#[derive(Debug, Clone, PartialEq, Relations)]
#[relations(table = "notes")]
pub struct Note {
    pub id: i64,
    pub subject_type: String,
    pub subject_id: i64,
    pub author_id: i64,
    pub text: String,
    #[morph_to]
    pub subject: MorphTo<Subject>,
    #[belongs_to]
    pub author: BelongsTo<Person>,
    #[has_many(through = author.clubs)]
    pub clubs_of_author: HasManyThrough<Club>,
    #[has_many(through = author.clubs.members)]
    pub clubmates_of_author: HasManyThrough<Person>,
}
