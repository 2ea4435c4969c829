//! Reading one relation of one row: from its field if it is there, else by loading it for the row and its peers.

use std::panic::Location;
use std::sync::Arc;

use crate::cache::{Cache, Sightings, Visit};
use crate::error::{Error, Result};
use crate::field::RelationField;
use crate::key;
use crate::origin::Origins;
use crate::plan::{LoadMissed, LoadRelation};
use crate::relation::Relation;
use crate::route::{Handle, Narrowing, Route};
use crate::settings::LazyRead;
use crate::share::{Alone, Owners};
use crate::slot::State;
use crate::source::{Loads, Reader, Subject};
use crate::stored::fingerprint;
use crate::timer;

/// What every accessor calls. Whoever calls the accessor is the one who reads.
///
/// # Errors
/// When the source cannot be read, the target does not decode, or is missing although the relation promises it.
#[track_caller]
pub fn read<R: Relation, S: Loads<R>>(owner: &R::Owner, source: &S) -> impl Future<Output = Result<Handle<R>>> + Send {
    let location = Location::caller();
    async move {
        // Once, unless another thread clears the field between the load and the look.
        loop {
            match held::<R>(owner) {
                Some(result) => return result,
                // Boxed, so that a reader's future is small, and shallow enough for the compiler whatever the source.
                None => Box::pin(load::<R, S>(owner, source, location)).await?,
            }
        }
    }
}

/// What the field holds, if it holds the whole relation.
#[inline]
fn held<R: Relation>(owner: &R::Owner) -> Option<Result<Handle<R>>> {
    match R::field(owner).slot().state() {
        State::Whole(stored) => {
            let found = R::Route::fits(stored, owner).then(|| R::Field::handle(stored))??;
            Some(found.ok_or_else(|| missing::<R>(owner)))
        }
        State::Failed(error, key) => (key == fingerprint(&R::owner_key(owner))).then(|| Err(error.clone())),
        State::Empty | State::Partial(_) => None,
    }
}

#[cold]
fn missing<R: Relation>(owner: &R::Owner) -> Error {
    Error::not_found(R::descriptor(), R::owner_key(owner).as_ref().map(key::display))
}

/// Fills the field of `owner`, and those of its peers.
async fn load<R: Relation, S: Loads<R>>(
    owner: &R::Owner,
    source: &S,
    location: &'static Location<'static>,
) -> Result<()> {
    if R::owner_key(owner).is_none() {
        // A null key leads to nothing: no statement.
        R::Route::fill(&Alone(owner), &Default::default(), false);
        return Ok(());
    }
    let (settings, origins) = (source.settings(), Origins::around(owner));
    let origins = origins.as_deref().and_then(Origins::level::<R::Owner>);
    let lone = origins.map_or_else(|| R::field(owner).slot().is_alone(), Origins::is_lone);
    let read = LazyRead { relation: R::descriptor(), location, lone };
    settings.admit(read)?;
    let peers = origins.and_then(|origins| Some((origins.gate(R::descriptor())?, origins.peers(owner)?)));
    let Some((gate, (at, mut peers))) = peers else {
        settings.count(read);
        return load_for::<R, S>(&Alone(owner), source).await;
    };
    let mut passage = gate.enter().await;
    if held::<R>(owner).is_some() {
        return Ok(());
    }
    if let Some(error) = passage.failed_meanwhile(at) {
        return Err(error);
    }
    settings.count(read);
    let window = settings.window(at, peers.range().end);
    *peers.range() = window.clone();
    let result = load_for::<R, S>(&peers, source).await;
    if let Err(error) = &result {
        passage.fail(window, error);
    }
    result
}

async fn load_for<R: Relation, S: Loads<R>>(owners: &(impl Owners<R::Owner> + Sync), source: &S) -> Result<()> {
    let found = match source.cache() {
        Some(cache) => {
            // It may have to wait before it asks the source: for a store, or for another's load.
            let (limit, subject) = (source.settings().timeout, Subject::of_relation(R::descriptor()));
            // Boxed, so that a read without a cache is not as large as one with it.
            timer::limited(limit, subject, Box::pin(load_cached::<R, S>(cache, owners, source))).await?
        }
        None => source.run(LoadRelation::<R>(R::Route::ask(owners, false))).await?,
    };
    R::Route::fill(owners, &found, false);
    Ok(())
}

/// Looks into the cache before it asks for a session: where everything is there, no connection is needed.
#[expect(clippy::manual_async_fn, reason = "that it is `Send` is said here, so that no accessor has to find it out")]
fn load_cached<R: Relation, S: Loads<R>>(
    cache: &Cache,
    owners: &(impl Owners<R::Owner> + Sync),
    source: &S,
) -> impl Future<Output = Result<<R::Route as Route<R>>::Found>> + Send {
    async move {
        let (since, sightings) = (cache.now(), Sightings::new(R::DESCRIPTOR.kind.is_indirect()));
        let ahead = Reader::<S::Session>::ahead(Visit::new(cache, since, Some(&sightings)));
        let found = ahead.follow::<R>(R::Route::ask(owners, false), &Narrowing::WHOLE).await;
        if !sightings.missed() {
            return found;
        }
        let (cache, sightings) = (cache.clone(), Arc::new(sightings));
        let ask = R::Route::ask(owners, false);
        let plan = LoadMissed::<R> { ask, cache, since, sightings: Arc::clone(&sightings) };
        source.run(plan).await.inspect_err(|error| sightings.fail(error))
    }
}
