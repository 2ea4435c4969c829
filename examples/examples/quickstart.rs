//! A blog in memory: models, nested loops, the statements they send, eager trees and the static metadata.
//! No async runtime is needed. `cargo run --example quickstart`

use relations_core::{BelongsTo, HasMany, HasOne, Relations, Sqlite, StatementLog, block_on, diagram};

#[derive(Debug, Clone, Relations)]
#[relations(table = "users")]
pub struct User {
    #[relations(key)]
    pub id: i64,
    pub name: String,
    pub company_id: Option<i64>,
    #[belongs_to(foreign_key = company_id)]
    pub company: BelongsTo<Option<Company>>,
    #[has_one(foreign_key = user_id)]
    pub profile: HasOne<Option<Profile>>,
    #[has_many(foreign_key = author_id, inverse = author)]
    pub posts: HasMany<Post>,
    #[has_many(foreign_key = reviewer_id, inverse = reviewer)]
    pub reviews: HasMany<Post>,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "companies")]
pub struct Company {
    #[relations(key)]
    pub id: i64,
    pub name: String,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "profiles")]
pub struct Profile {
    #[relations(key)]
    pub id: i64,
    pub user_id: i64,
    pub bio: String,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "posts")]
pub struct Post {
    #[relations(key)]
    pub id: i64,
    pub author_id: i64,
    pub reviewer_id: Option<i64>,
    #[relations(column = "headline")]
    pub title: String,
    pub views: i64,
    #[belongs_to]
    pub author: BelongsTo<User>,
    #[belongs_to]
    pub reviewer: BelongsTo<Option<User>>,
    #[has_many(foreign_key = post_id, inverse = post, order_by(created_at desc, id))]
    pub comments: HasMany<Comment>,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "comments")]
pub struct Comment {
    #[relations(key)]
    pub id: i64,
    pub post_id: i64,
    pub author_id: i64,
    pub body: String,
    pub created_at: String,
    #[belongs_to]
    pub post: BelongsTo<Post>,
    #[belongs_to]
    pub author: BelongsTo<User>,
}

const BLOG: &str = "
    CREATE TABLE companies (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, company_id INTEGER);
    CREATE TABLE profiles (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL UNIQUE, bio TEXT NOT NULL);
    CREATE TABLE posts (id INTEGER PRIMARY KEY, author_id INTEGER NOT NULL, reviewer_id INTEGER,
        headline TEXT NOT NULL, views INTEGER NOT NULL);
    CREATE TABLE comments (id INTEGER PRIMARY KEY, post_id INTEGER NOT NULL, author_id INTEGER NOT NULL,
        body TEXT NOT NULL, created_at TEXT NOT NULL);
    INSERT INTO companies VALUES (1, 'Remington Rand'), (2, 'Analytical Engines');
    INSERT INTO users VALUES (1, 'Ada', 2), (2, 'Grace', 1), (3, 'Alan', NULL);
    INSERT INTO profiles VALUES (1, 1, 'wrote the first program'), (2, 2, 'wrote the first compiler');
    INSERT INTO posts VALUES (1, 1, 2, 'Bernoulli numbers', 310), (2, 1, NULL, 'Weaving algebra', 40),
        (3, 2, 1, 'A moth in relay 70', 950), (4, 3, 2, 'Can machines think?', 720);
    INSERT INTO comments VALUES (1, 1, 3, 'Operation 4 has a sign wrong.', '1843-09-01'),
        (2, 1, 1, 'So it has!', '1843-09-02'), (3, 3, 1, 'Keep the moth.', '1947-09-09'),
        (4, 3, 3, 'First actual bug.', '1947-09-10'), (5, 4, 2, 'Mine do.', '1950-10-01');";

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> Outcome {
    let db = Sqlite::memory()?;
    block_on(async {
        db.connection(|connection| connection.execute_batch(BLOG)).await?;
        lazily(&db).await?;
        eagerly(&db).await
    })?;
    println!("\n== What is known before anything runs\n{}", User::descriptor());
    print!("{}", diagram::mermaid(&[User::descriptor()]));
    Ok(())
}

/// Plain loops. The first read of a relation loads it for all rows that came along, in one statement.
async fn lazily(db: &Sqlite) -> Outcome {
    println!("== Nested loops");
    let log = db.record();
    for user in &User::all(db).await? {
        let company = user.company(db).await?.map_or("nobody".to_owned(), |company| company.name.clone());
        let bio = user.profile(db).await?.map_or("has no profile".to_owned(), |profile| profile.bio.clone());
        println!("{} (works for {company}; {bio})", user.name);
        for post in &user.posts(db).await? {
            // No statement: loading the posts of a user has filled their `author`, the inverse.
            let author = post.author(db).await?;
            let reviewer = post.reviewer(db).await?.map_or("nobody".to_owned(), |reviewer| reviewer.name.clone());
            println!("    {} (by {}, reviewed by {reviewer})", post.title, author.name);
            for comment in &post.comments(db).await? {
                println!("        {} {}: {}", comment.created_at, comment.author(db).await?.name, comment.body);
            }
        }
    }
    print_statements(&log);
    if let Some(last) = log.statements().last() {
        println!("\nThe last one:\n  {}", last.sql.replace(") SELECT", ")\n  SELECT").replace(" WHERE", "\n  WHERE"));
    }
    Ok(())
}

/// One tree, asked for at once: one statement for the users and one for each relation in it.
async fn eagerly(db: &Sqlite) -> Outcome {
    println!("\n== Users named A.., each with the most read post of more than 100 views");
    let log = db.record();
    let users = User::query()
        .filter(User::NAME.like("A%"))
        .order_by(User::NAME.asc())
        .with(
            User::POSTS
                .filter(Post::VIEWS.gt(100))
                .order_by(Post::VIEWS.desc())
                .limit(1)
                .with(Post::COMMENTS.with(Comment::AUTHOR)),
        )
        .all(db)
        .await?;
    for user in &users {
        // The field holds some of the posts, and says so: `get()` would refuse to pass them off as all.
        for post in user.posts.get_partial()? {
            println!("{}: {} ({} views; comments: {})", user.name, post.title, post.views, post.comments.get()?.len());
        }
    }
    print_statements(&log);
    println!("\n== Looking without loading");
    if let Some(user) = users.first() {
        println!("{:?}", user.posts);
        for refusal in [user.posts.get().err(), user.reviews.get().err()].into_iter().flatten() {
            println!("{refusal}");
        }
    }
    Ok(())
}

/// Prints for which relation each statement was sent.
fn print_statements(log: &StatementLog) {
    let statements = log.statements();
    println!("\n{} statements:", statements.len());
    for statement in &statements {
        let what = statement.name();
        println!("  {what:<14} {} keys, {} rows", statement.keys, statement.rows);
    }
}
