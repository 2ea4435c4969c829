//! Queries on the targets of one owner: one request where a session joins the tables, else first the pivots, then the
//! targets that they lead to.

use rustc_hash::FxHashSet;

use super::ask::Ask;
use super::pairs::within;
use super::{FarKey, OverPivot, Pivoted, Way};
use crate::error::Result;
use crate::query::Binding;
use crate::reference::Reference;
use crate::relation::Target;
use crate::route::Narrowing;
use crate::source::{Batch, Limit, Reader, RelationLoader, Request};

impl<S, R, W> Binding<S, Target<R>, R::Key> for R
where
    S: RelationLoader<R::Pivot, R::Key> + RelationLoader<Target<R>, R::Key> + RelationLoader<Target<R>, FarKey<R>>,
    R: Pivoted<Route = OverPivot<W>>,
    W: Way<R>,
{
    fn in_steps() -> bool {
        !<S as RelationLoader<Target<R>, R::Key>>::joins(R::descriptor())
    }

    async fn select(reader: Reader<'_, S>, request: Request<Target<R>, R::Key>) -> Result<Batch<Target<R>>> {
        if !<R as Binding<S, _, _>>::in_steps() {
            return reader.load(request).await?.sound();
        }
        let limit = request.limit;
        let Some(request) = onwards::<S, R, W>(reader, request).await? else { return Ok(Batch::new()) };
        let all = reader.load(request).await?.sound()?;
        Ok(if limit == Limit::None { all } else { within(limit, all.into_rows().into_iter()).collect() })
    }

    async fn count(reader: Reader<'_, S>, request: Request<Target<R>, R::Key>) -> Result<u64> {
        if !<R as Binding<S, _, _>>::in_steps() {
            return reader.count(request).await;
        }
        let limit = request.limit;
        let Some(request) = onwards::<S, R, W>(reader, request).await? else { return Ok(0) };
        let all = reader.count(request).await?.saturating_sub(limit.offset());
        Ok(limit.limit().map_or(all, |most| all.min(most)))
    }
}

/// The request for all targets that the pivots of these keys lead to, each once; nothing if there are none.
async fn onwards<S, R, W>(
    reader: Reader<'_, S>,
    request: Request<Target<R>, R::Key>,
) -> Result<Option<Request<Target<R>, FarKey<R>>>>
where
    S: RelationLoader<R::Pivot, R::Key>,
    R: Pivoted<Route = OverPivot<W>>,
    W: Way<R>,
{
    let owners = request.keys.unwrap_or_default();
    if owners.is_empty() {
        return Ok(None);
    }
    let ask = Ask::<R>::new(&Narrowing::WHOLE, W::BOTH, false);
    let pivots = reader.load(ask.pivots(owners.clone(), Limit::None)).await?.sound()?;
    let (mut keys, mut seen) = (Vec::new(), FxHashSet::default());
    for pivot in pivots.rows() {
        W::ends(pivot, |near, far| {
            if owners.contains(&near) && seen.insert(far.clone()) {
                keys.push(far);
            }
        });
    }
    let to = R::Far::TO;
    Ok((!keys.is_empty()).then(|| Request {
        relation: request.relation,
        filter: request.filter,
        order: request.order,
        // The order and the limit are those of all of them together.
        at_once: true,
        after: request.after,
        ..Request::new(to, Some(keys))
    }))
}
