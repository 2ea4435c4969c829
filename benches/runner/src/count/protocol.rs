//! The messages of PostgreSQL's protocol, as far as they are counted: one byte of kind, four of length, and the rest.

use std::collections::HashMap;

/// What was seen between a contender and its server, over all connections.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counted {
    /// Statements that were executed.
    pub statements: u64,
    /// How often something was sent while no answer was on its way.
    pub round_trips: u64,
    /// How often each text was executed.
    pub texts: HashMap<String, u64>,
}

/// The statements of one connection.
#[derive(Debug, Default)]
pub struct Session {
    /// The texts of prepared statements, by name.
    prepared: HashMap<Vec<u8>, String>,
    /// The texts of portals, by name.
    portals: HashMap<Vec<u8>, String>,
    /// Answers that the server owes.
    owed: u64,
}

impl Session {
    /// A message of the client.
    pub fn asked(&mut self, kind: u8, body: &[u8], counted: &mut Counted) {
        match kind {
            b'P' => {
                let (name, rest) = word(body);
                let (text, _) = word(rest);
                self.prepared.insert(name.to_vec(), String::from_utf8_lossy(text).into_owned());
            }
            b'B' => {
                let (portal, rest) = word(body);
                let (name, _) = word(rest);
                let text = self.prepared.get(name).cloned().unwrap_or_default();
                self.portals.insert(portal.to_vec(), text);
            }
            b'E' => {
                let text = self.portals.get(word(body).0).cloned().unwrap_or_default();
                executed(text, counted);
            }
            b'Q' => {
                executed(String::from_utf8_lossy(word(body).0).into_owned(), counted);
                self.waits(counted);
            }
            b'S' => self.waits(counted),
            _ => {}
        }
    }

    /// A message of the server.
    pub fn answered(&mut self, kind: u8) {
        if kind == b'Z' {
            self.owed = self.owed.saturating_sub(1);
        }
    }

    fn waits(&mut self, counted: &mut Counted) {
        // What is sent before the last answer has come travels with what was sent before it.
        counted.round_trips += u64::from(self.owed == 0);
        self.owed += 1;
    }
}

fn executed(text: String, counted: &mut Counted) {
    counted.statements += 1;
    *counted.texts.entry(text).or_default() += 1;
}

impl Counted {
    /// How many different texts were executed since then.
    pub fn texts_since(&self, before: &Self) -> usize {
        self.texts.iter().filter(|(text, times)| before.texts.get(*text) != Some(*times)).count()
    }
}

/// A text that ends with a zero, and what comes after it.
fn word(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    (&bytes[..end], bytes.get(end + 1..).unwrap_or_default())
}

/// Messages out of bytes that come in pieces of any size.
#[derive(Debug, Default)]
pub struct Messages {
    bytes: Vec<u8>,
}

impl Messages {
    /// Adds a piece, and takes each message that is whole.
    pub fn feed(&mut self, piece: &[u8], mut take: impl FnMut(u8, &[u8])) {
        self.bytes.extend_from_slice(piece);
        let mut start = 0;
        while let Some(&[kind, a, b, c, d]) = self.bytes.get(start..start + 5) {
            // The length counts itself, and not the kind.
            let end = start + 1 + (u32::from_be_bytes([a, b, c, d]) as usize).max(4);
            let Some(body) = self.bytes.get(start + 5..end) else { break };
            take(kind, body);
            start = end;
        }
        self.bytes.drain(..start);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: u8, body: &[u8]) -> Vec<u8> {
        let length = (body.len() as u32 + 4).to_be_bytes();
        [&[kind], length.as_slice(), body].concat()
    }

    fn ask(session: &mut Session, counted: &mut Counted, messages: &[(u8, &[u8])]) {
        messages.iter().for_each(|(kind, body)| session.asked(*kind, body, counted));
    }

    #[test]
    fn messages_are_found_in_pieces_of_any_size() {
        let bytes = [message(b'P', b"s1\0SELECT 1\0\0\0"), message(b'S', b""), message(b'Q', b"SELECT 2\0")].concat();
        for size in 1..bytes.len() {
            let (mut messages, mut found) = (Messages::default(), Vec::new());
            for piece in bytes.chunks(size) {
                messages.feed(piece, |kind, body| found.push((kind, body.len())));
            }
            assert_eq!(found, [(b'P', 14), (b'S', 0), (b'Q', 9)]);
        }
    }

    #[test]
    fn a_statement_that_is_executed_twice_is_two_statements_and_one_text() {
        let (mut session, mut counted) = (Session::default(), Counted::default());
        ask(&mut session, &mut counted, &[(b'P', b"s1\0SELECT 1\0\0\0"), (b'S', b"")]);
        session.answered(b'Z');
        let before = counted.clone();
        for _ in 0..2 {
            ask(&mut session, &mut counted, &[(b'B', b"\0s1\0"), (b'E', b"\0\0\0\0\0"), (b'S', b"")]);
            session.answered(b'2');
            session.answered(b'Z');
        }
        assert_eq!((counted.statements, counted.round_trips, before.round_trips), (2, 3, 1));
        assert_eq!(counted.texts_since(&before), 1);
        assert_eq!(counted.texts["SELECT 1"], 2);
    }

    #[test]
    fn what_is_pipelined_is_one_round_trip() {
        let (mut session, mut counted) = (Session::default(), Counted::default());
        ask(&mut session, &mut counted, &[(b'Q', b"SELECT 1\0"), (b'Q', b"SELECT 2\0")]);
        session.answered(b'Z');
        session.answered(b'Z');
        ask(&mut session, &mut counted, &[(b'Q', b"SELECT 1\0")]);
        assert_eq!((counted.statements, counted.round_trips), (3, 2));
        assert_eq!(counted.texts_since(&Counted::default()), 2);
    }
}
