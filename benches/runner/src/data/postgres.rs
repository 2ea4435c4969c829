//! The data in a database of its own on a PostgreSQL server.

use std::io::Write;

use postgres::{Client, NoTls};
use url::Url;

use super::{Cell, Data, INDEXES, SCHEMA, TABLES, rng};
use crate::Result;

/// A server on which databases can be made.
#[derive(Debug, Clone)]
pub struct Server {
    url: Url,
    /// As the server tells it.
    pub version: String,
}

impl Server {
    /// Asks for the version.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub fn new(url: &str) -> Result<Self> {
        let version = Client::connect(url, NoTls)?.query_one("SHOW server_version", &[])?.try_get(0)?;
        Ok(Self { url: url.parse()?, version })
    }

    /// Makes a database, with this data; one that is left from before is dropped.
    ///
    /// # Errors
    /// What the server says.
    pub fn seed(&self, data: &Data) -> Result<Seeded> {
        let name = format!("relations_bench_{}", data.users);
        let seeded = Seeded { server: self.clone(), name };
        seeded.drop_database()?;
        seeded.server.execute(&format!("CREATE DATABASE {}", seeded.name))?;
        let mut client = Client::connect(seeded.url().as_str(), NoTls)?;
        client.batch_execute(&SCHEMA.replace("INTEGER", "BIGINT").replace(" WITHOUT ROWID", ""))?;
        let mut rng = rng();
        for table in TABLES {
            let mut copy = client.copy_in(&format!("COPY {} FROM STDIN", table.name()))?;
            for id in 1..=data.rows(table) {
                writeln!(copy, "{}", line(&data.row(table, id, &mut rng)))?;
            }
            copy.finish()?;
        }
        client.batch_execute(INDEXES)?;
        client.batch_execute("VACUUM ANALYZE")?;
        Ok(seeded)
    }

    fn execute(&self, sql: &str) -> Result<()> {
        Ok(Client::connect(self.url.as_str(), NoTls)?.batch_execute(sql)?)
    }
}

/// A database with data, which is dropped at last.
#[derive(Debug)]
pub struct Seeded {
    server: Server,
    name: String,
}

impl Seeded {
    /// Where it is.
    pub fn url(&self) -> Url {
        let mut url = self.server.url.clone();
        url.set_path(&self.name);
        url
    }

    fn drop_database(&self) -> Result<()> {
        self.server.execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name))
    }
}

impl Drop for Seeded {
    fn drop(&mut self) {
        if let Err(error) = self.drop_database() {
            eprintln!("the database {} is left: {error}", self.name);
        }
    }
}

/// A row as `COPY` reads it. No text of the data has a character that would have to be escaped.
fn line(row: &[Cell]) -> String {
    let words = row.iter().map(|cell| match cell {
        Cell::Int(value) => value.to_string(),
        Cell::Text(value) => value.clone(),
        Cell::Null => "\\N".to_owned(),
    });
    words.collect::<Vec<_>>().join("\t")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_tabs_between_words_and_a_mark_for_null() {
        assert_eq!(line(&[Cell::Int(-1), Cell::Text("a b".into()), Cell::Null]), "-1\ta b\t\\N");
    }
}
