//! What a write makes stale: the rule, and the calls that tell a cache of a write or invalidate by hand.

use std::any::{Any, TypeId};
use std::sync::Arc;

use super::Cache;
use super::space::AnySpace;
use crate::column::Operand;
use crate::descriptor::ModelDescriptor;
use crate::handle::Ref;
use crate::inherit::Ancestor;
use crate::model::Model;
use crate::reference::Reference;
use crate::relation::{Relation, RelationQuery};
use crate::route::Route;
use crate::route::pivot::{FarKey, OverPivot, Pivoted, Way};

/// A key as a user writes it: `7`, `"A"`, `("A", 7)`; of a polymorphic relation the type and the id, `("post", 7)`.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` is not a key of this relation",
    label = "this relation's key is `{K}`",
    note = "give the key's field, or a tuple of its fields"
)]
pub trait KeyValue<K> {
    /// The key as a tuple.
    fn into_key(self) -> K;
}

#[diagnostic::do_not_recommend]
impl<A, V: Operand<A>> KeyValue<(A,)> for V {
    fn into_key(self) -> (A,) {
        (self.into_operand(),)
    }
}

macro_rules! key_values {
    ($($($part:ident $value:ident $at:tt)*;)*) => {
        $(
            #[diagnostic::do_not_recommend]
            impl<$($part,)* $($value: Operand<$part>,)*> KeyValue<($($part,)*)> for ($($value,)*) {
                fn into_key(self) -> ($($part,)*) {
                    ($(self.$at.into_operand(),)*)
                }
            }

            #[diagnostic::do_not_recommend]
            impl<$($part: Clone,)*> KeyValue<($($part,)*)> for &($($part,)*) {
                fn into_key(self) -> ($($part,)*) {
                    self.clone()
                }
            }
        )*
    };
}

key_values! {
    A V 0 B W 1;
    A V 0 B W 1 C X 2;
    A V 0 B W 1 C X 2 D Y 3;
    A V 0 B W 1 C X 2 D Y 3 E Z 4;
    A V 0 B W 1 C X 2 D Y 3 E Z 4 F U 5;
}

/// A row that was written: of a model, or a handle of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a row of a model",
    label = "not a row",
    note = "give a row, as `&post`; of a list each one by itself"
)]
pub trait Written {
    /// The model.
    type Model: Model;

    /// The row.
    fn row(&self) -> &Self::Model;
}

#[diagnostic::do_not_recommend]
impl<M: Model> Written for M {
    type Model = M;

    fn row(&self) -> &M {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model> Written for Ref<M> {
    type Model = M;

    fn row(&self) -> &M {
        self
    }
}

impl Cache {
    /// Tells that a row was updated, and that its keys and foreign keys are what they were. Where one of them changed,
    /// say [`moved`](Self::moved).
    ///
    /// Call this, and the like, after the write is committed.
    pub fn changed(&self, row: &impl Written) {
        self.touched().for_each(|space| written(&*space, row.row()));
    }

    /// Tells that a row was inserted: what was known to be missing, and the lists that it is now in, are stale.
    pub fn inserted(&self, row: &impl Written) {
        self.changed(row);
    }

    /// Tells that a row was deleted: it, the lists that it was in, and what was found by its own key are stale.
    pub fn deleted(&self, row: &impl Written) {
        self.touched().for_each(|space| {
            written(&*space, row.row());
            lost(&*space, row.row(), None);
        });
    }

    /// Tells that a row was updated, with what it was before: both lists of a changed foreign key are stale, and what
    /// was found by a changed key of its own.
    pub fn moved<W: Written>(&self, before: &impl Written<Model = W::Model>, after: &W) {
        let (before, after) = (before.row(), after.row());
        self.touched().for_each(|space| {
            written(&*space, before);
            written(&*space, after);
            lost(&*space, before, Some(after));
            lost(&*space, after, Some(before));
        });
    }

    /// Tells that a row of a plain join table was inserted: both ends are stale. A join table that is a model has its
    /// rows told of like any other.
    pub fn linked<R, W>(
        &self,
        relation: RelationQuery<R>,
        owner: impl KeyValue<R::Key>,
        target: impl KeyValue<FarKey<R>>,
    ) where
        R: Pivoted<Route = OverPivot<W>>,
        OverPivot<W>: Route<R>,
        W: Way<R>,
    {
        let _ = relation;
        let (near, far) = (owner.into_key(), target.into_key());
        let names = |columns: &[usize]| -> Vec<&str> {
            columns.iter().filter_map(|&at| Some(R::Pivot::COLUMNS.get(at)?.column)).collect()
        };
        let (near_columns, far_columns) = (names(R::Near::FROM), names(R::Far::FROM));
        for space in self.touched() {
            if space.model().table == R::Pivot::TABLE {
                let near = space.forget_key(&near_columns, &near);
                let far = space.forget_key(&far_columns, &far);
                if !near && !far {
                    space.clear();
                }
            }
        }
    }

    /// Tells that a row of a plain join table was deleted: both ends are stale.
    pub fn unlinked<R, W>(
        &self,
        relation: RelationQuery<R>,
        owner: impl KeyValue<R::Key>,
        target: impl KeyValue<FarKey<R>>,
    ) where
        R: Pivoted<Route = OverPivot<W>>,
        OverPivot<W>: Route<R>,
        W: Way<R>,
    {
        self.linked(relation, owner, target);
    }

    /// Invalidates a relation of one key: of a `belongs_to` the foreign key's value, of others the owner's key.
    pub fn invalidate<R: Relation>(&self, relation: RelationQuery<R>, key: impl KeyValue<R::Key>) {
        let _ = relation;
        self.advance();
        R::Route::forget(self, &key.into_key());
    }

    /// Invalidates all entries of a relation; of one through others, those of the relations that it leads over.
    pub fn invalidate_relation<R: Relation>(&self, relation: RelationQuery<R>) {
        let _ = relation;
        self.advance();
        R::Route::forget_all(self);
    }

    /// Invalidates all entries that hold rows of this model's table, whatever relation they are of.
    pub fn invalidate_model<M: Model>(&self) {
        let is_of = |model: &ModelDescriptor| model.table == M::TABLE;
        let of_model = self.touched().filter(|space| is_of(space.model()) || space.ordered_by().is_some_and(is_of));
        of_model.for_each(|space| space.clear());
    }

    /// Invalidates everything.
    pub fn clear(&self) {
        self.touched().for_each(|space| space.clear());
    }

    /// Invalidates the spaces of a relation.
    pub(crate) fn clear_relation<R: Relation>(&self) {
        let own = self.spaces().into_iter().filter(|((relation, _), _)| *relation == TypeId::of::<R>());
        own.for_each(|(_, space)| space.clear());
    }

    /// Counts an invalidation, so that a load that began before is turned away even by a space that is not open yet.
    fn advance(&self) {
        self.0.cache.advance();
    }

    /// The spaces that something may be stale in.
    fn touched(&self) -> impl Iterator<Item = Arc<dyn AnySpace>> {
        self.advance();
        self.spaces().into_iter().map(|(_, space)| space)
    }
}

/// The rule: a row that was written makes stale the entries of the values that it has in the columns by which rows of
/// its table are kept.
fn written<M: Model>(space: &dyn AnySpace, row: &M) {
    if space.model().table == M::TABLE && !space.forget_row(row) {
        // Another model reads the table: the values that the row has there are not known.
        space.clear();
    }
    if space.ordered_by().is_some_and(|model| model.table == M::TABLE) {
        // Where the row stands among the others of a list, only the database knows.
        space.clear();
    }
}

/// The rule for the owner's side: a row that is gone, or that has another key `now`, makes stale what was found by its
/// key.
fn lost<M: Model>(space: &dyn AnySpace, row: &M, now: Option<&M>) {
    space.forget_owner(row, now.map(|now| now as &dyn Any), M::TABLE);
    let mut embedded_now = now.map(|now| embedded::<M>(now));
    for row in embedded::<M>(row) {
        let now = embedded_now.as_mut().and_then(Iterator::next);
        space.forget_owner(row, now, M::TABLE);
    }
}

/// The rows of the models that `M` extends which are embedded in one of it.
fn embedded<M: Model>(row: &dyn Any) -> impl Iterator<Item = &dyn Any> {
    let first = M::EXTENDS.and_then(|parent| Some((parent, (parent.within)(row)?)));
    let next = |&(model, row): &(&'static Ancestor, _)| {
        let parent = model.extends?;
        Some((parent, (parent.within)(row)?))
    };
    std::iter::successors(first, next).map(|(_, row)| row)
}
