//! Trees: the relations to load with some rows, as a type. Each level is loaded by the same step, on groups of rows.

use std::any::TypeId;
use std::future::ready;
use std::marker::PhantomData;
use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::descriptor::RelationDescriptor;
use crate::early::{self, Early};
use crate::error::{Error, ErrorKind, Result};
use crate::field::RelationField;
use crate::group::Group;
use crate::inherit::Inherits;
use crate::join::both;
use crate::model::Model;
use crate::relation::{Relation, RelationQuery, Target};
use crate::route::{HasRelationsOf, Reached, Route, StoredOf};
use crate::share::{Owners, Part};
use crate::slot::State;
use crate::source::{Follows, Reader};
use crate::stored::Leads;
use crate::value::Columns;

/// Rows that a level of a tree starts from.
pub struct Rows<T> {
    parts: Vec<Part<T>>,
    /// Whether these are all rows that the table has.
    all: bool,
}

impl<T: Model> Rows<T> {
    pub(crate) fn part(part: Part<T>) -> Self {
        Self { parts: vec![part], all: false }
    }

    pub(crate) fn group(group: Arc<Group<T>>) -> Self {
        let end = group.len();
        Self::part((group, 0..end))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.parts.iter().all(|(_, range)| range.is_empty())
    }

    /// Says whether these are all rows that the table has.
    pub(crate) fn all(self, all: bool) -> Self {
        Self { all, ..self }
    }

    /// Adds some rows of a group.
    pub(crate) fn add(&mut self, group: &Arc<Group<T>>, range: Range<u32>) {
        match self.parts.last_mut() {
            Some((last, before)) if Arc::ptr_eq(last, group) && before.end == range.start => before.end = range.end,
            _ => self.parts.push((Arc::clone(group), range)),
        }
    }
}

impl<T> Extend<Part<T>> for Rows<T> {
    fn extend<I: IntoIterator<Item = Part<T>>>(&mut self, parts: I) {
        self.parts.extend(parts);
    }
}

impl<T> IntoIterator for Rows<T> {
    type Item = Part<T>;
    type IntoIter = std::vec::IntoIter<Part<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.parts.into_iter()
    }
}

impl<T: Model> Owners<T> for Rows<T> {
    fn each(&self, mut visit: impl FnMut(&T, Option<(&Arc<Group<T>>, u32)>)) {
        for part in &self.parts {
            part.each(&mut visit);
        }
    }

    fn are_all(&self) -> bool {
        self.all
    }
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self { parts: Vec::new(), all: false }
    }
}

impl<M: Model> Reached for M {
    type Rows = Rows<M>;
}

#[diagnostic::do_not_recommend]
impl<P: Model, M: Inherits<P>> HasRelationsOf<P> for M {
    fn each(rows: &Rows<M>, mut visit: impl FnMut(&P, Option<(&Arc<Group<P>>, u32)>)) {
        for part in &rows.parts {
            part.each(|row, place| {
                let place = place.and_then(|(group, at)| Some((M::group(group)?, at)));
                visit(row.ancestor(), place);
            });
        }
    }

    fn are_all(rows: &Rows<M>) -> bool {
        // All rows of a model that extends another are not all of the other's.
        rows.all && TypeId::of::<P>() == TypeId::of::<M>()
    }
}

/// The rows of a level as owners of the relations that `P` declares.
pub(crate) struct View<'a, O: Reached, P> {
    pub(crate) rows: &'a O::Rows,
    pub(crate) of: PhantomData<fn(P)>,
}

impl<P: Model, O: HasRelationsOf<P>> Owners<P> for View<'_, O, P> {
    fn each(&self, visit: impl FnMut(&P, Option<(&Arc<Group<P>>, u32)>)) {
        O::each(self.rows, visit);
    }

    fn are_all(&self) -> bool {
        O::are_all(self.rows)
    }
}

/// A tree of relations to load for rows of `O`: a relation, a pair of trees, `()`, or an `Option` of a tree.
#[diagnostic::on_unimplemented(
    message = "these relations cannot be loaded for `{O}` from this source",
    label = "not relations of `{O}`, or not in this source",
    note = "name relations of `{O}`, such as `{O}::POSTS`"
)]
pub trait Tree<S, O: Reached>: Send + Sync + 'static {
    /// Whether there is nothing to load.
    fn is_empty(&self) -> bool;

    /// Visits the relations of this level: whether each is narrowed.
    fn edges(&self, visit: &mut dyn FnMut(&'static RelationDescriptor, bool));

    /// Visits the relations of all levels.
    fn relations(&self, visit: &mut dyn FnMut(&'static RelationDescriptor)) {
        self.edges(&mut |relation, _| visit(relation));
    }

    /// Checks that no relation is asked for in two ways.
    ///
    /// # Errors
    /// [`ErrorKind::ConflictingLoads`].
    fn check(&self) -> Result<()>;

    /// What it finds before the rows are there that it is loaded for.
    type Early: Default + Send;

    /// Asks for what follows from the columns that are known of rows which are still being read.
    fn find_early(
        &self,
        reader: Reader<'_, S>,
        known: &dyn Columns,
    ) -> impl Future<Output = Result<Self::Early>> + Send;

    /// Loads the tree for these rows, as far as it is not found.
    fn load_after(
        &self,
        reader: Reader<'_, S>,
        rows: &O::Rows,
        early: Self::Early,
    ) -> impl Future<Output = Result<()>> + Send;

    /// Loads the tree for these rows.
    fn load(&self, reader: Reader<'_, S>, rows: &O::Rows) -> impl Future<Output = Result<()>> + Send {
        self.load_after(reader, rows, Self::Early::default())
    }
}

impl<S: Sync, O: Reached> Tree<S, O> for () {
    fn is_empty(&self) -> bool {
        true
    }

    fn edges(&self, _: &mut dyn FnMut(&'static RelationDescriptor, bool)) {}

    fn check(&self) -> Result<()> {
        Ok(())
    }

    type Early = ();

    fn find_early(&self, _: Reader<'_, S>, _: &dyn Columns) -> impl Future<Output = Result<()>> + Send {
        ready(Ok(()))
    }

    async fn load_after(&self, _: Reader<'_, S>, _: &O::Rows, (): ()) -> Result<()> {
        Ok(())
    }
}

impl<S: Sync, O: Reached, A: Tree<S, O>, B: Tree<S, O>> Tree<S, O> for (A, B) {
    fn is_empty(&self) -> bool {
        self.0.is_empty() && self.1.is_empty()
    }

    fn edges(&self, visit: &mut dyn FnMut(&'static RelationDescriptor, bool)) {
        self.0.edges(visit);
        self.1.edges(visit);
    }

    fn relations(&self, visit: &mut dyn FnMut(&'static RelationDescriptor)) {
        self.0.relations(visit);
        self.1.relations(visit);
    }

    fn check(&self) -> Result<()> {
        self.0.check()?;
        self.1.check()
    }

    type Early = (A::Early, B::Early);

    fn find_early(
        &self,
        reader: Reader<'_, S>,
        known: &dyn Columns,
    ) -> impl Future<Output = Result<Self::Early>> + Send {
        let first = self.0.find_early(reader, known);
        // What one fills, the other uses.
        let second = (!overlap(&self.0, &self.1)).then(|| self.1.find_early(reader, known));
        both(first, early::perhaps(second))
    }

    async fn load_after(&self, reader: Reader<'_, S>, rows: &O::Rows, early: Self::Early) -> Result<()> {
        let in_turn = overlap(&self.0, &self.1);
        let first = self.0.load_after(reader, rows, early.0);
        both(first, self.1.load_after(reader, rows, early.1)).in_turn(in_turn).await.map(|_| ())
    }
}

impl<S: Sync, O: Reached, A: Tree<S, O>> Tree<S, O> for Option<A> {
    fn is_empty(&self) -> bool {
        self.as_ref().is_none_or(Tree::is_empty)
    }

    fn edges(&self, visit: &mut dyn FnMut(&'static RelationDescriptor, bool)) {
        if let Some(tree) = self {
            tree.edges(visit);
        }
    }

    fn relations(&self, visit: &mut dyn FnMut(&'static RelationDescriptor)) {
        if let Some(tree) = self {
            tree.relations(visit);
        }
    }

    fn check(&self) -> Result<()> {
        self.as_ref().map_or(Ok(()), Tree::check)
    }

    type Early = A::Early;

    fn find_early(
        &self,
        reader: Reader<'_, S>,
        known: &dyn Columns,
    ) -> impl Future<Output = Result<Self::Early>> + Send {
        early::perhaps(self.as_ref().map(|tree| tree.find_early(reader, known)))
    }

    async fn load_after(&self, reader: Reader<'_, S>, rows: &O::Rows, early: A::Early) -> Result<()> {
        match self {
            Some(tree) => tree.load_after(reader, rows, early).await,
            None => Ok(()),
        }
    }
}

/// Whether two trees fill the same field of some model: by ways back they may come to the same rows.
fn overlap<S, O: Reached>(one: &impl Tree<S, O>, other: &impl Tree<S, O>) -> bool {
    // A model that extends another has copies of its descriptors.
    let same = |one: &RelationDescriptor, other: &RelationDescriptor| {
        one.name == other.name && std::ptr::eq((one.owner)(), (other.owner)())
    };
    let mut overlap = false;
    one.relations(&mut |relation| {
        filled(relation, &mut |one| {
            other.relations(&mut |relation| filled(relation, &mut |other| overlap |= same(one, other)));
        });
    });
    overlap
}

/// Visits a relation, and those that it leads over.
fn filled(relation: &'static RelationDescriptor, visit: &mut dyn FnMut(&'static RelationDescriptor)) {
    visit(relation);
    let mut model = Some((relation.owner)());
    for name in relation.through {
        let Some(hop) = model.and_then(|model| model.relation(name)) else { return };
        filled(hop, visit);
        model = hop.target();
    }
}

impl<S, O, R, N> Tree<S, O> for RelationQuery<R, N>
where
    O: HasRelationsOf<R::Owner>,
    R: Relation,
    S: Follows<R>,
    N: Tree<S, Target<R>>,
{
    fn is_empty(&self) -> bool {
        false
    }

    fn edges(&self, visit: &mut dyn FnMut(&'static RelationDescriptor, bool)) {
        visit(R::descriptor(), self.narrowing.is_narrowed());
    }

    fn relations(&self, visit: &mut dyn FnMut(&'static RelationDescriptor)) {
        visit(R::descriptor());
        self.nested.relations(visit);
    }

    fn check(&self) -> Result<()> {
        check_level(&self.nested)
    }

    type Early = Option<Early<R>>;

    fn find_early(
        &self,
        reader: Reader<'_, S>,
        known: &dyn Columns,
    ) -> impl Future<Output = Result<Self::Early>> + Send {
        early::find::<R, S>(reader, known, &self.narrowing)
    }

    fn load_after(
        &self,
        reader: Reader<'_, S>,
        rows: &O::Rows,
        early: Self::Early,
    ) -> impl Future<Output = Result<()>> + Send {
        // Boxed, so that a level's future does not hold those of its relations and of all levels below: the compiler gives
        // up on deep ones, and wide ones take the stack.
        Box::pin(async move {
            let partial = self.narrowing.is_partial();
            let owners = View::<O, R::Owner> { rows, of: PhantomData };
            let found = self.find(reader, &owners, early).await?;
            R::Route::fill(&owners, &found, partial);
            if self.nested.is_empty() {
                return Ok(());
            }
            self.nested.load(reader, &R::Route::reached(&owners, &found, partial)).await
        })
    }
}

/// All targets of the owners: those just loaded, and, if that was the whole relation, those that were there before,
/// each once.
pub(crate) fn reached<R>(owners: &impl Owners<R::Owner>, group: Arc<Group<Target<R>>>, partial: bool) -> Rows<Target<R>>
where
    R: Relation,
    Target<R>: Model,
    StoredOf<R>: Leads<Target<R>>,
{
    let mut rows = Rows::group(group);
    if partial {
        return rows;
    }
    let mut seen = FxHashSet::default();
    owners.each(|owner, _| {
        if let State::Whole(stored) = R::field(owner).slot().state()
            && R::Route::fits(stored, owner)
        {
            stored.each(|group, range| {
                if !Arc::ptr_eq(group, &rows.parts[0].0)
                    && seen.insert((Arc::as_ptr(group).addr(), range.start, range.end))
                {
                    rows.parts.push((Arc::clone(group), range));
                }
            });
        }
    });
    rows
}

/// Checks one level: a relation that stands there twice must be asked for whole both times.
pub(crate) fn check_level<S, O: Reached>(tree: &impl Tree<S, O>) -> Result<()> {
    let mut edges: Vec<(&'static RelationDescriptor, bool)> = Vec::new();
    let mut conflict = None;
    tree.edges(&mut |relation, narrowed| {
        let twice = edges.iter().find(|(other, _)| std::ptr::eq(*other, relation));
        if twice.is_some_and(|(_, other_narrowed)| narrowed || *other_narrowed) {
            conflict = Some(relation);
        }
        edges.push((relation, narrowed));
    });
    match conflict {
        Some(relation) => Err(Error::from(ErrorKind::ConflictingLoads { relation: relation.path() })),
        None => tree.check(),
    }
}
