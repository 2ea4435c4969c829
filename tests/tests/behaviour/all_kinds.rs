//! Every kind of relation in one tree, four levels deep, on random graphs: the results are those of loops over plain
//! data, however they are read, and a tree sends one statement for each of its edges.

use crate::world::{self, Author, Comment, Post, Subject, Tag, Video};
use crate::{Db, Limits, block_on, database_with, relations, sent};
use proptest::prelude::*;
use relations_core::{Many, Relations};

/// Rows by their keys. Some keys lead nowhere, pairs come twice, teachers teach in circles.
#[derive(Debug, Clone)]
struct Graph {
    authors: Vec<(i64, Option<i64>)>,
    posts: Vec<(i64, Option<i64>)>,
    videos: Vec<(i64, Option<i64>)>,
    comments: Vec<(i64, bool, i64)>,
    tags: Vec<i64>,
    post_tags: Vec<(i64, i64)>,
    friendships: Vec<(i64, i64)>,
}

fn graph() -> impl Strategy<Value = Graph> {
    let rows = |most: usize| {
        proptest::collection::vec(proptest::option::of(1..9_i64), 0..most)
            .prop_map(|keys| (1_i64..).zip(keys).collect::<Vec<_>>())
    };
    let pairs = |most: usize| proptest::collection::vec((1..9_i64, 1..9_i64), 0..most);
    let comments = proptest::collection::vec((any::<bool>(), 1..9_i64), 0..14)
        .prop_map(|subjects| (1_i64..).zip(subjects).map(|(id, (post, subject))| (id, post, subject)).collect());
    let tags = proptest::sample::subsequence((1..8_i64).collect::<Vec<_>>(), 0..=7);
    (rows(8), rows(9), rows(5), comments, tags, pairs(14), pairs(10)).prop_map(
        |(authors, posts, videos, comments, tags, post_tags, friendships)| Graph {
            authors,
            posts,
            videos,
            comments,
            tags,
            post_tags,
            friendships,
        },
    )
}

fn sql(key: Option<i64>) -> String {
    key.map_or("NULL".to_owned(), |key| key.to_string())
}

/// A graph where every edge of the tree has owners.
fn full() -> Graph {
    Graph {
        authors: vec![(1, None), (2, Some(1)), (3, Some(2))],
        posts: vec![(1, Some(1)), (2, Some(2))],
        videos: vec![(1, Some(3))],
        comments: vec![(1, true, 1), (2, false, 1), (3, true, 2)],
        tags: vec![1, 2],
        post_tags: vec![(1, 1), (1, 2), (2, 1)],
        friendships: vec![(1, 2), (3, 1)],
    }
}

impl Graph {
    /// A database of these rows that loads for so many owners at once, by so many keys in a statement.
    fn database(&self, batch_limit: u32, keys: usize) -> Db {
        let mut rows = String::from("BEGIN;");
        for (table, list) in [("authors", &self.authors), ("posts", &self.posts), ("videos", &self.videos)] {
            for (id, key) in list {
                rows += &format!("INSERT INTO {table} VALUES ({id}, {});", sql(*key));
            }
        }
        for (id, post, subject) in &self.comments {
            let kind = if *post { "post" } else { "video" };
            rows += &format!("INSERT INTO comments VALUES ({id}, '{kind}', {subject});");
        }
        for id in &self.tags {
            rows += &format!("INSERT INTO tags VALUES ({id});");
        }
        for (post, tag) in &self.post_tags {
            rows += &format!("INSERT INTO post_tags VALUES ({post}, {tag});");
        }
        for (one, other) in &self.friendships {
            rows += &format!("INSERT INTO friendships (one_id, other_id) VALUES ({one}, {other});");
        }
        rows += "COMMIT";
        database_with(Limits { batch: Some(batch_limit), keys: Some(keys) }, world::SCHEMA, &rows)
    }
}

/// What loops over the plain rows find, in the notation of [`Read`].
impl Graph {
    fn known(rows: &[(i64, Option<i64>)], id: i64) -> Option<i64> {
        rows.iter().any(|row| row.0 == id).then_some(id)
    }

    fn of(rows: &[(i64, Option<i64>)], owner: i64) -> Vec<i64> {
        rows.iter().filter(|row| row.1 == Some(owner)).map(|row| row.0).collect()
    }

    fn tags_of(&self, post: i64) -> Vec<i64> {
        let tags = self.post_tags.iter().filter(|pair| pair.0 == post && self.tags.contains(&pair.1));
        sorted(tags.map(|pair| pair.1).collect())
    }

    fn posts_with(&self, tag: i64) -> Vec<i64> {
        let posts =
            self.post_tags.iter().filter(|pair| pair.1 == tag).filter_map(|pair| Self::known(&self.posts, pair.0));
        sorted(posts.collect())
    }

    fn comments_on(&self, post: bool, subject: i64) -> Vec<i64> {
        self.comments
            .iter()
            .filter(|comment| (comment.1, comment.2) == (post, subject))
            .map(|comment| comment.0)
            .collect()
    }

    fn author_of(rows: &[(i64, Option<i64>)], id: i64) -> Option<i64> {
        rows.iter().find(|row| row.0 == id)?.1
    }

    fn subject(&self, comment: i64) -> String {
        let Some(&(_, post, subject)) = self.comments.iter().find(|row| row.0 == comment) else { return String::new() };
        let rows = if post { &self.posts } else { &self.videos };
        match (Self::known(rows, subject), post) {
            (None, _) => "-".to_owned(),
            (Some(id), true) => format!("p{id}{:?}", self.tags_of(id)),
            (Some(id), false) => {
                let author = Self::author_of(&self.videos, id).and_then(|author| Self::known(&self.authors, author));
                format!("v{id}{author:?}")
            }
        }
    }

    fn post(&self, post: i64) -> String {
        let comments: Vec<_> = self
            .comments_on(true, post)
            .iter()
            .map(|&comment| format!("c{comment}:{}", self.subject(comment)))
            .collect();
        let tags: Vec<_> = self.tags_of(post).iter().map(|&tag| format!("t{tag}{:?}", self.posts_with(tag))).collect();
        format!("p{post}({} {})", comments.join(" "), tags.join(" "))
    }

    fn friends(&self, author: i64) -> Vec<i64> {
        let ends = self.friendships.iter().filter_map(|&(one, other)| match (one == author, other == author) {
            (true, _) => Some(other),
            (_, true) => Some(one),
            _ => None,
        });
        let mut friends = sorted(ends.filter_map(|id| Self::known(&self.authors, id)).collect());
        friends.dedup();
        friends
    }

    fn author(&self, author: i64) -> String {
        let posts = Self::of(&self.posts, author);
        let students = Self::of(&self.authors, author);
        let mentor = Self::author_of(&self.authors, author).and_then(|mentor| Self::known(&self.authors, mentor));
        let tags = distinct(posts.iter().flat_map(|&post| self.tags_of(post)));
        let of_students = students.iter().flat_map(|&student| Self::of(&self.posts, student));
        let discussed = distinct(of_students.flat_map(|post| self.comments_on(true, post)));
        let lesson = mentor.and_then(|mentor| Self::of(&self.posts, mentor).last().copied());
        let below: Vec<_> = students.iter().map(|&student| (student, Self::of(&self.authors, student))).collect();
        let texts: Vec<_> = posts.iter().map(|&post| self.post(post)).collect();
        format!(
            "a{author} {mentor:?} {below:?} {:?} {:?} {tags:?} {discussed:?} {lesson:?} {}",
            posts.last(),
            self.friends(author),
            texts.join(" ")
        )
    }
}

fn sorted(mut ids: Vec<i64>) -> Vec<i64> {
    ids.sort_unstable();
    ids
}

fn distinct(ids: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut seen = Vec::new();
    ids.for_each(|id| {
        if !seen.contains(&id) {
            seen.push(id);
        }
    });
    seen
}

/// The same from rows, by accessors: from what is loaded, and from the database for the rest.
struct Read<'a>(&'a Db);

impl Read<'_> {
    async fn subject(&self, comment: &Comment) -> String {
        match comment.subject(self.0).await.unwrap() {
            None => "-".to_owned(),
            Some(Subject::Post(post)) => {
                let tags: Vec<_> = post.tags(self.0).await.unwrap().iter().map(|tag| tag.id).collect();
                format!("p{}{tags:?}", post.id)
            }
            Some(Subject::Video(video)) => {
                let author = video.author(self.0).await.unwrap().map(|author| author.id);
                format!("v{}{author:?}", video.id)
            }
        }
    }

    async fn post(&self, post: &Post) -> String {
        let (mut comments, mut tags) = (Vec::new(), Vec::new());
        for comment in &post.comments(self.0).await.unwrap() {
            comments.push(format!("c{}:{}", comment.id, self.subject(comment).await));
        }
        for tag in &post.tags(self.0).await.unwrap() {
            let posts: Vec<_> = tag.posts(self.0).await.unwrap().iter().map(|post| post.id).collect();
            tags.push(format!("t{}{posts:?}", tag.id));
        }
        format!("p{}({} {})", post.id, comments.join(" "), tags.join(" "))
    }

    async fn author(&self, author: &Author) -> String {
        let mentor = author.mentor(self.0).await.unwrap().map(|mentor| mentor.id);
        let mut below = Vec::new();
        for student in &author.students(self.0).await.unwrap() {
            let students = student.students(self.0).await.unwrap();
            below.push((student.id, students.iter().map(|student| student.id).collect::<Vec<_>>()));
        }
        let latest = author.latest(self.0).await.unwrap().map(|post| post.id);
        let friends: Vec<_> = author.friends(self.0).await.unwrap().iter().map(|friend| friend.id).collect();
        let tags: Vec<_> = author.tags(self.0).await.unwrap().iter().map(|tag| tag.id).collect();
        let discussed: Vec<_> = author.discussed(self.0).await.unwrap().iter().map(|comment| comment.id).collect();
        let lesson = author.lesson(self.0).await.unwrap().map(|post| post.id);
        let mut texts = Vec::new();
        for post in &author.posts(self.0).await.unwrap() {
            texts.push(self.post(post).await);
        }
        format!(
            "a{} {mentor:?} {below:?} {:?} {friends:?} {tags:?} {discussed:?} {lesson:?} {}",
            author.id,
            latest.as_ref(),
            texts.join(" ")
        )
    }

    async fn authors(&self, authors: &[Author]) -> Vec<String> {
        let mut texts = Vec::new();
        for author in authors {
            texts.push(self.author(author).await);
        }
        texts
    }
}

/// One tree with all of it.
async fn tree(db: &Db) -> Many<Author> {
    Author::query()
        .order_by(Author::ID.asc())
        .with(Author::MENTOR)
        .with(Author::STUDENTS.recursive_to(2))
        .with(Author::LATEST)
        .with(Author::FRIENDS)
        .with(
            Author::POSTS
                .with(Post::COMMENTS.with(Comment::SUBJECT.with(Post::TAGS).with(Video::AUTHOR)))
                .with(Post::TAGS.with(Tag::POSTS)),
        )
        .with(Author::TAGS)
        .with(Author::DISCUSSED)
        .with(Author::LESSON)
        .all(db)
        .await
        .unwrap()
}

#[test]
fn a_tree_of_all_kinds_sends_a_statement_for_each_edge() {
    block_on(async {
        let db = full().database(1_000, 1_000);
        let log = db.record();
        let authors = tree(&db).await;
        let sent_for: Vec<_> = relations(&log).into_iter().map(|(relation, _)| relation).collect();
        let count = |name: &str| sent_for.iter().filter(|relation| *relation == name).count();
        // A join table and its targets are two; the way back from a comment to its post is none.
        let expected = [
            ("Author", 1),
            ("Author.mentor", 1),
            ("Author.students", 2),
            ("Author.latest", 2),
            ("Author.friends", 2),
            ("Author.posts", 2),
            ("Post.comments", 2),
            ("Post.tags", 2),
            ("Tag.posts", 2),
        ];
        for (name, statements) in expected {
            assert_eq!(count(name), statements, "{name} in {sent_for:?}");
        }
        assert_eq!(sent_for.len(), expected.iter().map(|(_, statements)| statements).sum::<usize>(), "{sent_for:?}");
        log.clear();
        Read(&db).authors(&authors).await;
        assert_eq!(sent(&log), 0, "everything was there");
    });
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(crate::cases(256)) })]

    #[test]
    fn all_kinds_give_the_rows_of_plain_loops_however_they_are_read(
        graph in graph(), limit in 1..9_u32, keys in 1..9_usize,
    ) {
        let db = graph.database(limit, keys);
        let expected: Vec<_> = graph.authors.iter().map(|author| graph.author(author.0)).collect();
        block_on(async {
            let read = Read(&db);
            let single = Author::query().order_by(Author::ID.asc()).all(&db).await.unwrap().to_vec();
            prop_assert_eq!(&read.authors(&single).await, &expected, "one by one");
            let batched = Author::query().order_by(Author::ID.asc()).all(&db).await.unwrap();
            prop_assert_eq!(&read.authors(&batched).await, &expected, "lazy, batched");
            let eager = tree(&db).await;
            prop_assert_eq!(&read.authors(&eager).await, &expected, "eager");
            Ok(())
        })?;
    }
}
