//! A session of an SQL database: one connection as plans see it. It writes statements, binds what they are about, and
//! reads rows straight into structs; how a statement is sent is the driver's business.

use std::any::TypeId;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};
use std::time::Instant;

use rustc_hash::{FxHashMap, FxHashSet};
use sea_query::Value;

use super::about::About;
use super::dialect::{Dialect, KeyList};
use super::statement::{self, Shape, Template};
use super::template::{Sent, Text};
use super::{Driver, SqlBackend};
use crate::backend::{Backend, FromRow, SqlKey};
use crate::descriptor::{MorphDescriptor, RelationDescriptor};
use crate::error::Result;
use crate::filter::Order;
use crate::key::{self, Key};
use crate::log::{Recorders, Statement};
use crate::model::Model;
use crate::source::{Limit, Loaded, RelationLoader, Request};

/// One connection to an SQL database, as plans see it.
pub struct SqlSession<D> {
    pub(in crate::source) driver: D,
    recorders: Arc<Recorders>,
    keys_per_statement: usize,
}

/// The texts without a filter or a path, in an order by columns. There are as many as the program has ways to ask.
static TEXTS: LazyLock<RwLock<FxHashMap<TextKey, Arc<Text>>>> = LazyLock::new(RwLock::default);

/// What such a text depends on.
#[derive(PartialEq, Eq, Hash)]
struct TextKey {
    dialect: Dialect,
    model: TypeId,
    columns: &'static [usize],
    either: Option<&'static [usize]>,
    shape: Shape,
    padded: usize,
    order: Vec<(usize, bool)>,
    limited: bool,
    offset: bool,
    after: bool,
    morph: Option<MorphDescriptor>,
    counts: bool,
}

impl<D: Driver> SqlSession<D> {
    pub(in crate::source) fn new(driver: D, recorders: Arc<Recorders>, keys_per_statement: usize) -> Self {
        Self { driver, recorders, keys_per_statement }
    }

    /// The most keys of so many parts in one statement. A list of them may stand in it up to four times.
    pub(super) fn most_keys(&self, width: usize) -> usize {
        match D::DIALECT.keys {
            KeyList::Values => self.keys_per_statement.min(D::MOST_VALUES / (4 * width.max(1))),
            KeyList::Table | KeyList::Arrays => self.keys_per_statement,
        }
    }

    /// Sends a statement for these keys and visits its rows.
    pub(super) async fn send<K, A>(
        &self,
        about: About<'_>,
        text: &Text,
        sent: Sent<'_, K, A>,
        mut visit: impl FnMut(&<D::Backend as Backend>::Row<'_>) -> Result<()> + Send,
    ) -> Result<()>
    where
        K: SqlKey<D::Backend>,
        A: SqlKey<D::Backend>,
    {
        let started = (self.recorders.is_active() || about.report.is_active()).then(Instant::now);
        let arguments = text.bind::<D::Backend, K, A>(&sent).map_err(|unsent| about.unsent(unsent))?;
        let mut rows = 0;
        let visit = |row: &<D::Backend as Backend>::Row<'_>| {
            rows += 1;
            visit(row)
        };
        let outcome = self.driver.send(&text.sql, arguments, visit).await;
        outcome.map_err(|failure| about.failed(&text.sql, failure))?;
        if let Some(started) = started {
            let statement = Statement {
                rows,
                model: about.model.name,
                relation: about.relation.map(|relation| relation.path()),
                keys: sent.keys.len(),
                duration: started.elapsed(),
                sql: Arc::clone(&text.sql),
            };
            self.recorders.write(&statement);
            about.report.write(&statement);
        }
        Ok(())
    }

    /// Writes the statement of a request, for these of its keys.
    fn write<T: Model, K: Key>(&self, request: &Request<T, K>, keys: Option<&[K]>, counts: bool) -> Written {
        let shape = Shape::of(request, keys.map(<[K]>::len));
        let keys = keys.map_or(0, <[K]>::len);
        let padded = if shape.is_list() { D::DIALECT.padded(keys, self.most_keys(K::WIDTH)) } else { 0 };
        let (text, values) = text(D::DIALECT, request, (shape, padded), counts);
        let leaves_order = statement::leaves_order(D::DIALECT, request, shape);
        Written { text, values, padded, leaves_order }
    }

    /// Sends the statement of a request, for these of its keys.
    async fn ask<T, K>(
        &self,
        request: &Request<T, K>,
        keys: Option<&[K]>,
        Written { text, values, padded, .. }: &Written,
        visit: impl FnMut(&<D::Backend as Backend>::Row<'_>) -> Result<()> + Send,
    ) -> Result<()>
    where
        T: Model,
        K: SqlKey<D::Backend>,
        T::Key: SqlKey<D::Backend>,
    {
        let keys = keys.unwrap_or_default();
        let sent = Sent { keys, padded: *padded, after: request.after.as_ref(), values };
        self.send::<K, T::Key>(about(request), text, sent, visit).await
    }

    async fn select<T, K>(&self, request: &Request<T, K>, keys: Option<&[K]>, loaded: &mut Loaded<T, K>) -> Result<()>
    where
        T: FromRow<D::Backend>,
        K: SqlKey<D::Backend>,
        T::Key: SqlKey<D::Backend>,
    {
        let written = self.write(request, keys, false);
        let (before, came, sent) = (loaded.rows.rows().len(), &written.text.came, keys.map_or(0, <[K]>::len));
        loaded.rows.reserve(came.expected(sent));
        let asked = Asked::of::<D>(keys.filter(|_| request.relation.is_some() && request.path.is_empty()));
        let keys_of = |row: &<D::Backend as Backend>::Row<'_>| -> Vec<K> {
            let columns = [Some(request.columns), request.either].into_iter().flatten();
            // At the end of a path the columns hold another key.
            let columns = columns.filter(|_| K::WIDTH > 0 && request.path.is_empty());
            columns.filter_map(|columns| K::decode(row, columns).ok()).collect()
        };
        let read = |row: &<D::Backend as Backend>::Row<'_>| {
            let undecoded = match T::from_row(row, 0) {
                Ok(read) => {
                    loaded.rows.push(read);
                    return asked.check(|| keys_of(row)).map_err(|key| about(request).other_key(&key));
                }
                Err(undecoded) => undecoded,
            };
            let failed = keys_of(row);
            let (column, key) = (T::COLUMNS.get(undecoded.column), failed.first().map(key::display));
            let type_name = column.map_or("?", |column| column.type_name);
            let error = about(request).undecoded(column, type_name, key, undecoded.reason);
            if failed.is_empty() {
                return Err(error);
            }
            loaded.failures.extend(failed.into_iter().map(|key| (key, error.clone())));
            Ok(())
        };
        self.ask(request, keys, &written, read).await?;
        came.note(loaded.rows.rows().len() - before, sent);
        if written.leaves_order {
            put_in_order(loaded.rows.rows_mut().get_mut(before..).unwrap_or_default(), request);
        }
        Ok(())
    }

    async fn count_rows<T, K>(&self, request: &Request<T, K>, keys: Option<&[K]>) -> Result<u64>
    where
        T: Model,
        K: SqlKey<D::Backend>,
        T::Key: SqlKey<D::Backend>,
    {
        let mut total = 0;
        let add = |row: &<D::Backend as Backend>::Row<'_>| {
            let count = <D::Backend as SqlBackend>::count(row)
                .map_err(|reason| about(request).undecoded(None, "u64", None, reason))?;
            total += count;
            Ok(())
        };
        self.ask(request, keys, &self.write(request, keys, true), add).await?;
        Ok(total)
    }
}

/// A statement for some keys, padded to so many.
struct Written {
    text: Arc<Text>,
    values: Vec<Value>,
    padded: usize,
    /// Whether the rows of each key are still to be put in order.
    leaves_order: bool,
}

/// Puts the rows of each key, which lie side by side, in the order of their own keys.
fn put_in_order<T: Model, K: Key>(rows: &mut [T], request: &Request<T, K>) {
    let descending = request.order.first().is_some_and(|order| order.term().descending);
    let key = |row: &T| K::held(row, request.columns);
    for rows in rows.chunk_by_mut(|one, other| key(one) == key(other)) {
        rows.sort_by(|one, other| {
            let (one, other) = if descending { (other, one) } else { (one, other) };
            one.key().cmp(&other.key())
        });
    }
}

/// The keys that were asked for, where the database may find rows by others.
pub(super) struct Asked<'k, K>(Option<FxHashSet<&'k K>>);

impl<'k, K: Key> Asked<'k, K> {
    pub(super) fn of<D: Driver>(keys: Option<&'k [K]>) -> Self {
        Self(keys.filter(|_| folds::<D, K>()).map(|keys| keys.iter().collect()))
    }

    /// Fails if a row has none of them.
    pub(super) fn check(&self, of_row: impl FnOnce() -> Vec<K>) -> Result<(), K> {
        let Some(asked) = &self.0 else { return Ok(()) };
        let of_row = of_row();
        if of_row.iter().any(|key| asked.contains(key)) {
            Ok(())
        } else {
            of_row.into_iter().next().map_or(Ok(()), Err)
        }
    }
}

/// Whether to read the whole table, and not to look for keys that all its rows have.
fn reads_table<D: Driver, T: Model, K: Key>(request: &Request<T, K>) -> bool {
    /// So few keys are found in no time, even if the table is full of rows that refer to nobody.
    const FEW: usize = 32;
    let keys = request.keys.as_ref().map_or(0, Vec::len);
    // Where texts are folded, only the database knows which keys are equal.
    request.all_keys && keys > FEW && request.limit == Limit::None && !folds::<D, K>()
}

/// Whether the database may take two of these keys for equal that are not.
fn folds<D: Driver, K: Key>() -> bool {
    // Only texts are taken for equal, and of keys only they and bytes are on the heap.
    D::DIALECT.folds_case() && std::mem::needs_drop::<K>()
}

fn about<T: Model, K: Key>(request: &Request<T, K>) -> About<'_> {
    About { model: T::model_descriptor(), relation: request.relation, report: &request.report }
}

/// The text of a request's statement, and the values of filters and limits in it.
fn text<T: Model, K: Key>(
    dialect: Dialect,
    request: &Request<T, K>,
    (shape, padded): (Shape, usize),
    counts: bool,
) -> (Arc<Text>, Vec<Value>) {
    let build = || {
        let Template { sql, values } =
            if counts { statement::count(dialect, request, shape) } else { statement::select(dialect, request, shape) };
        (Arc::new(Text::new(&sql, dialect, padded, K::WIDTH)), values)
    };
    let order = request.order.iter().map(Order::term).map(|term| Some((term.by.column()?, term.descending)));
    let order = order.collect::<Option<_>>();
    let Some(order) = order.filter(|_| request.filter.is_none() && request.path.is_empty()) else { return build() };
    let values = statement::limit_values(dialect, if counts { Shape::One } else { shape }, request.limit);
    let key = TextKey {
        dialect,
        model: TypeId::of::<T>(),
        columns: request.columns,
        either: request.either,
        shape,
        padded,
        order,
        limited: request.limit.limit().is_some(),
        offset: request.limit.offset() > 0,
        after: request.after.is_some(),
        morph: request.morph,
        counts,
    };
    let known = TEXTS.read().unwrap_or_else(PoisonError::into_inner).get(&key).map(Arc::clone);
    let text = known.unwrap_or_else(|| {
        let (text, _) = build();
        TEXTS.write().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&text));
        text
    });
    (text, values)
}

impl<D, T, K> RelationLoader<T, K> for SqlSession<D>
where
    D: Driver,
    T: FromRow<D::Backend>,
    K: SqlKey<D::Backend>,
    T::Key: SqlKey<D::Backend>,
{
    async fn load(&self, mut request: Request<T, K>) -> Result<Loaded<T, K>> {
        let mut loaded = Loaded::default();
        let is_scan = reads_table::<D, T, K>(&request);
        let Some(keys) = request.keys.take().filter(|_| !is_scan) else {
            self.select(&request, None, &mut loaded).await?;
            return Ok(loaded);
        };
        let most = if request.at_once { usize::MAX } else { self.most_keys(K::WIDTH) };
        for keys in keys.chunks(most) {
            self.select(&request, Some(keys), &mut loaded).await?;
        }
        Ok(loaded)
    }

    async fn count(&self, mut request: Request<T, K>) -> Result<u64> {
        let Some(keys) = request.keys.take() else { return self.count_rows(&request, None).await };
        let mut total = 0;
        for keys in keys.chunks(self.most_keys(K::WIDTH)) {
            total += self.count_rows(&request, Some(keys)).await?;
        }
        Ok(total)
    }

    fn joins(_: &'static RelationDescriptor) -> bool {
        true
    }
}
