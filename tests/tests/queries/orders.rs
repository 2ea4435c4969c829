//! Orders by what relations to one row lead to.

use relations_core::{ErrorKind, Relations};

use crate::blog::{self, Comment, Node, Post, Profile, User};
use crate::media::{self, Cover};
use crate::school::{self, Badge, Note, Person, Student};
use crate::shop::{self, Letter, Line, Maker, Order};
use crate::tags::{self, Article, ArticleTag, Tag};
use crate::{TestSource, block_on, execute, sent};

/// The ids of rows.
macro_rules! ids {
    ($rows:expr) => {
        $rows.iter().map(|row| row.id).collect::<Vec<_>>()
    };
}

#[test]
fn rows_come_in_the_order_of_what_they_lead_to_and_those_that_lead_nowhere_last() {
    block_on(async {
        let db = blog::db();
        let log = db.log();
        // Post 4 has no author, and that of post 5 does not exist.
        let up = Post::query().order_by(Post::USER.by(User::NAME).asc()).all(&db).await.unwrap();
        assert_eq!(ids!(up), [1, 2, 3, 4, 5]);
        let down = Post::query().order_by(Post::USER.by(User::NAME).desc()).all(&db).await.unwrap();
        assert_eq!(ids!(down), [3, 2, 1, 5, 4]);
        assert_eq!(sent(&log), 2);
    });
}

#[test]
fn a_null_that_a_relation_leads_to_comes_last() {
    block_on(async {
        let db = blog::db();
        let by = || Comment::POST.by(Post::REVIEWER_ID);
        let up = Comment::query().order_by(by().asc()).order_by(Comment::ID.asc()).all(&db).await.unwrap();
        assert_eq!(ids!(up), [4, 1, 2, 5, 3]);
        let down = Comment::query().order_by(by().desc()).order_by(Comment::ID.desc()).all(&db).await.unwrap();
        assert_eq!(ids!(down), [5, 2, 1, 4, 3]);
    });
}

#[test]
fn equals_come_by_the_next_order_and_then_by_key() {
    block_on(async {
        let db = blog::db();
        let by_name = || Post::query().order_by(Post::USER.by(User::NAME).desc());
        let rows = by_name().order_by(Post::SCORE.desc()).limit(4).all(&db).await.unwrap();
        assert_eq!(ids!(rows), [3, 2, 1, 5]);
        let author = User::query().with(User::POSTS.order_by(Post::USER.by(User::NAME).desc()).limit(1));
        let authors = author.all(&db).await.unwrap();
        assert_eq!(ids!(authors[0].posts.get_partial().unwrap()), [2]);
    });
}

#[test]
fn an_order_goes_over_several_relations_to_one_row() {
    block_on(async {
        let db = blog::db();
        let author = || Comment::POST.by(Post::USER.by(User::NAME));
        let rows = Comment::query().order_by(author().desc()).order_by(Comment::ID.desc()).all(&db).await.unwrap();
        assert_eq!(ids!(rows), [4, 5, 3, 2, 1]);
        let bio = Comment::POST.by(Post::USER.by(User::PROFILE.by(Profile::BIO)));
        let rows = Comment::query().order_by(bio.asc()).order_by(Comment::ID.asc()).all(&db).await.unwrap();
        assert_eq!(ids!(rows), [4, 1, 2, 3, 5]);
    });
}

#[test]
fn a_relation_loads_in_such_an_order_with_a_limit_for_each_owner() {
    block_on(async {
        let db = blog::db();
        execute(
            &db,
            "UPDATE posts SET score = 100 - score; INSERT INTO comments VALUES (6, 3, 2, 'f'), (7, 1, 3, 'g')",
        );
        let log = db.log();
        let by_score = || User::COMMENTS.order_by(Comment::POST.by(Post::SCORE).asc());
        let whole = User::query().with(by_score()).all(&db).await.unwrap();
        let of = |user: &User| ids!(user.comments.get().unwrap());
        assert_eq!(whole.iter().map(of).collect::<Vec<_>>(), [vec![3], vec![6, 1], vec![2, 7]]);
        let first = User::query().with(by_score().limit(1)).all(&db).await.unwrap();
        let of = |user: &User| ids!(user.comments.get_partial().unwrap());
        assert_eq!(first.iter().map(of).collect::<Vec<_>>(), [vec![3], vec![6], vec![2]]);
        let second = User::query().with(by_score().limit(1).offset(1)).all(&db).await.unwrap();
        assert_eq!(second.iter().map(of).collect::<Vec<_>>(), [vec![], vec![1], vec![7]]);
        assert_eq!(sent(&log), 6);
    });
}

#[test]
fn such_an_order_of_one_owner_is_that_of_many() {
    block_on(async {
        let db = blog::db();
        let order = || Comment::USER.by(User::NAME).desc();
        let posts = Post::query().with(Post::COMMENTS.order_by(order()).limit(2)).all(&db).await.unwrap();
        assert_eq!(ids!(posts[0].comments.get_partial().unwrap()), [2, 1]);
        for post in &posts {
            let alone = post.comments_query().order_by(order()).limit(2).all(&db).await.unwrap();
            assert_eq!(*post.comments.get_partial().unwrap(), alone);
        }
    });
}

#[test]
fn windows_follow_such_an_order_and_miss_no_row() {
    block_on(async {
        let db = blog::db();
        let query = || Comment::query().order_by(Comment::USER.by(User::NAME).desc()).with(Comment::POST);
        let all = query().order_by(Comment::ID.desc()).all(&db).await.unwrap();
        for size in 1..7 {
            let (mut windows, mut seen) = (query().windows(size, &db), Vec::new());
            while let Some(window) = windows.next().await.unwrap() {
                assert!(window.iter().all(|comment| comment.post.is_loaded()));
                seen.extend(ids!(window));
            }
            assert_eq!(seen, ids!(all), "{size}");
        }
    });
}

#[test]
fn the_first_of_a_has_one_is_what_its_owners_are_ordered_by() {
    block_on(async {
        let db = school::db();
        // Ann's latest badge is of day 30, Bob's of day 5; Cid and Dan have none.
        let people = Person::query().order_by(Person::BADGE.by(Badge::DAY).asc()).all(&db).await.unwrap();
        assert_eq!(ids!(people), [2, 1, 3, 4]);
        let early = Person::BADGE.filter(Badge::DAY.lt(30)).by(Badge::DAY);
        let people = Person::query().order_by(early.desc()).limit(2).all(&db).await.unwrap();
        assert_eq!(ids!(people), [1, 2]);
        // Of a polymorphic relation, only rows of its type count.
        let critic = Person::LAST_NOTE.by(Note::AUTHOR.by(Person::NAME));
        let people = Person::query().order_by(critic.desc()).all(&db).await.unwrap();
        assert_eq!(ids!(people), [2, 1, 4, 3]);
    });
}

#[test]
fn the_end_of_a_way_is_what_its_start_is_ordered_by() {
    block_on(async {
        let db = school::db();
        // Ann's last note is by Bob, Bob's by Dan.
        let people = Person::query().order_by(Person::LAST_CRITIC.by(Person::NAME).desc()).all(&db).await.unwrap();
        assert_eq!(ids!(people), [2, 1, 4, 3]);
        let but_dan = Person::LAST_CRITIC.filter(Person::NAME.ne("Dan")).by(Person::NAME);
        let people = Person::query().order_by(but_dan.asc()).all(&db).await.unwrap();
        assert_eq!(ids!(people), [1, 2, 3, 4]);
    });
}

#[test]
fn a_has_one_with_several_rows_is_the_one_with_the_smallest_key() {
    block_on(async {
        let db = blog::db();
        execute(&db, "INSERT INTO profiles VALUES (8, 2, 'a'), (9, 1, 'z')");
        let users = User::query().order_by(User::PROFILE.by(Profile::BIO).asc()).all(&db).await.unwrap();
        assert_eq!(ids!(users), [2, 1, 3]);
        let cover = media::Post::query().order_by(media::Post::COVER.by(Cover::ID).asc());
        assert_eq!(ids!(cover.all(&media::db()).await.unwrap()), [1, 2, 3]);
    });
}

#[test]
fn a_filter_of_the_relation_leaves_owners_without_a_target() {
    block_on(async {
        let db = blog::db();
        let but_ann = Post::USER.filter(User::NAME.ne("Ann")).by(User::NAME);
        let posts = Post::query().order_by(but_ann.asc()).order_by(Post::ID.desc()).all(&db).await.unwrap();
        assert_eq!(ids!(posts), [3, 5, 4, 2, 1]);
        // Its values keep their places among those of keys, conditions and limits.
        let but_ann = || Comment::USER.filter(User::NAME.ne("Bob").and(User::ID.lt(50))).by(User::NAME);
        let comments = Post::COMMENTS.filter(Comment::TEXT.ne("b")).order_by(but_ann().asc()).limit(2).offset(1);
        let query = Post::query().filter(Post::SCORE.gt(5).and(Post::COMMENTS.exists()));
        let posts = query.order_by(Post::ID.asc()).with(comments.clone()).all(&db).await.unwrap();
        let of = |post: &Post| ids!(post.comments.get_partial().unwrap());
        assert_eq!(posts.iter().map(of).collect::<Vec<_>>(), [vec![5], vec![], vec![]]);
        posts.get_ref(0).unwrap().load(comments, &db).await.unwrap();
        assert_eq!(of(&posts[0]), [5]);
    });
}

#[test]
fn composite_and_other_keys_lead_to_what_is_ordered_by() {
    block_on(async {
        let db = shop::empty();
        execute(
            &db,
            "INSERT INTO orders VALUES (1, 1, 'b'), (1, 2, 'a'), (2, 1, 'c');
             INSERT INTO lines VALUES (1, 1, 1, NULL), (1, 2, 1, NULL), (2, 1, 1, NULL), (2, 2, 9, NULL);
             INSERT INTO makers VALUES (x'00000000000000000000000000000002', 'm'),
                                       (x'00000000000000000000000000000001', 'n');
             INSERT INTO letters VALUES (1, 'm'), (2, 'n'), (3, 'o')",
        );
        let lines = Line::query().order_by(Line::ORDER.by(Order::NOTE).asc()).all(&db).await.unwrap();
        let keys: Vec<_> = lines.iter().map(|line| (line.shop_id, line.order_id)).collect();
        assert_eq!(keys, [(1, 2), (1, 1), (2, 1), (2, 2)]);
        let letters = Letter::query().order_by(Letter::MAKER.by(Maker::ID).asc()).all(&db).await.unwrap();
        assert_eq!(ids!(letters), [2, 1, 3]);
    });
}

#[test]
fn a_model_that_leads_to_itself_is_ordered_by_what_it_leads_to() {
    block_on(async {
        let db = blog::db();
        let nodes = Node::query().order_by(Node::PARENT.by(Node::PARENT_ID).desc()).all(&db).await.unwrap();
        assert_eq!(nodes[0].id, 5);
        let by_grandparent = Node::PARENT.by(Node::PARENT.by(Node::ID)).desc();
        let nodes = Node::query().order_by(by_grandparent).order_by(Node::ID.asc()).all(&db).await.unwrap();
        assert_eq!(ids!(nodes), [5, 4, 1, 2, 3, 6]);
    });
}

#[test]
fn inherited_relations_and_inherited_columns_are_ordered_by() {
    block_on(async {
        let db = school::db();
        execute(&db, "INSERT INTO badges VALUES (9, 2, 90)");
        let students = Student::query().order_by(Person::BADGE.by(Badge::DAY).desc()).all(&db).await.unwrap();
        assert_eq!(ids!(students), [2, 1]);
        let by_name = school::Enrolment::STUDENT.by(Person::NAME).asc();
        let enrolments = school::Enrolment::query().order_by(by_name).all(&db).await.unwrap();
        assert_eq!(ids!(enrolments), [3, 1, 2]);
        let by_badge = school::Enrolment::STUDENT.by(Person::BADGE.by(Badge::DAY)).desc();
        let enrolments = school::Enrolment::query().order_by(by_badge).all(&db).await.unwrap();
        assert_eq!(ids!(enrolments), [3, 2, 1]);
    });
}

#[test]
fn rows_of_a_join_table_are_ordered_by_what_they_lead_to() {
    block_on(async {
        let db = tags::db();
        let by_name = || Article::TAGS.order_by_pivot(ArticleTag::TAG.by(Tag::NAME).desc());
        let articles = Article::query().with(by_name()).all(&db).await.unwrap();
        let of = |article: &Article| ids!(article.tags.get().unwrap());
        assert_eq!(articles.iter().map(of).collect::<Vec<_>>(), [vec![2, 1], vec![2, 2], vec![]]);
        let articles = Article::query().with(by_name().limit(1)).all(&db).await.unwrap();
        let of = |article: &Article| ids!(article.tags.get_partial().unwrap());
        assert_eq!(articles.iter().map(of).collect::<Vec<_>>(), [vec![2], vec![2], vec![]]);
    });
}

#[test]
fn targets_over_others_and_over_join_tables_are_ordered_by_what_they_lead_to() {
    block_on(async {
        let db = school::db();
        let notes = Person::CLUB_NOTES.order_by(Note::AUTHOR.by(Person::NAME).desc()).limit(2);
        let people = Person::query().with(notes).all(&db).await.unwrap();
        let of = |person: &Person| ids!(person.club_notes.get_partial().unwrap());
        assert_eq!(people.iter().map(of).collect::<Vec<_>>(), [vec![1, 6], vec![1, 6], vec![2], vec![]]);
        let members = school::Club::MEMBERS.order_by(Person::BADGE.by(Badge::DAY).asc());
        let clubs = school::Club::query().with(members).all(&db).await.unwrap();
        assert_eq!(ids!(clubs[0].members.get().unwrap()), [2, 1]);
        let db = blog::db();
        let roots = Node::query().filter(Node::PARENT_ID.is_null());
        let down = Node::CHILDREN.order_by(Node::PARENT.by(Node::ID).desc()).order_by(Node::ID.desc()).recursive();
        let roots = roots.with(down).all(&db).await.unwrap();
        assert_eq!(ids!(roots[0].children.get().unwrap()), [3, 2]);
    });
}

#[test]
fn conditions_and_aggregates_keep_such_an_order_with_its_limit() {
    block_on(async {
        let db = blog::db();
        // Of Ann's posts, the first has a reviewer.
        let reviewed = || User::POSTS.order_by(Post::REVIEWER.by(User::NAME).asc()).limit(1);
        let users = User::query().filter(reviewed().any(Post::SCORE.eq(10))).all(&db).await.unwrap();
        assert_eq!(ids!(users), [1]);
        let users = User::all(&db).await.unwrap();
        assert_eq!(users.sum(reviewed(), Post::SCORE, &db).await.unwrap(), [10, 30, 0]);
        assert_eq!(Post::query().order_by(Post::USER.by(User::NAME).asc()).limit(3).count(&db).await.unwrap(), 3);
    });
}

#[test]
fn a_limit_that_an_order_cannot_keep_is_refused_wherever_it_stands() {
    block_on(async {
        let db = tags::db();
        let few = Article::TAGS.limit(1).any(Tag::NAME.eq("rust"));
        let by = || ArticleTag::ARTICLE.filter(few.clone()).by(Article::TITLE);
        let is_refused =
            |kind: &ErrorKind| matches!(kind, ErrorKind::Limited { relation } if relation == "Article.tags");
        let error = ArticleTag::query().order_by(by().asc()).all(&db).await.unwrap_err();
        assert!(is_refused(error.kind()), "{error}");
        let pivots = Article::TAGS.order_by_pivot(by().asc());
        let error = Article::query().with(pivots).all(&db).await.unwrap_err();
        assert!(is_refused(error.kind()), "{error}");
    });
}

#[test]
fn an_order_prints_as_it_was_written() {
    let order = Comment::POST.by(Post::USER.by(User::NAME)).desc();
    assert_eq!(format!("{order:?}"), "Comment.post.user.name desc");
    assert_eq!(format!("{:?}", Post::USER.by(User::NAME)), "Post.user.name");
}
