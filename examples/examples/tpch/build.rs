//! Builds the database: the tables, the rows from `tpchgen`, the indexes, all in one transaction.
//!
//! Comments, addresses and the like are left out: nothing here reads them.

use std::error::Error;

use indicatif::{ProgressBar, ProgressStyle};
use relations_core::Sqlite;
use rusqlite::{Statement, Transaction, params};
use tpchgen::distribution::Distributions;
use tpchgen::generators::{
    CustomerGenerator, LineItemGenerator, NationGenerator, OrderGenerator, PartGenerator, PartSuppGenerator,
    RegionGenerator, SupplierGenerator,
};
use tpchgen::text::TextPool;

const TABLES: &str = "
    CREATE TABLE region (r_regionkey INTEGER PRIMARY KEY, r_name TEXT NOT NULL);
    CREATE TABLE nation (n_nationkey INTEGER PRIMARY KEY, n_name TEXT NOT NULL, n_regionkey INTEGER NOT NULL);
    CREATE TABLE supplier (s_suppkey INTEGER PRIMARY KEY, s_name TEXT NOT NULL, s_nationkey INTEGER NOT NULL,
        s_acctbal INTEGER NOT NULL);
    CREATE TABLE part (p_partkey INTEGER PRIMARY KEY, p_name TEXT NOT NULL, p_brand TEXT NOT NULL,
        p_retailprice INTEGER NOT NULL);
    CREATE TABLE partsupp (ps_partkey INTEGER NOT NULL, ps_suppkey INTEGER NOT NULL, ps_availqty INTEGER NOT NULL,
        ps_supplycost INTEGER NOT NULL, PRIMARY KEY (ps_partkey, ps_suppkey)) WITHOUT ROWID;
    CREATE TABLE customer (c_custkey INTEGER PRIMARY KEY, c_name TEXT NOT NULL, c_nationkey INTEGER NOT NULL,
        c_acctbal INTEGER NOT NULL, c_mktsegment TEXT NOT NULL);
    CREATE TABLE orders (o_orderkey INTEGER PRIMARY KEY, o_custkey INTEGER NOT NULL, o_orderstatus TEXT NOT NULL,
        o_totalprice INTEGER NOT NULL, o_orderdate TEXT NOT NULL);
    CREATE TABLE lineitem (l_orderkey INTEGER NOT NULL, l_linenumber INTEGER NOT NULL, l_partkey INTEGER NOT NULL,
        l_suppkey INTEGER NOT NULL, l_quantity INTEGER NOT NULL, l_extendedprice INTEGER NOT NULL,
        l_discount INTEGER NOT NULL, l_tax INTEGER NOT NULL, l_shipdate TEXT NOT NULL,
        PRIMARY KEY (l_orderkey, l_linenumber)) WITHOUT ROWID;";

/// Every foreign key. `l_orderkey` and `ps_partkey` come first in their tables' primary keys.
const INDEXES: &str = "
    CREATE INDEX nation_region ON nation (n_regionkey);
    CREATE INDEX supplier_nation ON supplier (s_nationkey);
    CREATE INDEX partsupp_supplier ON partsupp (ps_suppkey);
    CREATE INDEX customer_nation ON customer (c_nationkey);
    CREATE INDEX orders_customer ON orders (o_custkey);
    CREATE INDEX lineitem_partsupp ON lineitem (l_partkey, l_suppkey);
    CREATE INDEX lineitem_supplier ON lineitem (l_suppkey);";

/// Whether the file holds a database that was built before.
pub async fn is_built(db: &Sqlite) -> Result<bool, Box<dyn Error>> {
    let sql = "SELECT count(*) FROM sqlite_schema WHERE name = 'lineitem_supplier'";
    let found: i64 = db.connection(|connection| connection.query_row(sql, (), |row| row.get(0))).await?;
    Ok(found > 0)
}

/// Builds the database at a scale factor, and returns the number of rows.
pub async fn build(db: &Sqlite, scale: f64) -> Result<u64, Box<dyn Error>> {
    let rows = db
        .connection(move |connection| {
            let filling = Filling { transaction: connection.transaction()?, scale, bar: bar(scale) };
            filling.transaction.execute_batch(TABLES)?;
            let distributions = Distributions::static_default();
            // The generator's own pool of text has 300 MB; as comments are left out, a small one does.
            let text = TextPool::new(1 << 20, distributions);
            filling.places(distributions, &text)?;
            filling.supply(distributions, &text)?;
            filling.demand(distributions, &text)?;
            let Filling { transaction, bar, .. } = filling;
            transaction.execute_batch(INDEXES)?;
            transaction.commit()?;
            // Finishing sets the position to the length, which was an estimate.
            let rows = bar.position();
            bar.finish_and_clear();
            Ok(rows)
        })
        .await?;
    Ok(rows)
}

/// A bar over all rows. The number of line items is known when they are made: four to an order, more or less.
fn bar(scale: f64) -> ProgressBar {
    let suppliers = SupplierGenerator::calculate_row_count(scale, 1, 1);
    let parts = PartGenerator::calculate_row_count(scale, 1, 1);
    let customers = CustomerGenerator::calculate_row_count(scale, 1, 1);
    let orders = OrderGenerator::calculate_row_count(scale, 1, 1);
    let rows = 5 + 25 + suppliers + 5 * parts + customers + 5 * orders;
    let style = ProgressStyle::with_template("{wide_bar} {human_pos} of {human_len} rows, {eta} left");
    ProgressBar::new(rows.unsigned_abs()).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// A database while it is being filled.
struct Filling<'a> {
    transaction: Transaction<'a>,
    scale: f64,
    bar: ProgressBar,
}

impl Filling<'_> {
    fn places(&self, distributions: &Distributions, text: &TextPool) -> rusqlite::Result<()> {
        let regions = RegionGenerator::new_with_distributions_and_text_pool(distributions, text);
        self.insert("INSERT INTO region VALUES (?1, ?2)", regions.iter(), |statement, row| {
            statement.execute(params![row.r_regionkey, row.r_name])
        })?;
        let nations = NationGenerator::new_with_distributions_and_text_pool(distributions, text);
        self.insert("INSERT INTO nation VALUES (?1, ?2, ?3)", nations.iter(), |statement, row| {
            statement.execute(params![row.n_nationkey, row.n_name, row.n_regionkey])
        })
    }

    fn supply(&self, distributions: &Distributions, text: &TextPool) -> rusqlite::Result<()> {
        let suppliers = SupplierGenerator::new_with_distributions_and_text_pool(self.scale, 1, 1, distributions, text);
        self.insert("INSERT INTO supplier VALUES (?1, ?2, ?3, ?4)", suppliers.iter(), |statement, row| {
            statement.execute(params![row.s_suppkey, row.s_name.to_string(), row.s_nationkey, row.s_acctbal.0])
        })?;
        let parts = PartGenerator::new_with_distributions_and_text_pool(self.scale, 1, 1, distributions, text);
        self.insert("INSERT INTO part VALUES (?1, ?2, ?3, ?4)", parts.iter(), |statement, row| {
            let (name, brand) = (row.p_name.to_string(), row.p_brand.to_string());
            statement.execute(params![row.p_partkey, name, brand, row.p_retailprice.0])
        })?;
        let offers = PartSuppGenerator::new_with_text_pool(self.scale, 1, 1, text);
        // Where there are few suppliers, the generator names some of them twice for one part.
        self.insert("INSERT OR IGNORE INTO partsupp VALUES (?1, ?2, ?3, ?4)", offers.iter(), |statement, row| {
            statement.execute(params![row.ps_partkey, row.ps_suppkey, row.ps_availqty, row.ps_supplycost.0])
        })
    }

    fn demand(&self, distributions: &Distributions, text: &TextPool) -> rusqlite::Result<()> {
        let customers = CustomerGenerator::new_with_distributions_and_text_pool(self.scale, 1, 1, distributions, text);
        self.insert("INSERT INTO customer VALUES (?1, ?2, ?3, ?4, ?5)", customers.iter(), |statement, row| {
            let name = row.c_name.to_string();
            statement.execute(params![row.c_custkey, name, row.c_nationkey, row.c_acctbal.0, row.c_mktsegment])
        })?;
        let orders = OrderGenerator::new_with_distributions_and_text_pool(self.scale, 1, 1, distributions, text);
        self.insert("INSERT INTO orders VALUES (?1, ?2, ?3, ?4, ?5)", orders.iter(), |statement, row| {
            let (status, date) = (row.o_orderstatus.as_str(), row.o_orderdate.to_string());
            statement.execute(params![row.o_orderkey, row.o_custkey, status, row.o_totalprice.0, date])
        })?;
        let items = LineItemGenerator::new_with_distributions_and_text_pool(self.scale, 1, 1, distributions, text);
        let insert = "INSERT INTO lineitem VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        self.insert(insert, items.iter(), |statement, row| {
            let (price, discount, tax) = (row.l_extendedprice.0, row.l_discount.0, row.l_tax.0);
            let keys = (row.l_orderkey, row.l_linenumber, row.l_partkey, row.l_suppkey);
            let shipped = row.l_shipdate.to_string();
            statement.execute(params![keys.0, keys.1, keys.2, keys.3, row.l_quantity, price, discount, tax, shipped])
        })
    }

    /// Inserts rows by one prepared statement.
    fn insert<T>(
        &self,
        sql: &str,
        rows: impl Iterator<Item = T>,
        insert: impl Fn(&mut Statement<'_>, T) -> rusqlite::Result<usize>,
    ) -> rusqlite::Result<()> {
        let mut statement = self.transaction.prepare(sql)?;
        for row in rows {
            self.bar.inc(insert(&mut statement, row)? as u64);
        }
        Ok(())
    }
}
