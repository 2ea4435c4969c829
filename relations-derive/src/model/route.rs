//! How a relation reaches its targets, as its options say.

use proc_macro2::{Ident, Span};
use syn::Type;

use crate::attr::Kind;
use crate::model::Name;
use crate::value::Term;

/// How the targets are reached.
pub(crate) enum Route {
    ByKey(ByKey),
    OverPivot(Box<OverPivot>),
    Morph(MorphTo),
    Through(Through),
}

impl Route {
    /// Whether there is a query on the targets of one row: it reads one model, and goes by a key or over a join table.
    pub(crate) fn has_query(&self) -> bool {
        matches!(self, Self::ByKey(_) | Self::OverPivot(_))
    }

    /// A route that leads nowhere yet.
    pub(super) fn of(kind: Kind, through: bool, kept: Option<Type>) -> Self {
        match kind {
            _ if through => Self::Through(Through { hops: vec![] }),
            Kind::BelongsTo | Kind::HasOne | Kind::HasMany => {
                Self::ByKey(ByKey { own: vec![], other: Other::Fields(vec![]), inverse: None })
            }
            Kind::ManyToMany => Self::OverPivot(Box::new(OverPivot {
                join: Join::Missing,
                kept,
                order: vec![],
                distinct: false,
                symmetric: None,
                inverse: None,
                stray: vec![],
            })),
            Kind::MorphTo => {
                Self::Morph(MorphTo { kind: Name::inferred(String::new(), Span::call_site()), id: vec![] })
            }
        }
    }
}

/// Over the rows of a join table.
pub(crate) struct OverPivot {
    pub(crate) join: Join,
    /// The model that the field keeps them as.
    pub(crate) kept: Option<Type>,
    pub(crate) order: Vec<Term>,
    pub(crate) distinct: bool,
    /// Where the user says so.
    pub(crate) symmetric: Option<Span>,
    pub(crate) inverse: Option<Ident>,
    /// Options that do not go with this join table, and where they stand.
    pub(crate) stray: Vec<(&'static str, Span)>,
}

/// A join table.
pub(crate) enum Join {
    /// With a model, and the relations of it that lead to either side where they are named: one of them is polymorphic
    /// if `morph` names it, whichever side that leads to.
    Model {
        model: Box<Type>,
        near: Option<Name>,
        far: Option<Name>,
        morph: Option<Name>,
    },
    /// A plain one, with its columns.
    Table {
        table: String,
        near: Vec<Name>,
        far: Vec<Name>,
    },
    Missing,
}

/// By type and id.
pub(crate) struct MorphTo {
    /// The field that holds the type.
    pub(crate) kind: Name,
    pub(crate) id: Vec<Name>,
}

/// Over other relations: the first is one of this model.
pub(crate) struct Through {
    pub(crate) hops: Vec<Ident>,
}

/// One step, by a key.
pub(crate) struct ByKey {
    /// The fields of this model that take part; none where that is the inherited key.
    pub(crate) own: Vec<Name>,
    pub(crate) other: Other,
    pub(crate) inverse: Option<Ident>,
}

impl ByKey {
    /// The number of parts of the key.
    pub(crate) fn width(&self) -> usize {
        match &self.other {
            Other::Fields(names) if self.own.is_empty() => names.len(),
            Other::Morph(_) => self.own.len().max(1),
            _ => self.own.len(),
        }
    }
}

/// The fields of the target that take part.
pub(crate) enum Other {
    /// Its key, whatever that is.
    Key,
    Fields(Vec<Name>),
    /// Those of its polymorphic relation of this name.
    Morph(Ident),
}
