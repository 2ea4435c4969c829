//! Order, limit and offset for each parent.

use crate::blog::{self, Post, User};
use crate::shop::{self, Line, Order, Ticket, TicketId};
use crate::{Db, block_on, execute, sent};
use relations_core::Relations;

fn two_users_with_three_posts() -> Db {
    let db = blog::empty();
    execute(
        &db,
        "INSERT INTO users VALUES (1, 'Ann'), (2, 'Bob'), (3, 'Cid');
         INSERT INTO posts (id, user_id, headline, score) VALUES
            (1, 1, 'a', 5), (2, 1, 'b', 5), (3, 1, 'c', 1), (4, 2, 'd', 7), (5, 2, 'e', 8), (6, 2, 'f', 9)",
    );
    db
}

fn ids(users: &[User]) -> Vec<Vec<i64>> {
    users.iter().map(|user| user.posts.get_partial().unwrap().iter().map(|post| post.id).collect()).collect()
}

#[test]
fn the_latest_two_posts_of_each_user() {
    block_on(async {
        let db = two_users_with_three_posts();
        let log = db.record();
        let latest = User::POSTS.order_by(Post::ID.desc()).limit(2);
        let users = User::query().with(latest.clone()).all(&db).await.unwrap();
        assert_eq!(ids(&users), [vec![3, 2], vec![6, 5], vec![]]);
        let users = User::query().with(latest.clone().offset(1)).all(&db).await.unwrap();
        assert_eq!(ids(&users), [vec![2, 1], vec![5, 4], vec![]]);
        let users = User::query().with(User::POSTS.order_by(Post::ID.asc()).offset(2)).all(&db).await.unwrap();
        assert_eq!(ids(&users), [vec![3], vec![6], vec![]]);
        assert_eq!(sent(&log), 6);
    });
}

#[test]
fn a_limit_applies_after_the_filter_and_by_several_orders() {
    block_on(async {
        let db = two_users_with_three_posts();
        let best =
            User::POSTS.filter(Post::SCORE.ge(5)).order_by(Post::SCORE.desc()).order_by(Post::TITLE.desc()).limit(2);
        let users = User::query().with(best).all(&db).await.unwrap();
        assert_eq!(ids(&users), [vec![2, 1], vec![6, 5], vec![]]);
    });
}

#[test]
fn a_limit_of_one_owner_is_the_same_as_of_many() {
    block_on(async {
        let db = two_users_with_three_posts();
        let user = User::find(&db, 2).await.unwrap().unwrap();
        user.load(User::POSTS.order_by(Post::SCORE.asc()).limit(2), &db).await.unwrap();
        assert_eq!(ids(std::slice::from_ref(&user)), [vec![4, 5]]);
    });
}

#[test]
fn a_limit_of_none_and_a_limit_beyond_the_end() {
    block_on(async {
        let db = two_users_with_three_posts();
        let users = User::query().with(User::POSTS.limit(0)).all(&db).await.unwrap();
        assert_eq!(ids(&users), [vec![], vec![], Vec::<i64>::new()]);
        let users = User::query().with(User::POSTS.limit(u32::MAX)).all(&db).await.unwrap();
        assert_eq!(ids(&users), [vec![1, 2, 3], vec![4, 5, 6], vec![]]);
    });
}

#[test]
fn relations_below_a_limit_load_for_the_rows_within_it() {
    block_on(async {
        let db = two_users_with_three_posts();
        execute(&db, "INSERT INTO comments (post_id, text) SELECT id, headline FROM posts");
        let log = db.record();
        let users = User::query()
            .with(User::POSTS.order_by(Post::ID.desc()).limit(1).with(Post::COMMENTS))
            .all(&db)
            .await
            .unwrap();
        assert_eq!(log.statements()[2].keys, 2);
        assert_eq!(users[1].posts.get_partial().unwrap()[0].comments.get().unwrap()[0].text, "f");
    });
}

#[test]
fn limits_work_with_composite_keys() {
    block_on(async {
        let db = shop::empty();
        execute(
            &db,
            "INSERT INTO orders VALUES (1, 1, 'a'), (1, 2, 'b'), (2, 1, 'c');
             INSERT INTO lines VALUES (1, 1, 1, NULL), (1, 1, 2, NULL), (1, 1, 3, NULL), (2, 1, 7, NULL), (2, 1, 8, NULL)",
        );
        let orders = Order::query().with(Order::LINES.order_by(Line::N.desc()).limit(2)).all(&db).await.unwrap();
        let lines: Vec<Vec<i32>> =
            orders.iter().map(|order| order.lines.get_partial().unwrap().iter().map(|line| line.n).collect()).collect();
        assert_eq!(lines, [vec![3, 2], vec![], vec![8, 7]]);
    });
}

#[test]
fn a_has_one_with_an_order_is_the_first_row_and_reads_no_other() {
    block_on(async {
        let db = shop::empty();
        execute(&db, "INSERT INTO tickets VALUES (1, NULL), (2, NULL), (3, 1), (4, 1), (5, 2), (6, 1)");
        let log = db.record();
        let tickets = Ticket::query().with(Ticket::LAST).all(&db).await.unwrap();
        let last: Vec<_> = tickets.iter().map(|ticket| ticket.last.get().unwrap().map(|last| last.id)).collect();
        assert_eq!(last, [Some(TicketId(6)), Some(TicketId(5)), None, None, None, None]);
        assert_eq!(log.statements()[1].rows, 2);
        let alone = Ticket::find(&db, TicketId(1)).await.unwrap().unwrap();
        assert_eq!(alone.last(&db).await.unwrap().unwrap().id, TicketId(6));
    });
}

#[test]
fn a_limit_without_an_order_is_a_slice_of_the_whole_list() {
    block_on(async {
        let db = two_users_with_three_posts();
        execute(
            &db,
            "INSERT INTO comments (post_id, text) SELECT posts.id, users.name FROM posts, users ORDER BY users.id",
        );
        for (limit, offset) in [(1, 0), (2, 0), (2, 1), (9, 1), (1, 2), (1, 3)] {
            let slice = |len: usize| offset.min(len)..(offset + limit).min(len);
            let (rows, skipped) = (limit.try_into().unwrap(), offset.try_into().unwrap());
            let posts = Post::query().with(Post::COMMENTS).all(&db).await.unwrap();
            posts.load(Post::COMMENTS.limit(rows).offset(skipped), &db).await.unwrap();
            for post in &posts {
                let whole = post.comments.get().unwrap();
                assert!(whole.len() == 3 && whole[0].id > whole[2].id, "in the declared order");
                assert_eq!(post.comments.get_partial().unwrap()[..], whole[slice(3)], "{limit}, {offset}");
            }
            let users = User::query().with(User::POSTS).all(&db).await.unwrap();
            users.load(User::POSTS.limit(rows).offset(skipped), &db).await.unwrap();
            for user in &users {
                let whole = user.posts.get().unwrap();
                assert_eq!(user.posts.get_partial().unwrap()[..], whole[slice(whole.len())], "{limit}, {offset}");
            }
        }
    });
}

#[test]
fn a_filter_on_a_has_one_with_an_order_chooses_among_the_rows_that_meet_it() {
    block_on(async {
        let db = shop::empty();
        execute(&db, "INSERT INTO tickets VALUES (1, NULL), (2, NULL), (3, 1), (4, 1), (5, 2), (6, 1)");
        let narrowed = || Ticket::LAST.filter(Ticket::ID.lt(TicketId(5)));
        let tickets = Ticket::query().with(narrowed()).all(&db).await.unwrap();
        let last = |at: usize| tickets[at].last.get_partial().unwrap().map(|last| last.id);
        assert_eq!((last(0), last(1)), (Some(TicketId(4)), None), "the last below 5, not the last if it is below 5");
        let alone = Ticket::find(&db, TicketId(1)).await.unwrap().unwrap();
        alone.load(narrowed(), &db).await.unwrap();
        assert_eq!(alone.last.get_partial().unwrap().unwrap().id, TicketId(4));
        assert_eq!(alone.last(&db).await.unwrap().unwrap().id, TicketId(6));
    });
}
