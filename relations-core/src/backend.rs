//! What a database driver must offer: decoding a column into a field, and binding a key. Each source implements these
//! once, for all types that its driver knows. By them, models are read from rows that users fetch themselves, too.

use crate::descriptor::ColumnDescriptor;
use crate::error::{Error, ErrorKind};
use crate::key::Key;
use crate::model::Model;

/// A driver.
pub trait Backend: Sized + 'static {
    /// A row as the driver hands it out.
    type Row<'r>;
    /// The values that a statement is sent with, in their order.
    type Arguments: Default + Send;
}

/// A type that the driver can read from a column.
#[diagnostic::on_unimplemented(
    message = "a column of this database cannot be read into a `{Self}`",
    label = "`{Self}` does not decode",
    note = "implement the driver's trait for reading a value, as `rusqlite::types::FromSql`"
)]
pub trait Decode<B: Backend>: Sized {
    /// Reads the column at this position.
    ///
    /// # Errors
    /// What the driver says.
    fn decode(row: &B::Row<'_>, column: usize) -> Result<Self, String>;
}

/// A type that the driver can send as a value.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` cannot be sent to this database as a key",
    label = "`{Self}` does not bind",
    note = "implement the driver's trait for sending a value, as `rusqlite::types::ToSql`"
)]
pub trait Bind<B: Backend> {
    /// Adds the value.
    ///
    /// # Errors
    /// What the driver says.
    fn bind(&self, arguments: &mut B::Arguments) -> Result<(), String>;

    /// Adds many values as one array. Only databases that have arrays have one.
    ///
    /// # Errors
    /// What the driver says.
    fn bind_array<'v>(values: impl Iterator<Item = &'v Self>, arguments: &mut B::Arguments) -> Result<(), String>
    where
        Self: 'v,
    {
        let mut values = values;
        values.try_for_each(|value| value.bind(arguments))
    }
}

/// A model that can be read from a driver's row. The derive writes it, column by column.
pub trait FromRow<B: Backend>: Model {
    /// Reads the columns from position `at` on.
    ///
    /// # Errors
    /// The first column that does not decode.
    fn from_row(row: &B::Row<'_>, at: usize) -> Result<Self, Undecoded>;
}

/// A column that does not decode.
#[derive(Debug)]
pub struct Undecoded {
    /// Its position in the row.
    pub column: usize,
    /// What the driver says.
    pub reason: String,
}

/// A row as a driver hands it out: what [`Relations::from_row`](crate::Relations::from_row) reads a model from.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no row that a model can be read from",
    label = "not a driver's row",
    note = "pass a reference to a row of a driver whose feature is on, such as `rusqlite::Row`"
)]
pub trait DriverRow<'r>: Sized {
    /// The driver.
    type Backend: Backend<Row<'r> = Self>;
    /// What the driver's own closures fail with.
    type Error;

    /// The name of the column at this position; `None` if the row has no such column.
    fn column_name(&self, column: usize) -> Option<&str>;
    /// The driver's error for a column that cannot be read.
    fn refuse(&self, column: usize, error: Error) -> Self::Error;
}

/// Reads a model from a row that a user fetched. Columns are read by position, and each has to have its name: columns
/// in another order would be read into one another's fields.
///
/// # Errors
/// The first column that is not there, is another, or does not decode.
pub(crate) fn fetched<'r, M, R>(row: &R, at: usize) -> Result<M, R::Error>
where
    R: DriverRow<'r>,
    M: FromRow<R::Backend>,
{
    let differs = |(column, expected): (usize, &ColumnDescriptor)| {
        let column = at.saturating_add(column);
        let reason = match row.column_name(column) {
            Some(name) if name.eq_ignore_ascii_case(expected.column) => return None,
            Some(name) => format!("the row has `{name}` in its place"),
            None => "the row has no column in its place".to_owned(),
        };
        Some(Undecoded { column, reason: format!("{reason}; select `{}::select_list()`", M::NAME) })
    };
    let read = match M::COLUMNS.iter().enumerate().find_map(differs) {
        Some(other) => Err(other),
        None => M::from_row(row, at),
    };
    read.map_err(|undecoded| row.refuse(undecoded.column, unreadable::<M>(undecoded, at)))
}

#[cold]
fn unreadable<M: Model>(undecoded: Undecoded, at: usize) -> Error {
    let column = undecoded.column.checked_sub(at).and_then(|at| M::COLUMNS.get(at));
    ErrorKind::Decode {
        model: M::NAME,
        relation: None,
        column: column.map_or("?", |column| column.column),
        field: column.map_or("?", |column| column.field),
        type_name: column.map_or("?", |column| column.type_name),
        key: None,
        reason: undecoded.reason,
    }
    .into()
}

/// Reads one field.
///
/// # Errors
/// When the column does not decode.
#[inline]
pub fn decode<B: Backend, T: Decode<B>>(row: &B::Row<'_>, column: usize) -> Result<T, Undecoded> {
    T::decode(row, column).map_err(|reason| Undecoded { column, reason })
}

/// A key whose parts a driver can bind and decode.
pub trait SqlKey<B: Backend>: Key {
    /// Adds the parts.
    ///
    /// # Errors
    /// What the driver says of a part that cannot be sent.
    fn bind(&self, arguments: &mut B::Arguments) -> Result<(), String>;
    /// Adds this part of many keys, as one array.
    ///
    /// # Errors
    /// What the driver says of a part that cannot be sent.
    fn bind_array<'k>(
        keys: impl Iterator<Item = &'k Self>,
        part: usize,
        arguments: &mut B::Arguments,
    ) -> Result<(), String>;
    /// Reads the parts from these columns.
    ///
    /// # Errors
    /// The first part that does not decode.
    fn decode(row: &B::Row<'_>, columns: &[usize]) -> Result<Self, Undecoded>;
}

macro_rules! sql_keys {
    ($($part:ident $at:tt),*) => {
        impl<B: Backend, $($part: Bind<B> + Decode<B>),*> SqlKey<B> for ($($part,)*)
        where
            Self: Key,
        {
            #[allow(unused_variables, reason = "the empty key has no parts")]
            fn bind(&self, arguments: &mut B::Arguments) -> Result<(), String> {
                $(self.$at.bind(arguments)?;)*
                Ok(())
            }

            #[allow(unused_variables, reason = "the empty key has no parts")]
            fn bind_array<'k>(
                keys: impl Iterator<Item = &'k Self>,
                part: usize,
                arguments: &mut B::Arguments,
            ) -> Result<(), String> {
                match part {
                    $($at => $part::bind_array(keys.map(|key| &key.$at), arguments),)*
                    _ => Ok(()),
                }
            }

            #[allow(unused_variables, reason = "the empty key has no parts")]
            fn decode(row: &B::Row<'_>, columns: &[usize]) -> Result<Self, Undecoded> {
                Ok(($(decode(row, columns.get($at).copied().unwrap_or(usize::MAX))?,)*))
            }
        }
    };
}

sql_keys!();
sql_keys!(P0 0);
sql_keys!(P0 0, P1 1);
sql_keys!(P0 0, P1 1, P2 2);
sql_keys!(P0 0, P1 1, P2 2, P3 3);
sql_keys!(P0 0, P1 1, P2 2, P3 3, P4 4);
sql_keys!(P0 0, P1 1, P2 2, P3 3, P4 4, P5 5);
