//! `NotLoaded`: what a look at a field says that holds nothing to be looked at.

use std::fmt;

use crate::descriptor::RelationDescriptor;
use crate::error::{Error, RelationName};

/// A relation was looked at that is not there to be looked at.
#[derive(Clone)]
pub struct NotLoaded {
    relation: Option<&'static RelationDescriptor>,
    because: Because,
}

#[derive(Clone)]
pub(crate) enum Because {
    Unread,
    Partial,
    Failed(Error),
}

impl NotLoaded {
    pub(crate) fn new(relation: Option<&'static RelationDescriptor>, because: Because) -> Self {
        Self { relation, because }
    }

    /// The model that declares the relation; `None` for a field of a row that no source has read.
    pub fn model(&self) -> Option<&'static str> {
        self.relation.map(|relation| (relation.owner)().name)
    }

    /// The relation's name; `None` for a field of a row that no source has read.
    pub fn relation(&self) -> Option<&'static str> {
        self.relation.map(|relation| relation.name)
    }

    /// Whether only some of the targets were loaded, by a filter or a limit.
    pub fn is_partial(&self) -> bool {
        matches!(self.because, Because::Partial)
    }

    /// The error of the load that was tried, if one was.
    pub fn error(&self) -> Option<&Error> {
        match &self.because {
            Because::Failed(error) => Some(error),
            Because::Unread | Because::Partial => None,
        }
    }
}

impl fmt::Display for NotLoaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(relation) = self.relation else {
            return f.write_str("the relation is not loaded, and its row was not read from a source");
        };
        let (model, name) = ((relation.owner)().name, relation.name);
        match &self.because {
            Because::Failed(error) => write!(f, "{model}.{name} could not be loaded: {error}"),
            Because::Partial => write!(
                f,
                "{model}.{name} is loaded in part, by a filter or a limit; \
                 read the part with `.{name}.get_partial()`, or all of it with `.{name}(&db).await`"
            ),
            Because::Unread => write!(
                f,
                "{model}.{name} is not loaded; call `.{name}(&db).await`, or load it with `.with({constant})`",
                constant = RelationName(relation).constant()
            ),
        }
    }
}

impl fmt::Debug for NotLoaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NotLoaded({self})")
    }
}

impl std::error::Error for NotLoaded {}
