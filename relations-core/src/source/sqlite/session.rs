//! A session: one connection with its prepared statements. Loads rows straight from a statement into structs.

mod aggregate;

use std::any::TypeId;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use rusqlite::types::Value as SqliteValue;
use rusqlite::{Connection, Statement as Prepared};
use rustc_hash::FxHashMap;

use super::fault;
use super::statement::{self, Shape, Text};
use super::value::{Rusqlite, filter_value};
use crate::backend::{FromRow, SqlKey, Undecoded};
use crate::descriptor::MorphDescriptor;
use crate::error::{Error, ErrorKind, RelationName, Result};
use crate::key::{self, Key};
use crate::log::{Recorders, Statement, lock};
use crate::model::Model;
use crate::source::{Loaded, Plan, Reader, RelationLoader, Request};

/// One connection to a SQLite database, as plans see it.
pub struct Session {
    connection: Mutex<Connection>,
    texts: Mutex<FxHashMap<TextKey, Arc<str>>>,
    recorders: Arc<Recorders>,
    keys_per_statement: usize,
}

/// What a text without a filter or a path depends on.
#[derive(PartialEq, Eq, Hash)]
struct TextKey {
    model: TypeId,
    columns: &'static [usize],
    either: Option<&'static [usize]>,
    shape: Shape,
    order: Vec<(usize, bool)>,
    limited: bool,
    offset: bool,
    after: bool,
    morph: Option<MorphDescriptor>,
    counts: bool,
}

impl Session {
    pub(super) fn new(connection: Connection, recorders: Arc<Recorders>, keys_per_statement: usize) -> Self {
        Self { connection: Mutex::new(connection), texts: Mutex::default(), recorders, keys_per_statement }
    }

    pub(super) fn connection(&self) -> &Mutex<Connection> {
        &self.connection
    }

    pub(super) fn in_transaction(&self) -> bool {
        !lock(&self.connection).is_autocommit()
    }

    /// Runs a plan; if it may send several statements, they see one snapshot. A transaction that is open is one.
    pub(super) async fn run<P: Plan<Self>>(&self, plan: P) -> Result<P::Output> {
        if !plan.needs_snapshot() || self.in_transaction() {
            return plan.run(Reader::new(self)).await;
        }
        self.execute("BEGIN", "beginning a read")?;
        let result = plan.run(Reader::new(self)).await;
        // Ending a transaction that has only read cannot lose anything.
        let ended = self.execute(if result.is_ok() { "COMMIT" } else { "ROLLBACK" }, "ending a read");
        let output = result?;
        ended?;
        Ok(output)
    }

    /// Sends a statement that begins or ends a transaction.
    pub(super) fn execute(&self, sql: &'static str, action: &str) -> Result<()> {
        let connection = lock(&self.connection);
        let result = connection.prepare_cached(sql).and_then(|mut statement| statement.execute(()));
        result.map(|_| ()).map_err(|error| fault::connection(action, &error))
    }

    fn select<T, K>(&self, mut request: Request<T, K>) -> Result<Loaded<T, K>>
    where
        T: FromRow<Rusqlite>,
        K: SqlKey<Rusqlite>,
        T::Key: SqlKey<Rusqlite>,
    {
        let mut loaded = Loaded::default();
        match request.keys.take() {
            None => self.select_keys(&request, None, &mut loaded)?,
            Some(keys) => {
                let most = if request.at_once { usize::MAX } else { self.keys_per_statement };
                for keys in keys.chunks(most) {
                    self.select_keys(&request, Some(keys), &mut loaded)?;
                }
            }
        }
        Ok(loaded)
    }

    fn select_keys<T, K>(&self, request: &Request<T, K>, keys: Option<&[K]>, loaded: &mut Loaded<T, K>) -> Result<()>
    where
        T: FromRow<Rusqlite>,
        K: SqlKey<Rusqlite>,
        T::Key: SqlKey<Rusqlite>,
    {
        self.send(request, keys, false, |row| match T::from_row(row, 0) {
            Ok(row) => {
                loaded.rows.push(row);
                Ok(())
            }
            Err(undecoded) => {
                let columns = [Some(request.columns), request.either].into_iter().flatten();
                // At the end of a path the columns hold another key.
                let columns = columns.filter(|_| keys.is_some() && request.path.is_empty());
                let failed: Vec<K> = columns.filter_map(|columns| K::decode(row, columns).ok()).collect();
                let error = undecoded_error(request, failed.first(), undecoded);
                if failed.is_empty() {
                    return Err(error);
                }
                loaded.failures.extend(failed.into_iter().map(|key| (key, error.clone())));
                Ok(())
            }
        })
    }

    fn count_rows<T, K>(&self, mut request: Request<T, K>) -> Result<u64>
    where
        T: Model,
        K: SqlKey<Rusqlite>,
        T::Key: SqlKey<Rusqlite>,
    {
        let keys = request.keys.take();
        let mut total = 0;
        let mut add = |keys| {
            self.send(&request, keys, true, |row| {
                let count: i64 = row.get(0).map_err(|error| fault::connection("counting rows", &error))?;
                total += count.unsigned_abs();
                Ok(())
            })
        };
        match &keys {
            None => add(None)?,
            Some(keys) => keys.chunks(self.keys_per_statement).try_for_each(|keys| add(Some(keys)))?,
        }
        Ok(total)
    }

    /// Sends one statement and visits its rows.
    fn send<T, K>(
        &self,
        request: &Request<T, K>,
        keys: Option<&[K]>,
        counts: bool,
        mut visit: impl FnMut(&rusqlite::Row<'_>) -> Result<()>,
    ) -> Result<()>
    where
        T: Model,
        K: SqlKey<Rusqlite>,
        T::Key: SqlKey<Rusqlite>,
    {
        let started = self.recorders.is_active().then(Instant::now);
        let shape = Shape::of(request, keys.map(<[K]>::len));
        let (sql, values) = self.text(request, shape, counts);
        let connection = lock(&self.connection);
        let refused = |error| refused(request, &sql, &error);
        let mut statement = connection.prepare_cached(&sql).map_err(refused)?;
        bind(&mut statement, request, keys.unwrap_or_default(), shape, values, &sql)?;
        let mut rows = statement.raw_query();
        let mut seen = 0;
        while let Some(row) = rows.next().map_err(refused)? {
            seen += 1;
            visit(row)?;
        }
        if let Some(started) = started {
            self.recorders.write(&Statement {
                rows: seen,
                model: T::NAME,
                relation: request.relation.map(|relation| relation.path()),
                keys: keys.map_or(0, <[K]>::len),
                duration: started.elapsed(),
                sql,
            });
        }
        Ok(())
    }

    /// The text, and the values that follow those of the keys.
    fn text<T: Model, K: Key>(
        &self,
        request: &Request<T, K>,
        shape: Shape,
        counts: bool,
    ) -> (Arc<str>, Vec<sea_query::Value>) {
        let build = || if counts { statement::count(request, shape) } else { statement::select(request, shape) };
        if request.filter.is_some() || !request.path.is_empty() {
            let Text { sql, values } = build();
            return (sql.into(), values);
        }
        let values = statement::limit_values(request.limit);
        let key = TextKey {
            model: TypeId::of::<T>(),
            columns: request.columns,
            either: request.either,
            shape,
            order: request.order.iter().map(|term| (term.column, term.descending)).collect(),
            limited: !values.is_empty(),
            offset: values.len() > 1,
            after: request.after.is_some(),
            morph: request.morph,
            counts,
        };
        let mut texts = lock(&self.texts);
        let sql = texts.entry(key).or_insert_with(|| build().sql.into());
        (Arc::clone(sql), values)
    }
}

/// Binds the keys, the key to start after, and the values of filter and limit.
fn bind<T, K>(
    statement: &mut Prepared<'_>,
    request: &Request<T, K>,
    keys: &[K],
    shape: Shape,
    values: Vec<sea_query::Value>,
    sql: &Arc<str>,
) -> Result<()>
where
    T: Model,
    K: SqlKey<Rusqlite>,
    T::Key: SqlKey<Rusqlite>,
{
    let mut bound: Vec<SqliteValue> = Vec::with_capacity(keys.len() * K::WIDTH);
    for key in keys {
        key.bind(&mut bound).map_err(|reason| key_error(request, key, reason))?;
    }
    let mut position = 0;
    let mut next = |statement: &mut Prepared<'_>, value: &dyn rusqlite::ToSql| {
        position += 1;
        statement.raw_bind_parameter(position, value).map_err(|error| refused(request, sql, &error))
    };
    match shape {
        Shape::All => {}
        Shape::One => bound.iter().try_for_each(|value| next(statement, value))?,
        Shape::List | Shape::ListLimited => next(statement, &Rc::new(bound))?,
    }
    if let Some(after) = &request.after {
        let mut bound = Vec::new();
        after.bind(&mut bound).map_err(|reason| key_error(request, after, reason))?;
        bound.iter().try_for_each(|value| next(statement, value))?;
    }
    for value in values {
        let value = filter_value(&value).map_err(|reason| {
            let (relation, value) = (request.relation.map(RelationName), format!("{value:?}"));
            Error::from(ErrorKind::Value { model: T::NAME, relation, value, reason })
        })?;
        next(statement, &value)?;
    }
    Ok(())
}

fn key_error<T: Model, K: Key>(request: &Request<T, K>, key: &impl Key, reason: String) -> Error {
    let relation = request.relation.map(RelationName);
    ErrorKind::Key { model: T::NAME, relation, key: key::display(key), reason }.into()
}

#[cold]
fn undecoded_error<T: Model, K: Key>(request: &Request<T, K>, key: Option<&K>, undecoded: Undecoded) -> Error {
    let column = T::COLUMNS.get(undecoded.column);
    ErrorKind::Decode {
        model: T::NAME,
        relation: request.relation.map(RelationName),
        column: column.map_or("?", |column| column.column),
        field: column.map_or("?", |column| column.field),
        type_name: column.map_or("?", |column| column.type_name),
        key: key.map(key::display),
        reason: undecoded.reason,
    }
    .into()
}

#[cold]
fn refused<T: Model, K: Key>(request: &Request<T, K>, sql: &str, error: &rusqlite::Error) -> Error {
    ErrorKind::Statement {
        model: T::NAME,
        table: T::TABLE,
        relation: request.relation.map(RelationName),
        fault: fault::fault(error),
        reason: fault::reason(error),
        sql: sql.to_owned(),
    }
    .into()
}

impl<T, K> RelationLoader<T, K> for Session
where
    T: FromRow<Rusqlite>,
    K: SqlKey<Rusqlite>,
    T::Key: SqlKey<Rusqlite>,
{
    async fn load(&self, request: Request<T, K>) -> Result<Loaded<T, K>> {
        self.select(request)
    }

    async fn count(&self, request: Request<T, K>) -> Result<u64> {
        self.count_rows(request)
    }
}
