//! What holds on every source. The same files are tests of each: here of the embedded one, beside of those on servers.

mod orders;
mod windows;
