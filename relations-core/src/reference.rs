//! References: rows of one model that hold the key of rows of another. A `belongs_to` is one; so is either side of a
//! plain join table.

use crate::key::Key;
use crate::model::Model;
use crate::relation::{Direct, NoInverse, Target};

/// Rows of `F` refer to rows of `T` by a key.
pub trait Reference<F: Model, T: Model>: Send + Sync + 'static {
    /// The key.
    type Key: Key;
    /// The columns of `F` that hold it.
    const FROM: &'static [usize];
    /// The columns of `T` that hold it.
    const TO: &'static [usize];

    /// The key that this row refers to; `None` if a part is null.
    fn of(from: &F) -> Option<Self::Key>;
    /// The key by which this row is referred to; `None` if a part is null.
    fn to(to: &T) -> Option<Self::Key>;
}

impl<R: Direct> Reference<R::Owner, Target<R>> for R {
    type Key = R::Key;
    const FROM: &'static [usize] = R::DESCRIPTOR.owner_columns;
    const TO: &'static [usize] = R::DESCRIPTOR.target_columns;

    fn of(from: &R::Owner) -> Option<R::Key> {
        R::owner_key(from)
    }

    fn to(to: &Target<R>) -> Option<R::Key> {
        R::target_key(to)
    }
}

/// Stands where a model has no such relation because the derive has reported an error of it. Nothing of it ever runs.
impl<F: Model, T: Model> Reference<F, T> for NoInverse {
    type Key = ();
    const FROM: &'static [usize] = &[];
    const TO: &'static [usize] = &[];

    fn of(_: &F) -> Option<()> {
        None
    }

    fn to(_: &T) -> Option<()> {
        None
    }
}
