//! The tables of a source in memory.

use std::any::Any;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Held;
use crate::descriptor::ModelDescriptor;
use crate::error::Result;
use crate::model::Model;
use crate::source::narrow::{About, RowOf, Tables};
use crate::value::Columns;

/// All tables, by the paths of their models. A plain join table, whose path is its name, is in as many parts as there
/// are relations that its rows were given for.
#[derive(Clone, Default)]
pub(super) struct Stored(FxHashMap<&'static str, Vec<Arc<dyn Table>>>);

/// The rows of a model, without their type.
trait Table: Send + Sync {
    fn model(&self) -> &'static ModelDescriptor;
    fn rows(&self) -> Vec<&dyn Columns>;
    fn as_any(&self) -> &dyn Any;
}

impl<T: Model> Table for Vec<T> {
    fn model(&self) -> &'static ModelDescriptor {
        T::model_descriptor()
    }

    fn rows(&self) -> Vec<&dyn Columns> {
        self.iter().map(|row| row as &dyn Columns).collect()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Stored {
    fn parts(&self, path: &str, about: About) -> Result<&[Arc<dyn Table>]> {
        self.0.get(path).map(Vec::as_slice).ok_or_else(|| {
            let name = path.rsplit("::").next().unwrap_or(path);
            let instead =
                "give it some by `with(..)`, or by `joined(..)` if it is a plain join table; an empty list will do";
            about.unsupported(format!("find rows of `{name}`, of which it was given none"), instead)
        })
    }

    /// All rows of a model.
    pub(super) fn all<T: Model>(&self, about: About) -> Result<Vec<Held<'_, T>>> {
        let mut all = Vec::new();
        for part in self.parts(T::PATH, about)? {
            match part.as_any().downcast_ref::<Vec<T>>() {
                Some(rows) => all.extend(rows.iter().map(Held::Kept)),
                None => {
                    let as_joined = |row| RowOf { model: T::model_descriptor(), row, own: part.model() };
                    let made = part.rows().into_iter().filter_map(|row| T::JOINED?(&as_joined(row)));
                    all.extend(made.map(Held::Made));
                }
            }
        }
        Ok(all)
    }

    /// Changes the rows of a model.
    pub(super) fn change<T: Model + Clone, O>(&mut self, change: impl FnOnce(&mut Vec<T>) -> O) -> O {
        let parts = self.0.entry(T::PATH).or_default();
        let at = parts.iter().position(|part| part.as_any().is::<Vec<T>>());
        let before = at.and_then(|at| parts.get(at)?.as_any().downcast_ref::<Vec<T>>());
        let mut rows = before.cloned().unwrap_or_default();
        let outcome = change(&mut rows);
        rows.iter().for_each(Model::clear);
        // Copied once more, as a field that was cleared would remember it.
        let rows = Arc::new(rows.to_vec());
        match at.and_then(|at| parts.get_mut(at)) {
            Some(part) => *part = rows,
            None => parts.push(rows),
        }
        outcome
    }
}

impl Tables for Stored {
    fn rows(&self, model: &'static ModelDescriptor, about: About) -> Result<Vec<RowOf<'_>>> {
        let parts = self.parts(model.path, about)?;
        let rows = |part: &'static ModelDescriptor, row| RowOf { model, row, own: part };
        Ok(parts.iter().flat_map(|part| part.rows().into_iter().map(move |row| rows(part.model(), row))).collect())
    }
}
