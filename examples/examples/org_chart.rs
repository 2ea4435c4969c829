//! An organisation in memory: managers and directors are people with more to them, and everybody has a boss.
//! Inheritance, overrides, recursion. `cargo run --example org_chart`
//!
//! It prints:
//! ```text
//! == The chart
//! Ida
//!     Max
//!         Ben
//!             Jan
//!         Eva
//!     Uma
//! 5 statements:
//!   Person             0 keys, 1 rows
//!   Person.reports     1 keys, 2 rows
//!   Person.reports     2 keys, 2 rows
//!   Person.reports     2 keys, 1 rows
//!   Person.reports     1 keys, 0 rows
//!
//! == Up and down
//! Jan: above [Ben, Max, Ida], below [], second line []
//! Max: above [Ida], below [Ben, Eva, Jan], second line [Jan]
//! Kim: above [Lea], below [Lea], second line [Kim]
//!
//! == Managers
//! Max (Engines) reports to Ida: ["Spring", "Summer"]; as a person: ["contract of Max"]
//! Uma (Relays) reports to Ida: ["Moths"]; as a person: []
//! 5 statements:
//!   Manager            0 keys, 2 rows
//!   Person.boss        1 keys, 1 rows
//!   Manager.team       2 keys, 2 rows
//!   Manager.documents  2 keys, 3 rows
//!   Person.documents   2 keys, 1 rows
//!
//! == Directors
//! Ida of Engines (2 reports, budget 5000): ["Outlook", "Year"]
//!
//! == What is known before anything runs
//! Manager extends Person (table managers, key id)
//!   id: i64
//!   name: String
//!   boss_id: Option<i64>
//!   team_id: i64
//!   boss: belongs_to Person? (boss_id -> id, inverse reports)
//!   reports: has_many Person (boss_id -> id, inverse boss)
//!   second_line: has_many Person (through reports.reports)
//!   documents: has_many Report (manager_id -> id, overrides that of Person)
//!   team: belongs_to Team (team_id -> id)
//! ```

use relations_core::{BelongsTo, HasMany, HasManyThrough, Relations, Sqlite, StatementLog, block_on};

#[derive(Debug, Clone, Relations)]
#[relations(table = "people")]
pub struct Person {
    #[relations(key)]
    pub id: i64,
    pub name: String,
    pub boss_id: Option<i64>,
    #[belongs_to(inverse = reports)]
    pub boss: BelongsTo<Option<Person>>,
    #[has_many(foreign_key = boss_id)]
    pub reports: HasMany<Person>,
    #[has_many(through = reports.reports)]
    pub second_line: HasManyThrough<Person>,
    #[has_many(foreign_key = owner_id)]
    pub documents: HasMany<Document>,
}

/// A manager is a person: its table has the columns of `people`, and its own.
#[derive(Debug, Clone, Relations)]
#[relations(table = "managers")]
pub struct Manager {
    #[relations(extends)]
    pub person: Person,
    pub team_id: i64,
    #[belongs_to]
    pub team: BelongsTo<Team>,
    /// A manager's documents are the team's reports.
    #[has_many(overrides, foreign_key = manager_id)]
    pub documents: HasMany<Report>,
}

/// A director is a manager.
#[derive(Debug, Clone, Relations)]
#[relations(table = "directors")]
pub struct Director {
    #[relations(extends)]
    pub manager: Manager,
    pub budget: i64,
    /// The same reports, the latest first.
    #[has_many(overrides, foreign_key = manager_id, order_by(id desc))]
    pub documents: HasMany<Report>,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "teams")]
pub struct Team {
    #[relations(key)]
    pub id: i64,
    pub name: String,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "documents")]
pub struct Document {
    #[relations(key)]
    pub id: i64,
    pub owner_id: i64,
    pub title: String,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "reports")]
pub struct Report {
    #[relations(key)]
    pub id: i64,
    pub manager_id: i64,
    pub title: String,
}

const ORGANISATION: &str = "
    CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL, boss_id INTEGER);
    CREATE TABLE managers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, boss_id INTEGER, team_id INTEGER NOT NULL);
    CREATE TABLE directors (id INTEGER PRIMARY KEY, name TEXT NOT NULL, boss_id INTEGER, team_id INTEGER NOT NULL,
        budget INTEGER NOT NULL);
    CREATE TABLE teams (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE documents (id INTEGER PRIMARY KEY, owner_id INTEGER NOT NULL, title TEXT NOT NULL);
    CREATE TABLE reports (id INTEGER PRIMARY KEY, manager_id INTEGER NOT NULL, title TEXT NOT NULL);
    CREATE INDEX people_boss ON people (boss_id);
    CREATE INDEX documents_owner ON documents (owner_id);
    CREATE INDEX reports_manager ON reports (manager_id);
    INSERT INTO people VALUES (1, 'Ida', NULL), (2, 'Max', 1), (3, 'Uma', 1), (4, 'Ben', 2), (5, 'Eva', 2), (6, 'Jan', 4),
        (7, 'Kim', 8), (8, 'Lea', 7);
    INSERT INTO managers VALUES (2, 'Max', 1, 10), (3, 'Uma', 1, 11);
    INSERT INTO directors VALUES (1, 'Ida', NULL, 10, 5000);
    INSERT INTO teams VALUES (10, 'Engines'), (11, 'Relays');
    INSERT INTO documents VALUES (1, 2, 'contract of Max'), (2, 4, 'contract of Ben');
    INSERT INTO reports VALUES (1, 1, 'Year'), (2, 2, 'Spring'), (3, 2, 'Summer'), (4, 3, 'Moths'), (5, 1, 'Outlook');";

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> Outcome {
    let db = Sqlite::memory()?;
    block_on(async {
        db.connection(|connection| connection.execute_batch(ORGANISATION)).await?;
        chart(&db).await?;
        lines(&db).await?;
        managers(&db).await?;
        directors(&db).await
    })?;
    println!("\n== What is known before anything runs\n{}", Manager::descriptor());
    Ok(())
}

/// The whole chart below those without a boss: one statement for each level.
async fn chart(db: &Sqlite) -> Outcome {
    println!("== The chart");
    let log = db.record();
    let top = Person::query().filter(Person::BOSS_ID.is_null()).with(Person::REPORTS.recursive()).all(db).await?;
    let mut open: Vec<(usize, &Person)> = top.iter().map(|person| (0, person)).collect();
    while let Some((depth, person)) = open.pop() {
        println!("{}{}", "    ".repeat(depth), person.name);
        open.extend(person.reports.get()?.iter().rev().map(|report| (depth + 1, report)));
    }
    print_statements(&log);
    Ok(())
}

/// From a row up and down. Kim and Lea are each other's boss: walks in circles end.
async fn lines(db: &Sqlite) -> Outcome {
    println!("\n== Up and down");
    for name in ["Jan", "Max", "Kim"] {
        let Some(person) = Person::query().filter(Person::NAME.eq(name)).one(db).await? else { continue };
        let above = person.ancestors(Person::BOSS, db).await?;
        let below = person.descendants(Person::REPORTS, db).await?;
        let names = |people: &relations_core::Linked<Person>| {
            people.iter().map(|person| person.name.as_str()).collect::<Vec<_>>().join(", ")
        };
        let second = person.second_line(db).await?;
        println!("{name}: above [{}], below [{}], second line [{}]", names(&above), names(&below), names(&second));
    }
    Ok(())
}

/// What a manager inherits is loaded for all managers at once, like its own; what it overrides leads elsewhere.
async fn managers(db: &Sqlite) -> Outcome {
    println!("\n== Managers");
    let log = db.record();
    for manager in &Manager::all(db).await? {
        let boss = manager.boss(db).await?.map_or("nobody".to_owned(), |boss| boss.name.clone());
        let team = manager.team(db).await?;
        let reports: Vec<_> = manager.documents(db).await?.iter().map(|report| report.title.clone()).collect();
        let papers: Vec<_> = manager.person.documents(db).await?.iter().map(|paper| paper.title.clone()).collect();
        println!("{} ({}) reports to {boss}: {reports:?}; as a person: {papers:?}", manager.name, team.name);
    }
    print_statements(&log);
    Ok(())
}

/// Filters, orders and trees of a director use the constants of its ancestors.
async fn directors(db: &Sqlite) -> Outcome {
    println!("\n== Directors");
    let directors = Director::query()
        .filter(Manager::TEAM_ID.eq(10).and(Person::NAME.like("I%")))
        .order_by(Person::NAME.asc())
        .with(Person::REPORTS)
        .with(Manager::TEAM)
        .with(Director::DOCUMENTS)
        .all(db)
        .await?;
    for director in &directors {
        let reports: Vec<_> = director.documents.get()?.iter().map(|report| report.title.as_str()).collect();
        let (people, team) = (director.reports.get()?.len(), director.team.get()?);
        println!("{} of {} ({people} reports, budget {}): {reports:?}", director.name, team.name, director.budget);
    }
    Ok(())
}

/// Prints for which relation each statement was sent.
fn print_statements(log: &StatementLog) {
    let statements = log.statements();
    println!("{} statements:", statements.len());
    for statement in &statements {
        println!("  {:<18} {} keys, {} rows", statement.name(), statement.keys, statement.rows);
    }
}
