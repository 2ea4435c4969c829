//! The columns of a model as text, for SQL of a user's own.

use std::borrow::Cow;
use std::fmt;

use crate::descriptor::{ColumnDescriptor, ModelDescriptor};

/// The columns of a model as they stand between `SELECT` and `FROM`, in the order in which
/// [`Relations::from_row`](crate::Relations::from_row) reads them. Print it into SQL of your own.
///
/// ```
/// # use relations_core::Relations;
/// # #[derive(Debug, Relations)]
/// # pub struct User { id: i64, name: String }
/// assert_eq!(User::select_list().to_string(), r#""users"."id", "users"."name""#);
/// assert_eq!(User::select_list().of("u").to_string(), r#""u"."id", "u"."name""#);
/// assert_eq!(User::select_list().quoted('`').to_string(), "`users`.`id`, `users`.`name`");
/// ```
#[derive(Debug, Clone)]
#[must_use = "a list of columns does nothing until it is printed"]
pub struct SelectList {
    columns: &'static [ColumnDescriptor],
    table: Cow<'static, str>,
    quote: char,
}

impl SelectList {
    pub(crate) fn new(model: &'static ModelDescriptor) -> Self {
        Self { columns: model.columns, table: Cow::Borrowed(model.table), quote: '"' }
    }

    /// The same of a table that has another name in the statement: an alias, or a subquery.
    pub fn of(self, table: impl Into<Cow<'static, str>>) -> Self {
        Self { table: table.into(), ..self }
    }

    /// The same with names in these quotes: `` '`' `` for MySQL and MariaDB.
    pub fn quoted(self, quote: char) -> Self {
        Self { quote, ..self }
    }

    /// The number of columns: where those of the next model begin.
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether the model has no columns.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    fn name(&self, f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
        let quote = self.quote;
        write!(f, "{quote}{}{quote}", name.replace(quote, &format!("{quote}{quote}")))
    }
}

impl fmt::Display for SelectList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, column) in self.columns.iter().enumerate() {
            f.write_str(if at == 0 { "" } else { ", " })?;
            self.name(f, &self.table)?;
            f.write_str(".")?;
            self.name(f, column.column)?;
        }
        Ok(())
    }
}
