//! A session on PostgreSQL: one connection with its prepared statements.

use std::pin::pin;
use std::sync::Arc;

use deadpool_postgres::ClientWrapper;
use futures_util::TryStreamExt;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Error as PostgresError, Row, RowStream};

use super::lease::Lease;
use super::value::{Argument, TokioPostgres};
use crate::error::Result;
use crate::join::both;
use crate::source::sql::{Dialect, Driver, Failure, SqlSession};
use crate::source::{Plan, Reader};

/// One connection to a PostgreSQL database, as plans see it.
pub type Session = SqlSession<Connection>;

/// A connection by tokio-postgres.
pub struct Connection(pub(super) Lease);

/// The most statements that a connection keeps prepared. Those of relations are few; those with filters may be many.
const PREPARED: usize = 512;

impl Driver for Connection {
    type Backend = TokioPostgres;

    const DIALECT: Dialect = Dialect::POSTGRES;

    async fn send(
        &self,
        sql: &Arc<str>,
        arguments: Vec<Argument>,
        visit: impl FnMut(&Row) -> Result<()> + Send,
    ) -> Result<(), Failure> {
        self.0.sent();
        // Boxed: a tree is one future, of which each edge would hold the whole of a statement's.
        let outcome = Box::pin(self.visit_rows(sql, arguments, visit)).await;
        if !matches!(outcome, Err(Failure::Row(_))) {
            self.0.read();
        }
        outcome
    }
}

impl Connection {
    async fn visit_rows(
        &self,
        sql: &str,
        arguments: Vec<Argument>,
        mut visit: impl FnMut(&Row) -> Result<()> + Send,
    ) -> Result<(), Failure> {
        let client = self.0.client()?;
        let refused = |error: PostgresError| {
            self.0.note(&error);
            Failure::from(error)
        };
        let rows = match query(client, sql, &arguments).await {
            Err(error) if is_stale(&error) => {
                client.statement_cache.remove(sql, &[]);
                // A failed statement is the end of a transaction.
                if self.0.in_transaction() { Err(error) } else { query(client, sql, &arguments).await }
            }
            outcome => outcome,
        };
        let mut rows = pin!(rows.map_err(refused)?);
        while let Some(row) = rows.try_next().await.map_err(refused)? {
            visit(&row)?;
        }
        Ok(())
    }
}

async fn query(client: &ClientWrapper, sql: &str, arguments: &[Argument]) -> Result<RowStream, PostgresError> {
    let statement = client.prepare_cached(sql).await?;
    if client.statement_cache.size() > PREPARED {
        client.statement_cache.clear();
    }
    client.query_raw(&statement, arguments.iter().map(|argument| &**argument as &(dyn ToSql + Sync))).await
}

/// Whether the server has forgotten a prepared statement, or a column has another type since it was prepared.
fn is_stale(error: &PostgresError) -> bool {
    match error.as_db_error() {
        Some(said) if *said.code() == SqlState::FEATURE_NOT_SUPPORTED => {
            said.routine() == Some("RevalidateCachedQuery")
        }
        said => said.is_some_and(|said| *said.code() == SqlState::INVALID_SQL_STATEMENT_NAME),
    }
}

/// Runs a plan in one snapshot, which begins with its first statement.
pub(super) async fn in_snapshot<P: Plan<Session>>(
    session: &Session,
    plan: P,
    action: impl FnOnce() -> String + Send,
) -> Result<P::Output> {
    let lease = &session.driver.0;
    let begin = lease.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", action);
    // Together, as the statements need not wait for the answer.
    let ((), output) = both(begin, Box::pin(plan.run(Reader::new(session).pipelined()))).await?;
    lease.end_read()?;
    Ok(output)
}
