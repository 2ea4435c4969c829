//! A proxy before the server: it counts what is asked, holds back answers, and cuts connections.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio_postgres::Config;
use tokio_postgres::config::Host;

#[derive(Default)]
struct State {
    /// Answers pass once so many statements have been asked.
    awaited: AtomicUsize,
    asked: AtomicUsize,
    cut: AtomicBool,
    changed: Notify,
}

pub struct Proxy(Arc<State>);

impl Proxy {
    /// A proxy before the server of this configuration, and the configuration of its own.
    pub async fn before(config: &Config) -> (Self, Config) {
        let (Host::Tcp(host), port) = (&config.get_hosts()[0], config.get_ports()[0]) else {
            panic!("a server by TCP")
        };
        let server = (host.clone(), port);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut through = Config::new();
        through.host("127.0.0.1").port(listener.local_addr().unwrap().port()).user(config.get_user().unwrap());
        through.dbname(config.get_dbname().unwrap()).options(config.get_options().unwrap());
        if let Some(password) = config.get_password() {
            through.password(password);
        }
        let state = Arc::<State>::default();
        let accepting = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if accepting.cut.load(Ordering::SeqCst) {
                    continue;
                }
                let server = TcpStream::connect((&*server.0, server.1)).await.unwrap();
                let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
                tokio::spawn(ask(from_client, to_server, Arc::clone(&accepting)));
                tokio::spawn(answer(from_server, to_client, Arc::clone(&accepting)));
            }
        });
        (Self(state), through)
    }

    /// Holds answers back until so many statements have been asked; fails if they are not.
    pub async fn hold_until_asked<T>(&self, statements: usize, work: impl Future<Output = T>) -> T {
        self.0.asked.store(0, Ordering::SeqCst);
        self.0.awaited.store(statements, Ordering::SeqCst);
        let done = tokio::time::timeout(Duration::from_secs(10), work).await;
        self.0.awaited.store(0, Ordering::SeqCst);
        self.0.changed.notify_waiters();
        done.unwrap_or_else(|_| panic!("{} of {statements} statements were sent together", self.asked()))
    }

    /// The statements since answers were last held back.
    pub fn asked(&self) -> usize {
        self.0.asked.load(Ordering::SeqCst)
    }

    /// Cuts all connections, and lets no new ones in.
    pub fn cut(&self) {
        self.0.cut.store(true, Ordering::SeqCst);
        self.0.changed.notify_waiters();
    }

    /// Lets connections in again.
    pub fn mend(&self) {
        self.0.cut.store(false, Ordering::SeqCst);
    }
}

/// Waits until connections are cut.
async fn is_cut(state: &State) {
    loop {
        let changed = state.changed.notified();
        if state.cut.load(Ordering::SeqCst) {
            return;
        }
        changed.await;
    }
}

async fn ask(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, state: Arc<State>) {
    let (mut buffer, mut pending, mut is_greeted) = (vec![0; 65_536], Vec::new(), false);
    loop {
        let read = tokio::select! {
            () = is_cut(&state) => return,
            read = from.read(&mut buffer) => read.unwrap_or(0),
        };
        if read == 0 {
            return;
        }
        pending.extend_from_slice(&buffer[..read]);
        // The first message has a length and no kind.
        while let Some(length) = pending.get(usize::from(is_greeted)..).and_then(|rest| rest.first_chunk::<4>()) {
            let length = u32::from_be_bytes(*length) as usize + usize::from(is_greeted);
            if pending.len() < length {
                break;
            }
            // To bind values is to ask.
            if is_greeted && pending[0] == b'B' {
                state.asked.fetch_add(1, Ordering::SeqCst);
                state.changed.notify_waiters();
            }
            is_greeted = true;
            pending.drain(..length);
        }
        if to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}

async fn answer(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, state: Arc<State>) {
    let mut buffer = vec![0; 65_536];
    loop {
        let read = tokio::select! {
            () = is_cut(&state) => return,
            read = from.read(&mut buffer) => read.unwrap_or(0),
        };
        loop {
            let changed = state.changed.notified();
            if state.asked.load(Ordering::SeqCst) >= state.awaited.load(Ordering::SeqCst) {
                break;
            }
            changed.await;
        }
        if read == 0 || to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}
