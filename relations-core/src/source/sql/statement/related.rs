//! Relations inside a statement: the rows that belong to a key of the rows around them, as a subquery.

use sea_query::{
    Alias, Asterisk, BinOper, Expr, ExprTrait, Func, JoinType, Query, SelectStatement, SimpleExpr, SubQueryStatement,
    UnionType, Value,
};

use super::keys::{self, Ends};
use super::{
    KEYS, Scope, Template, column, limit, name, number, numbered, of_type, operator, order, order_by, part_name,
    positions,
};
use crate::filter::Condition;
use crate::related::{Aggregate, Amount, RelatedCondition, RelatedRows, RelatedValue, SumOf};
use crate::source::sql::dialect::{Dialect, Syntax};
use crate::source::{Limit, Step};

/// The names of the tables in one subquery. Each depth has names of its own, as a table may stand inside itself.
struct Names<'a> {
    scope: Scope,
    /// What is asked of the rows on the path.
    path_condition: Option<&'a Condition>,
}

impl Names<'_> {
    fn rows(&self) -> String {
        format!("relation_{}", self.scope.depth)
    }

    fn first_rows(&self) -> String {
        format!("relation_{}_first", self.scope.depth)
    }

    fn step(&self, left: usize) -> String {
        format!("relation_{}_path_{left}", self.scope.depth)
    }

    fn ends(&self) -> String {
        format!("relation_{}_ends", self.scope.depth)
    }
}

/// The condition on related rows, whose key is in these columns around the subquery.
pub(super) fn condition(asked: &RelatedCondition, key: &[Expr], scope: Scope) -> Expr {
    match asked.amount {
        Amount::Any => Expr::exists(any(&asked.rows, asked.condition.as_ref(), key, scope)),
        Amount::Count(comparison, count) => {
            let (mut select, _) = rows(&asked.rows, asked.condition.as_ref(), key, scope);
            select.expr(Func::count(Expr::col(Asterisk)));
            // Integers of SQL have a sign.
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            scalar(select).binary(operator(comparison), count)
        }
    }
}

/// The value that owners are ordered by: of the one row whose key is in these columns around the subquery.
pub(super) fn value(asked: &RelatedValue, key: &[Expr], scope: Scope) -> Expr {
    let columns = asked.rows.model.columns;
    // Without a condition on the row that is chosen, the first is found where its value is read.
    let (first, limited) = match &asked.condition {
        None => (RelatedRows { limit: Limit::None, ..asked.rows.clone() }, asked.rows.limit),
        Some(_) => (asked.rows.clone(), Limit::None),
    };
    let (mut select, table) = rows(&first, asked.condition.as_ref(), key, scope);
    select.expr(order::value(&asked.by, columns, &table, scope));
    if limited != Limit::None {
        order_by(scope, &mut select, asked.rows.order.iter(), columns, &table);
        limit(&mut select, limited);
    }
    scalar(select)
}

/// The statement that computes an aggregate for each key of the list: the key, and the value.
pub(in crate::source::sql) fn aggregate<K: crate::key::Key>(
    dialect: Dialect,
    related: &RelatedRows,
    of: Aggregate,
) -> Template {
    let parts = || (0..K::WIDTH).map(|at| name(KEYS, &part_name(at)));
    let key: Vec<Expr> = parts().map(Expr::col).collect();
    let scope = Scope { dialect, depth: 1 };
    let value = match of {
        Aggregate::Exists => Expr::exists(any(related, None, &key, scope)),
        of => {
            let (mut select, table) = rows(related, None, &key, scope);
            let value = |at| Expr::col(column(related.model.columns, &table, at));
            select.expr(match of {
                Aggregate::Sum(at, sum) => typed(dialect, Func::sum(value(at)).into(), sum),
                Aggregate::Average(at) => typed(dialect, Func::avg(value(at)).into(), SumOf::Floats),
                Aggregate::Min(at) => Func::min(value(at)).into(),
                Aggregate::Max(at) => Func::max(value(at)).into(),
                Aggregate::Count | Aggregate::Exists => Func::count(Expr::col(Asterisk)).into(),
            });
            let value = scalar(select);
            match of {
                // SQL's sum of nothing is null.
                Aggregate::Sum(..) => Func::coalesce([value, Expr::Constant(Value::from(0_i64))]).into(),
                _ => value,
            }
        }
    };
    let mut select = Query::select();
    select.columns(parts()).expr(value).from(Alias::new(KEYS));
    keys::complete::<K>(dialect, &select, &Ends::new(related.model, &[related.columns], related.path))
}

/// A sum in the type that it is read as. Other databases than SQLite widen it to one of any size.
fn typed(dialect: Dialect, sum: Expr, of: SumOf) -> Expr {
    match (dialect.syntax, of) {
        (Syntax::Sqlite, _) | (_, SumOf::Others) => sum,
        (Syntax::Postgres, SumOf::Integers) => sum.cast_as("bigint"),
        (Syntax::Postgres, SumOf::Floats) => sum.cast_as("double precision"),
        // A cast would cut off what is too large; these two refuse it.
        (Syntax::MySql, SumOf::Integers) => sum.binary(BinOper::Custom("DIV"), Expr::cust("1")),
        (Syntax::MySql, SumOf::Floats) => sum.add(Expr::cust("0e0")),
    }
}

fn scalar(select: SelectStatement) -> Expr {
    SimpleExpr::SubQuery(None, Box::new(SubQueryStatement::SelectStatement(select)))
}

/// One for each of the rows, for a question that the first of them answers.
fn any(related: &RelatedRows, also: Option<&Condition>, key: &[Expr], scope: Scope) -> SelectStatement {
    // Once is as good as often, save that the union of both ways is needed.
    let distinct = related.distinct && related.path.iter().any(|step| step.both_ways);
    let one_is_enough = also.is_none() && related.limit.offset() == 0 && related.limit.limit() != Some(0);
    let mut related = RelatedRows { distinct, ..related.clone() };
    if one_is_enough {
        related.limit = Limit::None;
    }
    let (mut select, _) = rows(&related, also, key, scope);
    select.expr(Expr::cust("1"));
    select
}

/// The related rows that meet the condition, and the name that they have.
fn rows(related: &RelatedRows, also: Option<&Condition>, key: &[Expr], scope: Scope) -> (SelectStatement, String) {
    let columns = related.model.columns;
    let names = Names { scope, path_condition: related.path_condition.as_ref() };
    let mut table = names.rows();
    let mut select = Query::select();
    // MySQL and MariaDB do not see the rows around a table that a subquery makes.
    let sees_around = scope.dialect.syntax != Syntax::MySql;
    let is_numbered = related.limit != Limit::None && !sees_around;
    if !related.distinct {
        let held = join(&mut select, related.path, &names, key.to_vec());
        add_table(&mut select, related.path.is_empty(), related.model.table, &table);
        if !is_numbered {
            select.cond_where(all_equal(positions(related.columns, columns, &table), &held));
        }
    } else if sees_around {
        let held = distinct_ends(&mut select, related.path, &names, key);
        add_table(&mut select, related.path.is_empty(), related.model.table, &table);
        select.cond_where(all_equal(positions(related.columns, columns, &table), &held));
    } else {
        add_table(&mut select, true, related.model.table, &table);
        let held = positions(related.columns, columns, &table);
        select.and_where_option(ends(related.path, &names, key).map(|ends| Expr::tuple(held).in_subquery(ends)));
    }
    select.and_where_option(related.morph.map(|morph| of_type(morph, columns, &table)));
    select.and_where_option(related.condition.as_ref().map(|asked| super::condition(asked, columns, &table, scope)));
    if related.limit != Limit::None {
        select.columns(columns.iter().map(|column| name(&table, column.column)));
        let (terms, first) = (related.order.iter(), names.first_rows());
        if is_numbered {
            number(scope, &mut select, related.columns, terms, (columns, &table));
        } else {
            order_by(scope, &mut select, terms, columns, &table);
            limit(&mut select, related.limit);
        }
        select = Query::select().from_subquery(select, Alias::new(&first)).take();
        if is_numbered {
            select.cond_where(all_equal(positions(related.columns, columns, &first), key));
            numbered(&mut select, &first, related.limit);
        }
        table = first;
    }
    select.and_where_option(also.map(|asked| super::condition(asked, columns, &table, scope)));
    (select, table)
}

/// Joins the tables of the path, from the key on: what their rows hold of the rows before the path.
fn join(select: &mut SelectStatement, path: &[Step], names: &Names<'_>, key: Vec<Expr>) -> Vec<Expr> {
    let Some((step, rest)) = path.split_first() else { return key };
    join_step(select, (step, step.key), rest, names, key);
    positions(step.rows, (step.model)().columns, &names.step(rest.len()))
}

/// Joins the table of a step whose `key` columns hold the key, or what the rest of the path leads to.
fn join_step(
    select: &mut SelectStatement,
    (step, key_columns): (&Step, &[usize]),
    rest: &[Step],
    names: &Names<'_>,
    key: Vec<Expr>,
) {
    let key = join(select, rest, names, key);
    let (model, table) = ((step.model)(), names.step(rest.len()));
    add_table(select, rest.is_empty(), model.table, &table);
    select.cond_where(all_equal(positions(key_columns, model.columns, &table), &key));
    narrow(select, step, &table, names);
}

/// Reads from what the path holds of the rows before it, each once.
fn distinct_ends(select: &mut SelectStatement, path: &[Step], names: &Names<'_>, key: &[Expr]) -> Vec<Expr> {
    let Some((ends, width)) = ends(path, names, key).zip(path.first().map(|step| step.rows.len())) else {
        return key.to_vec();
    };
    select.from_subquery(ends, Alias::new(names.ends()));
    (0..width).map(|at| Expr::col(name(&names.ends(), &part_name(at)))).collect()
}

/// What the path holds of the rows before it, each once.
fn ends(path: &[Step], names: &Names<'_>, key: &[Expr]) -> Option<SelectStatement> {
    let (step, rest) = path.split_first()?;
    let (columns, table) = ((step.model)().columns, names.step(rest.len()));
    let ends = |rows: &[usize], key_columns: &[usize]| {
        let mut ends = Query::select();
        join_step(&mut ends, (step, key_columns), rest, names, key.to_vec());
        for (at, column) in positions(rows, columns, &table).into_iter().enumerate() {
            ends.expr_as(column, Alias::new(part_name(at)));
        }
        ends
    };
    let mut all = ends(step.rows, step.key);
    if step.both_ways {
        all.union(UnionType::Distinct, ends(step.key, step.rows));
    } else {
        all.distinct();
    }
    Some(all)
}

/// Only rows of the step's type that meet the condition.
fn narrow(select: &mut SelectStatement, step: &Step, table: &str, names: &Names<'_>) {
    let columns = (step.model)().columns;
    select.and_where_option(step.morph.map(|morph| of_type(morph, columns, table)));
    let asked = names.path_condition.map(|asked| super::condition(asked, columns, table, names.scope));
    select.and_where_option(asked);
}

/// A cross join keeps SQLite from reading a table before the one that leads to it.
fn add_table(select: &mut SelectStatement, is_first: bool, table: &str, name: &str) {
    let (table, name) = (Alias::new(table), Alias::new(name));
    if is_first {
        select.from_as(table, name);
    } else {
        select.join_as(JoinType::CrossJoin, table, name, sea_query::Condition::all());
    }
}

fn all_equal(columns: Vec<Expr>, key: &[Expr]) -> sea_query::Condition {
    let all = sea_query::Condition::all();
    columns.into_iter().zip(key).fold(all, |all, (column, part)| all.add(column.eq(part.clone())))
}
