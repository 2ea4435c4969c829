//! The eager form: a tree of relations, asked for at once, each narrowed on its own.

use std::error::Error;

use relations_core::{Many, Relations, Sqlite};

use super::model::{Customer, LineItem, Nation, Order, Supplier};
use super::report::money;

/// Of two nations the two richest customers, of each the two dearest finished orders, of each the dearest item.
async fn load(db: &Sqlite) -> relations_core::Result<Many<Nation>> {
    let item = Order::LINE_ITEMS
        .order_by(LineItem::EXTENDED_PRICE.desc())
        .limit(1)
        .with(LineItem::PART)
        .with(LineItem::SUPPLIER.with(Supplier::NATION));
    let order = Customer::ORDERS.filter(Order::STATUS.eq("F")).order_by(Order::TOTAL_PRICE.desc()).limit(2).with(item);
    Nation::query()
        .filter(Nation::NAME.is_in(["KENYA", "PERU"]))
        .order_by(Nation::NAME.asc())
        .with(Nation::CUSTOMERS.order_by(Customer::BALANCE.desc()).limit(2).with(order))
        .all(db)
        .await
}

/// Loads the tree and prints it; from here on nothing is read from the database.
pub async fn print(db: &Sqlite) -> Result<(), Box<dyn Error>> {
    let log = db.record();
    let nations = load(db).await?;
    let statements = log.statements();
    for nation in &nations {
        println!("{}", nation.name);
        for customer in nation.customers.get_partial()? {
            println!("  {}, balance {}", customer.name, money(customer.balance));
            let orders = customer.orders.get_partial()?;
            if orders.is_empty() {
                println!("    no finished order");
            }
            for order in orders {
                println!("    order {} of {}, {}", order.order_key, order.date, money(order.total_price));
                for item in order.line_items.get_partial()? {
                    let (part, supplier) = (item.part.get()?, item.supplier.get()?);
                    let from = supplier.nation.get()?;
                    println!("      {} x {}, by {} of {}", item.quantity, part.name, supplier.name, from.name);
                }
            }
        }
    }
    println!("\n{} statements, one for each relation of the tree and one for the nations:", statements.len());
    for statement in &statements {
        let name = statement.name();
        println!("  {name:<22}{:>4} keys{:>4} rows", statement.keys, statement.rows);
    }
    Ok(())
}
