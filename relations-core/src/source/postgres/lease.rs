//! A connection on loan from the pool. It goes back when it is idle and outside of any transaction, however its use ended.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Waker};

use deadpool_postgres::{Client, ClientWrapper};
use tokio::runtime::Handle;
use tokio_postgres::Error as PostgresError;

use super::fault;
use crate::error::{ErrorKind, Fault, Result};

/// A connection on loan; dropping it gives it back.
pub(super) struct Lease {
    // Taken only when the lease ends.
    client: Option<Client>,
    /// The statements whose answers have not been read to their end.
    unread: AtomicUsize,
    in_transaction: AtomicBool,
    lost: AtomicBool,
}

/// A connection that is closed, unless it is given back.
struct Closing(Option<Client>);

impl Lease {
    pub(super) fn new(client: Client) -> Self {
        Self {
            client: Some(client),
            unread: AtomicUsize::new(0),
            in_transaction: AtomicBool::new(false),
            lost: AtomicBool::new(false),
        }
    }

    pub(super) fn client(&self) -> Result<&ClientWrapper> {
        self.client.as_deref().ok_or_else(|| ErrorKind::Closed.into())
    }

    pub(super) fn in_transaction(&self) -> bool {
        self.in_transaction.load(Ordering::Relaxed)
    }

    /// Begins a transaction. What is sent after the first poll of this future is within it.
    pub(super) async fn begin(&self, sql: &str, action: impl FnOnce() -> String + Send) -> Result<()> {
        let client = self.client()?;
        self.in_transaction.store(true, Ordering::Relaxed);
        client.batch_execute(sql).await.map_err(|error| {
            self.note(&error);
            fault::connection(action(), &error)
        })
    }

    /// Notes that there is no transaction any more.
    pub(super) fn ended(&self) {
        self.in_transaction.store(false, Ordering::Relaxed);
    }

    /// Ends a transaction that has only read, and so cannot lose anything: without waiting for the answer.
    pub(super) fn end_read(&self) -> Result<()> {
        // A request is sent when its future is first polled.
        let commit = pin!(self.client()?.batch_execute("COMMIT"));
        let _ = commit.poll(&mut Context::from_waker(Waker::noop()));
        self.ended();
        Ok(())
    }

    /// Notes that a statement is sent. If its answer is not read to the end, the connection has yet to receive it when the
    /// lease ends.
    pub(super) fn sent(&self) {
        self.unread.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes that the answer to a statement has been read.
    pub(super) fn read(&self) {
        self.unread.fetch_sub(1, Ordering::Relaxed);
    }

    /// Notes a failure: a connection that is lost does not go back.
    pub(super) fn note(&self, error: &PostgresError) {
        if fault::fault(error) == Fault::Disconnected {
            self.lost.store(true, Ordering::Relaxed);
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let mut closing = Closing(self.client.take());
        if *self.lost.get_mut() {
            return;
        }
        let is_idle = *self.unread.get_mut() == 0;
        let last = match (*self.in_transaction.get_mut(), is_idle) {
            (true, _) => "ROLLBACK",
            (false, false) => "",
            (false, true) => return closing.give_back(),
        };
        // The server does what it was asked to its end, and answers in order.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move {
                if let Some(client) = &closing.0
                    && client.batch_execute(last).await.is_ok()
                {
                    closing.give_back();
                }
            });
        }
    }
}

impl Closing {
    fn give_back(&mut self) {
        drop(self.0.take());
    }
}

impl Drop for Closing {
    fn drop(&mut self) {
        if let Some(client) = self.0.take() {
            drop(Client::take(client));
        }
    }
}
