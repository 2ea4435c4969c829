//! PostgreSQL: each test has a schema of its own.

use std::sync::atomic::{AtomicU32, Ordering};

use relations_core::{Postgres, PostgresBuilder, StatementLog};
use tokio_postgres::Config;

use super::words;
use crate::{Limits, TestSource};

/// The server that the environment names.
fn server() -> Config {
    let url = std::env::var("RELATIONS_TEST_POSTGRES_URL").expect("RELATIONS_TEST_POSTGRES_URL");
    url.parse().expect("a URL of PostgreSQL in RELATIONS_TEST_POSTGRES_URL")
}

/// Lets the keys that the database gives come after those that were given by hand, as SQLite does.
pub(super) const NEXT_KEYS: &str = "
    DO $$ DECLARE held record; BEGIN
        FOR held IN SELECT table_name, column_name FROM information_schema.columns
                    WHERE table_schema = current_schema AND is_identity = 'YES' LOOP
            EXECUTE format('SELECT setval(pg_get_serial_sequence(%L, %L), coalesce(max(%I), 0) + 1, false) FROM %I',
                           held.table_name, held.column_name, held.column_name, held.table_name);
        END LOOP;
    END $$";

impl TestSource for Postgres {
    const ONE_CASE_IN: u32 = 8;

    async fn open(limits: Limits) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let schema = format!("behaviour_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let mut config = server();
        config.options(format!("-c search_path={schema} -c client_min_messages=warning"));
        let mut builder = PostgresBuilder::from(config).connections(2);
        if let Some(owners) = limits.batch {
            builder = builder.batch_limit(owners);
        }
        if let Some(keys) = limits.keys {
            builder = builder.keys_per_statement(keys);
        }
        let db = builder.build().expect("a pool of connections to PostgreSQL");
        db.run_sql(&format!("CREATE SCHEMA {schema}")).await;
        db
    }

    async fn run_sql(&self, sql: &str) {
        let client = self.client().await.expect("a connection to PostgreSQL");
        client.batch_execute(&words::postgres(sql)).await.expect("the test's own SQL");
        client.batch_execute(NEXT_KEYS).await.expect("keys that come after those that were given");
    }

    fn log(&self) -> StatementLog {
        self.record()
    }
}
