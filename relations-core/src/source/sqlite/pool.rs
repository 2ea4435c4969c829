//! The pool: a few connections, each with a thread of its own that is started when it is first needed.
//! Whatever holds a connection, a lease or a turn in a transaction, crosses to that thread with the work.

use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::fault;
use super::session::{Connection as Driver, Session};
use crate::error::{Error, ErrorKind, Fault, Result};
use crate::log::{Recorders, lock};

/// Opens one more connection.
pub(super) type Open = Box<dyn Fn() -> Result<Connection> + Send + Sync>;

pub(super) struct Pool {
    open: Open,
    keys_per_statement: usize,
    #[expect(clippy::vec_box, reason = "a connection is handed over at every load, twice")]
    idle: Mutex<Vec<Box<Connected>>>,
    permits: Arc<Semaphore>,
    // SQLite has one writer at a time. Transactions wait here for one another, where they keep no connection waiting.
    writer: Arc<Semaphore>,
    pub(super) recorders: Arc<Recorders>,
    threads: AtomicUsize,
}

/// A connection at rest, with its thread if one was started.
struct Connected {
    session: Session,
    thread: Option<mpsc::Sender<Job>>,
}

/// A connection on loan; dropping it gives it back.
pub(super) struct Lease {
    // Taken only when the lease ends.
    connected: Option<Box<Connected>>,
    pool: Arc<Pool>,
    _permit: OwnedSemaphorePermit,
    _writer: Option<OwnedSemaphorePermit>,
}

/// Work on a connection's thread. It owns what holds the connection.
type Job = Box<dyn FnOnce() + Send>;

/// What holds a connection while work is done with it. Dropping it lets go of the connection.
pub(super) trait Hold: Send + 'static {
    /// The lease.
    fn lease(&mut self) -> Result<&mut Lease>;

    /// The session that plans run in.
    fn session(&self) -> Result<&Session>;
}

thread_local! {
    /// The pool whose connection the running closure was lent, by address.
    static LENT: Cell<usize> = const { Cell::new(0) };
}

/// Notes that this thread holds a connection, for as long as it lives.
struct Lent {
    before: usize,
}

impl Lent {
    fn to_this_thread(pool: &Arc<Pool>) -> Self {
        Self { before: LENT.replace(Arc::as_ptr(pool).addr()) }
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        LENT.set(self.before);
    }
}

impl Pool {
    /// A pool whose first connection is open: a file that cannot be read is noticed now.
    pub(super) fn new(open: Open, connections: usize, keys_per_statement: usize) -> Result<Arc<Self>> {
        let pool = Self {
            open,
            keys_per_statement,
            idle: Mutex::default(),
            permits: Arc::new(Semaphore::new(connections)),
            writer: Arc::new(Semaphore::new(1)),
            recorders: Arc::default(),
            threads: AtomicUsize::new(0),
        };
        let first = pool.connect()?;
        lock(&pool.idle).push(first);
        Ok(Arc::new(pool))
    }

    fn connect(&self) -> Result<Box<Connected>> {
        let session = Session::new(Driver::new((self.open)()?), Arc::clone(&self.recorders), self.keys_per_statement);
        Ok(Box::new(Connected { session, thread: None }))
    }

    /// Waits for a connection.
    pub(super) async fn lease(self: &Arc<Self>) -> Result<Lease> {
        self.connected(None).await
    }

    /// Waits for a connection to write with, which only one has at a time.
    pub(super) async fn lease_to_write(self: &Arc<Self>) -> Result<Lease> {
        let writer = self.permit(&self.writer).await?;
        self.connected(Some(writer)).await
    }

    async fn connected(self: &Arc<Self>, writer: Option<OwnedSemaphorePermit>) -> Result<Lease> {
        let permit = self.permit(&self.permits).await?;
        let idle = lock(&self.idle).pop();
        let connected = match idle {
            Some(connected) => connected,
            None => self.connect()?,
        };
        Ok(Lease { connected: Some(connected), pool: Arc::clone(self), _permit: permit, _writer: writer })
    }

    async fn permit(self: &Arc<Self>, permits: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit> {
        match Arc::clone(permits).try_acquire_owned() {
            Ok(permit) => Ok(permit),
            Err(_) if self.is_lent_here() => Err(ErrorKind::Reentrant.into()),
            Err(_) => Arc::clone(permits).acquire_owned().await.map_err(|_| closed()),
        }
    }

    /// Whether a closure that was lent a connection runs on this thread: to wait here might be to wait for itself.
    pub(super) fn is_lent_here(self: &Arc<Self>) -> bool {
        LENT.get() == Arc::as_ptr(self).addr()
    }
}

/// Does the work on the connection's thread, and lets go of the connection before the outcome is delivered. Dropping the
/// future abandons work that has not begun; what has begun is finished.
pub(super) async fn on_thread<H: Hold, T: Send + 'static>(
    mut held: H,
    work: impl FnOnce(&mut H) -> Result<T> + Send + 'static,
) -> Result<T> {
    let (sender, receiver) = oneshot::channel();
    let thread = held.lease()?.thread()?;
    let job: Job = Box::new(move || {
        // In this order, so that if the work panics, too, the connection is let go of first.
        let sender = sender;
        let mut held = held;
        if sender.is_closed() {
            return;
        }
        let outcome = work(&mut held);
        drop(held);
        drop(sender.send(outcome));
    });
    thread.send(job).map_err(|_| closed())?;
    receiver.await.map_err(|_| closed())?
}

impl Hold for Lease {
    fn lease(&mut self) -> Result<&mut Lease> {
        Ok(self)
    }

    fn session(&self) -> Result<&Session> {
        self.connected.as_ref().map(|connected| &connected.session).ok_or_else(closed)
    }
}

impl Lease {
    /// Lends the connection to a closure of the user's, on this thread.
    pub(super) fn lend<T>(&self, job: impl FnOnce(&mut Connection) -> T) -> Result<T> {
        let mut connection = lock(self.session()?.connection());
        let _lent = Lent::to_this_thread(&self.pool);
        Ok(job(&mut connection))
    }

    /// Fails if a transaction was left open, which is rolled back.
    pub(super) fn refuse_open_transaction(&self) -> Result<()> {
        let connection = lock(self.session()?.connection());
        if connection.is_autocommit() {
            return Ok(());
        }
        let rolled_back = connection.execute_batch("ROLLBACK");
        rolled_back.map_err(|error| fault::connection("rolling back a transaction that was left open", &error))?;
        Err(ErrorKind::Connection {
            action: "taking back a connection".to_owned(),
            fault: Fault::Other,
            reason: "a transaction was left open and has been rolled back; commit it before the closure ends, \
                     or use `begin`"
                .to_owned(),
        }
        .into())
    }

    /// The connection's thread, started if need be.
    fn thread(&mut self) -> Result<mpsc::Sender<Job>> {
        let connected = self.connected.as_mut().ok_or_else(closed)?;
        if let Some(thread) = &connected.thread {
            return Ok(thread.clone());
        }
        let (sender, receiver) = mpsc::channel::<Job>();
        let number = self.pool.threads.fetch_add(1, Ordering::Relaxed);
        let started = thread::Builder::new().name(format!("relations-sqlite-{number}")).spawn(move || {
            for job in receiver {
                job();
            }
        });
        started.map_err(|error| ErrorKind::Connection {
            action: "starting a thread for a connection".to_owned(),
            fault: Fault::Other,
            reason: error.to_string(),
        })?;
        connected.thread = Some(sender.clone());
        Ok(sender)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(mut connected) = self.connected.take() else { return };
        // A panic in the user's code on the connection's thread ends the thread; the next use starts another.
        if thread::panicking() {
            connected.thread = None;
        }
        let clean = {
            let connection = lock(connected.session.connection());
            connection.is_autocommit() || connection.execute_batch("ROLLBACK").is_ok()
        };
        // A connection that is stuck in a transaction is closed instead.
        if clean {
            lock(&self.pool.idle).push(connected);
        }
    }
}

fn closed() -> Error {
    ErrorKind::Closed.into()
}
