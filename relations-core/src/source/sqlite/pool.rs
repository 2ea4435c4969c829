//! The pool: a few connections, each with a thread of its own that is started when it is first needed.

use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::fault;
use super::session::Session;
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
    pub(super) recorders: Arc<Recorders>,
    threads: AtomicUsize,
}

/// A connection at rest, with its thread if one was started.
struct Connected {
    session: Session,
    thread: Option<mpsc::Sender<Work>>,
}

/// A connection on loan; dropping it gives it back.
pub(super) struct Lease {
    // Taken only when the lease ends.
    connected: Option<Box<Connected>>,
    pool: Arc<Pool>,
    _permit: OwnedSemaphorePermit,
}

struct Work {
    lease: Lease,
    job: Job,
}

/// Works with a lease, and returns how to deliver the outcome once the connection is back.
type Job = Box<dyn FnOnce(&Lease) -> Delivery + Send>;
type Delivery = Box<dyn FnOnce() + Send>;

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
            recorders: Arc::default(),
            threads: AtomicUsize::new(0),
        };
        let first = pool.connect()?;
        lock(&pool.idle).push(first);
        Ok(Arc::new(pool))
    }

    fn connect(&self) -> Result<Box<Connected>> {
        let session = Session::new((self.open)()?, Arc::clone(&self.recorders), self.keys_per_statement);
        Ok(Box::new(Connected { session, thread: None }))
    }

    /// Waits for a connection.
    pub(super) async fn lease(self: &Arc<Self>) -> Result<Lease> {
        let permits = Arc::clone(&self.permits);
        let permit = match Arc::clone(&permits).try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) if LENT.get() == Arc::as_ptr(self).addr() => return Err(ErrorKind::Reentrant.into()),
            Err(_) => permits.acquire_owned().await.map_err(|_| closed())?,
        };
        let idle = lock(&self.idle).pop();
        let connected = match idle {
            Some(connected) => connected,
            None => self.connect()?,
        };
        Ok(Lease { connected: Some(connected), pool: Arc::clone(self), _permit: permit })
    }
}

impl Lease {
    pub(super) fn session(&self) -> Result<&Session> {
        self.connected.as_ref().map(|connected| &connected.session).ok_or_else(closed)
    }

    /// Lends the connection to a closure of the user's, on this thread.
    pub(super) fn lend<T>(&self, job: impl FnOnce(&mut Connection) -> T) -> Result<T> {
        let mut connection = lock(self.session()?.connection());
        let output = {
            let _lent = Lent::to_this_thread(&self.pool);
            job(&mut connection)
        };
        if connection.is_autocommit() {
            return Ok(output);
        }
        let rolled_back = connection.execute_batch("ROLLBACK");
        rolled_back.map_err(|error| fault::connection("rolling back a transaction that was left open", &error))?;
        Err(ErrorKind::Connection {
            action: "taking back a connection".to_owned(),
            fault: Fault::Other,
            reason: "a transaction was left open and has been rolled back; commit it before the closure ends"
                .to_owned(),
        }
        .into())
    }

    /// Does the work on the connection's thread. Dropping the future abandons work that has not begun.
    pub(super) async fn on_thread<T: Send + 'static>(
        mut self,
        work: impl FnOnce(&Lease) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (sender, receiver) = oneshot::channel();
        let job: Job = Box::new(move |lease| {
            if sender.is_closed() {
                return Box::new(|| ());
            }
            let outcome = work(lease);
            Box::new(move || drop(sender.send(outcome)))
        });
        let thread = self.thread()?;
        thread.send(Work { lease: self, job }).map_err(|_| closed())?;
        receiver.await.map_err(|_| closed())?
    }

    /// The connection's thread, started if need be.
    fn thread(&mut self) -> Result<mpsc::Sender<Work>> {
        let connected = self.connected.as_mut().ok_or_else(closed)?;
        if let Some(thread) = &connected.thread {
            return Ok(thread.clone());
        }
        let (sender, receiver) = mpsc::channel::<Work>();
        let number = self.pool.threads.fetch_add(1, Ordering::Relaxed);
        let started = thread::Builder::new().name(format!("relations-sqlite-{number}")).spawn(move || {
            for Work { lease, job } in receiver {
                let deliver = job(&lease);
                drop(lease);
                deliver();
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
