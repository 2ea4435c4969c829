//! Inheritance: a model that extends another has its columns first, and its relations. What is asked of an ancestor's
//! columns and relations can so be asked of any model that extends it.

use std::any::Any;
use std::ops::Range;
use std::sync::{Arc, Weak};

use crate::check::same;
use crate::descriptor::{ColumnDescriptor, ModelDescriptor, RelationDescriptor};
use crate::group::Group;
use crate::model::{Model, RelationLeaf};
use crate::origin::Origins;
use crate::value::{ColumnValue, IntoValue};

/// Models that are `P` or extend it, at any depth. Implemented by `#[derive(Relations)]`.
#[diagnostic::on_unimplemented(message = "`{Self}` does not extend `{P}`", label = "not a `{P}`")]
pub trait Inherits<P: Model>: Model {
    /// This row as one of `P`.
    fn ancestor(&self) -> &P;

    /// A group of such rows, if it is one of `P` itself.
    #[doc(hidden)]
    fn group(_: &Arc<Group<Self>>) -> Option<&Arc<Group<P>>> {
        None
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model> Inherits<M> for M {
    fn ancestor(&self) -> &M {
        self
    }

    fn group(group: &Arc<Group<M>>) -> Option<&Arc<Group<M>>> {
        Some(group)
    }
}

/// Models that have the columns of `P`: those that are `P` or extend it.
#[diagnostic::on_unimplemented(
    message = "these are not columns of `{Self}`",
    label = "not columns of `{Self}`, or of a model that it extends",
    note = "name columns of the model that is read; a polymorphic enum has none of its own"
)]
pub trait HasColumnsOf<P: Model>: Model {}

#[diagnostic::do_not_recommend]
impl<P: Model, M: Inherits<P>> HasColumnsOf<P> for M {}

/// What a model may know of one that it extends without following its relations.
#[derive(Debug, Clone, Copy)]
pub struct Ancestor {
    /// The ancestor's name.
    pub name: &'static str,
    /// The relations that it declares itself.
    pub relations: &'static [RelationLeaf],
    /// What it extends in turn.
    pub extends: Option<&'static Self>,
    /// The row of it that is embedded in one of the model that extends it.
    pub within: fn(&dyn Any) -> Option<&dyn Any>,
    /// What a row of the model that extends it holds in an inherited column.
    pub column: fn(&dyn Any, usize) -> Option<ColumnValue<'_>>,
    /// How what an inherited column holds becomes a value that can be compared.
    pub into_value: fn(usize) -> Option<IntoValue>,
}

impl Ancestor {
    /// The model that declares the relation of this name: this one, or the nearest that it extends.
    pub(crate) const fn declaring(&self, relation: &str) -> Option<&'static str> {
        let mut at = 0;
        while at < self.relations.len() {
            if same(self.relations[at].name, relation) {
                return Some(self.name);
            }
            at += 1;
        }
        match self.extends {
            Some(ancestor) => ancestor.declaring(relation),
            None => None,
        }
    }

    /// The number of relations, inherited ones included.
    const fn count(&self) -> usize {
        let Some(parent) = self.extends else { return self.relations.len() };
        let (mut count, mut at) = (parent.count(), 0);
        while at < self.relations.len() {
            count += parent.declaring(self.relations[at].name).is_none() as usize;
            at += 1;
        }
        count
    }
}

/// `P` as an ancestor of its own.
pub const fn ancestor<P: Model>() -> Ancestor {
    extended::<P, P>()
}

/// `P` as what `C` extends.
pub const fn extended<C: Inherits<P>, P: Model>() -> Ancestor {
    Ancestor {
        name: P::NAME,
        relations: P::RELATIONS,
        extends: P::EXTENDS,
        within: within::<C, P>,
        column: column::<C, P>,
        into_value: P::into_value,
    }
}

fn within<C: Inherits<P>, P: Model>(row: &dyn Any) -> Option<&dyn Any> {
    Some(row.downcast_ref::<C>()?.ancestor())
}

fn column<C: Inherits<P>, P: Model>(row: &dyn Any, at: usize) -> Option<ColumnValue<'_>> {
    row.downcast_ref::<C>()?.ancestor().column(at)
}

/// The columns of a model that extends `P`: those of `P`, then its own.
pub const fn columns<P: Model, const N: usize>(own: &[ColumnDescriptor]) -> [ColumnDescriptor; N] {
    let mut columns = [ColumnDescriptor { field: "", column: "", type_name: "", nullable: false }; N];
    let inherited = P::COLUMNS.len();
    let mut at = 0;
    while at < N {
        columns[at] = if at < inherited { P::COLUMNS[at] } else { own[at - inherited] };
        at += 1;
    }
    columns
}

/// The relations that a model declares itself, each with the model whose relation it overrides.
pub const fn own<P: Model, const N: usize>(mut own: [RelationDescriptor; N]) -> [RelationDescriptor; N] {
    let mut at = 0;
    while at < N {
        if let Some(overridden) = find(P::DESCRIPTOR.relations, own[at].name) {
            own[at].overrides = Some(overridden.owner);
        }
        at += 1;
    }
    own
}

/// The number of all relations of a model.
pub const fn count<M: Model>() -> usize {
    ancestor::<M>().count()
}

/// All relations of a model that extends `P`: those of `P`, with the overrides in their places, then the new ones.
pub const fn all<P: Model, const N: usize>(own: &[RelationDescriptor]) -> [RelationDescriptor; N] {
    let inherited = P::DESCRIPTOR.relations;
    let mut all = [own[0]; N];
    let mut len = 0;
    while len < inherited.len() {
        all[len] = match find(own, inherited[len].name) {
            Some(overriding) => *overriding,
            None => inherited[len],
        };
        len += 1;
    }
    let mut at = 0;
    while at < own.len() {
        if own[at].overrides.is_none() {
            all[len] = own[at];
            len += 1;
        }
        at += 1;
    }
    all
}

/// The table of a model that extends `P`, from its own relations and all of them.
pub const fn describe<M: Model, P: Model>(
    own: &'static [RelationDescriptor],
    all: &'static [RelationDescriptor],
) -> ModelDescriptor {
    ModelDescriptor { extends: Some(P::model_descriptor), relations: all, ..crate::model::describe::<M>(own) }
}

const fn find<'a>(relations: &'a [RelationDescriptor], name: &str) -> Option<&'a RelationDescriptor> {
    let mut at = 0;
    while at < relations.len() {
        if same(relations[at].name, name) {
            return Some(&relations[at]);
        }
        at += 1;
    }
    None
}

/// The rows of a group as rows of an ancestor `P`, which is embedded in them. It does not keep them alive.
pub trait Embedding<P>: Send + Sync {
    /// The position of the row at this address, and the number of rows; nothing if it was copied or moved out.
    fn position(&self, address: usize) -> Option<(u32, u32)>;
    /// Visits some of the rows.
    fn each(&self, range: Range<u32>, visit: &mut dyn FnMut(&P));
}

impl<M: Model> Embedding<M> for Weak<Group<M>> {
    fn position(&self, address: usize) -> Option<(u32, u32)> {
        let group = self.upgrade()?;
        Some((group.position(address)?, group.len()))
    }

    fn each(&self, range: Range<u32>, visit: &mut dyn FnMut(&M)) {
        if let Some(group) = self.upgrade() {
            group.part(range).iter().for_each(visit);
        }
    }
}

/// Rows of `C` as rows of what it extends.
struct Embedded<C>(Arc<dyn Embedding<C>>);

impl<P: Model, C: Inherits<P>> Embedding<P> for Embedded<C> {
    fn position(&self, address: usize) -> Option<(u32, u32)> {
        self.0.position(address)
    }

    fn each(&self, range: Range<u32>, visit: &mut dyn FnMut(&P)) {
        self.0.each(range, &mut |row| visit(row.ancestor()));
    }
}

/// The row as one of `P`, if its model is `P` or extends it: where that is known at run time only.
pub(crate) fn as_ancestor<M: Model, P: Model>(row: &M) -> Option<&P> {
    let (mut row, mut next): (&dyn Any, _) = (row, M::EXTENDS);
    while !row.is::<P>() {
        let ancestor = next?;
        (row, next) = ((ancestor.within)(row)?, ancestor.extends);
    }
    row.downcast_ref()
}

/// Tells the relations that `C` inherits from `P` where the rows of their group are.
pub fn embed<C: Inherits<P>, P: Model>(origins: &Origins, rows: Arc<dyn Embedding<C>>) {
    let rows: Arc<dyn Embedding<P>> = Arc::new(Embedded(rows));
    origins.inherited().embed(rows);
}
