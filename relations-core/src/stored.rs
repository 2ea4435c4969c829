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

/// What a slot stores that leads to rows of `T`.
pub trait Leads<T: Model>: Held + Send + Sync + 'static {
    /// Visits the rows it points to.
    #[doc(hidden)]
    fn each(&self, visit: impl FnMut(&Arc<Group<T>>, Range<u32>));
    /// Whether it points back, without keeping its rows alive.
    #[doc(hidden)]
    fn is_back(&self) -> bool {
        false
    }
}

/// What the slot of a direct relation stores: one target or a list of them, a share of one group.
pub trait Stored<T: Model>: Leads<T> {
    /// Whether several targets of one owner are kept.
    #[doc(hidden)]
    const MANY: bool;
    /// From the group that was loaded and the share of it that belongs to the owner's key, if that is known.
    #[doc(hidden)]
    fn from_share<K: Hash>(group: &Arc<Group<T>>, share: Option<Range<u32>>, key: Option<&Option<K>>) -> Self;
    /// Whether it belongs to the owner's key, and what it points to is there.
    #[doc(hidden)]
    fn fits<K: Hash + PartialEq>(&self, key: &Option<K>, key_of: impl Fn(&T) -> Option<K>) -> bool;
    /// Points back to an owner without keeping it alive; nothing for lists, which an owner cannot complete.
    #[doc(hidden)]
    fn from_owner(owner: &WeakRef<T>) -> Option<Self>;
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

    #[inline]
    fn fits<K: Hash + PartialEq>(&self, key: &Option<K>, key_of: impl Fn(&T) -> Option<K>) -> bool {
        let is_of = |group: &Group<T>, at: u32| group.rows().get(at as usize).is_some_and(|row| key_of(row) == *key);
        match self {
            Self::Missing(missing) => missing.is_none_or(|missing| missing == fingerprint(key)),
            Self::Filtered => true,
            Self::Strong(group, at) => is_of(group, *at),
            Self::Weak(group, at) => group.upgrade().is_some_and(|group| is_of(&group, *at)),
        }
    }

    fn from_owner(owner: &WeakRef<T>) -> Option<Self> {
        Some(Self::Weak(owner.group.clone(), owner.at))
    }
}

impl<T: Model> Leads<T> for One<T> {
    fn each(&self, mut visit: impl FnMut(&Arc<Group<T>>, Range<u32>)) {
        match self {
            Self::Missing(_) | Self::Filtered => {}
            Self::Strong(group, at) => visit(group, *at..*at + 1),
            Self::Weak(group, at) => {
                if let Some(group) = group.upgrade() {
                    visit(&group, *at..*at + 1);
                }
            }
        }
    }

    fn is_back(&self) -> bool {
        matches!(self, Self::Weak(..))
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

    #[inline]
    fn fits<K: Hash + PartialEq>(&self, key: &Option<K>, key_of: impl Fn(&T) -> Option<K>) -> bool {
        match self.first() {
            Some(target) => key_of(target) == *key,
            None => self.is_empty_by(fingerprint(key)),
        }
    }

    fn from_owner(_: &WeakRef<T>) -> Option<Self> {
        None
    }
}

impl<T: Model> Leads<T> for Many<T> {
    fn each(&self, mut visit: impl FnMut(&Arc<Group<T>>, Range<u32>)) {
        let (group, range) = self.place();
        visit(group, range);
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
