//! Statement texts. A text depends on what is asked for, not on the keys: where the database takes no list of them as a
//! value, on their number rounded up.

use std::any::TypeId;

use sea_query::extension::postgres::PgFunc;
use sea_query::{
    Alias, Asterisk, BinOper, ColumnRef, Expr, ExprTrait, Func, IntoColumnRef, JoinType, LikeExpr, OverStatement,
    Query, SelectStatement, UnionType, Value, WindowStatement,
};

use super::dialect::{Dialect, KeyList, Syntax};
use super::template::{self, EACH};
use crate::descriptor::{ColumnDescriptor, MorphDescriptor};
use crate::filter::{Comparison, Condition, Order, Predicate, Term};
use crate::key::Key;
use crate::model::Model;
use crate::source::{Limit, Request, Step};

mod keys;
mod order;
mod related;

use keys::Ends;
use order::{order, order_by};
pub(super) use related::aggregate;

/// The list of keys inside a statement.
const KEYS: &str = "relation_keys";
/// The model's table where a second one of the same name is read beside it.
const ROWS: &str = "relation_rows";

/// The place of a row among those of its key.
const ROW: &str = "relation_row";

/// How the keys come into a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Shape {
    /// No keys: all rows.
    All,
    /// Any key: all rows that have one.
    Any,
    /// One key: a value for each of its columns.
    One,
    /// A list of keys.
    List,
    /// A list of keys, and for each so many rows.
    ListLimited,
}

impl Shape {
    /// The shape for this request with so many keys at once.
    pub(super) fn of<T: Model, K: Key>(request: &Request<T, K>, keys: Option<usize>) -> Self {
        match keys {
            None if K::WIDTH > 0 => Self::Any,
            None => Self::All,
            Some(1) => Self::One,
            Some(_) if request.limit == Limit::None => Self::List,
            Some(_) => Self::ListLimited,
        }
    }

    /// Whether there is a list of keys.
    pub(super) fn is_list(self) -> bool {
        matches!(self, Self::List | Self::ListLimited)
    }
}

/// A text with marks where values stand, and the values of filters and limits in it.
pub(super) struct Template {
    pub(super) sql: String,
    pub(super) values: Vec<Value>,
}

/// The statement that reads the request's rows.
pub(super) fn select<T: Model, K: Key>(dialect: Dialect, request: &Request<T, K>, shape: Shape) -> Template {
    let select = match shape {
        Shape::ListLimited if dialect.syntax == Syntax::Sqlite => first_by_key(dialect, request),
        Shape::ListLimited => first_by_number(dialect, request),
        Shape::All | Shape::Any | Shape::One | Shape::List => {
            let mut select = narrowed(dialect, request, shape);
            select.columns(T::COLUMNS.iter().map(|column| name(T::TABLE, column.column)));
            order(dialect, &mut select, &request.order, T::TABLE);
            limit(&mut select, request.limit);
            select
        }
    };
    keys::complete::<K>(dialect, &select, &Ends::of_request(request))
}

/// Whether the rows of each key come side by side, but in no order: to sort whole rows costs SQLite more than it costs
/// us to sort a few of each key, if by nothing but integers, which are ordered alike everywhere.
pub(super) fn leaves_order<T: Model, K: Key>(dialect: Dialect, request: &Request<T, K>, shape: Shape) -> bool {
    let integers = [TypeId::of::<(i64,)>(), TypeId::of::<(i32,)>(), TypeId::of::<(u32,)>()];
    let by_integer = integers.contains(&TypeId::of::<T::Key>()) && Order::is_by_key(&request.order);
    shape == Shape::ListLimited && dialect.syntax == Syntax::Sqlite && request.either.is_none() && by_integer
}

/// Each key's first rows: the index gives their keys, and only these are then read whole.
fn first_by_key<T: Model, K: Key>(dialect: Dialect, request: &Request<T, K>) -> SelectStatement {
    let mut inner = narrowed(dialect, request, Shape::ListLimited);
    inner.columns(T::KEY.iter().map(|&at| column(T::COLUMNS, T::TABLE, at)));
    order(dialect, &mut inner, &request.order, T::TABLE);
    limit(&mut inner, request.limit);
    let key = T::KEY.iter().map(|&at| Expr::col(column(T::COLUMNS, ROWS, at)));
    let mut select = Query::select();
    let (table, rows) = (Alias::new(T::TABLE), Alias::new(ROWS));
    select.from(Alias::new(KEYS)).join_as(JoinType::CrossJoin, table, rows, sea_query::Condition::all());
    select.and_where(Expr::tuple(key).in_subquery(inner));
    select.columns(T::COLUMNS.iter().map(|column| name(ROWS, column.column)));
    if !leaves_order(dialect, request, Shape::ListLimited) {
        order(dialect, &mut select, &request.order, ROWS);
    }
    select
}

/// Each key's first rows, by their number.
fn first_by_number<T: Model, K: Key>(dialect: Dialect, request: &Request<T, K>) -> SelectStatement {
    let mut inner = narrowed(dialect, request, Shape::List);
    inner.columns(T::COLUMNS.iter().map(|column| name(T::TABLE, column.column)));
    let terms = request.order.iter().map(Order::term);
    number(Scope::new(dialect), &mut inner, request.columns, terms, (T::COLUMNS, T::TABLE));
    let mut select = Query::select();
    select.columns(T::COLUMNS.iter().map(|column| name(ROWS, column.column)));
    select.from_subquery(inner, Alias::new(ROWS));
    numbered(&mut select, ROWS, request.limit);
    // Key by key, as the rows come that were numbered: they need not be sorted again.
    select.order_by_columns(request.columns.iter().map(|&at| (column(T::COLUMNS, ROWS, at), sea_query::Order::Asc)));
    if request.order.iter().all(|order| order.term().by.column().is_some()) {
        order(dialect, &mut select, &request.order, ROWS);
    } else {
        select.order_by(name(ROWS, ROW), sea_query::Order::Asc);
    }
    select
}

/// Numbers the rows of each key in an order.
fn number<'a>(
    scope: Scope,
    select: &mut SelectStatement,
    key: &[usize],
    terms: impl Iterator<Item = &'a Term>,
    (columns, table): (&[ColumnDescriptor], &str),
) {
    let mut window = WindowStatement::new();
    window.partition_by_columns(key.iter().map(|&at| column(columns, table, at)));
    order_by(scope, &mut window, terms, columns, table);
    select.expr_window_as(Func::cust("ROW_NUMBER"), window, Alias::new(ROW));
}

/// Only the numbers that a limit leaves.
fn numbered(select: &mut SelectStatement, table: &str, limit: Limit) {
    let (offset, end) = numbers_left(limit);
    let number = || Expr::col(name(table, ROW));
    select.and_where_option(offset.map(|offset| number().gt(offset)));
    select.and_where_option(end.map(|end| number().lte(end)));
}

/// The statement that counts the request's rows.
pub(super) fn count<T: Model, K: Key>(dialect: Dialect, request: &Request<T, K>, shape: Shape) -> Template {
    let mut inner = narrowed(dialect, request, shape);
    let mut select = Query::select();
    if request.limit == Limit::None {
        select = inner;
    } else {
        inner.expr(Expr::cust("1"));
        limit(&mut inner, request.limit);
        select.from_subquery(inner, Alias::new(ROWS));
    }
    select.expr(Func::count(Expr::col(Asterisk)));
    keys::complete::<K>(dialect, &select, &Ends::of_request(request))
}

/// The table, narrowed by keys, by `after`, by the type and by the filter, in the order of their values.
fn narrowed<T: Model, K: Key>(dialect: Dialect, request: &Request<T, K>, shape: Shape) -> SelectStatement {
    let mut select = Query::select();
    let is_plain = request.either.is_none() && request.path.is_empty();
    let is_joined = K::WIDTH > 1 && shape.is_list() && dialect.keys == KeyList::Arrays && request.path.is_empty();
    if shape == Shape::List && K::WIDTH > 1 && is_plain && dialect.keys != KeyList::Values {
        // A cross join keeps SQLite from reading the table before the keys.
        let table = Alias::new(T::TABLE);
        select.from(Alias::new(KEYS)).join(JoinType::CrossJoin, table, sea_query::Condition::all());
    } else {
        select.from(Alias::new(T::TABLE));
    }
    let columns = || request.columns.iter().map(|&at| Expr::col(column(T::COLUMNS, T::TABLE, at)));
    match shape {
        Shape::All => {}
        Shape::Any => columns().for_each(|column| {
            select.and_where(column.is_not_null());
        }),
        _ if is_joined && request.either.is_some() => {
            select.and_where(joined(request));
        }
        _ if !is_plain => {
            select.cond_where(elsewhere(dialect, request, shape));
        }
        Shape::One => {
            for (at, column) in columns().enumerate() {
                select.and_where(column.eq(Expr::cust(template::part(at))));
            }
        }
        Shape::List if K::WIDTH == 1 || dialect.keys == KeyList::Values => {
            select.and_where(among::<K>(dialect, columns().collect()));
        }
        // SQLite compares tuples faster in a join than in a subquery; the keys are distinct, so no row comes twice.
        Shape::List | Shape::ListLimited => {
            for (at, column) in columns().enumerate() {
                select.and_where(column.eq(Expr::col(name(KEYS, &part_name(at)))));
            }
        }
    }
    if request.after.is_some() {
        let key = T::KEY.iter().map(|&at| Expr::col(column(T::COLUMNS, T::TABLE, at)));
        let last = (0..T::KEY.len()).map(|at| Expr::cust(template::after(at)));
        let (key, last) = (Expr::tuple(key), Expr::tuple(last));
        let descending = request.order.first().is_some_and(|order| order.term().descending);
        select.and_where(if descending { key.lt(last) } else { key.gt(last) });
    }
    select.and_where_option(request.morph.map(|morph| of_type(morph, T::COLUMNS, T::TABLE)));
    if let Some(filter) = &request.filter {
        select.and_where(condition(filter.condition(), T::COLUMNS, T::TABLE, Scope::new(dialect)));
    }
    select
}

/// The condition that a row is one of those that the keys lead to by either set of columns. PostgreSQL searches by two
/// indexes in a join, but not by two subqueries.
fn joined<T: Model, K: Key>(request: &Request<T, K>) -> Expr {
    let of = |table: &'static str, at: &[usize]| -> Vec<Expr> {
        at.iter().map(|&at| Expr::col(column(T::COLUMNS, table, at))).collect()
    };
    let holds = |columns: &[usize]| {
        let parts = of(ROWS, columns).into_iter().enumerate();
        parts.fold(sea_query::Condition::all(), |all, (at, column)| {
            all.add(column.eq(Expr::col(name(KEYS, &part_name(at)))))
        })
    };
    let sets = [Some(request.columns), request.either].into_iter().flatten();
    let mut rows = Query::select();
    rows.exprs(of(ROWS, T::KEY)).from(Alias::new(KEYS));
    rows.join_as(JoinType::CrossJoin, Alias::new(T::TABLE), Alias::new(ROWS), sea_query::Condition::all());
    rows.cond_where(sets.fold(sea_query::Condition::any(), |any, columns| any.add(holds(columns))));
    Expr::tuple(of(T::TABLE, T::KEY)).in_subquery(rows)
}

/// The condition that these columns hold one of the keys.
fn among<K: Key>(dialect: Dialect, mut columns: Vec<Expr>) -> Expr {
    match (dialect.keys, columns.pop()) {
        (KeyList::Arrays, Some(column)) if K::WIDTH == 1 => column.eq(PgFunc::any(Expr::cust(template::list(0)))),
        (KeyList::Values, last) => {
            let columns = Expr::tuple(columns.into_iter().chain(last));
            let rows = if dialect.syntax == Syntax::Sqlite && K::WIDTH > 1 { "VALUES " } else { "" };
            // What is custom is put in brackets.
            columns.binary(BinOper::In, Expr::cust(format!("{rows}{EACH}")))
        }
        (_, last) => {
            let mut keys = Query::select();
            keys.columns((0..K::WIDTH).map(|at| Alias::new(part_name(at)))).from(Alias::new(KEYS));
            Expr::tuple(columns.into_iter().chain(last)).in_subquery(keys)
        }
    }
}

/// The condition that rows are of a type.
fn of_type(morph: MorphDescriptor, columns: &[ColumnDescriptor], table: &str) -> Expr {
    // A constant of the relation, so it stands in the text.
    Expr::col(column(columns, table, morph.column)).eq(Expr::Constant(Value::from(morph.tag)))
}

/// Where in a statement a condition or an order stands.
#[derive(Clone, Copy)]
struct Scope {
    dialect: Dialect,
    /// So deep inside conditions on relations.
    depth: usize,
}

impl Scope {
    fn new(dialect: Dialect) -> Self {
        Self { dialect, depth: 0 }
    }

    fn within(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }
}

/// What a filter asks of the columns of `table`, which may be an alias.
fn condition(asked: &Condition, columns: &[ColumnDescriptor], table: &str, scope: Scope) -> Expr {
    let part = |asked: &Condition| condition(asked, columns, table, scope);
    match asked {
        Condition::Related(asked) => {
            related::condition(asked, &positions(asked.rows.owner_columns, columns, table), scope.within())
        }
        // Refused before it comes here.
        Condition::Unlimited(_) => Expr::Constant(Value::Bool(Some(false))),
        Condition::Column(at, asked) => predicate(Expr::col(column(columns, table, *at)), asked),
        Condition::And(left, right) => part(left).and(part(right)),
        Condition::Or(left, right) => part(left).or(part(right)),
        Condition::Not(asked) => part(asked).not(),
    }
}

fn predicate(column: Expr, asked: &Predicate) -> Expr {
    match asked {
        Predicate::Compare(comparison, value) => column.binary(operator(*comparison), value.clone()),
        Predicate::Null => column.is_null(),
        Predicate::NotNull => column.is_not_null(),
        Predicate::Between(low, high) => column.between(low.clone(), high.clone()),
        // SQL has no empty list.
        Predicate::In(values) if values.is_empty() => Expr::cust("1 = 0"),
        Predicate::In(values) => column.is_in(values.iter().cloned()),
        Predicate::Like(pattern) => column.like(LikeExpr::new(pattern)),
    }
}

fn operator(comparison: Comparison) -> BinOper {
    match comparison {
        Comparison::Eq => BinOper::Equal,
        Comparison::Ne => BinOper::NotEqual,
        Comparison::Lt => BinOper::SmallerThan,
        Comparison::Le => BinOper::SmallerThanOrEqual,
        Comparison::Gt => BinOper::GreaterThan,
        Comparison::Ge => BinOper::GreaterThanOrEqual,
    }
}

/// The condition that the key is at the end of the request's path, or in other columns too.
fn elsewhere<T: Model, K: Key>(dialect: Dialect, request: &Request<T, K>, shape: Shape) -> sea_query::Condition {
    let all = sea_query::Condition::all;
    let holds = |columns: Vec<Expr>| match shape {
        Shape::One => {
            let parts = columns.into_iter().enumerate();
            parts.fold(all(), |all, (at, column)| all.add(column.eq(Expr::cust(template::part(at)))))
        }
        _ => all().add(among::<K>(dialect, columns)),
    };
    let of = |columns: &[usize]| columns.iter().map(|&at| Expr::col(column(T::COLUMNS, T::TABLE, at))).collect();
    let sets = [Some(request.columns), request.either].into_iter().flatten();
    sets.fold(sea_query::Condition::any(), |any, columns| any.add(follow(of(columns), request.path, &holds)))
}

/// The condition that these columns lead along the path to the key.
fn follow(
    columns: Vec<Expr>,
    path: &[Step],
    holds: &impl Fn(Vec<Expr>) -> sea_query::Condition,
) -> sea_query::Condition {
    let Some((step, rest)) = path.split_first() else { return holds(columns) };
    let model = (step.model)();
    let of = |columns: &[usize]| -> Vec<Expr> {
        columns.iter().map(|&at| Expr::col(column(model.columns, model.table, at))).collect()
    };
    let select = |rows: &[usize], key: &[usize]| {
        let mut select = Query::select();
        for (at, column) in of(rows).into_iter().enumerate() {
            select.expr_as(column, Alias::new(part_name(at)));
        }
        select.from(Alias::new(model.table)).cond_where(follow(of(key), rest, holds));
        select.and_where_option(step.morph.map(|morph| of_type(morph, model.columns, model.table)));
        select
    };
    let mut values = select(step.rows, step.key);
    if step.both_ways {
        values.union(UnionType::Distinct, select(step.key, step.rows));
    }
    if step.both_ways && columns.len() > 1 {
        // SQLite searches by several columns only if one plain select gives their values.
        let parts = (0..columns.len()).map(|at| Alias::new(part_name(at)));
        values = Query::select().columns(parts).from_subquery(values, Alias::new(ROWS)).take();
    }
    sea_query::Condition::all().add(Expr::tuple(columns).in_subquery(values))
}

/// The numbers of a limit, in the order of the text: the limit, and the offset if there is one.
fn limit_numbers(limit: Limit) -> impl Iterator<Item = u64> {
    /// Integers of SQL have a sign.
    const MOST: u64 = i64::MAX as u64;
    // Not all databases have an offset without a limit.
    let rows = (limit != Limit::None).then(|| Ord::min(limit.limit().unwrap_or(MOST), MOST));
    let offset = (limit.offset() > 0).then(|| Ord::min(limit.offset(), MOST));
    rows.into_iter().chain(offset)
}

/// The numbers of rows that a limit leaves: those above the first, up to the second.
fn numbers_left(limit: Limit) -> (Option<i64>, Option<i64>) {
    let number = |rows: u64| i64::try_from(rows).unwrap_or(i64::MAX);
    let end = limit.limit().map(|rows| number(limit.offset().saturating_add(rows)));
    ((limit.offset() > 0).then(|| number(limit.offset())), end)
}

/// The values of a limit, as they stand at the end of a request's values.
pub(super) fn limit_values(dialect: Dialect, shape: Shape, limit: Limit) -> Vec<Value> {
    if shape == Shape::ListLimited && dialect.syntax != Syntax::Sqlite {
        let (offset, end) = numbers_left(limit);
        return offset.into_iter().chain(end).map(Value::from).collect();
    }
    limit_numbers(limit).map(Value::from).collect()
}

fn limit(select: &mut SelectStatement, limit: Limit) {
    let mut numbers = limit_numbers(limit);
    if let Some(rows) = numbers.next() {
        select.limit(rows);
    }
    if let Some(offset) = numbers.next() {
        select.offset(offset);
    }
}

/// The column at this position, qualified by the table or its alias: SQLite takes an unknown quoted name for a text.
fn column(columns: &[ColumnDescriptor], table: &str, at: usize) -> ColumnRef {
    name(table, columns.get(at).map_or("", |column| column.column))
}

/// The columns at these positions.
fn positions(at: &[usize], columns: &[ColumnDescriptor], table: &str) -> Vec<Expr> {
    at.iter().map(|&at| Expr::col(column(columns, table, at))).collect()
}

fn name(table: &str, column: &str) -> ColumnRef {
    (Alias::new(table), Alias::new(column)).into_column_ref()
}

fn part_name(at: usize) -> String {
    format!("k{at}")
}
