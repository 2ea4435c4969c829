//! Serde for relation fields and handles. Not loaded, loaded and absent, and loaded stay different on the wire:
//! `"not_loaded"`, `{"loaded": null}`, `{"loaded": ..}`, and `{"partial": ..}` for a load under a filter or limit.
//! A target with its row of a join table is `{"row": .., "pivot": ..}`.
//! An inverse is written as not loaded: the row it leads to is the one that this row is being written in.

use std::sync::Arc;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

use crate::field::{
    BelongsTo, DirectField, HasMany, HasOne, ManyToMany, MorphTarget, MorphTo, OneTarget, Pivot, Place, RelationField,
};
use crate::group::Batch;
use crate::handle::{Many, Ref};
use crate::linked::{Linked, Links};
use crate::model::Model;
use crate::morph::{Morph, Variants};
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

    /// The same state with something else, made knowing whether it is a part.
    fn map<U>(self, make: impl FnOnce(T, bool) -> U) -> Wire<U> {
        match self {
            Self::NotLoaded => Wire::NotLoaded,
            Self::Loaded(value) => Wire::Loaded(make(value, false)),
            Self::Partial(value) => Wire::Partial(make(value, true)),
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

impl<T: MorphTarget> Serialize for MorphTo<T>
where
    T::Morph: Serialize,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let wire = Wire::of(self.slot(), |stored| match stored.row() {
            _ if stored.is_back() => None,
            Some((group, at)) => Some(<T::Morph as Morph>::Variants::wrap(group, at)),
            None => Some(None),
        });
        wire.serialize(serializer)
    }
}

impl<'de, T: MorphTarget> Deserialize<'de> for MorphTo<T>
where
    T::Morph: Deserialize<'de>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let field = Self::new();
        if let Wire::Loaded(target) = Wire::<Option<T::Morph>>::deserialize(deserializer)? {
            field.slot().set(target.map_or_else(|| Place::missing(None), Morph::place));
        }
        Ok(field)
    }
}

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

/// A target beside its row of the join table.
#[derive(serde::Serialize, serde::Deserialize)]
struct Joined<T, P> {
    row: T,
    pivot: P,
}

impl<T: Model + Serialize> Serialize for Linked<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}

impl<T: Model + Serialize, P: Model + Serialize> Serialize for Linked<T, P> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.pivots().map(|(row, pivot)| Joined { row, pivot }))
    }
}

impl<T: Model, P: Pivot> Serialize for ManyToMany<T, P>
where
    Linked<T, P>: Serialize,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Wire::of(self.slot(), Some).serialize(serializer)
    }
}

impl<T: Model, P: Pivot> Wire<Linked<T, P>> {
    /// A field that holds these rows.
    fn link(self) -> ManyToMany<T, P> {
        let field = ManyToMany::new();
        match self {
            Self::NotLoaded => {}
            Self::Loaded(linked) | Self::Partial(linked) => field.slot().set(linked),
        }
        field
    }
}

/// A list of rows, each with its own place.
fn linked<T: Model, P>(rows: Vec<T>, partial: bool) -> Links<T, P> {
    let places = (0..).zip(&rows).map(|(at, _)| (0, at)).collect();
    let rows = Batch::from_iter(rows);
    let group = if partial { rows.into_part() } else { rows.into_group() };
    Links::new(vec![group], places, partial)
}

impl<'de, T: Model + Deserialize<'de>> Deserialize<'de> for ManyToMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = Wire::<Vec<T>>::deserialize(deserializer)?;
        Ok(wire.map(|rows, partial| Linked::all(linked(rows, partial))).link())
    }
}

impl<'de, T, P> Deserialize<'de> for ManyToMany<T, P>
where
    T: Model + Deserialize<'de>,
    P: Model + Deserialize<'de>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = Wire::<Vec<Joined<T, P>>>::deserialize(deserializer)?;
        let link = |joined: Vec<Joined<T, P>>, partial| {
            let (rows, pivots): (Vec<T>, Vec<P>) = joined.into_iter().map(|it| (it.row, it.pivot)).unzip();
            let places = (0..).zip(&pivots).map(|(at, _)| at).collect();
            Linked::all(linked(rows, partial).with_pivots(Batch::from_iter(pivots).into_group(), places))
        };
        Ok(wire.map(link).link())
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
