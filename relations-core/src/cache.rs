#![cfg_attr(all(feature = "sqlite", feature = "derive"), doc = include_str!("cache.md"))]
#![cfg_attr(not(all(feature = "sqlite", feature = "derive")), doc = "The shared cache of a `Db`.")]

mod clock;
mod config;
mod events;
mod fence;
mod flight;
pub(crate) mod heap;
mod moka;
mod space;
mod statistics;
mod store;
mod sync;
mod visit;
mod writes;

use std::any::{Any, TypeId};
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashMap;

pub use clock::{Clock, ManualClock, SystemClock};
pub use config::{CacheConfig, CacheSettings};
pub use fence::{Count, Fence, Place, Stamp};
pub use heap::HeapSize;
pub use moka::MokaCache;
use space::{AnySpace, Subject};
pub(crate) use space::{Gathered, Keeping, KeysOf, Space, Unkept, Use};
pub use statistics::{CacheReport, CacheStats};
pub use store::{Answer, CacheEntry, CacheKey, CacheStore, RelationCache, Usage};
pub(crate) use visit::{Sightings, Visit};
pub use writes::{KeyValue, Written};

use crate::descriptor::{ModelDescriptor, RelationKind};
use crate::key::Key;
use crate::model::Model;
use crate::relation::{Relation, RelationQuery};

/// The shared cache of a [`Db`](crate::Db): what it keeps, and what makes that stale. Its clones are the same cache.
#[derive(Clone)]
pub struct Cache(Arc<Shared>);

struct Shared {
    config: CacheConfig,
    settings: FxHashMap<TypeId, CacheSettings>,
    cache: Arc<dyn RelationCache>,
    clock: Arc<dyn Clock>,
    spaces: RwLock<FxHashMap<SpaceId, Option<Arc<dyn AnySpace>>>>,
}

/// A relation, and which of its rows.
type SpaceId = (TypeId, Part);

/// Which of the rows that a relation needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Part {
    /// Its targets; of a polymorphic relation, those of one model.
    Targets(TypeId),
    /// Those of its join table.
    Pivots,
}

impl Part {
    /// The targets, which are rows of `T`.
    pub(crate) fn of<T: 'static>() -> Self {
        Self::Targets(TypeId::of::<T>())
    }
}

impl Cache {
    pub(crate) fn new(
        config: CacheConfig,
        settings: FxHashMap<TypeId, CacheSettings>,
        cache: Arc<dyn RelationCache>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self(Arc::new(Shared { config, settings, cache, clock, spaces: RwLock::default() }))
    }

    /// Now, in its count of invalidations.
    pub(crate) fn now(&self) -> Stamp {
        self.0.cache.now()
    }

    /// How a relation is cached: as all are, save for what its attribute says, save for what was said at run time.
    fn config_of<R: Relation>(&self) -> CacheConfig {
        let at_run_time = self.0.settings.get(&TypeId::of::<R>()).copied().unwrap_or_default();
        self.0.config.with(R::DESCRIPTOR.cache.with(at_run_time))
    }

    /// The space of the rows of `T` that the relation is loaded from; nothing if they are not cached.
    pub(crate) fn space<R, T, K>(
        &self,
        part: Part,
        keys_of: KeysOf<T, K>,
        rows: SpaceRows<K>,
    ) -> Option<Arc<Space<T, K>>>
    where
        R: Relation,
        T: Model,
        K: Key,
    {
        let shared = &*self.0;
        let id = (TypeId::of::<R>(), part);
        let known = shared.spaces.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
        let space = known.unwrap_or_else(|| {
            let mut spaces = shared.spaces.write().unwrap_or_else(PoisonError::into_inner);
            let open = || {
                let config = Some(self.config_of::<R>()).filter(|config| config.enabled)?;
                let subject = Subject {
                    name: match part {
                        Part::Targets(_) if R::DESCRIPTOR.target.is_none() => {
                            format!("{} to {}", R::DESCRIPTOR.path(), T::NAME)
                        }
                        Part::Targets(_) => R::DESCRIPTOR.path(),
                        Part::Pivots => format!("{} over {}", R::DESCRIPTOR.path(), T::NAME),
                    },
                    keys_of,
                    rows,
                    owner: is_by_owner::<R>(part).then(|| (TypeId::of::<R::Owner>(), <R::Owner as Model>::TABLE)),
                    copy: T::COPY?,
                };
                let (cache, clock) = (Arc::clone(&shared.cache), Arc::clone(&shared.clock));
                Some(Arc::new(Space::new(subject, config, cache, clock)) as Arc<dyn AnySpace>)
            };
            spaces.entry(id).or_insert_with(open).clone()
        });
        space?.as_any().downcast().ok()
    }

    /// The spaces that are open.
    fn spaces(&self) -> Vec<(SpaceId, Arc<dyn AnySpace>)> {
        let spaces = self.0.spaces.read().unwrap_or_else(PoisonError::into_inner);
        spaces.iter().filter_map(|(id, space)| Some((*id, Arc::clone(space.as_ref()?)))).collect()
    }

    /// The space of this part of a relation, if it is open.
    pub(crate) fn opened<R: Relation, T: Model, K: Key>(&self, part: Part) -> Option<Arc<Space<T, K>>> {
        let spaces = self.0.spaces.read().unwrap_or_else(PoisonError::into_inner);
        let space = spaces.get(&(TypeId::of::<R>(), part))?.clone()?;
        space.as_any().downcast().ok()
    }

    /// What has been cached for a relation. A relation through others has no entries of its own: see those that it leads
    /// over.
    pub fn stats<R: Relation>(&self, _: RelationQuery<R>) -> CacheStats {
        let own = self.spaces().into_iter().filter(|((relation, _), _)| *relation == TypeId::of::<R>());
        own.map(|(_, space)| space.stats()).sum()
    }

    /// What has been cached for each relation that was read, and in all. It prints as a table.
    pub fn report(&self) -> CacheReport {
        let mut relations: Vec<_> =
            self.spaces().into_iter().map(|(_, space)| (space.name().to_owned(), space.stats())).collect();
        relations.sort_by(|(one, _), (other, _)| one.cmp(other));
        let total = relations.iter().map(|(_, stats)| *stats).sum();
        CacheReport { relations, total }
    }
}

/// What is known of a space's keys besides how its rows hold them.
pub(crate) struct SpaceRows<K> {
    /// The columns that hold the key; each of these lists does by itself.
    pub(crate) columns: &'static [&'static [usize]],
    /// The key by which an owner of the relation finds its rows.
    pub(crate) owner_key: fn(&dyn Any) -> Option<K>,
    /// The model by whose rows those of a key are ordered, if that is another one.
    pub(crate) ordered_by: Option<fn() -> &'static ModelDescriptor>,
}

/// The key of an owner of `R`.
pub(crate) fn owner_key<R: Relation>(row: &dyn Any) -> Option<R::Key> {
    R::owner_key(row.downcast_ref()?)
}

/// Whether this part of a relation is found by a key of its owners' own, not by one that leads to another row.
fn is_by_owner<R: Relation>(part: Part) -> bool {
    part == Part::Pivots || matches!(R::DESCRIPTOR.kind, RelationKind::HasOne | RelationKind::HasMany)
}

/// For keys that owners do not have.
pub(crate) fn no_owner_key<K>(_: &dyn Any) -> Option<K> {
    None
}

impl fmt::Debug for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache").field("config", &self.0.config).field("report", &self.report()).finish()
    }
}
