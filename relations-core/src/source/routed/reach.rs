//! Where the rows are that one statement asks for: it reads one source, so what reaches into another is refused before
//! it is sent.

use super::{HeldBy, Place, Sources};
use crate::descriptor::{ModelDescriptor, RelationDescriptor};
use crate::error::{Error, ErrorKind, Result};
use crate::key::Key;
use crate::model::Model;
use crate::related::RelatedRows;
use crate::source::{AggregateRequest, Request};

/// The rows of other tables that a request asks for.
pub(super) fn of_request<T: Model, K: Key>(request: &Request<T, K>) -> Vec<&RelatedRows> {
    let mut all = Vec::new();
    if let Some(filter) = &request.filter {
        filter.condition().each_related(&mut |rows| all.push(rows));
    }
    for order in &request.order {
        order.term().by.each_related(&mut |rows| all.push(rows));
    }
    all
}

/// The rows that an aggregate is computed of, and those that they depend on.
pub(super) fn of_aggregate<K: Key>(request: &AggregateRequest<K>) -> Vec<&RelatedRows> {
    let mut all = Vec::new();
    request.rows.each(&mut |rows| all.push(rows));
    all
}

/// Refuses rows that are not in the source of `T`, be they of a model or of a join table that leads to it.
pub(super) fn check<A: Sources, T: HeldBy<A>>(all: Vec<&RelatedRows>) -> Result<()> {
    for rows in all {
        let table = join_table::<A>(rows.relation);
        for (model, member) in table.into_iter().chain([(rows.model, holder::<A>(rows.model))]) {
            if member != Some(T::Place::INDEX) {
                return Err(several::<A, T>(rows.relation, model, member));
            }
        }
    }
    Ok(())
}

/// The join table of a relation, and the member that it is in.
pub(super) fn join_table<A: Sources>(
    relation: &RelationDescriptor,
) -> Option<(&'static ModelDescriptor, Option<usize>)> {
    let table = (relation.pivot?.model)();
    let holder = if table.is_plain() {
        let (owner, target) = (holder::<A>((relation.owner)()), relation.target().and_then(holder::<A>));
        owner.zip(target).map(|(owner, target)| owner.min(target))
    } else {
        holder::<A>(table)
    };
    Some((table, holder))
}

/// The member that holds a model.
fn holder<A: Sources>(model: &'static ModelDescriptor) -> Option<usize> {
    A::MEMBERS.iter().position(|member| member.models.iter().any(|held| std::ptr::eq(held(), model)))
}

#[cold]
fn several<A: Sources, T: HeldBy<A>>(
    relation: &'static RelationDescriptor,
    model: &'static ModelDescriptor,
    member: Option<usize>,
) -> Error {
    let name = |member: usize| Some(format!("{}.{}", A::NAME, A::MEMBERS.get(member)?.field));
    ErrorKind::SeveralSources {
        relation: relation.path(),
        model: model.name,
        held_by: member.and_then(name),
        read: T::NAME,
        read_from: name(T::Place::INDEX).unwrap_or_default(),
    }
    .into()
}
