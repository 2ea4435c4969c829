//! What the workloads give, with every relation that they loaded.

use std::collections::VecDeque;

use bench_kit::{Reached, Result, Visitor};
use relations_core::{Many, Ref};

use crate::model::{Node, Post, User};

/// Users with their posts.
pub struct UsersWithPosts(pub Many<User>);

impl Reached for UsersWithPosts {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        self.0.iter().try_for_each(|user| walk_user(user, visitor))
    }
}

/// One user with its posts.
pub struct UserWithPosts(pub Ref<User>);

impl Reached for UserWithPosts {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        walk_user(&self.0, visitor)
    }
}

fn walk_user(user: &User, visitor: &mut impl Visitor) -> Result<()> {
    visitor.row(0, 0, user);
    user.posts.get()?.iter().for_each(|post| visitor.row(user.id, 0, post));
    Ok(())
}

/// Users with their latest posts, the latest first.
pub struct Latest(pub Many<User>);

impl Reached for Latest {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        for user in &self.0 {
            visitor.row(0, 0, user);
            user.posts.get_partial()?.iter().enumerate().for_each(|(place, post)| visitor.row(user.id, place, post));
        }
        Ok(())
    }
}

/// Posts with their authors.
pub struct WithAuthors(pub Many<Post>);

impl Reached for WithAuthors {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        for post in &self.0 {
            visitor.row(0, 0, post);
            visitor.row(post.id, 0, &*post.author.get()?);
        }
        Ok(())
    }
}

/// Posts with their tags.
pub struct WithTags(pub Many<Post>);

impl Reached for WithTags {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        for post in &self.0 {
            visitor.row(0, 0, post);
            post.tags.get()?.iter().for_each(|tag| visitor.row(post.id, 0, tag));
        }
        Ok(())
    }
}

/// Users with their posts, the comments on these, and who wrote them.
pub struct Talk(pub Many<User>);

impl Reached for Talk {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        for user in &self.0 {
            visitor.row(0, 0, user);
            for post in user.posts.get()?.iter() {
                visitor.row(user.id, 0, post);
                for comment in post.comments.get()?.iter() {
                    visitor.row(post.id, 0, comment);
                    visitor.row(comment.id, 0, &*comment.author.get()?);
                }
            }
        }
        Ok(())
    }
}

/// A tree of nodes.
pub struct Tree(pub Ref<Node>);

impl Reached for Tree {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        let mut open: VecDeque<&Node> = VecDeque::from([&*self.0]);
        while let Some(node) = open.pop_front() {
            visitor.row(node.parent_id.unwrap_or_default(), 0, node);
            open.extend(node.children.get()?.iter());
        }
        Ok(())
    }
}
