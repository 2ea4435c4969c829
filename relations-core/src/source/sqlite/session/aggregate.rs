//! Aggregates over what relations lead to: one statement for a list of keys.

use std::any::type_name;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use rusqlite::types::Value as SqliteValue;

use super::Session;
use crate::backend::{Decode, SqlKey, Undecoded, decode};
use crate::descriptor::ModelDescriptor;
use crate::error::{Error, ErrorKind, RelationName, Result};
use crate::key::{self, Key};
use crate::log::{Statement, lock};
use crate::model::Model;
use crate::related::{Aggregate, RelatedRows};
use crate::source::sqlite::fault;
use crate::source::sqlite::statement::{self, Text};
use crate::source::sqlite::value::{Rusqlite, filter_value};
use crate::source::{AggregateRequest, RelationAggregator};

impl<T, K, V> RelationAggregator<T, K, V> for Session
where
    T: Model,
    K: SqlKey<Rusqlite>,
    V: Decode<Rusqlite> + Send,
{
    async fn aggregate(&self, request: AggregateRequest<K>) -> Result<Vec<(K, V)>> {
        let Text { sql, values } = statement::aggregate::<K>(&request.rows, request.aggregate);
        let sql: Arc<str> = sql.into();
        let mut found = Vec::with_capacity(request.keys.len());
        for keys in request.keys.chunks(self.keys_per_statement) {
            self.compute(&request, keys, (&sql, &values), &mut found)?;
        }
        Ok(found)
    }
}

impl Session {
    /// Sends one statement.
    fn compute<K, V>(
        &self,
        request: &AggregateRequest<K>,
        keys: &[K],
        (sql, values): (&Arc<str>, &[sea_query::Value]),
        found: &mut Vec<(K, V)>,
    ) -> Result<()>
    where
        K: SqlKey<Rusqlite>,
        V: Decode<Rusqlite>,
    {
        let started = self.recorders.is_active().then(Instant::now);
        let of = Of(&request.rows);
        let connection = lock(&self.connection);
        let refused = |error| of.refused(sql, &error);
        let mut statement = connection.prepare_cached(sql).map_err(refused)?;
        let mut bound: Vec<SqliteValue> = Vec::with_capacity(keys.len() * K::WIDTH);
        for key in keys {
            key.bind(&mut bound).map_err(|reason| of.key(key, reason))?;
        }
        statement.raw_bind_parameter(1, Rc::new(bound)).map_err(refused)?;
        for (at, value) in (2..).zip(values) {
            let bound = filter_value(value).map_err(|reason| of.value(value, reason))?;
            statement.raw_bind_parameter(at, bound).map_err(refused)?;
        }
        let key: Vec<usize> = (0..K::WIDTH).collect();
        let before = found.len();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(refused)? {
            let key =
                K::decode(row, &key).map_err(|undecoded| of.undecoded::<K>(request.aggregate, None, undecoded))?;
            let value = decode::<Rusqlite, V>(row, K::WIDTH);
            let value =
                value.map_err(|undecoded| of.undecoded::<V>(request.aggregate, Some(key::display(&key)), undecoded));
            found.push((key, value?));
        }
        if let Some(started) = started {
            self.recorders.write(&Statement {
                rows: found.len() - before,
                model: of.model().name,
                relation: Some(request.rows.relation.path()),
                keys: keys.len(),
                duration: started.elapsed(),
                sql: Arc::clone(sql),
            });
        }
        Ok(())
    }
}

/// What an error is about.
struct Of<'a>(&'a RelatedRows);

impl Of<'_> {
    fn model(&self) -> &'static ModelDescriptor {
        self.0.model
    }

    fn relation(&self) -> Option<RelationName> {
        Some(RelationName(self.0.relation))
    }

    #[cold]
    fn refused(&self, sql: &str, error: &rusqlite::Error) -> Error {
        ErrorKind::Statement {
            model: self.model().name,
            table: self.model().table,
            relation: self.relation(),
            fault: fault::fault(error),
            reason: fault::reason(error),
            sql: sql.to_owned(),
        }
        .into()
    }

    #[cold]
    fn key(&self, key: &impl Key, reason: String) -> Error {
        ErrorKind::Key { model: self.model().name, relation: self.relation(), key: key::display(key), reason }.into()
    }

    #[cold]
    fn value(&self, value: &sea_query::Value, reason: String) -> Error {
        let value = format!("{value:?}");
        ErrorKind::Value { model: self.model().name, relation: self.relation(), value, reason }.into()
    }

    #[cold]
    fn undecoded<V>(&self, aggregate: Aggregate, key: Option<String>, undecoded: Undecoded) -> Error {
        let column = aggregate.column().and_then(|at| self.model().columns.get(at));
        ErrorKind::Decode {
            model: self.model().name,
            relation: self.relation(),
            column: column.map_or("count", |column| column.column),
            field: column.map_or("count", |column| column.field),
            type_name: type_name::<V>(),
            key,
            reason: undecoded.reason,
        }
        .into()
    }
}
