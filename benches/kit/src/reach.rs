//! Walking over all data that a workload reached: quickly, inside the time that is measured, or as a checksum.

use std::hash::Hasher;

use rustc_hash::FxHasher;

use crate::Result;

/// What reads the columns of a row.
pub trait Fold {
    /// A number.
    fn int(&mut self, value: i64);
    /// A text.
    fn text(&mut self, value: &str);
}

/// A row, whoever loaded it. Every column, in this order:
/// users (id, name, email, company_id or -1), posts (id, user_id, title, body, views),
/// comments (id, post_id, user_id, body), tags (id, name), nodes (id, parent_id or -1, name).
pub trait Columns {
    /// Reads every column.
    fn columns(&self, fold: &mut impl Fold);
}

impl<T: Columns + ?Sized> Columns for &T {
    #[inline]
    fn columns(&self, fold: &mut impl Fold) {
        T::columns(self, fold);
    }
}

impl<T: Columns + ?Sized> Columns for std::sync::Arc<T> {
    #[inline]
    fn columns(&self, fold: &mut impl Fold) {
        T::columns(self, fold);
    }
}

/// Implements [`Columns`] for a struct, whose columns are `int`, `text`, or `option` of an integer:
/// `columns!(User { id: int, name: text, email: text, company_id: option });`
#[macro_export]
macro_rules! columns {
    ($row:ty { $($column:ident: $kind:ident),+ $(,)? }) => {
        impl $crate::Columns for $row {
            #[inline]
            fn columns(&self, fold: &mut impl $crate::Fold) {
                $($crate::columns!(@ $kind fold self.$column);)+
            }
        }
    };
    (@ int $fold:ident $value:expr) => { $fold.int($value) };
    (@ text $fold:ident $value:expr) => { $fold.text(&$value) };
    (@ option $fold:ident $value:expr) => { $fold.int($value.unwrap_or(-1)) };
}

/// What walks over a result.
pub trait Visitor {
    /// A row that belongs to the row `owner` (0 for none). `place` counts where the workload asks for an order (W8);
    /// elsewhere it is 0. The order of owners never counts.
    fn row(&mut self, owner: i64, place: usize, row: &impl Columns);
}

/// A result of a workload.
///
/// W1, W6, W8: each user with owner 0, each of its posts with owner user id. W2, W2k, W5: each post with owner 0, its
/// author with owner post id. W3: each post with owner 0, its tags with owner post id. W4: each user with owner 0, its
/// posts with owner user id, their comments with owner post id, each comment's author with owner comment id.
pub trait Reached {
    /// Visits every row that the workload asked for, through its relations.
    ///
    /// # Errors
    /// When a relation is not loaded.
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()>;
}

/// Rows with a key, as all of the workloads' have.
pub trait Keyed {
    /// The primary key.
    fn key(&self) -> i64;
}

/// Implements [`Keyed`](crate::reach::Keyed) for structs whose key is `id`: `keyed!(User, Post);`
#[macro_export]
macro_rules! keyed {
    ($($row:ty),+ $(,)?) => {$(
        impl $crate::reach::Keyed for $row {
            #[inline]
            fn key(&self) -> i64 {
                self.id
            }
        }
    )+};
}

impl<T: Keyed + ?Sized> Keyed for std::sync::Arc<T> {
    fn key(&self) -> i64 {
        T::key(self)
    }
}

/// Owners, each with its own children; in no order (W1, W3, W6).
#[derive(Debug)]
pub struct Nested<O, C>(pub Vec<(O, Vec<C>)>);

impl<O: Columns + Keyed, C: Columns> Reached for Nested<O, C> {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        for (owner, children) in &self.0 {
            visitor.row(0, 0, owner);
            children.iter().for_each(|child| visitor.row(owner.key(), 0, child));
        }
        Ok(())
    }
}

/// Rows, each with the one that it belongs to (W2, W2k, W5).
#[derive(Debug)]
pub struct Paired<C, O>(pub Vec<(C, O)>);

impl<C: Columns + Keyed, O: Columns> Reached for Paired<C, O> {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        for (child, owner) in &self.0 {
            visitor.row(0, 0, child);
            visitor.row(child.key(), 0, owner);
        }
        Ok(())
    }
}

/// Owners, each with its latest children, latest first (W8).
#[derive(Debug)]
pub struct Latest<O, C>(pub Vec<(O, Vec<C>)>);

impl<O: Columns + Keyed, C: Columns> Reached for Latest<O, C> {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        for (owner, children) in &self.0 {
            visitor.row(0, 0, owner);
            children.iter().enumerate().for_each(|(place, child)| visitor.row(owner.key(), place, child));
        }
        Ok(())
    }
}

/// A post with its comments, each with its author.
pub type Thread<P, C, A> = (P, Vec<(C, A)>);

/// A user with its posts.
pub type Tree<U, P, C, A> = (U, Vec<Thread<P, C, A>>);

/// Users with their posts, the comments on these and the comments' authors (W4).
#[derive(Debug)]
pub struct Trees<U, P, C, A>(pub Vec<Tree<U, P, C, A>>);

impl<U: Columns + Keyed, P: Columns + Keyed, C: Columns + Keyed, A: Columns> Reached for Trees<U, P, C, A> {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        for (user, posts) in &self.0 {
            visitor.row(0, 0, user);
            for (post, comments) in posts {
                visitor.row(user.key(), 0, post);
                for (comment, author) in comments {
                    visitor.row(post.key(), 0, comment);
                    visitor.row(comment.key(), 0, author);
                }
            }
        }
        Ok(())
    }
}

/// Touches every value: numbers, and the length and the first byte of texts.
#[derive(Debug, Default)]
pub struct Touch(pub u64);

impl Fold for Touch {
    #[inline]
    fn int(&mut self, value: i64) {
        self.0 = self.0.wrapping_add(value.cast_unsigned());
    }

    #[inline]
    fn text(&mut self, value: &str) {
        self.0 = self.0.wrapping_add(value.len() as u64 + u64::from(value.as_bytes().first().copied().unwrap_or(0)));
    }
}

impl Visitor for Touch {
    #[inline]
    fn row(&mut self, _: i64, _: usize, row: &impl Columns) {
        row.columns(self);
    }
}

/// A checksum of every byte, of who belongs to whom, and of places where they count.
#[derive(Debug, Default)]
pub struct Checksum(pub u64);

impl Fold for FxHasher {
    fn int(&mut self, value: i64) {
        self.write_i64(value);
    }

    fn text(&mut self, value: &str) {
        self.write_usize(value.len());
        self.write(value.as_bytes());
    }
}

impl Visitor for Checksum {
    fn row(&mut self, owner: i64, place: usize, row: &impl Columns) {
        let mut hasher = FxHasher::default();
        hasher.write_i64(owner);
        hasher.write_usize(place);
        row.columns(&mut hasher);
        self.0 = self.0.wrapping_add(hasher.finish());
    }
}
