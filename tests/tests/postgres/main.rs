//! What is PostgreSQL's own: its types, texts, plans, transactions and connections. The behaviours that all sources share
//! are tested in `behaviour`. Needs a server, whose URL is in `RELATIONS_TEST_POSTGRES_URL`.

mod reads;
mod types;

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
    execute(&db, &sql.join("\n").replace("INTEGER", "BIGINT").replace("WITHOUT ROWID", "").replace("BLOB", "UUID")).await;
    Some(PostgresBuilder::from(config))
}

/// A database with these tables, in the words of SQLite, in a schema of its own.
async fn database(schema: &str, sql: &[&str]) -> Option<Postgres> {
    Some(builder(schema, sql).await?.build().unwrap())
}

async fn execute(db: &Postgres, sql: &str) {
    db.client().await.unwrap().batch_execute(sql).await.unwrap();
}

fn sent(log: &StatementLog) -> usize {
    log.statements().len()
}
