//! Conditions and orders on one model's columns. Quoting and dialects are sea-query's job.

use std::fmt;
use std::marker::PhantomData;

use sea_query::{Alias, Expr, ExprTrait, Func, IntoColumnRef, Value};

use crate::descriptor::OrderDescriptor;
use crate::model::Model;
use crate::source::Limit;

/// A condition on the rows of `M`: what [`Column`](crate::Column) comparisons give, combined with `and`, `or`, `not`.
pub struct Filter<M> {
    expr: Expr,
    of: PhantomData<fn(M)>,
}

impl<M> Clone for Filter<M> {
    fn clone(&self) -> Self {
        Self::new(self.expr.clone())
    }
}

impl<M: Model> fmt::Debug for Filter<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Filter<{}>({:?})", M::NAME, self.expr)
    }
}

impl<M> Filter<M> {
    pub(crate) fn new(expr: Expr) -> Self {
        Self { expr, of: PhantomData }
    }

    /// `column IN (values)`, with null among the values meaning null.
    pub(crate) fn one_of(column: Expr, mut values: Vec<Value>) -> Self {
        let before = values.len();
        values.retain(|value| !is_null(value));
        let nulls = before > values.len();
        let expr = match (values.is_empty(), nulls) {
            (true, true) => column.is_null(),
            (true, false) => Expr::value(1).eq(0),
            (false, true) => column.clone().is_in(values).or(column.is_null()),
            (false, false) => column.is_in(values),
        };
        Self::new(expr)
    }

    /// Both conditions.
    pub fn and(self, other: Self) -> Self {
        Self::new(self.expr.and(other.expr))
    }

    /// Either condition.
    pub fn or(self, other: Self) -> Self {
        Self::new(self.expr.or(other.expr))
    }

    /// The opposite, as SQL has it: a condition that is null stays null.
    #[expect(clippy::should_implement_trait, reason = "also reachable as `!filter`; the method chains")]
    pub fn not(self) -> Self {
        Self::new(self.expr.not())
    }

    pub(crate) fn expr(&self) -> &Expr {
        &self.expr
    }
}

impl<M> std::ops::Not for Filter<M> {
    type Output = Self;

    fn not(self) -> Self {
        Self::not(self)
    }
}

/// One term of an order on the rows of `M`. Rows without a value come last, whichever the direction.
pub struct Order<M> {
    pub(crate) column: usize,
    pub(crate) descending: bool,
    of: PhantomData<fn(M)>,
}

impl<M> Order<M> {
    pub(crate) const fn new(column: usize, descending: bool) -> Self {
        Self { column, descending, of: PhantomData }
    }

    /// The order that a relation declares.
    pub(crate) fn declared(terms: &[OrderDescriptor]) -> Vec<Self> {
        terms.iter().map(|term| Self::new(term.column, term.descending)).collect()
    }

    /// An order without ties: by the key after all else, wherever an order or a limit chooses among rows. The key goes
    /// the way of the last term, so the latest of equals is the one with the largest key, and an index is read one way.
    pub(crate) fn settled(mut order: Vec<Self>, limit: Limit) -> Vec<Self>
    where
        M: Model,
    {
        if !order.is_empty() || limit != Limit::None {
            let key: Vec<_> =
                M::KEY.iter().filter(|&&at| order.iter().all(|term| term.column != at)).copied().collect();
            let descending = order.last().is_some_and(|term| term.descending);
            order.extend(key.into_iter().map(|at| Self::new(at, descending)));
        }
        order
    }
}

impl<M> Clone for Order<M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for Order<M> {}

impl<M: Model> fmt::Debug for Order<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = M::COLUMNS.get(self.column).map_or("?", |column| column.field);
        write!(f, "{}.{name} {}", M::NAME, if self.descending { "desc" } else { "asc" })
    }
}

/// The column at a position of `M`, qualified by its table: an unknown name must never be read as a string literal.
pub(crate) fn column<M: Model>(at: usize) -> Expr {
    let name = M::COLUMNS.get(at).map_or("", |column| column.column);
    Expr::col((Alias::new(M::TABLE), Alias::new(name)).into_column_ref())
}

/// `COUNT(*)`.
pub(crate) fn count() -> Expr {
    Expr::expr(Func::count(Expr::col(sea_query::Asterisk)))
}

pub(crate) fn is_null(value: &Value) -> bool {
    value == &value.as_null()
}
