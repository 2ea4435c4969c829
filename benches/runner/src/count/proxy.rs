//! Stands between a contender and its PostgreSQL server, passes everything on, and counts.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use url::Url;

use super::protocol::{Counted, Messages, Session};
use crate::Result;

/// A proxy, which accepts connections until the runner ends.
pub struct Proxy {
    url: Url,
    counted: Arc<Mutex<Counted>>,
}

/// What a client may ask before it starts: to encrypt, in one of two ways.
const ENCRYPT: [u32; 2] = [80_877_103, 80_877_104];

impl Proxy {
    /// Starts to listen, for the server of this URL.
    ///
    /// # Errors
    /// When the URL names no server that is reached by TCP, or nothing can be listened to.
    pub fn start(url: &Url) -> Result<Self> {
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or("the URL names no host")?;
        let server = (host.to_owned(), url.port().unwrap_or(5432));
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let mut own = url.clone();
        own.set_host(Some("127.0.0.1"))?;
        own.set_port(Some(listener.local_addr()?.port())).map_err(|()| "the URL cannot have a port")?;
        let counted = Arc::<Mutex<Counted>>::default();
        let count = Arc::clone(&counted);
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(std::io::Result::ok) {
                let (server, counted) = (server.clone(), Arc::clone(&count));
                std::thread::spawn(move || {
                    if let Err(error) = connect(client, &server, counted) {
                        eprintln!("between a contender and the server: {error}");
                    }
                });
            }
        });
        Ok(Self { url: own, counted })
    }

    /// Where to connect to.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// What was counted so far.
    pub fn counted(&self) -> Counted {
        lock(&self.counted).clone()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Passes one connection on.
fn connect(mut client: TcpStream, server: &(String, u16), counted: Arc<Mutex<Counted>>) -> Result<()> {
    let mut server = TcpStream::connect(server)?;
    for stream in [&client, &server] {
        stream.set_nodelay(true)?;
    }
    let start = startup(&mut client)?;
    server.write_all(&start)?;
    let session = Arc::<Mutex<Session>>::default();
    let (mut answers, mut back) = (server.try_clone()?, client.try_clone()?);
    let answered = Arc::clone(&session);
    std::thread::spawn(move || pass(&mut answers, &mut back, |kind, _| lock(&answered).answered(kind)));
    pass(&mut client, &mut server, |kind, body| lock(&session).asked(kind, body, &mut lock(&counted)));
    Ok(())
}

/// The first message, which has no kind. It is asked for without encryption.
fn startup(client: &mut TcpStream) -> Result<Vec<u8>> {
    loop {
        let mut length = [0; 4];
        client.read_exact(&mut length)?;
        let rest = u32::from_be_bytes(length).saturating_sub(4);
        let mut message = length.to_vec();
        client.take(u64::from(rest)).read_to_end(&mut message)?;
        match message.get(4..8).and_then(|code| <[u8; 4]>::try_from(code).ok()).map(u32::from_be_bytes) {
            Some(code) if message.len() == 8 && ENCRYPT.contains(&code) => client.write_all(b"N")?,
            _ => return Ok(message),
        }
    }
}

/// Passes bytes on until one side ends; messages are counted before they are passed on.
fn pass(from: &mut TcpStream, to: &mut TcpStream, mut count: impl FnMut(u8, &[u8])) {
    let (mut messages, mut piece) = (Messages::default(), [0; 65_536]);
    while let Ok(length @ 1..) = from.read(&mut piece) {
        messages.feed(&piece[..length], &mut count);
        if to.write_all(&piece[..length]).is_err() {
            break;
        }
    }
    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}
