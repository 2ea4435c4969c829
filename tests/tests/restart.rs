//! A server that is killed and started again in the middle of loads. The environment says how: a command in
//! `RELATIONS_TEST_POSTGRES_RESTART` and `RELATIONS_TEST_MYSQL_RESTART`.

use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use relations_core::{Error, ErrorKind, Fault, Postgres, Relations, Result, Sqlx};
use relations_tests::blog::{Comment, Post, ROWS, SCHEMA, User};
use relations_tests::{Limits, TestSource, block_on, database_on};

fn fault(error: &Error) -> Option<Fault> {
    match error.kind() {
        ErrorKind::Statement { fault, .. } | ErrorKind::Connection { fault, .. } => Some(*fault),
        _ => None,
    }
}

/// Reads with `read` again and again while the command kills the server and starts it again; the errors meanwhile.
fn reads_through_a_restart<D: TestSource>(
    (url, command): (&str, &str),
    read: impl AsyncFn(&D) -> Result<usize> + Send + Copy + 'static,
) -> Option<Vec<Error>> {
    let (Ok(_), Ok(command)) = (std::env::var(url), std::env::var(command)) else {
        eprintln!("SKIPPED: set {url} and {command} to test what happens when the server is killed");
        return None;
    };
    let db: D = database_on(Limits::NONE, SCHEMA, ROWS);
    let before = block_on(read(&db)).unwrap();
    let is_up = AtomicBool::new(false);
    let (mut errors, mut reads_after) = (Vec::new(), 0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let status = Command::new("sh").args(["-c", &command]).status();
            is_up.store(true, Ordering::Release);
            assert!(status.expect("the command that restarts the server").success());
        });
        let started = Instant::now();
        while reads_after < 20 && started.elapsed() < Duration::from_secs(90) {
            match block_on(read(&db)) {
                Ok(found) => {
                    assert_eq!(found, before);
                    reads_after += usize::from(is_up.load(Ordering::Acquire));
                }
                Err(error) => errors.push(error),
            }
        }
    });
    for error in &errors {
        assert!(matches!(fault(error), Some(Fault::Disconnected)), "{error}");
        assert!(error.to_string().contains("there is no connection to the database"), "{error}");
    }
    assert_eq!(reads_after, 20, "loads did not recover; the last error: {:?}", errors.last());
    Some(errors)
}

/// A tree, then lazy reads: the number of comments.
macro_rules! read {
    () => {
        async |db| {
            let users = User::query().with(User::POSTS.with(Post::COMMENTS)).all(db).await?;
            let mut comments = 0;
            for comment in &Comment::all(db).await? {
                comments += usize::from(comment.user(db).await?.is_some());
            }
            Ok(users.len() + comments)
        }
    };
}

#[test]
fn loads_from_postgres_fail_clearly_while_it_is_down_and_recover() {
    let environment = ("RELATIONS_TEST_POSTGRES_URL", "RELATIONS_TEST_POSTGRES_RESTART");
    let errors = reads_through_a_restart::<Postgres>(environment, read!());
    assert!(errors.is_none_or(|errors| !errors.is_empty()), "no load noticed that the server was killed");
    // sqlx's pools wait for a server that is down, so perhaps no load notices.
    reads_through_a_restart::<Sqlx<sqlx::Postgres>>(environment, read!());
}

#[test]
fn loads_from_mysql_fail_clearly_while_it_is_down_and_recover() {
    let environment = ("RELATIONS_TEST_MYSQL_URL", "RELATIONS_TEST_MYSQL_RESTART");
    reads_through_a_restart::<Sqlx<sqlx::MySql>>(environment, read!());
}
