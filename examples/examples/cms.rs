//! A content management system in memory: every polymorphic form. Comments on posts and on videos, a cover that either
//! may have, tags on both over one join table, bookmarks that may lead nowhere. `cargo run --example cms`
//!
//! It prints:
//! ```text
//! == Comments
//! "Operation 4 has a sign wrong." on the post "Weaving algebra"
//! "It does turn!" on a video of 95 s
//! "Keep the moth." on the post "A moth in relay 70"
//! "Nice voice.": Comment.subject: `podcast` is no type of `Subject`; its types are `post`, `video`
//! 3 statements:
//!   Comment          0 keys, 4 rows
//!   Comment.subject  2 keys, 2 rows
//!   Comment.subject  1 keys, 1 rows
//!
//! == Bookmarks
//! 1: Relays, slowly
//! 2: nothing
//! 3: nothing
//!
//! == Covers, with what is on them
//! moth.jpg: A moth in relay 70 by Grace, 1 comments
//! relay.jpg: Relays, slowly, 0 comments
//! 6 statements:
//!   Cover            0 keys, 2 rows
//!   Cover.subject    1 keys, 1 rows
//!   Cover.subject    1 keys, 1 rows
//!   Post.author      1 keys, 1 rows
//!   Post.comments    1 keys, 1 rows
//!   Video.comments   1 keys, 0 rows
//!
//! == Tags
//! Weaving algebra: engines, tagged by Ada
//! A moth in relay 70: relays, tagged by Grace
//! engines: posts ["Weaving algebra"], videos ["The engine turns", "Relays, slowly"]
//! relays: posts ["A moth in relay 70"], videos ["Relays, slowly"]
//! 8 statements:
//!   Post             0 keys, 2 rows
//!   Post.tags        2 keys, 2 rows
//!   Post.tags        2 keys, 2 rows
//!   Tag              0 keys, 2 rows
//!   Tag.posts        2 keys, 2 rows
//!   Tag.posts        2 keys, 2 rows
//!   Tag.videos       2 keys, 3 rows
//!   Tag.videos       2 keys, 2 rows
//!
//! == The picture
//! erDiagram
//!     Comment {
//!         i64 id PK
//!         String subject_type FK
//!         i64 subject_id FK
//!         String body
//!     }
//!     Post {
//!         i64 id PK
//!         i64 author_id FK
//!         String title
//!     }
//!     Video {
//!         i64 id PK
//!         String title
//!         i64 seconds
//!     }
//!     Author {
//!         i64 id PK
//!         String name
//!     }
//!     Cover {
//!         i64 id PK
//!         String subject_type FK
//!         i64 subject_id FK
//!         String file
//!     }
//!     Tag {
//!         i64 id PK
//!         String name
//!     }
//!     Post }o--|| Author : "author"
//!     Post ||--o{ Comment : "comments / subject"
//!     Post ||--o| Cover : "cover / subject"
//!     Post }o--o{ Tag : "tags / posts"
//!     Video ||--o{ Comment : "comments / subject"
//!     Video ||--o| Cover : "cover / subject"
//!     Tag }o--o{ Video : "videos / tags"
//! ```

use relations_core::{
    BelongsTo, HasMany, HasOne, ManyToMany, Morph, MorphTo, Ref, Relations, Sqlite, StatementLog, block_on, diagram,
};

#[derive(Debug, Clone, Relations)]
#[relations(table = "authors")]
pub struct Author {
    #[relations(key)]
    pub id: i64,
    pub name: String,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "posts")]
pub struct Post {
    #[relations(key)]
    pub id: i64,
    pub author_id: i64,
    pub title: String,
    #[belongs_to]
    pub author: BelongsTo<Author>,
    #[has_many(morph = subject, order_by(id))]
    pub comments: HasMany<Comment>,
    #[has_one(morph = subject)]
    pub cover: HasOne<Option<Cover>>,
    #[many_to_many(through = Tagging, morph = subject, inverse = posts)]
    pub tags: ManyToMany<Tag, Tagging>,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "videos")]
pub struct Video {
    #[relations(key)]
    pub id: i64,
    pub title: String,
    pub seconds: i64,
    #[has_many(morph = subject, order_by(id))]
    pub comments: HasMany<Comment>,
    #[has_one(morph = subject)]
    pub cover: HasOne<Option<Cover>>,
    #[many_to_many(through = Tagging, morph = subject, inverse = videos)]
    pub tags: ManyToMany<Tag, Tagging>,
}

/// What may be commented on, have a cover, be tagged and bookmarked.
#[derive(Debug, Clone, Morph)]
pub enum Subject {
    #[morph("post")]
    Post(Ref<Post>),
    #[morph("video")]
    Video(Ref<Video>),
}

impl Subject {
    fn title(&self) -> &str {
        match self {
            Self::Post(post) => &post.title,
            Self::Video(video) => &video.title,
        }
    }
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "comments")]
pub struct Comment {
    #[relations(key)]
    pub id: i64,
    pub subject_type: String,
    pub subject_id: i64,
    pub body: String,
    #[morph_to]
    pub subject: MorphTo<Subject>,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "covers")]
pub struct Cover {
    #[relations(key)]
    pub id: i64,
    pub subject_type: String,
    pub subject_id: i64,
    pub file: String,
    #[morph_to]
    pub subject: MorphTo<Subject>,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "tags")]
pub struct Tag {
    #[relations(key)]
    pub id: i64,
    pub name: String,
    #[many_to_many(through = Tagging, morph = subject)]
    pub posts: ManyToMany<Post, Tagging>,
    #[many_to_many(through = Tagging, morph = subject)]
    pub videos: ManyToMany<Video, Tagging>,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "taggings")]
pub struct Tagging {
    #[relations(key)]
    pub id: i64,
    pub tag_id: i64,
    pub subject_type: String,
    pub subject_id: i64,
    pub by: String,
    #[belongs_to]
    pub tag: BelongsTo<Tag>,
    #[morph_to]
    pub subject: MorphTo<Subject>,
}

/// A bookmark leads to a subject, or nowhere: it may be empty, and its subject may have been deleted.
#[derive(Debug, Clone, Relations)]
#[relations(table = "bookmarks")]
pub struct Bookmark {
    #[relations(key)]
    pub id: i64,
    pub subject_type: Option<String>,
    pub subject_id: Option<i64>,
    #[morph_to]
    pub subject: MorphTo<Option<Subject>>,
}

const CMS: &str = "
    CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE posts (id INTEGER PRIMARY KEY, author_id INTEGER NOT NULL, title TEXT NOT NULL);
    CREATE TABLE videos (id INTEGER PRIMARY KEY, title TEXT NOT NULL, seconds INTEGER NOT NULL);
    CREATE TABLE comments (id INTEGER PRIMARY KEY, subject_type TEXT NOT NULL, subject_id INTEGER NOT NULL,
        body TEXT NOT NULL);
    CREATE TABLE covers (id INTEGER PRIMARY KEY, subject_type TEXT NOT NULL, subject_id INTEGER NOT NULL,
        file TEXT NOT NULL);
    CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE taggings (id INTEGER PRIMARY KEY, tag_id INTEGER NOT NULL, subject_type TEXT NOT NULL,
        subject_id INTEGER NOT NULL, by TEXT NOT NULL);
    CREATE TABLE bookmarks (id INTEGER PRIMARY KEY, subject_type TEXT, subject_id INTEGER);
    CREATE INDEX comments_subject ON comments (subject_type, subject_id);
    CREATE INDEX covers_subject ON covers (subject_type, subject_id);
    CREATE INDEX taggings_subject ON taggings (subject_type, subject_id);
    CREATE INDEX taggings_tag ON taggings (tag_id);
    INSERT INTO authors VALUES (1, 'Ada'), (2, 'Grace');
    INSERT INTO posts VALUES (1, 1, 'Weaving algebra'), (2, 2, 'A moth in relay 70');
    INSERT INTO videos VALUES (1, 'The engine turns', 95), (2, 'Relays, slowly', 600);
    INSERT INTO comments VALUES (1, 'post', 1, 'Operation 4 has a sign wrong.'), (2, 'video', 1, 'It does turn!'),
        (3, 'post', 2, 'Keep the moth.'), (4, 'podcast', 1, 'Nice voice.');
    INSERT INTO covers VALUES (1, 'post', 2, 'moth.jpg'), (2, 'video', 2, 'relay.jpg');
    INSERT INTO tags VALUES (1, 'engines'), (2, 'relays');
    INSERT INTO taggings VALUES (1, 1, 'post', 1, 'Ada'), (2, 1, 'video', 1, 'Ada'), (3, 2, 'post', 2, 'Grace'),
        (4, 2, 'video', 2, 'Alan'), (5, 1, 'video', 2, 'Ada');
    INSERT INTO bookmarks VALUES (1, 'video', 2), (2, NULL, NULL), (3, 'post', 99);";

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> Outcome {
    let db = Sqlite::memory()?;
    block_on(async {
        db.connection(|connection| connection.execute_batch(CMS)).await?;
        comments(&db).await?;
        bookmarks(&db).await?;
        subjects(&db).await?;
        tags(&db).await
    })?;
    println!("\n== The picture\n{}", diagram::mermaid(&[Comment::descriptor()]));
    Ok(())
}

/// From comments to what they are about: one statement for each type that is there. An unknown type fails its own
/// comment only.
async fn comments(db: &Sqlite) -> Outcome {
    println!("== Comments");
    let log = db.record();
    for comment in &Comment::all(db).await? {
        match comment.subject(db).await {
            Ok(Subject::Post(post)) => println!("{:?} on the post {:?}", comment.body, post.title),
            Ok(Subject::Video(video)) => println!("{:?} on a video of {} s", comment.body, video.seconds),
            Err(error) => println!("{:?}: {error}", comment.body),
        }
    }
    print_statements(&log);
    Ok(())
}

/// What may lead nowhere is an `Option`.
async fn bookmarks(db: &Sqlite) -> Outcome {
    println!("\n== Bookmarks");
    for bookmark in &Bookmark::all(db).await? {
        let subject = bookmark.subject(db).await?;
        println!("{}: {}", bookmark.id, subject.as_ref().map_or("nothing", Subject::title));
    }
    Ok(())
}

/// One tree: bookmarks, what they lead to, and relations of each type of that.
async fn subjects(db: &Sqlite) -> Outcome {
    println!("\n== Covers, with what is on them");
    let log = db.record();
    let covers = Cover::query()
        .with(Cover::SUBJECT.with(Post::AUTHOR).with(Post::COMMENTS).with(Video::COMMENTS))
        .all(db)
        .await?;
    for cover in &covers {
        match cover.subject.get()? {
            Subject::Post(post) => {
                let (author, comments) = (post.author.get()?, post.comments.get()?);
                println!("{}: {} by {}, {} comments", cover.file, post.title, author.name, comments.len());
            }
            Subject::Video(video) => {
                println!("{}: {}, {} comments", cover.file, video.title, video.comments.get()?.len());
            }
        }
    }
    print_statements(&log);
    Ok(())
}

/// Tags in both directions. A tag of post 1 is never one of video 1.
async fn tags(db: &Sqlite) -> Outcome {
    println!("\n== Tags");
    let log = db.record();
    for post in &Post::all(db).await? {
        for (tag, tagging) in post.tags(db).await?.pivots() {
            println!("{}: {}, tagged by {}", post.title, tag.name, tagging.by);
        }
    }
    for tag in &Tag::query().with(Tag::POSTS).with(Tag::VIDEOS).all(db).await? {
        let posts: Vec<_> = tag.posts.get()?.iter().map(|post| post.title.as_str()).collect();
        let videos: Vec<_> = tag.videos.get()?.iter().map(|video| video.title.as_str()).collect();
        println!("{}: posts {posts:?}, videos {videos:?}", tag.name);
    }
    print_statements(&log);
    Ok(())
}

/// Prints for which relation each statement was sent.
fn print_statements(log: &StatementLog) {
    let statements = log.statements();
    println!("{} statements:", statements.len());
    for statement in &statements {
        println!("  {:<16} {} keys, {} rows", statement.name(), statement.keys, statement.rows);
    }
}
