//! Recursion: a relation that leads back to its own model, loaded level by level until nothing new is reached. Each
//! level is a group of its own, so that no row keeps itself alive.

use std::marker::PhantomData;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::descriptor::RelationDescriptor;
use crate::early::{self, Early};
use crate::error::{ErrorKind, Result};
use crate::field::RelationField;
use crate::group::Group;
use crate::linked::{Linked, Links};
use crate::model::Model;
use crate::origin::Origins;
use crate::relation::{Relation, RelationQuery};
use crate::route::through::{Groups, Nobody, Stop, Way};
use crate::route::{HasRelationsOf, Route};
use crate::share::{Alone, Owners};
use crate::slot::State;
use crate::source::{Follows, Plan, Reader, Source, Subject};
use crate::stored::Leads;
use crate::tree::{Rows, Tree, View, check_level};
use crate::value::Columns;

/// A relation that leads back to its own model: `Node::CHILDREN`, `Node::PARENT`.
#[diagnostic::on_unimplemented(
    message = "this relation does not lead back to its own model",
    label = "its rows do not have the relation themselves"
)]
pub trait ToItself:
    Relation<Field: RelationField<Target = <Self as Relation>::Owner, Stored: Leads<<Self as Relation>::Owner>>>
{
}

impl<R> ToItself for R where R: Relation<Field: RelationField<Target = R::Owner, Stored: Leads<R::Owner>>> {}

/// A relation to be loaded again and again, from the rows that it leads to: see [`RelationQuery::recursive`].
pub struct Recursive<R: Relation, N = ()> {
    pub(crate) query: RelationQuery<R, N>,
    /// The number of levels; `None` for all.
    pub(crate) depth: Option<u32>,
}

impl<R: ToItself, N> RelationQuery<R, N> {
    /// Loads the relation of the rows that it leads to as well, and of those, to the end: one statement for each level.
    /// Filter, order, limit and the relations named `with(..)` before apply at every level.
    ///
    /// It ends on circles in the data: a row that stands among those that lead to it is not asked again. Over a join
    /// table or other relations no row is asked twice. The field of a row that is not asked stays unloaded.
    pub fn recursive(self) -> Recursive<R, N> {
        Recursive { query: self, depth: None }
    }

    /// As [`recursive`](Self::recursive), for so many levels: 1 is the relation itself, 0 loads nothing.
    pub fn recursive_to(self, depth: u32) -> Recursive<R, N> {
        Recursive { query: self, depth: Some(depth) }
    }
}

impl<R: Relation, N: Clone> Clone for Recursive<R, N> {
    fn clone(&self) -> Self {
        Self { query: self.query.clone(), depth: self.depth }
    }
}

impl<R: Relation, N> std::fmt::Debug for Recursive<R, N>
where
    RelationQuery<R, N>: std::fmt::Debug,
{
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recursive").field("query", &self.query).field("depth", &self.depth).finish()
    }
}

impl<S, O, R, N> Tree<S, O> for Recursive<R, N>
where
    O: HasRelationsOf<R::Owner>,
    R: ToItself,
    S: Follows<R>,
    N: Tree<S, R::Owner>,
{
    fn is_empty(&self) -> bool {
        self.depth == Some(0)
    }

    fn edges(&self, visit: &mut dyn FnMut(&'static RelationDescriptor, bool)) {
        visit(R::descriptor(), self.query.narrowing.is_narrowed());
    }

    fn relations(&self, visit: &mut dyn FnMut(&'static RelationDescriptor)) {
        visit(R::descriptor());
        self.query.nested.relations(visit);
    }

    fn check(&self) -> Result<()> {
        let mut conflict = false;
        self.query.nested.edges(&mut |relation, narrowed| {
            let both_whole = !narrowed && !self.query.narrowing.is_narrowed();
            conflict |= std::ptr::eq(relation, R::descriptor()) && !both_whole;
        });
        if conflict {
            return Err(ErrorKind::ConflictingLoads { relation: R::descriptor().path() }.into());
        }
        check_level(&self.query.nested)
    }

    type Early = Option<Early<R>>;

    fn find_early(
        &self,
        reader: Reader<'_, S>,
        known: &dyn Columns,
    ) -> impl Future<Output = Result<Self::Early>> + Send {
        let loads = self.depth != Some(0);
        early::perhaps(loads.then(|| early::find::<R, S>(reader, known, &self.query.narrowing)))
    }

    async fn load_after(&self, reader: Reader<'_, S>, rows: &O::Rows, early: Self::Early) -> Result<()> {
        if self.depth == Some(0) {
            return Ok(());
        }
        let partial = self.query.narrowing.is_partial();
        let owners = View::<O, R::Owner> { rows, of: PhantomData };
        let mut paths = Paths::<R>::from(&owners);
        let found = self.query.find(reader, &owners, early).await?;
        R::Route::fill(&owners, &found, partial);
        let reached = R::Route::reached(&owners, &found, partial);
        let next = paths.next(&owners, partial);
        self.beyond(reader, reached, next, paths).await
    }
}

impl<R: ToItself, N> Recursive<R, N> {
    /// The levels after the first: its rows, and those of them to go on from.
    async fn beyond<S>(
        &self,
        reader: Reader<'_, S>,
        mut reached: Rows<R::Owner>,
        mut level: Rows<R::Owner>,
        mut paths: Paths<R>,
    ) -> Result<()>
    where
        S: Follows<R>,
        N: Tree<S, R::Owner>,
    {
        let RelationQuery { narrowing, nested } = &self.query;
        let partial = narrowing.is_partial();
        let mut left = self.depth.map(|depth| depth.saturating_sub(1));
        loop {
            if !nested.is_empty() && !reached.is_empty() {
                nested.load(reader, &reached).await?;
            }
            if level.is_empty() || left == Some(0) {
                return Ok(());
            }
            left = left.map(|left| left - 1);
            let found = reader.follow::<R>(R::Route::ask(&level, partial), narrowing).await?;
            R::Route::fill(&level, &found, partial);
            reached = R::Route::reached(&level, &found, partial);
            level = paths.next(&level, partial);
        }
    }
}

/// Visits the targets that the row's field holds.
fn targets<R: ToItself>(row: &R::Owner, partial: bool, visit: impl FnMut(&Arc<Group<R::Owner>>, std::ops::Range<u32>)) {
    let slot = R::field(row).slot();
    let stored = match slot.state() {
        _ if partial => slot.newest(),
        State::Whole(stored) if R::Route::fits(stored, row) => Some(stored),
        _ => None,
    };
    if let Some(stored) = stored {
        stored.each(visit);
    }
}

/// The paths on which rows were reached, as far as circles ask for them: one step for each key of each level.
struct Paths<R: ToItself> {
    steps: Vec<Step<<R::Owner as Model>::Key>>,
    /// The latest step of each key.
    latest: FxHashMap<<R::Owner as Model>::Key, u32>,
    /// The steps to a row from further rows than the first.
    others: FxHashMap<u32, Vec<u32>>,
    /// The step of each row of the level, in its order.
    level: Vec<u32>,
}

/// Takes a step from, and the row that it leads to.
type Visit<'a, T> = dyn FnMut(Option<u32>, &Arc<Group<T>>, u32) + 'a;

struct Step<K> {
    key: K,
    /// The step before; `None` at the start.
    from: Option<u32>,
    /// The row, by its group's address and its position.
    row: (usize, u32),
}

impl<R: ToItself> Paths<R> {
    /// Paths that start with these rows.
    fn from(rows: &impl Owners<R::Owner>) -> Self {
        let (steps, level) = (Vec::new(), Vec::new());
        let mut paths = Self { steps, latest: FxHashMap::default(), others: FxHashMap::default(), level };
        rows.each(|row, _| {
            let key = row.key();
            let step = match paths.latest.get(&key) {
                Some(&step) => step,
                None => paths.step(key, None, (0, 0)),
            };
            paths.level.push(step);
        });
        paths
    }

    fn step(&mut self, key: <R::Owner as Model>::Key, from: Option<u32>, row: (usize, u32)) -> u32 {
        let step = u32::try_from(self.steps.len()).unwrap_or(u32::MAX);
        self.latest.insert(key.clone(), step);
        self.steps.push(Step { key, from, row });
        step
    }

    /// Goes on from the one row at the start to these rows: those to go on from next.
    fn first(&mut self, reached: &Rows<R::Owner>) -> Rows<R::Owner> {
        self.advance(|visit| {
            reached.each(|_, place| {
                if let Some((group, at)) = place {
                    visit(Some(0), group, at);
                }
            });
        })
    }

    /// Goes on from the rows of a level to their targets: those to go on from next.
    fn next(&mut self, owners: &impl Owners<R::Owner>, partial: bool) -> Rows<R::Owner> {
        let mut from = std::mem::take(&mut self.level).into_iter();
        self.advance(|visit| {
            owners.each(|owner, _| {
                let from = from.next();
                targets::<R>(owner, partial, |group, range| range.for_each(|at| visit(from, group, at)));
            });
        })
    }

    fn advance(&mut self, walk: impl FnOnce(&mut Visit<'_, R::Owner>)) -> Rows<R::Owner> {
        // Over a join table or other relations there are too many paths to follow each.
        let once = R::DESCRIPTOR.kind.is_indirect();
        let start = u32::try_from(self.steps.len()).unwrap_or(u32::MAX);
        let (mut rows, mut level, mut again) = (Rows::default(), Vec::new(), FxHashSet::default());
        walk(&mut |from, group, at| {
            let Some(row) = group.rows().get(at as usize) else { return };
            let (key, place) = (row.key(), (Arc::as_ptr(group).addr(), at));
            let step = match self.latest.get(&key) {
                Some(_) if once => return,
                Some(&step) if step >= start => {
                    self.others.entry(step).or_default().extend(from);
                    if self.steps.get(step as usize).is_some_and(|step| step.row == place) {
                        return;
                    }
                    step
                }
                Some(_) => {
                    let step = self.step(key, from, place);
                    again.insert(step);
                    step
                }
                None => self.step(key, from, place),
            };
            rows.add(group, at..at + 1);
            level.push(step);
        });
        // Only a key that was met before may stand on a circle.
        again.retain(|&step| !self.is_new(step));
        if !again.is_empty() {
            let mut kept = Rows::default();
            let mut steps = std::mem::take(&mut level).into_iter();
            rows.each(|_, place| {
                if let (Some(step), Some((group, at))) = (steps.next(), place)
                    && !again.contains(&step)
                {
                    kept.add(group, at..at + 1);
                    level.push(step);
                }
            });
            rows = kept;
        }
        self.level = level;
        rows
    }

    /// Whether some path leads to the step on which its key does not stand before.
    fn is_new(&self, step: u32) -> bool {
        let Some(key) = self.steps.get(step as usize).map(|step| &step.key) else { return true };
        let (mut open, mut seen) = (vec![step], FxHashSet::default());
        while let Some(at) = open.pop() {
            let Some(Step { from, .. }) = self.steps.get(at as usize) else { continue };
            let Some(from) = from else { return true };
            for &from in self.others.get(&at).into_iter().flatten().chain([from]) {
                if self.steps.get(from as usize).is_some_and(|step| step.key != *key) && seen.insert(from) {
                    open.push(from);
                }
            }
        }
        false
    }
}

/// Loads all that one row leads to.
struct LoadBeyond<R: ToItself, N> {
    ask: <R::Route as Route<R>>::Ask,
    /// What the row's field holds already.
    present: Rows<R::Owner>,
    paths: Paths<R>,
    tree: Recursive<R, N>,
}

impl<S, R, N> Plan<S> for LoadBeyond<R, N>
where
    R: ToItself,
    S: Follows<R>,
    N: Tree<S, R::Owner>,
{
    type Output = <R::Route as Route<R>>::Found;

    fn needs_snapshot(&self) -> bool {
        true
    }

    fn subject(&self) -> Subject {
        Subject::of_relation(R::descriptor())
    }

    async fn run(mut self, reader: Reader<'_, S>) -> Result<Self::Output> {
        let RelationQuery { narrowing, .. } = &self.tree.query;
        let found = reader.follow::<R>(self.ask, narrowing).await?;
        let mut reached = self.present;
        reached.extend(R::Route::reached(&Nobody, &found, narrowing.is_partial()));
        let level = self.paths.first(&reached);
        self.tree.beyond(reader, reached, level, self.paths).await?;
        Ok(found)
    }
}

/// All rows that the relation leads to from this one, the nearest first, each once. Loads what is missing.
pub(crate) async fn beyond<R, N, S>(row: &R::Owner, query: RelationQuery<R, N>, source: &S) -> Result<Linked<R::Owner>>
where
    R: ToItself,
    S: Source<Session: Follows<R>>,
    N: Tree<S::Session, R::Owner> + Clone,
{
    let tree = query.recursive();
    Tree::<S::Session, R::Owner>::check(&tree)?;
    let mut peers = Origins::around(row).and_then(|origins| origins.level::<R::Owner>()?.peers(row));
    if let Some((at, peers)) = &mut peers {
        *peers.range() = *at..*at + 1;
    }
    // Once, unless another thread clears a field between the load and the look.
    loop {
        match &peers {
            Some((_, alone)) => load(alone, tree.clone(), source).await?,
            None => load(&Alone(row), tree.clone(), source).await?,
        }
        if let Some(rows) = collect::<R>(row, tree.query.narrowing.is_partial())? {
            return Ok(rows);
        }
    }
}

async fn load<R, N, S>(owner: &(impl Owners<R::Owner> + Sync), tree: Recursive<R, N>, source: &S) -> Result<()>
where
    R: ToItself,
    S: Source<Session: Follows<R>>,
    N: Tree<S::Session, R::Owner>,
{
    let partial = tree.query.narrowing.is_partial();
    let present = if partial { Rows::default() } else { R::Route::reached(owner, &Default::default(), false) };
    let ask = R::Route::ask(owner, partial);
    let found = source.run(LoadBeyond { ask, present, paths: Paths::from(owner), tree }).await?;
    R::Route::fill(owner, &found, partial);
    Ok(())
}

/// Walks from this row over the loaded fields; `None` if one of them is not loaded.
fn collect<R: ToItself>(row: &R::Owner, partial: bool) -> Result<Option<Linked<R::Owner>>> {
    let (mut groups, mut places) = (Groups::default(), Vec::new());
    let mut seen = FxHashSet::from_iter([row.key()]);
    let (mut current, mut next) = (Some(row), 0);
    while let Some(row) = current {
        let mut found = Vec::new();
        if partial {
            targets::<R>(row, true, |group, range| found.extend(range.map(|at| (Arc::clone(group), at))));
        } else {
            match R::walk(row, &mut |end| found.push((Arc::clone(end.group), end.at))) {
                Ok(()) => {}
                Err(Stop::Open) => return Ok(None),
                Err(Stop::Failed(error)) => return Err(error),
            }
        }
        for (group, at) in found {
            if group.rows().get(at as usize).is_some_and(|row| seen.insert(row.key())) {
                places.push((groups.number(&group), at));
            }
        }
        current = places.get(next).and_then(|&(group, at)| groups.list.get(group as usize)?.rows().get(at as usize));
        next += 1;
    }
    let end = u32::try_from(places.len()).unwrap_or(u32::MAX);
    Ok(Some(Linked::new(Arc::new(Links::new(groups.list, places, partial)), 0..end, 0)))
}
