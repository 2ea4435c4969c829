//! Prints what was found as tables. Sums are exact; they are rounded to dollars only here.

use std::collections::BTreeMap;

use relations_core::Statement;

use super::walk::{Amount, NationSales, Reads, Sales, Sums, best};

/// Prints the sales of each nation and region, then the parts and suppliers that sold best.
pub fn print_sales(sums: &Sums) {
    println!(
        "{:<28}{:>10}{:>10}{:>11}{:>18}{:>18}",
        "region / nation", "customers", "orders", "items", "revenue ($)", "profit ($)"
    );
    for nations in sums.nations.chunk_by(|before, after| before.region == after.region) {
        let region = &nations[0].region;
        let mut total = NationSales::of(region, "");
        for nation in nations {
            total.customers += nation.customers;
            total.orders += nation.orders;
            total.items += nation.items;
            total.revenue += nation.revenue;
            total.profit += nation.profit;
        }
        print_nation(region, &total);
        for nation in nations {
            print_nation(&format!("  {}", nation.nation), nation);
        }
    }
    print_best("part", &best(&sums.parts, 5));
    print_best("supplier", &best(&sums.suppliers, 5));
}

fn print_nation(name: &str, sales: &NationSales) {
    println!(
        "{name:<28}{:>10}{:>10}{:>11}{:>18}{:>18}",
        grouped(sales.customers),
        grouped(sales.orders),
        grouped(sales.items),
        dollars(sales.revenue),
        dollars(sales.profit)
    );
}

fn print_best(what: &str, ranking: &[Sales]) {
    println!("\n{:<59}{:>18}{:>18}", format!("best {what}s"), "items", "revenue ($)");
    for sales in ranking {
        println!("  {:<57}{:>18}{:>18}", sales.name, grouped(sales.items), dollars(sales.revenue));
    }
}

/// The statements that reading row by row takes: the regions, and then one for each read of a relation.
fn row_by_row(reads: &Reads) -> [(&'static str, u64); 8] {
    [
        ("Region", 1),
        ("Region.nations", reads.nations),
        ("Nation.customers", reads.customers),
        ("Customer.orders", reads.orders),
        ("Order.line_items", reads.line_items),
        ("LineItem.part", reads.parts),
        ("LineItem.supplier", reads.suppliers),
        ("LineItem.part_supp", reads.part_supps),
    ]
}

/// Prints the statements that were sent for each relation, beside those that reading row by row takes.
pub fn print_statements(statements: &[Statement], reads: &Reads) {
    let single = row_by_row(reads);
    let mut sent: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for statement in statements {
        let name = statement.name();
        let [count, keys, rows] = sent.entry(name).or_default();
        *count += 1;
        *keys += statement.keys;
        *rows += statement.rows;
    }
    println!("{:<28}{:>12}{:>14}{:>14}{:>18}", "relation", "statements", "keys", "rows", "row by row");
    for (name, reads) in single {
        print_sent(name, sent.remove(name).unwrap_or_default(), reads);
    }
    // Nothing is left, as long as the list above is complete.
    for (name, counts) in sent {
        print_sent(name, counts, 0);
    }
    let keys = statements.iter().map(|statement| statement.keys).sum();
    let rows = statements.iter().map(|statement| statement.rows).sum();
    print_sent("together", [statements.len(), keys, rows], single.iter().map(|(_, reads)| reads).sum());
}

fn print_sent(name: &str, [count, keys, rows]: [usize; 3], single: u64) {
    let [count, keys, rows] = [count, keys, rows].map(grouped);
    println!("{name:<28}{count:>12}{keys:>14}{rows:>14}{:>18}", grouped(single));
}

/// Ten-thousandths of a dollar as dollars, rounded.
fn dollars(amount: Amount) -> String {
    grouped((amount + 5_000 * amount.signum()) / 10_000)
}

/// Cents as dollars.
pub fn money(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", grouped(cents.abs() / 100), cents.abs() % 100)
}

/// A number with its thousands set apart.
pub fn grouped(number: impl ToString) -> String {
    let text = number.to_string();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
    let mut out = sign.to_owned();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
