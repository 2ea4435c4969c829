//! The route of a relation that the derive has reported an error of: it stands where a route must, and nothing ever
//! takes it.

use crate::cache::Cache;
use crate::error::Result;
use crate::filter::{Condition, Filter};
use crate::relation::{Relation, Target};
use crate::route::{NarrowingOf, Route, RowsOf, Searched, StoredOf, Travel};
use crate::share::Owners;
use crate::source::Reader;

/// To nothing.
#[derive(Debug, Clone, Copy)]
pub struct Nowhere;

impl<R: Relation> Route<R> for Nowhere {
    type Ask = ();
    type Found = ();

    fn fits(_: &StoredOf<R>, _: &R::Owner) -> bool {
        true
    }

    fn ask(_: &impl Owners<R::Owner>, _: bool) {}

    fn fill(_: &impl Owners<R::Owner>, (): &(), _: bool) {}

    fn forget(_: &Cache, _: &R::Key) {}

    fn reached(_: &impl Owners<R::Owner>, (): &(), _: bool) -> RowsOf<R> {
        RowsOf::<R>::default()
    }
}

impl<S: Sync, R: Relation> Travel<S, R> for Nowhere {
    async fn find(_: Reader<'_, S>, (): (), _: &NarrowingOf<R>) -> Result<()> {
        Ok(())
    }
}

impl<R: Relation> Searched<R> for Nowhere {
    fn any(_: &NarrowingOf<R>, _: Option<Filter<Target<R>>>) -> Filter<R::Owner> {
        Filter::new(Condition::one_of(0, Vec::new()))
    }
}
