//! The walk: nested loops over lazy relations, from regions down to parts and suppliers.

use std::collections::HashMap;

use relations_core::{Relations, Result, Sqlite};

use super::model::{LineItem, Region};

/// What was sold, in ten-thousandths of a dollar: see [`LineItem::revenue`].
pub type Amount = i64;

/// What the customers of one nation bought.
#[derive(Debug, Default, PartialEq)]
pub struct NationSales {
    pub region: String,
    pub nation: String,
    pub customers: i64,
    pub orders: i64,
    pub items: i64,
    pub revenue: Amount,
    /// Revenue less what the suppliers ask.
    pub profit: Amount,
}

impl NationSales {
    pub fn of(region: &str, nation: &str) -> Self {
        Self { region: region.to_owned(), nation: nation.to_owned(), ..Self::default() }
    }
}

/// What was sold of one part, or by one supplier.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sales {
    pub name: String,
    pub items: i64,
    pub revenue: Amount,
}

impl Sales {
    fn add(&mut self, name: &str, item: &LineItem) {
        if self.name.is_empty() {
            name.clone_into(&mut self.name);
        }
        self.items += 1;
        self.revenue += item.revenue();
    }
}

/// How often each relation was read, save where an inverse had filled it. Row by row, each would be a statement, as
/// each window of customers is anyhow.
#[derive(Debug, Default)]
pub struct Reads {
    pub nations: u64,
    pub customers: u64,
    pub orders: u64,
    pub line_items: u64,
    pub parts: u64,
    pub suppliers: u64,
    pub part_supps: u64,
}

/// All that the walk found.
#[derive(Debug, Default)]
pub struct Sums {
    pub nations: Vec<NationSales>,
    pub parts: HashMap<i64, Sales>,
    pub suppliers: HashMap<i64, Sales>,
    pub reads: Reads,
}

/// Walks all of the database, a number of customers at a time.
///
/// A row that is held keeps what was loaded into it, so plain loops all the way down would end up with the whole
/// database in memory. The customers of a nation therefore come in windows: each is let go with its orders and their
/// items before the next is read. Rows are batched within a window, so a larger one sends fewer statements.
pub async fn walk(db: &Sqlite, window: u32) -> Result<Sums> {
    let mut sums = Sums::default();
    for region in &Region::query().order_by(Region::NAME.asc()).all(db).await? {
        sums.reads.nations += 1;
        for nation in &region.nations(db).await? {
            // No statement, ever: loading the nations of a region has filled their `region`, the inverse.
            let region = nation.region(db).await?;
            let mut sales = NationSales::of(&region.name, &nation.name);
            let mut customers = nation.customers_query().windows(window, db);
            while let Some(customers) = customers.next().await? {
                sums.reads.customers += 1;
                for customer in &customers {
                    sales.customers += 1;
                    sums.reads.orders += 1;
                    for order in &customer.orders(db).await? {
                        sales.orders += 1;
                        sums.reads.line_items += 1;
                        for item in &order.line_items(db).await? {
                            add_item(db, item, &mut sales, &mut sums).await?;
                        }
                    }
                }
            }
            sums.nations.push(sales);
        }
    }
    Ok(sums)
}

/// The innermost step: a line item leads to three rows, one of them by a composite foreign key.
async fn add_item(db: &Sqlite, item: &LineItem, sales: &mut NationSales, sums: &mut Sums) -> Result<()> {
    sums.reads.parts += 1;
    let part = item.part(db).await?;
    sums.reads.suppliers += 1;
    let supplier = item.supplier(db).await?;
    sums.reads.part_supps += 1;
    let part_supp = item.part_supp(db).await?;

    sales.items += 1;
    sales.revenue += item.revenue();
    sales.profit += item.revenue() - 100 * part_supp.supply_cost * item.quantity;
    sums.parts.entry(part.part_key).or_default().add(&part.name, item);
    sums.suppliers.entry(supplier.supplier_key).or_default().add(&supplier.name, item);
    Ok(())
}

/// The best by revenue; the smaller key where two are equal.
pub fn best(sales: &HashMap<i64, Sales>, count: usize) -> Vec<Sales> {
    let mut ranking: Vec<_> = sales.iter().collect();
    ranking.sort_by_key(|(key, sales)| (std::cmp::Reverse(sales.revenue), **key));
    ranking.into_iter().take(count).map(|(_, sales)| sales.clone()).collect()
}
