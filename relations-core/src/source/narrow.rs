//! What a source does not do itself, done in memory on rows that are there: conditions, orders and limits, as SQLite has
//! them.

mod describe;
mod related;
mod scalar;

use std::borrow::Borrow;
use std::cmp::Ordering;

use rustc_hash::FxHashMap;

pub(super) use self::describe::fields;
pub(super) use self::scalar::Scalar;
use crate::descriptor::{ColumnDescriptor, ModelDescriptor, MorphDescriptor, RelationDescriptor};
use crate::error::{Error, ErrorKind, RelationName, Result};
use crate::filter::{Comparison, Condition, Order, Predicate, Term};
use crate::key::Key;
use crate::model::Model;
use crate::source::{Limit, Request};
use crate::value::{ColumnValue, Columns};

/// A row with the columns of a model. It may be that of another model of the same join table, which has them in another
/// order.
#[derive(Clone, Copy)]
pub(super) struct RowOf<'a> {
    pub(super) model: &'static ModelDescriptor,
    pub(super) row: &'a dyn Columns,
    /// The model whose positions the row has.
    pub(super) own: &'static ModelDescriptor,
}

impl<'a> RowOf<'a> {
    pub(super) fn new<T: Model>(row: &'a T) -> Self {
        Self { model: T::model_descriptor(), row, own: T::model_descriptor() }
    }

    fn held(&self, at: usize) -> Option<ColumnValue<'a>> {
        if std::ptr::eq(self.model, self.own) {
            return self.row.column(at);
        }
        let name = self.model.columns.get(at)?.column;
        self.row.column(self.own.columns.iter().position(|column| column.column == name)?)
    }
}

impl Columns for RowOf<'_> {
    fn column(&self, at: usize) -> Option<ColumnValue<'_>> {
        self.held(at)
    }
}

/// Where the rows are that a condition on a relation is about.
pub(super) trait Tables {
    /// All rows of a model.
    fn rows(&self, model: &'static ModelDescriptor, about: About) -> Result<Vec<RowOf<'_>>>;
}

/// What an error is about.
#[derive(Clone, Copy)]
pub(super) struct About {
    pub(super) model: &'static str,
    pub(super) relation: Option<&'static RelationDescriptor>,
}

impl About {
    pub(super) fn of<T: Model, K: Key>(request: &Request<T, K>) -> Self {
        Self { model: T::NAME, relation: request.relation }
    }

    /// The source cannot do this, but perhaps something else instead.
    #[cold]
    pub(super) fn unsupported(self, what: impl Into<String>, instead: impl Into<String>) -> Error {
        let (what, instead) = (what.into(), instead.into());
        ErrorKind::Unsupported { model: self.model, relation: self.relation.map(RelationName), what, instead }.into()
    }

    #[cold]
    fn incomparable(self, column: Option<&'static ColumnDescriptor>, model: &'static ModelDescriptor) -> Error {
        let (field, type_name) = column.map_or(("?", "?"), |column| (column.field, column.type_name));
        let relation = self.relation.map(RelationName);
        ErrorKind::Incomparable { model: model.name, relation, field, type_name }.into()
    }
}

/// What it takes to look at rows.
#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    pub(super) about: About,
    pub(super) tables: &'a dyn Tables,
}

impl Look<'_> {
    /// Those of the rows that the filter, the type and the key to start after let through, in order, as many as the
    /// limit lets through: of each key that `keys_of` names, or of all rows if there are no keys.
    pub(super) fn narrow<T, K, B>(
        self,
        rows: Vec<B>,
        request: &Request<T, K>,
        mut keys_of: impl FnMut(&T) -> Result<Vec<K>>,
    ) -> Result<Vec<B>>
    where
        T: Model,
        K: Key,
        B: Borrow<T>,
    {
        let mut kept = Vec::with_capacity(rows.len());
        for row in rows {
            if self.admits(row.borrow(), request)? {
                kept.push(row);
            }
        }
        let order: Vec<_> = request.order.iter().map(|order| order.term().clone()).collect();
        let rows = self.sort(kept, |row| RowOf::new::<T>(row.borrow()), &order)?;
        if request.limit == Limit::None {
            return Ok(rows);
        }
        let mut counts: FxHashMap<K, u64> = FxHashMap::default();
        let mut total = 0;
        let mut within = Vec::new();
        for row in rows {
            let mut is_within = false;
            if request.keys.is_none() {
                is_within = lets_through(request.limit, &mut total);
            } else {
                for key in keys_of(row.borrow())? {
                    is_within |= lets_through(request.limit, counts.entry(key).or_default());
                }
            }
            if is_within {
                within.push(row);
            }
        }
        Ok(within)
    }

    fn admits<T: Model, K: Key>(self, row: &T, request: &Request<T, K>) -> Result<bool> {
        if let Some(after) = &request.after {
            let descending = request.order.first().is_some_and(Order::is_descending);
            if row.key().cmp(after) != if descending { Ordering::Less } else { Ordering::Greater } {
                return Ok(false);
            }
        }
        let row = RowOf::new(row);
        Ok(self.is_of_type(row, request.morph)?
            && match &request.filter {
                Some(filter) => self.meets(row, filter.condition())?,
                None => true,
            })
    }

    /// Sorts rows: null last in either direction.
    pub(super) fn sort<'r, B: 'r>(
        self,
        rows: Vec<B>,
        row_of: impl for<'b> Fn(&'b B) -> RowOf<'b>,
        order: &[Term],
    ) -> Result<Vec<B>> {
        if order.is_empty() || rows.len() < 2 {
            return Ok(rows);
        }
        let mut keyed = Vec::with_capacity(rows.len());
        for row in rows {
            let of_row = row_of(&row);
            let terms = order.iter().map(|term| self.ordered_by(of_row, &term.by)).collect::<Result<Vec<_>>>()?;
            keyed.push((terms, row));
        }
        keyed.sort_by(|(left, _), (right, _)| {
            let terms = left.iter().zip(right).zip(order);
            terms.fold(Ordering::Equal, |so_far, ((left, right), term)| {
                so_far.then_with(|| left.nulls_last(right, term.descending))
            })
        });
        Ok(keyed.into_iter().map(|(_, row)| row).collect())
    }

    /// What a row holds in a column, as something that can be compared.
    pub(super) fn scalar(self, row: RowOf<'_>, at: usize) -> Result<Scalar> {
        let value = row.held(at).and_then(ColumnValue::value);
        let scalar = value.as_ref().and_then(Scalar::of);
        scalar.ok_or_else(|| self.about.incomparable(row.model.columns.get(at), row.model))
    }

    /// What a row holds in some columns; nothing if one is null.
    fn scalars(self, row: RowOf<'_>, columns: &[usize]) -> Result<Option<Vec<Scalar>>> {
        let held = columns.iter().map(|&at| self.scalar(row, at)).collect::<Result<Vec<_>>>()?;
        Ok((!held.contains(&Scalar::Null)).then_some(held))
    }

    pub(super) fn is_of_type(self, row: RowOf<'_>, morph: Option<MorphDescriptor>) -> Result<bool> {
        match morph {
            Some(MorphDescriptor { column, tag }) => Ok(self.scalar(row, column)? == Scalar::Text(tag.to_owned())),
            None => Ok(true),
        }
    }

    /// Whether the condition is true of the row, neither false nor null.
    pub(super) fn meets(self, row: RowOf<'_>, condition: &Condition) -> Result<bool> {
        Ok(self.truth(row, condition)? == Some(true))
    }

    /// Whether the condition is true or false; nothing for null.
    fn truth(self, row: RowOf<'_>, condition: &Condition) -> Result<Option<bool>> {
        Ok(match condition {
            Condition::Column(at, predicate) => self
                .scalar(row, *at)?
                .meets(predicate, || self.about.incomparable(row.model.columns.get(*at), row.model))?,
            Condition::Related(asked) => Some(self.is_related(row, asked)?),
            Condition::Unlimited(relation) => return Err(Error::limited(relation)),
            Condition::And(left, right) => match self.truth(row, left)? {
                Some(false) => Some(false),
                left => match self.truth(row, right)? {
                    Some(true) => left,
                    Some(false) => Some(false),
                    None => None,
                },
            },
            Condition::Or(left, right) => match self.truth(row, left)? {
                Some(true) => Some(true),
                left => match self.truth(row, right)? {
                    Some(true) => Some(true),
                    Some(false) => left,
                    None => None,
                },
            },
            Condition::Not(condition) => self.truth(row, condition)?.map(|is_true| !is_true),
        })
    }
}

/// Whether one more row is within the limit, after so many.
fn lets_through(limit: Limit, seen: &mut u64) -> bool {
    *seen += 1;
    *seen > limit.offset() && limit.limit().is_none_or(|rows| *seen - limit.offset() <= rows)
}

impl Comparison {
    pub(super) fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Eq => ordering.is_eq(),
            Self::Ne => ordering.is_ne(),
            Self::Lt => ordering.is_lt(),
            Self::Le => ordering.is_le(),
            Self::Gt => ordering.is_gt(),
            Self::Ge => ordering.is_ge(),
        }
    }
}

impl Scalar {
    /// Whether this value meets a predicate; nothing for null.
    fn meets(&self, predicate: &Predicate, incomparable: impl Fn() -> Error) -> Result<Option<bool>> {
        let scalar = |value| Self::of(value).ok_or_else(&incomparable);
        let compare = |comparison: Comparison, value| {
            Ok::<_, Error>(self.compare(&scalar(value)?).map(|ordering| comparison.holds(ordering)))
        };
        Ok(match predicate {
            Predicate::Null => Some(*self == Self::Null),
            Predicate::NotNull => Some(*self != Self::Null),
            Predicate::Compare(comparison, value) => compare(*comparison, value)?,
            Predicate::Between(low, high) => match (compare(Comparison::Ge, low)?, compare(Comparison::Le, high)?) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            // No value at all matches nothing, not even null.
            Predicate::In(values) if values.is_empty() => Some(false),
            Predicate::In(_) if *self == Self::Null => None,
            Predicate::In(values) => {
                let mut is_in = false;
                for value in values {
                    is_in |= compare(Comparison::Eq, value)? == Some(true);
                }
                Some(is_in)
            }
            Predicate::Like(pattern) => self.is_like(pattern),
        })
    }
}
