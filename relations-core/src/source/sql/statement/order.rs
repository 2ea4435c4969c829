//! Orders inside a statement: by columns, and by what relations to one row lead to.

use sea_query::{Expr, NullOrdering, OrderedStatement, SelectStatement};

use super::{Scope, column, positions, related};
use crate::descriptor::ColumnDescriptor;
use crate::filter::{By, Order, Term};
use crate::model::Model;
use crate::source::sql::dialect::Dialect;

/// Orders the rows that a request asks for.
pub(super) fn order<T: Model>(dialect: Dialect, select: &mut SelectStatement, order: &[Order<T>], table: &str) {
    order_by(Scope::new(dialect), select, order.iter().map(Order::term), T::COLUMNS, table);
}

/// Orders by values of the rows of `table`, which may be an alias; null comes last.
pub(super) fn order_by<'a>(
    scope: Scope,
    select: &mut impl OrderedStatement,
    order: impl Iterator<Item = &'a Term>,
    columns: &[ColumnDescriptor],
    table: &str,
) {
    for Term { by, descending } in order {
        let nullable = by.column().is_none_or(|at| columns.get(at).is_some_and(|column| column.nullable));
        let value = value(by, columns, table, scope);
        let order = if *descending { sea_query::Order::Desc } else { sea_query::Order::Asc };
        // The smallest value is the last of a descending order by itself.
        if nullable && *descending != scope.dialect.null_is_smallest() {
            select.order_by_expr_with_nulls(value, order, NullOrdering::Last);
        } else {
            select.order_by_expr(value, order);
        }
    }
}

/// What an order goes by.
pub(super) fn value(by: &By, columns: &[ColumnDescriptor], table: &str, scope: Scope) -> Expr {
    match by {
        By::Column(at) => Expr::col(column(columns, table, *at)),
        By::Related(value) => {
            related::value(value, &positions(value.rows.owner_columns, columns, table), scope.within())
        }
    }
}
