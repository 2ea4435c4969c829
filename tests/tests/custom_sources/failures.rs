//! What a source of one's own cannot do or fails to do is an error that says so, for those whom it concerns.

use std::error::Error as _;

use relations_core::source::{By, Fetched, Lookup};
use relations_core::{CustomSource, ErrorKind, Fetch, Relations, block_on};

use crate::blog::{self, Post, User};
use crate::library::service;

#[test]
fn columns_that_it_does_not_fetch_by_are_an_error_that_names_those_it_does() {
    let source = service();
    block_on(async {
        let users = User::all(&source).await.unwrap();
        source.fetcher().taken();
        let error = users[0].reviews(&source).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "User.reviews (`Post`): the source cannot fetch rows by `reviewer_id`; it can by `user_id` and by `id`; name what \
             else it can in its `Fetch::BY`"
        );
        let ErrorKind::Unsupported { model, relation, .. } = error.kind() else { panic!("{error:?}") };
        assert_eq!((*model, relation.unwrap().to_string()), ("Post", "User.reviews".to_owned()));
        let error = users[0].profile(&source).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "User.profile (`Profile`): the source cannot fetch rows by `user_id`; name the columns that it can in its \
             `Fetch::BY`"
        );
    });
    assert!(source.fetcher().taken().is_empty(), "nothing was asked of it");
}

#[test]
fn a_key_that_fails_fails_its_own_rows_only() {
    let source = service();
    block_on(async {
        let posts = Post::all(&blog::db()).await.unwrap();
        assert_eq!(posts[0].comments(&source).await.unwrap().len(), 3);
        let error = posts[2].comments(&source).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "Post.comments (`Comment`): the source failed for the key 3: the comments are closed"
        );
        assert_eq!(posts[1].comments(&source).await.unwrap().len(), 1);
    });
    assert_eq!(source.fetcher().taken().len(), 1);
}

/// Answers as it is told.
struct Told(fn(Vec<i64>) -> Result<Vec<Post>, std::io::Error>);

impl Fetch<Post, i64> for Told {
    type Error = std::io::Error;
    const BY: &'static [By<Post, i64>] = &[By::column(Post::USER_ID)];

    async fn fetch(&self, lookup: Lookup<Post, i64>) -> Result<Fetched<Post, i64>, Self::Error> {
        self.0(lookup.keys).map(Into::into)
    }
}

fn post(user_id: Option<i64>) -> Post {
    Post {
        id: 1,
        user_id,
        reviewer_id: None,
        title: String::new(),
        score: 0,
        user: Default::default(),
        reviewer: Default::default(),
        comments: Default::default(),
    }
}

#[test]
fn a_call_that_fails_is_an_error_with_the_sources_own_behind_it_and_the_next_reader_tries_again() {
    let source = CustomSource::new(Told(|_| Err(std::io::Error::other("503: try again"))));
    block_on(async {
        let users = User::all(&blog::db()).await.unwrap();
        let error = users[0].posts(&source).await.unwrap_err();
        assert_eq!(error.to_string(), "User.posts (`Post`): the source failed: 503: try again");
        let cause = error.source().unwrap().downcast_ref::<std::io::Error>();
        assert_eq!(cause.unwrap().to_string(), "503: try again");
        let better = CustomSource::new(Told(|keys| Ok(vec![post(keys.first().copied())])));
        assert_eq!(users[0].posts(&better).await.unwrap().len(), 1);
    });
}

#[test]
fn rows_that_were_not_asked_for_are_an_error() {
    block_on(async {
        let users = User::all(&blog::db()).await.unwrap();
        let other = CustomSource::new(Told(|_| Ok(vec![post(Some(1)), post(Some(77))])));
        let error = users[0].posts(&other).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "User.posts (`Post`): the source failed: it gave a row with user_id = 77, which was not asked for"
        );
        let none = CustomSource::new(Told(|_| Ok(vec![post(None)])));
        let error = users[0].posts(&none).await.unwrap_err();
        assert!(error.to_string().ends_with("a row with user_id = null, which was not asked for"), "{error}");
    });
}
