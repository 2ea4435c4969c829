//! A shop and its statistics, in two databases: one tree, each statement at the database that holds the rows. Both have a
//! table `products`, and they never mix. `cargo run --example two_databases`
//!
//! It prints:
//! ```text
//! == Orders
//! Ann: 2 x lamp, 1 x desk
//! Ann: 4 x chair
//! Bob: 1 x chair
//! statements to shop: Customer, Customer.orders, Order.products
//! statements to statistics: Order.products
//!
//! == The longest visit of each customer, and then all that they have seen
//! Ann has looked at the desk for 95 s
//! Bob has looked at the lamp for 30 s
//! statements to shop: Customer, Visit.product
//! statements to statistics: Customer.visits
//! Ann: desk, lamp
//! Bob: lamp, chair
//! statements to shop: Visit.product
//! statements to statistics: Customer.visits
//!
//! == Counts and conditions
//! lamp: 2 visits
//! desk: 2 visits
//! chair: 1 visits
//! Product.visits leads to `Visit`, held by `App.statistics`,
//!     but the statement reads `Product` from `App.shop`, and one statement reads one source;
//!     load the relation, and look at what is loaded
//! statements to shop: Product
//! statements to statistics: Product.visits
//! ```

use relations_core::{
    BelongsTo, HasMany, HasManyThrough, ManyToMany, Relations, Sources, Sqlite, StatementLog, block_on,
};

#[derive(Debug, Relations)]
pub struct Customer {
    pub id: i64,
    pub name: String,
    #[has_many(inverse = customer)]
    pub orders: HasMany<Order>,
    #[has_many(order_by(id desc), inverse = customer)]
    pub visits: HasMany<Visit>,
    #[has_many(through = visits.product)]
    pub seen: HasManyThrough<Product>,
}

#[derive(Debug, Relations)]
pub struct Order {
    pub id: i64,
    pub customer_id: i64,
    #[belongs_to]
    pub customer: BelongsTo<Customer>,
    #[many_to_many]
    pub products: ManyToMany<Product, Line>,
}

/// So many of a product, in an order.
#[derive(Debug, Relations)]
pub struct Line {
    pub id: i64,
    pub order_id: i64,
    pub product_id: i64,
    pub quantity: i64,
    #[belongs_to]
    pub order: BelongsTo<Order>,
    #[belongs_to]
    pub product: BelongsTo<Product>,
}

#[derive(Debug, Relations)]
pub struct Product {
    pub id: i64,
    pub name: String,
    #[has_many(inverse = product)]
    pub visits: HasMany<Visit>,
}

/// A customer has looked at a product.
#[derive(Debug, Relations)]
pub struct Visit {
    pub id: i64,
    pub customer_id: i64,
    pub product_id: i64,
    pub seconds: i64,
    #[belongs_to]
    pub customer: BelongsTo<Customer>,
    #[belongs_to]
    pub product: BelongsTo<Product>,
}

/// Which database holds which models.
#[derive(Sources)]
struct App {
    #[holds(Customer, Order, Product)]
    shop: Sqlite,
    #[holds(Visit, Line)]
    statistics: Sqlite,
}

const SHOP: &str = "
    CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL);
    CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    INSERT INTO customers VALUES (1, 'Ann'), (2, 'Bob');
    INSERT INTO orders VALUES (1, 1), (2, 1), (3, 2);
    INSERT INTO products VALUES (1, 'lamp'), (2, 'desk'), (3, 'chair');";

/// With a copy of the products, as they were called once.
const STATISTICS: &str = "
    CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE visits (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL, product_id INTEGER NOT NULL,
        seconds INTEGER NOT NULL);
    CREATE TABLE lines (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL, product_id INTEGER NOT NULL,
        quantity INTEGER NOT NULL);
    INSERT INTO products VALUES (1, 'old lamp'), (2, 'old desk'), (4, 'old shelf');
    INSERT INTO visits VALUES (1, 1, 1, 40), (2, 1, 2, 95), (3, 2, 3, 10), (4, 1, 2, 20), (5, 2, 1, 30);
    INSERT INTO lines VALUES (1, 1, 1, 2), (2, 1, 2, 1), (3, 2, 3, 4), (4, 3, 3, 1);";

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> Outcome {
    let app = App { shop: Sqlite::memory()?, statistics: Sqlite::memory()? };
    block_on(async {
        app.shop.connection(|connection| connection.execute_batch(SHOP)).await?;
        app.statistics.connection(|connection| connection.execute_batch(STATISTICS)).await?;
        lazily(&app).await?;
        eagerly(&app).await?;
        one_statement(&app).await
    })
}

/// Plain loops: what is read for all rows at once is read from wherever it is.
async fn lazily(app: &App) -> Outcome {
    println!("== Orders");
    let logs = record(app);
    for customer in &Customer::all(app).await? {
        for order in &customer.orders(app).await? {
            let products = order.products(app).await?;
            let lines: Vec<_> =
                products.pivots().map(|(it, line)| format!("{} x {}", line.quantity, it.name)).collect();
            println!("{}: {}", order.customer(app).await?.name, lines.join(", "));
        }
    }
    print_statements(&logs);
    Ok(())
}

/// One tree: filter, order and limit hold for each customer, whichever database has the rows.
async fn eagerly(app: &App) -> Outcome {
    println!("\n== The longest visit of each customer, and then all that they have seen");
    let logs = record(app);
    let longest = Customer::VISITS.order_by(Visit::SECONDS.desc()).limit(1).with(Visit::PRODUCT);
    let customers = Customer::query().with(longest).all(app).await?;
    for customer in &customers {
        for visit in customer.visits.get_partial()? {
            let product = visit.product.get()?;
            println!("{} has looked at the {} for {} s", customer.name, product.name, visit.seconds);
        }
    }
    print_statements(&logs);
    let logs = record(app);
    for customer in &customers {
        let seen: Vec<_> = customer.seen(app).await?.iter().map(|product| product.name.clone()).collect();
        println!("{}: {}", customer.name, seen.join(", "));
    }
    print_statements(&logs);
    Ok(())
}

/// One statement reads one database: what is counted there is, what would need both is refused.
async fn one_statement(app: &App) -> Outcome {
    println!("\n== Counts and conditions");
    let logs = record(app);
    let products = Product::all(app).await?;
    let counts = products.counts(Product::VISITS, app).await?;
    for (product, visits) in products.iter().zip(counts) {
        println!("{}: {visits} visits", product.name);
    }
    if let Err(error) = Product::query().filter(Product::VISITS.exists()).all(app).await {
        println!("{}", error.to_string().replace(", but", ",\n    but").replace("; load", ";\n    load"));
    }
    print_statements(&logs);
    Ok(())
}

/// A log for each database.
fn record(app: &App) -> [(&'static str, StatementLog); 2] {
    [("shop", app.shop.record()), ("statistics", app.statistics.record())]
}

fn print_statements(logs: &[(&str, StatementLog)]) {
    for (database, log) in logs {
        let statements = log.statements();
        let sent: Vec<_> = statements.iter().map(|statement| statement.name()).collect();
        println!("statements to {database}: {}", sent.join(", "));
    }
}
