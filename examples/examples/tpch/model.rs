//! The eight tables of TPC-H as models. A model names the columns it reads; the tables hold some more.
//!
//! Money is `i64` in cents; discounts are `i64` in hundredths; dates are text, year first, and so sort as dates.

use relations_core::{BelongsTo, HasMany, Relations};

#[derive(Debug, Clone, Relations)]
#[relations(table = "region")]
pub struct Region {
    #[relations(key, column = "r_regionkey")]
    pub region_key: i64,
    #[relations(column = "r_name")]
    pub name: String,

    #[has_many(foreign_key = region_key, inverse = region, order_by(name))]
    pub nations: HasMany<Nation>,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "nation")]
pub struct Nation {
    #[relations(key, column = "n_nationkey")]
    pub nation_key: i64,
    #[relations(column = "n_name")]
    pub name: String,
    #[relations(column = "n_regionkey")]
    pub region_key: i64,

    #[belongs_to(foreign_key = region_key)]
    pub region: BelongsTo<Region>,
    #[has_many(foreign_key = nation_key, inverse = nation)]
    pub customers: HasMany<Customer>,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "customer")]
pub struct Customer {
    #[relations(key, column = "c_custkey")]
    pub customer_key: i64,
    #[relations(column = "c_name")]
    pub name: String,
    #[relations(column = "c_nationkey")]
    pub nation_key: i64,
    #[relations(column = "c_acctbal")]
    pub balance: i64,

    #[belongs_to(foreign_key = nation_key)]
    pub nation: BelongsTo<Nation>,
    #[has_many(foreign_key = customer_key, inverse = customer)]
    pub orders: HasMany<Order>,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "orders")]
pub struct Order {
    #[relations(key, column = "o_orderkey")]
    pub order_key: i64,
    #[relations(column = "o_custkey")]
    pub customer_key: i64,
    /// `F` for finished, `O` for open, `P` for partly shipped.
    #[relations(column = "o_orderstatus")]
    pub status: String,
    #[relations(column = "o_totalprice")]
    pub total_price: i64,
    #[relations(column = "o_orderdate")]
    pub date: String,

    #[belongs_to(foreign_key = customer_key)]
    pub customer: BelongsTo<Customer>,
    #[has_many(foreign_key = order_key, inverse = order, order_by(line_number))]
    pub line_items: HasMany<LineItem>,
}

/// Has a composite key of its own, and one composite foreign key among the single ones.
#[derive(Debug, Clone, Relations)]
#[relations(table = "lineitem")]
pub struct LineItem {
    #[relations(key, column = "l_orderkey")]
    pub order_key: i64,
    #[relations(key, column = "l_linenumber")]
    pub line_number: i64,
    #[relations(column = "l_partkey")]
    pub part_key: i64,
    #[relations(column = "l_suppkey")]
    pub supplier_key: i64,
    #[relations(column = "l_quantity")]
    pub quantity: i64,
    #[relations(column = "l_extendedprice")]
    pub extended_price: i64,
    #[relations(column = "l_discount")]
    pub discount: i64,

    #[belongs_to(foreign_key = order_key)]
    pub order: BelongsTo<Order>,
    #[belongs_to(foreign_key = part_key)]
    pub part: BelongsTo<Part>,
    #[belongs_to(foreign_key = supplier_key)]
    pub supplier: BelongsTo<Supplier>,
    #[belongs_to(foreign_key = (part_key, supplier_key))]
    pub part_supp: BelongsTo<PartSupp>,
}

impl LineItem {
    /// What the customer pays before tax: cents times hundredths, so ten-thousandths of a dollar, exactly.
    pub fn revenue(&self) -> i64 {
        self.extended_price * (100 - self.discount)
    }
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "part")]
pub struct Part {
    #[relations(key, column = "p_partkey")]
    pub part_key: i64,
    #[relations(column = "p_name")]
    pub name: String,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "supplier")]
pub struct Supplier {
    #[relations(key, column = "s_suppkey")]
    pub supplier_key: i64,
    #[relations(column = "s_name")]
    pub name: String,
    #[relations(column = "s_nationkey")]
    pub nation_key: i64,

    #[belongs_to(foreign_key = nation_key)]
    pub nation: BelongsTo<Nation>,
}

/// What a supplier asks for a part.
#[derive(Debug, Clone, Relations)]
#[relations(table = "partsupp")]
pub struct PartSupp {
    #[relations(key, column = "ps_partkey")]
    pub part_key: i64,
    #[relations(key, column = "ps_suppkey")]
    pub supplier_key: i64,
    #[relations(column = "ps_supplycost")]
    pub supply_cost: i64,
}
