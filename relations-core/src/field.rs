//! The types of relation fields. A field is a slot and what it means to fill it. Here are those of direct relations,
//! `BelongsTo`, `HasOne` and `HasMany`; those that lead over other rows are in `field/`.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::error::{Because, Error, NotLoaded, Result};
use crate::handle::{Many, Ref, Row};
use crate::model::Model;
use crate::route::Reached;
use crate::slot::{Held, Slot, State};
use crate::stored::{One, Stored};

/// A relation field: what the runtime needs of it, whatever its kind.
pub trait RelationField: Default + Send + Sync + 'static {
    /// What it leads to: a model, or the enum of a polymorphic relation.
    type Target: Reached;
    /// The model of the join table's rows that are kept beside the targets; `()` where there are none.
    type Pivot: Send + Sync + 'static;
    /// What an accessor hands out.
    type Handle: Send + Sync + 'static;
    /// What the slot holds.
    #[doc(hidden)]
    type Stored: Held + Send + Sync + 'static;
    /// Whether every owner must have a target.
    const REQUIRED: bool;

    #[doc(hidden)]
    fn slot(&self) -> &Slot<Self::Stored>;
    /// A stored value as the handle. `None` if what it points to is gone, the inner `None` if a promised row is missing.
    #[doc(hidden)]
    fn handle(stored: &Self::Stored) -> Option<Option<Self::Handle>>;
}

/// A field that holds rows of a model, each owner's share of one group: that of a direct relation.
pub trait DirectField: RelationField<Target: Model, Stored: Stored<Self::Target>> {}

/// Fields that lead to many targets: those that a limit applies to.
#[diagnostic::on_unimplemented(
    message = "this relation has at most one target for each owner",
    label = "a relation to many targets is needed here"
)]
pub trait ToMany: RelationField<Target: Model> {}

/// Fields that lead to one target at most.
#[diagnostic::on_unimplemented(
    message = "this relation may have many targets",
    label = "a relation to at most one target is needed here"
)]
pub trait ToOne: RelationField<Target: Model> {}

/// What a to-one field may lead to: `User`, where every owner must have one, or `Option<User>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a model",
    label = "a relation leads to a model or to an `Option` of one",
    note = "put `#[derive(Relations)]` on the struct"
)]
pub trait OneTarget: Send + Sync + 'static {
    /// The model.
    type Model: Model;
    /// What an accessor hands out.
    type Handle: Send + Sync + 'static;
    /// What `get` lets one look at.
    type Peek<'a>;
    #[doc(hidden)]
    const REQUIRED: bool;
    #[doc(hidden)]
    fn handle(found: Option<Ref<Self::Model>>) -> Option<Self::Handle>;
    #[doc(hidden)]
    fn peek(found: Option<Row<'_, Self::Model>>) -> Option<Self::Peek<'_>>;
}

impl<T: Model> OneTarget for T {
    type Model = T;
    type Handle = Ref<T>;
    type Peek<'a> = Row<'a, T>;
    const REQUIRED: bool = true;

    fn handle(found: Option<Ref<T>>) -> Option<Ref<T>> {
        found
    }

    #[inline(always)]
    fn peek(found: Option<Row<'_, T>>) -> Option<Row<'_, T>> {
        found
    }
}

impl<T: Model> OneTarget for Option<T> {
    type Model = T;
    type Handle = Option<Ref<T>>;
    type Peek<'a> = Option<Row<'a, T>>;
    const REQUIRED: bool = false;

    fn handle(found: Option<Ref<T>>) -> Option<Option<Ref<T>>> {
        Some(found)
    }

    #[inline(always)]
    fn peek(found: Option<Row<'_, T>>) -> Option<Option<Row<'_, T>>> {
        Some(found)
    }
}

/// Why a slot cannot be handed out, as `get` says it.
fn not_loaded<V: Held>(slot: &Slot<V>, because: Because) -> NotLoaded {
    NotLoaded::new(slot.relation(), because)
}

#[inline(always)]
fn whole<V: Held>(slot: &Slot<V>) -> Result<&V, NotLoaded> {
    match slot.state() {
        State::Whole(value) => Ok(value),
        _ => Err(not_whole(slot)),
    }
}

/// Why a slot that holds nothing whole, or something that is gone, cannot be handed out.
#[cold]
#[inline(never)]
fn not_whole<V: Held>(slot: &Slot<V>) -> NotLoaded {
    match slot.state() {
        State::Partial(_) => not_loaded(slot, Because::Partial),
        State::Failed(error, _) => not_loaded(slot, Because::Failed(error.clone())),
        State::Whole(_) | State::Empty => not_loaded(slot, Because::Unread),
    }
}

/// Why a row that the relation promises cannot be handed out.
#[cold]
#[inline(never)]
fn missing<V: Held>(slot: &Slot<V>) -> NotLoaded {
    let because = match slot.relation() {
        Some(relation) => Because::Failed(Error::not_found(relation, None)),
        None => Because::Unread,
    };
    not_loaded(slot, because)
}

/// What all fields share: state, neutrality in comparison, printing.
macro_rules! field {
    ($field:ident<$($parameter:ident: $bound:path),+>, $stored:ty, |$value:ident| $print:expr) => {
        impl<$($parameter: $bound),+> $field<$($parameter),+> {
            /// A field that nothing has been loaded into.
            pub const fn new() -> Self {
                Self { slot: Slot::new() }
            }

            /// Tells the field which relation of which rows it is. The derive calls this.
            #[doc(hidden)]
            #[inline]
            pub fn attach(&mut self, origins: &crate::origin::Origins, relation: usize) {
                self.slot.attach(origins.relation(relation));
            }

            /// Whether the relation is loaded, and loaded whole.
            pub fn is_loaded(&self) -> bool {
                matches!(self.slot.state(), State::Whole(stored) if !stored.is_gone())
            }

            /// Forgets what is loaded; the next access reads again. What was loaded stays in memory until the row
            /// is dropped, as others may still be looking at it.
            pub fn clear(&self) {
                self.slot.clear();
            }
        }

        impl<$($parameter: $bound),+> Default for $field<$($parameter),+> {
            fn default() -> Self {
                Self::new()
            }
        }

        impl<$($parameter: $bound),+> Clone for $field<$($parameter),+> {
            /// The clone holds what is loaded now. A cloned row has no peers: it loads for itself alone.
            fn clone(&self) -> Self {
                Self { slot: self.slot.clone() }
            }
        }

        /// Relation fields are neutral in comparison: all are equal.
        impl<$($parameter: $bound),+> PartialEq for $field<$($parameter),+> {
            fn eq(&self, _: &Self) -> bool {
                true
            }
        }

        impl<$($parameter: $bound),+> Eq for $field<$($parameter),+> {}

        impl<$($parameter: $bound),+> PartialOrd for $field<$($parameter),+> {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        impl<$($parameter: $bound),+> Ord for $field<$($parameter),+> {
            fn cmp(&self, _: &Self) -> Ordering {
                Ordering::Equal
            }
        }

        impl<$($parameter: $bound),+> Hash for $field<$($parameter),+> {
            fn hash<H: Hasher>(&self, _: &mut H) {}
        }

        impl<$($parameter: $bound),+> fmt::Debug for $field<$($parameter),+> {
            /// Prints the state, not the rows: relations lead in circles.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let print = |$value: &$stored| -> String { $print };
                let state = match self.slot.state() {
                    State::Empty => "not loaded".to_owned(),
                    State::Whole(stored) if stored.is_gone() => "not loaded".to_owned(),
                    State::Whole(stored) => print(stored),
                    State::Partial(stored) => format!("in part: {}", print(stored)),
                    State::Failed(error, _) => format!("failed: {error}"),
                };
                write!(f, concat!(stringify!($field), "({})"), state)
            }
        }
    };
}

macro_rules! to_one {
    ($(#[$doc:meta])* $field:ident) => {
        $(#[$doc])*
        pub struct $field<T: OneTarget> {
            slot: Slot<One<T::Model>>,
        }

        field!($field<T: OneTarget>, One<T::Model>, |value| {
            if matches!(value, One::Missing(_) | One::Filtered) { "none".to_owned() } else { "loaded".to_owned() }
        });

        impl<T: OneTarget> RelationField for $field<T> {
            type Target = T::Model;
            type Pivot = ();
            type Handle = T::Handle;
            type Stored = One<T::Model>;
            const REQUIRED: bool = T::REQUIRED;

            fn slot(&self) -> &Slot<Self::Stored> {
                &self.slot
            }

            #[inline]
            fn handle(stored: &One<T::Model>) -> Option<Option<T::Handle>> {
                let target = match stored {
                    One::Missing(_) | One::Filtered => None,
                    One::Strong(group, at) => Some(Ref { group: Arc::clone(group), at: *at }),
                    One::Weak(group, at) => Some(Ref { group: group.upgrade()?, at: *at }),
                };
                Some(T::handle(target))
            }
        }

        impl<T: OneTarget> DirectField for $field<T> {}

        impl<T: OneTarget> $field<T> {
            /// The target, without loading it.
            ///
            /// # Errors
            /// [`NotLoaded`] if it was not loaded, was loaded under a filter only, failed to load, or is missing
            /// although the relation promises it.
            #[inline(always)]
            pub fn get(&self) -> Result<T::Peek<'_>, NotLoaded> {
                self.peek(whole(&self.slot)?)
            }

            /// The target as it was last loaded, be it under a filter.
            ///
            /// # Errors
            /// [`NotLoaded`] as for [`get`](Self::get), save that a load under a filter is handed out.
            pub fn get_partial(&self) -> Result<T::Peek<'_>, NotLoaded> {
                match self.slot.newest() {
                    Some(stored) => self.peek(stored),
                    None => self.get(),
                }
            }

            // A row that comes back through memory, because one case is not compiled into the caller, costs ten times
            // what the look itself does. Only reasons come from elsewhere.
            #[inline(always)]
            fn peek<'a>(&'a self, stored: &'a One<T::Model>) -> Result<T::Peek<'a>, NotLoaded> {
                let found = match stored {
                    One::Missing(_) | One::Filtered => None,
                    One::Strong(group, at) => Row::borrowed(group, *at),
                    One::Weak(group, at) => match group.upgrade() {
                        Some(group) => Some(Row::owned(Ref { group, at: *at })),
                        None => return Err(not_whole(&self.slot)),
                    },
                };
                match T::peek(found) {
                    Some(found) => Ok(found),
                    None => Err(missing(&self.slot)),
                }
            }
        }
    };
}

/// What fields that hold lists let one look at, and how these print.
macro_rules! lists {
    ($field:ident<$($parameter:ident: $bound:path),+>, $list:ty) => {
        impl<$($parameter: $bound),+> $field<$($parameter),+> {
            /// The targets, without loading them.
            ///
            /// # Errors
            /// [`NotLoaded`] if they were not loaded, were loaded under a filter or limit only, or failed to load.
            #[inline]
            pub fn get(&self) -> Result<&$list, NotLoaded> {
                whole(&self.slot)
            }

            /// The targets as they were last loaded, be it under a filter or limit.
            ///
            /// # Errors
            /// [`NotLoaded`] if none were loaded, or they failed to load.
            pub fn get_partial(&self) -> Result<&$list, NotLoaded> {
                match self.slot.newest() {
                    Some(stored) => Ok(stored),
                    None => self.get(),
                }
            }
        }
    };
}

/// How a list prints: by its length, as relations lead in circles.
fn rows(len: usize) -> String {
    if len == 1 { "1 row".to_owned() } else { format!("{len} rows") }
}

mod linked;
mod morph;

impl<T: OneTarget> ToOne for BelongsTo<T> {}

impl<T: OneTarget> ToOne for HasOne<T> {}

pub use linked::{HasManyThrough, HasOneThrough, JoinedField, KeptAs, ManyToMany, Pivot, PivotField};
pub use morph::{MorphTarget, MorphTo, Place};

to_one! {
    /// The relation to the row that a foreign key of this model refers to: `BelongsTo<User>`, or
    /// `BelongsTo<Option<User>>` where it may be null or lead nowhere.
    BelongsTo
}

to_one! {
    /// The relation to the one row that refers to this model: `HasOne<Option<Profile>>`, or `HasOne<Profile>` where
    /// there must be one.
    HasOne
}

/// The relation to the rows that refer to this model: `HasMany<Post>`.
pub struct HasMany<T: Model> {
    slot: Slot<Many<T>>,
}

field!(HasMany<T: Model>, Many<T>, |value| rows(value.len()));
lists!(HasMany<T: Model>, Many<T>);

impl<T: Model> RelationField for HasMany<T> {
    type Target = T;
    type Pivot = ();
    type Handle = Many<T>;
    type Stored = Many<T>;
    const REQUIRED: bool = false;

    fn slot(&self) -> &Slot<Many<T>> {
        &self.slot
    }

    #[inline]
    fn handle(stored: &Many<T>) -> Option<Option<Many<T>>> {
        Some(Some(stored.clone()))
    }
}

impl<T: Model> DirectField for HasMany<T> {}

impl<T: Model> ToMany for HasMany<T> {}
