//! W4: users, their posts, the comments on these, and who wrote them.

use bench_kit::{Reached, Result, Visitor};

use crate::rows::{Comment, Post, User};
use crate::share::{Lists, Ranges, each, places, places_of};

/// The rows, as they were read.
#[derive(Debug)]
pub struct Rows {
    /// The users.
    pub users: Vec<User>,
    /// Their posts.
    pub posts: Vec<Post>,
    /// The comments on these.
    pub comments: Vec<Comment>,
    /// Who wrote them; none if they are all among the users.
    pub authors: Option<Vec<User>>,
}

/// Vectors as they came, with ranges of places.
#[derive(Debug)]
pub struct Flat {
    rows: Rows,
    posts_of: Ranges,
    comments_of: Ranges,
    /// Of each comment.
    author_of: Vec<u32>,
}

impl Flat {
    /// Shares the rows out.
    pub fn of(rows: Rows) -> Self {
        let Rows { users, posts, comments, authors } = &rows;
        let users_at = places(users);
        let all = |rows: usize| (0..).take(rows).collect();
        let user_of = places_of(&users_at, posts.iter().map(|post| post.user_id));
        let posts_of = Ranges::share(users.len(), &user_of, all(posts.len()));
        let post_of = places_of(&places(posts), comments.iter().map(|comment| comment.post_id));
        let comments_of = Ranges::share(posts.len(), &post_of, all(comments.len()));
        let authors_at = authors.as_ref().map_or(users_at, |authors| places(authors));
        let author_of = places_of(&authors_at, comments.iter().map(|comment| comment.user_id));
        Self { rows, posts_of, comments_of, author_of }
    }
}

impl Reached for Flat {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        let Rows { users, posts, comments, authors } = &self.rows;
        let authors = authors.as_ref().unwrap_or(users);
        for (at, user) in users.iter().enumerate() {
            visitor.row(0, 0, user);
            for &at in self.posts_of.of(at) {
                let post = &posts[at as usize];
                visitor.row(user.id, 0, post);
                for &at in self.comments_of.of(at as usize) {
                    let comment = &comments[at as usize];
                    visitor.row(post.id, 0, comment);
                    let author = self.author_of[at as usize];
                    visitor.row(comment.id, 0, authors.get(author as usize).ok_or("a comment has no author")?);
                }
            }
        }
        Ok(())
    }
}

/// A comment, and the place of its author.
type Said = (Comment, u32);
/// A post, and the comments on it.
type Discussed = (Post, Vec<Said>);

/// A vector for each user, and for each post.
#[derive(Debug)]
pub struct Each {
    users: Vec<(User, Vec<Discussed>)>,
    authors: Option<Vec<User>>,
}

impl Each {
    /// Shares the rows out.
    pub fn of(Rows { users, posts, comments, authors }: Rows) -> Self {
        let users_at = places(&users);
        let user_of = places_of(&users_at, posts.iter().map(|post| post.user_id));
        let post_of = places_of(&places(&posts), comments.iter().map(|comment| comment.post_id));
        let authors_at = authors.as_ref().map_or(users_at, |authors| places(authors));
        let author_of = places_of(&authors_at, comments.iter().map(|comment| comment.user_id));
        let said = comments.into_iter().zip(author_of).collect();
        let comments = each(posts.len(), &post_of, said);
        let posts = each(users.len(), &user_of, posts.into_iter().zip(comments).collect());
        Self { users: users.into_iter().zip(posts).collect(), authors }
    }

    fn author(&self, place: u32) -> Option<&User> {
        match &self.authors {
            Some(authors) => authors.get(place as usize),
            None => self.users.get(place as usize).map(|(user, _)| user),
        }
    }
}

impl Reached for Each {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        for (user, posts) in &self.users {
            visitor.row(0, 0, user);
            for (post, comments) in posts {
                visitor.row(user.id, 0, post);
                for (comment, author) in comments {
                    visitor.row(post.id, 0, comment);
                    visitor.row(comment.id, 0, self.author(*author).ok_or("a comment has no author")?);
                }
            }
        }
        Ok(())
    }
}
