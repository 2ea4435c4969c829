//! Aggregates over what relations lead to.

use std::any::type_name;

use sea_query::Value;

use super::MemorySession;
use crate::error::{Error, ErrorKind, RelationName, Result};
use crate::filter::{By, Term};
use crate::key::{self, Key};
use crate::log::Statement;
use crate::model::Model;
use crate::related::{Aggregate, RelatedRows};
use crate::source::narrow::{About, Look, RowOf, Scalar, fields};
use crate::source::{AggregateRequest, RelationAggregator};
use crate::value::Columns;

impl<T, K, V> RelationAggregator<T, K, V> for MemorySession
where
    T: Model,
    K: Key,
    V: sea_query::value::ValueType + Send,
{
    async fn aggregate(&self, request: AggregateRequest<K>) -> Result<Vec<(K, V)>> {
        let started = self.started();
        let AggregateRequest { keys, rows: related, aggregate, .. } = &request;
        let about = About { model: related.model.name, relation: Some(related.relation) };
        let look = Look { about, tables: &*self.stored };
        let mut found = Vec::with_capacity(keys.len());
        for key in keys {
            let is_key = |row: RowOf<'_>, columns: &[usize]| Ok(K::held(&row, columns).as_ref() == Some(key));
            let rows = look.related(related, is_key)?;
            let failed = |reason: &str| undecoded::<V>(related, *aggregate, key::display(key), reason);
            if let Some(value) = look.compute(*aggregate, &rows).map_err(|fault| fault.of(failed))? {
                found.push((key.clone(), V::try_from(value).map_err(|_| failed("it is of another type"))?));
            }
        }
        if let Some(started) = started {
            self.recorders.write(&Statement {
                sql: describe(related, *aggregate).into(),
                rows: keys.len(),
                model: related.model.name,
                relation: Some(related.relation.path()),
                keys: keys.len(),
                duration: started.elapsed(),
            });
        }
        Ok(found)
    }
}

/// Why nothing can be computed.
enum Fault {
    Error(Error),
    TooLarge,
}

impl Fault {
    fn of(self, failed: impl FnOnce(&str) -> Error) -> Error {
        match self {
            Self::Error(error) => error,
            Self::TooLarge => failed("the sum is larger than an `i64`"),
        }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl Look<'_> {
    /// Computes an aggregate of rows, each as often as it says; nothing if there is no value among them.
    fn compute(self, aggregate: Aggregate, rows: &[(RowOf<'_>, u64)]) -> Result<Option<Value>, Fault> {
        let count: u64 = rows.iter().map(|(_, times)| times).sum();
        Ok(match aggregate {
            Aggregate::Count => Some(i64::try_from(count).map_err(|_| Fault::TooLarge)?.into()),
            Aggregate::Exists => Some((count > 0).into()),
            Aggregate::Sum(at, _) => match self.add(at, rows)? {
                (_, Scalar::Integer(sum)) => Some(i64::try_from(sum).map_err(|_| Fault::TooLarge)?.into()),
                (_, Scalar::Real(sum)) => Some(sum.into()),
                _ => None,
            },
            Aggregate::Average(at) => match self.add(at, rows)? {
                (count, Scalar::Integer(sum)) => Some((sum as f64 / count as f64).into()),
                (count, Scalar::Real(sum)) => Some((sum / count as f64).into()),
                _ => None,
            },
            Aggregate::Min(at) => self.first(at, rows, false)?,
            Aggregate::Max(at) => self.first(at, rows, true)?,
        })
    }

    /// The number of values of a column, and their sum; null for none.
    fn add(self, at: usize, rows: &[(RowOf<'_>, u64)]) -> Result<(u64, Scalar), Fault> {
        let (mut count, mut sum) = (0, Scalar::Null);
        for &(row, times) in rows {
            let value = match self.scalar(row, at)? {
                Scalar::Integer(value) => Scalar::Integer(value * i128::from(times)),
                Scalar::Real(value) => Scalar::Real(value * times as f64),
                _ => continue,
            };
            count += times;
            sum = match (sum, value) {
                (Scalar::Integer(sum), Scalar::Integer(value)) => {
                    Scalar::Integer(sum.checked_add(value).ok_or(Fault::TooLarge)?)
                }
                (Scalar::Real(sum), Scalar::Real(value)) => Scalar::Real(sum + value),
                (_, value) => value,
            };
        }
        Ok((count, sum))
    }

    /// The first value of a column in its order.
    fn first(self, at: usize, rows: &[(RowOf<'_>, u64)], descending: bool) -> Result<Option<Value>> {
        let rows = self.sort(rows.to_vec(), |(row, _)| *row, &[Term { by: By::Column(at), descending }])?;
        match rows.first() {
            // Null is the last of them.
            Some((row, _)) if self.scalar(*row, at)? != Scalar::Null => {
                Ok(row.column(at).and_then(|held| held.value()))
            }
            _ => Ok(None),
        }
    }
}

fn undecoded<V>(related: &RelatedRows, aggregate: Aggregate, key: String, reason: &str) -> Error {
    let column = aggregate.column().and_then(|at| related.model.columns.get(at));
    ErrorKind::Decode {
        model: related.model.name,
        relation: Some(RelationName(related.relation)),
        column: column.map_or("count", |column| column.column),
        field: column.map_or("count", |column| column.field),
        type_name: type_name::<V>(),
        key: Some(key),
        reason: reason.to_owned(),
    }
    .into()
}

/// As in `sum of score of posts by user_id`.
fn describe(related: &RelatedRows, aggregate: Aggregate) -> String {
    let word = match aggregate {
        Aggregate::Count => "count",
        Aggregate::Exists => "existence",
        Aggregate::Sum(..) => "sum",
        Aggregate::Average(_) => "average",
        Aggregate::Min(_) => "smallest",
        Aggregate::Max(_) => "largest",
    };
    let columns = related.model.columns;
    let column = aggregate.column().map(|at| format!(" {} of", fields(columns, &[at])));
    let path: String = related.path.iter().map(|step| format!(" over {}", (step.model)().table)).collect();
    let (table, by) = (related.model.table, fields(columns, related.columns));
    format!("{word} of{} {table} by {by}{path}", column.unwrap_or_default())
}
