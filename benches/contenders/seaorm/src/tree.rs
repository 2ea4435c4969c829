//! What the loads give, where it is more than pairs: models of the entity loader, and trees that are put together by
//! hand.

use bench_kit::{Reached, Result, Visitor};
use sea_orm::EntityTrait;
use sea_orm::entity::compound::{BelongsTo, HasMany};

use crate::entity::{comment, post, user};

/// Users with their posts, in the fields of the entity loader (W1, W6).
pub struct UsersEx(pub Vec<user::ModelEx>);

impl Reached for UsersEx {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        for user in &self.0 {
            visitor.row(0, 0, user);
            loaded(&user.posts)?.iter().for_each(|post| visitor.row(user.id, 0, post));
        }
        Ok(())
    }
}

/// Posts with their authors, in the fields of the entity loader (W2, W2k).
pub struct AuthorsEx(pub Vec<post::ModelEx>);

impl Reached for AuthorsEx {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        for post in &self.0 {
            let BelongsTo::Loaded(author) = &post.author else { return Err("the author is not loaded".into()) };
            visitor.row(0, 0, post);
            visitor.row(post.id, 0, author.as_ref());
        }
        Ok(())
    }
}

/// Posts with their tags, in the fields of the entity loader (W3).
pub struct TagsEx(pub Vec<post::ModelEx>);

impl Reached for TagsEx {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        for post in &self.0 {
            visitor.row(0, 0, post);
            loaded(&post.tags)?.iter().for_each(|tag| visitor.row(post.id, 0, tag));
        }
        Ok(())
    }
}

fn loaded<E: EntityTrait>(many: &HasMany<E>) -> Result<&[E::ModelEx]> {
    match many {
        HasMany::Loaded(models) => Ok(models),
        HasMany::Unloaded => Err("the relation is not loaded".into()),
    }
}

/// A comment with its author.
pub type Said = (comment::Model, Option<user::Model>);
/// A post with its comments.
pub type Discussed = (post::Model, Vec<Said>);

/// Users with posts with comments with authors (W4).
pub struct Tree(pub Vec<(user::Model, Vec<Discussed>)>);

impl Reached for Tree {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        for (user, posts) in &self.0 {
            visitor.row(0, 0, user);
            for (post, comments) in posts {
                visitor.row(user.id, 0, post);
                for (comment, author) in comments {
                    visitor.row(post.id, 0, comment);
                    visitor.row(comment.id, 0, author.as_ref().ok_or("the author is missing")?);
                }
            }
        }
        Ok(())
    }
}

/// Users with their latest posts, in order (W8).
pub struct Latest(pub Vec<(user::Model, Vec<post::Model>)>);

impl Reached for Latest {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        for (user, posts) in &self.0 {
            visitor.row(0, 0, user);
            posts.iter().enumerate().for_each(|(place, post)| visitor.row(user.id, place, post));
        }
        Ok(())
    }
}
