//! The route of `morph_to`: a column says which model the id beside it belongs to. One statement for each model that
//! occurs among the owners.

use std::any::Any;
use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::cache::{self, Cache, Part, SpaceRows, Use};
use crate::error::{Error, Result};
use crate::field::{MorphTarget, MorphTo, Place, RelationField};
use crate::group::Group;
use crate::join::both;
use crate::model::Model;
use crate::morph::{Id, Morph, MorphId, MorphKey, MorphRows, MorphVariant, Variants};
use crate::relation::Relation;
use crate::route::{NarrowingOf, Route, RowsOf, StoredOf, Travel};
use crate::share::{self, Asked, Owners};
use crate::slot::State;
use crate::source::{Loaded, Reader, RelationLoader, Request};
use crate::stored::fingerprint;

/// By type and id, to the model of that type.
#[derive(Debug, Clone, Copy)]
pub struct Morphic;

/// What each key leads to, and the keys that lead nowhere although they must, or whose type is not known.
pub struct Found<E, I> {
    places: FxHashMap<MorphKey<I>, Place<E>>,
    failures: FxHashMap<MorphKey<I>, Error>,
}

impl<E, I> Default for Found<E, I> {
    fn default() -> Self {
        Self { places: FxHashMap::default(), failures: FxHashMap::default() }
    }
}

/// A list of variants whose models all have keys of the type `I`.
pub trait VariantsBy<E, I>: Variants<E> {
    /// Whether a row is the one of this type and id.
    fn is_of(group: &(dyn Any + Send + Sync), at: u32, tag: &str, id: &I) -> bool;
    /// Invalidates what is cached of a relation for this type and id.
    fn forget<R: Relation>(cache: &Cache, tag: &str, id: &I);
}

impl<E, I> VariantsBy<E, I> for () {
    fn is_of(_: &(dyn Any + Send + Sync), _: u32, _: &str, _: &I) -> bool {
        false
    }

    fn forget<R: Relation>(_: &Cache, _: &str, _: &I) {}
}

impl<E, I, T, Rest> VariantsBy<E, I> for (T, Rest)
where
    E: MorphVariant<T>,
    T: Model<Id: MorphId<T, I>>,
    Rest: VariantsBy<E, I>,
{
    fn is_of(group: &(dyn Any + Send + Sync), at: u32, tag: &str, id: &I) -> bool {
        match group.downcast_ref::<Group<T>>() {
            Some(group) => {
                let row = group.rows().get(at as usize);
                tag == E::TAG && row.is_some_and(|row| row.key() == T::Id::key(id))
            }
            None => Rest::is_of(group, at, tag, id),
        }
    }

    fn forget<R: Relation>(cache: &Cache, tag: &str, id: &I) {
        if tag == E::TAG {
            if let Some(space) = cache.opened::<R, T, T::Key>(Part::of::<T>()) {
                space.forget(&T::Id::key(id));
            }
        } else {
            Rest::forget::<R>(cache, tag, id);
        }
    }
}

/// A list of variants whose models can all be loaded in a session `S`.
pub trait FindVariants<S, E, I>: VariantsBy<E, I> {
    /// Finds the rows of these keys, of all variants together: what is cached of them, unless it has to be fresh.
    fn find<R>(
        reader: Reader<'_, S>,
        keys: &[MorphKey<I>],
        fresh: bool,
    ) -> impl Future<Output = Result<Found<E, I>>> + Send
    where
        R: Relation<Key = MorphKey<I>>;
}

impl<S: Sync, E: Morph, I: Id> FindVariants<S, E, I> for () {
    async fn find<R>(_: Reader<'_, S>, _: &[MorphKey<I>], _: bool) -> Result<Found<E, I>>
    where
        R: Relation<Key = MorphKey<I>>,
    {
        Ok(Found::default())
    }
}

impl<S, E, I, T, Rest> FindVariants<S, E, I> for (T, Rest)
where
    S: RelationLoader<T, T::Key>,
    E: MorphVariant<T>,
    I: Id,
    T: Model<Id: MorphId<T, I>>,
    Rest: FindVariants<S, E, I>,
{
    async fn find<R>(reader: Reader<'_, S>, keys: &[MorphKey<I>], fresh: bool) -> Result<Found<E, I>>
    where
        R: Relation<Key = MorphKey<I>>,
    {
        let asked: FxHashMap<T::Key, &MorphKey<I>> =
            keys.iter().filter(|(tag, _)| tag == E::TAG).map(|key| (T::Id::key(&key.1), key)).collect();
        let load = async {
            if asked.is_empty() {
                return Ok(Loaded::default());
            }
            let request = Request {
                relation: Some(R::descriptor()),
                ..Request::new(T::KEY, Some(asked.keys().cloned().collect()))
            };
            let rows = SpaceRows { columns: &[T::KEY], owner_key: cache::no_owner_key, ordered_by: None };
            let space = reader.space::<R, _, _>(Part::of::<T>(), |row: &T, visit| visit(row.key()), rows);
            reader.load_whole(space, request, Use::Both, fresh).await.map(|gathered| gathered.loaded)
        };
        let (loaded, mut found) = both(load, Rest::find::<R>(reader, keys, fresh)).await?;
        let is_one = loaded.rows.rows().len() == 1;
        let group = loaded.rows.lone(is_one).into_group();
        for (at, row) in (0..).zip(group.rows()) {
            if let Some(&key) = asked.get(&row.key()) {
                found.places.insert(key.clone(), Place::strong(group.clone(), at));
            }
        }
        for (id, error) in loaded.failures {
            if let Some(&key) = asked.get(&id) {
                found.failures.insert(key.clone(), error);
            }
        }
        if R::Field::REQUIRED {
            for (id, &key) in &asked {
                if !found.places.contains_key(key) && !found.failures.contains_key(key) {
                    let error = Error::no_variant_row::<T>(R::descriptor(), E::TAG, id);
                    found.failures.insert(key.clone(), error);
                }
            }
        }
        Ok(found)
    }
}

type VariantsOf<T> = <<T as MorphTarget>::Morph as Morph>::Variants;

impl<R, T, I> Route<R> for Morphic
where
    R: Relation<Field = MorphTo<T>, Key = MorphKey<I>>,
    T: MorphTarget,
    VariantsOf<T>: VariantsBy<T::Morph, I>,
    I: Id,
{
    type Ask = Asked<MorphKey<I>>;
    type Found = Found<T::Morph, I>;

    fn fits(stored: &StoredOf<R>, owner: &R::Owner) -> bool {
        let key = R::owner_key(owner);
        match (stored.missed(), &key) {
            (Some(missed), _) => missed.is_none_or(|missed| missed == fingerprint(&key)),
            (None, Some((tag, id))) => {
                stored.row().is_some_and(|(group, at)| VariantsOf::<T>::is_of(&*group, at, tag, id))
            }
            (None, None) => false,
        }
    }

    fn ask(owners: &impl Owners<R::Owner>, partial: bool) -> Self::Ask {
        share::keys::<R>(owners, partial)
    }

    fn fill(owners: &impl Owners<R::Owner>, found: &Self::Found, partial: bool) {
        share::settle::<R>(owners, &found.failures, partial, |key, _| {
            let place = key.as_ref().and_then(|key| found.places.get(key).cloned());
            place.unwrap_or_else(|| Place::missing(Some(fingerprint(key))))
        });
    }

    fn forget(cache: &Cache, (tag, id): &R::Key) {
        VariantsOf::<T>::forget::<R>(cache, tag, id);
    }

    fn reached(owners: &impl Owners<R::Owner>, _: &Self::Found, _: bool) -> RowsOf<R> {
        let mut rows = MorphRows::<T::Morph>::default();
        let mut seen = FxHashSet::default();
        owners.each(|owner, _| {
            if let State::Whole(stored) = R::field(owner).slot().state()
                && <Self as Route<R>>::fits(stored, owner)
                && let Some((group, at)) = stored.row()
                && seen.insert((Arc::as_ptr(&group).addr(), at))
            {
                VariantsOf::<T>::add(&mut rows, group, at);
            }
        });
        rows
    }
}

impl<S, R, T, I> Travel<S, R> for Morphic
where
    S: Sync,
    R: Relation<Field = MorphTo<T>, Key = MorphKey<I>>,
    T: MorphTarget,
    VariantsOf<T>: FindVariants<S, T::Morph, I>,
    I: Id,
{
    async fn find(reader: Reader<'_, S>, asked: Asked<MorphKey<I>>, _: &NarrowingOf<R>) -> Result<Self::Found> {
        let Asked { keys, fresh, .. } = asked;
        let mut found = VariantsOf::<T>::find::<R>(reader, &keys, fresh).await?;
        for key in &keys {
            // A tag of the enum is borrowed from it.
            if let Cow::Owned(tag) = &key.0 {
                found.failures.insert(key.clone(), Error::unknown_type::<T::Morph>(R::descriptor(), tag));
            }
        }
        Ok(found)
    }
}
