//! Checks the sums of the walk against SQL aggregates over the same database. All are integers and must be equal.

use std::error::Error;

use relations_core::Sqlite;
use rusqlite::Row;

use super::walk::{NationSales, Sales, Sums, best};

const NATIONS: &str = "
    SELECT r_name, n_name, count(DISTINCT c_custkey), count(DISTINCT o_orderkey), count(l_orderkey),
        coalesce(sum(l_extendedprice * (100 - l_discount)), 0),
        coalesce(sum(l_extendedprice * (100 - l_discount) - 100 * ps_supplycost * l_quantity), 0)
    FROM region JOIN nation ON n_regionkey = r_regionkey
        LEFT JOIN customer ON c_nationkey = n_nationkey
        LEFT JOIN orders ON o_custkey = c_custkey
        LEFT JOIN lineitem ON l_orderkey = o_orderkey
        LEFT JOIN partsupp ON ps_partkey = l_partkey AND ps_suppkey = l_suppkey
    GROUP BY r_name, n_name ORDER BY r_name, n_name";

const PARTS: &str = "
    SELECT p_name, count(*), sum(l_extendedprice * (100 - l_discount)) FROM part JOIN lineitem ON l_partkey = p_partkey
    GROUP BY p_partkey ORDER BY 3 DESC, p_partkey";

const SUPPLIERS: &str = "
    SELECT s_name, count(*), sum(l_extendedprice * (100 - l_discount))
    FROM supplier JOIN lineitem ON l_suppkey = s_suppkey GROUP BY s_suppkey ORDER BY 3 DESC, s_suppkey";

/// Compares every nation, every part that was sold and every supplier that sold one.
pub async fn check(db: &Sqlite, sums: &Sums) -> Result<(), Box<dyn Error>> {
    let nations = query(db, NATIONS, |row| {
        Ok(NationSales {
            region: row.get(0)?,
            nation: row.get(1)?,
            customers: row.get(2)?,
            orders: row.get(3)?,
            items: row.get(4)?,
            revenue: row.get(5)?,
            profit: row.get(6)?,
        })
    });
    let sales = |row: &Row<'_>| Ok(Sales { name: row.get(0)?, items: row.get(1)?, revenue: row.get(2)? });
    same("nations", &sums.nations, &nations.await?)?;
    same("parts", &best(&sums.parts, usize::MAX), &query(db, PARTS, sales).await?)?;
    same("suppliers", &best(&sums.suppliers, usize::MAX), &query(db, SUPPLIERS, sales).await?)
}

async fn query<T: Send + 'static>(
    db: &Sqlite,
    sql: &'static str,
    read: impl Fn(&Row<'_>) -> rusqlite::Result<T> + Send + 'static,
) -> relations_core::Result<Vec<T>> {
    db.connection(move |connection| connection.prepare(sql)?.query_map((), read)?.collect()).await
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, walked: &[T], summed: &[T]) -> Result<(), Box<dyn Error>> {
    if walked.len() != summed.len() {
        return Err(format!("{} {what} in the walk, {} in SQL", walked.len(), summed.len()).into());
    }
    match walked.iter().zip(summed).find(|(walked, summed)| walked != summed) {
        Some((walked, summed)) => Err(format!("{what} differ: {walked:?} in the walk, {summed:?} in SQL").into()),
        None => Ok(()),
    }
}
