//! What a join table is to a relation.

use std::fmt;

use crate::descriptor::{
    ColumnDescriptor, ModelDescriptor, MorphDescriptor, OrderDescriptor, names, write_morph, write_order,
};

/// The join table of a relation: its rows, the pivots, refer to an owner and to a target.
#[derive(Clone, Copy)]
pub struct PivotDescriptor {
    /// The model of its rows; for a plain join table one that stands for it.
    pub model: fn() -> &'static ModelDescriptor,
    /// The columns that refer to the owner, as positions in the model's columns.
    pub near: &'static [usize],
    /// The columns that refer to the target.
    pub far: &'static [usize],
    /// The declared order of the pivots.
    pub order: &'static [OrderDescriptor],
    /// Whether a target that several pivots lead to counts once.
    pub distinct: bool,
    /// Whether a pivot leads from either end to the other.
    pub symmetric: bool,
    /// The type that the pivots have, if one of their ends is polymorphic.
    pub morph: Option<MorphDescriptor>,
}

impl PivotDescriptor {
    /// The columns that refer to the owner.
    pub fn near(&self) -> impl Iterator<Item = &'static ColumnDescriptor> {
        let columns = (self.model)().columns;
        self.near.iter().filter_map(|&at| columns.get(at))
    }

    /// The columns that refer to the target.
    pub fn far(&self) -> impl Iterator<Item = &'static ColumnDescriptor> {
        let columns = (self.model)().columns;
        self.far.iter().filter_map(|&at| columns.get(at))
    }

    /// The declared order of the pivots as (column, descending).
    pub fn order_by(&self) -> impl Iterator<Item = (&'static ColumnDescriptor, bool)> {
        let columns = (self.model)().columns;
        self.order.iter().filter_map(|term| Some((columns.get(term.column)?, term.descending)))
    }

    /// The column that says the type of the pivots' polymorphic end, and the type.
    pub fn morph(&self) -> Option<(&'static ColumnDescriptor, &'static str)> {
        self.morph?.of((self.model)())
    }
}

impl fmt::Display for PivotDescriptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}, {}", (self.model)().name, names(self.near()), names(self.far()))?;
        write_morph(f, self.morph())?;
        write_order(f, "pivot order", self.order_by())?;
        f.write_str(if self.distinct { ", distinct" } else { "" })?;
        f.write_str(if self.symmetric { ", symmetric" } else { "" })
    }
}

impl fmt::Debug for PivotDescriptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PivotDescriptor({self})")
    }
}
