//! How lazy reads load from a source: for how many rows at once, for one, or not at all.

use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use crate::audit::Audit;
use crate::descriptor::RelationDescriptor;
use crate::error::{Error, ErrorKind, RelationName, Result};

/// What a lazy read does, `user.posts(&db)`, when the relation is not loaded: see
/// [`DbBuilder::load_mode`](crate::DbBuilder::load_mode) and [`Db::with_mode`](crate::Db::with_mode).
///
/// Whatever the mode, a relation that is loaded, a null key, and an inverse that was filled read without a statement, and
/// what says that it loads, does: queries, trees, `users.load(..)`, aggregates, `descendants` and `ancestors`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum LoadMode {
    /// It loads for the row and its peers at once.
    #[default]
    Batch,
    /// It loads for this row alone. Rows of a list that do so again and again from one place in the program are reported:
    /// see [`DbBuilder::on_n_plus_one`](crate::DbBuilder::on_n_plus_one).
    Single,
    /// It is an error that names the relation, the place in the program, and what to load beforehand:
    /// [`ErrorKind::LazyRead`]. The shared cache is not asked, so whether a read is refused never depends on what it holds.
    Raise,
    /// As `Raise` for the rows of a list, were it a list of one; as `Batch` for a row that came alone: found by itself, or
    /// the one target of a to-one relation. So `user.posts(&db)` reads, and `post.comments(&db)` within these posts does
    /// not.
    RaiseInLists,
}

/// How relations are loaded from a source.
#[derive(Debug, Clone)]
pub struct Settings {
    pub(crate) batch_limit: u32,
    pub(crate) load_mode: LoadMode,
    pub(crate) audit: Option<Arc<Audit>>,
    pub(crate) timeout: Option<Duration>,
}

/// A lazy read that has to load: from which place in the program, and whether its row is known to have come alone.
#[derive(Clone, Copy)]
pub(crate) struct LazyRead {
    pub(crate) relation: &'static RelationDescriptor,
    pub(crate) location: &'static Location<'static>,
    pub(crate) lone: bool,
}

impl Settings {
    /// The number of owners, around the one that is read, for which a lazy read loads at once.
    pub const BATCH_LIMIT: u32 = 1_000;

    /// Refuses a lazy read that the mode does not allow.
    ///
    /// # Errors
    /// [`ErrorKind::LazyRead`].
    pub(crate) fn admit(&self, read: LazyRead) -> Result<()> {
        let is_refused = match self.load_mode {
            LoadMode::Batch | LoadMode::Single => false,
            LoadMode::Raise => true,
            LoadMode::RaiseInLists => !read.lone,
        };
        if is_refused { Err(self.refusal(read)) } else { Ok(()) }
    }

    #[cold]
    fn refusal(&self, LazyRead { relation, location, .. }: LazyRead) -> Error {
        let (model, mode) = ((relation.owner)().name, self.load_mode);
        ErrorKind::LazyRead { model, relation: RelationName(relation), location, mode }.into()
    }

    /// Counts a lazy read that loads for one row of several.
    pub(crate) fn count(&self, LazyRead { relation, location, lone }: LazyRead) {
        if let Some(audit) = &self.audit
            && self.load_mode == LoadMode::Single
            && !lone
        {
            audit.count(relation, location);
        }
    }

    /// The owners to load for when the one at `at` of `len` is read. Windows are aligned: whatever the order of
    /// reading, each is loaded once.
    pub(crate) fn window(&self, at: u32, len: u32) -> std::ops::Range<u32> {
        if self.load_mode == LoadMode::Single {
            return at..at + 1;
        }
        let start = at - at % self.batch_limit;
        start..len.min(start.saturating_add(self.batch_limit))
    }
}

/// Refuses a setting that has to be at least 1.
///
/// # Errors
/// [`ErrorKind::Setting`].
pub(crate) fn positive(setting: &'static str, value: usize) -> Result<()> {
    if value > 0 {
        return Ok(());
    }
    Err(ErrorKind::Setting { setting, value: value.to_string(), reason: "give at least 1" }.into())
}

impl Default for Settings {
    fn default() -> Self {
        Self { batch_limit: Self::BATCH_LIMIT, load_mode: LoadMode::Batch, audit: None, timeout: None }
    }
}
