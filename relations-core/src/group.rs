//! A group: the rows that one statement loaded, in one allocation. Handles point into it.

use std::ops::Range;
use std::sync::Arc;

use crate::model::Model;
use crate::origin::{Origins, addresses};

/// The rows of one load; nobody outside the crate can name it.
pub struct Group<T> {
    /// A pointer that is `Send` and `Sync` whatever the models are: to prove it for a `Vec`, rustc would follow the
    /// fields of all models that lead to one another, and reach its recursion limit after a few.
    rows: Box<dyn AsRef<[T]> + Send + Sync>,
    len: u32,
    partial: bool,
    /// Whether rows find it by their address.
    is_known: bool,
}

impl<T: Model> Group<T> {
    #[inline(always)]
    pub(crate) fn rows(&self) -> &[T] {
        (*self.rows).as_ref()
    }

    /// Whether a filter or limit may have left out rows of the relation that these were loaded for.
    pub(crate) fn is_partial(&self) -> bool {
        self.partial
    }

    pub(crate) fn len(&self) -> u32 {
        self.len
    }

    /// Some of the rows; none if they are not there.
    pub(crate) fn part(&self, range: Range<u32>) -> &[T] {
        self.rows().get(range.start as usize..range.end as usize).unwrap_or_default()
    }

    /// The position of the row that lives in this group at this address, or that something at this address is part of.
    pub(crate) fn position(&self, address: usize) -> Option<u32> {
        let size = size_of::<T>();
        let offset = address.checked_sub(self.rows().as_ptr().addr())?;
        let at = u32::try_from(offset.checked_div(size)?).ok()?;
        (at < self.len).then_some(at)
    }
}

impl<T> Group<T> {
    /// The addresses of the rows.
    pub(crate) fn addresses(&self) -> Range<usize> {
        let rows = (*self.rows).as_ref().as_ptr_range();
        rows.start.addr()..rows.end.addr()
    }
}

impl<T> Drop for Group<T> {
    fn drop(&mut self) {
        if self.is_known {
            addresses::leave(&self.addresses());
        }
    }
}

/// Rows on their way into a group. Each row learns its origin as it is pushed.
pub struct Batch<T> {
    rows: Vec<T>,
    origins: Origins,
}

impl<T: Model> Batch<T> {
    /// No rows yet.
    pub fn new() -> Self {
        Self { rows: Vec::new(), origins: Origins::of::<T>() }
    }

    /// Adds a row.
    #[inline(always)]
    pub fn push(&mut self, row: T) {
        self.rows.push(row);
        // In its place: to change the row before would be to copy it once more.
        if !self.origins.is_empty()
            && let Some(row) = self.rows.last_mut()
        {
            row.attach(&self.origins);
        }
    }

    /// Makes room for so many more rows.
    pub(crate) fn reserve(&mut self, rows: usize) {
        self.rows.reserve(rows);
    }

    /// The rows so far.
    pub fn rows(&self) -> &[T] {
        &self.rows
    }

    pub(crate) fn rows_mut(&mut self) -> &mut [T] {
        &mut self.rows
    }

    /// The rows, on their way into another batch.
    pub(crate) fn into_rows(self) -> Vec<T> {
        self.rows
    }

    pub(crate) fn pop(&mut self) -> Option<T> {
        self.rows.pop()
    }

    /// Notes whether what was asked for could be one row only, and no list.
    pub(crate) fn lone(self, lone: bool) -> Self {
        if lone {
            self.origins.set_lone();
        }
        self
    }

    pub(crate) fn into_group(self) -> Arc<Group<T>> {
        self.settle(false)
    }

    /// The group of a load under a filter or limit.
    pub(crate) fn into_part(self) -> Arc<Group<T>> {
        self.settle(true)
    }

    fn settle(mut self, partial: bool) -> Arc<Group<T>> {
        // Room was made for as many rows as there might be.
        if self.rows.len() < self.rows.capacity() / 2 {
            self.rows.shrink_to_fit();
        }
        // Plans refuse loads of more rows than that.
        let len = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        // Rows without relations have nothing to look for.
        let is_known = !self.origins.is_empty() && !self.rows.is_empty();
        let group = Arc::new(Group { rows: boxed(self.rows), len, partial, is_known });
        if is_known {
            self.origins.settle(&group);
        }
        group
    }
}

/// The rows without their type's fields in sight. One row alone, which most groups of a cache are, is boxed as it is.
fn boxed<T: Model>(rows: Vec<T>) -> Box<dyn AsRef<[T]> + Send + Sync> {
    if rows.capacity() > 1 {
        return Box::new(rows);
    }
    match Box::<[T; 1]>::try_from(rows) {
        Ok(row) => row,
        Err(rows) => Box::new(rows),
    }
}

impl<T: Model> Default for Batch<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Model> From<Vec<T>> for Batch<T> {
    fn from(mut rows: Vec<T>) -> Self {
        let origins = Origins::of::<T>();
        rows.iter_mut().for_each(|row| row.attach(&origins));
        Self { rows, origins }
    }
}

impl<T: Model> FromIterator<T> for Batch<T> {
    fn from_iter<I: IntoIterator<Item = T>>(rows: I) -> Self {
        let (mut batch, rows) = (Self::new(), rows.into_iter());
        batch.reserve(rows.size_hint().0);
        rows.for_each(|row| batch.push(row));
        batch
    }
}
