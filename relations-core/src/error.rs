//! Errors: each names the model, the relation and the column or key it is about, and what to do.

mod message;
mod not_loaded;

use std::fmt;
use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use crate::descriptor::{ColumnDescriptor, ModelDescriptor, RelationDescriptor};
use crate::key;
use crate::model::Model;
use crate::morph::Morph;
use crate::settings::LoadMode;

use self::message::{At, HeldBy, Hint, Known, OfKey, OfType, Row};
pub(crate) use not_loaded::Because;
pub use not_loaded::NotLoaded;

/// The result of everything that reads.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a read failed. Cheap to clone: readers that waited for one load share its error.
#[derive(Clone, thiserror::Error)]
#[error(transparent)]
pub struct Error(Arc<ErrorKind>);

/// What went wrong, with its particulars. See [`Error::kind`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A relation that promises a row leads to none.
    #[error(
        "{relation}: there is no `{target}` with {columns} = {key}{of_type}; \
         make the target an `Option` if it may be missing",
        of_type = OfType(.tag)
    )]
    NotFound {
        /// `Model.relation`.
        relation: String,
        /// The model of the missing row.
        target: &'static str,
        /// The target's columns that were looked at.
        columns: String,
        /// The key that leads nowhere; `null` for a null key.
        key: String,
        /// The type that a polymorphic relation names.
        tag: Option<&'static str>,
    },
    /// A row names a type that is no variant of its relation's enum.
    #[error("{relation}: `{tag}` is no type of `{morph}`{}", Known(.tag, .known))]
    UnknownType {
        /// `Model.relation`.
        relation: String,
        /// The enum.
        morph: &'static str,
        /// The type that the row names.
        tag: String,
        /// The types of the enum.
        known: Vec<&'static str>,
    },
    /// A column of a row does not decode into its field.
    #[error("{at}: column `{column}` does not decode into `{model}.{field}: {type_name}`{row}: {reason}", at = At(*.relation, .model), row = Row(.key))]
    Decode {
        /// The model.
        model: &'static str,
        /// `Model.relation`, if the row was read through a relation.
        relation: Option<RelationName>,
        /// The column in the database.
        column: &'static str,
        /// The field.
        field: &'static str,
        /// The field's type.
        type_name: &'static str,
        /// The key by which the row was looked up, if any.
        key: Option<String>,
        /// What the driver says.
        reason: String,
    },
    /// A key cannot be sent to the database.
    #[error("{at}: the key {key} cannot be sent to the database: {reason}", at = At(*.relation, .model))]
    Key {
        /// The model whose rows were looked for.
        model: &'static str,
        /// `Model.relation`, if it was read through a relation.
        relation: Option<RelationName>,
        /// The key.
        key: String,
        /// What the driver says.
        reason: String,
    },
    /// The database found a row by a key that was not asked for: its column takes different texts for equal.
    #[error(
        "{at}: a row was found by the key {key}, which was not asked for, as the database takes it for equal to one that \
         was; give the columns of the key a binary collation, as `utf8mb4_bin`, or write the keys alike",
        at = At(*.relation, .model)
    )]
    OtherKey {
        /// The model of the row.
        model: &'static str,
        /// `Model.relation`, through which it was read.
        relation: Option<RelationName>,
        /// The row's key.
        key: String,
    },
    /// A filter's value cannot be sent to the database.
    #[error("{at}: the filter value {value} cannot be sent to the database: {reason}", at = At(*.relation, .model))]
    Value {
        /// The model whose rows were looked for.
        model: &'static str,
        /// `Model.relation`, if it was read through a relation.
        relation: Option<RelationName>,
        /// The value.
        value: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The database refused a statement.
    #[error("{at}: {fault}: {reason}{hint}", at = At(*.relation, .model), hint = Hint(*.fault, .table))]
    Statement {
        /// The model whose rows were read.
        model: &'static str,
        /// The model's table.
        table: &'static str,
        /// `Model.relation`, if it was read through a relation.
        relation: Option<RelationName>,
        /// The sort of refusal.
        fault: Fault,
        /// What the database says.
        reason: String,
        /// The statement.
        sql: String,
    },
    /// The database cannot be opened, or a connection fails outside of any statement of ours.
    #[error("{action}: {fault}: {reason}")]
    Connection {
        /// What was being done.
        action: String,
        /// The sort of failure.
        fault: Fault,
        /// What the database says.
        reason: String,
    },
    /// Two loads of one relation in one tree ask for different rows.
    #[error(
        "{relation} is loaded twice in one tree with a filter, order or limit; \
         load it once, or load the second set with a query of its own"
    )]
    ConflictingLoads {
        /// `Model.relation`.
        relation: String,
    },
    /// A condition or an aggregate is on a relation with a limit that only a load can keep.
    #[error(
        "{relation} leads over other rows, and has a limit that a condition or an aggregate cannot keep; \
         leave the limit out, or load the relation and look at what is loaded"
    )]
    Limited {
        /// `Model.relation`.
        relation: String,
    },
    /// A lazy read would have to load, which the `LoadMode` does not allow.
    #[error(
        "{relation} is not loaded, and `LoadMode::{mode:?}` does not load it at {location}; load it beforehand, with \
         `.with({constant})` or `.load({constant}, &db)`, or read it through `db.with_mode(LoadMode::Batch)`",
        constant = .relation.constant()
    )]
    LazyRead {
        /// The model that declares the relation.
        model: &'static str,
        /// `Model.relation`.
        relation: RelationName,
        /// The call that reads.
        location: &'static Location<'static>,
        /// The mode.
        mode: LoadMode,
    },
    /// A load took longer than it may.
    #[error(
        "{at}: the load was given up after {limit:?}; ask for less at a time, or raise the `timeout` of the `Db`",
        at = At(*.relation, .model)
    )]
    Timeout {
        /// The model whose rows were read; of a polymorphic relation, the one that declares it.
        model: &'static str,
        /// `Model.relation`, if it was read through a relation.
        relation: Option<RelationName>,
        /// How long it may take.
        limit: Duration,
    },
    /// One statement is asked for rows of several sources.
    #[error(
        "{relation} leads to `{model}`, held by {held_by}, but the statement reads `{read}` from `{read_from}`, and one \
         statement reads one source; load the relation, and look at what is loaded",
        held_by = HeldBy(.held_by)
    )]
    SeveralSources {
        /// `Model.relation`, which a condition or an aggregate asks for.
        relation: String,
        /// The model that it leads to, or that of its join table.
        model: &'static str,
        /// The source of that model, as `App.events`; `None` if none holds it.
        held_by: Option<String>,
        /// The model whose rows are asked for.
        read: &'static str,
        /// The source of it.
        read_from: String,
    },
    /// A load gave more rows than one group can number.
    #[error("`{model}`: a load gave {rows} rows, more than {}; read it in `windows(..)`", u32::MAX)]
    TooManyRows {
        /// The model.
        model: &'static str,
        /// The number of rows.
        rows: usize,
    },
    /// A setting has a value that cannot work.
    #[error("{setting} = {value}: {reason}")]
    Setting {
        /// The setting.
        setting: &'static str,
        /// Its value.
        value: String,
        /// What is wrong and what to do.
        reason: &'static str,
    },
    /// The thread of a connection is gone.
    #[error("the connection's thread ended before it answered: a type's own decoding panicked; see its message")]
    Closed,
    /// A connection was asked for inside a closure that holds it.
    #[error(
        "all connections are lent to this very thread; read inside `connection(..)` with the connection you were lent"
    )]
    Reentrant,
    /// A transaction was used that is not open any more.
    #[error(
        "the transaction has ended: SQL inside it, the database or a panic has ended it; \
         begin another, and end it by `commit` or `rollback`"
    )]
    TransactionEnded,
    /// A source cannot do what is asked of it, and reading all rows instead is not what was asked for.
    #[error("{at}: the source cannot {what}; {instead}", at = At(*.relation, .model))]
    Unsupported {
        /// The model whose rows were asked for.
        model: &'static str,
        /// `Model.relation`, if they were asked for through a relation.
        relation: Option<RelationName>,
        /// What it cannot do.
        what: String,
        /// What to do instead.
        instead: String,
    },
    /// A condition, an order or a path needs a column whose values nothing but a database can compare.
    #[error(
        "{at}: `{field}: {type_name}` cannot be compared in memory; implement `From<{type_name}>` for `Value`",
        at = At(*.relation, .model)
    )]
    Incomparable {
        /// The model that has the column.
        model: &'static str,
        /// `Model.relation`, if its rows were asked for through a relation.
        relation: Option<RelationName>,
        /// The field.
        field: &'static str,
        /// The field's type.
        type_name: &'static str,
    },
    /// A source of the user's own failed, or gave what it was not asked for.
    #[error("{at}: the source failed{key}: {source}", at = At(*.relation, .model), key = OfKey(.key))]
    Fetch {
        /// The model whose rows were asked for.
        model: &'static str,
        /// `Model.relation`, if they were asked for through a relation.
        relation: Option<RelationName>,
        /// The key that it failed, if not all.
        key: Option<String>,
        /// What the source says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// The sorts of failure that a database reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The table does not exist.
    MissingTable,
    /// A column does not exist.
    MissingColumn,
    /// Another connection holds a lock for longer than the busy time-out.
    Busy,
    /// The database may only be read.
    ReadOnly,
    /// The file is not a database, or is damaged.
    Corrupt,
    /// The file cannot be opened.
    CannotOpen,
    /// The reading was interrupted.
    Interrupted,
    /// The connection to the server was lost, or none could be made.
    Disconnected,
    /// An earlier statement of the transaction failed, after which the server takes no more.
    Aborted,
    /// Anything else.
    Other,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MissingTable => "the table does not exist",
            Self::MissingColumn => "a column does not exist",
            Self::Busy => "the database is locked",
            Self::ReadOnly => "the database is read-only",
            Self::Corrupt => "the file is not a database or is damaged",
            Self::CannotOpen => "the file cannot be opened",
            Self::Interrupted => "the read was interrupted",
            Self::Disconnected => "there is no connection to the database",
            Self::Aborted => "an earlier statement of this transaction failed",
            Self::Other => "the database refused",
        })
    }
}

/// A relation's name as `Model.relation`.
#[derive(Clone, Copy)]
pub struct RelationName(pub(crate) &'static RelationDescriptor);

impl RelationName {
    /// The constant that stands for the relation: `User::POSTS`.
    pub(crate) fn constant(self) -> String {
        format!("{}::{}", (self.0.owner)().name, self.0.name.to_uppercase())
    }
}

impl fmt::Display for RelationName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", (self.0.owner)().name, self.0.name)
    }
}

impl fmt::Debug for RelationName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error {
    /// What went wrong.
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }

    pub(crate) fn not_found(relation: &'static RelationDescriptor, key: Option<String>) -> Self {
        let all = relation.target().map_or(&[][..], |target| target.columns);
        let columns = match relation.through {
            [] => fields(all, relation.target_columns),
            _ => format!("{} key", (relation.owner)().name),
        };
        Self::no_row(relation, relation.target(), columns, key, None)
    }

    /// There is no row of this model, the one of this type.
    pub(crate) fn no_variant_row<T: Model>(
        relation: &'static RelationDescriptor,
        tag: &'static str,
        key: &T::Key,
    ) -> Self {
        let columns = fields(T::COLUMNS, T::KEY);
        Self::no_row(relation, Some(T::model_descriptor()), columns, Some(key::display(key)), Some(tag))
    }

    fn no_row(
        relation: &'static RelationDescriptor,
        target: Option<&'static ModelDescriptor>,
        columns: String,
        key: Option<String>,
        tag: Option<&'static str>,
    ) -> Self {
        ErrorKind::NotFound {
            relation: relation.path(),
            target: target.map_or(relation.name, |target| target.name),
            columns,
            key: key.unwrap_or_else(|| "null".to_owned()),
            tag,
        }
        .into()
    }

    pub(crate) fn limited(relation: &'static RelationDescriptor) -> Self {
        ErrorKind::Limited { relation: relation.path() }.into()
    }

    pub(crate) fn unknown_type<E: Morph>(relation: &'static RelationDescriptor, tag: &str) -> Self {
        let known = E::VARIANTS.iter().map(|variant| variant.tag).collect();
        ErrorKind::UnknownType { relation: relation.path(), morph: E::NAME, tag: tag.to_owned(), known }.into()
    }
}

/// The fields of some columns.
fn fields(columns: &[ColumnDescriptor], positions: &[usize]) -> String {
    let fields: Vec<_> = positions.iter().filter_map(|&at| Some(columns.get(at)?.field)).collect();
    fields.join(", ")
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self(Arc::new(kind))
    }
}

impl fmt::Debug for Error {
    /// Prints the message, which a program that returns the error from `main` then shows. `kind()` has the particulars.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
