//! Queries: filters, orders, limits, counts, windows.

use crate::blog::{self, Comment, Post, User};
use crate::shop::{self, Ticket, TicketId};
use crate::{block_on, execute, sent};
use relations_core::{Filter, Relations};

/// The ids of the posts that meet a condition.
fn posts(condition: Filter<Post>) -> Vec<i64> {
    let db = blog::db();
    block_on(async {
        Post::query().filter(condition).order_by(Post::ID.asc()).all(&db).await.unwrap().iter().map(|p| p.id).collect()
    })
}

#[test]
fn comparisons_select_what_they_say() {
    assert_eq!(posts(Post::SCORE.eq(30)), [3]);
    assert_eq!(posts(Post::SCORE.ne(30)), [1, 2, 4, 5]);
    assert_eq!(posts(Post::SCORE.lt(30)), [1, 2]);
    assert_eq!(posts(Post::SCORE.le(30)), [1, 2, 3]);
    assert_eq!(posts(Post::SCORE.gt(30)), [4, 5]);
    assert_eq!(posts(Post::SCORE.ge(30)), [3, 4, 5]);
    assert_eq!(posts(Post::SCORE.between(20, 40)), [2, 3, 4]);
    assert_eq!(posts(Post::SCORE.is_in([10, 50, 51])), [1, 5]);
    assert_eq!(posts(Post::TITLE.like("t%")), [2, 3]);
    assert_eq!(posts(Post::TITLE.eq("four")), [4]);
    assert_eq!(posts(Post::TITLE.eq(String::from("four"))), [4]);
    assert_eq!(posts(Post::USER_ID.is_null()), [4]);
    assert_eq!(posts(Post::USER_ID.is_not_null()), [1, 2, 3, 5]);
}

#[test]
fn conditions_combine_with_their_own_precedence() {
    let (ten, twenty, titled) = (Post::SCORE.eq(10), Post::SCORE.eq(20), Post::TITLE.eq("two"));
    assert_eq!(posts(ten.clone().or(twenty.clone()).and(titled.clone())), [2]);
    assert_eq!(posts(ten.clone().or(twenty.clone().and(titled.clone()))), [1, 2]);
    assert_eq!(posts(ten.clone().or(titled.clone()).not()), [3, 4, 5]);
    assert_eq!(posts(!ten), [2, 3, 4, 5]);
}

#[test]
fn a_filter_prints_the_fields_it_asks_about() {
    let filter = Post::SCORE.gt(10).or(Post::TITLE.like("t%")).and(!Post::USER_ID.is_null());
    assert_eq!(
        format!("{filter:?}"),
        r#"Filter<Post>(((score Compare(Gt, BigInt(Some(10))) or title Like("t%")) and not user_id Null))"#
    );
}

#[test]
fn a_filter_with_or_stays_together_beside_the_keys() {
    block_on(async {
        let db = blog::db();
        let either = Post::SCORE.eq(20).or(Post::SCORE.eq(30));
        let users = User::query().with(User::POSTS.filter(either)).all(&db).await.unwrap();
        let ids: Vec<Vec<_>> =
            users.iter().map(|user| user.posts.get_partial().unwrap().iter().map(|post| post.id).collect()).collect();
        assert_eq!(ids, [vec![2], vec![3], vec![]]);
    });
}

#[test]
fn null_in_a_comparison_means_null() {
    assert_eq!(posts(Post::USER_ID.eq(None)), [4]);
    assert_eq!(posts(Post::USER_ID.ne(None)), [1, 2, 3, 5]);
    assert_eq!(posts(Post::USER_ID.eq(1)), [1, 2]);
    assert_eq!(posts(Post::USER_ID.is_in([Some(2), None])), [3, 4]);
    assert_eq!(posts(Post::USER_ID.is_in([None::<i64>])), [4]);
    assert_eq!(posts(Post::USER_ID.is_in(Vec::<i64>::new())), Vec::<i64>::new());
}

#[test]
fn hostile_values_are_values() {
    let hostile = "'; DROP TABLE posts; --";
    assert_eq!(posts(Post::TITLE.eq(hostile)), Vec::<i64>::new());
    assert_eq!(posts(Post::TITLE.like(hostile)), Vec::<i64>::new());
    assert_eq!(posts(Post::TITLE.eq("?1")), Vec::<i64>::new());
    assert_eq!(posts(Post::TITLE.ne("\u{1f980} \" ` [ ] \\ %")).len(), 5);
}

#[test]
fn columns_of_newtypes_filter_by_their_values() {
    block_on(async {
        let db = shop::empty();
        execute(&db, "INSERT INTO tickets VALUES (1, NULL), (2, 1)");
        let found = Ticket::query().filter(Ticket::ID.gt(TicketId(1))).all(&db).await.unwrap();
        assert_eq!(found[0].holder, Some(TicketId(1)));
        let found = Ticket::query().filter(Ticket::HOLDER.eq(TicketId(1))).count(&db).await.unwrap();
        assert_eq!(found, 1);
    });
}

#[test]
fn order_limit_and_offset_apply_to_the_rows() {
    block_on(async {
        let db = blog::db();
        let names = |users: &[User]| users.iter().map(|user| user.name.clone()).collect::<Vec<_>>();
        let by_name = || User::query().order_by(User::NAME.desc());
        assert_eq!(names(&by_name().all(&db).await.unwrap()), ["Cid", "Bob", "Ann"]);
        assert_eq!(names(&by_name().limit(1).offset(1).all(&db).await.unwrap()), ["Bob"]);
        assert_eq!(names(&by_name().offset(2).all(&db).await.unwrap()), ["Ann"]);
        assert_eq!(by_name().one(&db).await.unwrap().unwrap().name, "Cid");
        let posts = Post::query().order_by(Post::USER_ID.asc()).order_by(Post::ID.desc()).all(&db).await.unwrap();
        assert_eq!(posts.iter().map(|post| post.id).collect::<Vec<_>>(), [2, 1, 3, 5, 4]);
    });
}

#[test]
fn null_comes_last_whatever_the_direction() {
    block_on(async {
        let db = blog::db();
        for (order, expected) in
            [(Post::REVIEWER_ID.asc(), [3, 1, 5, 2, 4]), (Post::REVIEWER_ID.desc(), [5, 1, 3, 4, 2])]
        {
            let query = || Post::query().order_by(order.clone());
            let posts = query().all(&db).await.unwrap();
            assert_eq!(posts.iter().map(|post| post.id).collect::<Vec<_>>(), expected);
            let mut windows = query().windows(2, &db);
            let mut seen = Vec::new();
            while let Some(window) = windows.next().await.unwrap() {
                seen.extend(window.iter().map(|post| post.id));
            }
            assert_eq!(seen, expected);
        }
    });
}

#[test]
fn counts_and_existence_are_asked_of_the_database() {
    block_on(async {
        let db = blog::db();
        let log = db.record();
        assert_eq!(Post::query().count(&db).await.unwrap(), 5);
        assert_eq!(Post::query().filter(Post::SCORE.gt(20)).count(&db).await.unwrap(), 3);
        assert_eq!(Post::query().limit(2).count(&db).await.unwrap(), 2);
        assert_eq!(Post::query().offset(4).count(&db).await.unwrap(), 1);
        assert!(Post::query().filter(Post::SCORE.gt(20)).exists(&db).await.unwrap());
        assert!(!Post::query().filter(Post::SCORE.gt(200)).exists(&db).await.unwrap());
        assert!(log.statements().iter().all(|statement| statement.rows == 1), "no row is read to be counted");
    });
}

#[test]
fn a_limit_of_none_stays_one_whatever_is_asked() {
    block_on(async {
        let db = blog::db();
        assert!(Post::query().limit(0).all(&db).await.unwrap().is_empty());
        assert!(Post::query().limit(0).one(&db).await.unwrap().is_none());
        assert!(!Post::query().limit(0).exists(&db).await.unwrap());
        assert_eq!(Post::query().limit(0).count(&db).await.unwrap(), 0);
        assert!(Post::query().limit(0).windows(10, &db).next().await.unwrap().is_none());
    });
}

#[test]
fn find_reads_one_row_by_key() {
    block_on(async {
        let db = blog::db();
        assert_eq!(User::find(&db, 2).await.unwrap().unwrap().name, "Bob");
        assert!(User::find(&db, 77).await.unwrap().is_none());
    });
}

#[test]
fn a_query_by_key_loads_a_row_with_its_relations() {
    block_on(async {
        let db = blog::db();
        let user = User::by_key(1).with(User::POSTS).one(&db).await.unwrap().unwrap();
        assert_eq!(user.posts.get().unwrap().len(), 2);
        assert!(User::by_key(1).filter(User::NAME.eq("Bob")).one(&db).await.unwrap().is_none());
        assert_eq!(User::by_key(77).count(&db).await.unwrap(), 0);
    });
}

#[test]
fn a_relation_query_is_narrowed_like_any_other_and_never_remembered() {
    block_on(async {
        let db = blog::db();
        let user = User::query().with(User::POSTS).one(&db).await.unwrap().unwrap();
        assert_eq!(user.posts_query().count(&db).await.unwrap(), 2);
        assert_eq!(user.posts_query().filter(Post::SCORE.gt(10)).all(&db).await.unwrap().len(), 1);
        assert_eq!(user.posts_query().order_by(Post::ID.desc()).one(&db).await.unwrap().unwrap().id, 2);
        assert_eq!(user.posts_query().limit(1).offset(1).all(&db).await.unwrap()[0].id, 2);
        let nested = user.posts_query().with(Post::COMMENTS).all(&db).await.unwrap();
        assert_eq!(nested[0].comments.get().unwrap().len(), 3);
        execute(&db, "INSERT INTO posts (id, user_id, headline) VALUES (10, 1, 'new')");
        assert_eq!(user.posts_query().count(&db).await.unwrap(), 3);
        assert_eq!(user.posts(&db).await.unwrap().len(), 2);
        let post = Post::find(&db, 1).await.unwrap().unwrap();
        assert_eq!(post.user_query().all(&db).await.unwrap()[0].name, "Ann");
        assert_eq!(user.profile_query().one(&db).await.unwrap().unwrap().bio, "writes");
    });
}

#[test]
fn a_partial_load_does_not_narrow_the_relation_query() {
    block_on(async {
        let db = blog::db();
        let user = User::query().with(User::POSTS.filter(Post::SCORE.gt(10))).one(&db).await.unwrap().unwrap();
        assert_eq!(user.posts.get_partial().unwrap().len(), 1);
        assert_eq!(user.posts_query().count(&db).await.unwrap(), 2);
    });
}

#[test]
fn a_relation_query_keeps_the_declared_order() {
    block_on(async {
        let db = blog::db();
        let post = Post::find(&db, 1).await.unwrap().unwrap();
        let ids: Vec<_> = post.comments_query().all(&db).await.unwrap().iter().map(|comment| comment.id).collect();
        assert_eq!(ids, [5, 2, 1]);
    });
}

#[test]
fn windows_cover_all_rows_once_whatever_their_size() {
    block_on(async {
        let db = blog::empty();
        execute(
            &db,
            "INSERT INTO posts
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 23) SELECT i, 1, NULL, 'p', i % 3 FROM n",
        );
        let orders = [
            (None, Post::ID.asc()),
            (Some(Post::SCORE.asc()), Post::ID.asc()),
            (Some(Post::SCORE.desc()), Post::ID.desc()),
            (Some(Post::ID.desc()), Post::ID.desc()),
        ];
        for size in [1, 2, 7, 22, 23, 24, 1_000] {
            for (order, ties) in &orders {
                for (limit, offset, expected) in [(None, 0, 23), (Some(10), 0, 10), (Some(10), 20, 3), (None, 5, 18)] {
                    let mut query = Post::query();
                    if let Some(order) = order {
                        query = query.order_by(order.clone());
                    }
                    if let Some(limit) = limit {
                        query = query.limit(limit);
                    }
                    let all = {
                        let mut all = Post::query();
                        if let Some(order) = order {
                            all = all.order_by(order.clone());
                        }
                        let rows = all.order_by(ties.clone()).offset(offset).limit(limit.unwrap_or(99));
                        rows.all(&db).await.unwrap().to_vec()
                    };
                    let mut seen = Vec::new();
                    let mut windows = query.offset(offset).windows(size, &db);
                    while let Some(window) = windows.next().await.unwrap() {
                        assert!(window.len() <= size as usize && !window.is_empty());
                        seen.extend(window.to_vec());
                    }
                    assert_eq!(seen.len(), expected);
                    assert_eq!(seen, all, "size {size}, order {order:?}, limit {limit:?}, offset {offset}");
                }
            }
        }
    });
}

#[test]
fn windows_load_trees_and_are_not_shifted_by_rows_that_go() {
    block_on(async {
        let db = blog::db();
        let mut windows = Post::query().with(Post::COMMENTS).windows(2, &db);
        let first = windows.next().await.unwrap().unwrap();
        assert_eq!(first[0].comments.get().unwrap().len(), 3);
        execute(&db, "DELETE FROM posts WHERE id IN (1, 2)");
        let second = windows.next().await.unwrap().unwrap();
        assert_eq!(second.iter().map(|post| post.id).collect::<Vec<_>>(), [3, 4]);
        assert_eq!(windows.next().await.unwrap().unwrap()[0].id, 5);
        assert!(windows.next().await.unwrap().is_none());
        assert!(windows.next().await.unwrap().is_none());
    });
}

#[test]
fn windows_of_a_composite_key_and_of_a_relation() {
    use crate::shop::{Line, Order};
    block_on(async {
        let db = shop::empty();
        execute(
            &db,
            "INSERT INTO orders VALUES (1, 1, 'a');
             INSERT INTO lines VALUES (1, 1, 1, NULL), (1, 1, 2, NULL), (1, 2, 1, NULL), (2, 1, 1, NULL), (2, 1, 2, NULL)",
        );
        let mut windows = Line::query().windows(2, &db);
        let mut seen = Vec::new();
        while let Some(window) = windows.next().await.unwrap() {
            seen.extend(window.iter().map(|line| (line.shop_id, line.order_id, line.n)));
        }
        assert_eq!(seen, [(1, 1, 1), (1, 1, 2), (1, 2, 1), (2, 1, 1), (2, 1, 2)]);
        let order = Order::find(&db, (1, 1)).await.unwrap().unwrap();
        let mut windows = order.lines_query().windows(1, &db);
        let mut seen = 0;
        while windows.next().await.unwrap().is_some() {
            seen += 1;
        }
        assert_eq!(seen, 2);
    });
}

#[test]
fn a_query_sends_one_statement_each_time_it_is_run() {
    block_on(async {
        let db = blog::db();
        let log = db.record();
        for _ in 0..3 {
            Comment::all(&db).await.unwrap();
        }
        assert_eq!(sent(&log), 3);
        assert_eq!(log.statements()[0].rows, 5);
        assert_eq!(log.statements()[0].model, "Comment");
    });
}

#[test]
fn a_relation_query_of_each_kind_has_exactly_the_rows_of_the_relation() {
    block_on(async {
        let db = blog::db();
        let (users, posts) = (User::all(&db).await.unwrap(), Post::all(&db).await.unwrap());
        for user in &users {
            assert_eq!(user.posts_query().all(&db).await.unwrap(), user.posts(&db).await.unwrap());
            assert_eq!(user.posts_query().count(&db).await.unwrap(), user.posts(&db).await.unwrap().len() as u64);
            let profile = user.profile(&db).await.unwrap();
            assert_eq!(
                user.profile_query().all(&db).await.unwrap().to_vec(),
                Vec::from_iter(profile.as_deref().cloned())
            );
        }
        for post in &posts {
            let user = post.user(&db).await.unwrap();
            assert_eq!(post.user_query().all(&db).await.unwrap().to_vec(), Vec::from_iter(user.as_deref().cloned()));
        }
        assert!(posts.iter().any(|post| post.user.get().unwrap().is_some()));
    });
}

#[test]
fn a_relation_query_counts_under_a_limit_and_tells_whether_there_is_a_row() {
    block_on(async {
        let db = blog::db();
        for (id, posts) in [(1, 2), (2, 1), (3, 0)] {
            let user = User::find(&db, id).await.unwrap().unwrap();
            assert_eq!(user.posts_query().exists(&db).await.unwrap(), posts > 0);
            assert_eq!(user.posts_query().limit(1).count(&db).await.unwrap(), posts.min(1));
            assert_eq!(
                user.posts_query().filter(Post::SCORE.gt(0)).offset(1).count(&db).await.unwrap(),
                posts.max(1) - 1
            );
        }
        let post = Post::find(&db, 1).await.unwrap().unwrap();
        assert!(post.user_query().exists(&db).await.unwrap());
    });
}
