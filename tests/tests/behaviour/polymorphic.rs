//! Polymorphic relations: the targets of a row are of one of several models.

use crate::media::{self, Comment, Commentable, Cover, Post, User, Video};
use crate::{Db, block_on, database, execute, relations, sent};
use relations_core::{ErrorKind, HasMany, Morph, MorphTo, Ref, Relations};
use serde_json::json;
use uuid::Uuid;

fn titles(found: &[Commentable]) -> Vec<&str> {
    found.iter().map(Commentable::title).collect()
}

async fn read_all(comments: &[Comment], db: &Db) -> Vec<Commentable> {
    let mut found = Vec::new();
    for comment in comments {
        found.push(comment.commentable(db).await.unwrap());
    }
    found
}

fn texts(comments: &[Comment]) -> Vec<&str> {
    comments.iter().map(|comment| comment.text.as_str()).collect()
}

/// The keys of each statement in the log.
fn keys(log: &relations_core::StatementLog) -> Vec<usize> {
    log.statements().iter().map(|statement| statement.keys).collect()
}

#[test]
fn reading_one_target_loads_those_of_all_peers_with_a_statement_for_each_type() {
    block_on(async {
        let db = media::db();
        let comments = Comment::all(&db).await.unwrap();
        let log = db.record();
        let first = comments[0].commentable(&db).await.unwrap();
        assert!(matches!(&first, Commentable::Post(post) if post.title == "p1"));
        assert_eq!(relations(&log), [("Comment.commentable".to_owned(), 2), ("Comment.commentable".to_owned(), 1)]);
        assert_eq!(titles(&read_all(&comments, &db).await), ["p1", "v1", "p2", "p1", "v1"]);
        assert_eq!(sent(&log), 2, "the peers' targets came with it");
    });
}

#[test]
fn a_type_that_does_not_occur_is_not_looked_for() {
    block_on(async {
        let db = media::db();
        let comments = Comment::query().filter(Comment::COMMENTABLE_TYPE.eq("post")).all(&db).await.unwrap();
        let log = db.record();
        comments[0].commentable(&db).await.unwrap();
        assert_eq!(keys(&log), [2]);
    });
}

#[test]
fn a_target_that_is_loaded_is_not_loaded_again_with_those_of_its_peers() {
    block_on(async {
        let db = media::db();
        let comments = Comment::all(&db).await.unwrap();
        // The whole list's peers are loaded for this row alone.
        comments.get_ref(2).unwrap().load(Comment::COMMENTABLE, &db).await.unwrap();
        let Commentable::Post(before) = comments[2].commentable.get().unwrap() else { panic!("a post") };
        let log = db.record();
        read_all(&comments, &db).await;
        assert_eq!(keys(&log), [1, 1], "post 2 is there, post 1 and video 1 are not");
        assert!(matches!(comments[2].commentable.get().unwrap(), Commentable::Post(post) if post.ptr_eq(&before)));
    });
}

#[test]
fn targets_that_owners_share_are_one_row() {
    block_on(async {
        let db = media::db();
        let comments = Comment::query().with(Comment::COMMENTABLE).all(&db).await.unwrap();
        let (Commentable::Post(one), Commentable::Post(other)) =
            (comments[0].commentable.get().unwrap(), comments[3].commentable.get().unwrap())
        else {
            panic!("posts")
        };
        assert!(one.ptr_eq(&other));
    });
}

#[test]
fn lazy_single_and_eager_reading_give_the_same() {
    block_on(async {
        let db = media::db();
        let lazy = Comment::all(&db).await.unwrap();
        let lazy = read_all(&lazy, &db).await;
        let eager = Comment::query().with(Comment::COMMENTABLE).all(&db).await.unwrap();
        let eager: Vec<_> = eager.iter().map(|comment| comment.commentable.get().unwrap()).collect();
        let mut single = Vec::new();
        for id in 1..=5 {
            single.push(Comment::find(&db, id).await.unwrap().unwrap().commentable(&db).await.unwrap());
        }
        assert_eq!(lazy, eager);
        assert_eq!(lazy, single);
    });
}

#[test]
fn a_tree_goes_on_from_each_variant_by_the_relations_of_its_model() {
    block_on(async {
        let db = media::db();
        let log = db.record();
        let comments = Comment::query()
            .with(Comment::COMMENTABLE.with(Post::AUTHOR.with(User::POSTS)).with(Video::CHANNEL).with(Post::COVER))
            .all(&db)
            .await
            .unwrap();
        let mut loads: Vec<_> = relations(&log).into_iter().map(|(relation, _)| relation).collect();
        // Siblings may be sent together.
        loads[3..].sort();
        assert_eq!(
            loads,
            [
                "Comment",
                "Comment.commentable",
                "Comment.commentable",
                "Post.author",
                "Post.cover",
                "User.posts",
                "Video.channel"
            ]
        );
        for comment in &comments {
            match comment.commentable.get().unwrap() {
                Commentable::Post(post) => {
                    let author = post.author.get().unwrap();
                    assert!(author.posts.get().unwrap().iter().any(|other| other.id == post.id));
                    assert!(post.cover.is_loaded());
                }
                Commentable::Video(video) => assert_eq!(video.channel.get().unwrap().name, "News"),
            }
        }
        assert_eq!(sent(&log), 7);
    });
}

#[test]
fn relations_of_a_model_that_does_not_occur_among_the_targets_send_nothing() {
    block_on(async {
        let db = media::db();
        let log = db.record();
        Comment::query()
            .filter(Comment::COMMENTABLE_TYPE.eq("post"))
            .with(Comment::COMMENTABLE.with(Video::CHANNEL))
            .all(&db)
            .await
            .unwrap();
        assert_eq!(sent(&log), 2);
    });
}

#[test]
fn relations_of_targets_are_loaded_onto_targets_that_were_there_before() {
    block_on(async {
        let db = media::db();
        let comments = Comment::all(&db).await.unwrap();
        read_all(&comments, &db).await;
        let log = db.record();
        comments.load(Comment::COMMENTABLE.with(Post::AUTHOR), &db).await.unwrap();
        assert_eq!(relations(&log), [("Post.author".to_owned(), 2)]);
        let Commentable::Post(post) = comments[0].commentable.get().unwrap() else { panic!("a post") };
        assert_eq!(post.author.get().unwrap().name, "Ann");
    });
}

#[test]
fn an_id_never_meets_a_row_of_another_type() {
    block_on(async {
        let db = media::db();
        let posts = Post::query().with(Post::COMMENTS).with(Post::COVER).all(&db).await.unwrap();
        let videos = Video::query().with(Video::COMMENTS).with(Video::COVER).all(&db).await.unwrap();
        assert_eq!(texts(posts[0].comments.get().unwrap()), ["a", "d"]);
        assert_eq!(texts(videos[0].comments.get().unwrap()), ["e", "b"], "in the declared order");
        assert_eq!(posts[0].cover.get().unwrap().unwrap().id, 1);
        assert_eq!(videos[0].cover.get().unwrap().unwrap().id, 2);
        assert!(posts[2].comments.get().unwrap().is_empty());
        let post = Post::find(&db, 1).await.unwrap().unwrap();
        assert_eq!(texts(&post.comments(&db).await.unwrap()), ["a", "d"], "by one key as by many");
        assert_eq!(post.cover(&db).await.unwrap().unwrap().id, 1);
        let comment = Comment::find(&db, 2).await.unwrap().unwrap();
        assert!(matches!(comment.commentable(&db).await.unwrap(), Commentable::Video(video) if video.id == 1));
    });
}

#[test]
fn limits_filters_counts_and_queries_keep_to_the_type() {
    block_on(async {
        let db = media::db();
        let posts = Post::query().with(Post::COMMENTS.limit(1)).all(&db).await.unwrap();
        assert_eq!(texts(posts[0].comments.get_partial().unwrap()), ["a"]);
        let filtered = Post::query().with(Post::COMMENTS.filter(Comment::ID.gt(1))).all(&db).await.unwrap();
        assert_eq!(texts(filtered[0].comments.get_partial().unwrap()), ["d"]);
        let either = Comment::TEXT.eq("b").or(Comment::TEXT.eq("a"));
        assert_eq!(texts(&posts[0].comments_query().filter(either).all(&db).await.unwrap()), ["a"]);
        assert_eq!(posts[0].comments_query().count(&db).await.unwrap(), 2);
        assert_eq!(posts[0].comments_query().limit(1).count(&db).await.unwrap(), 1);
        assert!(!posts[2].comments_query().exists(&db).await.unwrap());
        let video = Video::find(&db, 1).await.unwrap().unwrap();
        let mut windows = video.comments_query().windows(1, &db);
        let mut seen = Vec::new();
        while let Some(window) = windows.next().await.unwrap() {
            seen.extend(window.iter().map(|comment| comment.id));
        }
        assert_eq!(seen, [5, 2]);
    });
}

#[test]
fn the_way_back_to_the_owner_sends_nothing() {
    block_on(async {
        let db = media::db();
        let posts = Post::query().with(Post::COMMENTS).all(&db).await.unwrap();
        let log = db.record();
        for (at, post) in posts.iter().enumerate() {
            for comment in post.comments.get().unwrap() {
                let Commentable::Post(back) = comment.commentable(&db).await.unwrap() else { panic!("a post") };
                assert!(back.ptr_eq(&posts.get_ref(at).unwrap()));
            }
        }
        assert_eq!(sent(&log), 0);
    });
}

#[test]
fn a_row_without_type_or_without_id_leads_nowhere_and_sends_nothing() {
    block_on(async {
        let db = media::db();
        let covers = Cover::query().filter(Cover::ID.between(3, 5)).all(&db).await.unwrap();
        let log = db.record();
        for cover in &covers {
            assert_eq!(cover.target(&db).await.unwrap(), None);
        }
        let eager = Cover::query().filter(Cover::ID.between(3, 5)).with(Cover::TARGET).all(&db).await.unwrap();
        assert!(eager.iter().all(|cover| cover.target.get().unwrap().is_none()));
        assert_eq!(sent(&log), 1, "the covers themselves");
    });
}

#[test]
fn rows_without_a_target_stand_among_those_with_one() {
    block_on(async {
        let db = media::db();
        let covers = Cover::query().order_by(Cover::ID.asc()).with(Cover::TARGET).all(&db).await.unwrap();
        let found: Vec<_> = covers.iter().map(|cover| cover.target.get().unwrap()).collect();
        let found: Vec<_> = found.iter().map(|target| target.as_ref().map(Commentable::title)).collect();
        assert_eq!(found, [Some("p1"), Some("v1"), None, None, None, None]);
    });
}

#[test]
fn a_dangling_id_is_none_of_an_optional_relation_by_every_road() {
    block_on(async {
        let db = media::db();
        assert_eq!(Cover::find(&db, 6).await.unwrap().unwrap().target(&db).await.unwrap(), None);
        assert_eq!(Cover::all(&db).await.unwrap()[5].target(&db).await.unwrap(), None);
        let eager = Cover::query().with(Cover::TARGET).all(&db).await.unwrap();
        assert_eq!(eager[5].target.get().unwrap(), None);
        let log = db.record();
        assert_eq!(eager[5].target(&db).await.unwrap(), None);
        assert_eq!(sent(&log), 0, "that it is missing is remembered");
    });
}

#[test]
fn a_dangling_id_of_a_required_relation_is_not_found_for_that_row_only() {
    block_on(async {
        let db = media::db();
        execute(&db, "INSERT INTO comments VALUES (6, 'video', 99, 'f')");
        let eager = Comment::query().with(Comment::COMMENTABLE).all(&db).await.unwrap();
        let lazy = Comment::all(&db).await.unwrap();
        for comments in [&eager, &lazy] {
            assert_eq!(comments[1].commentable(&db).await.unwrap().title(), "v1");
            let error = comments[5].commentable(&db).await.unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::NotFound { tag: Some("video"), key, .. } if key == "99"));
            assert_eq!(
                error.to_string(),
                "Comment.commentable: there is no `Video` with id = 99, of type \"video\"; make the target an `Option` \
                 if it may be missing"
            );
            assert_eq!(comments[5].commentable.get().unwrap_err().error().unwrap().to_string(), error.to_string());
        }
    });
}

#[test]
fn an_unknown_type_fails_its_own_row_only_and_names_the_known_ones() {
    block_on(async {
        let db = media::db();
        execute(&db, "INSERT INTO comments VALUES (6, 'photo', 1, 'f')");
        let eager = Comment::query().with(Comment::COMMENTABLE).all(&db).await.unwrap();
        let lazy = Comment::all(&db).await.unwrap();
        let alone = Comment::query().filter(Comment::ID.eq(6)).all(&db).await.unwrap();
        for comment in [&eager[5], &lazy[5], &alone[0]] {
            let error = comment.commentable(&db).await.unwrap_err();
            assert_eq!(
                error.to_string(),
                "Comment.commentable: `photo` is no type of `Commentable`; its types are `post`, `video`"
            );
            assert!(matches!(error.kind(), ErrorKind::UnknownType { tag, .. } if tag == "photo"));
        }
        assert_eq!(titles(&read_all(&lazy[..5], &db).await), ["p1", "v1", "p2", "p1", "v1"]);
        assert!(eager[..5].iter().all(|comment| comment.commentable.is_loaded()));
    });
}

#[test]
fn types_are_compared_exactly_and_a_near_one_is_suggested() {
    block_on(async {
        let db = media::db();
        execute(&db, "INSERT INTO comments VALUES (6, 'Post', 1, 'f'), (7, 'vidio', 1, 'g'), (8, 'post ', 1, 'h')");
        let comments = Comment::all(&db).await.unwrap();
        for (at, near) in [(5, "post"), (6, "video"), (7, "post")] {
            let error = comments[at].commentable(&db).await.unwrap_err().to_string();
            assert!(error.contains(&format!("did you mean `{near}`?")), "{error}");
        }
        let post = Post::find(&db, 1).await.unwrap().unwrap();
        assert_eq!(texts(&post.comments(&db).await.unwrap()), ["a", "d"]);
    });
}

on_sqlite! {
#[test]
fn a_row_that_does_not_decode_fails_those_that_lead_to_it() {
    block_on(async {
        let db = media::db();
        execute(&db, "UPDATE videos SET title = x'ff' WHERE id = 1");
        let comments = Comment::query().with(Comment::COMMENTABLE).all(&db).await.unwrap();
        let error = comments[1].commentable(&db).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Decode { model: "Video", .. }), "{error}");
        assert_eq!(comments[0].commentable(&db).await.unwrap().title(), "p1");
    });
}
}

#[test]
fn a_changed_type_or_id_of_a_copied_row_reads_the_new_target() {
    block_on(async {
        let db = media::db();
        let comments = Comment::query().with(Comment::COMMENTABLE).all(&db).await.unwrap();
        let log = db.record();
        let mut copy = comments[0].clone();
        assert_eq!(copy.commentable(&db).await.unwrap().title(), "p1");
        assert_eq!(sent(&log), 0);
        copy.commentable_type = "video".to_owned();
        assert_eq!(copy.commentable(&db).await.unwrap().title(), "v1");
        copy.commentable_id = 2;
        assert_eq!(copy.commentable(&db).await.unwrap().title(), "v2");
        copy.commentable_type = "photo".to_owned();
        copy.commentable(&db).await.unwrap_err();
        copy.commentable_type = "post".to_owned();
        assert_eq!(copy.commentable(&db).await.unwrap().title(), "p2");
        assert_eq!(sent(&log), 3);
        let mut cover = (*Cover::find(&db, 6).await.unwrap().unwrap()).clone();
        assert_eq!(cover.target(&db).await.unwrap(), None);
        cover.target_id = Some(2);
        assert_eq!(cover.target(&db).await.unwrap().unwrap().title(), "v2");
    });
}

#[test]
fn a_field_says_what_it_holds() {
    block_on(async {
        let db = media::db();
        let covers = Cover::query().order_by(Cover::ID.asc()).all(&db).await.unwrap();
        assert_eq!(format!("{:?}", covers[0].target), "MorphTo(not loaded)");
        assert_eq!(
            covers[0].target.get().unwrap_err().to_string(),
            "Cover.target is not loaded; call `.target(&db).await`, or load it with `.with(Cover::TARGET)`"
        );
        covers[0].target(&db).await.unwrap();
        assert_eq!(format!("{:?}", covers[0].target), "MorphTo(loaded)");
        assert_eq!(format!("{:?}", covers[2].target), "MorphTo(none)");
        assert!(covers[0].target.is_loaded() && covers[0].target.get_partial().unwrap().is_some());
        covers[0].target.clear();
        assert!(!covers[0].target.is_loaded());
    });
}

#[test]
fn the_three_states_of_a_polymorphic_relation_differ_there_and_back() {
    block_on(async {
        let db = media::db();
        let covers = Cover::query().order_by(Cover::ID.asc()).with(Cover::TARGET).all(&db).await.unwrap();
        let unread = serde_json::to_value(&*Cover::find(&db, 1).await.unwrap().unwrap()).unwrap();
        assert_eq!(unread["target"], json!("not_loaded"));
        let loaded = serde_json::to_value(&covers[0]).unwrap();
        assert_eq!(loaded["target"]["loaded"]["Post"]["title"], json!("p1"));
        let absent = serde_json::to_value(&covers[2]).unwrap();
        assert_eq!(absent["target"], json!({"loaded": null}));

        assert!(!serde_json::from_value::<Cover>(unread).unwrap().target.is_loaded());
        let back: Cover = serde_json::from_value(loaded).unwrap();
        assert_eq!(back.target.get().unwrap().unwrap().title(), "p1");
        let back: Cover = serde_json::from_value(absent).unwrap();
        assert_eq!(back.target.get().unwrap(), None);

        let posts = Post::query().with(Post::COMMENTS).all(&db).await.unwrap();
        let json = serde_json::to_value(&posts[0]).unwrap();
        assert_eq!(json["comments"]["loaded"][0]["commentable"], json!("not_loaded"), "the way back is not written");
    });
}

#[test]
fn metadata_names_the_variants_the_type_and_the_way_back() {
    let commentable = Comment::descriptor().relation("commentable").unwrap();
    assert!(commentable.target().is_none());
    assert_eq!(commentable.targets().map(|model| model.name).collect::<Vec<_>>(), ["Post", "Video"]);
    assert_eq!(commentable.variants.iter().map(|variant| variant.tag).collect::<Vec<_>>(), ["post", "video"]);
    assert_eq!(Commentable::VARIANTS.len(), 2);
    assert_eq!(commentable.to_string(), "commentable: morph_to Post | Video ((commentable_type, commentable_id))");
    let target = Cover::descriptor().relation("target").unwrap();
    assert_eq!(target.to_string(), "target: morph_to Post | Video? ((kind, target_id))");
    let comments = Video::descriptor().relation("comments").unwrap();
    assert_eq!(
        comments.to_string(),
        "comments: has_many Comment (commentable_id -> id, commentable_type \"video\", inverse commentable, order id desc)"
    );
    assert_eq!(comments.morph().map(|(column, tag)| (column.field, tag)), Some(("commentable_type", "video")));
    let json = serde_json::to_value(commentable).unwrap();
    assert_eq!((&json["target"], &json["kind"]), (&json!(null), &json!("morph_to")));
    assert_eq!(json["foreign_key"], json!(["commentable_type", "commentable_id"]));
    assert_eq!(json["variants"], json!([{"tag": "post", "target": "Post"}, {"tag": "video", "target": "Video"}]));
    assert_eq!(serde_json::to_value(comments).unwrap()["morph"], json!(["commentable_type", "video"]));
}

#[test]
fn a_picture_has_a_line_to_each_variant_unless_one_leads_back() {
    let picture = relations_core::diagram::mermaid(&[Comment::descriptor()]);
    let lines: Vec<_> = picture.lines().map(str::trim).filter(|line| line.contains("omment")).collect();
    assert_eq!(
        lines,
        [
            "Comment {",
            "String commentable_type FK",
            "i64 commentable_id FK",
            "Post ||--o{ Comment : \"comments / commentable\"",
            "Video ||--o{ Comment : \"comments / commentable\"",
        ]
    );
    let picture = relations_core::diagram::mermaid(&[Note::descriptor()]);
    let lines: Vec<_> = picture.lines().map(str::trim).filter(|line| line.contains(" : ")).collect();
    assert_eq!(lines, ["Note }o--|| Book : \"about\"", "Letter ||--o{ Note : \"notes / about\""]);
}

/// A key of a type of one's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Code(i64);

relations_tests::newtype_of_i64!(Code);

/// Models with keys of one type, and a model whose relation leads to both and back.
macro_rules! kinds {
    ($module:ident, $id:ty) => {
        mod $module {
            use super::*;

            #[derive(Debug, Morph)]
            enum Either {
                #[morph("it's \"one\"")]
                One(Ref<One>),
                #[morph("two")]
                Two(Ref<Two>),
            }

            #[derive(Debug, Relations)]
            pub(super) struct One {
                id: $id,
                #[has_many(morph = either)]
                #[allow(dead_code, reason = "it is the other way that is read")]
                marks: HasMany<Mark>,
            }

            #[derive(Debug, Relations)]
            pub(super) struct Two {
                id: $id,
            }

            #[derive(Debug, Relations)]
            pub struct Mark {
                pub id: i64,
                either_type: String,
                either_id: $id,
                #[morph_to]
                either: MorphTo<Either>,
            }

            pub(super) async fn matched(db: &Db) {
                let marks = Mark::query().with(Mark::EITHER).all(db).await.unwrap();
                let expected = Mark::all(db).await.unwrap();
                assert_eq!(marks.len(), 3);
                for (mark, lazy) in marks.iter().zip(&expected) {
                    let (id, tag) = match (mark.either.get().unwrap(), lazy.either(db).await.unwrap()) {
                        (Either::One(one), Either::One(lazy)) if lazy.id == one.id => (one.id.clone(), "it's \"one\""),
                        (Either::Two(two), Either::Two(lazy)) if lazy.id == two.id => (two.id.clone(), "two"),
                        different => panic!("{different:?}"),
                    };
                    assert_eq!((&id, tag), (&mark.either_id, mark.either_type.as_str()));
                }
                let ones = One::query().with(One::MARKS).all(db).await.unwrap();
                assert_eq!(ones[0].marks.get().unwrap().len(), 1);
            }
        }
    };
}

kinds!(text, String);
kinds!(uuid_keys, Uuid);
kinds!(newtype, Code);

/// A database for `kinds!`: two ones, a two with the id of the first, and marks on all of them.
fn kinds(of: &str, id: &str, other: &str) -> Db {
    let rows = format!(
        "INSERT INTO ones VALUES ({id}), ({other}); INSERT INTO twos VALUES ({id});
         INSERT INTO marks VALUES (1, 'it''s \"one\"', {id}), (2, 'two', {id}), (3, 'it''s \"one\"', {other});"
    );
    database(
        &format!(
            "CREATE TABLE ones (id {of} PRIMARY KEY); CREATE TABLE twos (id {of} PRIMARY KEY);
             CREATE TABLE marks (id INTEGER PRIMARY KEY, either_type TEXT, either_id {of});"
        ),
        &rows,
    )
}

#[test]
fn ids_are_texts_uuids_or_types_of_ones_own() {
    block_on(async {
        text::matched(&kinds("TEXT", "'a'", "'b'")).await;
        let uuid = |last| format!("x'0000000000000000000000000000000{last}'");
        uuid_keys::matched(&kinds("BLOB", &uuid(1), &uuid(2))).await;
        newtype::matched(&kinds("INTEGER", "1", "2")).await;
    });
}

#[derive(Debug, Clone, Morph)]
enum Printed {
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
    #[has_many(morph = about)]
    notes: HasMany<Note>,
}

#[derive(Debug, Relations)]
struct Book {
    #[relations(key)]
    shop: i64,
    #[relations(key)]
    number: String,
}

#[derive(Debug, Relations)]
struct Note {
    id: i64,
    kind: String,
    shop: i64,
    about_number: String,
    #[morph_to(morph_type = kind, foreign_key = (shop, about_number))]
    about: MorphTo<Printed>,
}

#[test]
fn ids_may_have_several_columns() {
    block_on(async {
        let db = database(
            "CREATE TABLE letters (shop INTEGER, number TEXT, PRIMARY KEY (shop, number));
             CREATE TABLE books (shop INTEGER, number TEXT, PRIMARY KEY (shop, number));
             CREATE TABLE notes (id INTEGER PRIMARY KEY, kind TEXT, shop INTEGER, about_number TEXT);",
            "INSERT INTO letters VALUES (1, 'a'), (1, 'b'), (2, 'a'); INSERT INTO books VALUES (1, 'a');
             INSERT INTO notes VALUES (1, 'letter', 1, 'a'), (2, 'book', 1, 'a'), (3, 'letter', 2, 'a'),
                                      (4, 'letter', 1, 'a');",
        );
        let log = db.record();
        let notes = Note::query().with(Note::ABOUT).all(&db).await.unwrap();
        assert_eq!(keys(&log), [0, 2, 1]);
        for note in &notes {
            let (kind, shop, number) = match note.about.get().unwrap() {
                Printed::Letter(row) => ("letter", row.shop, row.number.clone()),
                Printed::Book(row) => ("book", row.shop, row.number.clone()),
            };
            assert_eq!((kind, shop, &number), (note.kind.as_str(), note.shop, &note.about_number));
        }
        let letters = Letter::query().with(Letter::NOTES).all(&db).await.unwrap();
        let counts: Vec<_> = letters.iter().map(|letter| letter.notes.get().unwrap().len()).collect();
        assert_eq!(counts, [2, 0, 1]);
        let limited = Letter::query().with(Letter::NOTES.limit(1)).all(&db).await.unwrap();
        assert_eq!(limited[0].notes.get_partial().unwrap()[0].id, 1);
        assert_eq!(letters[0].notes_query().count(&db).await.unwrap(), 2);
    });
}
