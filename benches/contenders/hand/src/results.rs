//! What the workloads give, whichever database the rows are from.

use bench_kit::reach::{Keyed, Nested};
use bench_kit::{Columns, LATEST, Reached, Result, Visitor};

use crate::rows::{Pair, Post, Tag, User};
use crate::share::{Lists, Ranges, nest, places, places_of};

pub mod talk;

/// Owners, and their rows in one vector, as they came.
#[derive(Debug)]
pub struct Flat<O, C> {
    owners: Vec<O>,
    rows: Vec<C>,
    ranges: Ranges,
}

impl<O: Keyed, C> Flat<O, C> {
    /// Shares the rows out.
    pub fn of(owners: Vec<O>, rows: Vec<C>, owner: impl Fn(&C) -> i64) -> Self {
        let owner_of = places_of(&places(&owners), rows.iter().map(owner));
        let all = (0..).take(rows.len()).collect();
        Self { ranges: Ranges::share(owners.len(), &owner_of, all), owners, rows }
    }
}

impl<O: Columns + Keyed, C: Columns> Reached for Flat<O, C> {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        for (at, owner) in self.owners.iter().enumerate() {
            visitor.row(0, 0, owner);
            self.ranges.of(at).iter().for_each(|&row| visitor.row(owner.key(), 0, &self.rows[row as usize]));
        }
        Ok(())
    }
}

/// One user with its posts.
#[derive(Debug)]
pub struct UserWithPosts(pub User, pub Vec<Post>);

impl Reached for UserWithPosts {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        visitor.row(0, 0, &self.0);
        self.1.iter().for_each(|post| visitor.row(self.0.id, 0, post));
        Ok(())
    }
}

/// Users with their latest posts, the latest first.
#[derive(Debug)]
pub struct Latest(Nested<User, Post>);

impl Latest {
    /// Shares the posts out, and keeps the latest of each user's.
    pub fn of((users, posts): (Vec<User>, Vec<Post>)) -> Self {
        let mut nested = nest(users, posts, |post| post.user_id);
        for (_, posts) in &mut nested.0 {
            posts.sort_unstable_by_key(|post| std::cmp::Reverse(post.id));
            posts.truncate(LATEST as usize);
        }
        Self(nested)
    }
}

impl Reached for Latest {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        for (user, posts) in &self.0.0 {
            visitor.row(0, 0, user);
            posts.iter().enumerate().for_each(|(place, post)| visitor.row(user.id, place, post));
        }
        Ok(())
    }
}

/// Posts, and the places of their authors.
#[derive(Debug)]
pub struct WithAuthors {
    posts: Vec<Post>,
    authors: Vec<User>,
    author_of: Vec<u32>,
}

impl WithAuthors {
    /// Finds the author of each post by key.
    pub fn of((posts, authors): (Vec<Post>, Vec<User>)) -> Self {
        let author_of = places_of(&places(&authors), posts.iter().map(|post| post.user_id));
        Self { posts, authors, author_of }
    }

    /// With an author for each post, in the order of the posts.
    pub fn one_by_one((posts, authors): (Vec<Post>, Vec<User>)) -> Self {
        Self { author_of: (0..).take(posts.len()).collect(), posts, authors }
    }
}

impl Reached for WithAuthors {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        for (post, &author) in self.posts.iter().zip(&self.author_of) {
            visitor.row(0, 0, post);
            visitor.row(post.id, 0, self.authors.get(author as usize).ok_or("a post has no author")?);
        }
        Ok(())
    }
}

/// Posts, and the places of each one's tags: `Vec<Vec<u32>>` or [`Ranges`].
#[derive(Debug)]
pub struct WithTags<L> {
    posts: Vec<Post>,
    tags: Vec<Tag>,
    lists: L,
}

impl<L: Lists> WithTags<L> {
    /// Shares the tags out by the pairs.
    pub fn of((posts, pairs, tags): (Vec<Post>, Vec<Pair>, Vec<Tag>)) -> Self {
        let post_of = places_of(&places(&posts), pairs.iter().map(|pair| pair.post_id));
        let tag_of = places_of(&places(&tags), pairs.iter().map(|pair| pair.tag_id));
        Self { lists: L::share(posts.len(), &post_of, tag_of), posts, tags }
    }
}

impl<L: Lists> Reached for WithTags<L> {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        for (at, post) in self.posts.iter().enumerate() {
            visitor.row(0, 0, post);
            for &tag in self.lists.of(at) {
                visitor.row(post.id, 0, self.tags.get(tag as usize).ok_or("a tag is missing")?);
            }
        }
        Ok(())
    }
}
