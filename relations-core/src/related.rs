//! Asking for what a relation leads to without loading it: conditions on owners, `User::POSTS.any(..)`, and the rows that
//! such a condition or an aggregate is about, as positions.

mod condition;
mod order;

pub use condition::RelatedCount;
pub use order::{RelatedColumn, Sortable, SortedBy};

use crate::descriptor::{ModelDescriptor, MorphDescriptor, RelationDescriptor};
use crate::filter::{By, Comparison, Condition, Filter, Order, Term};
use crate::model::Model;
use crate::relation::{Relation, Target};
use crate::route::{NarrowingOf, Related};
use crate::source::{Limit, Step};

/// The rows that a relation leads to from a key.
#[derive(Debug, Clone)]
pub(crate) struct RelatedRows {
    pub(crate) relation: &'static RelationDescriptor,
    /// The model of the rows.
    pub(crate) model: &'static ModelDescriptor,
    /// The columns of the owner that hold the key.
    pub(crate) owner_columns: &'static [usize],
    /// The columns of the rows that hold the key; with a `path`, those that it starts from.
    pub(crate) columns: &'static [usize],
    /// The steps over other tables from `columns` to the key.
    pub(crate) path: &'static [Step],
    /// Whether a row counts once, however many ways the path leads to it.
    pub(crate) distinct: bool,
    /// Only rows of this type.
    pub(crate) morph: Option<MorphDescriptor>,
    /// Which of them.
    pub(crate) condition: Option<Condition>,
    /// Which rows of the table on the path lead to them.
    pub(crate) path_condition: Option<Condition>,
    /// The order, where there is a limit.
    pub(crate) order: Vec<Term>,
    /// How many.
    pub(crate) limit: Limit,
}

/// A value of the one row that a relation leads to: what other rows are ordered by.
#[derive(Debug, Clone)]
pub(crate) struct RelatedValue {
    pub(crate) rows: RelatedRows,
    /// What is asked of the row after it was chosen; where it is not such, there is no value.
    pub(crate) condition: Option<Condition>,
    /// Which value of that row: a column, or a value of a row that it leads to in turn.
    pub(crate) by: By,
}

/// What a condition asks of the rows that a relation leads to.
#[derive(Debug, Clone)]
pub(crate) struct RelatedCondition {
    pub(crate) rows: RelatedRows,
    /// What is asked of each row; of one of many, after it was chosen.
    pub(crate) condition: Option<Condition>,
    pub(crate) amount: Amount,
}

/// How many rows have to be there.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Amount {
    Any,
    Count(Comparison, u64),
}

/// A relation whose limit nothing but a load can keep.
#[derive(Debug)]
pub(crate) struct Unlimited(pub(crate) &'static RelationDescriptor);

impl RelatedRows {
    /// The rows of a relation that one statement can follow.
    pub(crate) fn of<R: Relation, W: Related<R>>(narrowing: &NarrowingOf<R>) -> Result<Self, Unlimited> {
        if narrowing.limit != Limit::None && !W::PATH.is_empty() {
            return Err(Unlimited(R::descriptor()));
        }
        Ok(Self::unchecked::<R, W>(narrowing))
    }

    /// The same where no limit was asked for.
    fn unchecked<R: Relation, W: Related<R>>(narrowing: &NarrowingOf<R>) -> Self {
        let pivot = R::DESCRIPTOR.pivot;
        let (order, limit) = first::<W::Target, R>(narrowing, W::COLUMNS);
        Self {
            relation: R::descriptor(),
            model: W::Target::model_descriptor(),
            owner_columns: R::DESCRIPTOR.owner_columns,
            columns: W::COLUMNS,
            path: W::PATH,
            distinct: narrowing.distinct || pivot.is_some_and(|pivot| pivot.distinct || pivot.symmetric),
            morph: R::DESCRIPTOR.morph,
            condition: narrowing.filter.as_ref().map(|filter| filter.condition().clone()),
            path_condition: narrowing.pivot_filter.as_ref().map(|filter| filter.condition().clone()),
            order,
            limit,
        }
    }

    /// The conditions that are asked of the rows, and of those on the path.
    fn conditions(&self) -> impl Iterator<Item = &Condition> {
        self.condition.iter().chain(&self.path_condition)
    }

    /// The relation among those that the rows depend on whose limit cannot be kept.
    pub(crate) fn unlimited(&self) -> Option<&'static RelationDescriptor> {
        let order = self.order.iter().find_map(|term| term.by.unlimited());
        order.or_else(|| self.conditions().find_map(Condition::unlimited))
    }

    /// Visits these rows, and those that they depend on.
    pub(crate) fn each<'a>(&'a self, visit: &mut dyn FnMut(&'a Self)) {
        visit(self);
        self.conditions().for_each(|condition| condition.each_related(visit));
        self.order.iter().for_each(|term| term.by.each_related(visit));
    }
}

/// The order and the limit that choose among the rows of one owner: those asked for, and of a relation to one target
/// its first row.
fn first<T: Model, R: Relation>(narrowing: &NarrowingOf<R>, columns: &[usize]) -> (Vec<Term>, Limit) {
    let order = narrowing.order.iter().map(|order| order.term().clone());
    let mut order: Vec<Order<T>> = order.map(|Term { by, descending }| Order::new(by, descending)).collect();
    if order.is_empty() {
        order = Order::declared(R::DESCRIPTOR.order);
    }
    let by_key = T::KEY.iter().all(|at| columns.contains(at));
    let limit = match narrowing.limit {
        Limit::None if !R::DESCRIPTOR.kind.is_many() && !by_key => Limit::None.with_limit(1),
        limit => limit,
    };
    if limit == Limit::None {
        return (Vec::new(), limit);
    }
    (Order::settled(order, limit).into_iter().map(Order::into_term).collect(), limit)
}

impl RelatedValue {
    /// Visits the rows that it is a value of, and those that they depend on.
    pub(crate) fn each_related<'a>(&'a self, visit: &mut dyn FnMut(&'a RelatedRows)) {
        self.rows.each(visit);
        if let Some(condition) = &self.condition {
            condition.each_related(visit);
        }
        self.by.each_related(visit);
    }

    pub(crate) fn unlimited(&self) -> Option<&'static RelationDescriptor> {
        let condition = || self.condition.as_ref().and_then(Condition::unlimited);
        self.rows.unlimited().or_else(condition).or_else(|| self.by.unlimited())
    }

    /// As the user wrote it.
    pub(crate) fn describe(&self) -> String {
        format!("{}.{}", self.rows.relation.name, self.by.describe(self.rows.model.columns))
    }
}

impl RelatedCondition {
    /// There is such a row.
    pub(crate) fn any(rows: Result<RelatedRows, Unlimited>, condition: Option<Condition>) -> Condition {
        Self::asked(rows, condition, Amount::Any)
    }

    fn asked(rows: Result<RelatedRows, Unlimited>, condition: Option<Condition>, amount: Amount) -> Condition {
        match rows {
            Ok(rows) => Condition::Related(Box::new(Self { rows, condition, amount })),
            Err(Unlimited(relation)) => Condition::Unlimited(relation),
        }
    }

    pub(crate) fn unlimited(&self) -> Option<&'static RelationDescriptor> {
        self.rows.unlimited().or_else(|| self.condition.as_ref()?.unlimited())
    }

    pub(crate) fn each_related<'a>(&'a self, visit: &mut dyn FnMut(&'a RelatedRows)) {
        self.rows.each(visit);
        if let Some(condition) = &self.condition {
            condition.each_related(visit);
        }
    }

    /// As the user wrote it.
    pub(crate) fn describe(&self) -> String {
        let columns = self.rows.model.columns;
        let describe = |condition: &Condition| condition.describe(columns);
        let filter = self.rows.condition.as_ref().map(|condition| format!(".filter({})", describe(condition)));
        let asked = self.condition.as_ref().map(describe).unwrap_or_default();
        let (word, compared) = match self.amount {
            Amount::Any => ("any", String::new()),
            Amount::Count(comparison, count) => ("count", format!(" {comparison:?} {count}")),
        };
        format!("{}{}.{word}({asked}){compared}", self.rows.relation.name, filter.unwrap_or_default())
    }
}

/// The condition that a relation which one statement can follow leads to such a row.
pub(crate) fn any<R, W>(narrowing: &NarrowingOf<R>, condition: Option<Filter<Target<R>>>) -> Filter<R::Owner>
where
    R: Relation,
    W: Related<R>,
{
    let condition = condition.map(Filter::into_condition);
    Filter::new(RelatedCondition::any(RelatedRows::of::<R, W>(narrowing), condition))
}

/// What sort of numbers a sum is made of: some databases have to be told what it is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SumOf {
    /// Whole numbers, whose sum is read as an `i64`.
    Integers,
    /// Numbers whose sum is read as an `f64`.
    Floats,
    /// Numbers whose sum is read as the database gives it.
    Others,
}

/// A value of the row that a relation which one statement can follow leads to.
pub(crate) fn value<R, W>(
    narrowing: &NarrowingOf<R>,
    condition: Option<Filter<Target<R>>>,
    SortedBy(by): SortedBy,
) -> SortedBy
where
    R: Relation,
    W: Related<R>,
{
    let (rows, condition) = (RelatedRows::unchecked::<R, W>(narrowing), condition.map(Filter::into_condition));
    SortedBy(By::Related(Box::new(RelatedValue { rows, condition, by })))
}

/// What is computed of the rows that a relation leads to; of a column, at this position.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Aggregate {
    Count,
    Exists,
    Sum(usize, SumOf),
    Average(usize),
    Min(usize),
    Max(usize),
}

impl Aggregate {
    /// The position of the column.
    pub(crate) fn column(self) -> Option<usize> {
        match self {
            Self::Count | Self::Exists => None,
            Self::Sum(at, _) | Self::Average(at) | Self::Min(at) | Self::Max(at) => Some(at),
        }
    }
}
