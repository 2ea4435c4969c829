//! How a request becomes calls of `Fetch::fetch`: what the source can do is passed on, the rest is done in memory on
//! what was fetched by keys.

use std::time::Instant;

use rustc_hash::FxHashSet;

use super::{By, CustomSource, Fetch, Fetched, Lookup};
use crate::descriptor::ModelDescriptor;
use crate::error::{Error, ErrorKind, RelationName, Result};
use crate::filter::{Comparison, Condition, Filter, Order, Predicate};
use crate::key::{self, Key};
use crate::log::Statement;
use crate::model::Model;
use crate::source::narrow::{About, Look, RowOf, Tables, fields};
use crate::source::{Limit, Loaded, RelationLoader, Request};

impl<F, T, K> RelationLoader<T, K> for CustomSource<F>
where
    F: Fetch<T, K::Id>,
    T: Model,
    K: Key,
{
    async fn load(&self, request: Request<T, K>) -> Result<Loaded<T, K>> {
        let (rows, failures) = self.select(request).await?;
        Ok(Loaded { rows: rows.into_iter().collect(), failures })
    }

    async fn count(&self, request: Request<T, K>) -> Result<u64> {
        if request.keys.is_none() && request.limit.limit().is_none() {
            let instead = "read the rows, or ask for what a limit bounds, as `exists()` does";
            return Err(About::of(&request).unsupported("count rows without reading them all", instead));
        }
        let (rows, failures) = self.select(request).await?;
        match failures.into_iter().next() {
            Some((_, error)) => Err(error),
            None => Ok(rows.len() as u64),
        }
    }
}

/// What is selected: rows, and the keys that failed.
type Selected<T, K> = (Vec<T>, Vec<(K, Error)>);

impl<F> CustomSource<F> {
    async fn select<T, K>(&self, mut request: Request<T, K>) -> Result<Selected<T, K>>
    where
        F: Fetch<T, K::Id>,
        T: Model,
        K: Key,
    {
        let about = About::of(&request);
        if !request.path.is_empty() {
            let instead = "load the relation, and look at what is loaded";
            return Err(about.unsupported("follow a relation over other tables", instead));
        }
        let several = request.keys.as_ref().is_some_and(|keys| keys.len() > self.keys_per_fetch);
        let is_split = several || request.either.is_some();
        let pushed = self.push(&mut request, is_split);
        let (mut rows, mut failures) = (Vec::new(), Vec::new());
        let Some(keys) = request.keys.take() else {
            left_to_do(&request, about)?;
            self.fetch(&request, pushed.lookup(None, Vec::<K>::new()), &mut rows, &mut failures).await?;
            let rows = Look { about, tables: &Alone }.narrow(rows, &request, |_| Ok(Vec::<K>::new()))?;
            return Ok((rows, failures));
        };
        let asked: FxHashSet<K> = keys.iter().cloned().collect();
        for columns in [Some(request.columns), request.either].into_iter().flatten() {
            let by = known::<F, T, K>(columns, about)?;
            for keys in keys.chunks(self.keys_per_fetch) {
                let before = rows.len();
                self.fetch(&request, pushed.lookup(Some(by), keys.to_vec()), &mut rows, &mut failures).await?;
                let fetched = rows.get(before..).unwrap_or_default();
                fetched.iter().try_for_each(|row| was_asked(row, columns, &asked, about))?;
            }
        }
        if request.either.is_some() {
            let mut seen = FxHashSet::default();
            rows.retain(|row| seen.insert(row.key()));
        }
        request.keys = Some(keys);
        let columns = [Some(request.columns), request.either];
        let rows = Look { about, tables: &Alone }.narrow(rows, &request, |row: &T| {
            let keys = columns.iter().flatten().filter_map(|columns| K::held(row, columns));
            Ok(keys.filter(|key| asked.contains(key)).collect::<FxHashSet<_>>().into_iter().collect())
        })?;
        Ok((rows, failures))
    }

    /// Takes out of the request what the source does itself.
    fn push<T, K>(&self, request: &mut Request<T, K>, is_split: bool) -> Pushed<T>
    where
        F: Fetch<T, K::Id>,
        T: Model,
        K: Key,
    {
        let source = &self.shared.fetch;
        if let Some(morph) = request.morph.take() {
            let is = Predicate::compare(Comparison::Eq, morph.tag.into());
            let is = Filter::new(Condition::Column(morph.column, is));
            request.filter = Some(match request.filter.take() {
                Some(filter) => is.and(filter),
                None => is,
            });
        }
        let mut pushed = Pushed { filter: None, order: Vec::new(), limit: Limit::None, after: None };
        if request.filter.as_ref().is_some_and(|filter| source.filters(filter)) {
            pushed.filter = request.filter.take();
        }
        // What comes in parts has no order of its own; and which rows come after a key is a matter of the order.
        let is_kept = is_split || (request.after.is_some() && !source.seeks());
        if !is_kept && !request.order.is_empty() && source.orders(&request.order) {
            pushed.order = std::mem::take(&mut request.order);
        }
        if !is_kept && request.order.is_empty() {
            pushed.after = request.after.take();
        }
        let is_last = request.filter.is_none() && request.after.is_none() && request.order.is_empty();
        if request.either.is_none() && is_last && source.limits() {
            pushed.limit = std::mem::take(&mut request.limit);
        }
        pushed
    }

    /// One call.
    async fn fetch<T, K>(
        &self,
        request: &Request<T, K>,
        lookup: Lookup<T, K::Id>,
        rows: &mut Vec<T>,
        failures: &mut Vec<(K, Error)>,
    ) -> Result<()>
    where
        F: Fetch<T, K::Id>,
        T: Model,
        K: Key,
    {
        let started = self.shared.recorders.is_active().then(Instant::now);
        let text = started.map(|_| describe(&lookup));
        let keys = lookup.keys.len();
        let (model, relation) = (T::NAME, request.relation.map(RelationName));
        let fetched = self.shared.fetch.fetch(Lookup { relation: request.relation, ..lookup }).await;
        let failed = |key, source| Error::from(ErrorKind::Fetch { model, relation, key, source });
        let Fetched { rows: more, failures: failing } = fetched.map_err(|error| failed(None, error.into()))?;
        if let (Some(started), Some(text)) = (started, text) {
            self.shared.recorders.write(&Statement {
                sql: text.into(),
                rows: more.len(),
                model,
                relation: request.relation.map(|relation| relation.path()),
                keys,
                duration: started.elapsed(),
            });
        }
        rows.extend(more);
        failures.extend(failing.into_iter().map(|(key, source)| {
            let key = K::of_id(key);
            let error = failed(Some(key::display(&key)), source);
            (key, error)
        }));
        Ok(())
    }
}

/// What the source does itself.
struct Pushed<T: Model> {
    filter: Option<Filter<T>>,
    order: Vec<Order<T>>,
    limit: Limit,
    after: Option<T::Key>,
}

impl<T: Model> Pushed<T> {
    fn lookup<K: Key>(&self, by: Option<By<T, K::Id>>, keys: Vec<K>) -> Lookup<T, K::Id> {
        Lookup {
            by,
            keys: keys.into_iter().map(K::into_id).collect(),
            relation: None,
            filter: self.filter.clone(),
            order: self.order.clone(),
            limit: self.limit,
            after: self.after.clone(),
        }
    }
}

/// As in `books by author_id, limit 3`.
fn describe<T: Model, K>(lookup: &Lookup<T, K>) -> String {
    let text = Request::<T, ()> {
        filter: lookup.filter.clone(),
        order: lookup.order.clone(),
        limit: lookup.limit,
        after: lookup.after.clone(),
        ..Request::new(&[], None)
    };
    text.describe_by(&lookup.by.map(|by| by.fields()).unwrap_or_default())
}

/// Refuses what would be done by reading all rows to keep a few.
fn left_to_do<T: Model, K: Key>(request: &Request<T, K>, about: About) -> Result<()> {
    let what = match request {
        Request { filter: Some(_), .. } => "filter",
        Request { after: Some(_), .. } => "read windows of",
        Request { limit: Limit::Rows { .. }, .. } => "limit",
        _ => return Ok(()),
    };
    let instead = "read by key, or say in its `Fetch` that it `filters`, `orders`, `limits` or `seeks`";
    Err(about.unsupported(format!("{what} rows without reading them all"), instead))
}

/// What the source calls these columns.
fn known<F, T, K>(columns: &[usize], about: About) -> Result<By<T, K::Id>>
where
    F: Fetch<T, K::Id>,
    T: Model,
    K: Key,
{
    F::BY.iter().find(|by| by.positions() == columns).copied().ok_or_else(|| {
        let known: Vec<_> = F::BY.iter().map(|by| format!("`{}`", by.fields())).collect();
        let instead = match known.as_slice() {
            [] => "name the columns that it can in its `Fetch::BY`".to_owned(),
            known => format!("it can by {}; name what else it can in its `Fetch::BY`", known.join(" and by ")),
        };
        about.unsupported(format!("fetch rows by `{}`", fields(T::COLUMNS, columns)), instead)
    })
}

/// Refuses rows of other keys than were asked for: the source has looked elsewhere, or read everything.
fn was_asked<T: Model, K: Key>(row: &T, columns: &[usize], asked: &FxHashSet<K>, about: About) -> Result<()> {
    let key = K::held(row, columns);
    if key.as_ref().is_some_and(|key| asked.contains(key)) {
        return Ok(());
    }
    let (fields, key) = (fields(T::COLUMNS, columns), key.as_ref().map_or_else(|| "null".to_owned(), key::display));
    let source = format!("it gave a row with {fields} = {key}, which was not asked for").into();
    Err(ErrorKind::Fetch { model: T::NAME, relation: about.relation.map(RelationName), key: None, source }.into())
}

/// A source that fetches one model at a time has no other tables to look into.
struct Alone;

impl Tables for Alone {
    fn rows(&self, model: &'static ModelDescriptor, about: About) -> Result<Vec<RowOf<'_>>> {
        let what = format!("look into `{}` for a condition on a relation or an order by one", model.name);
        Err(about.unsupported(what, "load the relation, and look at what is loaded"))
    }
}
