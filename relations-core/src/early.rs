//! What a plan asks for before the rows that it is about are there: where a query says which key its rows have, the
//! relations by that key need not wait for them.

use std::any::Any;

use sea_query::Value;

use crate::error::Result;
use crate::filter::{Comparison, Condition, Predicate};
use crate::key::Key;
use crate::model::Model;
use crate::relation::{Relation, RelationQuery};
use crate::route::{NarrowingOf, Route};
use crate::share::Owners;
use crate::source::{Follows, Reader, Request};
use crate::value::{ColumnValue, Columns};

/// What a query says of all of its rows: the columns of its key, and those that it compares with one value.
pub(crate) struct Known<K> {
    columns: &'static [usize],
    key: Option<K>,
    values: Vec<(usize, Value)>,
}

impl<K: Key> Known<K> {
    pub(crate) fn of<T: Model>(request: &Request<T, K>) -> Self {
        let mut values = Vec::new();
        if let Some(filter) = &request.filter {
            each_equal(filter.condition(), &mut |column, value| values.push((column, value.clone())));
        }
        // At the end of a path the columns hold another key.
        let key = match request.keys.as_deref() {
            Some([key]) if request.path.is_empty() && request.either.is_none() => Some(key.clone()),
            _ => None,
        };
        Self { columns: request.columns, key, values }
    }
}

impl<K: Key> Columns for Known<K> {
    fn column(&self, at: usize) -> Option<ColumnValue<'_>> {
        let part = self.columns.iter().position(|column| *column == at);
        let of_key = self.key.as_ref().zip(part).and_then(|(key, part)| key.part(part));
        let of_filter = || self.values.iter().find(|(column, _)| *column == at).and_then(|(_, value)| held(value));
        Some(ColumnValue::new(of_key.or_else(of_filter)?, None))
    }
}

/// Visits the columns that have to equal a value.
fn each_equal(condition: &Condition, visit: &mut impl FnMut(usize, &Value)) {
    match condition {
        Condition::Column(at, Predicate::Compare(Comparison::Eq, value)) => visit(*at, value),
        Condition::And(left, right) => {
            each_equal(left, visit);
            each_equal(right, visit);
        }
        _ => {}
    }
}

/// What the value holds, if a key may be of its type.
fn held(value: &Value) -> Option<&dyn Any> {
    fn any<T: 'static>(value: &Option<T>) -> Option<&dyn Any> {
        value.as_ref().map(|value| value as _)
    }
    match value {
        Value::SmallInt(value) => any(value),
        Value::Int(value) => any(value),
        Value::BigInt(value) => any(value),
        Value::String(value) => any(value),
        #[cfg(feature = "uuid")]
        Value::Uuid(value) => any(value),
        _ => None,
    }
}

/// What a relation leads to from a key that its owners should have.
pub struct Early<R: Relation> {
    key: R::Key,
    found: <R::Route as Route<R>>::Found,
}

/// Asks for what the relation leads to, if the columns that are known of its owners tell their key.
pub(crate) fn find<'a, 'n, R, S>(
    reader: Reader<'a, S>,
    known: &dyn Columns,
    narrowing: &'n NarrowingOf<R>,
) -> impl Future<Output = Result<Option<Early<R>>>> + Send + use<'a, 'n, R, S>
where
    R: Relation,
    S: Follows<R>,
{
    // Boxed, so that the future of a tree is small where nothing is known.
    let asked = R::Route::ask_early(known).map(|(key, ask)| (key, Box::pin(reader.follow::<R>(ask, narrowing))));
    async move {
        match asked {
            Some((key, found)) => Ok(Some(Early { key, found: found.await? })),
            None => Ok(None),
        }
    }
}

/// What a tree finds early, if it asks at all.
pub(crate) async fn perhaps<E: Default>(early: Option<impl Future<Output = Result<E>>>) -> Result<E> {
    match early {
        Some(early) => early.await,
        None => Ok(E::default()),
    }
}

impl<R: Relation, N> RelationQuery<R, N> {
    /// Finds what the relation leads to from these owners, unless that was found already.
    pub(crate) async fn find<S: Follows<R>>(
        &self,
        reader: Reader<'_, S>,
        owners: &impl Owners<R::Owner>,
        early: Option<Early<R>>,
    ) -> Result<<R::Route as Route<R>>::Found> {
        let early = early.filter(|early| {
            // A database may find rows by a key that it takes for equal to theirs.
            let mut fits = true;
            owners.each(|owner, _| fits &= R::owner_key(owner).is_none_or(|key| key == early.key));
            fits
        });
        match early {
            Some(early) => Ok(early.found),
            None => {
                let ask = R::Route::ask(owners, self.narrowing.is_partial());
                reader.follow::<R>(ask, &self.narrowing).await
            }
        }
    }
}
