//! Aggregates over what relations lead to: one statement for a list of keys.

use std::any::type_name;

use super::about::About;
use super::session::Asked;
use super::statement::{self, Template};
use super::template::{Sent, Text};
use super::{Driver, SqlSession};
use crate::backend::{Backend, Decode, SqlKey, decode};
use crate::error::Result;
use crate::key;
use crate::model::Model;
use crate::source::{AggregateRequest, RelationAggregator};

impl<D, T, K, V> RelationAggregator<T, K, V> for SqlSession<D>
where
    D: Driver,
    T: Model,
    K: SqlKey<D::Backend>,
    V: Decode<D::Backend> + Send,
{
    async fn aggregate(&self, request: AggregateRequest<K>) -> Result<Vec<(K, V)>> {
        let AggregateRequest { keys, rows, aggregate, report } = request;
        let about = About { model: rows.model, relation: Some(rows.relation), report: &report };
        let Template { sql, values } = statement::aggregate::<K>(D::DIALECT, &rows, aggregate);
        let parts: Vec<usize> = (0..K::WIDTH).collect();
        let column = aggregate.column().and_then(|at| rows.model.columns.get(at));
        let mut found = Vec::with_capacity(keys.len());
        for keys in keys.chunks(self.most_keys(K::WIDTH)) {
            let padded = D::DIALECT.padded(keys.len(), self.most_keys(K::WIDTH));
            let text = Text::new(&sql, D::DIALECT, padded, K::WIDTH);
            let sent = Sent { keys, padded, after: None::<&()>, values: &values };
            let asked = Asked::of::<D>(Some(keys));
            let read = |row: &<D::Backend as Backend>::Row<'_>| {
                let key = K::decode(row, &parts)
                    .map_err(|undecoded| about.undecoded(column, type_name::<K>(), None, undecoded.reason))?;
                asked.check(|| vec![key.clone()]).map_err(|key| about.other_key(&key))?;
                let value = decode::<D::Backend, V>(row, K::WIDTH).map_err(|undecoded| {
                    about.undecoded(column, type_name::<V>(), Some(key::display(&key)), undecoded.reason)
                })?;
                found.push((key, value));
                Ok(())
            };
            self.send(about, &text, sent, read).await?;
        }
        Ok(found)
    }
}
