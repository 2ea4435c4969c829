//! Trees: the relations to load with some rows, as a type. Each level is loaded by the same step, on groups of rows.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::descriptor::RelationDescriptor;
use crate::error::{Error, ErrorKind, Result};
use crate::field::RelationField;
use crate::filter::Order;
use crate::group::Group;
use crate::model::Model;
use crate::plan::fetch;
use crate::relation::{Relation, RelationQuery};
use crate::share::{self, Owners, Part};
use crate::slot::State;
use crate::source::{Limit, Loaded, RelationLoader, Request};
use crate::stored::Stored;

/// Rows that a level of a tree starts from.
pub struct Rows<T>(Vec<Part<T>>);

impl<T: Model> Rows<T> {
    pub(crate) fn part(part: Part<T>) -> Self {
        Self(vec![part])
    }

    pub(crate) fn group(group: Arc<Group<T>>) -> Self {
        let end = u32::try_from(group.rows().len()).unwrap_or(u32::MAX);
        Self::part((group, 0..end))
    }
}

impl<T: Model> Owners<T> for Rows<T> {
    fn each(&self, mut visit: impl FnMut(&T, Option<(&Arc<Group<T>>, u32)>)) {
        for part in &self.0 {
            part.each(&mut visit);
        }
    }
}

/// A tree of relations to load for rows of `O`: a relation, a pair of trees, `()`, or an `Option` of a tree.
#[diagnostic::on_unimplemented(
    message = "these relations cannot be loaded for `{O}` from this source",
    label = "not relations of `{O}`, or not in this source",
    note = "name relations of `{O}`, such as `{O}::POSTS`"
)]
pub trait Tree<S, O: Model>: Send + Sync + 'static {
    /// Whether there is nothing to load.
    fn is_empty(&self) -> bool;

    /// Visits the relations of this level: whether each is narrowed.
    fn edges(&self, visit: &mut dyn FnMut(&'static RelationDescriptor, bool));

    /// Checks that no relation is asked for in two ways.
    ///
    /// # Errors
    /// [`ErrorKind::ConflictingLoads`].
    fn check(&self) -> Result<()>;

    /// Loads the tree for these rows.
    fn load(&self, session: &S, owners: &Rows<O>) -> impl Future<Output = Result<()>> + Send;
}

impl<S: Sync, O: Model> Tree<S, O> for () {
    fn is_empty(&self) -> bool {
        true
    }

    fn edges(&self, _: &mut dyn FnMut(&'static RelationDescriptor, bool)) {}

    fn check(&self) -> Result<()> {
        Ok(())
    }

    async fn load(&self, _: &S, _: &Rows<O>) -> Result<()> {
        Ok(())
    }
}

impl<S: Sync, O: Model, A: Tree<S, O>, B: Tree<S, O>> Tree<S, O> for (A, B) {
    fn is_empty(&self) -> bool {
        self.0.is_empty() && self.1.is_empty()
    }

    fn edges(&self, visit: &mut dyn FnMut(&'static RelationDescriptor, bool)) {
        self.0.edges(visit);
        self.1.edges(visit);
    }

    fn check(&self) -> Result<()> {
        self.0.check()?;
        self.1.check()
    }

    async fn load(&self, session: &S, owners: &Rows<O>) -> Result<()> {
        self.0.load(session, owners).await?;
        self.1.load(session, owners).await
    }
}

impl<S: Sync, O: Model, A: Tree<S, O>> Tree<S, O> for Option<A> {
    fn is_empty(&self) -> bool {
        self.as_ref().is_none_or(Tree::is_empty)
    }

    fn edges(&self, visit: &mut dyn FnMut(&'static RelationDescriptor, bool)) {
        if let Some(tree) = self {
            tree.edges(visit);
        }
    }

    fn check(&self) -> Result<()> {
        self.as_ref().map_or(Ok(()), Tree::check)
    }

    async fn load(&self, session: &S, owners: &Rows<O>) -> Result<()> {
        match self {
            Some(tree) => tree.load(session, owners).await,
            None => Ok(()),
        }
    }
}

impl<S, R, N> Tree<S, R::Owner> for RelationQuery<R, N>
where
    R: Relation,
    S: RelationLoader<R::Target, R::Key>,
    N: Tree<S, R::Target>,
{
    fn is_empty(&self) -> bool {
        false
    }

    fn edges(&self, visit: &mut dyn FnMut(&'static RelationDescriptor, bool)) {
        visit(R::descriptor(), self.is_partial() || !self.order.is_empty());
    }

    fn check(&self) -> Result<()> {
        check_level(&self.nested)
    }

    async fn load(&self, session: &S, owners: &Rows<R::Owner>) -> Result<()> {
        let partial = self.is_partial();
        let keys = share::keys::<R>(owners, partial);
        let loaded = if keys.is_empty() { Loaded::default() } else { fetch(session, self.request(keys)).await? };
        let group = share::share_out::<R>(owners, loaded, partial);
        if self.nested.is_empty() {
            return Ok(());
        }
        let targets = if partial { Rows::group(group) } else { targets::<R>(owners, group) };
        self.nested.load(session, &targets).await
    }
}

impl<R: Relation, N> RelationQuery<R, N> {
    /// The request for the targets of these keys.
    fn request(&self, keys: Vec<R::Key>) -> Request<R::Target, R::Key> {
        let order = if self.order.is_empty() { Order::declared(R::DESCRIPTOR.order) } else { self.order.clone() };
        let limit = self.limit_per_owner();
        Request { filter: self.filter.clone(), order: Order::settled(order, limit), limit, ..request::<R>(keys) }
    }

    fn limit_per_owner(&self) -> Limit {
        match self.limit {
            Limit::None => whole_limit::<R>(),
            limit => limit,
        }
    }
}

/// The request for the whole relation of these keys.
pub(crate) fn request<R: Relation>(keys: Vec<R::Key>) -> Request<R::Target, R::Key> {
    Request {
        relation: Some(R::descriptor()),
        order: Order::settled(Order::declared(R::DESCRIPTOR.order), whole_limit::<R>()),
        limit: whole_limit::<R>(),
        ..Request::new(R::DESCRIPTOR.target_columns, Some(keys))
    }
}

/// A to-one relation with a declared order is the first row of that order: no other is read.
fn whole_limit<R: Relation>() -> Limit {
    let many = <R::Field as RelationField>::Stored::MANY;
    if many || R::DESCRIPTOR.order.is_empty() { Limit::None } else { Limit::default().with_limit(1) }
}

/// All targets of the owners: those just loaded, and those that were there before, each once.
fn targets<R: Relation>(owners: &Rows<R::Owner>, group: Arc<Group<R::Target>>) -> Rows<R::Target> {
    let mut rows = Rows::group(group);
    let mut seen = FxHashSet::default();
    owners.each(|owner, _| {
        if let State::Whole(stored) = R::field(owner).slot().state()
            && R::Field::fits::<R>(stored, owner)
            && let Some((group, range)) = stored.rows()
            && !Arc::ptr_eq(&group, &rows.0[0].0)
            && seen.insert((Arc::as_ptr(&group).addr(), range.start, range.end))
        {
            rows.0.push((group, range));
        }
    });
    rows
}

/// Checks one level: a relation that stands there twice must be asked for whole both times.
pub(crate) fn check_level<S, O: Model>(tree: &impl Tree<S, O>) -> Result<()> {
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
