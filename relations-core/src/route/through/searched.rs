//! Conditions on owners that ask for the end of a way: a condition on each relation of it, one inside the other.

use super::{Hop, Over, Way};
use crate::field::RelationField;
use crate::filter::{Condition, Filter};
use crate::relation::{Relation, Target};
use crate::route::{Narrowing, NarrowingOf, Route, Searched};
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
