//! The fields of relations through others on the wire: as those of direct relations. What was reached over a way back
//! is written as not loaded: the rows it leads to are those that this row is being written in.

use std::sync::Arc;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

use super::Wire;
use crate::field::{HasManyThrough, HasOneThrough, OneTarget, RelationField};
use crate::group::Batch;
use crate::linked::{Linked, Links};
use crate::model::Model;
use crate::stored::Leads;

/// The rows of a list; none where it leads back.
fn rows<T: Model>(stored: &Linked<T>) -> Option<Vec<&T>> {
    (!stored.is_back()).then(|| stored.iter().collect())
}

/// A field that holds these rows.
fn fill<T: Model, F: RelationField<Stored = Linked<T>>>(wire: Wire<impl IntoIterator<Item = T>>) -> F {
    let field = F::default();
    let (rows, partial) = match wire {
        Wire::NotLoaded => return field,
        Wire::Loaded(rows) => (rows, false),
        Wire::Partial(rows) => (rows, true),
    };
    let group = Batch::from_iter(rows).into_group();
    let end = group.len();
    let links = Links::new(vec![group], (0..end).map(|at| (0, at)).collect(), partial);
    field.slot().set(Linked::new(Arc::new(links), 0..end, 0));
    field
}

impl<T: Model + Serialize> Serialize for HasManyThrough<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Wire::of(self.slot(), rows).serialize(serializer)
    }
}

impl<'de, T: Model + Deserialize<'de>> Deserialize<'de> for HasManyThrough<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(fill(Wire::<Vec<T>>::deserialize(deserializer)?))
    }
}

impl<T: OneTarget> Serialize for HasOneThrough<T>
where
    T::Model: Serialize,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Wire::of(self.slot(), |stored| Some(rows(stored)?.first().copied())).serialize(serializer)
    }
}

impl<'de, T: OneTarget> Deserialize<'de> for HasOneThrough<T>
where
    T::Model: Deserialize<'de>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(fill(Wire::<Option<T::Model>>::deserialize(deserializer)?))
    }
}
