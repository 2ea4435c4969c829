//! Windows: a query read piece by piece, each with peers of its own.

use futures::TryStreamExt;
use futures::stream::try_unfold;
use relations_core::{Error, Relations};

use crate::blog::{self, Comment, Post, User};
use crate::shop::{self, Line};
use crate::{Db, TestSource, block_on, execute, relations};

/// Five lines in two orders.
fn lines() -> Db {
    let db = shop::empty();
    execute(
        &db,
        "INSERT INTO lines VALUES (1, 1, 1, 'b'), (1, 1, 2, 'a'), (1, 2, 1, 'c'), (2, 1, 1, 'b'), (2, 1, 3, NULL)",
    );
    db
}

#[test]
fn windows_down_the_key_are_not_shifted_by_rows_that_come_and_go() {
    block_on(async {
        let db = blog::db();
        let log = db.log();
        let mut windows = Post::query().order_by(Post::ID.desc()).with(Post::COMMENTS).windows(2, &db);
        let mut seen = Vec::new();
        while let Some(posts) = windows.next().await.unwrap() {
            assert!(posts.iter().all(|post| post.comments.is_loaded()));
            seen.extend(posts.iter().map(|post| post.id));
            if seen.len() == 2 {
                execute(&db, "DELETE FROM posts WHERE id = 5; INSERT INTO posts (id, headline) VALUES (6, 'six')");
            }
        }
        assert_eq!(seen, [5, 4, 3, 2, 1]);
        let of_posts: Vec<_> = log.statements().into_iter().filter(|statement| statement.model == "Post").collect();
        assert_eq!(of_posts.len(), 3);
        assert!(of_posts.iter().all(|statement| !statement.sql.contains("OFFSET")), "{of_posts:?}");
    });
}

#[test]
fn windows_of_a_composite_key_follow_it_in_either_direction() {
    block_on(async {
        let db = lines();
        let up = || Line::query().order_by(Line::SHOP_ID.asc());
        let down = || Line::query().order_by(Line::SHOP_ID.desc()).order_by(Line::ORDER_ID.desc());
        let log = db.log();
        for size in 1..7 {
            for (query, whole) in [(up(), up()), (down(), down())] {
                let (mut windows, mut seen) = (query.windows(size, &db), Vec::new());
                while let Some(lines) = windows.next().await.unwrap() {
                    seen.extend(lines.iter().map(Key::key_of_three));
                }
                let whole = whole.all(&db).await.unwrap();
                assert_eq!(seen, whole.iter().map(Key::key_of_three).collect::<Vec<_>>(), "{size}");
            }
        }
        assert!(log.statements().iter().all(|statement| !statement.sql.contains("OFFSET")));
    });
}

#[test]
fn windows_in_any_other_order_see_each_row_once() {
    block_on(async {
        let db = lines();
        for order in [Line::ARTICLE_CODE.asc(), Line::ARTICLE_CODE.desc(), Line::N.desc()] {
            let query = || Line::query().order_by(Line::SHOP_ID.desc()).order_by(order.clone());
            let (mut windows, mut seen) = (query().windows(2, &db), Vec::new());
            while let Some(lines) = windows.next().await.unwrap() {
                seen.extend(lines.iter().map(Key::key_of_three));
            }
            let whole = query().all(&db).await.unwrap();
            assert_eq!(seen, whole.iter().map(Key::key_of_three).collect::<Vec<_>>());
        }
    });
}

trait Key {
    fn key_of_three(&self) -> (i64, i64, i32);
}

impl Key for Line {
    fn key_of_three(&self) -> (i64, i64, i32) {
        (self.shop_id, self.order_id, self.n)
    }
}

#[test]
fn windows_are_a_stream_whose_tree_and_peers_are_those_of_each_window() {
    let db = blog::db();
    execute(&db, "INSERT INTO users VALUES (4, 'Dan'), (5, 'Eve')");
    let log = db.log();
    // Another thread: the stream may be sent to a task.
    let read = move || {
        block_on(async {
            let windows = User::query().with(User::POSTS).windows(2, &db);
            let stream = try_unfold(windows, |mut windows| async move {
                Ok::<_, Error>(windows.next().await?.map(|users| (users, windows)))
            });
            let counts = stream.and_then(async |users| {
                for user in &users {
                    user.profile(&db).await?;
                }
                Ok(users.iter().map(|user| user.posts.get().map_or(0, |posts| posts.len())).collect::<Vec<_>>())
            });
            counts.try_collect::<Vec<_>>().await
        })
    };
    let counts = std::thread::spawn(read).join().unwrap().unwrap();
    assert_eq!(counts, [vec![2, 1], vec![0, 0], vec![0]]);
    let sent: Vec<_> = relations(&log).into_iter().filter(|(name, _)| name.contains('.')).collect();
    let expected = [2, 2, 1].map(|keys| [("User.posts".to_owned(), keys), ("User.profile".to_owned(), keys)]);
    assert_eq!(sent, expected.concat());
}

#[test]
fn windows_of_a_relation_follow_the_order_that_it_declares() {
    block_on(async {
        let db = blog::db();
        let post = Post::find(&db, 1).await.unwrap().unwrap();
        let log = db.log();
        let (mut windows, mut seen) = (post.comments_query().with(Comment::USER).windows(2, &db), Vec::new());
        while let Some(comments) = windows.next().await.unwrap() {
            seen.push(comments.iter().map(|comment| comment.id).collect::<Vec<_>>());
        }
        assert_eq!(seen, [vec![5, 2], vec![1]]);
        assert!(log.statements().iter().all(|statement| !statement.sql.contains("OFFSET")));
    });
}

#[test]
fn a_reader_of_windows_may_be_sent_to_another_thread() {
    fn sent<T: Send>(value: T) -> T {
        value
    }
    let db = blog::db();
    let mut windows = Post::query().order_by(Post::USER.by(User::NAME).desc()).windows(3, &db);
    let first = block_on(sent(windows.next())).unwrap().unwrap();
    assert_eq!(first.iter().map(|post| post.id).collect::<Vec<_>>(), [3, 2, 1]);
}
