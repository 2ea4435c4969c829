//! `MorphTo`: the field of a polymorphic relation, and what its slot holds.

use std::any::Any;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::num::NonZeroU64;
use std::sync::{Arc, Weak};

use crate::error::NotLoaded;
use crate::field::{RelationField, missing, not_whole, whole};
use crate::handle::{Ref, WeakRef};
use crate::model::Model;
use crate::morph::{AnyGroup, Morph, Variants};
use crate::slot::{Held, Slot, State};

/// A row of any variant's model, where its model's type is not known: none, a row, or the owner that this row was loaded
/// for.
pub struct Place<E> {
    at: At,
    of: PhantomData<fn() -> E>,
}

#[derive(Clone)]
enum At {
    /// With the fingerprint of the key that leads nowhere, if it is known.
    Missing(Option<NonZeroU64>),
    Strong(AnyGroup, u32),
    Weak(Weak<dyn Any + Send + Sync>, u32),
}

impl<E> Place<E> {
    fn new(at: At) -> Self {
        Self { at, of: PhantomData }
    }

    pub(crate) fn missing(key: Option<NonZeroU64>) -> Self {
        Self::new(At::Missing(key))
    }

    pub(crate) fn strong(group: AnyGroup, at: u32) -> Self {
        Self::new(At::Strong(group, at))
    }

    pub(crate) fn weak<T: Model>(owner: &WeakRef<T>) -> Self {
        Self::new(At::Weak(owner.group.clone(), owner.at))
    }

    /// Where a row is that a user holds.
    pub fn of<T: Model>(row: Ref<T>) -> Self {
        Self::strong(row.group, row.at)
    }

    /// The fingerprint of the key that leads nowhere, if it is known; `None` if there is a row, be it gone.
    pub(crate) fn missed(&self) -> Option<Option<NonZeroU64>> {
        match self.at {
            At::Missing(key) => Some(key),
            At::Strong(..) | At::Weak(..) => None,
        }
    }

    /// Whether it is the way back to an owner.
    #[cfg(feature = "serde")]
    pub(crate) fn is_back(&self) -> bool {
        matches!(self.at, At::Weak(..))
    }

    /// The group and the row in it; `None` if there is none, or it is gone.
    pub(crate) fn row(&self) -> Option<(AnyGroup, u32)> {
        match &self.at {
            At::Missing(_) => None,
            At::Strong(group, at) => Some((Arc::clone(group), *at)),
            At::Weak(group, at) => Some((group.upgrade()?, *at)),
        }
    }
}

impl<E> Clone for Place<E> {
    fn clone(&self) -> Self {
        Self::new(self.at.clone())
    }
}

impl<E> Held for Place<E> {
    fn is_gone(&self) -> bool {
        matches!(&self.at, At::Weak(group, _) if group.strong_count() == 0)
    }

    #[inline]
    fn is_partial(&self) -> bool {
        // No condition applies to several models at once.
        false
    }
}

/// What a polymorphic relation may lead to: `Commentable`, where every owner must have a target, or
/// `Option<Commentable>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a polymorphic enum",
    label = "a polymorphic relation leads to an enum of models or to an `Option` of one",
    note = "put `#[derive(Morph)]` on an enum with a variant for each model: `#[morph(\"post\")] Post(Ref<Post>)`"
)]
pub trait MorphTarget: Send + Sync + 'static {
    /// The enum.
    type Morph: Morph;
    /// What an accessor hands out.
    type Handle: Send + Sync + 'static;
    #[doc(hidden)]
    const REQUIRED: bool;
    #[doc(hidden)]
    fn handle(found: Option<Self::Morph>) -> Option<Self::Handle>;
}

#[diagnostic::do_not_recommend]
impl<E: Morph> MorphTarget for E {
    type Morph = E;
    type Handle = E;
    const REQUIRED: bool = true;

    fn handle(found: Option<E>) -> Option<E> {
        found
    }
}

#[diagnostic::do_not_recommend]
impl<E: Morph> MorphTarget for Option<E> {
    type Morph = E;
    type Handle = Self;
    const REQUIRED: bool = false;

    fn handle(found: Option<E>) -> Option<Self> {
        Some(found)
    }
}

/// The relation to a row of one of several models, which a column names: `MorphTo<Commentable>`, or
/// `MorphTo<Option<Commentable>>` where it may be null or lead nowhere.
pub struct MorphTo<T: MorphTarget> {
    slot: Slot<Place<T::Morph>>,
}

field!(MorphTo<T: MorphTarget>, Place<T::Morph>, |value| {
    if value.missed().is_some() { "none".to_owned() } else { "loaded".to_owned() }
});

impl<T: MorphTarget> RelationField for MorphTo<T> {
    type Target = T::Morph;
    type Pivot = ();
    type Handle = T::Handle;
    type Stored = Place<T::Morph>;
    const REQUIRED: bool = T::REQUIRED;

    fn slot(&self) -> &Slot<Self::Stored> {
        &self.slot
    }

    fn handle(stored: &Self::Stored) -> Option<Option<T::Handle>> {
        if stored.missed().is_some() {
            return Some(T::handle(None));
        }
        let (group, at) = stored.row()?;
        Some(T::handle(<T::Morph as Morph>::Variants::wrap(group, at)))
    }
}

impl<T: MorphTarget> MorphTo<T> {
    /// The target, without loading it.
    ///
    /// # Errors
    /// [`NotLoaded`] if it was not loaded, failed to load, or is missing although the relation promises it.
    pub fn get(&self) -> Result<T::Handle, NotLoaded> {
        match Self::handle(whole(&self.slot)?) {
            Some(found) => found.ok_or_else(|| missing(&self.slot)),
            None => Err(not_whole(&self.slot)),
        }
    }

    /// As [`get`](Self::get): no condition applies to several models at once, so nothing is loaded in part.
    ///
    /// # Errors
    /// [`NotLoaded`] as for [`get`](Self::get).
    pub fn get_partial(&self) -> Result<T::Handle, NotLoaded> {
        self.get()
    }
}
