//! What the fence synchronises by. It stands apart so that a model checker can take its place.

pub(super) use std::sync::atomic::{AtomicU64, Ordering};
pub(super) use std::sync::{Arc, Mutex};

pub(super) use crate::log::lock;
