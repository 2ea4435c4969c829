//! Serde for relation fields and handles. Not loaded, loaded and absent, and loaded stay different on the wire:
//! `"not_loaded"`, `{"loaded": null}`, `{"loaded": ..}`, and `{"partial": ..}` for a load under a filter or limit.
//! An inverse is written as not loaded: the row it leads to is the one that this row is being written in.

use std::sync::Arc;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

use crate::field::{BelongsTo, DirectField, HasMany, HasOne, OneTarget, RelationField};
use crate::group::Batch;
use crate::handle::{Many, Ref};
use crate::model::Model;
use crate::slot::{Held, Slot, State};
use crate::stored::{One, Stored};

mod through;

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum Wire<T> {
    NotLoaded,
    Loaded(T),
    Partial(T),
}

impl<T> Wire<T> {
    fn of<'a, V: Held>(slot: &'a Slot<V>, rows: impl Fn(&'a V) -> Option<T>) -> Self {
        match slot.state() {
            State::Whole(stored) => rows(stored).map_or(Self::NotLoaded, Self::Loaded),
            State::Partial(stored) => rows(stored).map_or(Self::NotLoaded, Self::Partial),
            State::Empty | State::Failed(..) => Self::NotLoaded,
        }
    }

    /// A field that holds these rows.
    fn fill<F: DirectField>(self) -> F
    where
        T: IntoIterator<Item = F::Target>,
    {
        let field = F::default();
        let group = match self {
            Self::NotLoaded => return field,
            Self::Loaded(rows) => Batch::from_iter(rows).into_group(),
            Self::Partial(rows) => Batch::from_iter(rows).into_part(),
        };
        let all = Many::whole(Arc::clone(&group));
        let (_, share) = all.place();
        let share = (!share.is_empty()).then_some(share);
        field.slot().set(F::Stored::from_share(&group, share, None::<&Option<()>>));
        field
    }
}

macro_rules! to_one {
    ($field:ident) => {
        impl<T: OneTarget> Serialize for $field<T>
        where
            T::Model: Serialize,
        {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let wire = Wire::of(self.slot(), |stored| match stored {
                    One::Missing(_) | One::Filtered => Some(None),
                    One::Strong(group, at) => Some(group.rows().get(*at as usize)),
                    One::Weak(..) => None,
                });
                wire.serialize(serializer)
            }
        }

        impl<'de, T: OneTarget> Deserialize<'de> for $field<T>
        where
            T::Model: Deserialize<'de>,
        {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Ok(Wire::<Option<T::Model>>::deserialize(deserializer)?.fill())
            }
        }
    };
}

to_one!(BelongsTo);
to_one!(HasOne);

impl<T: Model + Serialize> Serialize for HasMany<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Wire::of(self.slot(), Some).serialize(serializer)
    }
}

impl<'de, T: Model + Deserialize<'de>> Deserialize<'de> for HasMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Wire::<Vec<T>>::deserialize(deserializer)?.fill())
    }
}

impl<T: Model + Serialize> Serialize for Many<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(&**self)
    }
}

impl<'de, T: Model + Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::deserialize(deserializer)?.into())
    }
}

impl<T: Model + Serialize> Serialize for Ref<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize(serializer)
    }
}

impl<'de, T: Model + Deserialize<'de>> Deserialize<'de> for Ref<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::new)
    }
}
