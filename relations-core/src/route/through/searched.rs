//! Conditions on owners that ask for the end of a way, and orders by it: one for each relation of it, one inside the
//! other.

use super::{Hop, Over, Way};
use crate::field::{RelationField, ToOne};
use crate::filter::{Condition, Filter};
use crate::related::SortedBy;
use crate::relation::{Relation, Target};
use crate::route::{Narrowing, NarrowingOf, Route, Searched, Sorted};
use crate::source::Limit;

/// A way along which a condition on its start asks for its end: a condition of a condition.
pub trait SearchedWay: Way {
    /// The condition that the way leads to such a row.
    fn any(condition: Option<Filter<Self::End>>) -> Filter<Self::Start>;
}

impl<R: Hop<Route: Searched<R>>> SearchedWay for R {
    fn any(condition: Option<Filter<Target<R>>>) -> Filter<R::Owner> {
        R::Route::any(&Narrowing::WHOLE, condition)
    }
}

impl<A, B> SearchedWay for Over<A, B>
where
    A: Hop<Route: Searched<A>>,
    B: SearchedWay<Start = Target<A>>,
{
    fn any(condition: Option<Filter<B::End>>) -> Filter<A::Owner> {
        A::Route::any(&Narrowing::WHOLE, Some(B::any(condition)))
    }
}

impl<R, A, B> Searched<R> for Over<A, B>
where
    Self: Route<R> + SearchedWay<Start = R::Owner, End = B::End>,
    R: Relation<Field: RelationField<Target = B::End>>,
    B: Way,
{
    fn any(narrowing: &NarrowingOf<R>, condition: Option<Filter<B::End>>) -> Filter<R::Owner> {
        if narrowing.limit != Limit::None {
            return Filter::new(Condition::Unlimited(R::descriptor()));
        }
        let both = match (narrowing.filter.clone(), condition) {
            (Some(filter), Some(condition)) => Some(filter.and(condition)),
            (filter, condition) => filter.or(condition),
        };
        <Self as SearchedWay>::any(both)
    }
}

/// A way to one row, by whose values its start can be ordered: a value of a value.
pub trait SortedWay: Way {
    /// The value of the row at the end, if it meets the condition.
    fn by(condition: Option<Filter<Self::End>>, value: SortedBy) -> SortedBy;
}

impl<R: Hop<Route: Sorted<R>>> SortedWay for R {
    fn by(condition: Option<Filter<Target<R>>>, value: SortedBy) -> SortedBy {
        R::Route::by(&Narrowing::WHOLE, condition, value)
    }
}

impl<A, B> SortedWay for Over<A, B>
where
    A: Hop<Route: Sorted<A>>,
    B: SortedWay<Start = Target<A>>,
{
    fn by(condition: Option<Filter<B::End>>, value: SortedBy) -> SortedBy {
        A::Route::by(&Narrowing::WHOLE, None, B::by(condition, value))
    }
}

#[diagnostic::do_not_recommend]
impl<R, A, B> Sorted<R> for Over<A, B>
where
    Self: Route<R> + SortedWay<Start = R::Owner, End = B::End>,
    R: Relation<Field: RelationField<Target = B::End> + ToOne>,
    B: Way,
{
    fn by(narrowing: &NarrowingOf<R>, condition: Option<Filter<B::End>>, value: SortedBy) -> SortedBy {
        let both = narrowing.filter.clone().into_iter().chain(condition).reduce(Filter::and);
        <Self as SortedWay>::by(both, value)
    }
}
