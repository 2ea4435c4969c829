//! Walking over all data that a workload reached: quickly, inside the time that is measured, or as a checksum.

use std::hash::Hasher;

use rustc_hash::FxHasher;

use crate::{Result, hand, model};

/// What reads the columns of a row.
pub trait Fold {
    /// A number.
    fn int(&mut self, value: i64);
    /// A text.
    fn text(&mut self, value: &str);
}

/// A row, whoever loaded it.
pub trait Columns {
    /// Reads every column.
    fn columns(&self, fold: &mut impl Fold);
}

/// What walks over a result.
pub trait Visitor {
    /// A row that belongs to the row `owner` (0 for none) and stands at `place` in its list.
    fn row(&mut self, owner: i64, place: usize, row: &impl Columns);
}

/// A result of a workload.
pub trait Reached {
    /// Visits every row that the workload asked for, through its relations.
    ///
    /// # Errors
    /// When a relation is not loaded.
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()>;
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

/// A checksum of every byte, of who belongs to whom, and of places; the order of owners does not count.
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

macro_rules! columns {
    ($of:ident) => {
        impl Columns for $of::User {
            #[inline]
            fn columns(&self, fold: &mut impl Fold) {
                fold.int(self.id);
                fold.text(&self.name);
                fold.text(&self.email);
                fold.int(self.company_id.unwrap_or(-1));
            }
        }

        impl Columns for $of::Post {
            #[inline]
            fn columns(&self, fold: &mut impl Fold) {
                fold.int(self.id);
                fold.int(self.user_id);
                fold.text(&self.title);
                fold.text(&self.body);
                fold.int(self.views);
            }
        }
    };
}

macro_rules! more_columns {
    ($tag:path, $node:path) => {
        impl Columns for $tag {
            #[inline]
            fn columns(&self, fold: &mut impl Fold) {
                fold.int(self.id);
                fold.text(&self.name);
            }
        }

        impl Columns for $node {
            #[inline]
            fn columns(&self, fold: &mut impl Fold) {
                fold.int(self.id);
                fold.int(self.parent_id.unwrap_or(-1));
                fold.text(&self.name);
            }
        }
    };
}

columns!(hand);
columns!(model);
more_columns!(hand::tags::Tag, hand::tree::Node);
more_columns!(model::Tag, model::Node);
