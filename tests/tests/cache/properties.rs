//! On random graphs, with random writes that the cache is told of and random reads between them, a `Db` with a cache of
//! any size gives what the database holds right then.

use proptest::prelude::*;
use relations_core::{CacheConfig, Db, Model, Ref, Relations, Sqlite, block_on};
use relations_tests::world::{self, Author, Comment, Friendship, Post, Subject, Tag, Video};
use relations_tests::{database, execute};

/// A table of rows with a key and a foreign key.
#[derive(Debug, Clone, Copy)]
enum Owned {
    Authors,
    Posts,
    Videos,
}

/// What happens to the database.
#[derive(Debug, Clone)]
enum Write {
    /// A row with this key and foreign key, whether it was there or not.
    Set(Owned, i64, Option<i64>),
    Remove(Owned, i64),
    /// A row takes another key.
    Rename(Owned, i64, i64),
    SetComment(i64, bool, i64),
    RemoveComment(i64),
    AddTag(i64),
    RemoveTag(i64),
    Link(i64, i64),
    Unlink(i64, i64),
    SetFriendship(i64, i64, i64),
    RemoveFriendship(i64),
}

/// Who reads all relations of what.
#[derive(Debug, Clone)]
enum Read {
    /// Through one row.
    Author(i64),
    Post(i64),
    Comment(i64),
    Tag(i64),
    Video(i64),
    /// Through all rows of a list, one after the other.
    Authors,
    Comments,
    /// At once.
    Tree,
    /// Onto rows that hold a part.
    Onto,
    /// Through a row whose fields were cleared.
    Cleared(i64),
}

#[derive(Debug, Clone)]
enum Step {
    Write(Write),
    Read(Read),
    /// Entries go by hand.
    Invalidate(u8, i64),
}

fn key() -> std::ops::Range<i64> {
    1..6
}

fn write() -> impl Strategy<Value = Write> {
    let table = || prop_oneof![Just(Owned::Authors), Just(Owned::Posts), Just(Owned::Videos)];
    prop_oneof![
        5 => (table(), key(), proptest::option::weighted(0.8, key())).prop_map(|(table, id, to)| Write::Set(table, id, to)),
        1 => (table(), key()).prop_map(|(table, id)| Write::Remove(table, id)),
        1 => (table(), key(), key()).prop_map(|(table, id, to)| Write::Rename(table, id, to)),
        3 => (key(), any::<bool>(), key()).prop_map(|(id, post, to)| Write::SetComment(id, post, to)),
        1 => key().prop_map(Write::RemoveComment),
        2 => key().prop_map(Write::AddTag),
        1 => key().prop_map(Write::RemoveTag),
        4 => (1..4_i64, 1..4_i64).prop_map(|(post, tag)| Write::Link(post, tag)),
        2 => (1..4_i64, 1..4_i64).prop_map(|(post, tag)| Write::Unlink(post, tag)),
        3 => (key(), key(), key()).prop_map(|(id, one, other)| Write::SetFriendship(id, one, other)),
        1 => key().prop_map(Write::RemoveFriendship),
    ]
}

fn read() -> impl Strategy<Value = Read> {
    prop_oneof![
        key().prop_map(Read::Author),
        key().prop_map(Read::Post),
        key().prop_map(Read::Comment),
        key().prop_map(Read::Tag),
        key().prop_map(Read::Video),
        Just(Read::Authors),
        Just(Read::Comments),
        Just(Read::Tree),
        Just(Read::Onto),
        key().prop_map(Read::Cleared),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        5 => write().prop_map(Step::Write),
        6 => read().prop_map(Step::Read),
        1 => (0..5_u8, key()).prop_map(|(what, id)| Step::Invalidate(what, id)),
    ];
    proptest::collection::vec(step, 1..40)
}

fn graph() -> impl Strategy<Value = Vec<Write>> {
    proptest::collection::vec(write(), 10..60)
}

fn sql(key: Option<i64>) -> String {
    key.map_or("NULL".to_owned(), |key| key.to_string())
}

/// A `Db` that is told of each write, and the same database without a cache.
struct Both {
    cached: Db<Sqlite>,
    bare: Db<Sqlite>,
}

impl Both {
    async fn find<M>(&self, id: i64) -> Option<Ref<M>>
    where
        M: Model<Id = i64>,
        Sqlite: relations_core::source::LoadsByKey<M>,
    {
        M::find(&self.bare, id).await.unwrap()
    }

    /// Writes, and tells of the row with this key: what it was, and what it is.
    async fn write<M>(&self, before: i64, after: i64, statement: &str)
    where
        M: Model<Id = i64>,
        Sqlite: relations_core::source::LoadsByKey<M>,
    {
        let old: Option<Ref<M>> = self.find(before).await;
        execute(self.bare.source(), statement);
        let new: Option<Ref<M>> = self.find(after).await;
        let cache = self.cached.cache();
        match (old, new) {
            (Some(old), Some(new)) => cache.moved(&old, &new),
            (None, Some(new)) => cache.inserted(&new),
            (Some(old), None) => cache.deleted(&old),
            (None, None) => {}
        }
    }

    async fn set(&self, table: Owned, before: i64, after: i64, statement: &str) {
        match table {
            Owned::Authors => self.write::<Author>(before, after, statement).await,
            Owned::Posts => self.write::<Post>(before, after, statement).await,
            Owned::Videos => self.write::<Video>(before, after, statement).await,
        }
    }

    async fn run(&self, write: &Write) {
        let name = |table: &Owned| format!("{table:?}").to_lowercase();
        let column = |table: &Owned| if matches!(table, Owned::Authors) { "mentor_id" } else { "author_id" };
        match write {
            Write::Set(table, id, to) => {
                let (name, column, to) = (name(table), column(table), sql(*to));
                let text =
                    format!("INSERT INTO {name} VALUES ({id}, {to}) ON CONFLICT (id) DO UPDATE SET {column} = {to}");
                self.set(*table, *id, *id, &text).await;
            }
            Write::Remove(table, id) => {
                self.set(*table, *id, *id, &format!("DELETE FROM {} WHERE id = {id}", name(table))).await;
            }
            Write::Rename(table, id, to) => self.rename(*table, &name(table), *id, *to).await,
            Write::SetComment(id, post, to) => {
                let kind = if *post { "post" } else { "video" };
                let text = format!("INSERT OR REPLACE INTO comments VALUES ({id}, '{kind}', {to})");
                self.write::<Comment>(*id, *id, &text).await;
            }
            Write::RemoveComment(id) => {
                self.write::<Comment>(*id, *id, &format!("DELETE FROM comments WHERE id = {id}")).await;
            }
            Write::AddTag(id) => {
                self.write::<Tag>(*id, *id, &format!("INSERT OR IGNORE INTO tags VALUES ({id})")).await
            }
            Write::RemoveTag(id) => self.write::<Tag>(*id, *id, &format!("DELETE FROM tags WHERE id = {id}")).await,
            Write::Link(post, tag) => {
                execute(self.bare.source(), &format!("INSERT INTO post_tags VALUES ({post}, {tag})"));
                self.cached.cache().linked(Post::TAGS, post, tag);
            }
            Write::Unlink(post, tag) => {
                let text = format!("DELETE FROM post_tags WHERE (post_id, tag_id) = ({post}, {tag})");
                execute(self.bare.source(), &text);
                self.cached.cache().unlinked(Tag::POSTS, tag, post);
            }
            Write::SetFriendship(id, one, other) => {
                let text = format!("INSERT OR REPLACE INTO friendships VALUES ({id}, {one}, {other})");
                self.write::<Friendship>(*id, *id, &text).await;
            }
            Write::RemoveFriendship(id) => {
                self.write::<Friendship>(*id, *id, &format!("DELETE FROM friendships WHERE id = {id}")).await;
            }
        }
    }

    /// A row takes a key that is free, and nothing follows it.
    async fn rename(&self, table: Owned, name: &str, id: i64, to: i64) {
        let is_free = match table {
            Owned::Authors => self.find::<Author>(to).await.is_none(),
            Owned::Posts => self.find::<Post>(to).await.is_none(),
            Owned::Videos => self.find::<Video>(to).await.is_none(),
        };
        if is_free {
            self.set(table, id, to, &format!("UPDATE {name} SET id = {to} WHERE id = {id}")).await;
        }
    }

    fn invalidate(&self, what: u8, id: i64) {
        let cache = self.cached.cache();
        match what {
            0 => cache.invalidate(Author::POSTS, id),
            1 => cache.invalidate_relation(Author::TAGS),
            2 => cache.invalidate_model::<Post>(),
            3 => cache.invalidate(Comment::SUBJECT, ("post", id)),
            _ => cache.clear(),
        }
    }
}

/// The texts of what relations lead to, by accessors: from what is loaded, from the cache, or from the database.
struct Text<'a>(&'a Db<Sqlite>);

impl Text<'_> {
    async fn author(&self, author: &Author) -> String {
        let db = self.0;
        let mentor = author.mentor(db).await.unwrap().map(|mentor| (mentor.id, mentor.mentor_id));
        let students = ids(author.students(db).await.unwrap().iter());
        let posts = author.posts(db).await.unwrap();
        let latest = author.latest(db).await.unwrap().map(|post| post.id);
        let friends = author.friends(db).await.unwrap();
        // Of a friendship that was made twice, which is told is not said.
        assert!(
            friends.pivots().all(|(it, of)| [it.id, author.id] == [of.one_id, of.other_id]
                || [author.id, it.id] == [of.one_id, of.other_id])
        );
        let tags = ids(author.tags(db).await.unwrap().iter());
        let discussed = ids(author.discussed(db).await.unwrap().iter());
        let lesson = author.lesson(db).await.unwrap().map(|post| post.id);
        let mut texts = Vec::new();
        for post in &posts {
            texts.push(self.post(post).await);
        }
        format!(
            "a{} {mentor:?} {students:?} {latest:?} {:?} {tags:?} {discussed:?} {lesson:?} {texts:?}",
            author.id,
            ids(friends.iter())
        )
    }

    async fn post(&self, post: &Post) -> String {
        let author = post.author(self.0).await.unwrap().map(|author| (author.id, author.mentor_id));
        let comments = ids(post.comments(self.0).await.unwrap().iter());
        format!("p{} {author:?} {comments:?} {:?}", post.id, ids(post.tags(self.0).await.unwrap().iter()))
    }

    async fn video(&self, video: &Video) -> String {
        let author = video.author(self.0).await.unwrap().map(|author| (author.id, author.mentor_id));
        format!("v{} {author:?} {:?}", video.id, ids(video.comments(self.0).await.unwrap().iter()))
    }

    async fn comment(&self, comment: &Comment) -> String {
        let subject = match comment.subject(self.0).await.unwrap() {
            None => "-".to_owned(),
            Some(Subject::Post(post)) => self.post(&post).await,
            Some(Subject::Video(video)) => self.video(&video).await,
        };
        format!("c{} {} {subject}", comment.id, comment.subject_type)
    }

    async fn tag(&self, tag: &Tag) -> String {
        let mut texts = Vec::new();
        for post in &tag.posts(self.0).await.unwrap() {
            texts.push(self.post(post).await);
        }
        format!("t{} {texts:?}", tag.id)
    }

    async fn authors(&self, authors: &[Author]) -> Vec<String> {
        let mut texts = Vec::new();
        for author in authors {
            texts.push(self.author(author).await);
        }
        texts
    }

    async fn tree(&self) -> Vec<String> {
        let authors = Author::query()
            .with(Author::MENTOR)
            .with(Author::STUDENTS.recursive_to(2))
            .with(Author::LATEST)
            .with(Author::FRIENDS)
            .with(Author::POSTS.with(Post::COMMENTS.with(Comment::SUBJECT)).with(Post::TAGS.with(Tag::POSTS)))
            .with(Author::TAGS)
            .with(Author::DISCUSSED)
            .with(Author::LESSON)
            .all(self.0)
            .await
            .unwrap();
        self.authors(&authors).await
    }

    async fn read(&self, read: &Read) -> Vec<String> {
        let db = self.0;
        match read {
            Read::Author(id) => match Author::find(db, *id).await.unwrap() {
                Some(author) => vec![self.author(&author).await],
                None => vec![],
            },
            Read::Post(id) => match Post::find(db, *id).await.unwrap() {
                Some(post) => vec![self.post(&post).await],
                None => vec![],
            },
            Read::Comment(id) => match Comment::find(db, *id).await.unwrap() {
                Some(comment) => vec![self.comment(&comment).await],
                None => vec![],
            },
            Read::Tag(id) => match Tag::find(db, *id).await.unwrap() {
                Some(tag) => vec![self.tag(&tag).await],
                None => vec![],
            },
            Read::Video(id) => match Video::find(db, *id).await.unwrap() {
                Some(video) => vec![self.video(&video).await],
                None => vec![],
            },
            Read::Authors => self.authors(&Author::all(db).await.unwrap()).await,
            Read::Comments => {
                let mut texts = Vec::new();
                for comment in &Comment::all(db).await.unwrap() {
                    texts.push(self.comment(comment).await);
                }
                texts
            }
            Read::Tree => self.tree().await,
            Read::Onto => {
                let authors =
                    Author::query().with(Author::POSTS.filter(Post::ID.gt(2)).limit(1)).all(db).await.unwrap();
                authors.load(Author::POSTS.with(Post::COMMENTS), db).await.unwrap();
                self.authors(&authors).await
            }
            Read::Cleared(id) => {
                let authors = Author::query().with(Author::POSTS).with(Author::FRIENDS).all(db).await.unwrap();
                authors.iter().filter(|author| author.id == *id).for_each(Relations::clear_relations);
                self.authors(&authors).await
            }
        }
    }
}

fn ids<'a, M: Model<Id = i64, Key = (i64,)> + 'a>(rows: impl Iterator<Item = &'a M>) -> Vec<i64> {
    rows.map(|row| row.key().0).collect()
}

/// Runs the steps, after much was read if the cache is to be warm; each read gives the same with and without the cache, which is told of the writes.
fn agrees(graph: &[Write], steps: &[Step], warm: bool, config: CacheConfig) -> Result<(), TestCaseError> {
    let source = database(world::SCHEMA, "");
    let both = Both {
        cached: Db::builder(source.clone()).cache(config).build().unwrap(),
        bare: Db::builder(source).build().unwrap(),
    };
    block_on(async {
        for write in graph {
            both.run(write).await;
        }
        if warm {
            Text(&both.cached).read(&Read::Tree).await;
            Text(&both.cached).read(&Read::Comments).await;
        }
        for (at, step) in steps.iter().enumerate() {
            match step {
                Step::Write(write) => both.run(write).await,
                Step::Invalidate(what, id) => both.invalidate(*what, *id),
                Step::Read(read) => {
                    let expected = Text(&both.bare).read(read).await;
                    prop_assert_eq!(Text(&both.cached).read(read).await, expected.clone(), "step {}", at);
                    prop_assert_eq!(Text(&both.cached).read(read).await, expected, "step {}, again", at);
                }
            }
        }
        Ok(())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(40) })]

    #[test]
    fn a_cache_that_is_told_of_writes_gives_what_the_database_holds(graph in graph(), warm in any::<bool>(), steps in steps()) {
        agrees(&graph, &steps, warm, CacheConfig::default().no_ttl())?;
    }

    #[test]
    fn a_cache_with_room_for_few_entries_gives_what_the_database_holds(
        graph in graph(), warm in any::<bool>(), steps in steps(), entries in 1..5_u64,
    ) {
        agrees(&graph, &steps, warm, CacheConfig::default().no_ttl().max_entries(entries))?;
    }
}
