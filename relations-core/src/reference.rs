//! References: rows of one model that hold the key of rows of another. A `belongs_to` is one; so is either side of a
//! plain join table, and a polymorphic relation where it leads to one model.

use std::marker::PhantomData;

use crate::check::{morph_id, morph_type};
use crate::descriptor::MorphDescriptor;
use crate::key::Key;
use crate::model::Model;
use crate::morph::MorphAt;
use crate::relation::{Direct, NoInverse, RelationAt, Target};

/// Rows of `F` refer to rows of `T` by a key.
pub trait Reference<F: Model, T: Model>: Send + Sync + 'static {
    /// The key.
    type Key: Key;
    /// The columns of `F` that hold it.
    const FROM: &'static [usize];
    /// The columns of `T` that hold it.
    const TO: &'static [usize];
    /// The type of the rows of `F` that do; others refer to other models.
    const MORPH: Option<MorphDescriptor> = None;

    /// The key that this row refers to; `None` if a part is null, or the row refers to another model.
    fn of(from: &F) -> Option<Self::Key>;
    /// The key by which this row is referred to; `None` if a part is null.
    fn to(to: &T) -> Option<Self::Key>;
}

/// By the relation `R`.
#[derive(Debug, Clone, Copy)]
pub struct ByRelation<R>(PhantomData<fn() -> R>);

impl<R: Direct> Reference<R::Owner, Target<R>> for ByRelation<R> {
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

/// By the polymorphic relation at position `N`: the rows whose type is the other model's.
#[derive(Debug, Clone, Copy)]
pub struct ByVariant<const N: usize>;

impl<const N: usize> ByVariant<N> {
    /// The columns of the id, and after them none.
    const fn id<F: Model>() -> &'static [usize] {
        const { &morph_id::<F, 6>(N) }
    }
}

impl<const N: usize, F: MorphAt<N, T>, T: Model> Reference<F, T> for ByVariant<N> {
    type Key = T::Key;
    const FROM: &'static [usize] = Self::id::<F>().split_at(T::Key::WIDTH).0;
    const TO: &'static [usize] = T::KEY;
    const MORPH: Option<MorphDescriptor> = Some(MorphDescriptor { column: morph_type::<F>(N), tag: F::TAG });

    fn of(from: &F) -> Option<T::Key> {
        MorphAt::key(from)
    }

    fn to(to: &T) -> Option<T::Key> {
        Some(to.key())
    }
}

/// A model whose relation at position `N` refers to `T`, as one of several models if `MORPH` says so.
pub trait EndAt<const N: usize, const MORPH: bool, T>: Model {
    /// How.
    type Reference;
}

impl<const N: usize, T, P: RelationAt<N, T>> EndAt<N, false, T> for P {
    type Reference = ByRelation<P::Relation>;
}

impl<const N: usize, T: Model, P: MorphAt<N, T>> EndAt<N, true, T> for P {
    type Reference = ByVariant<N>;
}

/// Stands where a model has no such relation because the derive has reported an error of it. Nothing of it ever runs.
impl<F: Model, T: Model> Reference<F, T> for ByRelation<NoInverse> {
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
