//! Statement texts for SQLite. A text depends on what is asked for, never on how many keys: a list of keys is one
//! bound value.

use sea_query::{
    Alias, Asterisk, BinOper, ColumnRef, Expr, ExprTrait, Func, IntoColumnRef, JoinType, LikeExpr, NullOrdering, Query,
    SelectStatement, SqliteQueryBuilder, UnionType, Value,
};

use crate::descriptor::{ColumnDescriptor, MorphDescriptor};
use crate::filter::{Comparison, Condition, Order, Predicate};
use crate::key::Key;
use crate::model::Model;
use crate::source::{Limit, Request, Step};

mod related;

pub(super) use related::aggregate;

/// The list of keys inside a statement.
const KEYS: &str = "relation_keys";
/// The model's table where a second one of the same name is read beside it.
const ROWS: &str = "relation_rows";

/// How the keys come into a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Shape {
    /// No keys: all rows.
    All,
    /// One key: a value for each of its columns.
    One,
    /// A list of keys: one value, which SQLite reads as a table.
    List,
    /// A list of keys, and for each so many rows.
    ListLimited,
}

impl Shape {
    /// The shape for this request with so many keys at once.
    pub(super) fn of<T: Model, K: Key>(request: &Request<T, K>, keys: Option<usize>) -> Self {
        match keys {
            None => Self::All,
            Some(1) => Self::One,
            Some(_) if request.limit == Limit::None => Self::List,
            Some(_) => Self::ListLimited,
        }
    }

    /// The number of values that the keys take, before any other.
    fn binds(self, width: usize) -> usize {
        match self {
            Self::All => 0,
            Self::One => width,
            Self::List | Self::ListLimited => 1,
        }
    }
}

/// A text, and the values that come after those of the keys and of `after`.
pub(super) struct Text {
    pub(super) sql: String,
    pub(super) values: Vec<Value>,
}

/// The statement that reads the request's rows.
pub(super) fn select<T: Model, K: Key>(request: &Request<T, K>, shape: Shape) -> Text {
    let mut select = Query::select();
    match shape {
        Shape::ListLimited => {
            // The index gives each key's first rows; only these are then read whole.
            let mut inner = narrowed(request, shape);
            inner.columns(T::KEY.iter().map(|&at| column(T::COLUMNS, T::TABLE, at)));
            order(&mut inner, &request.order, T::TABLE);
            limit(&mut inner, request.limit);
            let key = T::KEY.iter().map(|&at| Expr::col(column(T::COLUMNS, ROWS, at)));
            select.from(Alias::new(KEYS)).join_as(
                JoinType::CrossJoin,
                Alias::new(T::TABLE),
                Alias::new(ROWS),
                sea_query::Condition::all(),
            );
            select.and_where(Expr::tuple(key).in_subquery(inner));
            select.columns(T::COLUMNS.iter().map(|column| name(ROWS, column.column)));
            order(&mut select, &request.order, ROWS);
        }
        Shape::All | Shape::One | Shape::List => {
            select = narrowed(request, shape);
            select.columns(T::COLUMNS.iter().map(|column| name(T::TABLE, column.column)));
            order(&mut select, &request.order, T::TABLE);
            limit(&mut select, request.limit);
        }
    }
    build::<K>(select, shape)
}

/// The statement that counts the request's rows.
pub(super) fn count<T: Model, K: Key>(request: &Request<T, K>, shape: Shape) -> Text {
    let mut inner = narrowed(request, shape);
    let mut select = Query::select();
    if request.limit == Limit::None {
        select = inner;
    } else {
        inner.expr(Expr::cust("1"));
        limit(&mut inner, request.limit);
        select.from_subquery(inner, Alias::new(ROWS));
    }
    select.expr(Func::count(Expr::col(Asterisk)));
    build::<K>(select, shape)
}

/// The table, narrowed by keys, by `after`, by the type and by the filter, in the order of their values.
fn narrowed<T: Model, K: Key>(request: &Request<T, K>, shape: Shape) -> SelectStatement {
    let mut select = Query::select();
    let is_plain = request.either.is_none() && request.path.is_empty();
    if shape == Shape::List && K::WIDTH > 1 && is_plain {
        // A cross join keeps SQLite from reading the table before the keys.
        let table = Alias::new(T::TABLE);
        select.from(Alias::new(KEYS)).join(JoinType::CrossJoin, table, sea_query::Condition::all());
    } else {
        select.from(Alias::new(T::TABLE));
    }
    let columns = || request.columns.iter().map(|&at| Expr::col(column(T::COLUMNS, T::TABLE, at)));
    match shape {
        Shape::All => {}
        _ if !is_plain => {
            select.cond_where(elsewhere(request, shape));
        }
        Shape::One => {
            for (at, column) in columns().enumerate() {
                select.and_where(column.eq(bind(at)));
            }
        }
        Shape::List if K::WIDTH == 1 => {
            let mut keys = Query::select();
            keys.column(Alias::new(part_name(0))).from(Alias::new(KEYS));
            select.and_where(Expr::tuple(columns()).in_subquery(keys));
        }
        // SQLite compares tuples faster in a join than in a subquery; the keys are distinct, so no row comes twice.
        Shape::List | Shape::ListLimited => {
            for (at, column) in columns().enumerate() {
                select.and_where(column.eq(Expr::col(name(KEYS, &part_name(at)))));
            }
        }
    }
    if request.after.is_some() {
        let first = shape.binds(K::WIDTH);
        let key = T::KEY.iter().map(|&at| Expr::col(column(T::COLUMNS, T::TABLE, at)));
        let last = (0..T::KEY.len()).map(|at| bind(first + at));
        select.and_where(Expr::tuple(key).gt(Expr::tuple(last)));
    }
    select.and_where_option(request.morph.map(|morph| of_type(morph, T::COLUMNS, T::TABLE)));
    if let Some(filter) = &request.filter {
        select.and_where(condition(filter.condition(), T::COLUMNS, T::TABLE, 0));
    }
    select
}

/// The condition that rows are of a type.
fn of_type(morph: MorphDescriptor, columns: &[ColumnDescriptor], table: &str) -> Expr {
    // A constant of the relation, so it stands in the text.
    Expr::col(column(columns, table, morph.column)).eq(Expr::Constant(Value::from(morph.tag)))
}

/// What a filter asks of the columns of `table`, which may be an alias, so deep inside conditions on relations.
fn condition(asked: &Condition, columns: &[ColumnDescriptor], table: &str, depth: usize) -> Expr {
    let part = |asked: &Condition| condition(asked, columns, table, depth);
    match asked {
        Condition::Related(asked) => {
            let key = asked.rows.owner_columns.iter().map(|&at| Expr::col(column(columns, table, at)));
            related::condition(asked, &key.collect::<Vec<_>>(), depth + 1)
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
        Predicate::In(values) if values.is_empty() => Expr::value(1).eq(0),
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
fn elsewhere<T: Model, K: Key>(request: &Request<T, K>, shape: Shape) -> sea_query::Condition {
    let holds = |columns: Vec<Expr>| match shape {
        Shape::One => columns
            .into_iter()
            .enumerate()
            .fold(sea_query::Condition::all(), |all, (at, part)| all.add(part.eq(bind(at)))),
        _ => {
            let mut keys = Query::select();
            keys.columns((0..K::WIDTH).map(|at| Alias::new(part_name(at)))).from(Alias::new(KEYS));
            sea_query::Condition::all().add(Expr::tuple(columns).in_subquery(keys))
        }
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

fn build<K: Key>(select: SelectStatement, shape: Shape) -> Text {
    let (sql, values) = select.build(SqliteQueryBuilder);
    let sql = match shape {
        Shape::All | Shape::One => sql,
        Shape::List | Shape::ListLimited => format!("{} {sql}", keys(K::WIDTH)),
    };
    Text { sql, values: values.0 }
}

/// The list of keys as a table with a column for each part: `?1` holds the parts of all keys one after another.
fn keys(width: usize) -> String {
    let names: Vec<_> = (0..width).map(|at| format!("\"{}\"", part_name(at))).collect();
    let names = names.join(", ");
    if width == 1 {
        return format!("WITH \"{KEYS}\" ({names}) AS (SELECT \"value\" FROM rarray(?1))");
    }
    let parts: Vec<_> =
        (0..width).map(|at| format!("lead(\"value\", {at}) OVER (ORDER BY rowid) AS \"{}\"", part_name(at))).collect();
    let parts = parts.join(", ");
    format!(
        "WITH \"relation_parts\" AS (SELECT rowid AS \"at\", {parts} FROM rarray(?1)), \
         \"{KEYS}\" ({names}) AS (SELECT {names} FROM \"relation_parts\" WHERE \"at\" % {width} = 1)"
    )
}

fn order<T: Model>(select: &mut SelectStatement, order: &[Order<T>], table: &str) {
    order_by(select, order.iter().map(|term| (term.column, term.descending)), T::COLUMNS, table);
}

/// Orders by columns of `table`, which may be an alias.
fn order_by(
    select: &mut SelectStatement,
    order: impl Iterator<Item = (usize, bool)>,
    columns: &[ColumnDescriptor],
    table: &str,
) {
    for (at, descending) in order {
        let column = column(columns, table, at);
        let nullable = columns.get(at).is_some_and(|column| column.nullable);
        // Null is SQLite's smallest value: the last of a descending order by itself.
        match (descending, nullable) {
            (true, _) => select.order_by(column, sea_query::Order::Desc),
            (false, false) => select.order_by(column, sea_query::Order::Asc),
            (false, true) => select.order_by_with_nulls(column, sea_query::Order::Asc, NullOrdering::Last),
        };
    }
}

/// The numbers of a limit, in the order of the text: the limit, and the offset if there is one.
fn limit_numbers(limit: Limit) -> impl Iterator<Item = u64> {
    /// SQLite's integers have a sign.
    const MOST: u64 = i64::MAX as u64;
    // SQLite has no offset without a limit.
    let rows = (limit != Limit::None).then(|| Ord::min(limit.limit().unwrap_or(MOST), MOST));
    let offset = (limit.offset() > 0).then(|| Ord::min(limit.offset(), MOST));
    rows.into_iter().chain(offset)
}

/// The values of a limit, as they stand at the end of a request's values.
pub(super) fn limit_values(limit: Limit) -> Vec<Value> {
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

fn name(table: &str, column: &str) -> ColumnRef {
    (Alias::new(table), Alias::new(column)).into_column_ref()
}

/// The value at this position, counted from 0.
fn bind(at: usize) -> Expr {
    Expr::cust(format!("?{}", at + 1))
}

fn part_name(at: usize) -> String {
    format!("k{at}")
}
