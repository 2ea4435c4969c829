//! The runtime that drivers of servers need. Without one they would panic.

use tokio::runtime::Handle;

use crate::error::{ErrorKind, Fault, Result};

/// Fails outside of a tokio runtime.
pub(super) fn check(action: impl FnOnce() -> String) -> Result<()> {
    if Handle::try_current().is_ok() {
        return Ok(());
    }
    let reason = "there is no tokio runtime here; read within one".to_owned();
    Err(ErrorKind::Connection { action: action(), fault: Fault::Other, reason }.into())
}
