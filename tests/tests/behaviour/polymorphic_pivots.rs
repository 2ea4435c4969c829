//! Many-to-many over a join table that refers to one side by a polymorphic relation, from either side.

use crate::media::{self, Commentable, Post, Tag, Tagging, User, Video};
use crate::{Db, block_on, database, execute, relations, sent};
use relations_core::{BelongsTo, ErrorKind, ManyToMany, Morph, MorphTo, Ref, Relations, diagram};
use serde_json::json;
use uuid::Uuid;

fn names<'a>(tags: impl IntoIterator<Item = &'a Tag>) -> Vec<&'a str> {
    tags.into_iter().map(|tag| tag.name.as_str()).collect()
}

fn titles<'a>(posts: impl IntoIterator<Item = &'a Post>) -> Vec<&'a str> {
    posts.into_iter().map(|post| post.title.as_str()).collect()
}

/// The numbers of rows that the log's statements gave.
fn rows(log: &relations_core::StatementLog) -> Vec<usize> {
    log.statements().iter().map(|statement| statement.rows).collect()
}

#[test]
fn a_loop_over_owners_of_one_type_is_three_statements() {
    block_on(async {
        let db = media::db();
        let log = db.record();
        let mut found = Vec::new();
        for post in &Post::all(&db).await.unwrap() {
            found.push(names(&post.tags(&db).await.unwrap()).join(" "));
        }
        assert_eq!(found, ["rust sql", "sql", ""]);
        assert_eq!(relations(&log)[1..], [("Post.tags".to_owned(), 3), ("Post.tags".to_owned(), 2)]);
        assert_eq!(rows(&log), [3, 3, 2], "no row of another type is read");
    });
}

#[test]
fn a_loop_over_the_other_side_is_three_statements() {
    block_on(async {
        let db = media::db();
        let log = db.record();
        let mut found = Vec::new();
        for tag in &Tag::all(&db).await.unwrap() {
            found.push(titles(&tag.posts(&db).await.unwrap()).join(" "));
        }
        assert_eq!(found, ["p1", "p1 p2", "", ""]);
        assert_eq!(relations(&log)[1..], [("Tag.posts".to_owned(), 4), ("Tag.posts".to_owned(), 2)]);
        assert_eq!(rows(&log), [4, 3, 2], "no row of another type is read");
    });
}

#[test]
fn a_single_row_a_batch_and_a_tree_give_the_same_in_both_directions() {
    block_on(async {
        let db = media::db();
        let lazy = Post::all(&db).await.unwrap();
        let eager = Post::query().with(Post::TAGS).all(&db).await.unwrap();
        for (lazy, eager) in lazy.iter().zip(&eager) {
            let alone = Post::find(&db, lazy.id).await.unwrap().unwrap();
            assert_eq!(&lazy.tags(&db).await.unwrap(), eager.tags.get().unwrap());
            assert!(alone.tags(&db).await.unwrap().pivots().eq(eager.tags.get().unwrap().pivots()));
        }
        let lazy = Tag::all(&db).await.unwrap();
        let eager = Tag::query().with(Tag::POSTS).with(Tag::VIDEOS).all(&db).await.unwrap();
        for (lazy, eager) in lazy.iter().zip(&eager) {
            let alone = Tag::find(&db, lazy.id).await.unwrap().unwrap();
            assert_eq!(&lazy.posts(&db).await.unwrap(), eager.posts.get().unwrap());
            assert!(alone.posts(&db).await.unwrap().pivots().eq(eager.posts.get().unwrap().pivots()));
            assert_eq!(&alone.videos(&db).await.unwrap(), eager.videos.get().unwrap());
        }
    });
}

#[test]
fn the_same_id_under_another_type_never_leaks() {
    block_on(async {
        let db = media::db();
        let post = Post::find(&db, 1).await.unwrap().unwrap();
        let video = Video::find(&db, 1).await.unwrap().unwrap();
        assert_eq!(names(&post.tags(&db).await.unwrap()), ["rust", "sql"]);
        assert_eq!(names(&video.tags(&db).await.unwrap()), ["async", "sql"], "in the declared order");
        let tags = Tag::query().with(Tag::POSTS).with(Tag::VIDEOS).all(&db).await.unwrap();
        let videos: Vec<Vec<_>> =
            tags.iter().map(|tag| tag.videos.get().unwrap().iter().map(|it| it.title.as_str()).collect()).collect();
        assert_eq!(videos, [vec!["v2"], vec!["v1"], vec!["v1"], vec![]]);
        execute(&db, "UPDATE taggings SET taggable_type = 'Post' WHERE taggable_type = 'video'");
        assert!(Video::find(&db, 1).await.unwrap().unwrap().tags(&db).await.unwrap().is_empty());
        assert_eq!(Post::find(&db, 1).await.unwrap().unwrap().tags(&db).await.unwrap().len(), 2, "types are exact");
    });
}

#[test]
fn each_target_comes_with_its_row_of_the_join_table() {
    block_on(async {
        let db = media::db();
        let posts = Post::query().with(Post::TAGS).all(&db).await.unwrap();
        let weights: Vec<_> = posts[0].tags.get().unwrap().pivots().map(|(tag, it)| (tag.id, it.weight)).collect();
        assert_eq!(weights, [(1, 5), (2, 3)]);
        let tags = Tag::query().with(Tag::POSTS).all(&db).await.unwrap();
        let (post, tagging) = tags[1].posts.get().unwrap().pivots().nth(1).unwrap();
        assert_eq!((post.id, tagging.weight), (2, 4));
        assert!(matches!(tagging.taggable(&db).await.unwrap(), Commentable::Post(post) if post.id == 2));
    });
}

#[test]
fn a_limit_for_each_owner_counts_only_rows_of_its_type() {
    block_on(async {
        let db = media::db();
        let heaviest = Tag::POSTS.order_by_pivot(Tagging::WEIGHT.desc()).limit(1);
        let log = db.record();
        let tags = Tag::query().with(heaviest).all(&db).await.unwrap();
        let found: Vec<_> = tags.iter().map(|tag| titles(tag.posts.get_partial().unwrap()).join(" ")).collect();
        assert_eq!(found, ["p1", "p2", "", ""], "the heaviest of each tag is a photo's or a video's");
        assert_eq!(rows(&log), [4, 2, 2], "and no owner is read again");
        let posts = Post::query().with(Post::TAGS.limit(1).offset(1)).all(&db).await.unwrap();
        let found: Vec<_> = posts.iter().map(|post| names(post.tags.get_partial().unwrap()).join(" ")).collect();
        assert_eq!(found, ["sql", "", ""]);
        let videos = Video::query().with(Video::TAGS.limit(1)).all(&db).await.unwrap();
        assert_eq!(names(videos[0].tags.get_partial().unwrap()), ["async"]);
    });
}

#[test]
fn filters_of_the_targets_and_of_the_join_table_keep_to_the_type() {
    block_on(async {
        let db = media::db();
        let heavy = Tagging::WEIGHT.gt(4).or(Tagging::WEIGHT.lt(3));
        let posts = Post::query().with(Post::TAGS.filter_pivot(heavy.clone())).all(&db).await.unwrap();
        assert_eq!(names(posts[0].tags.get_partial().unwrap()), ["rust"]);
        let tags = Tag::query().with(Tag::POSTS.filter_pivot(heavy).filter(Post::ID.gt(0))).all(&db).await.unwrap();
        let found: Vec<_> = tags.iter().map(|tag| titles(tag.posts.get_partial().unwrap()).join(" ")).collect();
        assert_eq!(found, ["p1", "", "", ""]);
    });
}

#[test]
fn a_query_on_the_targets_of_one_row_keeps_to_the_type() {
    block_on(async {
        let db = media::db();
        let post = Post::find(&db, 1).await.unwrap().unwrap();
        let video = Video::find(&db, 1).await.unwrap().unwrap();
        let sql = Tag::find(&db, 2).await.unwrap().unwrap();
        let log = db.record();
        assert_eq!(names(&post.tags_query().order_by(Tag::ID.asc()).all(&db).await.unwrap()), ["rust", "sql"]);
        assert_eq!(video.tags_query().filter(Tag::NAME.eq("sql")).count(&db).await.unwrap(), 1);
        assert_eq!(post.top_tags_query().count(&db).await.unwrap(), 2);
        assert_eq!(titles(&sql.posts_query().order_by(Post::ID.desc()).all(&db).await.unwrap()), ["p2", "p1"]);
        assert_eq!(sql.videos_query().count(&db).await.unwrap(), 1);
        assert!(!video.tags_query().filter(Tag::NAME.eq("rust")).exists(&db).await.unwrap());
        assert_eq!(sent(&log), 6);
    });
}

#[test]
fn rows_of_the_join_table_that_are_not_kept_order_the_targets() {
    block_on(async {
        let db = media::db();
        execute(&db, "INSERT INTO taggings VALUES (9, 2, 'post', 1, 8)");
        let posts = Post::query().with(Post::TOP_TAGS).all(&db).await.unwrap();
        assert_eq!(names(posts[0].top_tags.get().unwrap()), ["sql", "rust"], "each once, by its heaviest row");
        assert_eq!(names(&posts[0].tags(&db).await.unwrap()), ["rust", "sql", "sql"]);
    });
}

on_sqlite! {
#[test]
fn an_unknown_type_in_the_join_table_is_ignored_and_fails_only_where_it_is_asked_for() {
    block_on(async {
        let db = media::db();
        execute(&db, "UPDATE taggings SET weight = 'much' WHERE taggable_type = 'photo'");
        let tags = Tag::query().with(Tag::POSTS).with(Tag::VIDEOS).all(&db).await.unwrap();
        assert!(tags.iter().all(|tag| tag.posts.is_loaded() && tag.videos.is_loaded()));
        execute(&db, "UPDATE taggings SET weight = 1");
        let photo = Tagging::find(&db, 3).await.unwrap().unwrap();
        assert!(matches!(photo.taggable(&db).await.unwrap_err().kind(), ErrorKind::UnknownType { .. }));
    });
}
}

on_sqlite! {
#[test]
fn a_row_of_the_join_table_that_does_not_decode_fails_its_owner_only() {
    block_on(async {
        let db = media::db();
        execute(&db, "UPDATE taggings SET weight = 'much' WHERE id = 7");
        let posts = Post::query().with(Post::TAGS).all(&db).await.unwrap();
        assert!(matches!(posts[1].tags(&db).await.unwrap_err().kind(), ErrorKind::Decode { model: "Tagging", .. }));
        assert_eq!(posts[0].tags.get().unwrap().len(), 2);
        let tags = Tag::query().with(Tag::POSTS).with(Tag::VIDEOS).all(&db).await.unwrap();
        assert!(tags[1].posts(&db).await.is_err() && tags[0].posts.is_loaded() && tags[1].videos.is_loaded());
    });
}
}

#[test]
fn trees_go_on_above_and_below() {
    block_on(async {
        let db = media::db();
        let log = db.record();
        let tree = Tag::POSTS.with(Post::AUTHOR.with(User::POSTS.with(Post::TAGS.with(Tag::VIDEOS))));
        let tags = Tag::query().with(tree).all(&db).await.unwrap();
        assert_eq!(sent(&log), 9);
        let author = tags[0].posts.get().unwrap()[0].author.get().unwrap();
        let sql = &author.posts.get().unwrap()[0].tags.get().unwrap()[1];
        assert_eq!((sql.name.as_str(), sql.videos.get().unwrap()[0].title.as_str()), ("sql", "v1"));
        log.clear();
        let about = Tagging::TAGGABLE.with(Post::TAGS.with(Tag::POSTS)).with(Video::TAGS);
        let known = Tagging::TAGGABLE_TYPE.ne("photo");
        let taggings = Tagging::query().filter(known).with(about).all(&db).await.unwrap();
        let Commentable::Video(video) = taggings[0].taggable.get().unwrap() else { panic!("a video") };
        assert_eq!(names(video.tags.get().unwrap()), ["async", "sql"]);
        assert_eq!(sent(&log), 9);
    });
}

#[test]
fn a_copied_row_with_another_key_reads_its_own_targets() {
    block_on(async {
        let db = media::db();
        let posts = Post::query().with(Post::TAGS).all(&db).await.unwrap();
        let mut copy = posts[0].clone();
        copy.id = 2;
        assert_eq!(names(&copy.tags(&db).await.unwrap()), ["sql"]);
    });
}

#[test]
fn metadata_says_the_type() {
    let tags = Post::descriptor().relation("tags").unwrap();
    assert_eq!(
        tags.to_string(),
        "tags: many_to_many Tag (over Tagging: taggable_id, tag_id, taggable_type \"post\", inverse posts)"
    );
    let pivot = tags.pivot.unwrap();
    assert_eq!(pivot.morph().map(|(column, tag)| (column.field, tag)), Some(("taggable_type", "post")));
    assert_eq!(pivot.near().map(|column| column.field).collect::<Vec<_>>(), ["taggable_id"]);
    assert!(tags.morph().is_none(), "the targets have no type");
    let videos = Tag::descriptor().relation("videos").unwrap();
    assert_eq!(
        videos.to_string(),
        "videos: many_to_many Video (over Tagging: tag_id, taggable_id, taggable_type \"video\", order title desc)"
    );
    assert_eq!(
        serde_json::to_value(videos).unwrap()["pivot"],
        json!({"model": "Tagging", "near": ["tag_id"], "far": ["taggable_id"], "order_by": [], "distinct": false,
               "symmetric": false, "morph": ["taggable_type", "video"]})
    );
    assert_eq!(Tag::descriptor().relation("posts").unwrap().inverse, Some("tags"));
    let picture = diagram::mermaid(&[Tag::descriptor()]);
    let lines: Vec<_> = picture.lines().map(str::trim).filter(|line| line.contains("}o--o{")).collect();
    assert_eq!(
        lines,
        [
            "Tag }o--o{ Video : \"videos\"",
            "Post }o--o{ Tag : \"tags / posts\"",
            "Post }o--o{ Tag : \"top_tags\"",
            "Video }o--o{ Tag : \"tags\"",
        ]
    );
}

/// Both ends may be a page: which is polymorphic is said.
#[derive(Debug, Relations)]
struct Page {
    id: i64,
    #[many_to_many(through = Mention, near = page, morph = subject)]
    mentions: ManyToMany<Page>,
    #[many_to_many(morph = subject, far = page)]
    mentioned_by: ManyToMany<Page, Mention>,
}

#[derive(Debug, Relations)]
#[relations(table = "people")]
struct Person {
    id: i64,
}

#[derive(Debug, Clone, Morph)]
enum Subject {
    #[morph("page")]
    Page(Ref<Page>),
    #[morph("person")]
    Person(Ref<Person>),
}

#[derive(Debug, Relations)]
struct Mention {
    id: i64,
    page_id: i64,
    subject_type: Option<String>,
    subject_id: Option<i64>,
    #[belongs_to]
    page: BelongsTo<Page>,
    #[morph_to]
    subject: MorphTo<Option<Subject>>,
}

#[test]
fn a_model_may_be_at_either_end() {
    block_on(async {
        let db = database(
            "CREATE TABLE pages (id INTEGER PRIMARY KEY); CREATE TABLE people (id INTEGER PRIMARY KEY);
             CREATE TABLE mentions (id INTEGER PRIMARY KEY, page_id INTEGER, subject_type TEXT, subject_id INTEGER);",
            "INSERT INTO pages VALUES (1), (2), (3); INSERT INTO people VALUES (1), (2), (3);
             INSERT INTO mentions VALUES (1, 1, 'page', 2), (2, 1, 'person', 3), (3, 3, 'page', 2), (4, 2, NULL, 1),
                                         (5, 2, 'page', NULL), (6, 1, 'page', 1);",
        );
        let pages = Page::query().with(Page::MENTIONS).with(Page::MENTIONED_BY).all(&db).await.unwrap();
        let ids = |page: &Page| page.mentions.get().unwrap().iter().map(|it| it.id).collect::<Vec<_>>();
        assert_eq!(pages.iter().map(ids).collect::<Vec<_>>(), [vec![2, 1], vec![], vec![2]]);
        let ids =
            |page: &Page| page.mentioned_by.get().unwrap().pivots().map(|it| (it.0.id, it.1.id)).collect::<Vec<_>>();
        assert_eq!(pages.iter().map(ids).collect::<Vec<_>>(), [vec![(1, 6)], vec![(1, 1), (3, 3)], vec![]]);
        assert_eq!(pages[0].mentions_query().count(&db).await.unwrap(), 2);
    });
}

#[derive(Debug, Clone, Morph)]
enum Boxed {
    #[morph("letter")]
    Letter(Ref<Letter>),
    #[morph("book")]
    Book(Ref<Book>),
}

#[derive(Debug, Relations)]
struct Letter {
    #[relations(key)]
    shop: i64,
    #[relations(key)]
    number: String,
    #[many_to_many(through = Label, morph = about)]
    stamps: ManyToMany<Stamp>,
}

#[derive(Debug, Relations)]
struct Book {
    #[relations(key)]
    shop: i64,
    #[relations(key)]
    number: String,
}

#[derive(Debug, Relations)]
struct Stamp {
    id: Uuid,
    #[many_to_many(morph = about)]
    letters: ManyToMany<Letter, Label>,
    #[many_to_many(morph = about)]
    books: ManyToMany<Book, Label>,
}

#[derive(Debug, Relations)]
struct Label {
    id: i64,
    kind: String,
    shop: i64,
    about_number: String,
    stamp_id: Uuid,
    #[morph_to(morph_type = kind, foreign_key = (shop, about_number))]
    about: MorphTo<Boxed>,
    #[belongs_to]
    stamp: BelongsTo<Stamp>,
}

fn labels() -> Db {
    database(
        "CREATE TABLE letters (shop INTEGER, number TEXT, PRIMARY KEY (shop, number));
         CREATE TABLE books (shop INTEGER, number TEXT, PRIMARY KEY (shop, number));
         CREATE TABLE stamps (id BLOB PRIMARY KEY);
         CREATE TABLE labels (id INTEGER PRIMARY KEY, kind TEXT, shop INTEGER, about_number TEXT, stamp_id BLOB);",
        "INSERT INTO letters VALUES (1, 'a'), (1, 'b'); INSERT INTO books VALUES (1, 'a');
         INSERT INTO stamps VALUES (x'00000000000000000000000000000001'), (x'00000000000000000000000000000002');
         INSERT INTO labels VALUES (1, 'book', 1, 'a', x'00000000000000000000000000000002'),
                                   (2, 'letter', 1, 'a', x'00000000000000000000000000000001'),
                                   (3, 'letter', 1, 'b', x'00000000000000000000000000000001'),
                                   (4, 'letter', 1, 'b', x'00000000000000000000000000000002');",
    )
}

#[test]
fn keys_of_several_columns_and_uuids_join() {
    block_on(async {
        let db = labels();
        let letters = Letter::query().with(Letter::STAMPS).all(&db).await.unwrap();
        let counts: Vec<_> = letters.iter().map(|letter| letter.stamps.get().unwrap().len()).collect();
        assert_eq!(counts, [1, 2]);
        let limited = Letter::query().with(Letter::STAMPS.limit(1)).all(&db).await.unwrap();
        assert!(limited.iter().all(|letter| letter.stamps.get_partial().unwrap().len() == 1));
        let stamps = Stamp::query().with(Stamp::LETTERS).with(Stamp::BOOKS).all(&db).await.unwrap();
        let counts: Vec<_> =
            stamps.iter().map(|it| (it.letters.get().unwrap().len(), it.books.get().unwrap().len())).collect();
        assert_eq!(counts, [(2, 0), (1, 1)]);
        assert_eq!(letters[1].stamps_query().count(&db).await.unwrap(), 2);
        assert_eq!(stamps[1].letters_query().one(&db).await.unwrap().unwrap().number, "b");
        assert_eq!(letters[0].shop + stamps[1].books.get().unwrap()[0].shop, 2);
    });
}
