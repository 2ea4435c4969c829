//! Filters as sources of one's own read them.

use sea_query::Value;

use super::{Comparison, Condition, Filter, Order, Predicate};
use crate::descriptor::{ColumnDescriptor, RelationDescriptor};
use crate::model::Model;

/// What a filter asks, for a source of one's own that passes it on: see [`Filter::term`].
///
/// As in SQL, a term is true, false or null, and lets through what it is true of; null compares with nothing.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum FilterTerm<'a> {
    /// The column compares so with the value.
    Compare(&'static ColumnDescriptor, Comparison, &'a Value),
    /// The column is null.
    Null(&'static ColumnDescriptor),
    /// The column is not null.
    NotNull(&'static ColumnDescriptor),
    /// The column is between the two values, both included.
    Between(&'static ColumnDescriptor, &'a Value, &'a Value),
    /// The column is one of the values, none of which is null.
    In(&'static ColumnDescriptor, &'a [Value]),
    /// The column matches the pattern: `%` stands for any text, `_` for any one character.
    Like(&'static ColumnDescriptor, &'a str),
    /// The relation leads to some rows, or not.
    Related(&'static RelationDescriptor),
    /// Both.
    And(Box<Self>, Box<Self>),
    /// Either.
    Or(Box<Self>, Box<Self>),
    /// The opposite.
    Not(Box<Self>),
}

/// Stands for a column that no filter can name.
static NONE: ColumnDescriptor = ColumnDescriptor { field: "?", column: "?", type_name: "?", nullable: false };

impl<M: Model> Filter<M> {
    /// What the filter asks, for a source of one's own.
    ///
    /// ```
    /// use relations_core::source::{Comparison, FilterTerm};
    /// use relations_core::{Relations, Value};
    ///
    /// #[derive(Debug, Relations)]
    /// pub struct Book { id: i64, title: String }
    ///
    /// let filter = Book::TITLE.eq("Emma");
    /// let FilterTerm::Compare(column, Comparison::Eq, Value::String(Some(title))) = filter.term() else { panic!() };
    /// assert_eq!((column.field, title.as_str()), ("title", "Emma"));
    /// ```
    pub fn term(&self) -> FilterTerm<'_> {
        term::<M>(&self.condition)
    }
}

fn term<M: Model>(condition: &Condition) -> FilterTerm<'_> {
    let pair = |left, right| (Box::new(term::<M>(left)), Box::new(term::<M>(right)));
    match condition {
        Condition::Column(at, predicate) => of_column(column::<M>(*at), predicate),
        Condition::Related(related) => FilterTerm::Related(related.rows.relation),
        Condition::Unlimited(relation) => FilterTerm::Related(relation),
        Condition::And(left, right) => {
            let (left, right) = pair(left, right);
            FilterTerm::And(left, right)
        }
        Condition::Or(left, right) => {
            let (left, right) = pair(left, right);
            FilterTerm::Or(left, right)
        }
        Condition::Not(condition) => FilterTerm::Not(Box::new(term::<M>(condition))),
    }
}

fn of_column<'a>(column: &'static ColumnDescriptor, predicate: &'a Predicate) -> FilterTerm<'a> {
    match predicate {
        Predicate::Compare(comparison, value) => FilterTerm::Compare(column, *comparison, value),
        Predicate::Null => FilterTerm::Null(column),
        Predicate::NotNull => FilterTerm::NotNull(column),
        Predicate::Between(low, high) => FilterTerm::Between(column, low, high),
        Predicate::In(values) => FilterTerm::In(column, values),
        Predicate::Like(pattern) => FilterTerm::Like(column, pattern),
    }
}

fn column<M: Model>(at: usize) -> &'static ColumnDescriptor {
    M::COLUMNS.get(at).unwrap_or(&NONE)
}

impl<M: Model> Order<M> {
    /// The column that is ordered by; nothing if it is one of a row that a relation leads to.
    pub fn column(&self) -> Option<&'static ColumnDescriptor> {
        self.term.by.column().map(column::<M>)
    }

    /// Whether the largest value comes first.
    pub fn is_descending(&self) -> bool {
        self.term.descending
    }
}
