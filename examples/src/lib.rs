//! Example programs, in `examples/`.
