//! A space without its types: what tells of a write goes through all of them.

use std::any::Any;
use std::sync::Arc;

use super::Space;
use crate::cache::statistics::CacheStats;
use crate::descriptor::ModelDescriptor;
use crate::key::Key;
use crate::model::Model;

/// A space of rows of any model by any key.
pub(in crate::cache) trait AnySpace: Any + Send + Sync {
    fn name(&self) -> &str;
    fn model(&self) -> &'static ModelDescriptor;
    /// The model by whose rows those of a key are ordered, if that is another one.
    fn ordered_by(&self) -> Option<&'static ModelDescriptor>;
    fn stats(&self) -> CacheStats;
    /// Invalidates all keys.
    fn clear(&self);
    /// Invalidates the keys by which this row is found; false if it is not a row of this space's model.
    fn forget_row(&self, row: &dyn Any) -> bool;
    /// Invalidates the key of its own by which this row of a table, an owner of the relation, finds its targets; unless
    /// it still has that key `now`.
    fn forget_owner(&self, row: &dyn Any, now: Option<&dyn Any>, table: &str);
    /// Invalidates the entry of this value of these columns; false if it holds none by such a key.
    fn forget_key(&self, columns: &[&str], key: &dyn Any) -> bool;
    fn as_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync>;
}

impl<T: Model, K: Key> AnySpace for Space<T, K> {
    fn name(&self) -> &str {
        &self.subject.name
    }

    fn model(&self) -> &'static ModelDescriptor {
        T::model_descriptor()
    }

    fn ordered_by(&self) -> Option<&'static ModelDescriptor> {
        self.subject.rows.ordered_by.map(|model| model())
    }

    fn stats(&self) -> CacheStats {
        CacheStats::new(&self.counters, self.store.usage())
    }

    fn clear(&self) {
        self.forget_all();
    }

    fn forget_row(&self, row: &dyn Any) -> bool {
        match row.downcast_ref::<T>() {
            Some(row) => {
                (self.subject.keys_of)(row, &mut |key| self.forget(&key));
                true
            }
            None => false,
        }
    }

    fn forget_owner(&self, row: &dyn Any, now: Option<&dyn Any>, table: &str) {
        match self.subject.owner {
            Some((owner, _)) if owner == row.type_id() => {
                let key_of = self.subject.rows.owner_key;
                let kept = now.and_then(key_of);
                let key = key_of(row).filter(|key| kept.as_ref() != Some(key));
                key.iter().for_each(|key| self.forget(key));
            }
            // Another model reads the table: the key that the row has there is not known.
            Some((_, owners)) if owners == table => self.forget_all(),
            _ => {}
        }
    }

    fn forget_key(&self, columns: &[&str], key: &dyn Any) -> bool {
        let names =
            |own: &[usize]| own.iter().filter_map(|&at| Some(T::COLUMNS.get(at)?.column)).eq(columns.iter().copied());
        match key.downcast_ref::<K>() {
            Some(key) if self.subject.rows.columns.iter().any(|own| names(own)) => {
                self.forget(key);
                true
            }
            _ => false,
        }
    }

    fn as_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}
