//! What the loads give, where it is more than pairs: models whose relations are loaded, and trees put together by hand.

use bench_kit::{LATEST, Reached, Result, Visitor};
use toasty::Deferred;

use crate::model::{Comment, Post, User};

/// A relation that should be loaded; `get` would panic if it is not.
fn loaded<T>(relation: &Deferred<T>) -> Result<&T> {
    if relation.is_unloaded() { Err("the relation is not loaded".into()) } else { Ok(relation.get()) }
}

/// Users with their posts included (W1, W6).
pub struct UserPosts(pub Vec<User>);

impl Reached for UserPosts {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        for user in &self.0 {
            visitor.row(0, 0, user);
            loaded(&user.posts)?.iter().for_each(|post| visitor.row(user.id, 0, post));
        }
        Ok(())
    }
}

/// Posts with their authors included (W2, W2k).
pub struct PostAuthors(pub Vec<Post>);

impl Reached for PostAuthors {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        for post in &self.0 {
            visitor.row(0, 0, post);
            visitor.row(post.id, 0, loaded(&post.user)?);
        }
        Ok(())
    }
}

/// Posts with their tags included (W3).
pub struct PostTags(pub Vec<Post>);

impl Reached for PostTags {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        for post in &self.0 {
            visitor.row(0, 0, post);
            loaded(&post.tags)?.iter().for_each(|tag| visitor.row(post.id, 0, tag));
        }
        Ok(())
    }
}

/// Users with posts with comments with authors included (W4).
pub struct Included(pub Vec<User>);

impl Reached for Included {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        for user in &self.0 {
            visitor.row(0, 0, user);
            for post in loaded(&user.posts)? {
                visitor.row(user.id, 0, post);
                for comment in loaded(&post.comments)? {
                    visitor.row(post.id, 0, comment);
                    visitor.row(comment.id, 0, loaded(&comment.user)?);
                }
            }
        }
        Ok(())
    }
}

/// A post with its comments and their authors.
pub type Discussed = (Post, Vec<(Comment, User)>);

/// Users with posts with comments with authors, put together by hand (W4).
pub struct Tree(pub Vec<(User, Vec<Discussed>)>);

impl Reached for Tree {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        for (user, posts) in &self.0 {
            visitor.row(0, 0, user);
            for (post, comments) in posts {
                visitor.row(user.id, 0, post);
                for (comment, author) in comments {
                    visitor.row(post.id, 0, comment);
                    visitor.row(comment.id, 0, author);
                }
            }
        }
        Ok(())
    }
}

/// Users with their latest posts, in order (W8).
pub struct Latest(pub Vec<(User, Vec<Post>)>);

impl Reached for Latest {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        for (user, posts) in &self.0 {
            visitor.row(0, 0, user);
            posts.iter().enumerate().for_each(|(place, post)| visitor.row(user.id, place, post));
        }
        Ok(())
    }
}

/// Users with all posts included in order, of which the first ones count (W8).
pub struct Cut(pub Vec<User>);

impl Reached for Cut {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        for user in &self.0 {
            visitor.row(0, 0, user);
            let latest = loaded(&user.posts)?.iter().take(LATEST.unsigned_abs() as usize);
            latest.enumerate().for_each(|(place, post)| visitor.row(user.id, place, post));
        }
        Ok(())
    }
}
