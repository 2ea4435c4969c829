//! Conditions and orders on one model's columns. They hold columns by position: table, names and SQL are a source's
//! business, so that what is asked of an ancestor's columns can be asked of any model that extends it.

mod term;

use std::fmt;
use std::marker::PhantomData;

use sea_query::Value;

use crate::descriptor::{ColumnDescriptor, OrderDescriptor, RelationDescriptor};
use crate::inherit::HasColumnsOf;
use crate::model::Model;
use crate::related::{RelatedCondition, RelatedValue};
use crate::source::Limit;

pub use term::FilterTerm;

/// A condition on the rows of `M`: what [`Column`](crate::Column) comparisons give, combined with `and`, `or`, `not`.
pub struct Filter<M> {
    condition: Condition,
    of: PhantomData<fn(M)>,
}

impl<M> Clone for Filter<M> {
    fn clone(&self) -> Self {
        Self::new(self.condition.clone())
    }
}

impl<M: Model> fmt::Debug for Filter<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Filter<{}>({})", M::NAME, self.condition.describe(M::COLUMNS))
    }
}

impl<M> Filter<M> {
    pub(crate) fn new(condition: Condition) -> Self {
        Self { condition, of: PhantomData }
    }

    /// Both conditions; the other may be on a model that `M` extends.
    pub fn and<P: Model>(self, other: Filter<P>) -> Self
    where
        M: HasColumnsOf<P>,
    {
        Self::new(Condition::And(self.condition.into(), other.condition.into()))
    }

    /// Either condition; the other may be on a model that `M` extends.
    pub fn or<P: Model>(self, other: Filter<P>) -> Self
    where
        M: HasColumnsOf<P>,
    {
        Self::new(Condition::Or(self.condition.into(), other.condition.into()))
    }

    /// The opposite, as SQL has it: a condition that is null stays null.
    #[expect(clippy::should_implement_trait, reason = "also reachable as `!filter`; the method chains")]
    pub fn not(self) -> Self {
        Self::new(Condition::Not(self.condition.into()))
    }

    /// The same condition on a model that extends `M`: its columns stand where those of `M` do.
    pub(crate) fn inherited<C: HasColumnsOf<M>>(self) -> Filter<C>
    where
        M: Model,
    {
        Filter::new(self.condition)
    }

    pub(crate) fn condition(&self) -> &Condition {
        &self.condition
    }

    pub(crate) fn into_condition(self) -> Condition {
        self.condition
    }
}

impl<M> std::ops::Not for Filter<M> {
    type Output = Self;

    fn not(self) -> Self {
        Self::not(self)
    }
}

/// A filter without its model. As in SQL, it is true, false or null, and lets through what it is true of.
#[derive(Debug, Clone)]
pub(crate) enum Condition {
    /// The column at this position meets the predicate.
    Column(usize, Predicate),
    /// The rows that a relation leads to are such, and so many. It is never null.
    Related(Box<RelatedCondition>),
    /// The rows that a relation leads to were asked about under a limit that a condition cannot keep.
    Unlimited(&'static RelationDescriptor),
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Not(Box<Self>),
}

/// What is asked of one column's value.
#[derive(Debug, Clone)]
pub(crate) enum Predicate {
    Compare(Comparison, Value),
    Null,
    NotNull,
    /// Both ends included.
    Between(Value, Value),
    /// None of them is null.
    In(Vec<Value>),
    /// `%` stands for any text, `_` for any one character.
    Like(String),
}

/// How a column's value compares with another; null compares with nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Less.
    Lt,
    /// Less or equal.
    Le,
    /// Greater.
    Gt,
    /// Greater or equal.
    Ge,
}

impl Condition {
    /// The column's value is one of these, with null among them meaning null.
    pub(crate) fn one_of(column: usize, mut values: Vec<Value>) -> Self {
        let before = values.len();
        values.retain(|value| !is_null(value));
        let (nulls, listed) = (values.len() < before, !values.is_empty());
        let null = Self::Column(column, Predicate::Null);
        let list = Self::Column(column, Predicate::In(values));
        match (nulls, listed) {
            (false, _) => list,
            (true, false) => null,
            (true, true) => Self::Or(list.into(), null.into()),
        }
    }

    /// The relation in it whose limit it cannot keep.
    pub(crate) fn unlimited(&self) -> Option<&'static RelationDescriptor> {
        match self {
            Self::Column(..) => None,
            Self::Related(related) => related.unlimited(),
            Self::Unlimited(relation) => Some(relation),
            Self::And(left, right) | Self::Or(left, right) => left.unlimited().or_else(|| right.unlimited()),
            Self::Not(condition) => condition.unlimited(),
        }
    }

    pub(crate) fn describe(&self, columns: &[ColumnDescriptor]) -> String {
        match self {
            Self::Column(at, predicate) => {
                format!("{} {predicate:?}", columns.get(*at).map_or("?", |column| column.field))
            }
            Self::Related(related) => related.describe(),
            Self::Unlimited(relation) => format!("{} under a limit", relation.name),
            Self::And(left, right) => format!("({} and {})", left.describe(columns), right.describe(columns)),
            Self::Or(left, right) => format!("({} or {})", left.describe(columns), right.describe(columns)),
            Self::Not(condition) => format!("not {}", condition.describe(columns)),
        }
    }
}

impl Predicate {
    /// A comparison, with equal to null meaning null.
    pub(crate) fn compare(comparison: Comparison, value: Value) -> Self {
        match comparison {
            Comparison::Eq if is_null(&value) => Self::Null,
            Comparison::Ne if is_null(&value) => Self::NotNull,
            comparison => Self::Compare(comparison, value),
        }
    }
}

fn is_null(value: &Value) -> bool {
    value == &value.as_null()
}

/// One term of an order on the rows of `M`. Rows without a value come last, whichever the direction.
pub struct Order<M> {
    term: Term,
    of: PhantomData<fn(M)>,
}

/// An order's term without its model.
#[derive(Debug, Clone)]
pub(crate) struct Term {
    pub(crate) by: By,
    pub(crate) descending: bool,
}

/// What rows are ordered by.
#[derive(Debug, Clone)]
pub(crate) enum By {
    /// The column at this position.
    Column(usize),
    /// A value of the one row that a relation leads to.
    Related(Box<RelatedValue>),
}

impl<M> Order<M> {
    pub(crate) const fn new(by: By, descending: bool) -> Self {
        Self { term: Term { by, descending }, of: PhantomData }
    }

    pub(crate) fn term(&self) -> &Term {
        &self.term
    }

    pub(crate) fn into_term(self) -> Term {
        self.term
    }

    /// The same term on a model that extends `M`.
    pub(crate) fn inherited<C: HasColumnsOf<M>>(self) -> Order<C>
    where
        M: Model,
    {
        Order { term: self.term, of: PhantomData }
    }

    /// The order that a relation declares.
    pub(crate) fn declared(terms: &[OrderDescriptor]) -> Vec<Self> {
        terms.iter().map(|term| Self::new(By::Column(term.column), term.descending)).collect()
    }

    /// An order without ties: by the key after all else, wherever an order or a limit chooses among rows. The key goes
    /// the way of the last term, so the latest of equals is the one with the largest key, and an index is read one way.
    pub(crate) fn settled(mut order: Vec<Self>, limit: Limit) -> Vec<Self>
    where
        M: Model,
    {
        if !order.is_empty() || limit != Limit::None {
            let is_there = |at: usize| order.iter().any(|order| order.term.by.column() == Some(at));
            let key: Vec<_> = M::KEY.iter().filter(|&&at| !is_there(at)).copied().collect();
            let descending = order.last().is_some_and(|order| order.term.descending);
            order.extend(key.into_iter().map(|at| Self::new(By::Column(at), descending)));
        }
        order
    }

    /// Whether it is the order of the key, up or down.
    pub(crate) fn is_by_key(order: &[Self]) -> bool
    where
        M: Model,
    {
        let columns = order.iter().map(|order| order.term.by.column());
        let one_way = order.windows(2).all(|pair| pair[0].term.descending == pair[1].term.descending);
        one_way && columns.eq(M::KEY.iter().map(|&at| Some(at)))
    }
}

impl By {
    /// The position of the column, if it is one of the rows themselves.
    pub(crate) fn column(&self) -> Option<usize> {
        match self {
            Self::Column(at) => Some(*at),
            Self::Related(_) => None,
        }
    }

    /// The relation that it depends on whose limit it cannot keep.
    pub(crate) fn unlimited(&self) -> Option<&'static RelationDescriptor> {
        match self {
            Self::Column(_) => None,
            Self::Related(value) => value.unlimited(),
        }
    }

    pub(crate) fn describe(&self, columns: &[ColumnDescriptor]) -> String {
        match self {
            Self::Column(at) => columns.get(*at).map_or("?", |column| column.field).to_owned(),
            Self::Related(value) => value.describe(),
        }
    }
}

impl<M> Clone for Order<M> {
    fn clone(&self) -> Self {
        Self { term: self.term.clone(), of: PhantomData }
    }
}

impl<M: Model> fmt::Debug for Order<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by = self.term.by.describe(M::COLUMNS);
        write!(f, "{}.{by} {}", M::NAME, if self.term.descending { "desc" } else { "asc" })
    }
}
