//! On random graphs with null and dangling keys, conditions on relations, orders by them and aggregates say what loops
//! over plain rows say.

use std::collections::BTreeSet;

use proptest::prelude::*;
use relations_core::{Filter, RelatedColumn, Relations, Sqlite, block_on};
use relations_tests::execute;
use relations_tests::world::{self, Author, Comment, Post, Tag, Video};

/// Rows by their foreign keys; `None` is null, and some keys lead nowhere.
#[derive(Debug, Clone)]
struct Graph {
    /// With their mentors.
    authors: Vec<(i64, Option<i64>)>,
    /// With their authors.
    posts: Vec<(i64, Option<i64>)>,
    videos: Vec<i64>,
    /// With their types and subjects.
    comments: Vec<(i64, &'static str, i64)>,
    tags: Vec<i64>,
    /// Posts and tags, some twice.
    post_tags: Vec<(i64, i64)>,
    friendships: Vec<(i64, i64)>,
}

fn graph() -> impl Strategy<Value = Graph> {
    let ids = |rows: usize| proptest::sample::subsequence((1..=rows as i64).collect::<Vec<_>>(), 0..=rows);
    let with_key = move |rows: usize, keys: i64| {
        ids(rows).prop_flat_map(move |ids| {
            let keys = proptest::collection::vec(proptest::option::of(1..keys), ids.len());
            keys.prop_map(move |keys| ids.iter().copied().zip(keys).collect::<Vec<_>>())
        })
    };
    let comments = ids(12).prop_flat_map(|ids| {
        let subjects = (prop_oneof![Just("post"), Just("video"), Just("photo")], 1..10_i64);
        let subjects = proptest::collection::vec(subjects, ids.len());
        subjects.prop_map(move |subjects| ids.iter().zip(subjects).map(|(&id, (of, to))| (id, of, to)).collect())
    });
    let pairs = |one: i64, other: i64| proptest::collection::vec((1..one, 1..other), 0..14);
    (with_key(7, 9), with_key(10, 9), ids(5), comments, ids(5), pairs(12, 7), pairs(9, 9)).prop_map(
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

impl Graph {
    fn database(&self, folder: &tempfile::TempDir, keys: usize) -> Sqlite {
        let path = folder.path().join("graph.db");
        let db = Sqlite::builder(path).keys_per_statement(keys).connections(1).inline().open().unwrap();
        let sql = |key: &Option<i64>| key.map_or("NULL".to_owned(), |key| key.to_string());
        let mut rows = format!("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; BEGIN; {}", world::SCHEMA);
        for (id, mentor) in &self.authors {
            rows += &format!("INSERT INTO authors VALUES ({id}, {});", sql(mentor));
        }
        for (id, author) in &self.posts {
            rows += &format!("INSERT INTO posts VALUES ({id}, {});", sql(author));
        }
        for id in &self.videos {
            rows += &format!("INSERT INTO videos VALUES ({id}, NULL);");
        }
        for (id, of, to) in &self.comments {
            rows += &format!("INSERT INTO comments VALUES ({id}, '{of}', {to});");
        }
        for id in &self.tags {
            rows += &format!("INSERT INTO tags VALUES ({id});");
        }
        for (post, tag) in &self.post_tags {
            rows += &format!("INSERT INTO post_tags VALUES ({post}, {tag});");
        }
        for (at, (one, other)) in self.friendships.iter().enumerate() {
            rows += &format!("INSERT INTO friendships VALUES ({at}, {one}, {other});");
        }
        rows += "COMMIT";
        execute(&db, &rows);
        db
    }

    fn posts_of(&self, author: i64) -> Vec<i64> {
        self.posts.iter().filter(|post| post.1 == Some(author)).map(|post| post.0).collect()
    }

    fn students_of(&self, mentor: i64) -> Vec<i64> {
        self.authors.iter().filter(|author| author.1 == Some(mentor)).map(|author| author.0).collect()
    }

    fn mentor_of(&self, author: i64) -> Option<i64> {
        let mentor = self.authors.iter().find(|row| row.0 == author)?.1?;
        self.authors.iter().find(|row| row.0 == mentor).map(|row| row.0)
    }

    fn comments_of(&self, of: &str, to: i64) -> Vec<i64> {
        self.comments.iter().filter(|row| row.1 == of && row.2 == to).map(|row| row.0).collect()
    }

    /// As often as rows lead to them.
    fn tags_of(&self, post: i64) -> Vec<i64> {
        let led = self.post_tags.iter().filter(|row| row.0 == post).map(|row| row.1);
        led.filter(|tag| self.tags.contains(tag)).collect()
    }

    fn friends_of(&self, author: i64) -> BTreeSet<i64> {
        let both = self.friendships.iter().flat_map(|&(one, other)| [(one, other), (other, one)]);
        let led = both.filter(|pair| pair.0 == author).map(|pair| pair.1);
        led.filter(|friend| self.authors.iter().any(|row| row.0 == *friend)).collect()
    }

    fn authors_where(&self, meets: impl Fn(i64) -> bool) -> Vec<i64> {
        self.authors.iter().map(|row| row.0).filter(|&id| meets(id)).collect()
    }

    fn posts_where(&self, meets: impl Fn(i64) -> bool) -> Vec<i64> {
        self.posts.iter().map(|row| row.0).filter(|&id| meets(id)).collect()
    }
}

/// Rows in the order of a value of theirs, null last, and equals by key in its direction.
fn sorted(mut rows: Vec<i64>, descending: bool, value: impl Fn(i64) -> Option<i64>) -> Vec<i64> {
    let way = if descending { -1 } else { 1 };
    rows.sort_by_key(|&row| (value(row).is_none(), value(row).map(|value| way * value), way * row));
    rows
}

async fn authors(db: &Sqlite, filter: Filter<Author>) -> Vec<i64> {
    let rows = Author::query().filter(filter).order_by(Author::ID.asc()).all(db).await.unwrap();
    rows.iter().map(|row| row.id).collect()
}

async fn posts(db: &Sqlite, filter: Filter<Post>) -> Vec<i64> {
    let rows = Post::query().filter(filter).order_by(Post::ID.asc()).all(db).await.unwrap();
    rows.iter().map(|row| row.id).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(192) })]

    #[test]
    fn conditions_on_relations_are_those_of_loops(graph in graph(), id in 0..12_i64, count in 0..4_u64) {
        let folder = tempfile::tempdir().unwrap();
        let db = graph.database(&folder, 1_000);
        let many = |list: usize| list as u64 >= count;
        block_on(async {
            let found = authors(&db, Author::POSTS.any(Post::ID.gt(id))).await;
            prop_assert_eq!(found, graph.authors_where(|author| graph.posts_of(author).iter().any(|&post| post > id)));

            let found = authors(&db, Author::MENTOR.none(Author::ID.lt(id))).await;
            prop_assert_eq!(found, graph.authors_where(|author| graph.mentor_of(author).is_none_or(|it| it >= id)));

            let found = authors(&db, Author::LATEST.any(Post::ID.le(id))).await;
            let latest = |author| graph.posts_of(author).into_iter().max();
            prop_assert_eq!(found, graph.authors_where(|author| latest(author).is_some_and(|post| post <= id)));

            let found = authors(&db, Author::FRIENDS.count(Author::ID.ne(id)).ge(count)).await;
            let others = |author| graph.friends_of(author).iter().filter(|&&friend| friend != id).count();
            prop_assert_eq!(found, graph.authors_where(|author| many(others(author))));

            let found = authors(&db, Author::STUDENTS.any(Author::STUDENTS.exists().or(Author::ID.eq(id)))).await;
            let teaches = |author: i64| !graph.students_of(author).is_empty() || author == id;
            prop_assert_eq!(found, graph.authors_where(|author| graph.students_of(author).into_iter().any(teaches)));

            let found = authors(&db, Author::TAGS.any(Tag::ID.le(id))).await;
            let tagged = |post: i64| graph.tags_of(post).iter().any(|&tag| tag <= id);
            prop_assert_eq!(found, graph.authors_where(|author| graph.posts_of(author).into_iter().any(tagged)));

            let found = authors(&db, Author::LESSON.exists()).await;
            let lesson = |author| graph.mentor_of(author).and_then(latest);
            prop_assert_eq!(found, graph.authors_where(|author| lesson(author).is_some()));

            let found = posts(&db, Post::TAGS.count(Tag::ID.ge(id)).eq(count)).await;
            let tags = |post| graph.tags_of(post).iter().filter(|&&tag| tag >= id).count() as u64;
            prop_assert_eq!(found, graph.posts_where(|post| tags(post) == count));

            let found = posts(&db, Post::TAGS.distinct().count_all().lt(count)).await;
            let distinct = |post| BTreeSet::from_iter(graph.tags_of(post)).len() as u64;
            prop_assert_eq!(found, graph.posts_where(|post| distinct(post) < count));

            let discussed = Post::COMMENTS.count_all().ge(count).and(Post::AUTHOR.any(Author::FRIENDS.exists()));
            let found = posts(&db, discussed.or(Post::ID.eq(id))).await;
            let author = |post| graph.posts.iter().find(|row| row.0 == post).and_then(|row| row.1);
            let known = |post| author(post).filter(|author| graph.authors.iter().any(|row| row.0 == *author));
            prop_assert_eq!(found, graph.posts_where(|post| {
                many(graph.comments_of("post", post).len())
                    && known(post).is_some_and(|author| !graph.friends_of(author).is_empty())
                    || post == id
            }));

            let of = Comment::SUBJECT.any_of(Post::ID.gt(id)).or(Comment::SUBJECT.any_of(Video::ID.is_not_null()));
            let found = Comment::query().filter(!of).order_by(Comment::ID.asc()).all(&db).await.unwrap();
            let is_of = |&(_, of, to): &(i64, &str, i64)| match of {
                "post" => to > id && graph.posts.iter().any(|row| row.0 == to),
                "video" => graph.videos.contains(&to),
                _ => false,
            };
            let expected: Vec<_> = graph.comments.iter().filter(|row| !is_of(row)).map(|row| row.0).collect();
            prop_assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), expected);
            Ok(())
        })?;
    }

    #[test]
    fn orders_by_relations_are_those_of_loops(graph in graph(), id in 0..12_i64, limit in 0..4_u32, down: bool) {
        let folder = tempfile::tempdir().unwrap();
        let db = graph.database(&folder, 1_000);
        let to = |column: RelatedColumn<Author>| if down { column.desc() } else { column.asc() };
        let latest = |author| graph.posts_of(author).into_iter().max();
        let lesson = |author| graph.mentor_of(author).and_then(latest);
        let mentor_id = |author| graph.authors.iter().find(|row| row.0 == author)?.1;
        let all = || graph.authors_where(|_| true);
        block_on(async {
            for (column, expected) in [
                (Author::LATEST.by(Post::ID), sorted(all(), down, latest)),
                (
                    Author::LATEST.filter(Post::ID.le(id)).by(Post::ID),
                    sorted(all(), down, |author| graph.posts_of(author).into_iter().filter(|&post| post <= id).max()),
                ),
                (
                    Author::MENTOR.by(Author::MENTOR_ID),
                    sorted(all(), down, |author| graph.mentor_of(author).and_then(mentor_id)),
                ),
                (Author::MENTOR.by(Author::LATEST.by(Post::ID)), sorted(all(), down, lesson)),
                (Author::LESSON.by(Post::ID), sorted(all(), down, lesson)),
                (
                    Author::LESSON.filter(Post::ID.le(id)).by(Post::ID),
                    sorted(all(), down, |author| lesson(author).filter(|&post| post <= id)),
                ),
                (
                    Author::MENTOR.filter(Author::FRIENDS.exists()).by(Author::ID),
                    sorted(all(), down, |author| {
                        graph.mentor_of(author).filter(|&mentor| !graph.friends_of(mentor).is_empty())
                    }),
                ),
            ] {
                let found = Author::query().order_by(to(column)).all(&db).await.unwrap();
                prop_assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), expected);
            }

            let students = Author::STUDENTS.order_by(to(Author::LATEST.by(Post::ID))).limit(limit);
            for author in &Author::query().with(students).all(&db).await.unwrap() {
                let mut expected = sorted(graph.students_of(author.id), down, latest);
                expected.truncate(limit as usize);
                let found = author.students.get_partial().unwrap();
                prop_assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), expected);
            }
            Ok(())
        })?;
    }

    #[test]
    fn aggregates_are_those_of_loops(graph in graph(), id in 0..12_i64, keys in 1..6_usize) {
        let folder = tempfile::tempdir().unwrap();
        let db = graph.database(&folder, keys);
        block_on(async {
            let authors = Author::query().order_by(Author::ID.asc()).all(&db).await.unwrap();
            let posts = Post::query().order_by(Post::ID.asc()).all(&db).await.unwrap();
            let of_authors = |of: &dyn Fn(i64) -> Vec<i64>| authors.iter().map(|row| of(row.id)).collect::<Vec<_>>();
            let of_posts = |of: &dyn Fn(i64) -> Vec<i64>| posts.iter().map(|row| of(row.id)).collect::<Vec<_>>();
            let later = |list: Vec<i64>| list.into_iter().filter(|&it| it > id).collect::<Vec<_>>();

            let lists = of_authors(&|author| later(graph.posts_of(author)));
            let relation = || Author::POSTS.filter(Post::ID.gt(id));
            let counts: Vec<_> = lists.iter().map(|list| list.len() as u64).collect();
            prop_assert_eq!(authors.counts(relation(), &db).await.unwrap(), counts);
            let exists: Vec<_> = lists.iter().map(|list| !list.is_empty()).collect();
            prop_assert_eq!(authors.exists(relation(), &db).await.unwrap(), exists);
            let sums: Vec<_> = lists.iter().map(|list| list.iter().sum::<i64>()).collect();
            prop_assert_eq!(authors.sum(relation(), Post::ID, &db).await.unwrap(), sums);
            let mean = |list: &Vec<i64>| (!list.is_empty()).then(|| list.iter().sum::<i64>() as f64 / list.len() as f64);
            let means: Vec<_> = lists.iter().map(mean).collect();
            prop_assert_eq!(authors.avg(relation(), Post::ID, &db).await.unwrap(), means);
            let least: Vec<_> = lists.iter().map(|list| list.iter().min().copied()).collect();
            prop_assert_eq!(authors.min(relation(), Post::ID, &db).await.unwrap(), least);
            let most: Vec<_> = lists.iter().map(|list| list.iter().max().copied()).collect();
            prop_assert_eq!(authors.max(relation(), Post::ID, &db).await.unwrap(), most);

            let latest: Vec<_> = authors.iter().map(|row| graph.posts_of(row.id).into_iter().max()).collect();
            prop_assert_eq!(authors.max(Author::LATEST, Post::ID, &db).await.unwrap(), latest);
            let mentors: Vec<_> = authors.iter().map(|row| u64::from(graph.mentor_of(row.id).is_some())).collect();
            prop_assert_eq!(authors.counts(Author::MENTOR, &db).await.unwrap(), mentors);
            let friends = of_authors(&|author| later(graph.friends_of(author).into_iter().collect()));
            let sums: Vec<_> = friends.iter().map(|list| list.iter().sum::<i64>()).collect();
            let relation = Author::FRIENDS.filter(Author::ID.gt(id));
            prop_assert_eq!(authors.sum(relation, Author::ID, &db).await.unwrap(), sums);

            let tags = of_posts(&|post| graph.tags_of(post));
            let counts: Vec<_> = tags.iter().map(|list| list.len() as u64).collect();
            prop_assert_eq!(posts.counts(Post::TAGS, &db).await.unwrap(), counts);
            let distinct = |list: &Vec<i64>| BTreeSet::from_iter(list).into_iter().sum::<i64>();
            let sums: Vec<_> = tags.iter().map(distinct).collect();
            prop_assert_eq!(posts.sum(Post::TAGS.distinct(), Tag::ID, &db).await.unwrap(), sums);
            let comments = of_posts(&|post| graph.comments_of("post", post));
            let counts: Vec<_> = comments.iter().map(|list| list.len() as u64).collect();
            prop_assert_eq!(posts.counts(Post::COMMENTS, &db).await.unwrap(), counts);
            Ok(())
        })?;
    }
}
