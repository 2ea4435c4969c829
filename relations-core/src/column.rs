//! Typed columns: the constants of a model that filters and orders are built from.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use sea_query::Value;

use crate::filter::{By, Comparison, Condition, Filter, Order, Predicate};
use crate::model::Model;

/// The column at position `N` of a model: how other models reach a field of type `T`, public or not. `D` is the model
/// that declares it: this one, or one that it extends.
#[diagnostic::on_unimplemented(message = "`{Self}` has no column {N}", label = "not a column of `{Self}`")]
pub trait ColumnAt<const N: usize, T, D = Self>: Model {
    /// The field.
    fn get(&self) -> &T;
}

/// A column of the model `M` that holds a `T`: `Post::TITLE`.
///
/// Its methods build [`Filter`]s and [`Order`]s; a column of another model, or a value of another type, does not
/// compile.
pub struct Column<M, T> {
    at: usize,
    of: PhantomData<fn(M) -> T>,
}

impl<M, T> Clone for Column<M, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, T> Copy for Column<M, T> {}

impl<M: Model, T> fmt::Debug for Column<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", M::NAME, M::COLUMNS.get(self.at).map_or("?", |column| column.field))
    }
}

/// A value that can stand beside a column of type `T`: a `T`, a `&T`, a `&str` for text, a plain value for an `Option`.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` cannot stand for a `{T}`",
    label = "expected a `{T}`, found a `{Self}`"
)]
pub trait Operand<T> {
    /// The value as the column's type.
    fn into_operand(self) -> T;
}

#[diagnostic::do_not_recommend]
impl<T> Operand<T> for T {
    fn into_operand(self) -> T {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<T> Operand<Option<T>> for T {
    fn into_operand(self) -> Option<T> {
        Some(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Clone> Operand<T> for &T {
    fn into_operand(self) -> T {
        self.clone()
    }
}

#[diagnostic::do_not_recommend]
impl Operand<String> for &str {
    fn into_operand(self) -> String {
        self.to_owned()
    }
}

#[diagnostic::do_not_recommend]
impl Operand<Option<String>> for &str {
    fn into_operand(self) -> Option<String> {
        Some(self.to_owned())
    }
}

#[diagnostic::do_not_recommend]
impl Operand<Cow<'static, str>> for &str {
    fn into_operand(self) -> Cow<'static, str> {
        Cow::Owned(self.to_owned())
    }
}

/// Columns of text, nullable or not: those that `like` applies to.
#[diagnostic::on_unimplemented(message = "`like` needs a column of text, this one is a `{Self}`", label = "not text")]
pub trait TextColumn {}

impl TextColumn for String {}
impl TextColumn for Option<String> {}

impl<M: Model, T> Column<M, T> {
    /// The column at this position of the model's columns. The derive writes these.
    #[doc(hidden)]
    pub const fn at(at: usize) -> Self {
        Self { at, of: PhantomData }
    }

    pub(crate) const fn position(self) -> usize {
        self.at
    }

    fn meets(self, predicate: Predicate) -> Filter<M> {
        Filter::new(Condition::Column(self.at, predicate))
    }

    fn compare(self, comparison: Comparison, value: impl Operand<T>) -> Filter<M>
    where
        T: Into<Value>,
    {
        self.meets(Predicate::compare(comparison, value.into_operand().into()))
    }

    /// Equal to the value; `None` means null.
    pub fn eq(self, value: impl Operand<T>) -> Filter<M>
    where
        T: Into<Value>,
    {
        self.compare(Comparison::Eq, value)
    }

    /// Not equal to the value; `None` means not null. As in SQL, a null column is not unequal to any value.
    pub fn ne(self, value: impl Operand<T>) -> Filter<M>
    where
        T: Into<Value>,
    {
        self.compare(Comparison::Ne, value)
    }

    /// Less than the value.
    pub fn lt(self, value: impl Operand<T>) -> Filter<M>
    where
        T: Into<Value>,
    {
        self.compare(Comparison::Lt, value)
    }

    /// Less than the value or equal to it.
    pub fn le(self, value: impl Operand<T>) -> Filter<M>
    where
        T: Into<Value>,
    {
        self.compare(Comparison::Le, value)
    }

    /// Greater than the value.
    pub fn gt(self, value: impl Operand<T>) -> Filter<M>
    where
        T: Into<Value>,
    {
        self.compare(Comparison::Gt, value)
    }

    /// Greater than the value or equal to it.
    pub fn ge(self, value: impl Operand<T>) -> Filter<M>
    where
        T: Into<Value>,
    {
        self.compare(Comparison::Ge, value)
    }

    /// Between the two values, both included.
    pub fn between(self, low: impl Operand<T>, high: impl Operand<T>) -> Filter<M>
    where
        T: Into<Value>,
    {
        self.meets(Predicate::Between(low.into_operand().into(), high.into_operand().into()))
    }

    /// Equal to one of the values. No value at all matches no row.
    pub fn is_in<V: Operand<T>>(self, values: impl IntoIterator<Item = V>) -> Filter<M>
    where
        T: Into<Value>,
    {
        let values = values.into_iter().map(|value| value.into_operand().into()).collect();
        Filter::new(Condition::one_of(self.at, values))
    }

    /// Matches the pattern: `%` for any text, `_` for any one character.
    pub fn like(self, pattern: impl Into<String>) -> Filter<M>
    where
        T: TextColumn,
    {
        self.meets(Predicate::Like(pattern.into()))
    }

    /// Null.
    pub fn is_null(self) -> Filter<M> {
        self.meets(Predicate::Null)
    }

    /// Not null.
    pub fn is_not_null(self) -> Filter<M> {
        self.meets(Predicate::NotNull)
    }

    /// Smallest first, null last.
    pub fn asc(self) -> Order<M> {
        Order::new(By::Column(self.at), false)
    }

    /// Largest first, null last.
    pub fn desc(self) -> Order<M> {
        Order::new(By::Column(self.at), true)
    }
}
