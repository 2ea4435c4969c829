//! TPC-H by plain nested loops: builds the database, walks all of it, checks the sums against SQL.
//! `cargo run --release --example tpch -- --scale 0.1`

use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;

use clap::Parser;
use relations_core::{Sqlite, block_on};

mod build;
mod check;
mod model;
mod report;
mod tree;
mod walk;

use report::grouped;
use walk::Sums;

/// Walks a TPC-H database by plain nested loops, and counts the statements that takes.
#[derive(Parser)]
struct Options {
    /// The scale factor: 0.01 is 87 thousand rows, 1 is 8.7 million.
    #[arg(long, default_value_t = 0.01, value_parser = scale)]
    scale: f64,
    /// Where to build the database. One that was built there before is read as it is, whatever its scale.
    /// Without this, a temporary file.
    #[arg(long)]
    file: Option<PathBuf>,
    /// How many customers are held in memory at a time, with all that belongs to them.
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..))]
    window: u32,
    /// Walk once more with a statement for every read of a relation, to compare.
    #[arg(long)]
    row_by_row: bool,
}

fn scale(text: &str) -> Result<f64, String> {
    let scale: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if (0.001..=100.0).contains(&scale) { Ok(scale) } else { Err("give a number from 0.001 to 100".to_owned()) }
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let temporary = Temporary(std::env::temp_dir().join(format!("relations-tpch-{}.db", std::process::id())));
    let file = options.file.as_ref().unwrap_or(&temporary.0);
    block_on(async {
        // There is no other work to do meanwhile, so everything runs on this thread: a short read takes less that way.
        let db = Sqlite::builder(file).inline().open()?;
        if !build::is_built(&db).await? {
            let started = Instant::now();
            let rows = grouped(build::build(&db, options.scale).await?);
            println!("built scale {} in {:.2?}: {rows} rows\n", options.scale, started.elapsed());
        }
        let sums = walk(&db, options.window).await?;
        if options.row_by_row {
            let db = Sqlite::builder(file).inline().batch_limit(1).open()?;
            walk_row_by_row(&db, options.window, &sums).await?;
        }
        tree::print(&db).await
    })
}

/// Walks, prints what was found, and checks it.
async fn walk(db: &Sqlite, window: u32) -> Result<Sums, Box<dyn Error>> {
    let log = db.record();
    let started = Instant::now();
    let sums = walk::walk(db, window).await?;
    let walked = started.elapsed();
    report::print_sales(&sums);
    println!("\nwalked in {walked:.2?}, at most {} customers at a time\n", grouped(window));
    report::print_statements(&log.statements(), &sums.reads);

    let started = Instant::now();
    check::check(db, &sums).await?;
    let checked = [sums.nations.len(), sums.parts.len(), sums.suppliers.len()].map(grouped);
    let [nations, parts, suppliers] = checked;
    println!("\nchecked in {:.2?}: SQL finds the same sums for", started.elapsed());
    println!("{nations} nations, {parts} parts and {suppliers} suppliers, to the last cent\n");
    Ok(sums)
}

/// The same walk where every read of a relation is a statement, as if rows did not know their peers.
async fn walk_row_by_row(db: &Sqlite, window: u32, expected: &Sums) -> Result<(), Box<dyn Error>> {
    let log = db.record();
    let started = Instant::now();
    let sums = walk::walk(db, window).await?;
    let (walked, statements) = (started.elapsed(), grouped(log.statements().len()));
    if sums.nations != expected.nations {
        return Err("the walk row by row found something else".into());
    }
    println!("row by row, the same walk took {walked:.2?} and {statements} statements\n");
    Ok(())
}

/// A database file that goes when the program ends, with the files that SQLite keeps beside it.
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm"] {
            let mut name = self.0.clone().into_os_string();
            name.push(suffix);
            // It is not there if `--file` was given.
            let _ = std::fs::remove_file(name);
        }
    }
}
