//! The list of keys as a table inside a statement.

use sea_query::SelectStatement;

use super::{KEYS, Template, part_name};
use crate::descriptor::ModelDescriptor;
use crate::key::Key;
use crate::model::Model;
use crate::source::sql::dialect::{Dialect, KeyList, Syntax};
use crate::source::sql::template::{EACH, EACH_ROW, list};
use crate::source::{Request, Step};

/// The columns that the keys are looked for in: sets of columns of one table.
pub(super) struct Ends {
    table: &'static str,
    sets: Vec<Vec<&'static str>>,
}

impl Ends {
    /// The columns at the end of the path, or those it starts from if there is none.
    pub(super) fn new(model: &'static ModelDescriptor, columns: &[&'static [usize]], path: &'static [Step]) -> Self {
        let (model, sets) = match path.last() {
            None => (model, columns.to_vec()),
            Some(step) if step.both_ways => ((step.model)(), vec![step.key, step.rows]),
            Some(step) => ((step.model)(), vec![step.key]),
        };
        let names = |set: &[usize]| set.iter().filter_map(|&at| Some(model.columns.get(at)?.column)).collect();
        Self { table: model.table, sets: sets.into_iter().map(names).collect() }
    }

    pub(super) fn of_request<T: Model, K: Key>(request: &Request<T, K>) -> Self {
        let sets: Vec<_> = [Some(request.columns), request.either].into_iter().flatten().collect();
        Self::new(T::model_descriptor(), &sets, request.path)
    }
}

/// The statement, with the table of keys before it if it names one.
pub(super) fn complete<K: Key>(dialect: Dialect, select: &SelectStatement, ends: &Ends) -> Template {
    let (sql, values) = dialect.write(select);
    let keys = dialect.quoted(KEYS);
    let sql = if sql.contains(&keys) { format!("{} {sql}", table::<K>(dialect, ends)) } else { sql };
    Template { sql, values }
}

/// The table of keys, with a column for each part.
fn table<K: Key>(dialect: Dialect, ends: &Ends) -> String {
    let parts: Vec<_> = (0..K::WIDTH).map(|at| dialect.quoted(&part_name(at))).collect();
    let (keys, names) = (dialect.quoted(KEYS), parts.join(", "));
    match (dialect.keys, dialect.syntax) {
        (KeyList::Table, _) if K::WIDTH == 1 => {
            format!("WITH {keys} ({names}) AS (SELECT \"value\" FROM rarray({}))", list(0))
        }
        (KeyList::Table, _) => {
            let width = K::WIDTH;
            let leads = parts
                .iter()
                .enumerate()
                .map(|(at, name)| format!("lead(\"value\", {at}) OVER (ORDER BY rowid) AS {name}"));
            let leads: Vec<_> = leads.collect();
            format!(
                "WITH \"relation_parts\" AS (SELECT rowid AS \"at\", {} FROM rarray({})), \
                 {keys} ({names}) AS (SELECT {names} FROM \"relation_parts\" WHERE \"at\" % {width} = 1)",
                leads.join(", "),
                list(0),
            )
        }
        (KeyList::Arrays, _) => {
            let columns = ends.sets.first().map_or(&[][..], Vec::as_slice);
            // What the second choice never gives says of what type the array is.
            let typed = |(at, column): (usize, &&str)| {
                let (column, table) = (dialect.quoted(column), dialect.quoted(ends.table));
                format!("coalesce({}, ARRAY(SELECT {column} FROM {table} LIMIT 0))", list(at))
            };
            let arrays: Vec<_> = columns.iter().enumerate().map(typed).collect();
            format!("WITH {keys} ({names}) AS (SELECT * FROM unnest({}))", arrays.join(", "))
        }
        (KeyList::Values, Syntax::Sqlite) => {
            format!("WITH {keys} ({names}) AS (SELECT DISTINCT * FROM (VALUES {EACH_ROW}))")
        }
        // A value by itself has neither the type nor the collation of the columns: those keys that they hold have.
        (KeyList::Values, _) => {
            let held = |columns: &Vec<&str>| {
                let columns: Vec<_> = columns.iter().map(|column| dialect.quoted(column)).collect();
                let columns = columns.join(", ");
                format!("SELECT {columns} FROM {} WHERE ({columns}) IN ({EACH})", dialect.quoted(ends.table))
            };
            let held: Vec<_> = ends.sets.iter().map(held).collect();
            // A union gives each once, also of one select.
            let held = match held.as_slice() {
                [one] => one.replacen("SELECT", "SELECT DISTINCT", 1),
                all => all.join(" UNION "),
            };
            format!("WITH {keys} ({names}) AS ({held})")
        }
    }
}
