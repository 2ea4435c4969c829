//! What a slot stores: a to-one target, or a list. Made from a share of a loaded group, or from an owner's way back.

use std::hash::{BuildHasher, Hash};
use std::num::NonZeroU64;
use std::ops::Range;
use std::sync::{Arc, Weak};

use rustc_hash::FxBuildHasher;

use crate::group::Group;
use crate::handle::{Many, WeakRef};
use crate::model::Model;
use crate::slot::Held;

/// What a slot stores: one target or a list of them.
pub trait Stored<T: Model>: Held + Send + Sync + 'static {
    /// Whether several targets of one owner are kept.
    #[doc(hidden)]
    const MANY: bool;
    /// From the group that was loaded and the share of it that belongs to the owner's key, if that is known.
    #[doc(hidden)]
    fn from_share<K: Hash>(group: &Arc<Group<T>>, share: Option<Range<u32>>, key: Option<&Option<K>>) -> Self;
    /// Points back to an owner without keeping it alive; nothing for lists, which an owner cannot complete.
    #[doc(hidden)]
    fn from_owner(owner: &WeakRef<T>) -> Option<Self>;
    /// The rows it points to.
    #[doc(hidden)]
    fn rows(&self) -> Option<(Arc<Group<T>>, Range<u32>)>;
}

/// A to-one target: none, none under a filter, a row, or the owner that this row was loaded for.
pub enum One<T> {
    /// With the fingerprint of the key that leads nowhere, if it is known.
    Missing(Option<NonZeroU64>),
    Filtered,
    Strong(Arc<Group<T>>, u32),
    Weak(Weak<Group<T>>, u32),
}

/// Tells keys apart well enough to notice that an owner's key was changed after its target was found missing.
pub(crate) fn fingerprint<K: Hash>(key: &Option<K>) -> NonZeroU64 {
    NonZeroU64::MIN.saturating_add(FxBuildHasher.hash_one(key))
}

impl<T> Clone for One<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Missing(key) => Self::Missing(*key),
            Self::Filtered => Self::Filtered,
            Self::Strong(group, at) => Self::Strong(Arc::clone(group), *at),
            Self::Weak(group, at) => Self::Weak(group.clone(), *at),
        }
    }
}

impl<T: Model> Stored<T> for One<T> {
    const MANY: bool = false;

    fn from_share<K: Hash>(group: &Arc<Group<T>>, share: Option<Range<u32>>, key: Option<&Option<K>>) -> Self {
        match share {
            Some(share) if !share.is_empty() => Self::Strong(Arc::clone(group), share.start),
            _ if group.is_partial() => Self::Filtered,
            _ => Self::Missing(key.map(fingerprint)),
        }
    }

    fn from_owner(owner: &WeakRef<T>) -> Option<Self> {
        Some(Self::Weak(owner.group.clone(), owner.at))
    }

    fn rows(&self) -> Option<(Arc<Group<T>>, Range<u32>)> {
        match self {
            Self::Missing(_) | Self::Filtered => None,
            Self::Strong(group, at) => Some((Arc::clone(group), *at..*at + 1)),
            Self::Weak(group, at) => Some((group.upgrade()?, *at..*at + 1)),
        }
    }
}

impl<T: Model> Held for One<T> {
    fn is_gone(&self) -> bool {
        matches!(self, Self::Weak(group, _) if group.strong_count() == 0)
    }

    #[inline]
    fn is_partial(&self) -> bool {
        match self {
            Self::Strong(group, _) => group.is_partial(),
            Self::Filtered => true,
            Self::Missing(_) | Self::Weak(..) => false,
        }
    }
}

impl<T: Model> Stored<T> for Many<T> {
    const MANY: bool = true;

    fn from_share<K: Hash>(group: &Arc<Group<T>>, share: Option<Range<u32>>, key: Option<&Option<K>>) -> Self {
        match share {
            Some(share) => Self::new(Arc::clone(group), share),
            None => Self::empty(Arc::clone(group), key.map(fingerprint)),
        }
    }

    fn from_owner(_: &WeakRef<T>) -> Option<Self> {
        None
    }

    fn rows(&self) -> Option<(Arc<Group<T>>, Range<u32>)> {
        Some(self.parts())
    }
}

impl<T: Model> Held for Many<T> {
    fn is_gone(&self) -> bool {
        false
    }

    #[inline]
    fn is_partial(&self) -> bool {
        self.group().is_partial()
    }
}
