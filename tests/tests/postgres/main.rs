//! What is PostgreSQL's own: its types, texts, plans, transactions and connections. The behaviours that all sources share
//! are tested in `behaviour`. Needs a server, whose URL is in `RELATIONS_TEST_POSTGRES_URL`.

mod connections;
mod early;
mod pipelining;
mod proxy;
mod reads;
mod shapes;
mod transactions;
mod types;

use std::pin::Pin;
use std::task::{Context, Poll};

use relations_core::{Postgres, PostgresBuilder, StatementLog};
use tokio_postgres::Config;

/// A configuration whose connections see a new, empty schema of this name; nothing without a server.
async fn config(schema: &str) -> Option<Config> {
    let Ok(url) = std::env::var("RELATIONS_TEST_POSTGRES_URL") else {
        eprintln!("SKIPPED: set RELATIONS_TEST_POSTGRES_URL to run the tests on PostgreSQL");
        return None;
    };
    let client = Postgres::connect(&url).await.unwrap().client().await.unwrap();
    let make = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
    client.batch_execute(&make).await.unwrap();
    let mut config: Config = url.parse().unwrap();
    config.options(format!("-c search_path={schema} -c client_min_messages=warning")).application_name(schema);
    Some(config)
}

/// A builder of a database with these tables, in the words of SQLite, in a schema of its own.
async fn builder(schema: &str, sql: &[&str]) -> Option<PostgresBuilder> {
    let config = config(schema).await?;
    let db = PostgresBuilder::from(config.clone()).connections(1).build().unwrap();
    execute(&db, &translated(sql)).await;
    Some(PostgresBuilder::from(config))
}

/// A database with these tables, in the words of SQLite, in a schema of its own.
async fn database(schema: &str, sql: &[&str]) -> Option<Postgres> {
    Some(builder(schema, sql).await?.build().unwrap())
}

/// SQL in the words of SQLite in those of PostgreSQL.
fn translated(sql: &[&str]) -> String {
    sql.join("\n").replace("INTEGER", "BIGINT").replace("WITHOUT ROWID", "").replace("BLOB", "UUID")
}

async fn execute(db: &Postgres, sql: &str) {
    db.client().await.unwrap().batch_execute(sql).await.unwrap();
}

fn sent(log: &StatementLog) -> usize {
    log.statements().len()
}

/// Polls a future so often at most, each time that it wakes: what it gives if it is done by then.
struct Polls<F> {
    left: usize,
    future: Option<Pin<Box<F>>>,
}

impl<F: Future> Polls<F> {
    fn new(polls: usize, future: F) -> Self {
        Self { left: polls, future: Some(Box::pin(future)) }
    }
}

impl<F: Future> Future for Polls<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<F::Output>> {
        let is_polled = self.left > 0;
        let future = self.future.as_mut().filter(|_| is_polled);
        let polled = future.map_or(Poll::Pending, |future| future.as_mut().poll(context));
        self.left = self.left.saturating_sub(1);
        match polled {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if self.left > 0 => Poll::Pending,
            Poll::Pending => {
                self.future = None;
                Poll::Ready(None)
            }
        }
    }
}
